/**
 * A public X25519 key (RFC 7748) that nobody holds the other half of: what is sealed to it, nobody opens.
 */
import type { Bytes } from '../base/bytes.ts';

/** 32 bytes, a real point: seals to it cannot be told from others. Its private half is never seen, and gone at once. */
export const generateThrowAwayKey = async (): Promise<Bytes> => {
  const { publicKey } = await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
};
