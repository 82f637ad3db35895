/** Nostr events for tests, signed with keys of their own. */
import { createHash } from 'node:crypto';
import { schnorr } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '../../../src/lib/base/bytes.ts';
import type { NostrEvent } from '../../../src/relay/event.ts';

export interface Keys {
  readonly secretKey: Uint8Array;
  /** Lower-case hex. */
  readonly publicKey: string;
}

/** The same keys for the same number, 1 to 255. */
export const keysOf = (number: number): Keys => {
  const secretKey = new Uint8Array(32).fill(number);
  return { secretKey, publicKey: bytesToHex(schnorr.getPublicKey(secretKey)) };
};

const authorKeys = keysOf(7);
export const author = authorKeys.publicKey;

type Fields = Partial<Omit<NostrEvent, 'id' | 'sig' | 'pubkey'>>;

/** An event that is right in every way, with these fields. */
export const signEvent = (fields: Fields = {}, keys = authorKeys): NostrEvent => {
  const { created_at = 1_700_000_000, kind = 20_571, tags = [['t', 'room']], content = 'hello' } = fields;
  const pubkey = keys.publicKey;
  const id = createHash('sha256')
    .update(JSON.stringify([0, pubkey, created_at, kind, tags, content]))
    .digest();
  const sig = bytesToHex(schnorr.sign(id, keys.secretKey, new Uint8Array(32)));
  return { id: id.toString('hex'), pubkey, created_at, kind, tags, content, sig };
};

/** Mail for a mailbox that the relay takes: a day's life from `created_at`, unless the fields say otherwise. */
export const signMail = (
  mailbox: string,
  fields: Fields & { expiresAt?: number } = {},
  keys = authorKeys
): NostrEvent => {
  const { created_at = 1_700_000_000, expiresAt = created_at + 86_400, ...others } = fields;
  const tags = [
    ['p', mailbox],
    ['expiration', String(expiresAt)]
  ];
  return signEvent({ kind: 1059, tags, created_at, ...others }, keys);
};

/** A request to delete (NIP-09). */
export const signDeletion = (ids: readonly string[], keys: Keys): NostrEvent =>
  signEvent({ kind: 5, tags: [...ids.map((id) => ['e', id]), ['k', '1059']], content: '' }, keys);

/** An answer to a challenge (NIP-42). */
export const signIn = (keys: Keys, to: { challenge: string; relay: string; nowMs: number }): NostrEvent =>
  signEvent(
    {
      kind: 22_242,
      created_at: Math.floor(to.nowMs / 1000),
      content: '',
      tags: [
        ['relay', to.relay],
        ['challenge', to.challenge]
      ]
    },
    keys
  );
