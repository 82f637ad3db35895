/**
 * What a backup would bring back that is not here: made by reading only, and the same until something is written.
 */
import type { MapKey } from '../../base/ids.ts';
import { feelingLengthMax, feelingsMax, wordsLengthMax } from '../../base/limits.ts';
import { mapKeyOf } from '../../records/epoch-keys.ts';
import { kinds } from '../../records/kinds.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { EnvelopeRow } from '../../store/database.ts';
import { heldRows } from '../../store/held-rows.ts';
import { fadedKind } from '../../store/fading.ts';
import { readRoster } from '../../store/rosters.ts';
import { latestOwn } from '../commands/circles.ts';
import { isOver, type Backup, type BackupCheckIn, type BackupCircle, type BackupSaid } from './format.ts';
import type { BackupApp } from './gather.ts';
import { ownDevices, ownWords } from './own-words.ts';

export interface RestorePlan {
  /** Check-ins of one's own circle, oldest first, so that numbers and dates go the same way. */
  readonly sayAgain: readonly BackupCheckIn[];
  /** What is to be kept readable: circles with friends, and what else was said in one's own. */
  readonly kept: readonly BackupCircle[];
}

export const planRestore = async (app: BackupApp, backup: Backup): Promise<RestorePlan> => {
  const nowMs = app.clock.nowMs();
  const again = new Map<string, BackupCheckIn>();
  const kept: BackupCircle[] = [];
  for (const circle of backup.circles) {
    const here = await app.circles.byId(circle.id);
    const live = circle.said.filter((entry) => !isOver(entry, nowMs));
    const fresh = here === undefined ? live : await withoutHeld(app, here, live);
    if (circle.own) fresh.filter(isSayable).forEach((entry) => again.set(entry.id, entry));
    const readable = circle.own ? fresh.filter((entry) => !isSayable(entry)) : fresh;
    // A circle with friends is shown by its name and its people even where nothing was said in it.
    if (readable.length > 0 || (here === undefined && !circle.own)) kept.push({ ...circle, said: readable });
  }
  const sayAgain = await withoutSaid(app, [...again.values()]);
  return { sayAgain: sayAgain.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)), kept };
};

/** The slot in which a check-in is said again: by its id, so that it is said once, and stays taken back. */
export const slotOf = ({ id }: Pick<BackupCheckIn, 'id'>): string => `said/${id}`;

/** A check-in that this version can say as it is, which also fits an envelope. */
const isSayable = (entry: BackupSaid): entry is BackupCheckIn =>
  entry.kind === 'checkIn' &&
  entry.words.length <= wordsLengthMax &&
  entry.feelings.length <= feelingsMax &&
  [...entry.feelings, entry.help ?? '', entry.lasting ?? ''].every((word) => word.length <= feelingLengthMax);

/** Without what one's own circle holds already, by its id or by the slot it would be said in. */
const withoutSaid = async (app: BackupApp, entries: readonly BackupCheckIn[]): Promise<BackupCheckIn[]> => {
  const own = latestOwn(await app.circles.all());
  if (own === undefined) return [...entries];
  const { current, device } = own.keyring;
  const ids = new Set<string>();
  for await (const { said } of ownWords(app, own, await readRoster(app.database, own)))
    for (const entry of said) if (entry.kind === 'checkIn') ids.add(entry.id);
  const rows = await rowsOf(app, own, entries, (entry) => mapKeyOf(current, device.id, slotOf(entry)));
  return entries.filter(({ id }, i) => !ids.has(id) && rows[i] === undefined);
};

/**
 * Without what this device has in the circle itself: what this person can read there, and what was taken back or has faded
 * since, which no old backup brings back. Words of a device that they lost may be sealed to that device alone: those are kept.
 */
const withoutHeld = async (
  app: BackupApp,
  circle: LocalCircle,
  entries: readonly BackupSaid[]
): Promise<BackupSaid[]> => {
  const readable = new Set<string>(ownDevices(circle, await readRoster(app.database, circle)));
  const { current } = circle.keyring;
  const rows = await rowsOf(app, circle, entries, ({ record }) => mapKeyOf(current, record.device, record.slot));
  return entries.filter((_, i) => {
    const row = rows[i];
    return row === undefined || !(readable.has(row.device) || row.kind === kinds.gone || row.kind === fadedKind);
  });
};

const rowsOf = async <T>(
  app: BackupApp,
  { n }: LocalCircle,
  entries: readonly T[],
  keyOf: (entry: T) => Promise<MapKey>
): Promise<(EnvelopeRow | undefined)[]> => {
  const keys = await Promise.all(entries.map(keyOf));
  return heldRows(
    app.database,
    keys.map((key) => ({ circle: n, key }))
  );
};
