/** When it is said that a backup is due, and what a backup is called and closed with. */
import { expect, test } from 'vitest';
import {
  backupFirstDays,
  backupOldDays,
  isBackupDue,
  lastBackupMs,
  noteBackup,
  putOffBackup
} from '../../../../src/lib/app/backup/backup-day.ts';
import { backupFileName } from '../../../../src/lib/app/backup/backup-name.ts';
import { sixWordPassphrase } from '../../../../src/lib/app/backup/passphrase.ts';
import { dayMs } from '../../../../src/lib/base/clock.ts';
import { noonMs } from '../../base/hand-clock.ts';
import { seededRandom } from '../../base/seeded-random.ts';
import { journal, phone } from './phone.ts';

test('never where there is nothing to lose, and not to somebody who has just begun', async () => {
  const app = await phone();
  app.clock.set(noonMs + 1000 * dayMs);
  expect(await isBackupDue(app)).toBe(false);
  await journal(app, 'First.');
  app.clock.set(noonMs + (1000 + backupFirstDays - 1) * dayMs);
  expect(await isBackupDue(app)).toBe(false);
  app.clock.set(noonMs + (1000 + backupFirstDays) * dayMs);
  expect(await isBackupDue(app)).toBe(true);
});

test('once a season: put off, it is silent for as long as after a backup', async () => {
  const app = await phone();
  await journal(app, 'First.');
  app.clock.set(noonMs + 30 * dayMs);
  expect(await isBackupDue(app)).toBe(true);
  await putOffBackup(app.database, app.clock.nowMs());
  expect(await isBackupDue(app)).toBe(false);
  app.clock.set(noonMs + (30 + backupOldDays - 1) * dayMs);
  expect(await isBackupDue(app)).toBe(false);
  app.clock.set(noonMs + (30 + backupOldDays) * dayMs);
  expect(await isBackupDue(app)).toBe(true);
});

test('after a backup only if something was said since', async () => {
  const app = await phone();
  await journal(app, 'First.');
  app.clock.set(noonMs + 20 * dayMs);
  await noteBackup(app.database, app.clock.nowMs());
  expect(await lastBackupMs(app.database)).toBe(Math.floor((noonMs + 20 * dayMs) / dayMs) * dayMs);
  app.clock.set(noonMs + 400 * dayMs);
  expect(await isBackupDue(app)).toBe(false);
  await journal(app, 'Since.');
  expect(await isBackupDue(app)).toBe(true);
  await noteBackup(app.database, app.clock.nowMs());
  expect(await isBackupDue(app)).toBe(false);
});

test('a clock that was set back does not make it ask, nor break', async () => {
  const app = await phone();
  await journal(app, 'First.');
  await noteBackup(app.database, noonMs + 500 * dayMs);
  app.clock.set(noonMs + 100 * dayMs);
  expect(await isBackupDue(app)).toBe(false);
  await app.database.settings.put({ id: 'backup-day', value: 'soon' });
  expect(await lastBackupMs(app.database)).toBeNull();
});

test('the name tells the day and nobody’s name', () => {
  expect(backupFileName(new Date(2026, 0, 2, 23, 59).getTime())).toBe('shoulder-2026-01-02.age');
});

test('six words, others every time', async () => {
  const random = seededRandom(9);
  const [one, two] = [await sixWordPassphrase(random), await sixWordPassphrase(random)];
  expect(one).toMatch(/^([a-z]+ ){5}[a-z]+$/);
  expect(one).not.toBe(two);
});
