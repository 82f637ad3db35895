/** CBOR in one form only. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex } from '../../../src/lib/base/bytes.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../../../src/lib/records/codec.ts';
import { hex } from '../crypto/known-device.ts';

/** Values of every kind that a record may hold, as they come out of the decoder. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
    fc.array(tie('any'), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(fc.integer(), fc.string()), tie('any')), {
        maxLength: 5,
        selector: ([key]) => key
      })
      .map((entries) => new Map(entries))
  )
})).any;

describe('[EN6] deterministic CBOR', () => {
  test('what is encoded decodes to itself, and encodes to the same bytes', () => {
    fc.assert(
      fc.property(value, (original) => {
        const bytes = encodeCbor(original);
        const decoded = decodeCbor(bytes);
        expect(decoded).toEqual(original);
        expect(encodeCbor(decoded)).toEqual(bytes);
      }),
      { numRuns: 1000 }
    );
  });

  test('byte strings come back as plain byte arrays, in long items too', () => {
    const decoded = decodeCbor(encodeCbor([new Uint8Array(6), 'x'.repeat(200)])) as unknown[];
    expect((decoded[0] as Uint8Array).constructor).toBe(Uint8Array);
  });

  test('whatever bytes decode are exactly what the encoder makes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        const decoded = decodeCbor(bytes);
        expect(decoded === undefined || bytesToHex(encodeCbor(decoded)) === bytesToHex(bytes)).toBe(true);
      }),
      { numRuns: 2000 }
    );
  });

  test('the order of keys in memory makes no difference', () => {
    expect(encodeCbor({ b: 1, aa: 2, a: 3 })).toEqual(encodeCbor({ aa: 2, a: 3, b: 1 }));
    expect(bytesToHex(encodeCbor({ b: 1, aa: 2, a: 3 }))).toBe('a361610361620162616102');
  });

  test.each([
    ['an integer in more bytes than it needs', '1817'],
    ['a length in more bytes than it needs', '580101'],
    ['a float where an integer would do', 'f93c00'],
    ['a wide float where a narrow one would do', 'fb3fe0000000000000'],
    ['negative zero', 'f98000'],
    ['not a number', 'f97e00'],
    ['infinity', 'f97c00'],
    ['undefined', 'f7'],
    ['an indefinite length', '9f01ff'],
    ['keys out of order', 'a2616201616101'],
    ['a key twice', 'a2616101616102'],
    ['a tag', 'c101'],
    ['an integer beyond what is exact', '1b0020000000000000'],
    ['text that is not UTF-8', '62c328'],
    ['bytes after the end', '0000'],
    ['an end before its time', '8201'],
    ['nothing', '']
  ])('refuses %s', (_, text) => {
    expect(decodeCbor(hex(text))).toBeUndefined();
  });

  test('refuses nesting so deep that it could end the page', () => {
    expect(decodeCbor(new Uint8Array(16_000).fill(0x81))).toBeUndefined();
  });
});

describe('maps with text keys', () => {
  test('become objects that no key can pollute', () => {
    const object = textMapToObject(new Map([['__proto__', 1]]));
    expect(object && Object.getPrototypeOf(object)).toBeNull();
    expect(object && Object.keys(object)).toEqual(['__proto__']);
  });

  test.each([null, [], 'text', new Map([[1, 2]]), { a: 1 }])('%j is none', (decoded) => {
    expect(textMapToObject(decoded)).toBeUndefined();
  });
});
