/**
 * When to say "I am here": at once after a change, then ever more rarely, and not at all while nobody is missing.
 *
 * Delays double from `reannounceMinMs` to `reannounceMaxMs`, each shortened by up to half at random, so that devices
 * that lost the route together do not return in step.
 */
import { secondMs, type Clock } from '../base/clock.ts';
import { reannounceMaxMs, reannounceMinMs } from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';

/** A page that wakes hears of it several times over; one announcement answers them all. */
const hurryPauseMs = secondMs;

export interface AnnouncerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Whether announcing is of use now: the route is there and somebody is missing. Asked each time. */
  isNeeded(): boolean;
  announce(): void;
}

/** Silent until the first `hurry` or `restart`. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  #delayMs = reannounceMinMs;
  #cancelNext: () => void = () => undefined;
  #cancelPause: (() => void) | undefined;
  #isHurryOwed = false;
  #isStopped = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** Announces now, or soon where it just did, and starts the delays anew. */
  hurry(): void {
    if (this.#isStopped) return;
    if (this.#cancelPause !== undefined) {
      this.#isHurryOwed = true;
      return;
    }
    this.#cancelPause = this.#options.clock.after(hurryPauseMs, () => {
      this.#cancelPause = undefined;
      const isOwed = this.#isHurryOwed;
      this.#isHurryOwed = false;
      if (isOwed) this.hurry();
    });
    this.#delayMs = reannounceMinMs;
    this.#tick();
  }

  /** Starts the delays anew: a peer has gone and may come back. */
  restart(): void {
    this.#delayMs = reannounceMinMs;
    this.#schedule();
  }

  /** Ends both timers for good. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelNext();
    this.#cancelPause?.();
  }

  #tick(): void {
    if (this.#options.isNeeded()) this.#options.announce();
    this.#schedule();
  }

  #schedule(): void {
    this.#cancelNext();
    if (this.#isStopped) return;
    const delayMs = jitterMs(this.#options.random, this.#delayMs / 2, this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, reannounceMaxMs);
    this.#cancelNext = this.#options.clock.after(delayMs, () => this.#tick());
  }
}
