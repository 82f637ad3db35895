/**
 * A token bucket: lets a burst through, then a steady rate.
 */
import { secondMs, type Clock } from '../lib/base/clock.ts';

export interface TokenBucket {
  /** Takes `cost` tokens, or none at all where fewer are left: then it answers false. */
  take(cost: number): boolean;
  /** Gives back what was taken for something that then cost nothing. */
  giveBack(cost: number): void;
  /** Whether nothing is missing: such a bucket is no different from a new one. */
  isFull(): boolean;
}

/** Full at first with `tokensMax`, and filled again by `tokensPerSecond`. A clock set back fills nothing. */
export const createTokenBucket = (clock: Clock, tokensMax: number, tokensPerSecond: number): TokenBucket => {
  let tokens = tokensMax;
  let filledAtMs = clock.nowMs();
  const fill = (): number => {
    const nowMs = clock.nowMs();
    const earned = (Math.max(0, nowMs - filledAtMs) / secondMs) * tokensPerSecond;
    filledAtMs = nowMs;
    return (tokens = Math.min(tokensMax, tokens + earned));
  };
  return {
    take(cost) {
      if (fill() < cost) return false;
      tokens -= cost;
      return true;
    },
    giveBack(cost) {
      tokens = Math.min(tokensMax, tokens + cost);
    },
    isFull: () => fill() === tokensMax
  };
};
