/**
 * A document that grew heavy with what means nothing is left for an empty one: two phones go there together, in real browsers, nothing
 * that was said is lost, and what was heavy is gone from both (docs/protocol.md GE).
 */
import type { Page } from '@playwright/test';
import { systemClock } from '../../src/lib/base/clock.ts';
import { generationAt } from '../../src/lib/circle/generation.ts';
import { beginCircle, befriend, board, say, seeWords } from './friends.ts';
import { befriendScripted, connectedTo, expect, test } from './harness/stories.ts';

/** As `sync/web-engine.ts` names it, which is a browser's alone. */
const replicaDatabaseName = 'shoulder-replicas';
const heavyBytes = 600_000;
/** The first repair comes at most 30 s after two have met, and the one after the move as long after that. */
const moved = { timeout: 120_000 };

test('a heavy document is left by all, and is gone from every phone', async ({ app, phone, scripted }) => {
  test.setTimeout(300_000);
  const [ana, bob, eve] = [await phone('Ana'), await phone('Bob'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await befriendScripted(ana, eve, 'Eve');
  await connectedTo(eve, 2);
  await say(bob, 'Before anything happened.');
  await eve.evaluate(() => window.harness.turnHostile());
  await expect.poll(() => eve.evaluate(() => window.harness.intruder.peers)).toBe(2);
  await eve.evaluate((bytes) => window.harness.intruder.burden(bytes), heavyBytes);
  for (const page of [ana, bob])
    await expect.poll(async () => bytesOf(await replicasOn(page)), moved).toBeGreaterThan(heavyBytes);
  const before = await replicasOn(ana);
  expect([...before.keys()]).toEqual([expect.stringMatching(/\/0$/)]);
  await eve.close();

  const today = generationAt(systemClock.nowMs());
  for (const page of [ana, bob]) await page.reload();
  for (const page of [ana, bob]) {
    await expect.poll(async () => oldestOf(await replicasOn(page)), moved).toBeGreaterThanOrEqual(today);
    await expect.poll(async () => bytesOf(await replicasOn(page)), moved).toBeLessThan(heavyBytes / 5);
  }

  await say(ana, 'Lighter now.');
  await seeWords(bob, 'Ana', 'Lighter now.');
  await say(bob, 'I hear you.');
  await seeWords(ana, 'Bob', 'I hear you.');
  await expect(board(bob).getByRole('article')).toHaveCount(3);
});

/** The replicas on a phone's disk by name, and what is kept of each, in bytes. */
const replicasOn = async (page: Page): Promise<ReadonlyMap<string, number>> => {
  const kept = await page.evaluate(async (name) => {
    const opening = indexedDB.open(name);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const all = async <Row>(store: string): Promise<Row[]> => {
      const reading = opening.result.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => (reading.onsuccess = resolve));
      return reading.result as Row[];
    };
    const replicas = await all<{ id: string }>('replicas');
    const rows = await all<{ k?: string; u?: Uint8Array }>('$replicas.doc_updates');
    // Ten seconds after it was opened, y-dexie notes in a row of its own, which is no replica's, how far it has compressed.
    const updates = rows.flatMap(({ k, u }) => (k === undefined || u === undefined ? [] : [{ k, u }]));
    opening.result.close();
    return [...new Set([...replicas.map(({ id }) => id), ...updates.map(({ k }) => k)])].map((id): [string, number] => [
      id,
      updates.filter(({ k }) => k === id).reduce((sum, { u }) => sum + u.length, 0)
    ]);
  }, replicaDatabaseName);
  return new Map(kept);
};

/** The lowest generation that is kept of any circle. */
const oldestOf = (replicas: ReadonlyMap<string, number>): number =>
  Math.min(...[...replicas.keys()].map((name) => Number(name.split('/').at(-1))));

const bytesOf = (replicas: ReadonlyMap<string, number>): number =>
  [...replicas.values()].reduce((sum, bytes) => sum + bytes, 0);
