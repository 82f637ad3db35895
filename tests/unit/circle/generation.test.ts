/** Generations: which one an epoch is in by what was stated, and when the next one is due. */
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import type { DeviceId, EpochId } from '../../../src/lib/base/ids.ts';
import { clockAheadMaxMs, deadBytesMax, deadBytesWorthMin } from '../../../src/lib/base/limits.ts';
import {
  generationAt,
  generationOf,
  isAheadOfTime,
  isGenerationDue,
  type GenerationRow
} from '../../../src/lib/circle/generation.ts';

const [ana, bo] = ['ana', 'bo'] as unknown as [DeviceId, DeviceId];
const [founding, next] = ['founding', 'next'] as unknown as [EpochId, EpochId];
const stated = (device: DeviceId, day: number, epoch?: EpochId): GenerationRow => {
  const row = { device, at: day * dayMs + 5000 };
  return epoch === undefined ? row : { ...row, epoch };
};
const everybody = (): boolean => true;

describe('[GE1] a generation is the day it was stated', () => {
  test.each([
    [0, 0],
    [Date.UTC(1970, 0, 1, 23, 59, 59, 999), 0],
    [Date.UTC(1970, 0, 2), 1],
    [Date.UTC(2026, 2, 4, 12), 20_516]
  ])('at %i it is %i', (ms, day) => {
    expect(generationAt(ms)).toBe(day);
  });
});

describe('[GE2] an epoch is in', () => {
  test('the first where nobody stated another', () => {
    expect(generationOf([], { epoch: founding, founding, counts: everybody })).toBe(0);
  });

  test('the highest, whoever stated it and in whatever order it came', () => {
    const rows = [stated(ana, 20_516), stated(bo, 20_520), stated(ana, 20_001)];
    expect(generationOf(rows, { epoch: founding, founding, counts: everybody })).toBe(20_520);
    expect(generationOf(rows.toReversed(), { epoch: founding, founding, counts: everybody })).toBe(20_520);
  });

  test('none that was stated in another epoch, before or after', () => {
    const rows = [stated(ana, 20_516), stated(bo, 20_520, next)];
    expect(generationOf(rows, { epoch: founding, founding, counts: everybody })).toBe(20_516);
    expect(generationOf(rows, { epoch: next, founding, counts: everybody })).toBe(20_520);
    expect(generationOf(rows, { epoch: 'third' as EpochId, founding, counts: everybody })).toBe(0);
  });

  test('none that a device states which does not speak', () => {
    const rows = [stated(ana, 20_516), stated(bo, 20_520)];
    expect(generationOf(rows, { epoch: founding, founding, counts: (device) => device === ana })).toBe(20_516);
  });

  test('none that nobody can have stated yet', () => {
    const nowMs = 20_516 * dayMs;
    expect([20_516, 20_517].map((day) => isAheadOfTime(day, nowMs))).toEqual([false, false]);
    expect(isAheadOfTime(generationAt(nowMs + clockAheadMaxMs) + 1, nowMs)).toBe(true);
  });
});

describe('[GE3] the next one is due', () => {
  const weigh = (dead: number, live: number): boolean => isGenerationDue({ all: live + dead, live });

  test('where too much is dead, however much is live', () => {
    expect(weigh(deadBytesMax + 1, 100 * deadBytesMax)).toBe(true);
    expect(weigh(deadBytesMax, 100 * deadBytesMax)).toBe(false);
  });

  test('where more is dead than live, and so much that it is worth it', () => {
    expect(weigh(deadBytesWorthMin + 1, deadBytesWorthMin)).toBe(true);
    expect(weigh(deadBytesWorthMin + 1, deadBytesWorthMin + 1)).toBe(false);
    expect(weigh(deadBytesWorthMin, 0)).toBe(false);
  });
});
