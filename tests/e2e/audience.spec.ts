/** Who sees it and how long it stays: kept by keys and by time on every phone, not by a view. */
import type { Page } from '@playwright/test';
import { dayMs, hourMs, systemClock } from '../../src/lib/base/clock.ts';
import { isBookkeepingKind, kinds } from '../../src/lib/records/kinds.ts';
import {
  askToTalk,
  backToBoard,
  beginCircle,
  befriend,
  board,
  card,
  changeDialog,
  composer,
  connected,
  goToCircle,
  newestOf,
  openCard,
  openComposer,
  openedCard,
  reply,
  say,
  sayBeenThere,
  seeWords,
  writeLetter
} from './friends.ts';
import { befriendScripted, connectedTo, expect, test } from './harness/stories.ts';
import { gatherThree, openAudience, reachOut, table, tapGesture, withClock } from './harness/three-friends.ts';
import { countKept, keptEnvelopes } from './kept.ts';
import { serverLaterBy, timePasses } from './later.ts';

test('Ana says it to Bob only: Mia keeps what Ana said before, and hears nothing of the answers', async ({
  app,
  phone
}) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  await sayTo(ana, ['Bob'], 'Only you know about the letter.', 'Bob sees this, until your next one.');
  await expect(card(ana, 'You')).toContainText('Only you and Bob see this.');
  await seeWords(bob, 'Ana', 'Only you know about the letter.');
  await expect(card(bob, 'Ana')).toContainText('Only you see this.');
  await openCard(bob, 'Ana');
  await expect(openedCard(bob)).toContainText('Only you see this.');
  await tapGesture(bob, 'sitting with you', true);
  await reply(bob, 'Ana', 'It is safe with me.');
  await expect(card(ana, 'You')).toContainText('Bob is sitting with you.');
  await expect(card(ana, 'You')).toContainText('Bob wrote back.');

  // All three records have come to Mia's phone, and nothing of them to her board: not even that there was something.
  await expect.poll(() => countKept(mia, kinds.private)).toBe(3);
  expect(await countKept(mia, kinds.gesture)).toBe(0);
  expect(await countKept(mia, kinds.reply)).toBe(0);
  await seeWords(mia, 'Ana', 'A rough week.');
  await expect(card(mia, 'Ana')).not.toContainText('Bob');
  await expect(card(mia, 'Ana')).not.toContainText('see this');
  await openCard(mia, 'Ana');
  await expect(openedCard(mia)).not.toContainText('sitting with Ana');
  await expect(openedCard(mia)).not.toContainText('wrote');
  await expect(mia.getByText('Only you know about the letter.')).toHaveCount(0);
  await backToBoard(mia);

  // Two may see the next; each knows who else does.
  await sayTo(ana, ['Bob', 'Mia'], 'Now you both know.', 'Bob and Mia see this, until your next one.');
  await seeWords(mia, 'Ana', 'Now you both know.');
  await expect(card(mia, 'Ana')).toContainText('Only you and Bob see this.');
  await backToBoard(bob);
  await expect(card(bob, 'Ana')).toContainText('Only you and Mia see this.');
  // What everyone sees next ends them all.
  await say(ana, 'And now everyone.');
  await seeWords(mia, 'Ana', 'And now everyone.');
  await seeWords(bob, 'Ana', 'And now everyone.');
  await expect(card(bob, 'Ana')).not.toContainText('see this');
});

test('a Mia without the interface opens none of it with every key she holds, nor tells what it is or for whom', async ({
  app,
  phone,
  scripted
}) => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await befriendScripted(ana, mia, 'Mia');
  await connectedTo(mia, 2);
  await connected(bob, ['Ana', 'Mia']);
  const seen = () => mia.evaluate(() => window.harness.lookAtPrivate());

  await sayTo(ana, ['Bob'], 'Twenty-six letters, to one.', 'Bob sees this, until your next one.');
  await seeWords(bob, 'Ana', 'Twenty-six letters, to one.');
  await openCard(bob, 'Ana');
  await tapGesture(bob, 'me too', true);
  await openCard(ana, 'Bob');
  await writeLetter(ana, 'Bob', 'Twenty-six letters as well.');
  await backToBoard(ana);
  await expect.poll(async () => (await seen()).length).toBe(3);
  const closed = await seen();
  expect(closed.map(({ inside }) => inside)).toEqual([null, null, null]);
  // A check-in, presence and a letter look the same, but for names that say nothing.
  expect(new Set(closed.map(({ slot }) => slot)).size).toBe(3);
  for (const { slot } of closed) expect(slot).toMatch(/^private\/[\w-]{22}$/);
  const [like] = closed.map(({ slot: _, ...rest }) => rest);
  expect(like).toMatchObject({ kind: kinds.private, expMs: null, fields: ['box', 'seals'], seals: 4 });
  for (const { slot: _, ...rest } of closed) expect(rest).toEqual(like);

  // To two instead of one, of whom Mia is one: she opens it, it weighs the same, and its key opens nothing else.
  await sayTo(ana, ['Bob', 'Mia'], 'Twenty-six letters, to two.', 'Bob and Mia see this, until your next one.');
  await expect(openedCard(bob).getByText('Twenty-six letters, to two.')).toBeVisible();
  await expect.poll(async () => (await seen()).filter(({ inside }) => inside !== null).length).toBe(1);
  const [opened] = (await seen()).filter(({ inside }) => inside !== null);
  expect(opened?.inside).toEqual({ kind: kinds.checkIn, recipients: 2 });
  expect({ ...opened, slot: '', inside: null }).toEqual({ ...like, slot: '' });
});

