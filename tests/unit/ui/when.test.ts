import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../src/lib/base/clock.ts';
import { paleness, whenWords } from '../../../src/lib/ui/when.ts';

/** A Thursday at half past eight in the evening, here. */
const now = new Date(2026, 4, 14, 20, 30).getTime();
const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 4, day, hours, minutes).getTime();

describe('when something was said', () => {
  test.each([
    [now, 'just now'],
    [now - 90 * secondMs, 'just now'],
    [now - 20 * minuteMs, '20 minutes ago'],
    [now - 75 * minuteMs, 'an hour ago'],
    [at(14, 18), 'this evening'],
    [at(14, 13), 'this afternoon'],
    [at(14, 8, 5), 'this morning'],
    [at(14, 2), 'last night'],
    [at(13, 23), 'yesterday'],
    [at(13, 0, 10), 'yesterday'],
    [at(11, 12), '3 days ago'],
    [at(7, 12), 'last week'],
    [at(14, 12) - 14 * dayMs, '2 weeks ago'],
    [at(14, 12) - 75 * dayMs, '2 months ago'],
    [new Date(2024, 6, 3).getTime(), 'July 2024']
  ])('%d is %s', (saidAtMs, words) => {
    expect(whenWords(saidAtMs, now)).toBe(words);
  });

  test('a little ahead is now; far ahead, long before the app, or no number at all is unclear', () => {
    expect(whenWords(now + 4 * minuteMs, now)).toBe('just now');
    for (const impossible of [now + hourMs, now + 4000 * dayMs, 0, -1, Number.NaN, Infinity, -Infinity, 8.64e15])
      expect(whenWords(impossible, now)).toBe('time unclear');
    expect(whenWords(now, 0)).toBe('time unclear');
  });

  test('an hour before midnight is an hour ago, not yesterday', () => {
    expect(whenWords(at(13, 23, 10), at(14, 0, 20))).toBe('an hour ago');
  });
});

test('a picture pales slowly, within a week, and never for a wrong clock', () => {
  expect(paleness(now, now)).toBe(0);
  expect(paleness(now - 11 * hourMs, now)).toBe(0);
  expect(paleness(now - 3 * dayMs, now)).toBeGreaterThan(0.2);
  expect(paleness(now - 3 * dayMs, now)).toBeLessThan(0.6);
  expect(paleness(now - 900 * dayMs, now)).toBe(1);
  expect(paleness(now + 900 * dayMs, now)).toBe(0);
  expect(paleness(Number.NaN, now)).toBe(0);
});
