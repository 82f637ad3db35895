/**
 * From a tap on Ana's phone to words on Bob's: Shoulder's production build, and two pages that do it by hand. Both write
 * to IndexedDB on each side and go over a real data channel.
 */
import type { Page } from '@playwright/test';
import { befriend, beginCircle, openComposer } from '../e2e/friends.ts';
import { newPhone, type BenchSite } from './bench-site.ts';
import type { Series } from './series.ts';

export interface SaidSeen {
  /** From the tap until the words stand on the other page. */
  readonly tapToCard: Series;
  /** From the moment the record was on the sayer's disk. */
  readonly saidToSeen: Series;
}

export interface SaidSeenBeside {
  readonly shoulder: SaidSeen;
  /** By hand, as a browser stores by default: kept by the system, not yet by the disk. */
  readonly raw: SaidSeen;
  /** By hand, each write flushed to the disk, as Shoulder does it. */
  readonly rawStrict: SaidSeen;
}

export const measureSaidSeen = async (site: BenchSite, turns: number): Promise<SaidSeenBeside> => {
  const raw = await saidByHand(site, 'default', turns);
  const shoulder = await saidInShoulder(site, turns);
  return { raw, rawStrict: await saidByHand(site, 'strict', turns), shoulder };
};

interface Instruments {
  tapMs: number;
  diskMs: number;
  seenMs: number;
}

declare global {
  interface Window {
    instruments: Instruments;
  }
}

/** Runs in each page before anything else: notes taps, and the first write that is complete after one. */
const instrument = (): void => {
  const noted: Instruments = { tapMs: 0, diskMs: 0, seenMs: 0 };
  window.instruments = noted;
  const now = (): number => performance.timeOrigin + performance.now();
  const isSaying = (event: Event): boolean =>
    event.target instanceof Element && event.target.closest('button') !== null;
  document.addEventListener(
    'click',
    (event) => {
      if (!isSaying(event)) return;
      // Not the event's own time: a browser hands input over once a frame, whoever made the page.
      noted.tapMs = now();
      noted.diskMs = 0;
    },
    true
  );
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...given) {
    const made = transaction.apply(this, given);
    // A draft is written too; what was said goes to these.
    const isSaid = made.objectStoreNames.contains('outbox') || made.objectStoreNames.contains('rows');
    if (made.mode === 'readwrite' && isSaid && noted.tapMs > 0 && noted.diskMs === 0)
      made.addEventListener('complete', () => (noted.diskMs ||= now()));
    return made;
  };
};

/** Notes when these words stand on a card of this page. */
const watchFor = (page: Page, words: string): Promise<void> =>
  page.evaluate((expected) => {
    window.instruments.seenMs = 0;
    const look = (): void => {
      if (![...document.querySelectorAll('article')].some((card) => card.textContent.includes(expected))) return;
      watcher.disconnect();
      window.instruments.seenMs = performance.timeOrigin + performance.now();
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  }, words);

/** One saying: what was noted on both pages, once it was seen. */
const sayOnce = async (ana: Page, bob: Page, words: string): Promise<{ tap: number; said: number }> => {
  await watchFor(bob, words);
  await ana.getByRole('button', { name: 'Say it' }).click();
  await bob.waitForFunction(() => window.instruments.seenMs > 0);
  const seenMs = await bob.evaluate(() => window.instruments.seenMs);
  const { tapMs, diskMs } = await ana.evaluate(() => window.instruments);
  return { tap: seenMs - tapMs, said: seenMs - diskMs };
};

const seriesOf = (noted: readonly { tap: number; said: number }[]): SaidSeen => ({
  tapToCard: { values: noted.map(({ tap }) => tap) },
  saidToSeen: { values: noted.map(({ said }) => said) }
});

const saidInShoulder = async (site: BenchSite, turns: number): Promise<SaidSeen> => {
  const contexts = await Promise.all([newPhone(site.browser), newPhone(site.browser)]);
  await Promise.all(contexts.map((context) => context.addInitScript(instrument)));
  const [ana, bob] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
  await beginCircle(ana, site.app, { name: 'Ana', circle: 'The kitchen table', words: 'Here I am.' });
  await befriend(ana, bob, 'Bob');
  await bob.getByRole('status').getByText('Connected to Ana').waitFor();
  await ana.getByRole('status').getByText('Connected to Bob').waitFor();
  const noted = [];
  for (let turn = -2; turn < turns; turn++) {
    const words = `Said for the ${turn + 3}. time.`;
    await openComposer(ana);
    await ana.getByRole('textbox', { name: 'In your own words' }).fill(words);
    const once = await sayOnce(ana, bob, words);
    await ana.getByRole('article', { name: 'You' }).getByText(words).waitFor();
    if (turn >= 0) noted.push(once);
  }
  await Promise.all(contexts.map((context) => context.close()));
  return seriesOf(noted);
};

const saidByHand = async (site: BenchSite, durability: IDBTransactionDurability, turns: number): Promise<SaidSeen> => {
  const [ana, bob, close] = await connectByHand(site);
  const texts = Array.from({ length: turns + 2 }, (_, turn) => `Said by hand for the ${turn + 1}. time.`);
  await Promise.all([ana, bob].map((page) => page.evaluate((wanted) => (window.raw.durability = wanted), durability)));
  await ana.evaluate((all) => window.raw.sayOnTap(all), texts);
  const noted = [];
  for (const text of texts) noted.push(await sayOnce(ana, bob, text));
  await close();
  return seriesOf(noted.slice(2));
};

/** Two pages by hand, their data channel open. */
export const connectByHand = async (site: BenchSite): Promise<[ana: Page, bob: Page, close: () => Promise<void>]> => {
  const contexts = await Promise.all([newPhone(site.browser), newPhone(site.browser)]);
  await Promise.all(contexts.map((context) => context.addInitScript(instrument)));
  const [ana, bob] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
  for (const page of [ana, bob]) {
    await page.goto(site.page('raw'));
    await page.waitForFunction(() => 'raw' in window);
  }
  const offer = await ana.evaluate(() => window.raw.offer());
  const answer = await bob.evaluate((from) => window.raw.answer(from), offer);
  await ana.evaluate((from) => window.raw.accept(from), answer);
  await ana.waitForFunction(() => window.raw.isOpen);
  return [ana, bob, async () => void (await Promise.all(contexts.map((context) => context.close())))];
};
