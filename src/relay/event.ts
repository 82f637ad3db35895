/**
 * A Nostr event: its shape, its id and its signature.
 *
 * Source: NIP-01; BIP-340 for the signature. The id is the SHA-256 of `[0, pubkey, created_at, kind, tags, content]` as
 * JSON without white space, which is what `JSON.stringify` makes, and what other implementations hash in practice.
 */
import { createHash } from 'node:crypto';
import { schnorr } from '@noble/curves/secp256k1.js';
import { hexToBytes } from '../lib/base/bytes.ts';
import { err, ok, type Result } from '../lib/base/result.ts';
import { eventTagsMax, tagValueLengthMax, tagValuesMax } from './limits.ts';

/** Named as on the wire; `created_at` in seconds since 1970. */
export interface NostrEvent {
  readonly id: string;
  readonly pubkey: string;
  readonly created_at: number;
  readonly kind: number;
  readonly tags: readonly (readonly string[])[];
  readonly content: string;
  readonly sig: string;
}

/** A request to delete (NIP-09). */
export const deletionKind = 5;
/** A gift wrap (NIP-59): sealed mail for one key, under an author's key that is used once. The one kind that is kept. */
export const mailKind = 1059;
/** A signing-in (NIP-42). Its number lies among the ephemeral ones, but it is for the relay alone. */
export const signInKind = 22_242;

/** Kinds 20000–29999, but for signing in: for whoever listens now, never stored. */
export const isEphemeral = (kind: number): boolean => kind >= 20_000 && kind < 30_000 && kind !== signInKind;

/** Lower-case hex of 32 bytes: an id or a public key. */
export const isHex32 = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** A kind: 0 to 65535. */
export const isKind = (value: unknown): value is number => isWhole(value) && value <= 65_535;

/** A time in seconds, or a count: whole and not negative. */
export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The first value of each tag of this name; '' for a tag that has none. */
export const tagValues = (event: NostrEvent, name: string): readonly string[] =>
  event.tags.filter((tag) => tag[0] === name).map((tag) => tag[1] ?? '');

/** An object of JSON, neither null nor an array. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The event in a parsed frame, holding the fields of NIP-01 and no others. Limits: `eventTagsMax`, `tagValuesMax`,
 * `tagValueLengthMax`. The error is a sentence for the sender. Neither id nor signature is checked here.
 */
export const parseEvent = (value: unknown): Result<NostrEvent, string> => {
  if (!isObject(value)) return err('an event is an object');
  const { id, pubkey, created_at, kind, tags, content, sig } = value;
  if (!isHex32(id)) return err('id is 64 lower-case hex digits');
  if (!isHex32(pubkey)) return err('pubkey is 64 lower-case hex digits');
  if (!isWhole(created_at)) return err('created_at is a whole number of seconds');
  if (!isKind(kind)) return err('kind is a number from 0 to 65535');
  if (typeof content !== 'string') return err('content is a string');
  if (typeof sig !== 'string' || !/^[0-9a-f]{128}$/.test(sig)) return err('sig is 128 lower-case hex digits');
  if (!Array.isArray(tags) || !tags.every(isTag)) return err('tags are lists of strings');
  if (tags.length > eventTagsMax) return err(`at most ${eventTagsMax} tags`);
  if (!tags.every(isTagInLimits)) return err('a tag is too long');
  return ok({ id, pubkey, created_at, kind, tags, content, sig });
};

/** Whether the id is the event's hash and the signature is its author's over it. About a millisecond. */
export const verifyEvent = (event: NostrEvent): Result<NostrEvent, string> => {
  const digest = createHash('sha256').update(serializeEvent(event)).digest();
  if (digest.toString('hex') !== event.id) return err('id is not the hash of the event');
  const signature = hexToBytes(event.sig);
  const author = hexToBytes(event.pubkey);
  if (signature === undefined || author === undefined) return err('sig and pubkey are hex');
  return schnorr.verify(signature, digest, author) ? ok(event) : err('the signature does not fit');
};

const serializeEvent = (event: NostrEvent): string =>
  JSON.stringify([0, event.pubkey, event.created_at, event.kind, event.tags, event.content]);

const isTag = (tag: unknown): tag is string[] =>
  Array.isArray(tag) && tag.length > 0 && tag.every((value) => typeof value === 'string');

const isTagInLimits = (tag: readonly string[]): boolean =>
  tag.length <= tagValuesMax && tag.every((value) => value.length <= tagValueLengthMax);
