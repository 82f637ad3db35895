/** A check-in: what may be said, and what comes back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToId, type SaidId } from '../../../src/lib/base/ids.ts';
import { wordsLengthMax } from '../../../src/lib/base/limits.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { lastings } from '../../../src/lib/care/audience.ts';
import {
  checkCheckIn,
  checkInToBody,
  emptyCheckIn,
  helps,
  type CheckIn,
  type CheckInMark
} from '../../../src/lib/care/check-in.ts';
import { bodyToCheckIn } from '../../../src/lib/care/heard-check-in.ts';
import { readCheckInBody } from '../../../src/lib/records/bodies.ts';
import { fitsSchema } from '../../../src/lib/records/schema.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../../../src/lib/records/codec.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { newId } from './kitchen-table.ts';

const axis = fc.integer({ min: -100, max: 100 });
const checkIn: fc.Arbitrary<CheckIn> = fc.record({
  point: fc.option(fc.record({ pleasantness: axis, energy: axis })),
  feelings: fc.array(fc.string({ unit: 'grapheme', maxLength: 10 }), { maxLength: 2 }),
  words: fc.string({ unit: 'binary', maxLength: 200 }),
  help: fc.option(fc.constantFrom(...helps))
});

/** What a check-in keeps through its corrections: AN1. */
const mark: fc.Arbitrary<CheckInMark> = fc.record({
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => bytesToId<SaidId>(bytes)),
  lasting: fc.constantFrom(undefined, ...lastings),
  saidAtMs: fc.option(fc.nat())
});

describe('a check-in', () => {
  test('[AN1] comes back exactly as typed', () => {
    fc.assert(
      fc.property(checkIn, mark, (draft, { id, lasting, saidAtMs }) => {
        const body = checkInToBody(unwrap(checkCheckIn(draft)), { id, lasting, saidAtMs });
        const travelled = readCheckInBody(textMapToObject(decodeCbor(encodeCbor(body))));
        expect(travelled && bodyToCheckIn(travelled)).toEqual(draft);
        expect(travelled).toMatchObject({ id, ...(lasting === undefined ? {} : { lasting }) });
        expect(travelled?.said ?? null).toBe(saidAtMs);
        expect(fitsSchema(kinds.checkIn, body)).toBe(true);
      })
    );
  });

  test('is full without a point, a feeling, a word or a wish', () => {
    expect(checkCheckIn(emptyCheckIn)).toEqual({ ok: true, value: emptyCheckIn });
  });

  test('may be as long as the box, and no longer', () => {
    expect(checkCheckIn({ ...emptyCheckIn, words: 'x'.repeat(wordsLengthMax) }).ok).toBe(true);
    const tooLong = { ok: false, error: { type: 'WordsTooLong', lengthMax: wordsLengthMax } };
    expect(checkCheckIn({ ...emptyCheckIn, words: 'x'.repeat(wordsLengthMax + 1) })).toEqual(tooLong);
  });

  test.each([
    ['a point off the field', { point: { pleasantness: 101, energy: 0 } }],
    ['a point that is not whole', { point: { pleasantness: 0.5, energy: 0 } }],
    ['a point that is no number', { point: { pleasantness: 0, energy: Number.NaN } }],
    ['three feelings', { feelings: ['sad', 'glad', 'mad'] }],
    ['an endless feeling', { feelings: ['x'.repeat(41)] }]
  ])('is not one with %s', (_, changes) => {
    expect(checkCheckIn({ ...emptyCheckIn, ...changes })).toEqual({ ok: false, error: { type: 'NotACheckIn' } });
  });

  test('what a later version adds is left out, never refused', () => {
    const body = { id: newId(), feelings: ['a', 'b', 'c'], words: 'hi', help: 'sing-to-me', voice: 1 };
    expect(bodyToCheckIn(body)).toEqual({ ...emptyCheckIn, feelings: ['a', 'b'], words: 'hi' });
  });
});
