/** A clock that moves only when a test moves it. */
import type { Clock } from '../../../src/lib/base/clock.ts';

/** A Wednesday noon that all these tests happen around. */
export const noonMs = Date.UTC(2026, 2, 4, 12);

export class HandClock implements Clock {
  #nowMs: number;

  constructor(nowMs: number = noonMs) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Nothing under test here waits; a timer that is set is never due. */
  after(): () => void {
    return () => undefined;
  }

  set(nowMs: number): void {
    this.#nowMs = nowMs;
  }
}
