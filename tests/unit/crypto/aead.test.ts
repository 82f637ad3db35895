/** AES-256-GCM as a sealed box. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { importAeadKey, open, seal } from '../../../src/lib/crypto/aead.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { hex } from './known-device.ts';

describe('a sealed box', () => {
  // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16: AES-256, with associated data.
  test('test case 16 of the GCM specification', async () => {
    const key = await importAeadKey(hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'));
    const nonce = hex('cafebabefacedbaddecaf888');
    const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const plaintext = hex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39'
    );
    const sealed =
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
      '76fc6ece0f4e1768cddf8853bb2d551b';
    const box = await seal(key, plaintext, aad, { bytes: () => nonce });
    expect(bytesToHex(box)).toBe(bytesToHex(nonce) + sealed);
    expect(await open(key, box, aad)).toEqual(plaintext);
  });

  test('opens with its key and its associated data, and with nothing else', async () => {
    const random = seededRandom(1);
    const [key, otherKey] = await Promise.all([importAeadKey(random.bytes(32)), importAeadKey(random.bytes(32))]);
    const [aad, otherAad] = [utf8ToBytes('this'), utf8ToBytes('that')];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(), async (bytes, where) => {
        const plaintext = Uint8Array.from(bytes);
        const box = await seal(key, plaintext, aad, random);
        expect(await open(key, box, aad)).toEqual(plaintext);
        expect(await open(otherKey, box, aad)).toBeUndefined();
        expect(await open(key, box, otherAad)).toBeUndefined();
        const altered = box.slice();
        const at = where % box.length;
        altered[at] = (altered[at] ?? 0) ^ 1;
        expect(await open(key, altered, aad)).toBeUndefined();
        expect(await open(key, concatBytes(box, Uint8Array.of(0)), aad)).toBeUndefined();
      }),
      { numRuns: 50 }
    );
  });

  test.each([0, 11, 12, 27])('%i bytes are no box', async (length) => {
    const key = await importAeadKey(new Uint8Array(32));
    expect(await open(key, new Uint8Array(length), new Uint8Array(0))).toBeUndefined();
  });
});
