/**
 * How far phones' clocks are off in one run: hours in most; else minutes, days where a server tells the time, or some days behind where
 * nobody does and friends' records are all there is to go by.
 */
import { dayMs, hourMs, minuteMs } from '../../src/lib/base/clock.ts';
import type { SeededRandom } from './seeded-random.ts';

/** `days`: ahead or behind, and each phone hears the server's time when it wakes. `behind`: nobody says what time it is. */
export type ClockTrouble = 'minutes' | 'hours' | 'days' | 'behind';

export class Clocks {
  readonly trouble: ClockTrouble;

  constructor(random: SeededRandom, mayBeFarOff: boolean) {
    const drawn = random.pick<ClockTrouble>(['minutes', 'hours', 'hours', 'days', 'behind']) ?? 'hours';
    this.trouble = mayBeFarOff ? drawn : 'hours';
  }

  get areFarOff(): boolean {
    return this.trouble === 'days' || this.trouble === 'behind';
  }

  get hasServer(): boolean {
    return this.trouble === 'days';
  }

  /** For one phone, which has a stream of its own. */
  skewMsOf(random: SeededRandom, ofPhone: SeededRandom): number {
    const hoursMs = random.whole(-3 * hourMs, 3 * hourMs);
    if (this.trouble === 'hours') return hoursMs;
    const apart = ofPhone.fork('clock');
    if (this.trouble === 'minutes') return apart.whole(-10 * minuteMs, 10 * minuteMs);
    if (apart.chance(0.6)) return hoursMs;
    const days = apart.whole(1, 9) * (this.trouble === 'behind' || apart.chance(0.5) ? -1 : 1);
    return hoursMs + days * dayMs + Math.sign(days) * 4 * hourMs;
  }
}
