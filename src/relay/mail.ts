/**
 * Mail: sealed events that are kept for one key until they expire, and the rules for taking one in.
 *
 * A **mailbox** is a key, named in the one `p` tag. Times are said in every refusal about them, since a phone whose
 * clock is off learns the relay's time from nowhere else. Source: NIP-59 (kind 1059), NIP-40 (expiration).
 */
import { dayMs, secondMs } from '../lib/base/clock.ts';
import { err, ok, type Result } from '../lib/base/result.ts';
import { isHex32, mailKind, tagValues, type NostrEvent } from './event.ts';
import type { Filter } from './filter.ts';
import { eventOverheadBytes, mailAgeMaxMs, mailAheadMaxMs, type RelayLimits } from './limits.ts';

/** An event that may be kept. Times in seconds since 1970. */
export interface Mail {
  readonly event: NostrEvent;
  /** As it is kept and served. */
  readonly text: string;
  /** Whose it is: lower-case hex. */
  readonly mailbox: string;
  readonly expiresAt: number;
  /** What it counts for in every quota. */
  readonly bytes: number;
}

/** Why an event was not kept. `freesAt`: when the next mail expires, in seconds since 1970. */
export type KeepRefusal =
  | { readonly type: 'Duplicate' }
  | { readonly type: 'Deleted' }
  | { readonly type: 'MailboxFull' }
  | { readonly type: 'RelayFull'; readonly freesAt: number | undefined }
  | { readonly type: 'DiskFull' };

/** The mail that an event of kind 1059 is. The error is a sentence for the sender, without its prefix. */
export const parseMail = (
  event: NostrEvent,
  nowMs: number,
  limits: Pick<RelayLimits, 'mailLifetimeMaxMs'>
): Result<Mail, string> => {
  const [mailbox, ...others] = tagValues(event, 'p');
  if (!isHex32(mailbox) || others.length > 0) return err('mail is for one key: it has one p tag');
  const [expiration = '', ...more] = tagValues(event, 'expiration');
  if (!/^\d{1,15}$/.test(expiration) || more.length > 0) return err('mail expires: it has one expiration tag');
  const expiresAt = Number(expiration);
  const { mailLifetimeMaxMs } = limits;
  const here = timeHere(nowMs);
  if (expiresAt * secondMs <= nowMs) return err(`it has expired; ${here}`);
  if (expiresAt * secondMs > nowMs + mailLifetimeMaxMs) {
    return err(`expiration is at most ${mailLifetimeMaxMs / dayMs} days ahead; ${here}`);
  }
  if (event.created_at * secondMs > nowMs + mailAheadMaxMs) return err(`created_at is too far ahead; ${here}`);
  if (event.created_at * secondMs < nowMs - mailAgeMaxMs) return err(`created_at is too long ago; ${here}`);
  const text = JSON.stringify(event);
  return ok({ event, text, mailbox, expiresAt, bytes: eventCostBytes(text) });
};

/** Refuses what says that it is over, of any kind, and takes the rest (NIP-40). The error is as `parseMail`'s. */
export const refuseExpired = (event: NostrEvent, nowMs: number): Result<NostrEvent, string> => {
  const isOver = tagValues(event, 'expiration').some((at) => /^\d{1,15}$/.test(at) && Number(at) * secondMs <= nowMs);
  return isOver ? err(`it has expired; ${timeHere(nowMs)}`) : ok(event);
};

/** What an event of this text takes up: its text, and a flat sum for the rest. */
export const eventCostBytes = (text: string): number => Buffer.byteLength(text) + eventOverheadBytes;

/** Whether a filter could match mail at all. */
export const reachesMail = (filter: Filter): boolean => filter.kinds?.has(mailKind) ?? true;

/**
 * Whether who is signed in with these keys may ask for what the filter reaches: anything but mail, and mail of their
 * own mailboxes, named. The error is the reason for CLOSED, prefix and all.
 *
 * Other tag conditions are refused rather than searched: they would read a whole mailbox for every question.
 */
export const checkReading = (filter: Filter, keys: ReadonlySet<string>): Result<Filter, string> => {
  if (!reachesMail(filter)) return ok(filter);
  if (keys.size === 0) return err('auth-required: kind 1059 is for who signs in with its p key; or name other kinds');
  const mailboxes = filter.valuesByTag.get('p');
  if (mailboxes === undefined) return err('restricted: kind 1059 is asked for by #p, the key that signed in');
  if (![...mailboxes].every((mailbox) => keys.has(mailbox))) return err('restricted: that mailbox is not yours');
  if (filter.valuesByTag.size > 1) return err('unsupported: mail is found by #p and by no other tag');
  return ok(filter);
};

/** What `OK` says of mail that was not kept anew: success for a duplicate, else the reason, prefix and all. */
export const answerToKeeping = (refusal: KeepRefusal): Result<string, string> => {
  switch (refusal.type) {
    case 'Duplicate':
      return ok('duplicate: it is already here');
    case 'Deleted':
      return err('blocked: it was deleted');
    case 'MailboxFull':
      return err('blocked: this mailbox is full; room comes as mail expires or is deleted');
    case 'RelayFull':
      return err(`blocked: this relay is full; its oldest mail expires at ${refusal.freesAt ?? 'no time known'}`);
    case 'DiskFull':
      return err('error: the disk of this relay is full');
  }
};

/** A phone whose clock is off learns the time from this. */
const timeHere = (nowMs: number): string => `this relay's time is ${Math.floor(nowMs / secondMs)}`;
