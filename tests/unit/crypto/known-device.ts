/** Devices whose keys are given, so that what they sign can be written down. */
import { concatBytes, hexToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { base64UrlToBytes } from '../../../src/lib/base/bytes.ts';
import type { DeviceSecrets } from '../../../src/lib/crypto/device.ts';
import { seededRandom } from '../base/seeded-random.ts';

/** The bytes of a hex string that a test wrote itself. */
export const hex = (text: string): Bytes => {
  const bytes = hexToBytes(text);
  if (bytes === undefined) throw new Error(`not hex: ${text}`);
  return bytes;
};

/** PKCS #8 of an Ed25519 seed: RFC 8410 §7. */
export const ed25519Pkcs8 = (seed: Bytes): Bytes => concatBytes(hex('302e020100300506032b657004220420'), seed);

/** PKCS #8 of an X25519 private key: RFC 8410 §7. */
export const x25519Pkcs8 = (key: Bytes): Bytes => concatBytes(hex('302e020100300506032b656e04220420'), key);

/** A device's secrets from two private keys of 32 bytes each. */
export const knownSecrets = async (signSeed: Bytes, agreeKey: Bytes): Promise<DeviceSecrets> => {
  const [sign, agree] = [ed25519Pkcs8(signSeed), x25519Pkcs8(agreeKey)];
  return {
    sign,
    agree,
    publicKeys: {
      sign: await publicHalf(sign, 'Ed25519', ['sign']),
      agree: await publicHalf(agree, 'X25519', ['deriveBits'])
    }
  };
};

/** The secrets of friend number `n`; the same for ever. */
export const friendSecrets = (n: number): Promise<DeviceSecrets> => {
  const random = seededRandom(0xf00d + n);
  return knownSecrets(random.bytes(32), random.bytes(32));
};

const publicHalf = async (pkcs8: Bytes, algorithm: string, usages: KeyUsage[]): Promise<Bytes> => {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, usages);
  const { x } = await crypto.subtle.exportKey('jwk', key);
  const bytes = base64UrlToBytes(x ?? '');
  if (bytes?.length !== 32) throw new Error('a private key has a public half');
  return bytes;
};
