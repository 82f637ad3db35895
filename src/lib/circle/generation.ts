/**
 * Generations: within an epoch a circle moves now and then to an empty document, because what was overwritten never quite leaves one
 * (docs/protocol.md GE). A generation is a day, so that any device may begin one and two that do so at once begin the same.
 */
import { dayMs } from '../base/clock.ts';
import type { DeviceId, EpochId } from '../base/ids.ts';
import { clockAheadMaxMs, deadBytesMax, deadBytesWorthMin } from '../base/limits.ts';

/** The generation that every epoch begins in. */
export const firstGeneration = 0;

/** What is said of a generation, as a row holds it: by whom, when, and in which epoch (missing: the founding one). */
export interface GenerationRow {
  readonly device: DeviceId;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly epoch?: EpochId;
}

/** What a replica takes, in bytes: as one update, and of that what stands in it. */
export interface ReplicaWeight {
  readonly all: number;
  readonly live: number;
}

/** The generation that was stated at a moment: its UTC day, in whole days since 1970. GE1. */
export const generationAt = (ms: number): number => Math.floor(ms / dayMs);

/** GE1: where a device states the generations of an epoch. */
export const generationSlotPrefix = 'generation/';
export const generationSlot = (epoch: EpochId): string => `${generationSlotPrefix}${epoch}`;

/** GE2: the generation that an epoch is in by what these rows state; `counts`: whose word it is asked for. */
export const generationOf = (
  rows: readonly GenerationRow[],
  { epoch, founding, counts }: { epoch: EpochId; founding: EpochId; counts: (device: DeviceId) => boolean }
): number =>
  rows
    .filter((row) => (row.epoch ?? founding) === epoch && counts(row.device))
    .reduce((highest, { at }) => Math.max(highest, generationAt(at)), firstGeneration);

/** GE3: whether so much in a replica is dead that an empty document is worth the move. */
export const isGenerationDue = ({ all, live }: ReplicaWeight): boolean => {
  const dead = all - live;
  return dead > deadBytesMax || (dead > live && dead > deadBytesWorthMin);
};

/** GE2: whether nobody can have stated a generation yet, by this clock. */
export const isAheadOfTime = (generation: number, nowMs: number): boolean =>
  generation > generationAt(nowMs + clockAheadMaxMs);
