/**
 * Signing: Ed25519 (RFC 8032), natively in WebCrypto.
 */
import type { Bytes } from '../base/bytes.ts';

export const signatureBytes = 64;
export const publicKeyBytes = 32;

export const sign = async (privateKey: CryptoKey, message: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message));
