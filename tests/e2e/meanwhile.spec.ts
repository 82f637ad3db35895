/**
 * Something happened meanwhile: what was answered is gone or not the newest any more, a tab crashed, a friend left or has
 * a newer app, the network is away. Each has a sentence, and words that were written are never lost.
 */
import type { Page } from '@playwright/test';
import { kinds } from '../../src/lib/records/kinds.ts';
import { leaveSlot } from '../../src/lib/circle/slots.ts';
import {
  askToTalk,
  beginCircle,
  befriend,
  card,
  connected,
  openCard,
  openedCard,
  reply,
  say,
  sayBeenThere,
  seeWords,
  unsay,
  writeLetter,
  type OpenPhone
} from './friends.ts';
import { befriendScripted, connectedTo, expect, test } from './harness/stories.ts';
import { crashTab, reachOut, shownReply, table, tapGesture } from './harness/three-friends.ts';
import { draftBytes } from './kept.ts';
import type { RunningApp } from './phone.ts';

const strandedSentence =
  'What you were answering was taken back, has faded, or there is something newer. Your words are still here.';
const wasAnswering = (page: Page) => page.getByRole('region', { name: strandedSentence });
const replyBox = (page: Page) => openedCard(page).getByRole('textbox', { name: 'A few words to Ana' });
const letterBox = (page: Page) => openedCard(page).getByRole('textbox', { name: 'A letter to Ana' });

test('Ana takes it back while Bob writes: his words stay, and can go into a letter', async ({ app, phone }) => {
  const { ana, bob } = await gatherTwo(app, phone);
  await beginReply(bob, 'I was going to say: come over.');
  await unsay(ana, 'A rough week.');
  await expect(wasAnswering(bob)).toContainText('I was going to say: come over.');
  await expect(replyBox(bob)).toHaveCount(0);
  await wasAnswering(bob).getByRole('button', { name: 'Put it in a letter' }).click();
  await expect(wasAnswering(bob)).toHaveCount(0);
  await expect(letterBox(bob)).toHaveValue('I was going to say: come over.');
  await openedCard(bob).getByRole('button', { name: 'Send to Ana' }).click();
  await expect(card(ana, 'Bob')).toContainText('A letter for you.');
  await openCard(ana, 'Bob');
  await expect(openedCard(ana).getByText('I was going to say: come over.')).toBeVisible();
});

test('Ana says something new while Bob writes: nothing lands on the new one', async ({ app, phone }) => {
  const { ana, bob } = await gatherTwo(app, phone);
  await beginReply(bob, 'That sounds heavy.');
  await say(ana, 'Actually, I got the job.');
  await expect(openedCard(bob).getByText('Actually, I got the job.')).toBeVisible();
  await expect(wasAnswering(bob)).toContainText('That sounds heavy.');
  await openedCard(bob).getByRole('button', { name: 'A few words …' }).click();
  await expect(replyBox(bob)).toHaveValue('');
  await replyBox(bob).fill('Oh, how good.');
  await openedCard(bob).getByRole('button', { name: 'Say it' }).click();
  await openCard(ana, 'You');
  await expect(shownReply(ana, 'Oh, how good.')).toBeVisible();
  await expect(ana.getByText('That sounds heavy.')).toHaveCount(0);
  // They are still there after the tab was closed, until Bob lets them go.
  await bob.reload();
  await expect(wasAnswering(bob)).toContainText('That sounds heavy.');
  const before = await writingBytes(bob);
  await wasAnswering(bob).getByRole('button', { name: 'Let it go' }).click();
  await expect(wasAnswering(bob)).toHaveCount(0);
  await expect.poll(() => writingBytes(bob)).toBeLessThan(before);
  await bob.reload();
  await expect(shownReply(bob, 'Oh, how good.')).toBeVisible();
  await expect(bob.getByText('That sounds heavy.')).toHaveCount(0);
});

test('while Bob writes, what others say comes, and nothing moves under his fingers', async ({ app, phone }) => {
  const { ana, bob } = await gatherTwo(app, phone);
  await beginReply(bob, 'I hear you.');
  await replyBox(bob).press('Home');
  await openCard(ana, 'Bob');
  await openedCard(ana).getByRole('button', { name: 'Thought of you' }).click();
  await expect(openedCard(bob)).toContainText('Ana thought of you, just now.');
  await expect(replyBox(bob)).toBeFocused();
  await bob.keyboard.type('Ana, ');
  await expect(replyBox(bob)).toHaveValue('Ana, I hear you.');
});

