/** Being let in: one link for one friend, six words to compare, and every way in which a link leads nowhere. */
import type { Page } from '@playwright/test';
import { dayMs, minuteMs } from '../../src/lib/base/clock.ts';
import {
  askToJoin,
  beginCircle,
  board,
  card,
  connected,
  expect,
  firstCheckIn,
  inviteLink,
  joinRequest,
  letIn,
  presence,
  reopen,
  say,
  seeWords,
  sixWords,
  test,
  type RunningApp
} from './friends.ts';
import { serverLaterBy, timePasses } from './later.ts';
import { scanQr } from './qr-scan.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };
const used = 'This link has been used. Ask for a new one; it takes a second.';
const old =
  'This link has ended. Links work for seven days, or until the circle makes new keys. Ask for a new link; it takes a second.';
const mangled = 'This link is not whole. Nothing was lost: ask your friend to send it once more, and copy all of it.';
const refused = 'They said the words did not match, so nobody was let in. Call them, and ask for a new link.';
const already = 'You are already in this circle. Nothing changed, and the link still works for a friend.';

test('Ana invites Bob: the same words on both sides, then each sees the other @firefox', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  await expect(presence(ana)).toHaveText('Connected to nobody right now');
  const link = await inviteLink(ana);

  await bob.goto(link);
  // Joining comes first, and the secret is gone from the address bar before anything is asked.
  await expect(bob.getByRole('heading', { name: 'Join your friends' })).toBeVisible();
  await expect(bob.getByRole('heading', { name: 'How are you, really?' })).toHaveCount(0);
  await expect(bob).toHaveURL(`${app.url}/join`);
  await bob.getByRole('textbox', { name: 'Your name' }).fill('Bob');
  await bob.getByRole('button', { name: 'Ask to join' }).click();
  await letIn(ana, 'Bob', await sixWords(bob));

  await seeWords(bob, 'Ana', 'A rough week.');
  await connected(bob, ['Ana']);
  await connected(ana, ['Bob']);
  await say(bob, 'Tired, but here.', { help: 'just know' });
  await seeWords(ana, 'Bob', 'Tired, but here.');
  await expect(card(ana, 'Bob')).toContainText('just know');
});

test('the code shown beside the link is the link', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await ana.getByRole('button', { name: 'Invite a friend' }).click();
  const link = await ana.getByRole('textbox', { name: 'Invite link' }).inputValue();
  expect(await scanQr(ana.getByRole('img', { name: 'QR code of the invite link' }))).toBe(link);
  await expect(ana.getByText('For one friend.')).toBeVisible();
});

test('"Copy link" puts the link where it can be pasted', async ({ app, phone }) => {
  const ana = await phone('Ana', { permissions: ['clipboard-read', 'clipboard-write'] });
  await beginCircle(ana, app, table);
  await ana.getByRole('button', { name: 'Invite a friend' }).click();
  const link = await ana.getByRole('textbox', { name: 'Invite link' }).inputValue();
  await ana.getByRole('button', { name: 'Copy link' }).click();
  await expect(ana.getByText('Copied. Send it to one friend.')).toBeVisible();
  expect(await ana.evaluate(() => navigator.clipboard.readText())).toBe(link);
});

test('Bob opens the link in two browsers: the one whose words match is let in', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const messenger = await phone('Bob in the messenger');
  const browser = await phone('Bob in the browser');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  const otherWords = await askToJoin(messenger, link, 'Bob');
  await expect(joinRequest(ana, 'Bob')).toBeVisible();
  const words = await askToJoin(browser, link, 'Bob');
  expect(words).not.toEqual(otherWords);

  // He reads out the words of the browser; these here are others, so the next request must be his.
  expect(await sixWords(joinRequest(ana, 'Bob'))).toEqual(otherWords);
  await joinRequest(ana, 'Bob').getByRole('button', { name: 'Decide later' }).click();
  await expect.poll(() => sixWords(joinRequest(ana, 'Bob'))).toEqual(words);
  await letIn(ana, 'Bob', words);

  await seeWords(browser, 'Ana', 'A rough week.');
  await expect(messenger.getByRole('alert')).toHaveText(used);
  await expect(board(ana).getByRole('article')).toHaveCount(2);

  // Somebody who finds the link later reads the same.
  const late = await phone('Late');
  await late.goto(link);
  await late.getByRole('textbox', { name: 'Your name' }).fill('Bob');
  await late.getByRole('button', { name: 'Ask to join' }).click();
  await expect(late.getByRole('alert')).toHaveText(used);
  await expect(ana.getByRole('dialog')).toHaveCount(0);
});

