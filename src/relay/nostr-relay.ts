/**
 * The protocol of the relay, one connection at a time: NIP-01, 09, 40 and 42.
 *
 * It knows texts and connections, not sockets: `relay-sockets.ts` brings those. Ephemeral events go to every
 * subscription they match, the sender's own included, and are forgotten. Mail (kind 1059) is kept, said `OK` to once it
 * is on disk, and handed only to who signed in with its `p` key. Deletions (kind 5) are acted on and neither kept nor
 * passed on: they would show which mailboxes there are. Everything else is refused.
 */
import { bytesToHex } from '../lib/base/bytes.ts';
import type { Clock } from '../lib/base/clock.ts';
import type { Random } from '../lib/base/random.ts';
import { err, ok, type Result } from '../lib/base/result.ts';
import type { AddressAllowance } from './address-allowance.ts';
import {
  deletionKind,
  isEphemeral,
  isHex32,
  isObject,
  mailKind,
  parseEvent,
  tagValues,
  verifyEvent,
  type NostrEvent
} from './event.ts';
import type { Filter } from './filter.ts';
import {
  burstSeconds,
  eventBytesMax,
  patienceMax,
  patiencePerSecond,
  signedInMax,
  subscriptionsMax,
  type RelayLimits
} from './limits.ts';
import { answerToKeeping, checkReading, parseMail, reachesMail, refuseExpired } from './mail.ts';
import type { MailStore } from './mail-store.ts';
import { frameCost, isSubscriptionId, parseFilters, parseMessage, subscriptionIdRule } from './message.ts';
import { checkSignIn, type OwnNames } from './sign-in.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** The far end of a connection, as the protocol needs it. */
export interface Wire {
  send(text: string): void;
  /** Sends what `next` gives, one text after the other and no faster than they are read, until it gives none. */
  stream(next: () => string | undefined): void;
  /** Ends the connection because of what it did; `reason` is for the client. */
  close(reason: string): void;
}

/** Who is connecting. */
export interface Visitor {
  readonly wire: Wire;
  readonly allowance: AddressAllowance;
  /** What this relay goes by on this connection. */
  readonly names: OwnNames;
}

/** One connection of a client. */
export interface RelayConnection {
  /** One text frame, `bytes` long on the wire. */
  receive(text: string, bytes: number): void;
  /** A frame that is no text; Nostr has none. */
  receiveBinary(bytes: number): void;
  /** The connection has gone; its subscriptions go with it. */
  end(): void;
}

export interface RelayParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: RelayLimits;
  /** Without a store the relay takes no mail. */
  readonly mail: MailStore | undefined;
}

export interface NostrRelay {
  /** Greets with a challenge to sign in by (NIP-42), which a client without mail may ignore. */
  connect(visitor: Visitor): RelayConnection;
}

export const createNostrRelay = (parts: RelayParts): NostrRelay => {
  const subscriptions = createSubscriptions<Connection>();
  return { connect: (visitor) => new Connection(parts, subscriptions, visitor) };
};

/** An event that was accepted: what OK says beside true, and the text that goes to who listens, if any. */
interface Taken {
  readonly said?: string;
  readonly textToDeliver?: string;
}

class Connection implements RelayConnection {
  readonly #parts: RelayParts;
  readonly #subscriptions: Subscriptions<Connection>;
  readonly #visitor: Visitor;
  readonly #allowance: TokenBucket;
  readonly #patience: TokenBucket;
  readonly #challenge: string;
  /** The keys this connection has proved to hold. */
  readonly #keys = new Set<string>();
  /** Subscriptions whose stored mail is still being handed out; a newer one of the same id takes its place. */
  readonly #readings = new Map<string, object>();
  #ended = false;

  constructor(parts: RelayParts, subscriptions: Subscriptions<Connection>, visitor: Visitor) {
    const { clock, random, limits } = parts;
    this.#parts = parts;
    this.#subscriptions = subscriptions;
    this.#visitor = visitor;
    this.#allowance = createTokenBucket(clock, limits.messagesPerSecond * burstSeconds, limits.messagesPerSecond);
    this.#patience = createTokenBucket(clock, patienceMax, patiencePerSecond);
    this.#challenge = bytesToHex(random.bytes(16));
    if (parts.mail !== undefined) this.#send(['AUTH', this.#challenge]);
  }

