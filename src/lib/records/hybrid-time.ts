/**
 * Hybrid logical time: what a device's clock said, pushed forward so that an answer is never dated before its question.
 *
 * Source: Kulkarni et al., "Logical Physical Clocks", 2014. `ms` is milliseconds since 1970; `count` orders what
 * happened within one millisecond.
 */
export interface HybridTime {
  readonly ms: number;
  readonly count: number;
}

export const compareHybridTime = (a: HybridTime, b: HybridTime): number => a.ms - b.ms || a.count - b.count;

/** The next time to stamp, after everything said or seen so far (`last`). */
export const tick = (last: HybridTime, nowMs: number): HybridTime =>
  nowMs > last.ms ? { ms: nowMs, count: 0 } : { ms: last.ms, count: last.count + 1 };

export const laterOf = (a: HybridTime, b: HybridTime): HybridTime => (compareHybridTime(a, b) >= 0 ? a : b);
