/**
 * Mail as Nostr events: envelopes sealed once more, under a mailbox's key, in gift wraps that nothing connects.
 *
 * Content: base64url of `nonce(12) ‖ AES-256-GCM(pad(CBOR [* envelope]))`. Each event has an author key of its own, made
 * from the nonce with a key that the mailbox's members hold: so each of them can have it deleted, and nobody else can
 * tell whose it is. What a relay hands out is not verified: whoever runs it could say anything, and what counts is what
 * the key opens. Limits: `mailContentLengthMax`. Source: NIP-01, 09, 40, 59; docs/protocol.md MB2–MB4.
 */
import {
  base64UrlToBytes,
  bytesToBase64Url,
  bytesToHex,
  concatBytes,
  hexToBytes,
  utf8ToBytes,
  type Bytes
} from '../base/bytes.ts';
import { envelopeBytesMax } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import { nonceBytes, open, seal } from '../crypto/aead.ts';
import { hmac } from '../crypto/hash.ts';
import { decodeCbor, encodeCbor } from '../records/codec.ts';
import type { MailboxKeys } from '../records/meeting-keys.ts';
import { addPadding } from '../records/padding.ts';
import { removePadding } from '../records/opened-padding.ts';
import type { MailId, MailRefusal } from './envelope-carrier.ts';
import { createNostrKey, nostrSeedBytes, type NostrKey, type SignedEvent } from './nostr-key.ts';

/** A gift wrap (NIP-59). */
export const mailKind = 1059;
/** A request to delete (NIP-09). */
const deletionKind = 5;

/** Letters of one event's content: with what stands around it far below the 64 KiB that relays take. */
export const mailContentLengthMax = 40 * 1024;
export const mailPaddingBytes = 1024;

/** One message of a relay that may hold mail; a stranger's may be larger than ours. */
export const mailFrameBytesMax = 128 * 1024;

const associatedData = utf8ToBytes('shoulder/1 mail');

/** An event as a relay handed it out; nothing is verified. `createdS` in seconds since 1970. */
export interface StoredMail {
  readonly eventId: string;
  readonly createdS: number;
  readonly content: string;
}

export interface MailDates {
  readonly createdS: number;
  readonly expiresS: number;
}

/** Seals envelopes into an event for the mailbox of `address`. The caller has seen to it that they fit. */
export const makeMailEvent = async (
  keys: MailboxKeys,
  address: string,
  envelopes: readonly Bytes[],
  { createdS, expiresS }: MailDates,
  random: Random
): Promise<{ readonly event: SignedEvent; readonly id: MailId }> => {
  const box = await seal(keys.seal, addPadding(encodeCbor(envelopes), mailPaddingBytes), associatedData, random);
  const nonce = box.slice(0, nonceBytes);
  const author = await authorOf(keys, nonce, random);
  const event = await author.sign({
    created_at: createdS,
    kind: mailKind,
    tags: [
      ['p', address],
      ['expiration', String(expiresS)]
    ],
    content: bytesToBase64Url(box)
  });
  return { event, id: mailIdOf(event.id, nonce) };
};

/** An event that asks to delete mail, signed by `by`: the key that wrote it (`authorOfMail`), or the mailbox's own. */
export const makeDeletion = (by: NostrKey, id: MailId, { createdS, expiresS }: MailDates): Promise<SignedEvent> =>
  by.sign({
    created_at: createdS,
    kind: deletionKind,
    tags: [
      ['e', eventIdOf(id)],
      ['k', String(mailKind)],
      ['expiration', String(expiresS)]
    ],
    content: ''
  });

/** The key that wrote this mail, whoever it was. */
export const authorOfMail = (keys: MailboxKeys, id: MailId, random: Random): Promise<NostrKey> =>
  authorOf(keys, nonceOf(id), random);

/** The mail in an event that came from a relay, or undefined where it is none for this mailbox. */
export const readMailEvent = (event: unknown, address: string): StoredMail | undefined => {
  if (typeof event !== 'object' || event === null) return undefined;
  const { id, kind, created_at, tags, content } = event as Readonly<Record<string, unknown>>;
  if (kind !== mailKind || typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) return undefined;
  if (typeof created_at !== 'number' || !Number.isSafeInteger(created_at) || created_at < 0) return undefined;
  if (typeof content !== 'string' || !Array.isArray(tags)) return undefined;
  const isForUs = tags.some((tag) => Array.isArray(tag) && tag[0] === 'p' && tag[1] === address);
  return isForUs ? { eventId: id, createdS: created_at, content } : undefined;
};

/** The envelopes in mail. `NotOpened` is a stranger's letter and tampering alike. */
export const openMail = async (
  keys: MailboxKeys,
  { eventId, content }: StoredMail
): Promise<Result<{ readonly id: MailId; readonly envelopes: readonly Bytes[] }, MailRefusal>> => {
  if (content.length > mailContentLengthMax) return err('TooLarge');
  const box = base64UrlToBytes(content);
  if (box === undefined) return err('NotMail');
  const padded = await open(keys.seal, box, associatedData);
  if (padded === undefined) return err('NotOpened');
  const bytes = removePadding(padded, mailPaddingBytes);
  const list = bytes === undefined ? undefined : decodeCbor(bytes);
  if (!Array.isArray(list) || !list.every(isEnvelope)) return err('Malformed');
  const envelopes = list.map((envelope) => Uint8Array.from(envelope));
  return ok({ id: mailIdOf(eventId, box.slice(0, nonceBytes)), envelopes });
};

/** The id of the event that mail is in. */
export const eventIdOf = (id: MailId): string => id.slice(0, 64);

const mailIdOf = (eventId: string, nonce: Bytes): MailId => (eventId + bytesToHex(nonce)) as MailId;

const nonceOf = (id: MailId): Bytes => hexToBytes(id.slice(64)) ?? new Uint8Array(nonceBytes);

const authorOf = async (keys: MailboxKeys, nonce: Bytes, random: Random): Promise<NostrKey> => {
  const halves = await Promise.all([1, 2].map((n) => hmac(keys.authors, concatBytes(nonce, Uint8Array.of(n)))));
  return createNostrKey(concatBytes(...halves).slice(0, nostrSeedBytes), random);
};

const isEnvelope = (item: unknown): item is Uint8Array =>
  item instanceof Uint8Array && item.length > 0 && item.length <= envelopeBytesMax;