  receive(text: string, bytes: number): void {
    if (this.#ended) return;
    const message = parseMessage(text);
    const isAllowed = this.#take(bytes);
    if (!message.ok) return this.#refuse(['NOTICE', `invalid: ${message.error}`]);
    const [verb, ...rest] = message.value;
    if (verb === 'EVENT') this.#event(rest[0], isAllowed);
    else if (verb === 'REQ') this.#req(rest[0], rest.slice(1), isAllowed);
    else if (verb === 'CLOSE') this.#close(rest[0], isAllowed);
    else if (verb === 'AUTH') this.#answer(rest[0], isAllowed, (event) => this.#signIn(event));
    else if (verb === 'COUNT' && isSubscriptionId(rest[0])) this.#refuse(['CLOSED', rest[0], countless]);
    else this.#refuse(['NOTICE', 'unsupported: this relay understands EVENT, REQ, CLOSE and AUTH']);
  }

  receiveBinary(bytes: number): void {
    if (this.#ended) return;
    this.#take(bytes);
    this.#refuse(['NOTICE', 'invalid: a message is text, not bytes']);
  }

  end(): void {
    this.#ended = true;
    this.#subscriptions.forget(this);
  }

  /** An event for a subscription that matched it. Mail is checked once more: nothing else stands between mailboxes. */
  hear(subscriptionId: string, event: NostrEvent, eventText: string): void {
    if (event.kind === mailKind && !tagValues(event, 'p').every((key) => this.#keys.has(key))) return;
    this.#visitor.wire.send(`["EVENT",${JSON.stringify(subscriptionId)},${eventText}]`);
  }

  #event(value: unknown, isAllowed: boolean): void {
    this.#answer(value, isAllowed, (event) => {
      if (event.kind === mailKind && this.#parts.mail !== undefined) return this.#keep(event, this.#parts.mail);
      if (event.kind === deletionKind && this.#parts.mail !== undefined) return this.#delete(event, this.#parts.mail);
      if (isEphemeral(event.kind)) return this.#pass(event);
      const taken = this.#parts.mail === undefined ? '' : ', mail of kind 1059 and its deletion';
      return err(`blocked: this relay takes ephemeral events${taken}`);
    });
  }

  /** Answers EVENT and AUTH with OK. The error of `take` is the reason for OK false. */
  #answer(value: unknown, isAllowed: boolean, take: (event: NostrEvent) => Result<Taken, string>): void {
    const id = isObject(value) && isHex32(value.id) ? value.id : undefined;
    const refuse = (reason: string): void =>
      this.#refuse(id === undefined ? ['NOTICE', reason] : ['OK', id, false, reason]);
    if (!isAllowed) return refuse(slowDown);
    const event = parseEvent(value);
    if (!event.ok) return refuse(`invalid: ${event.error}`);
    const taken = take(event.value);
    if (!taken.ok) return refuse(taken.error);
    const { said = '', textToDeliver } = taken.value;
    this.#send(['OK', event.value.id, true, said]);
    if (textToDeliver === undefined) return;
    for (const { listener, subscriptionId } of this.#subscriptions.matching(event.value)) {
      listener.hear(subscriptionId, event.value, textToDeliver);
    }
  }

  #pass(event: NostrEvent): Result<Taken, string> {
    const expired = refuseExpired(event, this.#parts.clock.nowMs());
    if (!expired.ok) return err(`invalid: ${expired.error}`);
    const verified = verifyEvent(event);
    if (!verified.ok) return err(`invalid: ${verified.error}`);
    const text = JSON.stringify(event);
    if (Buffer.byteLength(text) > eventBytesMax) return err(tooLarge);
    return ok({ textToDeliver: text });
  }

  #keep(event: NostrEvent, store: MailStore): Result<Taken, string> {
    // Checked before the signature: what will not be taken anyway is not worth a millisecond.
    const mail = parseMail(event, this.#parts.clock.nowMs(), this.#parts.limits);
    if (!mail.ok) return err(`invalid: ${mail.error}`);
    const { text, bytes } = mail.value;
    if (Buffer.byteLength(text) > eventBytesMax) return err(tooLarge);
    const verified = verifyEvent(event);
    if (!verified.ok) return err(`invalid: ${verified.error}`);
    const { mailBytes } = this.#visitor.allowance;
    if (!mailBytes.take(bytes)) return err('rate-limited: this address has left as much as it may for today');
    const kept = store.keep(mail.value);
    if (kept.ok) return ok({ textToDeliver: text });
    mailBytes.giveBack(bytes);
    const answer = answerToKeeping(kept.error);
    return answer.ok ? ok({ said: answer.value }) : answer;
  }

  /**
   * Done for the author's key and for the mailbox's. Who may not is told the same: otherwise anyone could ask what is
   * kept here.
   */
  #delete(event: NostrEvent, store: MailStore): Result<Taken, string> {
    const ids = tagValues(event, 'e');
    if (ids.length === 0 || !ids.every(isHex32)) return err('invalid: a deletion names events in e tags');
    const verified = verifyEvent(event);
    if (!verified.ok) return err(`invalid: ${verified.error}`);
    store.delete(ids, event.pubkey);
    return ok({});
  }

  #signIn(event: NostrEvent): Result<Taken, string> {
    if (this.#parts.mail === undefined) return err('blocked: this relay keeps no mail to sign in for');
    const key = checkSignIn(event, this.#challenge, this.#visitor.names, this.#parts.clock.nowMs());
    if (!key.ok) return key;
    if (!this.#keys.has(key.value) && this.#keys.size >= signedInMax) {
      return err(`blocked: at most ${signedInMax} keys on one connection`);
    }
    this.#keys.add(key.value);
    return ok({});
  }

  #req(id: unknown, filterValues: readonly unknown[], isAllowed: boolean): void {
    if (!isSubscriptionId(id)) return this.#refuse(['NOTICE', `invalid: ${subscriptionIdRule}`]);
    if (!isAllowed) return this.#endSubscription(id, slowDown);
    const filters = parseFilters(filterValues);
    if (!filters.ok) return this.#endSubscription(id, `invalid: ${filters.error}`);
    const { mail } = this.#parts;
    for (const filter of mail === undefined ? [] : filters.value) {
      const checked = checkReading(filter, this.#keys);
      if (!checked.ok) return this.#endSubscription(id, checked.error);
    }
    this.#readings.delete(id);
    if (!this.#subscriptions.set(this, id, filters.value)) {
      return this.#endSubscription(id, `blocked: at most ${subscriptionsMax} subscriptions on one connection`);
    }
    const mailFilters = filters.value.filter(reachesMail);
    if (mail === undefined || mailFilters.length === 0) return this.#send(['EOSE', id]);
    this.#read(id, mailFilters, mail);
  }

  /** Hands out what is stored, then EOSE. What comes in meanwhile is in nobody's list yet, and goes out at once. */
  #read(id: string, filters: readonly Filter[], store: MailStore): void {
    const rows = store.find(filters);
    const reading = {};
    let at = 0;
    this.#readings.set(id, reading);
    this.#visitor.wire.stream(() => {
      if (this.#ended || this.#readings.get(id) !== reading) return undefined;
      for (let row = rows[at++]; row !== undefined; row = rows[at++]) {
        const text = store.textOf(row);
        if (text !== undefined) return `["EVENT",${JSON.stringify(id)},${text}]`;
      }
      this.#readings.delete(id);
      return JSON.stringify(['EOSE', id]);
    });
  }

