/**
 * Checking signatures: Ed25519 (RFC 8032), natively in WebCrypto.
 */
import type { Bytes } from '../base/bytes.ts';
import { publicKeyBytes, signatureBytes } from './signature.ts';

/**
 * The public key as a `CryptoKey`, or `undefined` where the 32 bytes are not a usable key. One of small order is none: whoever
 * states it need not hold anything to sign with it.
 */
export const importVerifyKey = async (raw: Bytes): Promise<CryptoKey | undefined> => {
  if (raw.length !== publicKeyBytes || isSmallOrder(raw)) return undefined;
  try {
    return await crypto.subtle.importKey('raw', raw, 'Ed25519', true, ['verify']);
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
};

/**
 * Whether `signature` is this key's over exactly `message`. A wrong length is a plain no, and so is a first half of small order.
 *
 * Web Cryptography demands the latter, and of keys too, but not every browser does it (w3c/webcrypto issue 423): friends with
 * different browsers would not agree on what was said.
 */
export const verify = async (publicKey: CryptoKey, message: Bytes, signature: Bytes): Promise<boolean> =>
  signature.length === signatureBytes &&
  !isSmallOrder(signature) &&
  crypto.subtle.verify('Ed25519', publicKey, signature, message);

const p = 2n ** 255n - 19n;

/**
 * Whether the point that begins these bytes has an order of 1, 2, 4 or 8, however it is written. That is for its y to say: 1 or -1,
 * 0, or a root of 121665·y⁴ - 243332·y² + 121666, where doubling gives y = 0. Source: RFC 8032 §5.1.
 */
const isSmallOrder = (bytes: Bytes): boolean => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let y = 0n;
  for (let at = 24; at >= 0; at -= 8) y = (y << 64n) | view.getBigUint64(at, true);
  const square = BigInt.asUintN(255, y) ** 2n % p;
  return (square * (square - 1n) * (121_665n * square ** 2n - 243_332n * square + 121_666n)) % p === 0n;
};
