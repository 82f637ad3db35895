import { expect, test } from 'vitest';
import { feelings } from '../../../src/lib/care/feelings.ts';

test('thirty-six words, each once, nine to a quarter of the field', () => {
  expect(new Set(feelings.map(({ id }) => id)).size).toBe(36);
  const quarters = new Map<string, number>();
  for (const { pleasantness, energy } of feelings) {
    const quarter = `${pleasantness > 0}/${energy > 0}`;
    quarters.set(quarter, (quarters.get(quarter) ?? 0) + 1);
  }
  expect([...quarters.values()]).toEqual([9, 9, 9, 9]);
});

test('every word stands on the field, and no two in one place', () => {
  for (const { pleasantness, energy } of feelings)
    for (const value of [pleasantness, energy]) {
      expect(Number.isInteger(value)).toBe(true);
      expect(Math.abs(value)).toBeLessThanOrEqual(100);
    }
  expect(new Set(feelings.map(({ pleasantness, energy }) => `${pleasantness}/${energy}`)).size).toBe(feelings.length);
});
