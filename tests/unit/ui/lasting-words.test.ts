import { expect, test } from 'vitest';
import { dayMs, hourMs } from '../../../src/lib/base/clock.ts';
import { fadesWords } from '../../../src/lib/ui/lasting-words.ts';

/** A Thursday at half past eight in the evening, here. */
const now = new Date(2026, 4, 14, 20, 30).getTime();

test.each([
  [2 * hourMs, 'Gone later today.'],
  [-hourMs, 'Gone later today.'],
  [5 * hourMs, 'Gone tomorrow.'],
  [dayMs, 'Gone tomorrow.'],
  [2 * dayMs, 'Gone in a few days.'],
  [6 * dayMs, 'Gone in a few days.'],
  [7 * dayMs, 'Gone in a week.'],
  [40 * dayMs, 'Gone in a while.']
])('in %d ms: %s', (aheadMs, words) => {
  expect(fadesWords(now + aheadMs, now)).toBe(words);
});

test('a day on which the clocks change is a day', () => {
  const at = (month: number, day: number): number => new Date(2026, month, day, 12).getTime();
  const springAndAutumn = [
    [2, 7],
    [2, 28],
    [9, 24],
    [9, 31]
  ] as const;
  for (const [month, day] of springAndAutumn)
    expect(fadesWords(at(month, day + 1), at(month, day))).toBe('Gone tomorrow.');
});

test('no time at all is not worded', () => {
  for (const nothing of [Number.NaN, Infinity, -Infinity]) expect(fadesWords(nothing, now)).toBe('');
});
