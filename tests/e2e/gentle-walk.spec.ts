/** No screen counts, ranks, hurries or watches anybody: every screen and state is walked, and all of its text looked at. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { dayMs, hourMs, systemClock } from '../../src/lib/base/clock.ts';
import {
  askToJoin,
  askToTalk,
  backToBoard,
  card,
  changeDialog,
  composer,
  connected,
  expect,
  firstCheckIn,
  foundCircle,
  goToCircle,
  inviteLink,
  joinRequest,
  letIn,
  newestOf,
  openCard,
  openComposer,
  openedCard,
  reply,
  say,
  sayBeenThere,
  shareDialog,
  shareFirst,
  sixWords,
  test,
  writeLetter
} from './friends.ts';
import { allText, expectGentle, findHarsh, rules } from './harness/gentle-text.ts';
import { carriers, plant } from './harness/planted-text.ts';
import {
  gatherThree,
  openAudience,
  reachOut,
  shownReply,
  table,
  tapGesture,
  withClock
} from './harness/three-friends.ts';
import { timePasses } from './later.ts';

/** What the three of them write, numbers, counting and all: it is theirs. */
const written = {
  first: 'Day 3 of this, and I like nobody.',
  bobs: 'I have seen 12 weeks like that.',
  mias: 'Late, but here. 100%.',
  advice: 'Call them before 5, twice if need be.',
  been: 'Mine lasted 40 days.',
  letter: 'You have not missed anything in 2 years.',
  talk: 'Can we talk? 3 minutes are enough.',
  second: 'Day 4. Somebody said 5 kind things.',
  third: 'Best day in a row of 6.',
  after: 'Back on day 13.'
};
const theirs = Object.values(written);
/** What somebody may type, as the catalogue lists it. */
const isNeverShown = /^notch_(openings|phrases|small_words)$/;
const look = (page: Page, screen: string, more: readonly string[] = []): Promise<void> =>
  expectGentle(page, screen, [...theirs, ...more]);

test('the checker finds whatever is planted, wherever it is planted', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await firstCheckIn(ana, app, {});
  await look(ana, 'before anything is planted');
  for (const carrier of carriers) {
    const uproot = await plant(ana, carrier);
    const found = findHarsh(await allText(ana), theirs).map(({ rule }) => rule);
    expect(
      rules.map(({ name }) => name).filter((name) => !found.includes(name)),
      carrier
    ).toEqual([]);
    await uproot();
    await look(ana, `after ${carrier}`);
  }
  // Times, dates and what somebody wrote are no counts; in a sentence of ours the same words are.
  const fine = ['21:00', '9:05 PM', '3 days ago', 'March 2025', 'Room for 12 more letters.', written.mias];
  expect(findHarsh(fine, theirs)).toEqual([]);
  expect(
    findHarsh(['Bob, 21', 'Bob is late', `${written.mias} 3`, 'Room for 12 more friends.'], [...theirs, 'late']).length
  ).toBe(4);
});

test('no sentence of the catalogue counts, ranks, hurries or watches', async () => {
  const catalogue = await readFile(join(import.meta.dirname, '../../src/i18n/messages/en.json'), 'utf8');
  const values: Readonly<Record<string, string>> = { count: '12', time: '21:00', when: '3 days ago' };
  const sentences = Object.entries(JSON.parse(catalogue) as Record<string, string>)
    .filter(([key]) => key !== '$schema' && !isNeverShown.test(key))
    .map(([, text]) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'Ana'));
  expect(sentences.length).toBeGreaterThan(200);
  expect(findHarsh(sentences)).toEqual([]);
});

test('from the first screen to a circle of three', async ({ app, phone }) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await ana.goto(app.url);
  await expect(composer(ana).words).toBeVisible();
  await look(ana, 'first check-in');
  await firstCheckIn(ana, app, { words: written.first, pleasantness: -60, energy: -40, help: 'hear me' });
  await look(ana, 'three choices');
  await ana.getByRole('button', { name: 'Start a circle' }).click();
  await ana.getByRole('button', { name: 'Create circle' }).click();
  await look(ana, 'start, with what is missing said');
  await ana.goto(app.url);
  await foundCircle(ana, { name: 'Ana', circle: table });
  await expect(shareDialog(ana, table)).toBeVisible();
  await look(ana, 'share this?');
  await shareFirst(ana, table);
  await look(ana, 'board, alone');
  await ana.getByRole('button', { name: 'Invite a friend' }).click();
  await expect(ana.getByRole('img', { name: 'QR code of the invite link' })).toBeVisible();
  await ana.getByRole('button', { name: 'Copy link' }).click();
  await look(ana, 'invite');
  await ana.getByRole('button', { name: 'Close' }).click();
  const link = await inviteLink(ana);
  await bob.goto(link.slice(0, -2));
  await expect(bob.getByRole('alert')).toBeVisible();
  await look(bob, 'mangled link');
  await bob.getByRole('button', { name: 'Use another link' }).click();
  await look(bob, 'join');
  const words = await askToJoin(bob, link, 'Bob');
  await look(bob, 'waiting', words);
  await expect(joinRequest(ana, 'Bob')).toBeVisible();
  await look(ana, 'request', await sixWords(joinRequest(ana, 'Bob')));
  await letIn(ana, 'Bob', words);
  await connected(bob, ['Ana']);
  await look(bob, 'a newcomer’s board');
  await bob.goto(`${app.url}/c/9`);
  await expect(bob.getByRole('heading', { name: 'Nothing at this address' })).toBeVisible();
  await look(bob, 'nothing at this address');
  await goToSettings(ana);
  await look(ana, 'settings');
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await goToCircle(ana, 'Just me');
  await look(ana, 'her own circle');
  await ana.getByRole('button', { name: 'Send this to one person' }).click();
  await look(ana, 'send to one person');
});

