/** Whether somebody comes back after a silence of their own. */
import { expect, test } from 'vitest';
import { isBackAfterSilence } from '../../../src/lib/app/silence.ts';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { noonMs } from '../base/hand-clock.ts';

test.each([
  ['just now', noonMs, false],
  ['six days ago', noonMs - 6 * dayMs, false],
  ['a moment short of a week ago', noonMs - 7 * dayMs + 1, false],
  ['a week ago', noonMs - 7 * dayMs, true],
  ['two years ago', noonMs - 730 * dayMs, true],
  ['next month, by a clock that was set back', noonMs + 30 * dayMs, false],
  ['never', null, false]
])('last said %s', (_, lastSaidAtMs, back) => {
  expect(isBackAfterSilence(lastSaidAtMs, noonMs)).toBe(back);
});
