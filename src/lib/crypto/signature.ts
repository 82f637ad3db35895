/**
 * Signatures: Ed25519 (RFC 8032), natively in WebCrypto.
 */
import type { Bytes } from '../base/bytes.ts';

export const signatureBytes = 64;
export const publicKeyBytes = 32;

export const sign = async (privateKey: CryptoKey, message: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message));

/** The public key as a `CryptoKey`, or `undefined` where the 32 bytes are not a usable key. */
export const importVerifyKey = async (raw: Bytes): Promise<CryptoKey | undefined> => {
  try {
    return await crypto.subtle.importKey('raw', raw, 'Ed25519', true, ['verify']);
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
};

/** Whether `signature` is this key's over exactly `message`. A wrong length is a plain no. */
export const verify = async (publicKey: CryptoKey, message: Bytes, signature: Bytes): Promise<boolean> =>
  signature.length === signatureBytes && crypto.subtle.verify('Ed25519', publicKey, signature, message);
