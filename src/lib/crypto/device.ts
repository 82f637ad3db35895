/**
 * A device's identity in one circle: an Ed25519 pair that signs and an X25519 pair that things are sealed to.
 *
 * Each circle gets its own pairs, so that two circles of one person share nothing. In memory the private keys are not
 * extractable; they exist as bytes only between making them and wrapping them for the vault.
 */
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, type DeviceId } from '../base/ids.ts';
import { sha256 } from './hash.ts';

/** What others know of a device: two public keys, 32 bytes each. */
export interface DevicePublic {
  readonly sign: Bytes;
  readonly agree: Bytes;
}

/** This device, able to sign and to open what was sealed to it. */
export interface DeviceIdentity {
  readonly id: DeviceId;
  readonly publicKeys: DevicePublic;
  readonly signKey: CryptoKey;
  readonly agreeKeys: CryptoKeyPair;
}

/** Private keys as PKCS #8 bytes with their public halves: only ever stored wrapped. */
export interface DeviceSecrets {
  readonly sign: Bytes;
  readonly agree: Bytes;
  readonly publicKeys: DevicePublic;
}

/** First 16 bytes of SHA-256 over the public signing key. */
export const deviceIdOf = async (signPublicKey: Bytes): Promise<DeviceId> =>
  bytesToId((await sha256(signPublicKey)).subarray(0, idBytesLength));

export const generateDeviceSecrets = async (): Promise<DeviceSecrets> => {
  const signPair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const agreePair = await crypto.subtle.generateKey('X25519', true, ['deriveBits']);
  const [sign, agree, signPublic, agreePublic] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', signPair.privateKey),
    crypto.subtle.exportKey('pkcs8', agreePair.privateKey),
    crypto.subtle.exportKey('raw', signPair.publicKey),
    crypto.subtle.exportKey('raw', agreePair.publicKey)
  ]);
  return {
    sign: new Uint8Array(sign),
    agree: new Uint8Array(agree),
    publicKeys: { sign: new Uint8Array(signPublic), agree: new Uint8Array(agreePublic) }
  };
};

export const importDevice = async (secrets: DeviceSecrets): Promise<DeviceIdentity> => {
  const [signKey, agreePrivate, agreePublic, id] = await Promise.all([
    crypto.subtle.importKey('pkcs8', secrets.sign, 'Ed25519', false, ['sign']),
    crypto.subtle.importKey('pkcs8', secrets.agree, 'X25519', false, ['deriveBits']),
    crypto.subtle.importKey('raw', secrets.publicKeys.agree, 'X25519', true, []),
    deviceIdOf(secrets.publicKeys.sign)
  ]);
  return {
    id,
    publicKeys: secrets.publicKeys,
    signKey,
    agreeKeys: { privateKey: agreePrivate, publicKey: agreePublic }
  };
};
