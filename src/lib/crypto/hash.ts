/**
 * Hashing, keyed and plain, and key derivation: SHA-256, HMAC-SHA256 (RFC 2104), HKDF-SHA256 (RFC 5869).
 */
import { utf8ToBytes, type Bytes } from '../base/bytes.ts';

export const sha256 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

export const importHmacKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

export const hmac = async (key: CryptoKey, bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes));

/** Imports 32 secret bytes as the root that labelled keys are derived from. */
export const importRootKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveBits']);

/**
 * `length` bytes for one purpose: HKDF-SHA256 with an empty salt and info `shoulder/1/<label>`.
 * Labels are listed in docs/protocol.md KD1; no other derivation exists.
 */
export const deriveBytes = async (root: CryptoKey, label: string, length: number): Promise<Bytes> =>
  new Uint8Array(
    await crypto.subtle.deriveBits(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8ToBytes(`shoulder/1/${label}`) },
      root,
      length * 8
    )
  );
