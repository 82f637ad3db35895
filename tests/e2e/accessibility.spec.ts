/** For everyone: each screen without a violation that axe can find, light and dark, and the way in with keys alone. */
import type { Locator, Page } from '@playwright/test';
import axe from 'axe-core';
import {
  askToJoin,
  backToBoard,
  befriend,
  beginCircle,
  board,
  changeDialog,
  composer,
  connected,
  expect,
  firstCheckIn,
  foundCircle,
  goToCircle,
  inviteLink,
  joinRequest,
  keepFirst,
  letIn,
  openCard,
  openComposer,
  openedCard,
  say,
  sayHere,
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
  const own = await openCard(ana, 'You');
  await check(ana, 'own card, opened, wide');
  await own.getByRole('button', { name: 'Unsay' }).click();
  await check(ana, 'unsay?');
  await own.getByRole('button', { name: 'Keep it' }).click();
  await own.getByRole('button', { name: 'Change' }).click();
  await expect(changeDialog(ana)).toBeVisible();
  await check(ana, 'change');
});

test('saying it: words to choose from, who sees it, a notch truer, and letting them know', async ({ app, phone }) => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await phone('Mia')];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.', help: 'be near' });
  await befriend(ana, bob, 'Bob');
  await befriend(ana, mia, 'Mia');
  await openComposer(ana);
  await ana.getByRole('slider', { name: 'Pleasantness' }).fill('-45');
  await ana.getByRole('slider', { name: 'Energy' }).fill('-30');
  const feelings = ana.getByRole('group', { name: 'Feeling words' });
  await feelings.getByRole('button', { name: 'sad', exact: true }).click();
  await expect(feelings).toContainText('something is missing or lost');
  await composer(ana).words.fill("I'm fine.");
  await expect(ana.getByRole('button', { name: /hanging in there/ })).toBeVisible();
  await check(ana, 'composer, with a notch truer');
  await ana.getByRole('button', { name: 'Change', exact: true }).click();
  await ana.getByRole('group', { name: 'Who sees it' }).getByRole('button', { name: 'Bob' }).click();
  await ana.getByRole('group', { name: 'How long' }).getByRole('button', { name: 'a week' }).click();
  await check(ana, 'composer, with who sees it');
  await feelings.getByRole('button', { name: 'other …' }).click();
  const list = ana.getByRole('dialog', { name: 'More words' });
  await expect(list.getByRole('list')).toBeVisible();
  await check(ana, 'feeling words');
  await list.getByRole('textbox').fill('threadbare');
  await check(ana, 'feeling words, one that is not among them');
  await list.getByRole('button', { name: 'Use “threadbare”' }).click();
  await expect(list).toHaveCount(0);
  await feelings.getByRole('button', { name: 'other …' }).click();
  await check(ana, "feeling words, with one's own");
  await list.getByRole('button', { name: 'Done', exact: true }).click();
  await ana.setViewportSize({ width: 1280, height: 800 });
  await check(ana, 'composer, with who sees it, wide');
  await composer(ana).sayIt.click();
  await expect(ana.getByRole('region', { name: 'Let Bob know?' })).toBeVisible();
  await check(ana, 'let them know');
  await check(ana, 'board, with what one friend sees');

  await goToCircle(ana, 'Just me');
  await ana.getByRole('button', { name: 'Send this to one person' }).click();
  await expect(ana.getByRole('dialog', { name: 'Send this to one person' })).toBeVisible();
  await check(ana, 'send this to one person');
  await ana.getByRole('dialog').getByRole('button', { name: 'Not now' }).click();
  await ana.getByRole('link', { name: 'Settings' }).click();
  await expect(ana.getByRole('switch', { name: 'A notch truer' })).toBeVisible();
  await check(ana, 'settings');
});

