/**
 * `npm run screenshots`: every screen as people see it, into docs/screenshots/, at 360 × 740 and 1280 × 800, and what one
 * looks at longest at 768 × 1024 too; light and dark. The production build on its real server, driven by role and name as a
 * person would; only the past of a circle is written by the bench's filler.
 */
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { openBenchSite, type BenchSite } from '../bench/bench-site.ts';
import type { Story } from '../bench/pages/story.ts';
import { shootAnswers, shootSaying } from './screenshot-being-there.ts';
import {
  allSizes,
  box,
  button,
  card,
  emptyFolder,
  openCard,
  openPhone,
  shoot,
  toMiddle,
  toTop
} from './screenshot-camera.ts';
import { shootPeople, shootSettings } from './screenshot-trust.ts';
import { boardOfFive, boardOfTwelve } from './screenshot-stories.ts';

/** Ana's first check-in, her circle, and the link for Bob. */
const beginWithAna = async (ana: Page, url: string): Promise<string> => {
  await ana.goto(url);
  await ana.getByRole('heading', { name: 'How are you, really?' }).waitFor();
  await shoot(ana, '01-first-check-in', { on: allSizes });
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
  await shoot(ana, '06-board-alone', { on: allSizes });
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

/** What Bob says and lets Ana know of, on his own board; then he changes it, and thinks of taking it back. */
const sayAsBob = async (ana: Page, bob: Page): Promise<void> => {
  await bob.getByRole('link', { name: 'How are you, really?' }).click();
  await bob.getByRole('slider', { name: 'Pleasantness' }).fill('55');
  await bob.getByRole('slider', { name: 'Energy' }).fill('-40');
  await button(bob, 'relieved').click();
  await box(bob, 'In your own words').fill('Sat in the garden until it got dark. It did me good.');
  await shoot(bob, '11-composer', { settle: toTop(bob) });
  await button(bob, 'Say it').click();
  await bob.getByRole('region', { name: 'Let Ana know?' }).waitFor();
  await shoot(bob, '12-let-them-know', { settle: toTop(bob) });
  await bob.getByRole('region', { name: 'Let Ana know?' }).getByRole('button', { name: 'Not now' }).click();
  await card(ana, 'Bob').getByText('Sat in the garden').waitFor();
  await openCard(ana, 'Bob');
  await button(ana, 'sitting with you').click();
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await card(bob, 'You').getByText('Ana is sitting with you').waitFor();
  await shoot(ana, '12-board-one-friend', { settle: toTop(ana), on: allSizes });
  await openCard(bob, 'You');
  await button(bob, 'Change').click();
  await button(bob, 'Save').waitFor();
  await shoot(bob, '13-change');
  await button(bob, 'Not now').click();
  await button(bob, 'Unsay').click();
  await shoot(bob, '14-unsay', { settle: toMiddle(button(bob, 'Unsay it')) });
};

/** How it gets there, and the lamp; from the board, and back to it. */
const shootWays = async (ana: Page): Promise<void> => {
  await ana.getByRole('link', { name: 'How it gets there' }).click();
  await ana.getByText('Open.', { exact: true }).waitFor();
  await shoot(ana, '43-ways', { settle: toTop(ana), on: allSizes });
  await ana.getByRole('radio', { name: /^Our own/ }).check();
  await shoot(ana, '44-ways-choice', { settle: toMiddle(box(ana, 'Addresses')) });
  await ana.getByRole('link', { name: /^Have an old tablet/ }).click();
  await ana.getByText('Every relay it uses is open.').waitFor();
  await shoot(ana, '45-lamp', { settle: toTop(ana), on: allSizes });
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await card(ana, 'You').waitFor();
};

const shootOffline = async (page: Page, context: BrowserContext): Promise<void> => {
  await context.setOffline(true);
  await page.getByText('Offline', { exact: true }).waitFor();
  await shoot(page, '15-offline', { settle: toTop(page) });
  await context.setOffline(false);
};

/** One's own circle, a check-in for one person outside the app, and settings. */
const shootAlone = async (ana: Page): Promise<void> => {
  await ana.getByRole('link', { name: 'Just me' }).click();
  await button(ana, 'Send this to one person').click();
  await button(ana, 'Send').waitFor();
  await shoot(ana, '40-send-one');
  await button(ana, 'Not now').click();
  await ana.getByRole('link', { name: 'Settings' }).click();
  await ana.getByRole('switch').first().waitFor();
  await shoot(ana, '41-settings', { on: allSizes });
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

/** A board with a past, on a phone of its own. */
const openBoard = async (site: BenchSite, story: Story): Promise<Page> => {
  const page = await openPhone(site.browser);
  await page.goto(site.page('filled'));
  await page.waitForFunction(() => 'fillCircle' in window);
  await page.evaluate((told) => window.fillCircle(told), story);
  await page.goto(site.url);
  await page.getByRole('article').nth(story.friends.length).waitFor();
  return page;
};

const shootFive = async (site: BenchSite): Promise<void> => {
  const page = await openBoard(site, boardOfFive);
  await shoot(page, '19-board-five', { on: allSizes });
  await shoot(page, '19-board-five-mia', { settle: toMiddle(card(page, 'Mia')), on: ['phone'] });
  await shoot(page, '19-board-five-sam', { settle: toMiddle(card(page, 'Sam')), on: ['phone'] });
  await shootSaying(page);
  await shootAnswers(page);
  await shootPeople(page);
  await shootSettings(page, site.url);
  await page.context().close();
};

const shootTwelve = async (site: BenchSite): Promise<void> => {
  const page = await openBoard(site, boardOfTwelve);
  await shoot(page, '20-board-twelve', { on: allSizes });
  for (const [name, file] of [
    ['Priya', 'priya'],
    ['Tomás', 'tomas'],
    ['Ida', 'ida']
  ] as const)
    await shoot(page, `20-board-twelve-${file}`, { settle: toMiddle(card(page, name)) });
  await openCard(page, 'Tomás');
  await shoot(page, '42-friend-long', { settle: toTop(page), on: allSizes });
  await page.context().close();
};

await emptyFolder();
const site = await openBenchSite();
try {
  const [ana, bob] = [await openPhone(site.browser), await openPhone(site.browser)];
  const link = await beginWithAna(ana, site.url);
  await joinAsBob(ana, bob, link);
  await sayAsBob(ana, bob);
  await shootWays(ana);
  await shootBadLinks(site.browser, site.url, link);
  await bob.context().close();
  await shootOffline(ana, ana.context());
  await shootAlone(ana);
  await shootFive(site);
  await shootTwelve(site);
} finally {
  await site.close();
}
