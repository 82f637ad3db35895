/** Carried by hand: friends who are never online together, with no server anywhere, by links in a chat and by files. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { ackDelayMaxMs } from '../../src/lib/base/limits.ts';
import {
  askToTalk,
  backToBoard,
  befriend,
  beginCircle,
  board,
  card,
  connected,
  expect,
  openCard,
  openedCard,
  presence,
  reopen,
  say,
  seeWords,
  test,
  writeLetter,
  type OpenPhone,
  type RunningApp
} from './friends.ts';
import { expect as expectScripted, joinScripted, test as scriptedTest } from './harness/stories.ts';
import { circleIds, countKept, keptEnvelopes } from './kept.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };
const linkLengthMax = 1000;
const checkInKind = 32;
const isFromAna = 'From Ana, for The kitchen table.';
const isCopying = { permissions: ['clipboard-read', 'clipboard-write'] };

/** Two friends who have met once; since then there is no server and no network, and neither page has a connection left. */
const apart = async (app: RunningApp, phone: OpenPhone, time?: (bob: Page) => Promise<void>) => {
  const [ana, bob] = [await phone('Ana', isCopying), await phone('Bob', isCopying)];
  await time?.(bob);
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await seeWords(bob, 'Ana', table.words);
  await connected(ana, ['Bob']);
  await Promise.all([ana, bob].map(goOffline));
  await app.goDown();
  return { ana: await reopenOffline(ana, app), bob: await reopenOffline(bob, app) };
};

const goOffline = async (page: Page): Promise<void> => {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.context().setOffline(true);
};

const reopenOffline = async (page: Page, app: RunningApp): Promise<Page> => {
  const again = await reopen(page, app.url);
  await expect(presence(again)).toHaveText('Offline');
  return again;
};

/** Right after saying something: what "Let them know" copies, as it would be pasted into a chat. */
const letThemKnow = async (page: Page, friend: string): Promise<string> => {
  const region = page.getByRole('region', { name: `Let ${friend} know?` });
  await region.getByRole('button', { name: 'Let them know' }).click();
  await expect(region.getByText('Copied. Paste it where you write to each other.')).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
};

const linkIn = (message: string): string => /https?:\S+/.exec(message)?.[0] ?? '';

const carryPage = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Carried by hand' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Carried by hand' })).toBeVisible();
};

/** On the carry page: what is in the clipboard of this phone comes in with one tap. */
const paste = async (page: Page, text: string): Promise<void> => {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.getByRole('button', { name: 'Paste' }).click();
};

/** On the carry page: what is said of what came in. */
const outcome = (page: Page) => page.getByRole('status');

const openCircle = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Open The kitchen table' }).click();
  await expect(board(page)).toBeVisible();
};

/** Presses a button that hands a file over, which here ends in the downloads; the file's path. */
const download = async (page: Page, button: string): Promise<string> => {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('shoulder.txt');
  return saved.path();
};

const carryEverything = async (page: Page): Promise<string> => {
  await page.getByRole('button', { name: 'Carry everything' }).click();
  await expect(page.getByText('The file is ready.')).toBeVisible();
  return download(page, 'Pass the file on');
};

const chooseFile = (page: Page, path: string): Promise<void> => page.getByLabel('Or choose a file').setInputFiles(path);

test('never online together: a link there, opened, and a link back, pasted', async ({ app, phone }) => {
  const { ana, bob } = await apart(app, phone);
  await say(ana, 'Said with nobody near.', { help: 'be near' });
  await expect(ana.getByText(/^The link carries what you said, sealed/)).toBeVisible();
  const message = await letThemKnow(ana, 'Bob');
  expect(message.split('\n')[0]).toBe("I've said how I am, on Shoulder.");
  expect(linkIn(message).length).toBeLessThanOrEqual(linkLengthMax);

  await bob.goto(linkIn(message));
  await expect(outcome(bob)).toHaveText(isFromAna);
  expect(new URL(bob.url())).toMatchObject({ pathname: '/carry', hash: '', search: '' });
  await openCircle(bob);
  await seeWords(bob, 'Ana', 'Said with nobody near.');

  await say(bob, 'Heard you, on my way.');
  const back = await letThemKnow(bob, 'Ana');
  await carryPage(ana);
  await paste(ana, `[12:03] Bob: ${back}\n[12:04] Bob: see you`);
  await expect(outcome(ana)).toHaveText('From Bob, for The kitchen table.');
  await openCircle(ana);
  await seeWords(ana, 'Bob', 'Heard you, on my way.');

  // Once there is a way again, everybody has it, and what was carried goes on by itself.
  await app.comeBack();
  await Promise.all([ana, bob].map((page) => page.context().setOffline(false)));
  await connected(ana, ['Bob']);
  await seeWords(ana, 'Bob', 'Heard you, on my way.');
  await seeWords(bob, 'Ana', 'Said with nobody near.');
});

