/** Going, staying and beginning anew: leaving with one's words or without, muting, "from now on", and tidying up. */
import type { Page } from '@playwright/test';
import { systemClock } from '../../src/lib/base/clock.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import {
  askToJoin,
  backToBoard,
  befriend,
  board,
  card,
  connected,
  expect,
  letIn,
  openedCard,
  say,
  seeWords,
  test
} from './friends.ts';
import { readableWith } from './harness/opened-mail.ts';
import { waitingForRelays } from './harness/phone-secrets.ts';
import { relayOf } from './harness/stories.ts';
import { gatherThree, table, withClock } from './harness/three-friends.ts';
import { countKept, keptEnvelopes, type KeptEnvelope } from './kept.ts';
import { leavePeople, openPeople, openPerson, peopleNews, seeOut, tidyUp } from './people.ts';
import { allOnRelay, epochsHeld, newKeysInAWhile } from './sleeping.ts';

test('Mia leaves with a last word, and what she said stays to be read @firefox', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, withClock(phone, systemClock.nowMs()));
  await say(mia, 'I found a flat.');
  await seeWords(ana, 'Mia', 'I found a flat.');
  await seeWords(bob, 'Mia', 'I found a flat.');
  await openLeave(mia);
  await mia.getByRole('textbox', { name: 'A last word' }).fill('It was good to sit here.');
  await leave(mia);
  await seeOut(mia, 'left');

  for (const page of [ana, bob]) {
    await expect(peopleNews(page)).toContainText('Mia has left the circle.');
    await expect(card(page, 'Mia')).toHaveCount(0);
  }
  await peopleNews(ana).getByRole('link', { name: 'What Mia said is kept' }).click();
  await expect(openedCard(ana).getByText('It was good to sit here.')).toBeVisible();
  await backToBoard(ana);
  // Whoever is still there makes new keys before long, and what is said from then on is not for her.
  await newKeysInAWhile(ana, app, 2);
  await expect.poll(() => epochsHeld(bob)).toBe(2);
  await say(bob, 'Safe travels.');
  await seeWords(ana, 'Bob', 'Safe travels.');
  const mail = { heard: app.heard, relayUrl: relayOf(app) };
  await allOnRelay(bob);
  expect((await readableWith(ana, mail)).has('Safe travels.')).toBe(true);
  expect((await readableWith(mia, mail)).has('Safe travels.')).toBe(false);
  await leavePeople(mia);
  await seeWords(mia, 'Ana', 'A rough week.');
  await expect(mia.getByText('Safe travels.')).toHaveCount(0);
});

test('Mia takes her words along: they go from every phone, and she keeps them', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  await seeWords(bob, 'Ana', 'A rough week.');
  const others = (await keptEnvelopes(bob)).filter(isCheckIn).map(({ key }) => key);
  await say(mia, 'I found a flat.');
  await seeWords(ana, 'Mia', 'I found a flat.');
  await seeWords(bob, 'Mia', 'I found a flat.');
  const [hers, ...more] = (await keptEnvelopes(bob)).filter((row) => isCheckIn(row) && !others.includes(row.key));
  expect([hers?.kind, more]).toEqual([kinds.checkIn, []]);
  const isHers = (row: KeptEnvelope): boolean => isCheckIn(row) && row.device === hers?.device;
  await openLeave(mia);
  await mia.getByRole('radio', { name: /^Take my words along/ }).check();
  await leave(mia);

  for (const page of [ana, bob]) {
    await expect(peopleNews(page)).toContainText('Mia has left the circle.');
    await expect(peopleNews(page).getByRole('link', { name: 'What Mia said is kept' })).toHaveCount(0);
    await expect.poll(async () => (await keptEnvelopes(page)).filter(isHers)).toEqual([]);
    await expect(page.getByText('I found a flat.')).toHaveCount(0);
    await seeWords(page, page === ana ? 'You' : 'Ana', 'A rough week.');
  }
  await seeOut(mia, 'left');
});

