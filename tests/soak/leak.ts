/**
 * Whether what a page holds on to grows: the second half of its readings beside the first, by their medians.
 */
import type { Reading } from './reading.ts';

interface Tolerance {
  readonly what: keyof Reading;
  /** How much more the second half may hold. The words that were said meanwhile are kept, and are part of it. */
  readonly factor: number;
  readonly more: number;
}

const tolerances: readonly Tolerance[] = [
  { what: 'heapBytes', factor: 1.1, more: 1_500_000 },
  { what: 'nodes', factor: 1.1, more: 500 },
  // An engine that was stopped a moment ago waits for its last timer; one reading in twenty saw hundreds.
  { what: 'listeners', factor: 1.1, more: 400 },
  { what: 'documents', factor: 1, more: 0 },
  { what: 'connections', factor: 1, more: 0 },
  { what: 'sockets', factor: 1, more: 0 }
];

/** What grew, in words. */
export const leaksOf = (name: string, readings: readonly Reading[]): string[] => {
  const middle = readings.length / 2;
  return tolerances.flatMap(({ what, factor, more }) => {
    const first = median(readings.slice(0, middle).map((reading) => reading[what]));
    const second = median(readings.slice(middle).map((reading) => reading[what]));
    // Written so that a figure that is none is a leak too.
    return second <= first * factor + more ? [] : [`${name}: ${what} grew from ${first} to ${second}`];
  });
};

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN)) / 2
  );
};
