/**
 * Restoring a backup that was read and judged as a whole.
 *
 * Two steps, each of which can be cut off and begun again: first, in one transaction, the settings and what is kept readable
 * of circles with friends; then one's own check-ins, said again by this device (docs/protocol.md HT4), some dozens a
 * transaction. What is to be written follows from what is there, so a second restore writes nothing, and nothing that is
 * there is ever changed.
 */
import { idToBytes } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { kinds } from '../../records/kinds.ts';
import { webLocks, type Exclusively, type SayError, type Saying } from '../../store/author.ts';
import { feelingLengthMax } from '../../base/limits.ts';
import { toStorageError } from '../../store/database.ts';
import { ownCircle } from '../commands/circles.ts';
import { setNotchOn } from '../notch-setting.ts';
import { OwnFeelings, ownFeelingsMax } from '../own-feelings.ts';
import { setOwnNetworkOnly } from '../own-network-setting.ts';
import type { Backup, BackupCheckIn, BackupCircle } from './format.ts';
import type { BackupApp, Progress } from './gather.ts';
import { joinCircles, readRestored, toRestoredRow } from './restored-circles.ts';
import { planRestore, slotOf } from './restore-plan.ts';

/** What came of it. */
export interface Restored {
  /** Circles with friends of which something is kept "from your backup", now or since an earlier time. */
  readonly circles: readonly { readonly id: BackupCircle['id']; readonly name: string }[];
  /** Whether anything was brought back that was not here. */
  readonly changed: boolean;
}

export type RestoreError = SayError | { readonly type: 'Cancelled' };

/** Check-ins said again at once: a transaction of a moment. */
const sayingsAtOnce = 50;

/**
 * Brings back what is not here. Errors: what the disk refuses, and `Cancelled`; what was brought back until then stays, and
 * the same again brings the rest.
 */
export const restoreBackup = async (
  app: BackupApp,
  backup: Backup,
  progress: Progress,
  exclusively: Exclusively = webLocks
): Promise<Result<Restored, RestoreError>> => {
  try {
    // Two tabs that restore at once do so one after the other, and the second finds everything there.
    return await exclusively(`restore/${app.database.name}`, () => restoreAlone(app, backup, progress));
  } catch (error) {
    return err(toStorageError(error));
  }
};

const restoreAlone = async (
  app: BackupApp,
  backup: Backup,
  { signal, onProgress }: Progress
): Promise<Result<Restored, RestoreError>> => {
  const total = backup.circles.reduce((sum, { said }) => sum + said.length, 0);
  onProgress(0, total);
  const plan = await planRestore(app, backup);
  if (signal.aborted) return err({ type: 'Cancelled' });
  const { changed, circles } = await keepReadable(app, backup, plan.kept);
  await addFeelings(new OwnFeelings(app.drafts), backup.feelings);
  const again = await sayAgain(app, plan.sayAgain, {
    signal,
    onProgress: (done) => onProgress(total - plan.sayAgain.length + done, total)
  });
  return again.ok ? ok({ circles, changed: changed || plan.sayAgain.length > 0 }) : again;
};

/** Puts words behind those that are there, as far as there is room. Writes nothing where all of them are known. */
const addFeelings = async (ownFeelings: OwnFeelings, more: readonly string[]): Promise<void> => {
  const known = await ownFeelings.read();
  const fresh = more.filter((word) => word !== '' && word.length <= feelingLengthMax && !known.includes(word));
  if (fresh.length === 0 || known.length >= ownFeelingsMax) return;
  await ownFeelings.change((words) => [...new Set([...words, ...fresh])].slice(0, ownFeelingsMax));
};

/** The first step. Settings are taken over only where nothing was on this device before. */
const keepReadable = async (
  app: BackupApp,
  { settings }: Backup,
  circles: readonly BackupCircle[]
): Promise<Restored> => {
  const { database } = app;
  const before = await readRestored(app);
  const joined = circles.map((circle) => {
    const kept = before.get(circle.id);
    return kept === undefined ? circle : joinCircles(kept, circle);
  });
  const fresh = joined.filter((circle) => before.get(circle.id) !== circle);
  const rows = await Promise.all(fresh.map((circle) => toRestoredRow(app, circle)));
  await database.transaction('rw', database.circles, database.restored, database.settings, async () => {
    if ((await database.circles.count()) === 0 && (await database.restored.count()) === 0) {
      if (!settings.notch) await setNotchOn(database, false);
      if (settings.ownNetworkOnly) await setOwnNetworkOnly(database, true);
    }
    await database.restored.bulkPut(rows);
  });
  const named = joined.filter(({ own }) => !own).map(({ id, name }) => ({ id, name }));
  return { changed: rows.length > 0, circles: named };
};

/** The second step. Makes one's own circle where there is none yet. */
const sayAgain = async (
  app: BackupApp,
  checkIns: readonly BackupCheckIn[],
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void }
): Promise<Result<true, RestoreError>> => {
  onProgress(0);
  if (checkIns.length === 0) return ok(true);
  const own = await ownCircle(app);
  if (!own.ok) return own;
  for (let from = 0; from < checkIns.length; from += sayingsAtOnce) {
    if (signal.aborted) return err({ type: 'Cancelled' });
    const some = checkIns.slice(from, from + sayingsAtOnce);
    const said = await app.author.sayAll(
      own.value,
      some.map((checkIn) => toSaying(checkIn, app.clock.nowMs()))
    );
    if (!said.ok) return said;
    onProgress(from + some.length);
  }
  return ok(true);
};

const toSaying = (checkIn: BackupCheckIn, nowMs: number): Saying => {
  const { id, feelings, words, point, help, lasting, at, until } = checkIn;
  const saidMs = Date.parse(at);
  return {
    kind: kinds.checkIn,
    slot: slotOf(checkIn),
    body: {
      id: idToBytes(id),
      ...(lasting === undefined ? {} : { lasting }),
      ...(point === undefined ? {} : { point: [point.pleasantness, point.energy] }),
      feelings: [...feelings],
      words,
      ...(help === undefined ? {} : { help }),
      said: saidMs
    },
    expMs: until === undefined ? null : Date.parse(until),
    // A clock that ran ahead when it was said must not hold up what is said next.
    atMs: Math.min(saidMs, nowMs)
  };
};
