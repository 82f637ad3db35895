/**
 * The port through which envelopes wait for whoever is not online now: a carrier takes them, and hands them out later.
 *
 * A carrier knows nothing of circles, records or authors. It may lose, repeat, reorder, withhold and forget what it was
 * given, and may hand out what nobody gave it: the inbox above expects all of that (docs/protocol.md MB). Every call
 * answers with a value; none rejects. Adapters: `relay-mailbox.ts`, and an in-process one in tests. Every adapter
 * passes `tests/contract/envelope-carrier.ts`.
 */
import type { Bytes } from '../base/bytes.ts';
import type { Brand } from '../base/ids.ts';
import type { Result } from '../base/result.ts';

/** Names what a carrier keeps, on that carrier: text of at most 128 letters, to be kept and given back as it is. */
export type MailId = Brand<string, 'MailId'>;

/** One envelope to be carried. */
export interface Mail {
  readonly envelope: Bytes;
  /** When it may be forgotten, in milliseconds since 1970; at most, and without it, after `mailLifetimeMs`. */
  readonly expiresMs?: number;
}

/**
 * `single`: each envelope on its own, so that it can be removed by itself: for what was just said. `packed`: as many
 * together as fit, so that a whole history takes few messages.
 */
export type Packing = 'single' | 'packed';

/** Why something was not carried. `reason` is the carrier's own sentence: short, without control characters, untrusted. */
export type CarryFailure =
  | { readonly type: 'Offline' }
  | { readonly type: 'TimedOut' }
  /** It wants to know who we are, and did not let this key in. */
  | { readonly type: 'AuthRequired'; readonly reason: string }
  /** Asked to slow down, again and again. */
  | { readonly type: 'RateLimited'; readonly reason: string }
  | { readonly type: 'TooLarge' }
  /** It would be forgotten at once. */
  | { readonly type: 'Expired' }
  | { readonly type: 'Refused'; readonly reason: string }
  /** It hands out more than anybody could have left there. */
  | { readonly type: 'Endless' }
  /** The carrier was closed on this side. */
  | { readonly type: 'Closed' };

/** What became of a push, envelope by envelope, in the order they were given. */
export interface Pushed {
  /** How many are kept, by the carrier's word. */
  readonly confirmed: number;
  /** For each: what it is kept in. Packed envelopes share one id. */
  readonly each: readonly Result<MailId, CarryFailure>[];
}

/** One envelope as a carrier handed it out; nothing is known about it but that the mailbox's key sealed it. */
export interface Arrival {
  readonly id: MailId;
  readonly envelope: Bytes;
}

export interface Delivery {
  readonly arrivals: readonly Arrival[];
  /**
   * Where it is there, everything up to it has been handed over: it may be written down once these are stored, and the
   * next `pull` goes on from it. In seconds of the carrier's own time; of use on this carrier only.
   */
  readonly cursorS?: number;
}

export interface EnvelopeCarrier {
  /** Which route this is, for the person's own eyes: a relay's address. */
  readonly id: string;
  /** Takes envelopes to the carrier; again does no harm. Some may be kept and others not. */
  push(mail: readonly Mail[], packing: Packing): Promise<Pushed>;
  /**
   * Everything that is kept, newest first, or what came since a cursor and a little before it. The last delivery has
   * a cursor; a failure ends it early. Whoever stops reading stops asking.
   */
  pull(fromS?: number): AsyncIterable<Result<Delivery, CarryFailure>>;
}

/** Whether the mailbox can be read and written now, or why not. */
export type MailboxStatus = { readonly type: 'Open' } | { readonly type: 'Closed'; readonly why: CarryFailure };

/** What came in and was no mail: it is counted by name, and skipped. */
export type MailRefusal = 'NotMail' | 'TooLarge' | 'NotOpened' | 'Malformed';

export interface MailboxHandlers {
  /** Mail that came in by itself, while the mailbox is open. */
  onMail(delivery: Delivery): void;
  /** Called on every change, first when the first attempt has ended. What came while it was closed must be pulled. */
  onStatus(status: MailboxStatus): void;
  onRefused(type: MailRefusal): void;
}

/** Why a place is of no use as a mailbox. */
export type ProbeFailure =
  | { readonly type: 'NotWritten'; readonly why: CarryFailure }
  | { readonly type: 'NotRead'; readonly why: CarryFailure }
  /** It said that it keeps what it was given, and does not have it. */
  | { readonly type: 'NotKept' };

/** A carrier that is always there: one epoch's mailbox on one relay. */
export interface Mailbox extends EnvelopeCarrier {
  /** Connects and keeps connected, backing off while it fails, until `close`. Called once, before anything else. */
  open(handlers: MailboxHandlers): void;
  /** The network or the person may be back: connects at once, or makes sure that the relay still answers. */
  wake(): void;
  /** Which of these are still kept: a few of what was confirmed tell whether the relay was emptied or set back. */
  has(ids: readonly MailId[]): Promise<Result<ReadonlySet<MailId>, CarryFailure>>;
  /** Asks the carrier to forget what has been replaced or taken back. It may promise to, and keep it. */
  remove(ids: readonly MailId[]): Promise<Pushed>;
  /** Writes, reads back and removes a letter to nobody. `removes`: whether it was gone afterwards. */
  probe(): Promise<Result<{ readonly removes: boolean }, ProbeFailure>>;
  /** Ends everything: what is pending fails with `Closed`, and nothing is delivered after it. */
  close(): void;
}
