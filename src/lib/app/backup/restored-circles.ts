/**
 * The circles that a backup brought back and that this device is not in, as they are kept: read, joined together, and rid of
 * what has faded.
 */
import type { Clock } from '../../base/clock.ts';
import type { CircleId } from '../../base/ids.ts';
import type { RestoredRow, ShoulderDatabase } from '../../store/database.ts';
import { fadedRestoredRows, restoredRows, unwrapRestored, wrapRestored } from '../../store/restored.ts';
import type { Vault } from '../../store/vault.ts';
import { isOver, readBackupCircle, recordKey, type BackupCircle, type BackupSaid } from './format.ts';

/** What of the open app this needs. */
interface RestoredApp {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly clock: Clock;
}

/** The circle in a row, without what has faded; `undefined` where the row is not readable. */
export const openRestored = async (
  { vault, clock }: Pick<RestoredApp, 'vault' | 'clock'>,
  row: RestoredRow
): Promise<BackupCircle | undefined> => {
  const text = await unwrapRestored(vault, row);
  const circle = text === undefined ? undefined : readBackupCircle(text);
  return circle === undefined ? undefined : withoutOver(circle, clock.nowMs());
};

/** All of them, by id. */
export const readRestored = async (app: RestoredApp): Promise<Map<CircleId, BackupCircle>> => {
  const rows = await restoredRows(app.database);
  const circles = await Promise.all(rows.map((row) => openRestored(app, row)));
  return new Map(circles.flatMap((circle) => (circle === undefined ? [] : [[circle.id, circle]])));
};

/** The row that keeps a circle. */
export const toRestoredRow = (app: Pick<RestoredApp, 'vault'>, circle: BackupCircle): Promise<RestoredRow> => {
  const ends = circle.said.flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until)]));
  // One by one: years of words are more than a call takes as arguments.
  const expMs = ends.reduce((first, end) => Math.min(first, end), Infinity);
  return wrapRestored(app.vault, {
    id: circle.id,
    text: JSON.stringify(circle),
    expMs: expMs === Infinity ? null : expMs
  });
};

/**
 * What is kept of a circle, and what another backup says of it, together. Who and what is kept already stays as it is; of two
 * versions of one thing the later stands. Returns `kept` itself where there is nothing new.
 */
export const joinCircles = (kept: BackupCircle, more: BackupCircle): BackupCircle => {
  const known = new Set(kept.people.map(({ id }) => id));
  const people = more.people.filter(({ id }) => !known.has(id));
  const byRecord = new Map(kept.said.map((entry): [string, BackupSaid] => [recordKey(entry), entry]));
  let changed = people.length > 0;
  for (const entry of more.said) {
    const before = byRecord.get(recordKey(entry));
    if (before !== undefined && before.record.version >= entry.record.version) continue;
    byRecord.set(recordKey(entry), entry);
    changed = true;
  }
  return changed ? { ...kept, people: [...kept.people, ...people], said: [...byRecord.values()] } : kept;
};

/** Removes from disk what has faded. Cheap where nothing has. */
export const sweepRestored = async (app: RestoredApp): Promise<void> => {
  const nowMs = app.clock.nowMs();
  for (const row of await fadedRestoredRows(app.database, nowMs)) {
    const circle = await openRestored(app, row);
    if (circle === undefined) continue;
    const swept = await toRestoredRow(app, circle);
    // Another restore may have written meanwhile: then its row is looked at the next time.
    await app.database.transaction('rw', app.database.restored, async () => {
      const now = await app.database.restored.get(row.id);
      if (now?.exp === row.exp && now?.sealed.length === row.sealed.length) await app.database.restored.put(swept);
    });
  }
};

const withoutOver = (circle: BackupCircle, nowMs: number): BackupCircle =>
  circle.said.some((entry) => isOver(entry, nowMs))
    ? { ...circle, said: circle.said.filter((entry) => !isOver(entry, nowMs)) }
    : circle;
