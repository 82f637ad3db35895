/**
 * When the last backup was made, to the day, and whether it is time to say so: once a season, and never where there is
 * nothing to lose.
 *
 * Settings that are no secret and never leave the device. Each function throws what the disk throws.
 */
import { dayMs } from '../../base/clock.ts';
import { kinds } from '../../records/kinds.ts';
import type { ShoulderDatabase } from '../../store/database.ts';
import { newestRow } from '../../store/newest-rows.ts';
import type { BackupApp } from './gather.ts';

/** A backup is old after this, and one that was put off is spoken of again after this. */
export const backupOldDays = 90;
/** Whoever has just begun is left in peace this long. */
export const backupFirstDays = 14;

const madeSetting = 'backup-day';
const putOffSetting = 'backup-put-off-day';

/** A backup was handed over: to the downloads or to another app. Where it went from there nobody knows. */
export const noteBackup = async (database: ShoulderDatabase, nowMs: number): Promise<void> => {
  await database.settings.put({ id: madeSetting, value: dayOf(nowMs) });
};

/** The day of the last backup, milliseconds since 1970 at its beginning in UTC; `null` where none was made here. */
export const lastBackupMs = async (database: ShoulderDatabase): Promise<number | null> => {
  const day = await readDay(database, madeSetting);
  return day === null ? null : day * dayMs;
};

/** "Not now": not spoken of for a season. */
export const putOffBackup = async (database: ShoulderDatabase, nowMs: number): Promise<void> => {
  await database.settings.put({ id: putOffSetting, value: dayOf(nowMs) });
};

/** Whether to say it now. Reads a handful of rows by their indexes. */
export const isBackupDue = async ({
  database,
  circles,
  clock
}: Pick<BackupApp, 'database' | 'circles' | 'clock'>): Promise<boolean> => {
  const today = dayOf(clock.nowMs());
  const [made, putOff] = await Promise.all([readDay(database, madeSetting), readDay(database, putOffSetting)]);
  const lastDay = Math.max(made ?? -Infinity, putOff ?? -Infinity);
  // A day ahead of today, after a clock was set back, counts as today.
  if (today - Math.min(lastDay, today) < backupOldDays) return false;
  const days = await Promise.all(
    (await circles.all()).map(({ n, keyring }) => ownDays(database, n, keyring.device.id))
  );
  const said = days.flat();
  if (said.length === 0) return false;
  return made === null ? today - Math.min(...said) >= backupFirstDays : said.some((day) => day > made);
};

/** The days of what a device began a circle with, or said first and last there. */
const ownDays = async (
  database: ShoulderDatabase,
  circle: number,
  device: Parameters<typeof newestRow>[3]
): Promise<number[]> => {
  const rows = await Promise.all([
    database.envelopes.where('[circle+device+seq]').between([circle, device, 1], [circle, device, Infinity]).first(),
    ...[kinds.checkIn, kinds.private, kinds.reply].map((kind) => newestRow(database, circle, kind, device))
  ]);
  return rows.flatMap((row) => (row === undefined ? [] : [dayOf(row.at)]));
};

const dayOf = (ms: number): number => Math.floor(ms / dayMs);

const readDay = async (database: ShoulderDatabase, id: string): Promise<number | null> => {
  const value = (await database.settings.get(id))?.value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
};
