/** Restoring, cut off: at every write, by the person at every step, and in two tabs at once. */
import { describe, expect, test } from 'vitest';
import { restoreBackup } from '../../../../src/lib/app/backup/restore.ts';
import { dayMs } from '../../../../src/lib/base/clock.ts';
import { unwrap } from '../../../../src/lib/base/result.ts';
import type { ShoulderDatabase } from '../../../../src/lib/store/database.ts';
import { HandClock, noonMs } from '../../base/hand-clock.ts';
import { queueLocks } from '../../store/memory-database.ts';
import { backupOf, journal, livedPhone, phone, restoreTo, wordsOn } from './phone.ts';

const daysLater = () => new HandClock(noonMs + 3 * dayMs);

describe('cut off', () => {
  test('after every single write, and done again: the same in the end, nothing lost, nothing double', async () => {
    const { app: old } = await livedPhone();
    for (let i = 0; i < 120; i++) await journal(old, `Page ${i}.`);
    const backup = await backupOf(old);
    const whole = await phone(daysLater());
    unwrap(await restoreTo(whole, backup));
    const wanted = await wordsOn(whole);

    let cutOff = 0;
    for (let writes = 0; ; writes++) {
      const app = await phone(daysLater());
      const stopped = await restoreCutOff(app, backup, writes);
      // The tab is gone: what is left is what is on disk.
      const again = await phone(daysLater(), app.database);
      const between = await wordsOn(again);
      expect(new Set(between).size).toBe(between.length);
      expect(between.every((words) => wanted.includes(words))).toBe(true);
      unwrap(await restoreTo(again, backup));
      expect(await wordsOn(again)).toEqual(wanted);
      if (!stopped) break;
      cutOff++;
    }
    // Settings and circles, feeling words, one's own circle, and each of the pieces of the journal.
    expect(cutOff).toBeGreaterThanOrEqual(6);
  });

  test('by the person, at every step: what came back stays, and again brings the rest', async () => {
    const { app: old } = await livedPhone();
    for (let i = 0; i < 120; i++) await journal(old, `Page ${i}.`);
    const backup = await backupOf(old);
    const whole = await phone(daysLater());
    unwrap(await restoreTo(whole, backup));
    const wanted = await wordsOn(whole);
    let cancelled = 0;
    for (let steps = 1; ; steps++) {
      const app = await phone(daysLater());
      const stop = new AbortController();
      let seen = 0;
      const onProgress = (): void => void (++seen === steps && stop.abort());
      const restored = await restoreBackup(app, backup, { signal: stop.signal, onProgress }, queueLocks());
      if (restored.ok) break;
      expect(restored.error).toEqual({ type: 'Cancelled' });
      cancelled++;
      unwrap(await restoreTo(app, backup));
      expect(await wordsOn(app)).toEqual(wanted);
    }
    expect(cancelled).toBeGreaterThanOrEqual(3);
  });

  test('two at once end up with one of each', async () => {
    const { app: old } = await livedPhone();
    const backup = await backupOf(old);
    const app = await phone(daysLater());
    const locks = queueLocks();
    const working = { signal: new AbortController().signal, onProgress: () => undefined };
    await Promise.all([0, 1].map(() => restoreBackup(app, backup, working, locks)));
    expect(new Set(await wordsOn(app)).size).toBe((await wordsOn(app)).length);
    expect(await app.circles.all()).toHaveLength(1);
  });
});

/** Restores until so many transactions were let through; every later one is refused, as if the tab were gone. */
const restoreCutOff = async (
  app: Awaited<ReturnType<typeof phone>>,
  backup: Parameters<typeof restoreTo>[1],
  writes: number
) => {
  let left = writes;
  let stopped = false;
  app.database.use({
    stack: 'dbcore',
    name: 'cut-off',
    create: (core) => ({
      ...core,
      table: (name) => {
        const table = core.table(name);
        return {
          ...table,
          mutate: (request) => {
            if (left-- > 0) return table.mutate(request);
            stopped = true;
            return Promise.reject(new DOMException('the tab is gone', 'InvalidStateError'));
          }
        };
      }
    })
  });
  await openAgain(app.database);
  const restored = await restoreTo(app, backup);
  app.database.unuse({ stack: 'dbcore', name: 'cut-off' });
  await openAgain(app.database);
  expect(restored.ok).toBe(!stopped);
  return stopped;
};

/** What stands between a table and the disk is put in place when a database opens. */
const openAgain = async (database: ShoulderDatabase): Promise<void> => {
  database.close({ disableAutoOpen: false });
  await database.open();
};