test('the words that Ana compares stay on her screen while others knock', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  const shown = await recordSixWords(ana);
  const knocking: string[] = [];
  for (const knocker of ['Bob', 'Stranger', 'Another', 'One more'])
    knocking.push((await askToJoin(await phone(knocker), link, 'Bob')).join(' '));

  // Whoever knocked first is shown first, and each one once, until Ana has put it off herself.
  for (let put = 1; put <= knocking.length; put++) {
    await expect.poll(() => shown.length).toBe(put);
    await joinRequest(ana, 'Bob').getByRole('button', { name: 'Decide later' }).click();
  }
  await expect(joinRequest(ana, 'Bob')).toHaveCount(0);
  expect(shown[0]).toBe(knocking[0]);
  expect([...shown].sort()).toEqual([...knocking].sort());
});

test('two people use one link: each has words of their own, and only one is let in', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  const mia = await phone('Mia');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  const bobsWords = await askToJoin(bob, link, 'Bob');
  await expect(joinRequest(ana, 'Bob')).toBeVisible();
  const miasWords = await askToJoin(mia, link, 'Mia');
  expect(bobsWords).not.toEqual(miasWords);
  await letIn(ana, 'Bob', bobsWords);
  await expect(board(bob)).toBeVisible();
  await expect(mia.getByRole('alert')).toHaveText(used);
  await expect(joinRequest(ana, 'Mia')).toHaveCount(0);

  // A new link takes a second.
  await mia.getByRole('button', { name: 'Use another link' }).click();
  await mia.getByRole('textbox', { name: 'Paste your invite' }).fill(await inviteLink(ana));
  await mia.getByRole('textbox', { name: 'Your name' }).fill('Mia');
  await mia.getByRole('button', { name: 'Ask to join' }).click();
  await letIn(ana, 'Mia', await sixWords(mia));
  await connected(mia, ['Ana', 'Bob']);
});

test('"No, that\'s someone else" closes that request; the link still works for the right one', async ({
  app,
  phone
}) => {
  const ana = await phone('Ana');
  const stranger = await phone('Stranger');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await askToJoin(stranger, link, 'Bob');
  await joinRequest(ana, 'Bob').getByRole('button', { name: "No, that's someone else" }).click();
  await expect(stranger.getByRole('alert')).toHaveText(refused);
  await expect(joinRequest(ana, 'Bob')).toHaveCount(0);

  await letIn(ana, 'Bob', await askToJoin(bob, link, 'Bob'));
  await seeWords(bob, 'Ana', 'A rough week.');
  await expect(stranger.getByRole('alert')).toHaveText(refused);
});

test('closed and opened again, Bob still asks, with the same words @firefox', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await ana.close();
  const words = await askToJoin(bob, link, 'Bob');
  const again = await reopen(bob, `${app.url}/join`);
  expect(await sixWords(again)).toEqual(words);

  const anaAgain = await reopen(ana, app.url);
  await letIn(anaAgain, 'Bob', words);
  await seeWords(again, 'Ana', 'A rough week.');
});

