/** Times of day, in and out of a clock's box. */
import { describe, expect, test } from 'vitest';
import { clockValue, clockWords, eveningMs, nextClockMs } from '../../../src/lib/ui/clock-time.ts';

const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 4, day, hours, minutes).getTime();

describe('a time of day that lies ahead', () => {
  test('is later today, or tomorrow where the clock has passed it', () => {
    expect(nextClockMs('21:00', at(14, 20, 30))).toBe(at(14, 21));
    expect(nextClockMs('20:30', at(14, 20, 30))).toBe(at(15, 20, 30));
    expect(nextClockMs('00:05', at(14, 20, 30))).toBe(at(15, 0, 5));
    expect(nextClockMs('09:15:30', at(14, 8))).toBe(at(14, 9, 15));
  });

  test('is nothing while the box is empty', () => {
    expect(nextClockMs('', at(14, 8))).toBeNull();
  });

  test('goes back into the box as it came out', () => {
    for (const value of ['00:00', '09:05', '21:00', '23:59'])
      expect(clockValue(nextClockMs(value, at(14, 12)) ?? 0)).toBe(value);
  });

  test('is said as people say it', () => {
    expect(clockWords(at(14, 21))).toMatch(/^9:00\sPM$/);
  });

  test('begins at nine, or some hours on where that is near or past', () => {
    expect(eveningMs(at(14, 8))).toBe(at(14, 21));
    expect(eveningMs(at(14, 20))).toBe(at(14, 21));
    expect(eveningMs(at(14, 20, 31))).toBe(at(14, 22, 45));
    expect(eveningMs(at(14, 23, 50))).toBe(at(15, 2));
  });
});
