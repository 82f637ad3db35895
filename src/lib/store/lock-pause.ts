/**
 * The pause after wrong passphrases: from the third on, longer each time. Nothing is ever erased.
 *
 * It slows down hands at the phone, and lives on disk so that a reload does not end it. Somebody who copied the files has
 * no pause; against them stands what Argon2id costs. Source: docs/protocol.md VA8.
 */
import { minuteMs, secondMs } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ShoulderDatabase } from './database.ts';

/** Not before this much time has passed. */
export interface Paused {
  readonly type: 'Paused';
  readonly pauseMs: number;
}

const triesSetting = 'lock-tries';
const lastTrySetting = 'lock-last-try';

const freeTries = 2;
const firstPauseMs = 15 * secondMs;
const longestPauseMs = 30 * minuteMs;

/** How long one waits after so many wrong ones in a row, in milliseconds. */
export const pauseAfter = (tries: number): number =>
  tries <= freeTries ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - freeTries - 1));

/**
 * Counts a try before it is made, so that closing the tab spares nobody one. Errors: `Paused`; the try is not counted then.
 */
export const beginTry = (database: ShoulderDatabase, nowMs: number): Promise<Result<true, Paused>> =>
  database.transaction('rw', database.settings, async () => {
    const pauseMs = await readPause(database, nowMs);
    if (pauseMs > 0) return err({ type: 'Paused', pauseMs });
    const tries = await readNumber(database, triesSetting);
    await database.settings.bulkPut([
      { id: triesSetting, value: tries + 1 },
      { id: lastTrySetting, value: nowMs }
    ]);
    return ok(true);
  });

/** How long one has to wait now, in milliseconds; 0 where one may try. */
export const pauseNow = (database: ShoulderDatabase, nowMs: number): Promise<number> =>
  database.transaction('rw', database.settings, () => readPause(database, nowMs));

/** It was the right one. */
export const forgetTries = (database: ShoulderDatabase): Promise<void> =>
  database.settings.bulkDelete([triesSetting, lastTrySetting]);

/**
 * A clock that was set back begins the pause once more, so that nobody waits a year; one that was set ahead ends it, which
 * gains a few tries and no more.
 */
const readPause = async (database: ShoulderDatabase, nowMs: number): Promise<number> => {
  const pauseMs = pauseAfter(await readNumber(database, triesSetting));
  const lastMs = await readNumber(database, lastTrySetting);
  if (pauseMs === 0) return 0;
  if (nowMs < lastMs) await database.settings.put({ id: lastTrySetting, value: nowMs });
  return Math.max(0, pauseMs - Math.max(0, nowMs - lastMs));
};

const readNumber = async (database: ShoulderDatabase, id: string): Promise<number> => {
  const value = (await database.settings.get(id))?.value;
  return typeof value === 'number' ? value : 0;
};
