/**
 * This device's clock, set right where it is far off (docs/protocol.md CL1–CL3).
 *
 * More than a day from the server's time, or behind two friends' records by more than a day, the app says so, lets
 * nothing fade, and stamps what is said with the time that the others have.
 */
import { systemClock, type Clock } from '../base/clock.ts';
import type { PersonId } from '../base/ids.ts';
import { clockSkewNoticeMs } from '../base/limits.ts';

export class CorrectedClock implements Clock {
  readonly #clock: Clock;
  #offsetMs = 0;
  readonly #aheadMsByPerson = new Map<PersonId, number>();
  #askedServer = false;
  readonly #onFarOff: () => void;

  constructor(onFarOff: () => void, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#onFarOff = onFarOff;
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#offsetMs;
  }

  after(delayMs: number, task: () => void): () => void {
    return this.#clock.after(delayMs, task);
  }

  get isFarOff(): boolean {
    return this.#offsetMs !== 0;
  }

  /** A server said what time it is. From then on it is believed before any friend. */
  heardServer(serverNowMs: number): void {
    this.#askedServer = true;
    this.#correct(serverNowMs - this.#clock.nowMs());
  }

  /** A friend's record is dated so far ahead that it waits until `untilMs`; two people's are taken as the time. */
  heardFriend(person: PersonId, untilMs: number): void {
    if (this.#askedServer) return;
    this.#aheadMsByPerson.set(person, untilMs - this.#clock.nowMs());
    const ahead = [...this.#aheadMsByPerson.values()];
    if (ahead.length >= 2) this.#correct(Math.min(...ahead) + clockSkewNoticeMs);
  }

  #correct(offsetMs: number): void {
    const farOff = Math.abs(offsetMs) > clockSkewNoticeMs;
    this.#offsetMs = farOff ? offsetMs : 0;
    if (farOff) this.#onFarOff();
  }
}
