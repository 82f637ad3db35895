/**
 * Takes out what has expired, at the start and every `sweepMs`, a batch at a time so that others are served between.
 */
import type { Clock } from '../lib/base/clock.ts';
import { sweepMs, sweepRowsMax } from './limits.ts';
import type { MailStore } from './mail-store.ts';

/** `swept` hears how many events went, after each sweep that found any. The returned function ends it. */
export const startMailSweep = (store: MailStore, clock: Clock, swept: (events: number) => void): (() => void) => {
  let found = 0;
  let cancel = (): void => undefined;
  const sweep = (): void => {
    const gone = store.sweep();
    found += gone;
    if (gone === sweepRowsMax) {
      cancel = clock.after(0, sweep);
      return;
    }
    if (found > 0) swept(found);
    found = 0;
    cancel = clock.after(sweepMs, sweep);
  };
  sweep();
  return () => cancel();
};
