/**
 * The generations of a circle's epochs, by what stands on the disk, and moving from one to another (docs/protocol.md GE).
 */
import { equalBytes } from '../base/bytes.ts';
import type { EpochId } from '../base/ids.ts';
import { generationAt, generationOf, generationSlot, type GenerationRow } from '../circle/generation.ts';
import { speaks } from '../circle/speaking.ts';
import { kinds } from '../records/kinds.ts';
import { sayLock } from './author.ts';
import { meetingPlaceOf } from './carriers.ts';
import type { LocalCircle } from './circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';
import { epochLock, type EpochMakingDependencies } from './epoch-making.ts';
import { rowsOfKind } from './held-rows.ts';
import { readState } from './rosters.ts';
import { untilWritten } from './until-written.ts';

export type GenerationDependencies = Pick<
  EpochMakingDependencies,
  'database' | 'circles' | 'author' | 'clock' | 'exclusively'
>;

/** Every row that states a generation, of any epoch. */
export const generationRows = (database: ShoulderDatabase, n: number): Promise<EnvelopeRow[]> =>
  rowsOfKind(database, n, kinds.generation);

/** GE2: the highest generation that was stated in the current epoch by devices that speak. */
export const readGeneration = async (database: ShoulderDatabase, circle: LocalCircle): Promise<number> => {
  const rows = await generationRows(database, circle.n);
  const { current, founding } = circle.keyring;
  // Nearly always there are none, and then nobody need know who speaks.
  if (generationOf(rows, { epoch: current.epoch, founding, counts: () => true }) === 0) return 0;
  const state = await readState(database, circle);
  return generationOf(rows, { epoch: current.epoch, founding, counts: (device) => speaks(state, device) });
};

/** GE6: the last generation of any epoch that is known of here. Whoever spoke in a former one need not speak now. */
export const lastGenerationOf = async (
  database: ShoulderDatabase,
  { n, keyring: { current, founding, generation } }: LocalCircle,
  epoch: EpochId
): Promise<number> => {
  const stated = generationOf(await generationRows(database, n), { epoch, founding, counts: () => true });
  return epoch === current.epoch ? Math.max(generation, stated) : stated;
};

/** Those of the epoch that this device is in. */
export const statedHere = <Row extends GenerationRow>(
  { keyring: { current, founding } }: LocalCircle,
  rows: readonly Row[]
): Row[] => rows.filter((row) => (row.epoch ?? founding) === current.epoch);

/** When, by its author's clock, the generation was first stated that this device is in; `undefined`: nobody states it. */
export const statedSince = (circle: LocalCircle, rows: readonly GenerationRow[]): number | undefined => {
  const { generation } = circle.keyring;
  const stated = statedHere(circle, rows).filter((row) => generationAt(row.at) === generation);
  return stated.length === 0 ? undefined : Math.min(...stated.map(({ at }) => at));
};

/**
 * States the generation of today, where the replica `isHeavy`; or where this device is in one that nobody states any more, since whoever
 * did took it back or left with their words: else those who did not hear of it in time would stay behind. Whether it did: not where there
 * is one of today, or this device is not in the circle's epoch or has no voice there, or the disk refuses. GE1, GE3.
 */
export const stateGeneration = (
  { database, author, clock, exclusively }: Omit<GenerationDependencies, 'circles'>,
  circle: LocalCircle,
  { isHeavy }: { readonly isHeavy: boolean }
): Promise<boolean> =>
  // Said in another epoch than the one it is about, it would count nowhere.
  exclusively(epochLock(database, circle.n), async () => {
    await circle.refresh();
    const { current, device, generation } = circle.keyring;
    const stated = await readGeneration(database, circle);
    const today = generationAt(clock.nowMs());
    const isUnstated = stated < generation && today >= generation;
    if (!isUnstated && !(isHeavy && today > Math.max(stated, generation))) return false;
    const state = await readState(database, circle);
    if (state.head?.id !== current.epoch || !speaks(state, device.id)) return false;
    const slot = generationSlot(current.epoch);
    return (await author.say(circle, { kind: kinds.generation, slot, body: {}, expMs: null })).ok;
  });

/**
 * Has the circle be in a generation of its current epoch: the keyring says so, and what a locked device carries with. Whether it did:
 * not where it is there already, or is in another epoch by now. Throws what the disk refuses; nothing has happened then.
 */
export const enterGeneration = (
  { database, circles, exclusively }: Pick<GenerationDependencies, 'database' | 'circles' | 'exclusively'>,
  circle: LocalCircle,
  { epoch, generation }: { readonly epoch: EpochId; readonly generation: number }
): Promise<boolean> =>
  exclusively(sayLock(database), async () => {
    let isDone = false;
    await untilWritten(async () => {
      const row = await database.circles.get(circle.n);
      if (row === undefined) return true;
      await circle.refresh();
      if (circle.keyring.current.epoch !== epoch || circle.keyring.generation === generation) return true;
      const sealed = await circles.wrap(row.id, { ...(await circles.unwrap(row)), generation });
      const { replica, topic } = await meetingPlaceOf(circle, generation);
      isDone = await database.transaction('rw', database.circles, database.carriers, async () => {
        const now = await database.circles.get(circle.n);
        if (now === undefined || !equalBytes(now.sealed, row.sealed) || !circle.isAsIn(now)) return false;
        await database.circles.update(circle.n, { sealed });
        // Where there is a lock; nobody need wait until this is written down anew.
        await database.carriers.update(circle.n, { replica, topic });
        return true;
      });
      return isDone;
    });
    if (isDone) await circle.refresh();
    return isDone;
  });
