/**
 * What our own functions make of the hard vectors: in Node and in browsers alike, whose WebCrypto is never the same.
 */
import { bytesToHex } from '../../../src/lib/base/bytes.ts';
import * as aead from '../../../src/lib/crypto/aead.ts';
import { importDevice, type DeviceIdentity } from '../../../src/lib/crypto/device.ts';
import { openSealed } from '../../../src/lib/crypto/hpke.ts';
import { importVerifyKey, verify } from '../../../src/lib/crypto/verification.ts';
import { hex, knownSecrets } from '../crypto/known-device.ts';
import type { AeadVector, AgreementVector, HpkeVector, PrimitiveVectors, SignatureVector } from './primitives.ts';

/** Whatever came out otherwise than it must, one line each. */
export const misjudged = async (vectors: PrimitiveVectors): Promise<string[]> => {
  const judged = [
    ...vectors.ed25519.map((vector) => judge('Ed25519', vector.what, vector.valid, trySignature(vector))),
    ...vectors.x25519.map((vector) => judge('X25519', vector.what, vector.shared, tryAgreement(vector))),
    ...vectors.aesGcm.map((vector) => judge('AES-GCM', vector.what, vector.plaintext, tryAead(vector))),
    ...vectors.hpke.map((vector) => judge('HPKE', vector.what, vector.plaintext, tryHpke(vector)))
  ];
  return (await Promise.all(judged)).filter((line) => line !== undefined);
};

type Made = boolean | string | null;

const judge = async (
  kind: string,
  what: string,
  expected: Made,
  making: Promise<Made>
): Promise<string | undefined> => {
  const made = await making.catch((error: unknown) => `thrown: ${String(error)}`);
  return made === expected ? undefined : `${kind}, ${what}: ${String(made)} instead of ${String(expected)}`;
};

const trySignature = async ({ key, message, signature }: SignatureVector): Promise<boolean> => {
  const publicKey = await importVerifyKey(hex(key));
  return publicKey !== undefined && verify(publicKey, hex(message), hex(signature));
};

/**
 * As HPKE does it with a device's keys. WebCrypto refuses with an `OperationError` where nothing is shared; Firefox already where
 * such a key comes in, with a `DataError`.
 */
const tryAgreement = async ({ own, theirs }: AgreementVector): Promise<string | null> => {
  const { agreeKeys } = await deviceWith(own);
  try {
    const theirKey = await crypto.subtle.importKey('raw', hex(theirs), 'X25519', true, []);
    const bits = await crypto.subtle.deriveBits({ name: 'X25519', public: theirKey }, agreeKeys.privateKey, 256);
    return bytesToHex(new Uint8Array(bits));
  } catch (error) {
    if (error instanceof DOMException && ['OperationError', 'DataError'].includes(error.name)) return null;
    throw error;
  }
};

const tryAead = async ({ key, aad, box }: AeadVector): Promise<string | null> => {
  const opened = await aead.open(await aead.importAeadKey(hex(key)), hex(box), hex(aad));
  return opened === undefined ? null : bytesToHex(opened);
};

const tryHpke = async ({ own, info, aad, box }: HpkeVector): Promise<string | null> => {
  const { agreeKeys } = await deviceWith(own);
  const opened = await openSealed(agreeKeys, hex(box), hex(info), hex(aad));
  return opened === undefined ? null : bytesToHex(opened);
};

const deviceWith = async (agreeKey: string): Promise<DeviceIdentity> =>
  importDevice(await knownSecrets(new Uint8Array(32), hex(agreeKey)));
