/**
 * How long lives are: minutes pass between one thing and the next, and in some runs days now and then, so that they last for weeks.
 */
import { dayMs, hourMs } from '../../src/lib/base/clock.ts';
import type { SeededRandom } from './seeded-random.ts';

export class Calendar {
  readonly #random: SeededRandom;
  readonly #lastsWeeks: boolean;

  constructor(random: SeededRandom, mayLast: boolean) {
    this.#random = random;
    this.#lastsWeeks = random.chance(0.25) && mayLast;
  }

  /** How long nothing happens before the next thing; mostly no time at all. */
  pauseMs(): number {
    return this.#lastsWeeks && this.#random.chance(0.3)
      ? this.#random.whole(1, 6) * dayMs + this.#random.whole(0, 20) * hourMs
      : 0;
  }
}
