/** A clock that a test turns by hand: timers run when, and only when, it is moved past them. */
import type { Clock } from '../../../src/lib/base/clock.ts';

export interface HandClock extends Clock {
  /** Moves time on, running what falls due in its order. */
  advance(byMs: number): void;
  /** How long until the next timer, or undefined without one. */
  nextMs(): number | undefined;
}

export const createHandClock = (nowMs = 1_700_000_000_000): HandClock => {
  let now = nowMs;
  const timers = new Set<{ readonly atMs: number; readonly task: () => void }>();
  const earliest = () => [...timers].sort((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => now,
    after(delayMs, task) {
      const timer = { atMs: now + delayMs, task };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(byMs) {
      const untilMs = now + byMs;
      for (let timer = earliest(); timer !== undefined && timer.atMs <= untilMs; timer = earliest()) {
        timers.delete(timer);
        now = timer.atMs;
        timer.task();
      }
      now = untilMs;
    },
    nextMs: () => {
      const timer = earliest();
      return timer === undefined ? undefined : timer.atMs - now;
    }
  };
};
