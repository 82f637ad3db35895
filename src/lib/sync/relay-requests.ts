/**
 * Asking a relay and getting its answers together again: NIP-01's EVENT and REQ, with NIP-42 in between where it is asked.
 *
 * What a relay sends unasked is dropped. Every question ends: answered, refused, or given up after `answerDeadlineMs`
 * without a sign. Source: NIP-01, NIP-42.
 */
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CarryFailure } from './envelope-carrier.ts';
import type { NostrKey, SignedEvent } from './nostr-key.ts';
import { answerDeadlineMs, type RelayConnection } from './relay-connection.ts';
import { isDuplicate, readRefusal } from './relay-refusal.ts';
import { RelaySignIn } from './relay-sign-in.ts';
import type { RelayTime } from './relay-time.ts';

/** A filter of NIP-01, as it goes on the wire. */
export type RelayFilter = Readonly<Record<string, unknown>>;

export interface SubscriptionHandlers {
  /** An event that a relay says fits; it is not verified, and may be anything. */
  onEvent(event: unknown): void;
  /** Everything stored has been handed out; what comes now is new. */
  onStored(): void;
  /** The subscription has ended, for whatever reason but our own. */
  onEnded(why: CarryFailure): void;
}

export interface RelayRequestsOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly time: RelayTime;
  readonly connection: RelayConnection;
  readonly loadKey: () => Promise<NostrKey | undefined>;
}

/** Signings-in that one question may wait for: the first may have been on its way when it was asked. */
const signInsMax = 2;

interface Subscription {
  readonly filter: RelayFilter;
  readonly handlers: SubscriptionHandlers;
  signIns: number;
}

export class RelayRequests {
  readonly #options: RelayRequestsOptions;
  readonly #signIn: RelaySignIn;
  readonly #subscriptions = new Map<string, Subscription>();
  /** What waits for an `OK`, by the event's id. */
  readonly #unanswered = new Map<string, (answer: Result<void, CarryFailure>) => void>();
  #asked = 0;
  /** Why nothing can be asked while not connected. */
  #gone: CarryFailure = { type: 'Offline' };

  constructor(options: RelayRequestsOptions) {
    this.#options = options;
    this.#signIn = new RelaySignIn({ ...options, say: (event) => this.#say('AUTH', event) });
  }

  /** Sends an event and resolves when the relay has taken it, or with why it did not. */
  async publish(event: SignedEvent): Promise<Result<void, CarryFailure>> {
    for (let signIns = 0; ; signIns++) {
      const answer = await this.#say('EVENT', event);
      if (answer.ok || answer.error.type !== 'AuthRequired' || signIns === signInsMax) return answer;
      const signedIn = await this.#signIn.done();
      if (!signedIn.ok) return signedIn;
    }
  }

  /** Hands out what is stored. `take` answers whether that was enough. */
  ask(filter: RelayFilter, take: (event: unknown) => boolean): Promise<Result<void, CarryFailure>> {
    return new Promise((resolve) => {
      const end = (answer: Result<void, CarryFailure>): void => {
        cancelDeadline();
        cancel();
        resolve(answer);
      };
      const awaitMore = () => this.#options.clock.after(answerDeadlineMs, () => end(err({ type: 'TimedOut' })));
      let cancelDeadline = awaitMore();
      const cancel = this.subscribe(filter, {
        onEvent: (event) => {
          cancelDeadline();
          cancelDeadline = awaitMore();
          if (take(event)) end(ok(undefined));
        },
        onStored: () => end(ok(undefined)),
        onEnded: (why) => end(err(why))
      });
    });
  }

  /** Asks for what is stored and what is to come; the returned function ends it. Nothing is called before this returns. */
  subscribe(filter: RelayFilter, handlers: SubscriptionHandlers): () => void {
    const id = `m${this.#asked++}`;
    const subscription: Subscription = { filter, handlers, signIns: 0 };
    this.#subscriptions.set(id, subscription);
    if (!this.#options.connection.send(['REQ', id, filter])) {
      queueMicrotask(() => this.#end(id, this.#gone));
    }
    return () => {
      if (this.#subscriptions.delete(id)) this.#options.connection.send(['CLOSE', id]);
    };
  }

  /** A message that came from the relay. */
  receive([verb, subject, ...rest]: readonly unknown[]): void {
    if (verb === 'AUTH') return this.#signIn.challenged(subject);
    if (typeof subject !== 'string') return; // NOTICE: for people and for logs
    if (verb === 'OK') this.#answered(subject, rest);
    else if (verb === 'EVENT') this.#subscriptions.get(subject)?.handlers.onEvent(rest[0]);
    else if (verb === 'EOSE') this.#subscriptions.get(subject)?.handlers.onStored();
    else if (verb === 'CLOSED') void this.#closed(subject, readRefusal(rest[0]));
  }

  /** The connection has gone, and all that was asked on it. */
  reset(why: CarryFailure): void {
    this.#gone = why;
    this.#signIn.reset(why);
    for (const id of [...this.#subscriptions.keys()]) this.#end(id, why);
    for (const answer of [...this.#unanswered.values()]) answer(err(why));
  }

  #say(verb: 'EVENT' | 'AUTH', event: SignedEvent): Promise<Result<void, CarryFailure>> {
    return new Promise((resolve) => {
      if (!this.#options.connection.send([verb, event])) return resolve(err(this.#gone));
      const answer = (answered: Result<void, CarryFailure>): void => {
        cancel();
        this.#unanswered.delete(event.id);
        resolve(answered);
      };
      const cancel = this.#options.clock.after(answerDeadlineMs, () => answer(err({ type: 'TimedOut' })));
      this.#unanswered.set(event.id, answer);
    });
  }

  #answered(eventId: string, [isTaken, reason]: readonly unknown[]): void {
    const answer = this.#unanswered.get(eventId);
    answer?.(isTaken === true || isDuplicate(reason) ? ok(undefined) : err(readRefusal(reason)));
  }

  async #closed(id: string, why: CarryFailure): Promise<void> {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    if (why.type !== 'AuthRequired' || subscription.signIns++ === signInsMax) return this.#end(id, why);
    const signedIn = await this.#signIn.done();
    // Meanwhile it may have been ended from here.
    if (this.#subscriptions.get(id) !== subscription) return;
    if (!signedIn.ok) this.#end(id, signedIn.error);
    else if (!this.#options.connection.send(['REQ', id, subscription.filter])) this.#end(id, this.#gone);
  }

  #end(id: string, why: CarryFailure): void {
    const subscription = this.#subscriptions.get(id);
    this.#subscriptions.delete(id);
    subscription?.handlers.onEnded(why);
  }
}