test('being there: somebody’s card, one’s own, and every box on them', async ({ app, phone }) => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await phone('Mia')];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.', help: 'hear me' });
  await befriend(ana, bob, 'Bob');
  await befriend(ana, mia, 'Mia');
  await connected(bob, ['Ana', 'Mia']);

  const hers = await openCard(bob, 'Ana');
  await check(bob, "a friend's card");
  await hers.getByRole('button', { name: 'me too', exact: true }).click();
  await hers.getByRole('button', { name: 'Add words that only Ana gets' }).click();
  await check(bob, "a friend's card, with words for a me too");
  await hers.getByRole('textbox', { name: 'Words that only Ana gets' }).fill('Two years ago, the same kitchen.');
  await hers.getByRole('button', { name: 'Send to Ana' }).click();
  await expect(hers).toContainText('Only Ana gets this');
  await hers.getByRole('button', { name: 'Would thinking along help?' }).click();
  await expect(hers).toContainText('You asked. Ana decides.');
  await hers.getByRole('button', { name: 'A few words …' }).click();
  await check(bob, "a friend's card, with the box for a few words");
  await hers.getByRole('textbox', { name: 'A few words to Ana' }).fill('I read this twice.');
  await hers.getByRole('button', { name: 'Say it' }).click();
  await expect(hers.getByRole('list', { name: 'A few words from friends' })).toContainText('I read this twice.');
  await hers.getByRole('button', { name: 'Write a letter' }).click();
  await check(bob, "a friend's card, with the box for a letter");
  await hers.getByRole('textbox', { name: 'A letter to Ana' }).fill('Dear Ana, come on Sunday.');
  await hers.getByRole('button', { name: 'Send to Ana' }).click();
  await expect(hers.getByText('Your letter, just now')).toBeVisible();
  await hers.getByRole('button', { name: 'Thought of you' }).click();
  await hers.getByRole('button', { name: 'Hey, can we talk?' }).click();
  await hers.getByRole('combobox').selectOption('Mia');
  await check(bob, "a friend's card, with the box for asking to talk");
  await hers.getByRole('button', { name: 'Send to Ana' }).click();
  await expect(hers.getByText('You asked Ana if you can talk, just now')).toBeVisible();
  await check(bob, "a friend's card, with all that one said");
  await hers.getByRole('button', { name: 'Take back' }).last().click();
  await check(bob, "a friend's card, take this back?");
  await backToBoard(bob);
  await check(bob, 'board, after asking to talk');

  await expect(ana.getByRole('region', { name: 'Bob asks: can we talk?' })).toBeVisible();
  await check(ana, 'board, asked to talk');
  const own = await openCard(ana, 'You');
  await expect(own).toContainText('Bob asks: would thinking along help?');
  await expect(own).toContainText('Bob has been there too. Would you like to hear?');
  await check(ana, "one's own card, with answers");
  await own.getByRole('button', { name: 'Hear', exact: true }).click();
  await own.getByRole('button', { name: 'Yes', exact: true }).click();
  await own.getByRole('button', { name: 'That helped' }).first().click();
  await own.getByRole('button', { name: 'A few words …' }).click();
  await check(ana, "one's own card, with answers heard");
  await backToBoard(ana);
  const his = await openCard(ana, 'Bob');
  await expect(his).toContainText('Dear Ana, come on Sunday.');
  await check(ana, 'a silent friend’s card, with what is between us');
  await his.getByRole('button', { name: 'Tonight' }).click();
  await expect(his.getByRole('button', { name: 'Tonight' })).toHaveAttribute('aria-pressed', 'true');
  await check(ana, 'a silent friend’s card, answered');
  await backToBoard(ana);

  // What is being written when something newer comes is kept, and said to be.
  const miasBox = await openCard(mia, 'Ana');
  await miasBox.getByRole('button', { name: 'A few words …' }).click();
  await miasBox.getByRole('textbox', { name: 'A few words to Ana' }).fill('Half a thought');
  await backToBoard(mia);
  await openComposer(ana);
  await ana.getByRole('button', { name: 'Change', exact: true }).click();
  await ana.getByRole('group', { name: 'How long' }).getByRole('button', { name: 'kept' }).click();
  await sayHere(ana, { words: 'Better now.' });
  await say(ana, 'And better still.');
  await seeWords(mia, 'Ana', 'And better still.');
  await openCard(mia, 'Ana');
  await expect(openedCard(mia)).toContainText('Your words are still here.');
  await expect(openedCard(mia).getByRole('heading', { name: 'Before' })).toBeVisible();
  await check(mia, "a friend's card, with what was said before, and words kept");
  await mia.setViewportSize({ width: 1280, height: 800 });
  await check(mia, "a friend's card, wide");
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
  const change = (await openCard(ana, 'You')).getByRole('button', { name: 'Change' });
  await change.focus();
  await ana.keyboard.press('Enter');
  await expect(changeDialog(ana)).toBeVisible();
  await ana.keyboard.press('Escape');
  await expect(ana.getByRole('dialog')).toHaveCount(0);
  await expect(change).toBeFocused();
  await backToBoard(ana);

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
    // A colour on its way from one scheme to the other is neither.
    await page.waitForFunction(() =>
      document
        .getAnimations()
        .every(({ playState, effect }) => playState === 'finished' || effect?.getComputedTiming().endTime === Infinity)
    );
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
