/**
 * A token bucket: lets a burst through, then a steady rate.
 */
import { secondMs, type Clock } from '../lib/base/clock.ts';

export interface TokenBucket {
  /** Takes `cost` tokens, or none at all where fewer are left: then it answers false. */
  take(cost: number): boolean;
}

/** Full at first with `tokensMax`, and filled again by `tokensPerSecond`. A clock set back fills nothing. */
export const createTokenBucket = (clock: Clock, tokensMax: number, tokensPerSecond: number): TokenBucket => {
  let tokens = tokensMax;
  let filledAtMs = clock.nowMs();
  return {
    take(cost) {
      const nowMs = clock.nowMs();
      const earned = (Math.max(0, nowMs - filledAtMs) / secondMs) * tokensPerSecond;
      filledAtMs = nowMs;
      tokens = Math.min(tokensMax, tokens + earned);
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    }
  };
};