test('of what two people say to each other, a third without the interface opens nothing', async ({
  app,
  phone,
  scripted
}) => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.', help: 'hear me' });
  await befriend(ana, bob, 'Bob');
  await befriendScripted(ana, mia, 'Mia');
  await connectedTo(mia, 2);
  await openCard(ana, 'Bob');
  await askToTalk(ana, 'Bob', 'Are you up?');
  await openedCard(ana).getByRole('button', { name: 'Thought of you' }).click();
  await reachOut(bob, 'Ana asks: can we talk?').getByRole('button', { name: 'Tonight' }).click();
  await openCard(bob, 'Ana');
  await sayBeenThere(bob, 'Ana', 'Mine was like that.');
  await openedCard(bob).getByRole('button', { name: 'Would thinking along help?' }).click();
  await backToBoard(ana);
  await openCard(ana, 'You');
  await openedCard(ana).getByRole('button', { name: 'Hear', exact: true }).click();
  const said = openedCard(ana).getByRole('listitem').filter({ hasText: 'Mine was like that.' });
  await said.getByRole('button', { name: 'That helped' }).click();
  await expect(openedCard(bob)).toContainText('That helped Ana.');

  const seen = () => mia.evaluate(() => window.harness.lookAtPrivate());
  await expect.poll(async () => (await seen()).length).toBe(6);
  const views = await seen();
  expect(views.map(({ inside }) => inside)).toEqual(views.map(() => null));
  expect(new Set(views.map(({ kind, seals, envelopeBytes }) => `${kind} ${seals} ${envelopeBytes}`)).size).toBe(1);
});

test('only me: it stands in her own circle, and the phones of the circle hold nothing new', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  const before = await Promise.all([bob, mia].map(heldSlots));
  await openComposer(ana);
  await composer(ana).words.fill('Nobody is to read this.');
  const { who } = await openAudience(ana);
  await who.getByRole('button', { name: 'Only me' }).click();
  await expect(ana.getByText('Only you see this, until your next one.')).toBeVisible();
  await composer(ana).sayIt.click();
  await expect(ana.getByRole('heading', { level: 1, name: 'Just me' })).toBeAttached();
  await seeWords(ana, 'You', 'Nobody is to read this.');
  await expect(board(ana).getByRole('article')).toHaveCount(1);
  await expect(ana.getByRole('button', { name: 'Let them know' })).toHaveCount(0);
  await goToCircle(ana, table);
  await seeWords(ana, 'You', 'A rough week.');
  await expect(ana.getByText('Nobody is to read this.')).toHaveCount(0);

  // What she says next arrives, in the place of what she said before; nothing came in between.
  await say(ana, 'A better evening.');
  for (const page of [bob, mia]) await seeWords(page, 'Ana', 'A better evening.');
  expect(await Promise.all([bob, mia].map(heldSlots))).toEqual(before);
  await goToCircle(ana, 'Just me');
  await seeWords(ana, 'You', 'Nobody is to read this.');
});

test('a day later it is gone from every phone, also from one that slept', async ({ app, phone }) => {
  // Half a day behind the server's time at first and half a day ahead of it in the end: no clock is called far off.
  const { ana, bob, mia } = await gatherThree(app, withClock(phone, systemClock.nowMs() - 13 * hourMs));
  await openComposer(ana);
  await composer(ana).words.fill('Today only.');
  const { long } = await openAudience(ana);
  await long.getByRole('button', { name: 'a day', exact: true }).click();
  await expect(long).toContainText(
    'Gone tomorrow, from every phone that has synced since. Someone could have copied it.'
  );
  await expect(ana.getByText('Bob and Mia see this, for a day.')).toBeVisible();
  await composer(ana).sayIt.click();
  for (const [page, name] of [
    [ana, 'You'],
    [bob, 'Ana'],
    [mia, 'Ana']
  ] as const) {
    await seeWords(page, name, 'Today only.');
    await expect(card(page, name)).toContainText('Gone tomorrow.');
  }
  const address = mia.url();
  await mia.close();

  await timePasses(app, [ana], dayMs + 2 * hourMs);
  await expect(card(ana, 'You')).toContainText("You haven't said anything here. There is no hurry.");
  // Bob's phone has the day still before it, and keeps what it has; then its day is over too.
  await seeWords(bob, 'Ana', 'Today only.');
  await timePasses(app, [bob], dayMs + 2 * hourMs);
  await expect(card(bob, 'Ana')).toContainText('Nothing said for a while.');
  await serverLaterBy(mia, app, dayMs + 2 * hourMs);
  await mia.context().clock.fastForward(dayMs + 2 * hourMs);
  const woken = await mia.context().newPage();
  await woken.goto(address);
  await expect(card(woken, 'Ana')).toContainText('Nothing said for a while.');
  await connected(woken, ['Ana', 'Bob']);
  await say(ana, 'A new day.');
  for (const page of [bob, woken]) {
    await seeWords(page, 'Ana', 'A new day.');
    await expect(page.getByText('Today only.')).toHaveCount(0);
    await expect(page.getByText("This phone's clock is far off.")).toHaveCount(0);
    await expect.poll(() => countKept(page, kinds.checkIn)).toBe(1);
  }
});

