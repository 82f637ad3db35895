/**
 * Signing in to a relay (NIP-42): proving to hold the mailbox's key, when the relay asks for it.
 *
 * One per mailbox, begun anew with each connection. The key is the mailbox's own, so a relay that knows it learns nothing.
 */
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CarryFailure } from './envelope-carrier.ts';
import type { NostrKey, SignedEvent } from './nostr-key.ts';
import { answerDeadlineMs } from './relay-connection.ts';
import type { RelayTime } from './relay-time.ts';

export interface RelaySignInOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly time: RelayTime;
  /** Undefined where the curve could not be loaded. */
  readonly loadKey: () => Promise<NostrKey | undefined>;
  /** Sends the answer to a challenge, and resolves with the relay's `OK`. */
  readonly say: (event: SignedEvent) => Promise<Result<void, CarryFailure>>;
}

/** A client's answer to a challenge. */
const signInKind = 22_242;
const challengeLengthMax = 1024;
/** A relay that asks for us names its challenge when one connects, or with its refusal: then this is ample. */
const challengeDeadlineMs = answerDeadlineMs / 2;
/** Challenges that one connection may make; each costs a signature. */
const challengesMax = 8;

type SignedIn = Result<void, CarryFailure>;

export class RelaySignIn {
  readonly #options: RelaySignInOptions;
  readonly #waiting = new Set<(attempt: Promise<SignedIn>) => void>();
  #attempt: Promise<SignedIn> | undefined;
  #challenges = 0;

  constructor(options: RelaySignInOptions) {
    this.#options = options;
  }

  /** The relay wants to know who we are: told at once, since it will ask for it anyway. */
  challenged(challenge: unknown): void {
    if (typeof challenge !== 'string' || challenge === '' || challenge.length > challengeLengthMax) return;
    if (++this.#challenges > challengesMax) return;
    this.#attempt = this.#signIn(challenge);
    for (const take of [...this.#waiting]) take(this.#attempt);
  }

  /** Resolves when the relay has answered our last signing-in; waits for its challenge where there was none yet. */
  done(): Promise<SignedIn> {
    if (this.#attempt !== undefined) return this.#attempt;
    return new Promise((resolve) => {
      const take = (attempt: Promise<SignedIn>): void => {
        cancel();
        this.#waiting.delete(take);
        resolve(attempt);
      };
      const unasked = err<CarryFailure>({ type: 'AuthRequired', reason: '' });
      const cancel = this.#options.clock.after(challengeDeadlineMs, () => take(Promise.resolve(unasked)));
      this.#waiting.add(take);
    });
  }

  /** The connection has gone, and its challenge with it. */
  reset(why: CarryFailure): void {
    this.#attempt = undefined;
    this.#challenges = 0;
    for (const take of [...this.#waiting]) take(Promise.resolve(err(why)));
  }

  async #signIn(challenge: string): Promise<SignedIn> {
    const { url, time, loadKey, say } = this.#options;
    const key = await loadKey();
    if (key === undefined) return err({ type: 'Offline' });
    for (let hasLearned = false; ; hasLearned = true) {
      const created_at = time.nowS();
      const tags = [
        ['relay', url],
        ['challenge', challenge]
      ];
      const answer = await say(await key.sign({ created_at, kind: signInKind, tags, content: '' }));
      if (answer.ok) return ok(undefined);
      if (answer.error.type !== 'Refused') return answer;
      const { reason } = answer.error;
      if (hasLearned || !time.learn(reason, created_at)) return err({ type: 'AuthRequired', reason });
    }
  }
}
