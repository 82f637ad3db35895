/**
 * The present minute, so that "just now" becomes "an hour ago" while one looks.
 */
import { createSubscriber } from 'svelte/reactivity';
import { minuteMs, type Clock } from '../../base/clock.ts';

export class Now {
  readonly #clock: Clock;
  readonly #look: () => void;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#look = createSubscriber((update) => {
      let cancel = (): void => undefined;
      const next = (): void => {
        cancel = clock.after(minuteMs, () => {
          update();
          next();
        });
      };
      next();
      return () => cancel();
    });
  }

  get ms(): number {
    this.#look();
    return this.#clock.nowMs();
  }
}