test('that it reached comes back by hand as well', async ({ app, phone }) => {
  const { ana, bob } = await apart(app, phone, (page) => page.clock.install());
  await say(ana, 'Does this arrive?');
  await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone.");
  await bob.goto(linkIn(await letThemKnow(ana, 'Bob')));
  await expect(outcome(bob)).toHaveText(isFromAna);
  await openCircle(bob);
  await bob.clock.fastForward(ackDelayMaxMs + 1000);
  const ackKind = 11;
  await expect.poll(() => countKept(bob, ackKind)).toBe(1);
  await say(bob, 'It did.');
  await carryPage(ana);
  await paste(ana, await letThemKnow(bob, 'Ana'));
  await expect(outcome(ana)).toHaveText('From Bob, for The kitchen table.');
  await openCircle(ana);
  await expect(card(ana, 'You')).toContainText('Reached Bob.');
});

test('a letter and "Can we talk?" are too long for a link: files carry them', async ({ app, phone }) => {
  const { ana, bob } = await apart(app, phone);
  await openCard(ana, 'Bob');
  await writeLetter(ana, 'Bob', 'What I could not say aloud.');
  await backToBoard(ana);
  await carryPage(ana);
  const everything = await carryEverything(ana);
  const text = await readFile(everything, 'utf8');
  for (const secret of ['What I could not say aloud.', 'kitchen', 'Ana', 'Bob', ...(await circleIds(ana))])
    expect(text).not.toContain(secret);

  await carryPage(bob);
  await chooseFile(bob, everything);
  await expect(outcome(bob)).toHaveText(isFromAna);
  await openCircle(bob);
  await openCard(bob, 'Ana');
  await expect(openedCard(bob).getByText('What I could not say aloud.')).toBeVisible();

  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await openCard(ana, 'Bob');
  await askToTalk(ana, 'Bob', 'Hey, can we talk?');
  const asked = await download(ana, 'Send it as a file');
  await backToBoard(bob);
  await carryPage(bob);
  await chooseFile(bob, asked);
  await expect(outcome(bob)).toHaveText(isFromAna);
  await openCircle(bob);
  await expect(bob.getByText('Ana asks: can we talk?')).toBeVisible();
});

