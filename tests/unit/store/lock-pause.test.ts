/** Wrong passphrases: three are free, then each costs a longer wait, on whatever clock, and a reload spares nobody. */
import { describe, expect, test } from 'vitest';
import { dayMs, minuteMs, secondMs } from '../../../src/lib/base/clock.ts';
import type { PassphraseLockRow } from '../../../src/lib/store/database.ts';
import { pauseAfter } from '../../../src/lib/store/lock-pause.ts';
import { Lock } from '../../../src/lib/store/lock.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { cheap, keptPasskey, known, lockScene } from './lock-scene.ts';
import { memoryDatabase, queueLocks } from './memory-database.ts';

const wrong = { type: 'passphrase', passphrase: 'something wrong' } as const;
const notOpened = { ok: false, error: { type: 'NotOpened' } };
const paused = (pauseMs: number) => ({ ok: false, error: { type: 'Paused', pauseMs } });

const afterThreeWrong = async () => {
  const scene = await lockScene();
  await scene.lock.set(scene.vault, known, []);
  for (let i = 0; i < 3; i++) expect(await scene.lock.unlock(wrong)).toEqual(notOpened);
  return scene;
};

describe('[VA8] the pause', () => {
  test('grows from a quarter of a minute to half an hour, and no further', () => {
    expect([1, 2, 3, 4, 5].map(pauseAfter)).toEqual([0, 0, 15_000, 30_000, 60_000]);
    expect([10, 11, 1000].map(pauseAfter)).toEqual([30 * minuteMs, 30 * minuteMs, 30 * minuteMs]);
  });

  test('begins after the third wrong one, holds for the right one too, and ends by itself', async () => {
    const { clock, lock } = await afterThreeWrong();
    expect(await lock.unlock(known)).toEqual(paused(15_000));
    clock.set(noonMs + 14 * secondMs);
    expect(await lock.unlock(known)).toEqual(paused(1000));
    expect(await lock.pauseNow()).toBe(1000);
    clock.set(noonMs + 15 * secondMs);
    expect(await lock.unlock(wrong)).toEqual(notOpened);
    expect(await lock.pauseNow()).toBe(30_000);
    clock.set(noonMs + 45 * secondMs);
    expect((await lock.unlock(known)).ok).toBe(true);
    expect(await lock.pauseNow()).toBe(0);
    for (let i = 0; i < 3; i++) expect(await lock.unlock(wrong)).toEqual(notOpened);
  });

  test('outlives the tab', async () => {
    const { indexedDB, database } = await afterThreeWrong();
    database.close();
    const parts = { random: seededRandom(1), clock: new HandClock(), exclusively: queueLocks(), cost: cheap };
    const again = new Lock({ ...parts, database: memoryDatabase(indexedDB) });
    expect(await again.unlock(known)).toEqual(paused(15_000));
  });

  test('a try that was cut short counts', async () => {
    const { vault, lock, database } = await lockScene();
    await lock.set(vault, known, []);
    const row = (await database.locks.get('passphrase')) as PassphraseLockRow;
    const impossible: PassphraseLockRow = { ...row, cost: { memoryKib: -1, passes: 1, lanes: 1 } };
    await database.locks.put(impossible);
    for (let i = 0; i < 3; i++) await expect(lock.unlock(known)).rejects.toThrow();
    await database.locks.put(row);
    expect(await lock.unlock(known)).toEqual(paused(15_000));
  });

  test('two tabs that try at once share the count', async () => {
    const { vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    const tried = await Promise.all([1, 2, 3, 4, 5].map(() => lock.unlock(wrong)));
    expect(tried.filter((result) => !result.ok && result.error.type === 'NotOpened')).toHaveLength(3);
    expect(tried.filter((result) => !result.ok && result.error.type === 'Paused')).toHaveLength(2);
  });

  test('a clock set back by a year makes nobody wait a year; one set ahead ends the pause', async () => {
    const { clock, lock } = await afterThreeWrong();
    clock.set(noonMs - 365 * dayMs);
    expect(await lock.unlock(known)).toEqual(paused(15_000));
    clock.set(noonMs - 365 * dayMs + 15 * secondMs);
    expect((await lock.unlock(known)).ok).toBe(true);
    const other = await afterThreeWrong();
    other.clock.set(noonMs + dayMs);
    expect((await other.lock.unlock(known)).ok).toBe(true);
  });

  test('a passkey is not held up by wrong passphrases', async () => {
    const { vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    await lock.add(known, keptPasskey);
    for (let i = 0; i < 3; i++) await lock.unlock(wrong);
    expect((await lock.unlock(keptPasskey)).ok).toBe(true);
  });

  test('nothing is ever erased', async () => {
    const { clock, lock, database } = await afterThreeWrong();
    for (let i = 1; i < 200; i++) {
      clock.set(noonMs + i * dayMs);
      expect(await lock.unlock(wrong)).toEqual(notOpened);
    }
    clock.set(noonMs + 300 * dayMs);
    expect((await lock.unlock(known)).ok).toBe(true);
    expect(await database.circles.count()).toBe(1);
  });
});