test('Bob mutes Mia: nothing about it goes anywhere, and he can see her again', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  await say(mia, 'I found a flat.');
  await seeWords(bob, 'Mia', 'I found a flat.');
  const pages = [ana, bob, mia];
  for (const page of pages) await allOnRelay(page);
  const kept = await Promise.all(pages.map(saidOn));
  await openPerson(bob, 'Mia');
  await bob.getByText('Mute Mia', { exact: true }).first().click();
  await bob.getByRole('button', { name: 'Mute Mia', exact: true }).click();
  await expect(bob.getByText("Muted. You don't see Mia's cards here.")).toBeVisible();
  await leavePeople(bob);
  await expect(card(bob, 'Mia')).toHaveCount(0);
  await expect(bob.getByRole('link', { name: 'Muted: Mia' })).toBeVisible();

  // What is said after it comes to Bob's phone like anything else, and is not shown.
  expect(await Promise.all(pages.map(saidOn))).toEqual(kept);
  expect(await waitingForRelays(bob)).toBe(0);
  await say(mia, 'With a balcony.');
  await seeWords(ana, 'Mia', 'With a balcony.');
  await expect.poll(async () => (await saidOn(bob)) === (await saidOn(mia))).toBe(true);
  await bob.reload();
  await seeWords(bob, 'Ana', 'A rough week.');
  await expect(card(bob, 'Mia')).toHaveCount(0);
  await expect(card(mia, 'Bob')).toBeVisible();
  await bob.getByRole('link', { name: 'Muted: Mia' }).click();
  await bob.getByRole('listitem').getByRole('link', { name: 'Mia', exact: true }).click();
  await bob.getByText('Mia is muted', { exact: true }).click();
  await bob.getByRole('button', { name: 'Show Mia again', exact: true }).click();
  await leavePeople(bob);
  await seeWords(bob, 'Mia', 'With a balcony.');
});

test('from now on: Jo reads nothing from before, and the others keep it', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  await seeWords(bob, 'Ana', 'A rough week.');
  const jo = await phone('Jo');
  await ana.getByRole('button', { name: 'Invite a friend' }).click();
  const old = await ana.getByRole('textbox', { name: 'Invite link' }).inputValue();
  await ana.getByRole('button', { name: 'From now on only' }).click();
  await ana.getByRole('button', { name: 'From now on only' }).click();
  await expect(ana.getByRole('textbox', { name: 'Invite link' })).not.toHaveValue(old);
  const link = await ana.getByRole('textbox', { name: 'Invite link' }).inputValue();
  await ana.getByRole('button', { name: 'Close', exact: true }).click();
  await letIn(ana, 'Jo', await askToJoin(jo, link, 'Jo'));
  await expect(board(jo)).toBeVisible();

  await connected(jo, ['Ana', 'Bob', 'Mia']);
  await say(bob, 'Welcome, Jo.');
  await seeWords(jo, 'Bob', 'Welcome, Jo.');
  await expect(card(jo, 'Ana')).toContainText('Nothing said for a while.');
  await expect(jo.getByText('A rough week.')).toHaveCount(0);
  expect(await countKept(jo, kinds.checkIn)).toBe(1);
  for (const page of [bob, mia]) {
    await page.reload();
    await seeWords(page, 'Ana', 'A rough week.');
  }
  await seeWords(ana, 'You', 'A rough week.');
  // What she says from here on, Jo reads as everyone does.
  await say(ana, 'A better one.');
  for (const page of [bob, mia, jo]) await seeWords(page, 'Ana', 'A better one.');
});

test('after tidying up everything can be read, and what is said goes on', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  await say(bob, 'Still raining.');
  await seeWords(mia, 'Bob', 'Still raining.');
  await tidyUp(ana);
  await connected(ana, ['Bob', 'Mia']);
  await say(mia, 'Soup is on.');
  for (const page of [ana, bob]) await seeWords(page, 'Mia', 'Soup is on.');
  for (const page of [ana, bob, mia]) await page.reload();
  await seeWords(bob, 'Ana', 'A rough week.');
  await seeWords(mia, 'Ana', 'A rough week.');
  await seeWords(ana, 'Bob', 'Still raining.');
  await seeWords(mia, 'Bob', 'Still raining.');
  // Whoever comes in afterwards is told what the circle still keeps.
  const jo = await phone('Jo');
  await befriend(bob, jo, 'Jo');
  await seeWords(jo, 'Ana', 'A rough week.');
  await seeWords(jo, 'Mia', 'Soup is on.');
});

const openLeave = async (page: Page): Promise<void> => {
  await openPeople(page);
  await page.getByRole('link', { name: 'Leave the circle' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Leave ${table}` })).toBeVisible();
};

/** On the page for leaving; ends on the board. */
const leave = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(board(page)).toBeVisible();
};

const isCheckIn = ({ kind }: KeptEnvelope): boolean => kind === kinds.checkIn;

/** Every record on a phone but acks and ledgers, which are said at times of their own. */
const saidOn = async (page: Page): Promise<string> =>
  (await keptEnvelopes(page))
    .filter(({ kind }) => kind !== kinds.ack && kind !== kinds.ledger)
    .map(({ device, key, ver }) => `${device} ${key} ${ver}`)
    .toSorted()
    .join('\n');
