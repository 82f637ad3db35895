/** When a device says that it is here. */
import { expect, test } from 'vitest';
import { reannounceMaxMs, reannounceMinMs } from '../../../src/lib/base/limits.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { Announcer } from '../../../src/lib/sync/announcer.ts';
import { createHandClock } from '../relay/hand-clock.ts';

const hourMs = 3_600_000;

const createAnnouncer = (isNeeded = () => true) => {
  const clock = createHandClock();
  const startMs = clock.nowMs();
  const atMs: number[] = [];
  const announcer = new Announcer({
    clock,
    random: systemRandom,
    isNeeded,
    announce: () => atMs.push(clock.nowMs() - startMs)
  });
  return { clock, atMs, announcer };
};

const gapsOf = (atMs: readonly number[]): number[] => atMs.slice(1).map((at, i) => at - (atMs[i] ?? 0));

test('says nothing before it is asked to', () => {
  const { clock, atMs } = createAnnouncer();
  clock.advance(hourMs);
  expect(atMs).toEqual([]);
});

test('announces at once, then ever more rarely, and never stops asking', () => {
  const { clock, atMs, announcer } = createAnnouncer();
  announcer.hurry();
  expect(atMs).toEqual([0]);
  clock.advance(6 * hourMs);
  const gaps = gapsOf(atMs);
  gaps.forEach((gap, i) => {
    const delayMs = Math.min(reannounceMinMs * 2 ** i, reannounceMaxMs);
    expect(gap).toBeGreaterThanOrEqual(delayMs / 2);
    expect(gap).toBeLessThanOrEqual(delayMs);
  });
  expect(gaps.length).toBeGreaterThan(6 * 6);
});

test('is silent while nobody is missing, and speaks again when somebody is', () => {
  let isNeeded = false;
  const { clock, atMs, announcer } = createAnnouncer(() => isNeeded);
  announcer.hurry();
  clock.advance(hourMs);
  expect(atMs).toEqual([]);
  isNeeded = true;
  announcer.restart();
  clock.advance(reannounceMinMs);
  expect(atMs.length).toBe(1);
});

test('answers a page that wakes with many events by one announcement, and one more when they go on', () => {
  const { clock, atMs, announcer } = createAnnouncer();
  for (let i = 0; i < 5; i++) announcer.hurry();
  expect(atMs).toEqual([0]);
  clock.advance(1000);
  expect(atMs).toEqual([0, 1000]);
});

test('leaves no timer when stopped', () => {
  const { clock, announcer } = createAnnouncer();
  announcer.hurry();
  announcer.hurry();
  announcer.stop();
  announcer.hurry();
  announcer.restart();
  expect(clock.nextMs()).toBeUndefined();
});
