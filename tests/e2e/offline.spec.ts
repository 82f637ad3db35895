/** Without a network: the board is there, words can be said, and once there is a way they travel by themselves. */
import type { Page } from '@playwright/test';
import {
  befriend,
  beginCircle,
  board,
  composer,
  connected,
  expect,
  openComposer,
  presence,
  reopen,
  say,
  seeWords,
  test
} from './friends.ts';

/** Between two letters of somebody who types very fast. */
const typingPauseMs = 20;

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };

test('network and server gone: the board is there at once, and words travel when they are back', async ({
  app,
  phone
}) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  await say(bob, 'Before the storm.');
  await seeWords(ana, 'Bob', 'Before the storm.');
  await Promise.all([ana, bob].map((page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))));

  await Promise.all([ana, bob].map((page) => page.context().setOffline(true)));
  await app.goDown();
  const anaAgain = await reopen(ana, app.url);
  await seeWords(anaAgain, 'Bob', 'Before the storm.');
  await seeWords(anaAgain, 'You', 'A rough week.');
  await expect(presence(anaAgain)).toHaveText('Offline');
  await expect(anaAgain.getByText('What you say is kept here and goes when it can.')).toBeVisible();
  await say(anaAgain, 'Said into the dark.');
  const bobAgain = await reopen(bob, app.url);
  await say(bobAgain, 'Me too, elsewhere.');
  await seeWords(bobAgain, 'Ana', 'A rough week.');
  await anaAgain.reload();
  await seeWords(anaAgain, 'You', 'Said into the dark.');

  await app.comeBack();
  await Promise.all([ana, bob].map((page) => page.context().setOffline(false)));
  await seeWords(anaAgain, 'Bob', 'Me too, elsewhere.');
  await seeWords(bobAgain, 'Ana', 'Said into the dark.');
  await connected(anaAgain, ['Bob']);
  await connected(bobAgain, ['Ana']);
});

test('the server is killed: two connected friends still hear each other, and the board opens @firefox', async ({
  app,
  phone
}) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  await connected(bob, ['Ana']);
  await ana.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await app.goDown();

  await say(ana, 'Still here.');
  await seeWords(bob, 'Ana', 'Still here.');
  await say(bob, 'I hear you.');
  await seeWords(ana, 'Bob', 'I hear you.');
  await connected(ana, ['Bob']);

  const again = await reopen(ana, app.url);
  await seeWords(again, 'Bob', 'I hear you.');
  // There is a network, only no relay: that is said, and not that Ana is offline.
  await expect(presence(again)).toHaveText('Not connected');
  await expect(again.getByText('No relay answers. What you say is kept here and goes when it can.')).toBeVisible();

  // The server comes back; nobody has to do anything.
  await app.comeBack();
  await connected(again, ['Bob']);
  await say(bob, 'There you are.');
  await seeWords(again, 'Bob', 'There you are.');
});

test('the app opens without a network for somebody who was only here once', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await ana.goto(app.url);
  await ana.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ana.context().setOffline(true);
  await app.goDown();
  const again = await reopen(ana, app.url);
  await expect(again.getByRole('heading', { name: 'How are you, really?' })).toBeVisible();
  await composer(again).words.fill('On a train.');
  await composer(again).sayIt.click();
  await again.getByRole('button', { name: 'Just me for now' }).click();
  await seeWords(again, 'You', 'On a train.');
});

test('what is typed and not yet said is there after a reload and after the tab was closed @firefox', async ({
  app,
  phone
}) => {
  const ana = await phone('Ana');
  await ana.goto(app.url);
  const help = (page: Page) => composer(page).help.getByRole('button', { name: 'hear me' });
  await help(ana).click();
  await ana.getByRole('slider', { name: 'Energy' }).fill('-40');
  // The page goes in the middle of a word: at most the last few letters are lost.
  const words = 'I wanted to say that I am not as well as I look';
  const kept = new RegExp(`^${words.slice(0, -6)}`);
  await composer(ana).words.pressSequentially(words, { delay: typingPauseMs });
  await ana.reload();
  await expect(composer(ana).words).toHaveValue(kept);
  await expect(help(ana)).toHaveAttribute('aria-pressed', 'true');
  await expect(ana.getByRole('slider', { name: 'Energy' })).toHaveValue('-40');
  await composer(ana).words.fill('');
  await composer(ana).words.pressSequentially(words, { delay: typingPauseMs });
  const again = await reopen(ana, app.url);
  await expect(composer(again).words).toHaveValue(kept);
  await expect(help(again)).toHaveAttribute('aria-pressed', 'true');
  await composer(again).words.fill('I wanted to say');
  await composer(again).sayIt.click();
  await again.getByRole('button', { name: 'Just me for now' }).click();
  await seeWords(again, 'You', 'I wanted to say');

  // Said means put away: the next composer is empty, and each circle has a draft of its own.
  await openComposer(again);
  await expect(composer(again).words).toHaveValue('');
  await composer(again).words.fill('Half a sentence');
  await again.reload();
  await expect(composer(again).words).toHaveValue('Half a sentence');
  await again.getByRole('button', { name: 'Not now' }).click();
  await expect(board(again)).toBeVisible();
  await openComposer(again);
  await expect(composer(again).words).toHaveValue('Half a sentence');
});
