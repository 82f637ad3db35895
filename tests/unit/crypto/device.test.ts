/** A device's identity: X25519 as in RFC 7748, ids, and keys that do not leave. */
import { describe, expect, test } from 'vitest';
import { bytesToHex } from '../../../src/lib/base/bytes.ts';
import { idToBytes } from '../../../src/lib/base/ids.ts';
import { deviceIdOf, generateDeviceSecrets, importDevice } from '../../../src/lib/crypto/device.ts';
import { sha256 } from '../../../src/lib/crypto/hash.ts';
import { friendSecrets, hex, knownSecrets } from './known-device.ts';

const sharedSecret = async (privateHex: string, theirPublicHex: string): Promise<string> => {
  const { agreeKeys } = await importDevice(await knownSecrets(new Uint8Array(32), hex(privateHex)));
  const theirs = await crypto.subtle.importKey('raw', hex(theirPublicHex), 'X25519', true, []);
  const bits = await crypto.subtle.deriveBits({ name: 'X25519', public: theirs }, agreeKeys.privateKey, 256);
  return bytesToHex(new Uint8Array(bits));
};

describe('RFC 7748 by the key that a device agrees with', () => {
  const alice = '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a';
  const alicePublic = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';
  const bob = '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb';
  const bobPublic = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f';
  const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';

  test('§6.1: public keys and the shared secret, from both sides', async () => {
    expect(bytesToHex((await knownSecrets(new Uint8Array(32), hex(alice))).publicKeys.agree)).toBe(alicePublic);
    expect(bytesToHex((await knownSecrets(new Uint8Array(32), hex(bob))).publicKeys.agree)).toBe(bobPublic);
    expect(await sharedSecret(alice, bobPublic)).toBe(shared);
    expect(await sharedSecret(bob, alicePublic)).toBe(shared);
  });

  test.each([
    [
      'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
      'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'
    ],
    [
      '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
      'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
      '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957'
    ]
  ])('§5.2: %s', async (scalar, u, output) => {
    expect(await sharedSecret(scalar, u)).toBe(output);
  });
});

describe('[CI2] a device id', () => {
  test('is the first 16 bytes of SHA-256 over its public signing key', async () => {
    const { publicKeys } = await friendSecrets(0);
    const id = await deviceIdOf(publicKeys.sign);
    expect(idToBytes(id)).toEqual((await sha256(publicKeys.sign)).slice(0, 16));
    expect((await importDevice(await friendSecrets(0))).id).toBe(id);
  });
});

describe('[KD3] private keys', () => {
  test('are fresh each time, and in memory cannot be exported', async () => {
    const [one, other] = await Promise.all([generateDeviceSecrets(), generateDeviceSecrets()]);
    expect(one.publicKeys.sign).not.toEqual(other.publicKeys.sign);
    const { signKey, agreeKeys } = await importDevice(one);
    await expect(crypto.subtle.exportKey('pkcs8', signKey)).rejects.toThrow();
    await expect(crypto.subtle.exportKey('pkcs8', agreeKeys.privateKey)).rejects.toThrow();
  });
});
