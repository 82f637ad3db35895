/**
 * Authenticated encryption: AES-256-GCM with a random 96-bit nonce and a 128-bit tag.
 *
 * Shape of a sealed box: nonce(12) ‖ ciphertext ‖ tag(16). A random nonce is safe for far more messages than a
 * circle ever sends under one key (NIST SP 800-38D §8.3 allows 2^32). Source: NIST SP 800-38D; W3C Web Cryptography.
 */
import { concatBytes, type Bytes } from '../base/bytes.ts';
import type { Random } from '../base/random.ts';

export const nonceBytes = 12;
export const tagBytes = 16;

export const importAeadKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

/** Seals `plaintext`, bound to `aad`. */
export const seal = async (key: CryptoKey, plaintext: Bytes, aad: Bytes, random: Random): Promise<Bytes> => {
  const nonce = random.bytes(nonceBytes);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, key, plaintext);
  return concatBytes(nonce, new Uint8Array(sealed));
};

/** The plaintext, or `undefined` for a wrong key, a wrong `aad` and tampering alike: GCM cannot tell them apart. */
export const open = async (key: CryptoKey, box: Bytes, aad: Bytes): Promise<Bytes | undefined> => {
  if (box.length < nonceBytes + tagBytes) return undefined;
  const iv = box.slice(0, nonceBytes);
  try {
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: aad },
      key,
      box.subarray(nonceBytes)
    );
    return new Uint8Array(opened);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined;
    throw error;
  }
};