  #close(id: unknown, isAllowed: boolean): void {
    if (!isSubscriptionId(id)) return this.#refuse(['NOTICE', `invalid: ${subscriptionIdRule}`]);
    this.#forget(id);
    // Listening to less is always granted, but it is no way around the allowance.
    if (!isAllowed) this.#refuse(['NOTICE', slowDown]);
  }

  /** A refused REQ also ends the one it would have replaced: that is what CLOSED tells the client. */
  #endSubscription(id: string, reason: string): void {
    this.#forget(id);
    this.#refuse(['CLOSED', id, reason]);
  }

  #forget(id: string): void {
    this.#subscriptions.delete(this, id);
    this.#readings.delete(id);
  }

  /** Both the connection's own allowance and its address's have to suffice. */
  #take(bytes: number): boolean {
    const cost = frameCost(bytes);
    return this.#allowance.take(cost) && this.#visitor.allowance.messages.take(cost);
  }

  #refuse(answer: readonly unknown[]): void {
    if (this.#patience.take(1)) return this.#send(answer);
    this.end();
    this.#visitor.wire.close('too many refused messages');
  }

  #send(answer: readonly unknown[]): void {
    this.#visitor.wire.send(JSON.stringify(answer));
  }
}

const slowDown = 'rate-limited: slow down a little';
const countless = 'unsupported: this relay does not count'; // as NIP-45 has it: a NOTICE would leave them waiting
const tooLarge = `invalid: an event is at most ${eventBytesMax} bytes`;
