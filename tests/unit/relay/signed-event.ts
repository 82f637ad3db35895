/** Nostr events for tests, signed with a key of their own. */
import { createHash } from 'node:crypto';
import { schnorr } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '../../../src/lib/base/bytes.ts';
import type { NostrEvent } from '../../../src/relay/event.ts';

const secretKey = new Uint8Array(32).fill(7);
export const author = bytesToHex(schnorr.getPublicKey(secretKey));

/** An event that is right in every way, with these fields. */
export const signEvent = (fields: Partial<Omit<NostrEvent, 'id' | 'sig' | 'pubkey'>> = {}): NostrEvent => {
  const { created_at = 1_700_000_000, kind = 20_571, tags = [['t', 'room']], content = 'hello' } = fields;
  const id = createHash('sha256')
    .update(JSON.stringify([0, author, created_at, kind, tags, content]))
    .digest();
  const sig = bytesToHex(schnorr.sign(id, secretKey, new Uint8Array(32)));
  return { id: id.toString('hex'), pubkey: author, created_at, kind, tags, content, sig };
};
