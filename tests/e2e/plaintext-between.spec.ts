/**
 * What friends say to one another, own words for feelings, and everything that is begun and not said: searched for on the
 * disk and in what the relay heard.
 */
import type { Page } from '@playwright/test';
import { isOnlyPrivateKind, kinds } from '../../src/lib/records/kinds.ts';
import {
  askToTalk,
  backToBoard,
  befriend,
  beginCircle,
  card,
  changeDialog,
  expect,
  newestOf,
  openCard,
  openComposer,
  openedCard,
  reply,
  say,
  sayBeenThere,
  sayHere,
  seeWords,
  test,
  writeLetter
} from './friends.ts';
import { ProfilePhone } from './harness/profile.ts';
import { searchHeard } from './harness/profile-search.ts';
import { draftBytes, keptEnvelopes } from './kept.ts';
import { expectNowhere } from './nowhere.ts';

const names = { own: 'Annemoon-Q', friend: 'Bartholomew-K', circle: 'Twilight Roundhouse' };

/** What two friends say to one another, and what Ana has begun to write and not said. */
const between = {
  'own feeling word': 'Moonthreaded-Q',
  'for one friend': 'Saffron staircase; this is for one of you.',
  'reply had': 'Cinnamon rain was all I could think of.',
  'reply given': 'Thistledown, and I mean it kindly.',
  'letter had': 'Dearest, the tamarind tree has been cut down.',
  'letter given': 'Dearest, plant another, and call it Wilhelmina.',
  'letter taken back': 'Dearest, forget the verbena that I spoke of.',
  'been there, heard': 'Cobalt corridors, two winters ago.',
  'been there, given': 'Vermilion mornings, and nobody knew.',
  'asked to talk': 'Could we talk about the nightjar?',
  'asked to talk, given': 'Could we talk about the lapwing?',
  'draft of a reply': 'Pomegranate, which is not an answer.',
  'draft of a letter': 'Dearest, I have begun this with chrysanthemums.',
  'draft of a been there': 'Heliotrope, and that was only the first year.',
  'draft of a question': 'Could we talk about the bittern, perhaps?',
  'draft of a correction': 'Saffron staircase, and I take none of it back.'
};

test('neither the profile nor the relay holds what friends say to one another alone, or what is only begun', async ({
  app,
  phone
}) => {
  const [ana, bob] = [await ProfilePhone.create('Ana'), await phone('Bob')];
  try {
    let page = await ana.start();
    const { own, friend, circle } = names;
    await beginCircle(page, app, { name: own, circle, words: 'A rough week.', help: 'hear me' });
    await befriend(page, bob, friend);
    await say(bob, 'Here.');
    await openCard(bob, own);
    await reply(bob, own, between['reply had']);
    await sayBeenThere(bob, own, between['been there, heard']);
    await writeLetter(bob, own, between['letter had']);
    await askToTalk(bob, own, between['asked to talk']);
    await seeWords(page, friend, 'Here.');

    await openCard(page, 'You');
    await expect(openedCard(page)).toContainText(between['reply had']);
    await openedCard(page).getByRole('button', { name: 'Hear', exact: true }).click();
    await expect(openedCard(page)).toContainText(between['been there, heard']);
    await backToBoard(page);
    await sayToOne(page, friend);

    await openCard(page, friend);
    await expect(openedCard(page)).toContainText(between['letter had']);
    await expect(openedCard(page)).toContainText(between['asked to talk']);
    await reply(page, friend, between['reply given']);
    await sayBeenThere(page, friend, between['been there, given']);
    await writeLetter(page, friend, between['letter taken back']);
    const letter = openedCard(page).getByRole('listitem').filter({ hasText: between['letter taken back'] });
    await letter.getByRole('button', { name: 'Take back' }).click();
    await letter.getByRole('button', { name: 'Take it back' }).click();
    await expect(letter).toHaveCount(0);
    await writeLetter(page, friend, between['letter given']);
    await askToTalk(page, friend, between['asked to talk, given']);
    await expect(openedCard(bob)).toContainText(between['asked to talk, given']);

    // Everything once more, and none of it said.
    for (const { opener, box, words } of begun(friend)) {
      await openedCard(page).getByRole('button', { name: opener, exact: true }).click();
      await openedCard(page).getByRole('textbox', { name: box, exact: true }).fill(words);
    }
    await backToBoard(page);
    await openCard(page, 'You');
    await newestOf(page, 'You').getByRole('button', { name: 'Change' }).click();
    await changeDialog(page).getByRole('textbox', { name: 'In your own words' }).fill(between['draft of a correction']);
    await expect.poll(() => draftBytes(page, 'change/2/1')).toBeGreaterThan(0);

    // Three of Bob's and four of Ana's: the index at rest tells of none of them what it is.
    const there = await keptEnvelopes(page);
    expect(there.filter(({ kind }) => kind === kinds.private)).toHaveLength(7);
    expect(there.filter(({ kind }) => isOnlyPrivateKind(kind))).toEqual([]);

    const needles = { ...names, ...between };
    await expectNowhere(ana, needles, async () => {
      page = await ana.start();
      await page.goto(app.url);
      await seeWords(page, 'You', between['for one friend']);
      await openCard(page, friend);
      for (const { box, words } of begun(friend))
        await expect(openedCard(page).getByRole('textbox', { name: box, exact: true })).toHaveValue(words);
      return page;
    });
    expect(searchHeard(app.heard, needles)).toEqual([]);
  } finally {
    await ana.remove();
  }
});

/** A check-in for one friend alone, with a word for a feeling that no list has. */
const sayToOne = async (page: Page, friend: string): Promise<void> => {
  await openComposer(page);
  await page.getByRole('button', { name: 'other …' }).click();
  const list = page.getByRole('dialog', { name: 'More words' });
  await list.getByRole('textbox').fill(between['own feeling word']);
  await list.getByRole('button', { name: `Use “${between['own feeling word']}”` }).click();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('group', { name: 'Who sees it' }).getByRole('button', { name: friend }).click();
  await sayHere(page, { words: between['for one friend'] });
  await seeWords(page, 'You', between['for one friend']);
  await expect(card(page, 'You')).toContainText(between['own feeling word']);
};

/** The boxes on a friend's card, after each has been used once. */
const begun = (friend: string) => [
  { opener: 'A few words …', box: `A few words to ${friend}`, words: between['draft of a reply'] },
  { opener: 'Write a letter', box: `A letter to ${friend}`, words: between['draft of a letter'] },
  { opener: 'Change these words', box: `Words that only ${friend} gets`, words: between['draft of a been there'] },
  { opener: 'Hey, can we talk?', box: `To ${friend} alone`, words: between['draft of a question'] }
];
