/**
 * `npm run screenshots`: every screen as people see it, into docs/screenshots/, at 360 × 740 and 1280 × 800, light and
 * dark. The production build on its real server, driven by role and name as a person would; only the past of a circle of
 * twelve is written by the bench's filler.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { openBenchSite, type BenchSite } from '../bench/bench-site.ts';
import type { Story } from '../bench/pages/story.ts';
import { boardOfFive, boardOfTwelve } from './screenshot-stories.ts';

const folder = join(import.meta.dirname, '../../docs/screenshots');
const sizes = [
  { name: 'phone', width: 360, height: 740 },
  { name: 'desk', width: 1280, height: 800 }
] as const;
const schemes = ['light', 'dark'] as const;

/** One picture for each size and scheme, of the screen as it stands; `settle` brings into view what it is about. */
const shoot = async (page: Page, name: string, settle?: () => Promise<void>): Promise<void> => {
  for (const { name: size, ...viewport } of sizes) {
    await page.setViewportSize(viewport);
    await settle?.();
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      // A frame after the fonts are there and the browser has laid the new size out.
      await page.evaluate(() =>
        document.fonts.ready.then(() => new Promise((painted) => requestAnimationFrame(painted)))
      );
      // Colours that are still on their way from one scheme to the other are brought home.
      await page.screenshot({ animations: 'disabled', path: join(folder, `${name}-${size}-${colorScheme}.png`) });
    }
  }
  await page.setViewportSize({ width: sizes[0].width, height: sizes[0].height });
};

const openPhone = async (browser: Browser): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: 'en-GB',
    reducedMotion: 'reduce'
  });
  return context.newPage();
};

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const box = (page: Page, name: string) => page.getByRole('textbox', { name });
const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

const toTop = (page: Page): Promise<void> => page.evaluate(() => scrollTo(0, 0));

/** Ana's first check-in, her circle, and the link for Bob. */
const beginWithAna = async (ana: Page, url: string): Promise<string> => {
  await ana.goto(url);
  await ana.getByRole('heading', { name: 'How are you, really?' }).waitFor();
  await shoot(ana, '01-first-check-in');
  await ana.getByRole('slider', { name: 'Pleasantness' }).fill('-45');
  await ana.getByRole('slider', { name: 'Energy' }).fill('-30');
  await box(ana, 'In your own words').fill('A rough week. I keep saying it is fine, and it is not.');
  await ana.getByRole('group', { name: 'What would help' }).getByRole('button', { name: 'be near' }).click();
  await shoot(ana, '02-first-check-in-written');
  await button(ana, 'Say it').click();
  await button(ana, 'Start a circle').waitFor();
  await shoot(ana, '03-after-saying');
  await button(ana, 'Start a circle').click();
  await box(ana, 'Your name').fill('Ana');
  await box(ana, 'Circle name').fill('The kitchen table');
  await shoot(ana, '04-start-a-circle');
  await button(ana, 'Create circle').click();
  await button(ana, 'Share').waitFor();
  await shoot(ana, '05-share-the-first');
  await button(ana, 'Share').click();
  await card(ana, 'You').getByText('A rough week').waitFor();
  await shoot(ana, '06-board-alone');
  await button(ana, 'Invite a friend').click();
  const link = await box(ana, 'Invite link').inputValue();
  await ana.getByText('For one friend.').scrollIntoViewIfNeeded();
  await shoot(ana, '07-invite');
  return link;
};

/** Bob asks, the words are compared, Ana says yes; ends with both connected. */
const joinAsBob = async (ana: Page, bob: Page, link: string): Promise<void> => {
  await bob.goto(link);
  await box(bob, 'Your name').fill('Bob');
  await shoot(bob, '08-join');
  await button(bob, 'Ask to join').click();
  await bob.getByRole('group', { name: 'Six words' }).waitFor();
  await shoot(bob, '09-join-words');
  const request = ana.getByRole('dialog', { name: 'Bob would like to join' });
  await request.waitFor();
  await shoot(ana, '10-let-in');
  await request.getByRole('button', { name: "Yes, that's Bob" }).click();
  await card(bob, 'Ana').getByText('A rough week').waitFor();
  await bob.getByText('Connected to Ana').waitFor();
  await ana.getByText('Connected to Bob').waitFor();
};

