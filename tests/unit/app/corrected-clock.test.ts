/** A clock that is far off is set right by others, carefully. */
import { describe, expect, test } from 'vitest';
import { CorrectedClock } from '../../../src/lib/app/corrected-clock.ts';
import { dayMs, hourMs } from '../../../src/lib/base/clock.ts';
import type { PersonId } from '../../../src/lib/base/ids.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';

const [bo, mia] = ['bo', 'mia'] as PersonId[] as [PersonId, PersonId];

const begin = (): { clock: CorrectedClock; told: string[] } => {
  const told: string[] = [];
  return { clock: new CorrectedClock(() => told.push('far off'), new HandClock()), told };
};

/** What waits is dated a day after the time until which it waits. */
const waitsUntil = (datedMs: number): number => datedMs - dayMs;

describe('a server that says the time', () => {
  test('[CL1] moves nothing while it differs by less than a day', () => {
    const { clock, told } = begin();
    clock.heardServer(noonMs + 23 * hourMs);
    expect([clock.nowMs(), clock.isFarOff, told]).toEqual([noonMs, false, []]);
  });

  test.each([
    ['behind', 6 * 365 * dayMs],
    ['ahead', -6 * 365 * dayMs]
  ])('[CL1] [CL2] is believed when this clock is years %s, and the person is told', (_, offsetMs) => {
    const { clock, told } = begin();
    clock.heardServer(noonMs + offsetMs);
    expect([clock.nowMs(), clock.isFarOff, told]).toEqual([noonMs + offsetMs, true, ['far off']]);
  });

  test('[CL3] is believed again once the clock has been set', () => {
    const { clock } = begin();
    clock.heardServer(noonMs + 3 * dayMs);
    clock.heardServer(noonMs);
    expect([clock.nowMs(), clock.isFarOff]).toEqual([noonMs, false]);
  });
});

describe('friends whose words are dated far ahead', () => {
  test('[CL1] one person moves nothing, however often they speak', () => {
    const { clock, told } = begin();
    for (const days of [2, 3, 4]) clock.heardFriend(bo, waitsUntil(noonMs + days * dayMs));
    expect([clock.isFarOff, told]).toEqual([false, []]);
  });

  test('[CL1] two are taken as the time, the nearer of them', () => {
    const { clock } = begin();
    clock.heardFriend(bo, waitsUntil(noonMs + 9 * dayMs));
    clock.heardFriend(mia, waitsUntil(noonMs + 5 * dayMs));
    expect([clock.nowMs(), clock.isFarOff]).toEqual([noonMs + 5 * dayMs, true]);
  });

  test('[CL1] nobody is believed against a server that agreed with this clock', () => {
    const { clock, told } = begin();
    clock.heardServer(noonMs);
    clock.heardFriend(bo, waitsUntil(noonMs + 9 * dayMs));
    clock.heardFriend(mia, waitsUntil(noonMs + 9 * dayMs));
    expect([clock.nowMs(), told]).toEqual([noonMs, []]);
  });
});
