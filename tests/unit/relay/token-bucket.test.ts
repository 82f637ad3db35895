/** A burst, then a steady rate. */
import { expect, test } from 'vitest';
import { createTokenBucket } from '../../../src/relay/token-bucket.ts';
import { createHandClock } from './hand-clock.ts';

test('lets a burst through, then what it earns', () => {
  const clock = createHandClock();
  const bucket = createTokenBucket(clock, 3, 2);
  expect([1, 1, 1, 1].map((cost) => bucket.take(cost))).toEqual([true, true, true, false]);
  clock.advance(500);
  expect(bucket.take(1)).toBe(true);
  expect(bucket.take(1)).toBe(false);
});

test('takes nothing where there is too little, and holds no more than it is made for', () => {
  const clock = createHandClock();
  const bucket = createTokenBucket(clock, 3, 2);
  clock.advance(3_600_000);
  expect(bucket.take(4)).toBe(false);
  expect(bucket.take(3)).toBe(true);
  expect(bucket.take(1)).toBe(false);
});

test('earns nothing from a clock that is set back', () => {
  let nowMs = 1000;
  const bucket = createTokenBucket({ nowMs: () => nowMs, after: () => () => undefined }, 1, 1);
  expect(bucket.take(1)).toBe(true);
  nowMs = 0;
  expect(bucket.take(1)).toBe(false);
  nowMs = 1000;
  expect(bucket.take(1)).toBe(true);
});

test('takes back what was not used, and knows when nothing is missing', () => {
  const clock = createHandClock();
  const bucket = createTokenBucket(clock, 3, 1);
  expect(bucket.isFull()).toBe(true);
  expect(bucket.take(2)).toBe(true);
  expect(bucket.isFull()).toBe(false);
  bucket.giveBack(2);
  expect(bucket.isFull()).toBe(true);
  bucket.giveBack(2);
  expect(bucket.take(4)).toBe(false);
  expect(bucket.take(1)).toBe(true);
  clock.advance(1000);
  expect(bucket.isFull()).toBe(true);
});
