/**
 * A newcomer's first sync of many records, beside as many rows sent and stored by hand; and what a record weighs on the
 * newcomer's disk afterwards, in the truth and in the replica.
 *
 * The one who has the records is a scripted friend: the app's own store and engine on a page without screens.
 */
import type { Page } from '@playwright/test';
import { startServer } from '../../src/relay/server.ts';
import { buildHarness } from '../e2e/harness/build.ts';
import { joinScripted, relayOf } from '../e2e/harness/stories.ts';
import { startApp } from '../e2e/phone.ts';
import { newPhone, type BenchSite } from './bench-site.ts';
import { connectByHand } from './said-seen.ts';

export interface CatchingUp {
  readonly records: number;
  /** From the newcomer's first moment on the board until the last record is on disk. */
  readonly shoulderMs: number;
  readonly rawMs: number;
  /** Mean bytes of one envelope, as it travels and as it is stored. */
  readonly envelopeBytes: number;
  /** What IndexedDB grew by on the newcomer's disk, for each record: rows, indexes, replica. */
  readonly restBytes: number;
  readonly rawRestBytes: number;
}

export const measureCatchingUp = async (site: BenchSite, records: number): Promise<CatchingUp> => {
  const app = await startApp();
  const { dir, remove } = await buildHarness();
  const server = await startServer({ host: '127.0.0.1', port: 0, dir });
  const contexts = await Promise.all([newPhone(site.browser), newPhone(site.browser)]);
  const [ana, bob] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
  await ana.goto(server.url);
  await ana.evaluate((relayUrl) => window.harness.open(relayUrl), relayOf(app));
  const envelopeBytes = await ana.evaluate(async (words) => {
    await window.harness.friend.found('The kitchen table', 'Ana');
    return (await window.harness.friend.sayKept(words)) / words.length;
  }, wordsOf(records));

  await bob.goto(app.url);
  await bob.getByRole('button', { name: 'Say it' }).waitFor();
  const before = await storedBytes(bob);
  await joinScripted(ana, bob, app, 'Bob');
  const from = performance.now();
  await untilKept(bob, records);
  const shoulderMs = performance.now() - from;
  const restBytes = (await settledBytes(bob)) - before;

  await Promise.all(contexts.map((context) => context.close()));
  await Promise.all([server.close(), app.goDown(), remove()]);
  const raw = await catchUpByHand(site, records);
  return { records, shoulderMs, envelopeBytes, restBytes: restBytes / records, ...raw };
};

const catchUpByHand = async (site: BenchSite, records: number): Promise<Pick<CatchingUp, 'rawMs' | 'rawRestBytes'>> => {
  const [ana, bob, close] = await connectByHand(site);
  const before = await storedBytes(bob);
  const from = performance.now();
  await ana.evaluate((texts) => window.raw.sendAll(texts), wordsOf(records));
  await bob.waitForFunction((wanted) => window.raw.received >= wanted, records, { polling: 25 });
  const rawMs = performance.now() - from;
  const rawRestBytes = ((await settledBytes(bob)) - before) / records;
  await close();
  return { rawMs, rawRestBytes };
};

/** Sentences as people write them: from a few words to a few lines. */
const wordsOf = (records: number): string[] =>
  Array.from({ length: records }, (_, i) => `Check-in ${i + 1}. ${'It went as it goes. '.repeat(i % 7)}`.trim());

/** Until so many envelopes are on this phone's disk, counted behind the app's back. */
const untilKept = (page: Page, records: number): Promise<void> =>
  page.evaluate(async (wanted) => {
    const opening = indexedDB.open('shoulder');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const count = (): Promise<number> =>
      new Promise((resolve) => {
        const counting = opening.result.transaction('envelopes').objectStore('envelopes').count();
        counting.onsuccess = () => resolve(counting.result);
      });
    while ((await count()) < wanted) await new Promise((later) => setTimeout(later, 25));
    opening.result.close();
  }, records);

const storedBytes = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { usageDetails } = (await navigator.storage.estimate()) as { usageDetails?: { indexedDB?: number } };
    return usageDetails?.indexedDB ?? 0;
  });

/** What is stored once it no longer grows: the replica follows the truth, and the browser writes in its own time. */
const settledBytes = async (page: Page): Promise<number> => {
  await page.waitForFunction(
    async (seen) => {
      const { usage = 0 } = await navigator.storage.estimate();
      seen.push(usage);
      return seen.length > 8 && seen.slice(-8).every((bytes) => bytes === usage);
    },
    [] as number[],
    { polling: 250 }
  );
  return storedBytes(page);
};
