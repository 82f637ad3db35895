/**
 * How fast a relay is asked: at once, until it says "slow down", and then after pauses that grow while it goes on saying so.
 *
 * Shared by all that one connection asks, since the relay counts all of it.
 */
import { minuteMs, type Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { backOffMs } from './relay-connection.ts';

/** How often one thing is asked again before it is left for another time. */
export const limitedTriesMax = 5;

/** After this long without a "slow down" the next pause is a short one again. */
const forgivenMs = minuteMs;

export class RelayPace {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #waiting = new Set<() => void>();
  #pausedUntilMs = 0;
  #pauses = 0;
  #level = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Counts the pauses: what was asked before the last one began was refused together with it. */
  get pauses(): number {
    return this.#pauses;
  }

  /** Resolves when it is time to ask. */
  async wait(): Promise<void> {
    const leftMs = this.#pausedUntilMs - this.#clock.nowMs();
    if (leftMs <= 0) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        cancel();
        this.#waiting.delete(end);
        resolve();
      };
      const cancel = this.#clock.after(leftMs, end);
      this.#waiting.add(end);
    });
  }

  /** The relay said "slow down" to something that was asked when `pauses` was this. */
  limited(pauses: number): void {
    if (pauses !== this.#pauses) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#pausedUntilMs > forgivenMs) this.#level = 0;
    this.#pauses++;
    this.#pausedUntilMs = nowMs + backOffMs(this.#random, this.#level++);
  }

  /** Lets everyone go on: the connection that was asked too much is gone. */
  release(): void {
    this.#pausedUntilMs = 0;
    for (const end of [...this.#waiting]) end();
  }
}