test('a correction keeps who sees it and how long; a week and "kept" say what they do', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  await openComposer(ana);
  await composer(ana).words.fill('I may have to go to hospital.');
  const { who, long } = await openAudience(ana);
  await who.getByRole('button', { name: 'Bob', exact: true }).click();
  await long.getByRole('button', { name: 'a week', exact: true }).click();
  await expect(long).toContainText(
    'Gone in a week, from every phone that has synced since. Someone could have copied it.'
  );
  await expect(ana.getByText('Bob sees this, for a week.')).toBeVisible();
  await long.getByRole('button', { name: 'a day', exact: true }).click();
  await expect(ana.getByText('Bob sees this, for a day.')).toBeVisible();
  await composer(ana).sayIt.click();
  await seeWords(bob, 'Ana', 'I may have to go to hospital.');
  await correct(ana, 'I have to go to hospital.', 'Bob sees this, for a day.');
  await seeWords(bob, 'Ana', 'I have to go to hospital.');
  await expect(card(bob, 'Ana')).toContainText('changed');
  await expect(card(bob, 'Ana')).toContainText('Only you see this.');
  await expect(card(bob, 'Ana')).toContainText('Gone tomorrow.');
  await expect.poll(() => countKept(mia, kinds.private)).toBe(1);
  await seeWords(mia, 'Ana', 'A rough week.');
  await expect(mia.getByText(/hospital/)).toHaveCount(0);

  await sayFor(ana, 'kept', 'We met nine years ago today.', 'It stays until you take it back.');
  await expect(card(ana, 'You')).not.toContainText('Gone');
  await sayFor(ana, 'a week', 'A week of rest.', 'Gone in a week, from every phone that has synced since.');
  await expect(card(mia, 'Ana')).toContainText('Gone in a week.');
  await say(ana, 'Still here.');
  await seeWords(mia, 'Ana', 'Still here.');
  await openCard(mia, 'Ana');
  const before = openedCard(mia).getByRole('region', { name: 'Before' });
  await expect(before.getByText('We met nine years ago today.')).toBeVisible();
  await expect(before.getByText('A week of rest.')).toBeVisible();
  await expect(before.getByText('A rough week.')).toHaveCount(0);
  await expect(mia.getByText(/hospital/)).toHaveCount(0);
});

/** From the board: to some friends by name, under the line that says so; ends on the board with it. */
const sayTo = async (page: Page, friends: readonly string[], words: string, line: string): Promise<void> => {
  await openComposer(page);
  await composer(page).words.fill(words);
  const { who } = await openAudience(page);
  for (const friend of friends) await who.getByRole('button', { name: friend, exact: true }).click();
  await expect(page.getByText(line, { exact: true })).toBeVisible();
  await composer(page).sayIt.click();
  await seeWords(page, 'You', words);
};

/** From the board: to everyone, for so long, under the sentence that says what that does. */
const sayFor = async (page: Page, lasting: string, words: string, sentence: string): Promise<void> => {
  await openComposer(page);
  await composer(page).words.fill(words);
  const { long } = await openAudience(page);
  await long.getByRole('button', { name: lasting, exact: true }).click();
  await expect(long).toContainText(sentence);
  await composer(page).sayIt.click();
  await seeWords(page, 'You', words);
};

/** From the board: other words in the same place; who sees it and how long is shown there and settled. */
const correct = async (page: Page, words: string, line: string): Promise<void> => {
  await openCard(page, 'You');
  await newestOf(page, 'You').getByRole('button', { name: 'Change' }).click();
  await expect(changeDialog(page).getByText(line, { exact: true })).toBeVisible();
  await expect(changeDialog(page).getByRole('button', { name: 'Change', exact: true })).toHaveCount(0);
  await changeDialog(page).getByRole('textbox', { name: 'In your own words' }).fill(words);
  await changeDialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(changeDialog(page)).toBeHidden();
  await backToBoard(page);
};

/** Where anything is kept on this phone, whatever its version; what phones note about what they hold is left out. */
const heldSlots = async (page: Page): Promise<string[]> =>
  (await keptEnvelopes(page))
    .filter(({ kind }) => !isBookkeepingKind(kind))
    .map(({ kind, key }) => `${kind} ${key}`)
    .toSorted();
