/** What a server and an address bar get to see: nothing that opens anything, and no word of anybody. */
import type { Page } from '@playwright/test';
import { base64UrlToBytes, bytesToBase64Url, bytesToHex, type Bytes } from '../../src/lib/base/bytes.ts';
import { idToBytes } from '../../src/lib/base/ids.ts';
import { readInvitation } from '../../src/lib/circle/invitation.ts';
import {
  askToJoin,
  beginCircle,
  board,
  card,
  connected,
  expect,
  inviteLink,
  letIn,
  say,
  seeWords,
  test,
  unsay
} from './friends.ts';
import { expectNothingWrong, openPhone, reportOf } from './phone.ts';

test('the server hears no word, no name, no circle and no invite @firefox', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, { name: 'Anastasia', circle: 'The kitchen table', words: 'A rough and secret week.' });
  const link = await inviteLink(ana);
  const invitation = await readInvitation(link);
  if (!invitation.ok) throw new Error('the link is not one');
  await letIn(ana, 'Bartholomew', await askToJoin(bob, link, 'Bartholomew'));
  await connected(bob, ['Anastasia']);
  await say(bob, 'Something quiet between us.');
  await seeWords(ana, 'Bartholomew', 'Something quiet between us.');
  await unsay(ana, 'A rough and secret week.');
  await expect(card(bob, 'Anastasia')).toContainText('Nothing said for a while.');

  const seen = app.heard.join('\n');
  // It did listen: the shell, the relay's socket, and sealed signals went through it.
  expect(seen).toContain('GET /relay');
  expect(seen).toContain('"EVENT"');
  const { secret, circle } = invitation.value;
  const secrets = ['Anastasia', 'Bartholomew', 'kitchen table', 'rough and secret', 'quiet between us', '#i='];
  for (const told of secrets) {
    expect(seen).not.toContain(told);
    expect(seen).not.toContain(encodeURIComponent(told));
  }
  for (const bytes of [secret, idToBytes(circle)])
    for (const written of spellings(bytes)) expect(seen).not.toContain(written);
  // Sealed data is base64url: none of it holds the words in clear either.
  for (const [content] of seen.matchAll(/[\w-]{40,}/g)) {
    const opened = Buffer.from(base64UrlToBytes(content) ?? content).toString('latin1');
    for (const told of secrets) expect(opened).not.toContain(told);
  }
});

test('an opened link leaves no secret in the address bar or the history', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  const link = await inviteLink(ana);
  await bob.goto(app.url);
  await bob.goto(link);
  await expect(bob).toHaveURL(`${app.url}/join`);
  await bob.getByRole('textbox', { name: 'Your name' }).fill('Bob');
  await bob.getByRole('button', { name: 'Ask to join' }).click();
  await expect(bob.getByRole('group', { name: 'Six words' })).toBeVisible();
  expect(await visited(bob)).not.toContain('#');
  await ana.getByRole('button', { name: "Yes, that's Bob" }).click();
  await expect(board(bob)).toBeVisible();
  expect(await visited(bob)).not.toContain('#');
  expect(await ana.evaluate(() => location.href)).not.toContain('#');
});

test('the policy holds a page to its own origin, and a phone that tries tells of it', async ({ app, browser }) => {
  const ana = await openPhone(browser, 'Ana');
  await ana.goto(app.url);
  await expect(ana.getByRole('heading', { name: 'How are you, really?' })).toBeVisible();
  expectNothingWrong(ana, app);
  const answered = await ana.evaluate(() =>
    fetch('http://127.0.0.1:9/').then(
      () => true,
      () => false
    )
  );
  expect(answered).toBe(false);
  await expect.poll(() => reportOf(ana).problems.join()).toContain('Content-Security-Policy: connect-src');
  await ana.context().close();
});

/** Bytes as somebody might write them down. */
const spellings = (bytes: Bytes): string[] => [
  bytesToBase64Url(bytes),
  bytesToHex(bytes),
  Buffer.from(bytes).toString('base64').replace(/=+$/, '')
];

/** Every address in this tab's history, as a step back would open it. */
const visited = async (page: Page): Promise<string> => {
  const browser = await page.context().newCDPSession(page);
  const { entries } = await browser.send('Page.getNavigationHistory');
  await browser.detach();
  expect(entries.length).toBeGreaterThan(0);
  return entries.map(({ url }) => url).join('\n');
};
