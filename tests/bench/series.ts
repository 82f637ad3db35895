/**
 * Numbers from several runs, and what is said of them: the median, and the spread around it.
 */
export interface Series {
  readonly values: readonly number[];
}

/** Runs a measurement `times` times, one after another. */
export const measureTimes = async (times: number, measure: (turn: number) => Promise<number>): Promise<Series> => {
  const values: number[] = [];
  for (let turn = 0; turn < times; turn++) values.push(await measure(turn));
  return { values };
};

export const median = ({ values }: Series): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
};

/** "12.3 ms (10.1–19.8, median of 9)". */
export const describeMs = (series: Series): string => {
  const [low, high] = [Math.min(...series.values), Math.max(...series.values)];
  return `${milliseconds(median(series))} (${low.toFixed(1)}–${high.toFixed(1)}, median of ${series.values.length})`;
};

export const milliseconds = (ms: number): string => `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
