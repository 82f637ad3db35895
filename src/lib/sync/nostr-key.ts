/**
 * Keys that Nostr events are signed with. The curve is loaded when it is first needed: it is no part of the first bundle.
 *
 * Source: NIP-01; BIP-340; FIPS 186-5 A.4.1.
 */
import { bytesToHex, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import type { Random } from '../base/random.ts';
import { sha256 } from '../crypto/hash.ts';

/** More than a key is long, so that reducing it to the curve's order leaves no bias (FIPS 186-5, A.4.1). */
export const nostrSeedBytes = 48;

/** What an event says, named as on the wire; `created_at` in seconds since 1970. */
export interface UnsignedEvent {
  readonly created_at: number;
  readonly kind: number;
  readonly tags: readonly (readonly string[])[];
  readonly content: string;
}

/** A signed event, named as on the wire. */
export interface SignedEvent extends UnsignedEvent {
  readonly id: string;
  readonly pubkey: string;
  readonly sig: string;
}

export interface NostrKey {
  /** Lower-case hex of 32 bytes. */
  readonly pubkey: string;
  sign(event: UnsignedEvent): Promise<SignedEvent>;
}

/**
 * The key that a seed of `nostrSeedBytes` makes, always the same. Rejects where the curve, a part of the app, cannot be
 * fetched: offline, before it was ever cached.
 */
export const createNostrKey = async (seed: Bytes, random: Random): Promise<NostrKey> => {
  const { schnorr } = await import('@noble/curves/secp256k1.js');
  const { secretKey, publicKey } = schnorr.keygen(seed);
  const pubkey = bytesToHex(publicKey);
  return {
    pubkey,
    async sign({ created_at, kind, tags, content }) {
      const digest = await sha256(utf8ToBytes(JSON.stringify([0, pubkey, created_at, kind, tags, content])));
      const sig = bytesToHex(schnorr.sign(digest, secretKey, random.bytes(32)));
      return { id: bytesToHex(digest), pubkey, created_at, kind, tags, content, sig };
    }
  };
};