test('having thought along on one check-in, Bob can answer the next one plainly', async ({ app, phone }) => {
  const { ana, bob } = await gatherTwo(app, phone);
  await say(ana, 'Which of the two jobs?', { help: 'think along' });
  await openCard(bob, 'Ana');
  await expect(openedCard(bob).getByText('Which of the two jobs?')).toBeVisible();
  await openedCard(bob).getByRole('button', { name: 'A few words …' }).click();
  await openedCard(bob).getByRole('button', { name: 'This thinks along' }).click();
  await replyBox(bob).fill('The one near the sea.');
  await openedCard(bob).getByRole('button', { name: 'Say it' }).click();
  await expect(shownReply(bob, 'The one near the sea.')).toContainText('thinking along');
  await say(ana, 'And now I am scared.', { help: 'hear me' });
  await expect(openedCard(bob)).toContainText("Ana asked to be heard. Advice isn't open on this one.");
  await reply(bob, 'Ana', 'Of course you are.');
  await openCard(ana, 'You');
  await expect(shownReply(ana, 'Of course you are.')).toBeVisible();
  await expect(shownReply(ana, 'Of course you are.')).not.toContainText('thinking along');
});

test('words that go with "me too" are kept too when their check-in is gone', async ({ app, phone }) => {
  const { ana, bob } = await gatherTwo(app, phone);
  await openCard(bob, 'Ana');
  await tapGesture(bob, 'me too', true);
  await openedCard(bob).getByRole('button', { name: 'Add words that only Ana gets' }).click();
  await openedCard(bob).getByRole('textbox', { name: 'Words that only Ana gets' }).fill('I know that kind of week.');
  await say(ana, 'Another rough one.');
  await expect(openedCard(bob).getByText('Another rough one.')).toBeVisible();
  await expect(wasAnswering(bob)).toContainText('I know that kind of week.');
});

test('a reply and a letter that are being written survive a crash and a reload', async ({ app, phone }) => {
  const { bob } = await gatherTwo(app, phone);
  await openCard(bob, 'Ana');
  await openedCard(bob).getByRole('button', { name: 'A few words …' }).click();
  await openedCard(bob).getByRole('button', { name: 'Write a letter' }).click();
  await replyBox(bob).fill('I do not know what to say,');
  await letterBox(bob).fill('Dear Ana,');
  await expect.poll(() => writingBytes(bob)).toBeGreaterThan(0);
  const before = await writingBytes(bob);
  await replyBox(bob).press('End');
  await replyBox(bob).pressSequentially(' but I am here.');
  await letterBox(bob).press('End');
  await letterBox(bob).pressSequentially(' it was me.');
  await expect.poll(() => writingBytes(bob)).toBe(before + ' but I am here.'.length + ' it was me.'.length);

  const again = await crashTab(bob, app.url);
  await openCard(again, 'Ana');
  await expect(replyBox(again)).toHaveValue('I do not know what to say, but I am here.');
  await expect(letterBox(again)).toHaveValue('Dear Ana, it was me.');
  await again.reload();
  await expect(letterBox(again)).toHaveValue('Dear Ana, it was me.');
  await expect(replyBox(again)).toHaveValue('I do not know what to say, but I am here.');
  await openedCard(again).getByRole('button', { name: 'Say it' }).click();
  await expect(shownReply(again, 'I do not know what to say, but I am here.')).toBeVisible();
  await expect(replyBox(again)).toHaveCount(0);
  await again.reload();
  await expect(letterBox(again)).toHaveValue('Dear Ana, it was me.');
  await expect(replyBox(again)).toHaveCount(0);
});

