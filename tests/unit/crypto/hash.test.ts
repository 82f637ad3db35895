/** HMAC and HKDF through our functions: RFC 4231, RFC 5869, and the one derivation of [KD1]. */
import { describe, expect, test } from 'vitest';
import { bytesToHex, concatBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { deriveBytes, hmac, importHmacKey, importRootKey, sha256 } from '../../../src/lib/crypto/hash.ts';
import { hex } from './known-device.ts';

/** HKDF as RFC 5869 §2 writes it, over our own HMAC: what `deriveBytes` is compared with. */
const hkdf = async (secret: Bytes, salt: Bytes, info: Bytes, length: number): Promise<{ prk: Bytes; okm: Bytes }> => {
  const prk = await hmac(await importHmacKey(salt.length === 0 ? new Uint8Array(32) : salt), secret);
  const key = await importHmacKey(prk);
  let okm: Bytes = new Uint8Array(0);
  let block: Bytes = new Uint8Array(0);
  for (let counter = 1; okm.length < length; counter++) {
    block = await hmac(key, concatBytes(block, info, Uint8Array.of(counter)));
    okm = concatBytes(okm, block);
  }
  return { prk, okm: okm.slice(0, length) };
};

const counting = (from: number, to: number): Bytes => Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('RFC 5869, appendix A, over our HMAC', () => {
  test.each([
    {
      name: 'A.1',
      ikm: hex('0b'.repeat(22)),
      salt: counting(0x00, 0x0c),
      info: counting(0xf0, 0xf9),
      length: 42,
      prk: '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
      okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865'
    },
    {
      name: 'A.2',
      ikm: counting(0x00, 0x4f),
      salt: counting(0x60, 0xaf),
      info: counting(0xb0, 0xff),
      length: 82,
      prk: '06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244',
      okm: 'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87'
    },
    {
      name: 'A.3',
      ikm: hex('0b'.repeat(22)),
      salt: hex(''),
      info: hex(''),
      length: 42,
      prk: '19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04',
      okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'
    }
  ])('$name', async ({ ikm, salt, info, length, prk, okm }) => {
    const derived = await hkdf(ikm, salt, info, length);
    expect(bytesToHex(derived.prk)).toBe(prk);
    expect(bytesToHex(derived.okm)).toBe(okm);
  });
});

test('FIPS 180-4: SHA-256 of abc', async () => {
  expect(bytesToHex(await sha256(utf8ToBytes('abc')))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  );
});

describe('[KD1] the one derivation', () => {
  const secret = counting(0, 31);

  test.each([
    ['enc', 32],
    ['slot', 32],
    ['signal', 32],
    ['room/0', 16],
    ['room/17', 16],
    ['invite/id', 16],
    ['invite/topic', 16],
    ['invite/key', 32]
  ])('%s is HKDF-SHA256 with no salt and info shoulder/1/<label>, %i bytes', async (label, length) => {
    const { okm } = await hkdf(secret, new Uint8Array(0), utf8ToBytes(`shoulder/1/${label}`), length);
    expect(await deriveBytes(await importRootKey(secret), label, length)).toEqual(okm);
  });

  test('another label or another secret makes other bytes', async () => {
    const root = await importRootKey(secret);
    const enc = await deriveBytes(root, 'enc', 32);
    expect(await deriveBytes(root, 'slot', 32)).not.toEqual(enc);
    expect(await deriveBytes(await importRootKey(counting(1, 32)), 'enc', 32)).not.toEqual(enc);
  });
});
