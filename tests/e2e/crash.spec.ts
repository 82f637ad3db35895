/** The tab or the whole browser is gone in the middle of a sentence: nothing that was said or typed is. */
import type { Page } from '@playwright/test';
import {
  board,
  card,
  composer,
  expect,
  firstCheckIn,
  openComposer,
  say,
  seeWords,
  test,
  type RunningApp
} from './friends.ts';
import { draftBytes } from './kept.ts';
import { ProfilePhone } from './harness/profile.ts';

test('the tab crashes right after "Say it": said, or still in the box', async ({ app, phone }) => {
  let ana = await phone('Ana');
  await toOwnBoard(ana, app);
  for (const words of ['A rough week.', 'A rougher one.', 'And another.', 'Still standing.']) {
    await openComposer(ana);
    await composer(ana).words.fill(words);
    await composer(ana).sayIt.click({ noWaitAfter: true });
    ana = await crashTab(ana);
    await ana.goto(app.url);
    await expectNotLost(ana, words);
    await ana.goto(app.url);
  }
  await say(ana, 'Better now.');
});

test('what was typed and not said survives a crash of the tab', async ({ app, phone }) => {
  let ana = await phone('Ana');
  await ana.goto(app.url);
  await composer(ana).words.fill('I have not dared to say this yet.');
  await ana.getByRole('slider', { name: 'Pleasantness' }).fill('-60');
  await composer(ana).help.getByRole('button', { name: 'hear me' }).click();
  await expect.poll(() => draftBytes(ana, 'first')).toBeGreaterThan(0);
  const before = await draftBytes(ana, 'first');
  await composer(ana).words.press('End');
  await composer(ana).words.pressSequentially(' Or thought it.');
  await expect.poll(() => draftBytes(ana, 'first')).toBe(before + ' Or thought it.'.length);
  ana = await crashTab(ana);
  await ana.goto(app.url);
  await expect(composer(ana).words).toHaveValue('I have not dared to say this yet. Or thought it.');
  await expect(ana.getByRole('slider', { name: 'Pleasantness' })).toHaveValue('-60');
  await expect(composer(ana).help.getByRole('button', { name: 'hear me' })).toHaveAttribute('aria-pressed', 'true');
});

for (const end of ['kill', 'crash'] as const) {
  test(`the browser ends by ${end} right after "Say it": nothing is lost`, async ({ app }) => {
    const phone = await ProfilePhone.create('Ana');
    try {
      let ana = await phone.start();
      await toOwnBoard(ana, app);
      await say(ana, 'Said, and seen to be said.');
      ana = await endAndStart(phone, ana, end);
      await ana.goto(app.url);
      await seeWords(ana, 'You', 'Said, and seen to be said.');

      await openComposer(ana);
      await composer(ana).words.fill('Said with my last breath.');
      await composer(ana).sayIt.click({ noWaitAfter: true });
      ana = await endAndStart(phone, ana, end);
      await ana.goto(app.url);
      await expectNotLost(ana, 'Said with my last breath.', 'Said, and seen to be said.');
    } finally {
      await phone.remove();
    }
  });
}

const toOwnBoard = async (page: Page, app: RunningApp): Promise<void> => {
  await firstCheckIn(page, app, {});
  await page.getByRole('button', { name: 'Just me for now' }).click();
  await expect(board(page)).toBeVisible();
};

/** Either it stands on the card, or it waits in the box and what was said before still stands. */
const expectNotLost = async (page: Page, words: string, before?: string): Promise<void> => {
  await expect(card(page, 'You')).toBeVisible();
  if ((await card(page, 'You').getByText(words, { exact: true }).count()) > 0) return;
  if (before !== undefined) await seeWords(page, 'You', before);
  await openComposer(page);
  await expect(composer(page).words).toHaveValue(words);
};

/** The renderer goes; a new tab of the same phone. */
const crashTab = async (page: Page): Promise<Page> => {
  const context = page.context();
  const gone = page.waitForEvent('crash');
  const devtools = await context.newCDPSession(page);
  devtools.send('Page.crash').catch(() => undefined); // its answer never comes
  await gone;
  await page.close();
  return context.newPage();
};

const endAndStart = async (phone: ProfilePhone, page: Page, end: 'kill' | 'crash'): Promise<Page> => {
  if (end === 'kill') await phone.kill();
  else await phone.crash(page);
  return phone.start();
};
