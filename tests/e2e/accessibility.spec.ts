/** For everyone: each screen without a violation that axe can find, light and dark, and the way in with keys alone. */
import type { Locator, Page } from '@playwright/test';
import axe from 'axe-core';
import {
  askToJoin,
  board,
  card,
  composer,
  connected,
  expect,
  firstCheckIn,
  foundCircle,
  inviteLink,
  joinRequest,
  keepFirst,
  letIn,
  openComposer,
  say,
  seeWords,
  shareDialog,
  shareFirst,
  sixWords,
  test
} from './friends.ts';

test('no screen has a violation, light or dark', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await ana.goto(app.url);
  await expect(composer(ana).words).toBeVisible();
  await check(ana, 'first check-in');
  await firstCheckIn(ana, app, { words: 'A rough week.', pleasantness: -60, energy: -40, help: 'be near' });
  await check(ana, 'three choices');
  await ana.getByRole('button', { name: 'Start a circle' }).click();
  await ana.getByRole('button', { name: 'Create circle' }).click();
  await check(ana, 'start, with what is missing said');
  await ana.getByRole('textbox', { name: 'Your name' }).fill('Ana');
  await ana.getByRole('textbox', { name: 'Circle name' }).fill('The kitchen table');
  await ana.getByRole('button', { name: 'Create circle' }).click();
  await expect(shareDialog(ana, 'The kitchen table')).toBeVisible();
  await check(ana, 'share this?');
  await shareFirst(ana, 'The kitchen table');
  await check(ana, 'board, alone');
  await ana.getByRole('button', { name: 'Invite a friend' }).click();
  await expect(ana.getByRole('img', { name: 'QR code of the invite link' })).toBeVisible();
  await check(ana, 'invite');
  await ana.getByRole('button', { name: 'Close' }).click();

  const link = await inviteLink(ana);
  await bob.goto(link.slice(0, -2));
  await expect(bob.getByRole('alert')).toBeVisible();
  await check(bob, 'mangled link');
  await bob.getByRole('button', { name: 'Use another link' }).click();
  await check(bob, 'join');
  const words = await askToJoin(bob, link, 'Bob');
  await check(bob, 'waiting');
  await expect(joinRequest(ana, 'Bob')).toBeVisible();
  await check(ana, 'request');
  await letIn(ana, 'Bob', words);
  await connected(bob, ['Ana']);
  await say(bob, 'Here.', { pleasantness: 70, energy: 50 });
  await seeWords(ana, 'Bob', 'Here.');
  await check(ana, 'board of two');
  await ana.setViewportSize({ width: 1280, height: 800 });
  await check(ana, 'board of two, wide');
  await openComposer(ana);
  await check(ana, 'composer, wide');
  await ana.getByRole('button', { name: 'Not now' }).click();
  await card(ana, 'You').getByRole('button', { name: 'Unsay' }).click();
  await check(ana, 'unsay?');
  await card(ana, 'You').getByRole('button', { name: 'Keep it' }).click();
  await card(ana, 'You').getByRole('button', { name: 'Change' }).click();
  await expect(ana.getByRole('dialog', { name: 'Change what you said' })).toBeVisible();
  await check(ana, 'change');
});

test('from the first screen to an invite with keys alone', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await ana.goto(app.url);
  await expect(composer(ana).words).toBeVisible();
  await walkTo(ana, ana.getByRole('slider', { name: 'Pleasantness' }));
  await ana.keyboard.press('ArrowRight');
  await walkTo(ana, ana.getByRole('slider', { name: 'Energy' }));
  await ana.keyboard.press('ArrowDown');
  await walkTo(ana, composer(ana).words);
  await ana.keyboard.type('By hand.');
  await walkTo(ana, composer(ana).help.getByRole('button', { name: 'hear me' }));
  await ana.keyboard.press('Space');
  await walkTo(ana, composer(ana).sayIt);
  await ana.keyboard.press('Enter');
  const start = ana.getByRole('button', { name: 'Start a circle' });
  await expect(start).toBeVisible();
  await walkTo(ana, start);
  await ana.keyboard.press('Enter');
  await walkTo(ana, ana.getByRole('textbox', { name: 'Your name' }));
  await ana.keyboard.type('Ana');
  await walkTo(ana, ana.getByRole('textbox', { name: 'Circle name' }));
  await ana.keyboard.type('The kitchen table');
  await ana.keyboard.press('Enter');
  const share = shareDialog(ana, 'The kitchen table');
  await walkTo(ana, share.getByRole('button', { name: 'Share', exact: true }));
  await ana.keyboard.press('Enter');
  await seeWords(ana, 'You', 'By hand.');
  await walkTo(ana, ana.getByRole('button', { name: 'Invite a friend' }));
  await ana.keyboard.press('Enter');
  await expect(ana.getByRole('textbox', { name: 'Invite link' })).toHaveValue(/#i=/);
  await walkTo(ana, ana.getByRole('button', { name: 'Copy link' }));
  await walkTo(ana, ana.getByRole('button', { name: 'Close' }));
  await ana.keyboard.press('Enter');
  await expect(ana.getByRole('textbox', { name: 'Invite link' })).toHaveCount(0);
});

test('Escape decides nothing, and focus goes back to where it was', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await firstCheckIn(ana, app, { words: 'A rough week.' });
  await foundCircle(ana, { name: 'Ana', circle: 'The kitchen table' });
  await keepFirst(ana, 'The kitchen table');
  await say(ana, 'Here.');
  const change = card(ana, 'You').getByRole('button', { name: 'Change' });
  await change.focus();
  await ana.keyboard.press('Enter');
  await expect(ana.getByRole('dialog', { name: 'Change what you said' })).toBeVisible();
  await ana.keyboard.press('Escape');
  await expect(ana.getByRole('dialog')).toHaveCount(0);
  await expect(change).toBeFocused();

  const words = await askToJoin(bob, await inviteLink(ana), 'Bob');
  await expect(joinRequest(ana, 'Bob')).toBeVisible();
  await ana.keyboard.press('Escape');
  await expect(joinRequest(ana, 'Bob')).toHaveCount(0);
  // Put off is not refused: Bob still waits, and Ana is asked again when she comes back.
  expect(await sixWords(bob)).toEqual(words);
  await ana.reload();
  await letIn(ana, 'Bob', words);
  await expect(board(bob)).toBeVisible();
});

/** Light, then dark: all that axe checks by default, its good advice included. */
const check = async (page: Page, screen: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // A colour on its way from one to the other is neither.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    expect(passes.length).toBeGreaterThan(0);
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(found, `${screen}, ${colorScheme}`).toEqual([]);
  }
};

/** Presses Tab until focus is there; twice around the page is enough for anything that can be reached. */
const walkTo = async (page: Page, target: Locator): Promise<void> => {
  await expect(target).toBeVisible();
  for (let step = 0; step < 60; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
};
