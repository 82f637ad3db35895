/**
 * From the first moment of a navigation until the newest card stands on the page: Shoulder with a past, a page by hand
 * with as many rows, and a page with nothing in it.
 */
import type { BrowserContext } from '@playwright/test';
import { newPhone, type BenchSite } from './bench-site.ts';
import type { Story } from './pages/story.ts';
import { measureTimes, type Series } from './series.ts';

const newestWords = 'The newest of them all.';
const friends = 12;

export interface OpenTimes {
  readonly records: number;
  readonly shoulder: Series;
  readonly raw: Series;
}

/** `turns` openings of each, in pairs, so that what else the machine does meets both. */
export const measureOpening = async (site: BenchSite, records: number, turns: number): Promise<OpenTimes> => {
  const shoulder = await newPhone(site.browser);
  const raw = await newPhone(site.browser);
  await Promise.all([shoulder, raw].map((context) => context.addInitScript(noteWhenSeen, newestWords)));
  await fillShoulder(site, shoulder, records);
  await fillRaw(site, raw, records);
  const rawUrl = `${site.page('raw')}#open`;
  // Twice unmeasured: the first opening installs the service worker, the second fills the browser's code cache.
  for (let warm = 0; warm < 3; warm++) {
    await opened(shoulder, site.url, true);
    await opened(raw, rawUrl, false);
  }
  const pairs: { shoulder: number; raw: number }[] = [];
  for (let turn = 0; turn < turns; turn++)
    pairs.push({ raw: await opened(raw, rawUrl, false), shoulder: await opened(shoulder, site.url, false) });
  await Promise.all([shoulder.close(), raw.close()]);
  return {
    records,
    shoulder: { values: pairs.map((pair) => pair.shoulder) },
    raw: { values: pairs.map((pair) => pair.raw) }
  };
};

/** A page that says the words in its markup: no script, no storage. */
export const measureEmpty = async (site: BenchSite, turns: number): Promise<Series> => {
  const context = await newPhone(site.browser);
  await context.addInitScript(noteWhenSeen, newestWords);
  await opened(context, site.page('empty'), false);
  const times = await measureTimes(turns, () => opened(context, site.page('empty'), false));
  await context.close();
  return times;
};

declare global {
  interface Window {
    seenAtMs?: number;
  }
}

/** Runs in the page before anything else: notes the frame in which the newest card is there. */
const noteWhenSeen = (words: string): void => {
  const look = (): void => {
    if (![...document.querySelectorAll('article')].some((card) => card.textContent.includes(words))) return;
    watcher.disconnect();
    requestAnimationFrame(() => (window.seenAtMs = performance.now()));
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document, { childList: true, subtree: true, characterData: true });
};

/** One opening in a tab of its own, milliseconds. `settle`: until the service worker has everything. */
const opened = async (context: BrowserContext, url: string, settle: boolean): Promise<number> => {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  const seen = await page.waitForFunction(() => window.seenAtMs);
  if (settle) await page.evaluate(() => navigator.serviceWorker.ready);
  const ms = await seen.jsonValue();
  await page.close();
  return ms as number;
};

const fillShoulder = async (site: BenchSite, context: BrowserContext, records: number): Promise<void> => {
  const page = await context.newPage();
  await page.goto(site.page('filled'));
  await page.waitForFunction(() => 'fillCircle' in window);
  await page.evaluate((story) => window.fillCircle(story), storyOf(records));
  await page.close();
};

const fillRaw = async (site: BenchSite, context: BrowserContext, records: number): Promise<void> => {
  const page = await context.newPage();
  await page.goto(site.page('raw'));
  await page.waitForFunction(() => 'raw' in window);
  await page.evaluate(([rows, words]) => window.raw.fill(rows, words, Date.now()), [records, newestWords] as const);
  await page.close();
};

/** Twelve people, `records` check-ins between them; the first friend's newest is the newest of all. */
const storyOf = (records: number): Story => {
  const others = friends - 1;
  const each = (i: number): number => Math.floor(records / others) + (i < records % others ? 1 : 0) - 1;
  return {
    circleName: 'The kitchen table',
    ownName: 'Ana',
    own: null,
    otherCircles: [],
    friends: Array.from({ length: others }, (_, i) => ({
      name: `Friend ${i + 1}`,
      newest: {
        agoMs: (i + 1) * 3_600_000,
        point: [((i * 37) % 200) - 100, ((i * 61) % 200) - 100] as const,
        feelings: ['worn out'],
        words: i === 0 ? newestWords : `It has been a long week, and I am glad of you. ${i}`
      },
      kept: Math.max(0, each(i)),
      reached: true
    }))
  };
};