test('composer, boards and opened cards with many answers', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, withClock(phone, systemClock.nowMs()), { words: written.first });
  await walkComposer(ana);
  await say(ana, written.first, { pleasantness: -60, energy: -40, help: 'hear me' });
  await look(ana, 'board, let them know');
  await ana.getByRole('button', { name: 'Let them know' }).click();
  await expect(ana.getByText('Copied. Paste it where you write to each other.')).toBeVisible();
  await look(ana, 'board, passed on');
  await say(bob, written.second, { pleasantness: 70, energy: 50 });
  await answer(bob, written.bobs);
  await answer(mia, written.mias);
  await expect(card(ana, 'You')).toContainText('Bob and Mia wrote back.');
  await expect(card(ana, 'Mia')).toContainText('A letter for you.');
  await expect(reachOut(ana, 'Mia asks: can we talk?')).toBeVisible();
  await look(ana, 'board with many answers');
  await walkOwnCard(ana);
  for (const page of [bob, mia]) await look(page, 'a friend’s card with many answers');
  await walkBetween(ana);
  for (const page of [bob, mia]) {
    await backToBoard(page);
    await look(page, 'a friend’s board');
  }

  // What Mia was writing when something newer came; what Ana said before; a day, and some days later.
  await openCard(mia, 'Ana');
  await openedCard(mia).getByRole('button', { name: 'A few words …' }).click();
  await openedCard(mia).getByRole('textbox', { name: 'A few words to Ana' }).fill(written.mias);
  await openComposer(ana);
  await composer(ana).words.fill(written.third);
  await (await openAudience(ana)).long.getByRole('button', { name: 'a week' }).click();
  await composer(ana).sayIt.click();
  await expect(mia.getByRole('button', { name: 'Put it in a letter' })).toBeVisible();
  await look(mia, 'stranded words');
  await timePasses(app, [ana], 3 * hourMs);
  await expect(ana.getByRole('region', { name: 'Whom to ask next' })).toBeVisible();
  await look(ana, 'whom to ask next');
  await say(ana, written.after);
  await timePasses(app, [ana, bob, mia], 3 * dayMs);
  // Days are the calendar's: late in the evening three hours make one more.
  await expect(card(ana, 'Bob')).toContainText(/[34] days ago/);
  await look(ana, 'board, days later');
  await openCard(ana, 'You');
  await expect(openedCard(ana).getByRole('region', { name: 'Before' })).toBeVisible();
  await look(ana, 'her own card, with what was before');
  await backToBoard(ana);
  await timePasses(app, [ana], 6 * dayMs);
  await openComposer(ana);
  await expect(ana.getByText('Good to see you.')).toBeVisible();
  await look(ana, 'composer, back after a silence');
  await ana.getByRole('button', { name: 'Not now' }).click();
  await expect(card(ana, 'You')).toBeVisible();
  await ana.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ana.context().setOffline(true);
  await app.goDown();
  await ana.reload();
  await expect(ana.getByText('What you say is kept here and goes when it can.')).toBeVisible();
  await look(ana, 'offline');
});

const goToSettings = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('switch', { name: 'A notch truer' })).toBeVisible();
};

