/** Bytes and their text forms: one byte string, one text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  base64UrlToBytes,
  bytesToBase64Url,
  bytesToHex,
  bytesToUtf8,
  compareBytes,
  concatBytes,
  equalBytes,
  hexToBytes,
  utf8ToBytes
} from '../../../src/lib/base/bytes.ts';

const anyBytes = fc.uint8Array({ maxLength: 200 });

describe('base64url', () => {
  test.each([
    ['', ''],
    ['66', 'Zg'],
    ['666f', 'Zm8'],
    ['666f6f', 'Zm9v'],
    ['666f6f62', 'Zm9vYg'],
    ['666f6f6261', 'Zm9vYmE'],
    ['666f6f626172', 'Zm9vYmFy'],
    ['fbff', '-_8']
  ])('RFC 4648 §10 in the alphabet of §5: %s is %s', (hexText, text) => {
    const bytes = hexToBytes(hexText);
    expect(bytes && bytesToBase64Url(bytes)).toBe(text);
    expect(base64UrlToBytes(text)).toEqual(bytes);
  });

  test('decodes what it encoded, and agrees with the platform', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = bytesToBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(equalBytes(base64UrlToBytes(text) ?? new Uint8Array(1000), bytes)).toBe(true);
      })
    );
  });

  test('a text that decodes is exactly what the encoder makes', () => {
    const nearlyBase64 = fc.string({ unit: fc.constantFrom(...'AQgw_-zZ09+/= é'), maxLength: 12 });
    fc.assert(
      fc.property(nearlyBase64, (text) => {
        const bytes = base64UrlToBytes(text);
        expect(bytes === undefined || bytesToBase64Url(bytes) === text).toBe(true);
      })
    );
  });

  test.each(['A', 'AAAAA', 'Zg==', 'Zh', 'Zm9', 'Zm+v', 'Zm/v', ' Zm9v', 'Zm9v\n', 'Zmé', '\u0100AAA'])(
    'refuses %j',
    (text) => {
      expect(base64UrlToBytes(text)).toBeUndefined();
    }
  );
});

describe('hex', () => {
  test('decodes what it encoded', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(hexToBytes(bytesToHex(bytes))).toEqual(Uint8Array.from(bytes));
      })
    );
  });

  test.each(['a', 'AB', '0g', ' 00', '00\n', '0x00'])('refuses %j', (text) => {
    expect(hexToBytes(text)).toBeUndefined();
  });
});

describe('utf-8', () => {
  test('every well-formed text comes back unchanged, a byte order mark too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(bytesToUtf8(utf8ToBytes(text))).toBe(text);
      })
    );
    expect(bytesToUtf8(utf8ToBytes('\ufeffhello'))).toBe('\ufeffhello');
  });

  test.each(['c328', 'e28228', 'f08028', 'eda080', 'ff', 'c0af'])('refuses %s, which is not UTF-8', (text) => {
    expect(bytesToUtf8(hexToBytes(text) ?? new Uint8Array())).toBeUndefined();
  });
});

describe('order', () => {
  test('is a total order, shorter first on a shared prefix', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, anyBytes, (a, b, c) => {
        expect(Math.sign(compareBytes(a, b))).toBe(-Math.sign(compareBytes(b, a)) + 0);
        expect(compareBytes(a, b) === 0).toBe(equalBytes(a, b));
        const sorted = [a, b, c].sort(compareBytes);
        expect(compareBytes(sorted[0] ?? a, sorted[2] ?? a)).toBeLessThanOrEqual(0);
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(a, b)));
      })
    );
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0);
  });

  test('joining keeps every byte in order', () => {
    fc.assert(
      fc.property(fc.array(anyBytes), (parts) => {
        expect([...concatBytes(...parts)]).toEqual(parts.flatMap((part) => [...part]));
      })
    );
  });
});