test('twice changes nothing; cut, changed, foreign and empty say so', async ({ app, phone }) => {
  const { ana, bob } = await apart(app, phone);
  await say(ana, 'Only once.');
  const link = linkIn(await letThemKnow(ana, 'Bob'));
  await bob.goto(link);
  await expect(outcome(bob)).toHaveText(isFromAna);
  const kept = await keptEnvelopes(bob);

  await bob.goto(link);
  await expect(outcome(bob)).toHaveText('Nothing new. All of it was in The kitchen table already.');
  await paste(bob, link.slice(0, -30));
  await expect(outcome(bob)).toHaveText(/Part of this was cut off on its way\./);
  const at = link.length - 40;
  await paste(bob, link.slice(0, at) + (link[at] === 'x' ? 'y' : 'x') + link.slice(at + 1));
  await expect(outcome(bob)).toHaveText(
    /This is for a circle that isn't on this phone, or it was changed on its way\./
  );
  await paste(bob, 'See you at eight.');
  await expect(outcome(bob)).toHaveText(/There is nothing from Shoulder in this\./);
  await paste(bob, link.replace('#c=AQ', '#c=Ag'));
  await expect(outcome(bob)).toHaveText(/A newer Shoulder made this/);
  expect(await keptEnvelopes(bob)).toEqual(kept);

  // Mia has a circle of her own: to her it is foreign.
  await app.comeBack();
  const mia = await phone('Mia', isCopying);
  await beginCircle(mia, app, { name: 'Mia', circle: 'Elsewhere', words: 'Hello.' });
  await mia.goto(link);
  await expect(outcome(mia)).toHaveText(/This is for a circle that isn't on this phone/);
  expect(await circleIds(mia)).toHaveLength(2);
});

test('where no circle is, a link is copied for the app, and nothing is begun', async ({ app, phone }) => {
  const { ana } = await apart(app, phone);
  await say(ana, 'For Bob.');
  const link = linkIn(await letThemKnow(ana, 'Bob'));
  await app.comeBack();
  const safari = await phone('Safari', isCopying);
  await safari.goto(link);
  await expect(safari.getByText(/Copy this, then open Shoulder and paste\.$/)).toBeVisible();
  await safari.evaluate(() => navigator.clipboard.writeText('before'));
  await safari.getByRole('button', { name: 'Copy this' }).click();
  await expect(safari.getByText(/^Copied\. Open Shoulder/)).toBeVisible();
  expect(await safari.evaluate(() => navigator.clipboard.readText())).toBe(link);
  expect(await circleIds(safari)).toEqual([]);
  await expect(safari.getByRole('link')).toHaveCount(0);
  // The server was asked for the page, and never heard what stands behind the #.
  expect(app.heard.some((line) => line.includes('/carry'))).toBe(true);
  expect(app.heard.filter((line) => line.includes(link.slice(-40)))).toEqual([]);
});

test('what another app shares goes through the service worker to the page, and not to the server', async ({
  app,
  phone
}) => {
  const { ana, bob } = await apart(app, phone);
  await say(ana, 'By the share sheet.');
  const message = await letThemKnow(ana, 'Bob');
  await app.comeBack();
  await bob.context().setOffline(false);
  const heardBefore = app.heard.length;
  // What Chromium does when somebody chooses Shoulder in a share sheet, but for opening the page.
  await bob.evaluate(async (text) => {
    const form = new FormData();
    form.set('title', '');
    form.set('text', text);
    form.set('file', new File(['How are you?'], 'note.txt', { type: 'text/plain' }));
    await fetch('/carry', { method: 'POST', body: form, redirect: 'manual' });
  }, message);
  await bob.goto(`${app.url}/carry`);
  await expect(outcome(bob)).toHaveText(isFromAna);
  expect(app.heard.slice(heardBefore).filter((line) => line.includes('POST'))).toEqual([]);
  await openCircle(bob);
  await seeWords(bob, 'Ana', 'By the share sheet.');
  // Asked for once, it is gone.
  await bob.goto(`${app.url}/carry`);
  await expect(bob.getByRole('button', { name: 'Paste' })).toBeVisible();
  await expect(outcome(bob).filter({ hasText: 'From' })).toHaveCount(0);
});

scriptedTest('5 MB of history go by one file', async ({ app, phone, scripted }) => {
  const fileBytesMin = 5 * 1024 * 1024;
  const ana = await scripted();
  await ana.evaluate(() => window.harness.friend.found('The kitchen table', 'Ana'));
  const mia = await phone('Mia');
  await joinScripted(ana, mia, app, 'Mia');
  await connected(mia, ['Ana']);
  await mia.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await mia.close();

  const records = 6500;
  await ana.evaluate(async (count) => {
    const words = Array.from({ length: count }, (_, i) => `Number ${i + 1}. ${'So it goes. '.repeat(35)}`);
    await window.harness.friend.sayKept(words);
    await window.harness.friend.say('The newest of them all.');
  }, records);
  const bob = await phone('Bob');
  await joinScripted(ana, bob, app, 'Bob');
  await expectScripted.poll(() => countKept(bob, checkInKind), { timeout: 60_000 }).toBe(records + 1);
  await carryPage(bob);
  const file = await carryEverything(bob);
  expectScripted((await readFile(file)).length).toBeGreaterThan(fileBytesMin);

  await app.goDown();
  await mia.context().setOffline(true);
  const again = await mia.context().newPage();
  await again.goto(`${app.url}/carry`);
  await chooseFile(again, file);
  await expectScripted(outcome(again)).toHaveText(isFromAna, { timeout: 60_000 });
  expectScripted(await countKept(again, checkInKind)).toBe(records + 1);
  await openCircle(again);
  await seeWords(again, 'Ana', 'The newest of them all.');
});
