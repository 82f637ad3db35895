/**
 * The protocol of the relay, one connection at a time: NIP-01, for ephemeral events.
 *
 * It knows texts and connections, not sockets: `relay-sockets.ts` brings those. What is accepted goes to every
 * subscription it matches, the sender's own included, and is forgotten. Kinds that would have to be stored are refused
 * in `#event`; a store would answer there, and in `#req` before EOSE.
 */
import type { Clock } from '../lib/base/clock.ts';
import { err, ok, type Result } from '../lib/base/result.ts';
import { isEphemeral, isHex32, isObject, parseEvent, verifyEvent, type NostrEvent } from './event.ts';
import { parseFilter, type Filter } from './filter.ts';
import {
  bytesPerToken,
  filtersMax,
  patienceMax,
  patiencePerSecond,
  subscriptionIdLengthMax,
  subscriptionsMax,
  tokensMax,
  tokensPerSecond
} from './limits.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** The far end of a connection, as the protocol needs it. */
export interface Wire {
  send(text: string): void;
  /** Ends the connection because of what it did; `reason` is for the client. */
  close(reason: string): void;
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

export interface NostrRelay {
  connect(wire: Wire): RelayConnection;
}

export const createNostrRelay = (clock: Clock): NostrRelay => {
  const subscriptions = createSubscriptions<Wire>();
  return { connect: (wire) => new Connection(clock, subscriptions, wire) };
};

class Connection implements RelayConnection {
  readonly #subscriptions: Subscriptions<Wire>;
  readonly #wire: Wire;
  readonly #allowance: TokenBucket;
  readonly #patience: TokenBucket;
  #ended = false;

  constructor(clock: Clock, subscriptions: Subscriptions<Wire>, wire: Wire) {
    this.#subscriptions = subscriptions;
    this.#wire = wire;
    this.#allowance = createTokenBucket(clock, tokensMax, tokensPerSecond);
    this.#patience = createTokenBucket(clock, patienceMax, patiencePerSecond);
  }

  receive(text: string, bytes: number): void {
    if (this.#ended) return;
    const message = parseMessage(text);
    const isAllowed = this.#allowance.take(frameCost(bytes));
    if (!message.ok) return this.#refuse(['NOTICE', `invalid: ${message.error}`]);
    const [verb, ...rest] = message.value;
    if (verb === 'EVENT') this.#event(rest[0], isAllowed);
    else if (verb === 'REQ') this.#req(rest[0], rest.slice(1), isAllowed);
    else if (verb === 'CLOSE') this.#close(rest[0], isAllowed);
    else this.#refuse(['NOTICE', 'unsupported: this relay understands EVENT, REQ and CLOSE']);
  }

  receiveBinary(bytes: number): void {
    if (this.#ended) return;
    this.#allowance.take(frameCost(bytes));
    this.#refuse(['NOTICE', 'invalid: a message is text, not bytes']);
  }

  end(): void {
    this.#ended = true;
    this.#subscriptions.forget(this.#wire);
  }

  #event(value: unknown, isAllowed: boolean): void {
    const id = isObject(value) && isHex32(value.id) ? value.id : undefined;
    const refuse = (reason: string): void =>
      this.#refuse(id === undefined ? ['NOTICE', reason] : ['OK', id, false, reason]);
    if (!isAllowed) return refuse(slowDown);
    const event = parseEvent(value);
    if (!event.ok) return refuse(`invalid: ${event.error}`);
    // Checked before the signature: what will not be taken anyway is not worth a millisecond.
    if (!isEphemeral(event.value.kind)) return refuse('blocked: this relay takes ephemeral events only');
    const verified = verifyEvent(event.value);
    if (!verified.ok) return refuse(`invalid: ${verified.error}`);
    this.#send(['OK', event.value.id, true, '']);
    this.#deliver(event.value);
  }

  #deliver(event: NostrEvent): void {
    const eventText = JSON.stringify(event);
    for (const { listener, subscriptionId } of this.#subscriptions.matching(event)) {
      listener.send(`["EVENT",${JSON.stringify(subscriptionId)},${eventText}]`);
    }
  }

  #req(id: unknown, filterValues: readonly unknown[], isAllowed: boolean): void {
    if (!isSubscriptionId(id)) return this.#refuse(['NOTICE', `invalid: ${subscriptionIdRule}`]);
    if (!isAllowed) return this.#endSubscription(id, slowDown);
    const filters = parseFilters(filterValues);
    if (!filters.ok) return this.#endSubscription(id, `invalid: ${filters.error}`);
    if (!this.#subscriptions.set(this.#wire, id, filters.value)) {
      return this.#endSubscription(id, `blocked: at most ${subscriptionsMax} subscriptions on one connection`);
    }
    this.#send(['EOSE', id]);
  }

  #close(id: unknown, isAllowed: boolean): void {
    if (!isSubscriptionId(id)) return this.#refuse(['NOTICE', `invalid: ${subscriptionIdRule}`]);
    this.#subscriptions.delete(this.#wire, id);
    // Listening to less is always granted, but it is no way around the allowance.
    if (!isAllowed) this.#refuse(['NOTICE', slowDown]);
  }

  /** A refused REQ also ends the one it would have replaced: that is what CLOSED tells the client. */
  #endSubscription(id: string, reason: string): void {
    this.#subscriptions.delete(this.#wire, id);
    this.#refuse(['CLOSED', id, reason]);
  }

  #refuse(answer: readonly unknown[]): void {
    if (this.#patience.take(1)) return this.#send(answer);
    this.end();
    this.#wire.close('too many refused messages');
  }

  #send(answer: readonly unknown[]): void {
    this.#wire.send(JSON.stringify(answer));
  }
}

const slowDown = 'rate-limited: slow down a little';
const subscriptionIdRule = `a subscription id is a text of 1 to ${subscriptionIdLengthMax} letters`;

const isSubscriptionId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= subscriptionIdLengthMax;

const frameCost = (bytes: number): number => 1 + Math.floor(bytes / bytesPerToken);

const parseMessage = (text: string): Result<readonly unknown[], string> => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? ok(value) : err('a message is a JSON array');
  } catch {
    return err('a message is JSON'); // parsing fails for no other reason
  }
};

const parseFilters = (values: readonly unknown[]): Result<Filter[], string> => {
  if (values.length === 0) return err('a REQ holds at least one filter');
  if (values.length > filtersMax) return err(`at most ${filtersMax} filters`);
  const filters: Filter[] = [];
  for (const value of values) {
    const filter = parseFilter(value);
    if (!filter.ok) return filter;
    filters.push(filter.value);
  }
  return ok(filters);
};
