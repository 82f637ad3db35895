/**
 * Ana, Bob and Mia around one kitchen table: where the stories about being there begin, and the steps only they need.
 */
import type { Locator, Page } from '@playwright/test';
import {
  beginCircle,
  befriend,
  board,
  connected,
  expect,
  openedCard,
  type OpenPhone,
  type Saying
} from '../friends.ts';
import type { RunningApp } from '../phone.ts';

export const table = 'The kitchen table';

/** Three phones of one circle, Ana's check-in on every board, everyone connected to everyone. */
export const gatherThree = async (
  app: RunningApp,
  phone: OpenPhone,
  saying: Saying = { words: 'A rough week.' }
): Promise<{ readonly ana: Page; readonly bob: Page; readonly mia: Page }> => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await phone('Mia')];
  await beginCircle(ana, app, { name: 'Ana', circle: table, ...saying });
  await befriend(ana, bob, 'Bob');
  await befriend(ana, mia, 'Mia');
  await connected(ana, ['Bob', 'Mia']);
  await connected(bob, ['Ana', 'Mia']);
  await connected(mia, ['Ana', 'Bob']);
  return { ana, bob, mia };
};

/** Phones whose clock a story turns (`page.clock`); it begins at `atMs`, milliseconds since 1970, and goes on by itself. */
export const withClock =
  (phone: OpenPhone, atMs: number): OpenPhone =>
  async (name, options) => {
    const page = await phone(name, options);
    await page.clock.install({ time: atMs });
    return page;
  };

/** On an opened card: one tap on a gesture gives it, a second takes it back; ends when it is said. */
export const tapGesture = async (page: Page, gesture: string, pressed: boolean): Promise<void> => {
  const chip = openedCard(page).getByRole('button', { name: gesture, exact: true });
  await chip.click();
  await expect(chip).toHaveAttribute('aria-pressed', `${pressed}`);
};

/** A few words that stand on an opened card. */
export const shownReply = (page: Page, words: string): Locator =>
  openedCard(page)
    .getByRole('list', { name: 'A few words from friends' })
    .getByRole('listitem')
    .filter({ hasText: words });

/** One question on the board whether two can talk, named by its own sentence. */
export const reachOut = (page: Page, sentence: string): Locator => page.getByRole('region', { name: sentence });

/** In the composer: everything to choose about who sees it and how long. */
export const openAudience = async (page: Page): Promise<{ who: Locator; long: Locator }> => {
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const who = page.getByRole('group', { name: 'Who sees it' });
  await expect(who).toBeVisible();
  return { who, long: page.getByRole('group', { name: 'How long' }) };
};

/** The page is gone without a goodbye; a new tab of the same phone, on the board. */
export const crashTab = async (page: Page, address: string): Promise<Page> => {
  const context = page.context();
  const gone = page.waitForEvent('crash');
  const devtools = await context.newCDPSession(page);
  devtools.send('Page.crash').catch(() => undefined); // its answer never comes
  await gone;
  await page.close();
  const again = await context.newPage();
  await again.goto(address);
  await expect(board(again)).toBeVisible();
  return again;
};