/** What Bob does on his own board: says, changes, thinks of taking it back. */
const sayAsBob = async (ana: Page, bob: Page): Promise<void> => {
  await bob.getByRole('link', { name: 'How are you, really?' }).click();
  await bob.getByRole('slider', { name: 'Pleasantness' }).fill('55');
  await bob.getByRole('slider', { name: 'Energy' }).fill('-40');
  await box(bob, 'In your own words').fill('Sat in the garden until it got dark. It did me good.');
  await shoot(bob, '11-composer');
  await button(bob, 'Say it').click();
  await card(ana, 'Bob').getByText('Sat in the garden').waitFor();
  await shoot(ana, '12-board-one-friend', () => toTop(ana));
  await card(bob, 'You').getByRole('button', { name: 'Change' }).click();
  await button(bob, 'Save').waitFor();
  await shoot(bob, '13-change');
  await button(bob, 'Not now').click();
  await card(bob, 'You').getByRole('button', { name: 'Unsay' }).click();
  await button(bob, 'Unsay it').scrollIntoViewIfNeeded();
  await shoot(bob, '14-unsay');
};

const shootOffline = async (page: Page, context: BrowserContext): Promise<void> => {
  await context.setOffline(true);
  await page.getByText('Offline', { exact: true }).waitFor();
  await shoot(page, '15-offline', () => toTop(page));
  await context.setOffline(false);
};

/** Links that lead nowhere, on phones of their own. */
const shootBadLinks = async (browser: Browser, url: string, used: string): Promise<void> => {
  const mangled = await openPhone(browser);
  await mangled.goto(used.slice(0, -6));
  await mangled.getByRole('alert').waitFor();
  await shoot(mangled, '16-mangled-invite');
  await mangled.context().close();

  const late = await openPhone(browser);
  await late.goto(used);
  await box(late, 'Your name').fill('Bo');
  await button(late, 'Ask to join').click();
  await late.getByText('This link has been used').waitFor();
  await shoot(late, '17-used-invite');
  await late.context().close();

  const old = await openPhone(browser);
  await old.addInitScript(() => {
    const { generateKey } = SubtleCrypto.prototype;
    SubtleCrypto.prototype.generateKey = function (this: SubtleCrypto, algorithm: unknown, ...rest: unknown[]) {
      if (algorithm === 'Ed25519' || algorithm === 'X25519')
        return Promise.reject(new DOMException('an older browser', 'NotSupportedError'));
      return Reflect.apply(generateKey, this, [algorithm, ...rest]) as Promise<CryptoKey>;
    } as typeof generateKey;
  });
  await old.goto(url);
  await old.getByText("This browser can't keep secrets").waitFor();
  await shoot(old, '18-unsupported');
  await old.context().close();
};

/** A board with a past. */
const shootBoard = async (
  site: BenchSite,
  story: Story,
  name: string,
  further: readonly string[] = []
): Promise<void> => {
  const page = await openPhone(site.browser);
  await page.goto(site.page('filled'));
  await page.waitForFunction(() => 'fillCircle' in window);
  await page.evaluate((told) => window.fillCircle(told), story);
  await page.goto(site.url);
  await page.getByRole('article').nth(story.friends.length).waitFor();
  await shoot(page, name);
  for (const person of further) {
    await card(page, person).scrollIntoViewIfNeeded();
    await card(page, person).evaluate((article) => article.scrollIntoView({ block: 'center' }));
    await shoot(
      page,
      `${name}-${person
        .toLowerCase()
        .normalize('NFD')
        .replace(/[^a-z]/g, '')}`
    );
  }
  await page.context().close();
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const site = await openBenchSite();
try {
  const [ana, bob] = [await openPhone(site.browser), await openPhone(site.browser)];
  const link = await beginWithAna(ana, site.url);
  await joinAsBob(ana, bob, link);
  await sayAsBob(ana, bob);
  await shootBadLinks(site.browser, site.url, link);
  await bob.context().close();
  await shootOffline(ana, ana.context());
  await shootBoard(site, boardOfFive, '19-board-five');
  await shootBoard(site, boardOfTwelve, '20-board-twelve', ['Priya', 'Tomás', 'Ida']);
} finally {
  await site.close();
}
