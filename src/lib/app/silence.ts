/**
 * Coming back: whether this is somebody's return after a silence of their own, so that they can be told it is good to see
 * them. The gap itself is never shown, measured for anyone, or told to friends.
 */
import { dayMs } from '../base/clock.ts';

/** From when on a silence is one. */
export const silenceMs = 7 * dayMs;

/**
 * `lastSaidAtMs`: when they last said how they are in this circle, milliseconds since 1970; `null` if they never did, and
 * then there is nothing to come back to. A time ahead of `nowMs` (a clock that was set back) is no silence.
 */
export const isBackAfterSilence = (lastSaidAtMs: number | null, nowMs: number): boolean =>
  lastSaidAtMs !== null && nowMs - lastSaidAtMs >= silenceMs;