test('a reload before asking keeps the invite; asking twice on one link is one request', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await bob.goto(link);
  await expect(bob).toHaveURL(`${app.url}/join`);
  await expect(bob.getByRole('textbox', { name: 'Your name' })).toBeVisible();
  await bob.reload();
  await bob.getByRole('textbox', { name: 'Your name' }).fill('Bob');
  await bob.getByRole('button', { name: 'Ask to join' }).click();
  const words = await sixWords(bob);
  expect(await askToJoin(bob, link, 'Bob')).toEqual(words);
  await letIn(ana, 'Bob', words);
  await expect(board(bob)).toBeVisible();
});

test('a link that lost its end says so, opened or pasted, and the whole one works', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await bob.goto(link.slice(0, -3));
  await expect(bob.getByRole('alert')).toHaveText(mangled);
  await bob.getByRole('button', { name: 'Use another link' }).click();
  const paste = bob.getByRole('textbox', { name: 'Paste your invite' });
  await bob.getByRole('textbox', { name: 'Your name' }).fill('Bob');
  for (const broken of ['See you there', link.replace('#i=', '#i=A'), link.slice(0, -1)]) {
    await paste.fill(broken);
    await bob.getByRole('button', { name: 'Ask to join' }).click();
    await expect(bob.getByText(mangled)).toBeVisible();
    await expect(paste).toHaveValue(broken);
  }

  // What a messenger makes of it: words around, a break within.
  const middle = link.length - 20;
  await paste.fill(`Ana wrote: ${link.slice(0, middle)} ${link.slice(middle)} `);
  await bob.getByRole('button', { name: 'Ask to join' }).click();
  await letIn(ana, 'Bob', await sixWords(bob));
  await seeWords(bob, 'Ana', 'A rough week.');
});

test('a link that is eight days old says so', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await laterBy(bob, app, 8 * dayMs);
  await bob.goto(link);
  await expect(bob.getByRole('alert')).toHaveText(old);
  await bob.getByRole('button', { name: 'Use another link' }).click();
  await expect(bob.getByRole('textbox', { name: 'Paste your invite' })).toBeVisible();
});

test('a link that runs out while Bob waits says so', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await ana.close();
  await bob.clock.install();
  await askToJoin(bob, link, 'Bob');
  await expect(bob.getByRole('status')).toContainText('Waiting for a friend in the circle to say yes.');
  await timePasses(app, [bob], 7 * dayMs + minuteMs);
  await expect(bob.getByRole('alert')).toHaveText(old);
});

test('a link to a circle that one is in already changes nothing', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await ana.goto(link);
  await expect(ana.getByRole('alert')).toHaveText(already);
  await letIn(ana, 'Bob', await askToJoin(bob, link, 'Bob'));
  await seeWords(bob, 'Ana', 'A rough week.');
});

test('names are needed, and each box says what it is for', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await firstCheckIn(ana, app, { words: 'A rough week.' });
  await ana.getByRole('button', { name: 'Start a circle' }).click();
  await ana.getByRole('button', { name: 'Create circle' }).click();
  await expect(ana.getByText('Your friends need a name to know you by.')).toBeVisible();
  await expect(ana.getByText('The circle needs a name.')).toBeVisible();
  await expect(ana.getByRole('textbox', { name: 'Your name' })).toBeFocused();
});

/** Every list of six words that comes up on this screen, in order of appearance. */
const recordSixWords = async (page: Page): Promise<readonly string[]> => {
  const shown: string[] = [];
  await page.exposeFunction('tellSixWords', (words: string) => void shown.push(words));
  await page.evaluate(() => {
    let last = '';
    const look = (): void => {
      const words = [...document.querySelectorAll('dialog li')].map((word) => word.textContent).join(' ');
      if (words !== last && words !== '')
        (window as unknown as { tellSixWords(words: string): void }).tellSixWords(words);
      last = words;
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return shown;
};

/** This phone, and the server that it asks for the time, are some days further on. */
const laterBy = async (page: Page, app: RunningApp, ms: number): Promise<void> => {
  await page.clock.install({ time: new Date(Date.now() + ms) });
  await serverLaterBy(page, app, ms);
};