test('what only a later version knows is announced on the card, by name', async ({ app, phone, scripted }) => {
  const [ana, eve] = [await phone('Ana'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriendScripted(ana, eve, 'Eve');
  await connectedTo(eve, 1);
  await eve.evaluate(() => window.harness.friend.say('From my newer phone.'));
  await seeWords(ana, 'Eve', 'From my newer phone.');
  await expect(card(ana, 'Eve')).not.toContainText('newer.');
  await eve.evaluate(() =>
    window.harness.friend.sayRecord({ kind: 40, slot: 'later', body: { more: 'than this reads' }, expMs: null })
  );
  const newer = "Eve's app is newer. What they sent is kept, and shows once this app is updated.";
  await expect(card(ana, 'Eve')).toContainText(newer);
  await seeWords(ana, 'Eve', 'From my newer phone.');
  await openCard(ana, 'Eve');
  await expect(openedCard(ana)).toContainText(newer);
  await reply(ana, 'Eve', 'I can read half of it.');
  await expect(shownReply(ana, 'I can read half of it.')).toBeVisible();
});

test('a friend leaves while Ana writes to her: it is said, and the words stay', async ({ app, phone, scripted }) => {
  const [ana, eve] = [await phone('Ana'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriendScripted(ana, eve, 'Eve');
  await connectedTo(eve, 1);
  await eve.evaluate(() => window.harness.friend.say('I may go.'));
  await openCard(ana, 'Eve');
  await openedCard(ana).getByRole('button', { name: 'Write a letter' }).click();
  await openedCard(ana).getByRole('textbox', { name: 'A letter to Eve' }).fill('Please stay a while.');
  await eve.evaluate(({ kind, slot }) => window.harness.friend.sayRecord({ kind, slot, body: {}, expMs: null }), {
    kind: kinds.leave,
    slot: leaveSlot
  });
  await expect(openedCard(ana)).toContainText('Eve has left the circle. What they said before is kept here.');
  await expect(openedCard(ana).getByText('I may go.')).toBeVisible();
  const kept = ana.getByRole('region', { name: 'Eve has left the circle. What you wrote is still here.' });
  await expect(kept).toContainText('Please stay a while.');
  await expect(kept.getByRole('button', { name: 'Put it in a letter' })).toHaveCount(0);
  await ana.reload();
  await expect(kept).toContainText('Please stay a while.');
  await kept.getByRole('button', { name: 'Let it go' }).click();
  await expect(kept).toHaveCount(0);
});

test('without a network everything can be said, and it goes when there is one', async ({ app, phone }) => {
  const { ana, bob } = await gatherTwo(app, phone);
  // Phones that are connected go on hearing each other without a server: both are opened anew where there is nothing.
  for (const page of [ana, bob]) {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.context().setOffline(true);
  }
  await app.goDown();
  await Promise.all([ana.reload(), bob.reload()]);
  await expect(bob.getByText('What you say is kept here and goes when it can.')).toBeVisible();
  await openCard(bob, 'Ana');
  await tapGesture(bob, 'sitting with you', true);
  await reply(bob, 'Ana', 'From the train.');
  await openedCard(bob).getByRole('button', { name: 'Would thinking along help?' }).click();
  await expect(openedCard(bob)).toContainText('You asked. Ana decides.');
  await sayBeenThere(bob, 'Ana', 'My week was like that too.');
  await writeLetter(bob, 'Ana', 'I will call on Sunday.');
  await openedCard(bob).getByRole('button', { name: 'Thought of you' }).click();
  await askToTalk(bob, 'Ana', 'Are you up?');
  await expect(shownReply(bob, 'From the train.')).toBeVisible();
  await bob.reload();
  await expect(shownReply(bob, 'From the train.')).toBeVisible();
  await expect(openedCard(bob).getByText('I will call on Sunday.')).toBeVisible();
  await expect(card(ana, 'You')).not.toContainText('wrote');

  await app.comeBack();
  await Promise.all([ana, bob].map((page) => page.context().setOffline(false)));
  await expect(card(ana, 'You')).toContainText('Bob: me too.');
  await expect(card(ana, 'You')).toContainText('Bob wrote back.');
  await expect(card(ana, 'Bob')).toContainText('A letter for you.');
  await expect(card(ana, 'Bob')).toContainText('Bob thought of you.');
  await expect(reachOut(ana, 'Bob asks: can we talk?')).toContainText('Are you up?');
  await openCard(ana, 'You');
  await expect(shownReply(ana, 'From the train.')).toBeVisible();
  await expect(openedCard(ana)).toContainText('Bob asks: would thinking along help?');
  await expect(openedCard(ana)).toContainText('Bob has been there too. Would you like to hear?');
});

const gatherTwo = async (app: RunningApp, phone: OpenPhone): Promise<{ ana: Page; bob: Page }> => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.', help: 'hear me' });
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  await connected(bob, ['Ana']);
  return { ana, bob };
};

const beginReply = async (page: Page, words: string): Promise<void> => {
  await openCard(page, 'Ana');
  await openedCard(page).getByRole('button', { name: 'A few words …' }).click();
  await replyBox(page).fill(words);
};

/** How much this phone keeps on disk of what is being written in the circle that is open. */
const writingBytes = (page: Page): Promise<number> =>
  draftBytes(page, `writing/${/\/c\/(\d+)/.exec(page.url())?.[1] ?? ''}`);