/** The composer with everything in it unfolded, and every line it may say. */
const walkComposer = async (page: Page): Promise<void> => {
  await openComposer(page);
  const { who, long } = await openAudience(page);
  for (const chip of await who.getByRole('button').all()) {
    await chip.click();
    await look(page, 'composer, who sees it');
  }
  for (const chip of await long.getByRole('button').all()) {
    await chip.click();
    await look(page, 'composer, how long');
  }
  await who.getByRole('button', { name: `Everyone in ${table}` }).click();
  await long.getByRole('button', { name: 'until my next one' }).click();
  await composer(page).words.fill("I'm fine");
  await expect(page.getByRole('button', { name: "No, that's how it is" })).toBeVisible();
  await look(page, 'composer, a notch truer');
  for (const length of [1900, 1999, 2000, 2001, 2100]) {
    await composer(page).words.fill('a'.repeat(length));
    await look(page, `composer, ${length} letters`);
  }
  const feelings = page.getByRole('group', { name: 'Feeling words' });
  for (const chip of (await feelings.getByRole('button').all()).slice(0, 3)) {
    await chip.click();
    await look(page, 'composer, feeling words');
  }
  await feelings.getByRole('button', { name: 'other …' }).click();
  await expect(page.getByRole('dialog', { name: 'More words' })).toBeVisible();
  await look(page, 'more feeling words');
  await page.getByRole('textbox', { name: 'Look for a word, or write your own' }).fill('woolly');
  await look(page, 'a word of her own');
  await page.getByRole('button', { name: 'Done' }).click();
  await composer(page).words.fill('');
  await page.getByRole('button', { name: 'Not now' }).click();
};

/** Everything that can be given to Ana, from a friend's phone; ends on her card. */
const answer = async (page: Page, words: string): Promise<void> => {
  await openCard(page, 'Ana');
  for (const gesture of ['I see you', 'thinking of you', 'sitting with you']) await tapGesture(page, gesture, true);
  await reply(page, 'Ana', words);
  await reply(page, 'Ana', written.advice);
  await openedCard(page).getByRole('button', { name: 'Would thinking along help?' }).click();
  await sayBeenThere(page, 'Ana', written.been);
  await writeLetter(page, 'Ana', written.letter);
  await openedCard(page).getByRole('button', { name: 'Thought of you' }).click();
  await askToTalk(page, 'Ana', written.talk);
  await look(page, 'a friend’s card');
  await openedCard(page).getByRole('button', { name: 'A few words …' }).click();
  await look(page, 'a friend’s card, writing');
  await openedCard(page).getByRole('button', { name: 'Not now' }).click();
};

const walkOwnCard = async (ana: Page): Promise<void> => {
  await openCard(ana, 'You');
  await look(ana, 'her own card with many answers');
  await openedCard(ana).getByRole('button', { name: 'Hear', exact: true }).first().click();
  await openedCard(ana).getByRole('button', { name: 'Not now' }).first().click();
  await shownReply(ana, written.bobs).getByRole('button', { name: 'That helped' }).click();
  await look(ana, 'her own card, some heard, some not now');
  await openedCard(ana).getByRole('button', { name: /^Yes/ }).click();
  await expect(openedCard(ana)).toContainText('Thinking along is open on this one.');
  await look(ana, 'her own card, advice open');
  const own = newestOf(ana, 'You');
  await own.getByRole('button', { name: 'Unsay' }).click();
  await look(ana, 'unsay?');
  await own.getByRole('button', { name: 'Keep it' }).click();
  await own.getByRole('button', { name: 'Change' }).click();
  await expect(changeDialog(ana)).toBeVisible();
  await look(ana, 'change');
  await changeDialog(ana).getByRole('button', { name: 'Not now' }).click();
  await backToBoard(ana);
};

/** What is between Ana and each of the others: answered, asked, with a second person in mind. */
const walkBetween = async (ana: Page): Promise<void> => {
  await reachOut(ana, 'Mia asks: can we talk?').getByRole('button', { name: 'Tonight' }).click();
  await expect(reachOut(ana, 'Mia asks: can we talk?')).toContainText('You answered: tonight.');
  await look(ana, 'board, answered');
  await openCard(ana, 'Mia');
  await look(ana, 'Mia’s card, who has said nothing');
  await backToBoard(ana);
  await openCard(ana, 'Bob');
  await openedCard(ana).getByRole('button', { name: 'Hey, can we talk?' }).click();
  await openedCard(ana).getByRole('combobox', { name: "If Bob can't be reached, ask" }).selectOption('Mia');
  const soon = await ana.evaluate(() => new Date(Date.now() + 2 * 3_600_000).toTimeString().slice(0, 5));
  await openedCard(ana).getByLabel('by', { exact: true }).fill(soon);
  await look(ana, 'asking to talk');
  await openedCard(ana).getByRole('button', { name: 'Send to Bob' }).click();
  await expect(openedCard(ana)).toContainText("If Bob can't be reached by");
  await openedCard(ana).getByRole('button', { name: 'Write a letter' }).click();
  await look(ana, 'Bob’s card, all that is between');
  await backToBoard(ana);
  await look(ana, 'board, asked');
};
