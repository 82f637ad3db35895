/** Ed25519 through our functions: the vectors of RFC 8032 §7.1, and what is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex } from '../../../src/lib/base/bytes.ts';
import { importDevice } from '../../../src/lib/crypto/device.ts';
import { sign } from '../../../src/lib/crypto/signature.ts';
import { importVerifyKey, verify } from '../../../src/lib/crypto/verification.ts';
import { friendSecrets, hex, knownSecrets } from './known-device.ts';

/** Tests 1, 2, 3 and SHA(abc). The fifth, of 1023 bytes, tries nothing of ours that these do not. */
const vectors = [
  {
    name: 'TEST 1',
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
  },
  {
    name: 'TEST 2',
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'
  },
  {
    name: 'TEST 3',
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'
  },
  {
    name: 'TEST SHA(abc)',
    seed: '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    publicKey: 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    message:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    signature:
      'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704'
  }
];

describe('RFC 8032 §7.1', () => {
  test.each(vectors)('$name', async ({ seed, publicKey, message, signature }) => {
    const secrets = await knownSecrets(hex(seed), new Uint8Array(32).fill(7));
    const device = await importDevice(secrets);
    expect(bytesToHex(secrets.publicKeys.sign)).toBe(publicKey);
    expect(bytesToHex(await sign(device.signKey, hex(message)))).toBe(signature);
    const key = await importVerifyKey(hex(publicKey));
    expect(key !== undefined && (await verify(key, hex(message), hex(signature)))).toBe(true);
  });
});

describe('verifying', () => {
  test('says no to any other message, signature or key', async () => {
    const [ana, bo] = await Promise.all([friendSecrets(0), friendSecrets(1)]);
    const { signKey } = await importDevice(ana);
    const [anaKey, boKey] = await Promise.all([
      importVerifyKey(ana.publicKeys.sign),
      importVerifyKey(bo.publicKeys.sign)
    ]);
    if (anaKey === undefined || boKey === undefined) throw new Error('both are keys');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(511), async (bytes, bit) => {
        const message = Uint8Array.from(bytes);
        const signature = await sign(signKey, message);
        const altered = signature.slice();
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await verify(anaKey, message, signature)).toBe(true);
        expect(await verify(boKey, message, signature)).toBe(false);
        expect(await verify(anaKey, message, altered)).toBe(false);
        expect(await verify(anaKey, message.slice(1), signature)).toBe(false);
      }),
      { numRuns: 50 }
    );
  });

  test.each([0, 63, 65])('says no to a signature of %i bytes', async (length) => {
    const { publicKeys } = await friendSecrets(0);
    const key = await importVerifyKey(publicKeys.sign);
    expect(key && (await verify(key, new Uint8Array(0), new Uint8Array(length)))).toBe(false);
  });

  test.each([0, 31, 33])('%i bytes are no key', async (length) => {
    expect(await importVerifyKey(new Uint8Array(length))).toBeUndefined();
  });
});
