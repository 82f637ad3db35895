/**
 * An opened check-in as friends use it: being there, a few words, the gate of advice, "me too" by consent, what was said
 * before. By touch and by keys; focus never gets lost.
 */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { dayMs, hourMs } from '../../src/lib/base/clock.ts';
import FriendPageHarness from './friend-page-harness.svelte';
import { box, button, open } from './open-friend-page.ts';
import {
  aboutOf,
  anaBefore,
  anaBetween,
  anaOpened,
  beenThere,
  friends,
  gesture,
  letter,
  openedBy,
  ownOpened,
  pageOf,
  reachOut,
  reply,
  states
} from './screen-friend-page.ts';
import { nowMs, ownName } from './screen-friends.ts';

const text = (): string => document.body.textContent ?? '';

test('says who, when, how and all of the words, and what would help as a sentence', async () => {
  const words = `${'All of it. '.repeat(180)}The end.`;
  await open(pageOf('Ana', openedBy('Ana', { words, feelings: ['scared'], help: 'hear-me' }, { agoMs: hourMs })));
  await expect.element(page.getByRole('heading', { level: 1, name: 'Ana' })).toBeVisible();
  expect(document.querySelector('article .words')?.textContent).toBe(words);
  await expect.element(page.getByText('Ana would like to be heard.')).toBeVisible();
  await expect.element(page.getByText('an hour ago', { exact: true })).toBeVisible();
  await expect.element(button('Change')).not.toBeInTheDocument();
});

test('says who can see it where not all can, and when it fades', async () => {
  await open(pageOf('Ana', anaOpened({}, { seenBy: ['Jo'], fadesAtMs: nowMs + dayMs })));
  await expect.element(page.getByText('Only you and Jo see this.')).toBeVisible();
  await expect.element(page.getByText('Gone tomorrow.')).toBeVisible();
});

test('one tap is there, another is not, and focus stays on the gesture', async () => {
  const { done } = await open(pageOf('Ana', anaOpened()));
  const sitting = button('sitting with you');
  await expect.element(sitting).toHaveAttribute('aria-pressed', 'false');
  (sitting.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  expect(done).toHaveBeenLastCalledWith('gesture', 'sitting-with-you');
  await expect.element(sitting).toHaveAttribute('aria-pressed', 'true');
  await expect.element(sitting).toHaveFocus();
  await userEvent.keyboard(' ');
  expect(done).toHaveBeenLastCalledWith('gesture', null);
  await expect.element(sitting).toHaveAttribute('aria-pressed', 'false');
});

test('who is there is said by name', async () => {
  const gestures = [gesture(ownName, 'sitting-with-you'), gesture('Jo', 'sitting-with-you')];
  await open(pageOf('Ana', anaOpened({ gestures, ownGesture: 'sitting-with-you' })));
  await expect.element(page.getByText('You and Jo are sitting with Ana.')).toBeVisible();
});

test('words go along with a "me too", to the author only, and can be changed', async () => {
  const { done } = await open(pageOf('Ana', anaOpened()));
  await expect.element(button('Add words that only Ana gets')).not.toBeInTheDocument();
  await button('me too').click();
  await button('Add words that only Ana gets').click();
  await expect.element(box('Words that only Ana gets')).toHaveFocus();
  await userEvent.keyboard('Me, last spring.');
  await button('Send to Ana').click();
  expect(done).toHaveBeenLastCalledWith('beenThere', 'Me, last spring.');
  await expect.element(page.getByText('Only Ana gets this, and chooses whether to hear it.')).toBeVisible();
  await expect.element(button('Change these words')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(box('Words that only Ana gets')).toHaveValue('Me, last spring.');
});

test('a few words: the box opens under the thumb, says who sees it, and folds once they are said', async () => {
  const { done } = await open(pageOf('Ana', anaOpened()));
  const opener = button('A few words …');
  expect(opener.element().getBoundingClientRect().bottom).toBeLessThanOrEqual(740);
  await opener.click();
  const words = box('A few words to Ana');
  await expect.element(words).toHaveFocus();
  await expect
    .element(words)
    .toHaveAccessibleDescription(/Advice isn't open on this one\..*Ana, Jo, and Mia see this\./);
  expect(words.element().closest('form')?.autocomplete).toBe('off');
  await expect.element(words).toHaveAttribute('autocomplete', 'off');
  await button('Say it').click();
  expect(done, 'nothing is said where nothing was written').not.toHaveBeenCalled();
  await expect.element(words).toHaveFocus();
  await words.fill('  Here.\n\u202Eعربى ');
  await button('Say it').click();
  expect(done).toHaveBeenCalledExactlyOnceWith('reply', '  Here.\n\u202Eعربى ');
  await expect.element(opener).toHaveFocus();
  await expect.element(words).not.toBeInTheDocument();
});

test('what could not be said stays in its box, with the reason beside it', async () => {
  const problem = 'This phone is full. What you wrote is still in the box above.';
  await open(pageOf('Ana', null), { kept: { letter: 'Dear Ana' }, problem });
  await expect.element(box('A letter to Ana')).toHaveValue('Dear Ana');
  await button('Send to Ana').click();
  await expect.element(box('A letter to Ana')).toHaveValue('Dear Ana');
  await expect.poll(() => document.querySelector('form [role=alert]')?.textContent).toBe(problem);
});

test('kept words open their box by themselves; "Not now" folds it and keeps them', async () => {
  await open(pageOf('Ana', anaOpened()), { kept: { reply: 'Begun.' } });
  await expect.element(box('A few words to Ana')).toHaveValue('Begun.');
  await page.getByRole('button', { name: 'Not now' }).click();
  await expect.element(button('A few words …')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(box('A few words to Ana')).toHaveValue('Begun.');
});

test('advice is closed unless asked for: a friend may ask once, and the author decides', async () => {
  await open(pageOf('Ana', anaOpened()));
  await expect.element(page.getByText("Ana asked to be heard. Advice isn't open on this one.")).toBeVisible();
  await button('Would thinking along help?').click();
  await expect.element(page.getByText('You asked. Ana decides.')).toBeVisible();
  await expect.element(button('Would thinking along help?')).not.toBeInTheDocument();
  expect(document.activeElement?.textContent).toContain('You asked. Ana decides.');
  await button('A few words …').click();
  await expect.element(button('This thinks along')).not.toBeInTheDocument();
});

test('the gate says only what is true', async () => {
  const help = (wanted: 'be-near' | null) => openedBy('Ana', { words: 'Here.', help: wanted }, { agoMs: hourMs });
  const { become } = await open(pageOf('Ana', help('be-near')));
  await expect.element(page.getByText("Ana didn't ask for advice. It isn't open on this one.")).toBeVisible();
  become(pageOf('Ana', help(null)));
  await expect.element(page.getByText("Ana didn't ask for advice. It isn't open on this one.")).toBeVisible();
  become(pageOf('Ana', anaOpened({ advice: 'asked' })));
  await expect.element(page.getByText(/advice/i)).not.toBeInTheDocument();
});

test('where advice is open a reply may think along', async () => {
  await open(pageOf('Ana', anaOpened({ advice: 'opened' })));
  await button('A few words …').click();
  const along = button('This thinks along');
  await expect.element(along).toHaveAttribute('aria-pressed', 'false');
  await along.click();
  await expect.element(along).toHaveAttribute('aria-pressed', 'true');
});

test('the author hears who asks: yes opens it, not now is told to nobody and can be changed', async () => {
  const { become } = await open(pageOf(ownName, ownOpened({ beenThere: [] })));
  await expect.element(page.getByText('Jo asks: would thinking along help?')).toBeVisible();
  await button('Not now').click();
  await expect.element(page.getByText('Jo asked whether thinking along would help.')).toBeVisible();
  await button('Yes, after all').click();
  await expect.element(page.getByText('Thinking along is open on this one.')).toBeVisible();
  become(pageOf(ownName, ownOpened({ adviceAskedBy: ['Jo', 'Mia'] })));
  await expect.element(page.getByText('Jo and Mia asked whether thinking along would help.')).toBeVisible();
});

test('the author may say to each friend that it helped; nobody else can, and only that friend hears it', async () => {
  const { done, become } = await open(pageOf(ownName, ownOpened()));
  const soup = page.getByRole('listitem').filter({ hasText: 'Soup is on the stairs.' }).getByRole('button');
  await expect.element(soup).toHaveAttribute('aria-pressed', 'true');
  await expect.element(soup).toHaveAccessibleDescription('Soup is on the stairs.');
  const weekend = page.getByRole('listitem').filter({ hasText: 'I’m around all weekend.' }).getByRole('button');
  await weekend.click();
  expect(done).toHaveBeenLastCalledWith('helped', aboutOf('Jo', 'reply2400000'));
  const own = page.getByRole('listitem').filter({ hasText: 'It was good soup.' });
  await expect.element(own.getByRole('button', { name: 'That helped' })).not.toBeInTheDocument();
  become(pageOf('Ana', anaOpened({ replies: [reply(ownName, 'Here.', hourMs, { helped: true })] })));
  await expect.element(page.getByText('That helped Ana.')).toBeVisible();
  await expect.element(button('That helped')).not.toBeInTheDocument();
});

test('"me too" words are hidden until the author likes to hear them, and "not now" leaves a way back', async () => {
  await open(pageOf(ownName, ownOpened({ adviceAskedBy: [], replies: [], gestures: [] })));
  await expect.element(page.getByText('Mia has been there too. Would you like to hear?')).toBeVisible();
  expect(text()).not.toContain('slept on the floor');
  await button('Not now').click();
  await expect.element(page.getByText("Mia's words are still here.")).toBeVisible();
  expect(text()).not.toContain('slept on the floor');
  expect(document.activeElement?.textContent).toContain("Mia's words are still here.");
  await button('Hear').click();
  await expect.element(page.getByText(/I slept on the floor/)).toBeVisible();
  expect(document.activeElement?.textContent).toContain('I slept on the floor');
});

test('a reply of one’s own can be taken back, here and on one’s own; nobody else’s can', async () => {
  const said = reply(ownName, 'Here.', hourMs);
  const { done } = await open(pageOf('Ana', anaOpened({ replies: [reply('Jo', 'Soup.', dayMs), said] })));
  await button('Take back').click();
  await button('Take it back').click();
  expect(done).toHaveBeenCalledExactlyOnceWith('takeBack', said.slot);
  expect(document.activeElement?.textContent).toContain('Here.');
});

test('what was said before stands below, newest first, its answers folded', async () => {
  await open(pageOf('Ana', anaOpened(), { before: anaBefore }));
  const before = page.getByRole('region', { name: 'Before' });
  expect(
    before
      .getByRole('article')
      .elements()
      .map((article) => article.querySelector('h3')?.textContent.trim())
  ).toEqual(['3 days ago', 'last week']);
  await expect.element(before.getByText('Waiting is the worst part.')).not.toBeVisible();
  await before.getByText('What came back').click();
  await expect.element(before.getByText('Waiting is the worst part.')).toBeVisible();
});

test('one’s own can be changed and unsaid, each by itself', async () => {
  const opened = ownOpened();
  const earlier = openedBy(ownName, { words: 'Earlier.' }, { agoMs: 2 * dayMs });
  const { done } = await open(pageOf(ownName, opened, { before: [earlier] }));
  await expect.element(page.getByText("Reached Ana and Jo. Waiting for Mia's phone. On its relay.")).toBeVisible();
  const old = page.getByRole('region', { name: 'Before' });
  await old.getByRole('button', { name: 'Change' }).click();
  expect(done).toHaveBeenLastCalledWith('change', earlier);
  await button('Unsay').first().click();
  await expect.element(button('Keep it')).toHaveFocus();
  expect(done).toHaveBeenCalledOnce();
  await button('Unsay it').click();
  expect(done).toHaveBeenLastCalledWith('unsay', opened);
  await expect.element(page.getByRole('heading', { level: 1, name: 'You' })).toHaveFocus();
});

test('who has left can be read, and not written to', async () => {
  const between = [...anaBetween, reachOut('Ana', false), { ...reachOut('Ana', true), slot: 'mine' }];
  await open(pageOf('Ana', anaOpened(), { left: true, before: anaBefore, between }));
  await expect.element(page.getByText('Ana has left the circle. What they said before is kept here.')).toBeVisible();
  const ways = ['A few words …', 'me too', 'Write a letter', 'Thought of you', 'Hey, can we talk?', 'Now', 'Answer'];
  for (const name of [...ways, 'Would thinking along help?', "It's all right again"])
    await expect.element(button(name)).not.toBeInTheDocument();
});

test('in one’s own circle nobody answers, and nothing asks to', async () => {
  await open(pageOf(ownName, ownOpened({}, { delivery: null })), { alone: true, friends: [] });
  expect(
    page
      .getByRole('button')
      .elements()
      .map(({ textContent }) => textContent.trim())
  ).toEqual(['Change', 'Unsay']);
});

test('while something is being said a second tap says nothing twice, and a gesture is not lost', async () => {
  const { done } = await open(pageOf('Ana', anaOpened(), { between: anaBetween }), {
    busy: true,
    kept: { reply: 'Here.' }
  });
  for (const name of ['Would thinking along help?', 'Say it', 'Thought of you'])
    (button(name).element() as HTMLElement).click();
  expect(done).not.toHaveBeenCalled();
  (button('me too').element() as HTMLElement).click();
  expect(done).toHaveBeenCalledExactlyOnceWith('gesture', 'me-too');
});

test('a reply that comes while one looks is said politely, by name', async () => {
  const { become } = await open(pageOf('Ana', anaOpened()));
  const live = (): string => document.querySelector('.answers [aria-live]')?.textContent ?? 'nowhere';
  expect(live()).toBe('');
  become(pageOf('Ana', anaOpened({ replies: [reply('Jo', 'Here.', 20 * 60_000), reply('Mia', 'Me too.', 0)] })));
  await expect.poll(live).toBe('Mia wrote a few words.');
});

test('nothing anyone wrote is taken for markup', async () => {
  const words = '<img src=x onerror="document.title=1"> {name} \u202Eback';
  const answers = { replies: [reply('<b>Eve</b>', words, hourMs)], gestures: [gesture('<b>Eve</b>', 'me-too')] };
  const opened = openedBy('Ana', { words, feelings: ['<i>x</i>'] }, { agoMs: hourMs, answers });
  await open(pageOf('<b>Ana</b>', opened, { between: [letter('Ana', words, false, 0)] }));
  const said = [...document.querySelectorAll('.words')];
  expect(said.map(({ textContent }) => textContent)).toEqual([words, words, words]);
  expect(document.querySelector('main :is(b, i, img)')).toBeNull();
});

test('nothing is counted, ranked, called late, or said to be read or typed', async () => {
  for (const [, initial, around = {}] of states.filter(([title]) => title !== 'awkward')) {
    const screen = await render(FriendPageHarness, { props: { initial, nowMs, friends, ...around } });
    const shown = text().replaceAll(/\d+ (minutes|hours|days|weeks) ago/g, '');
    expect(shown).not.toMatch(/\d|\b(late|overdue|seen at|read at|typing|likes|streak|score|most|top)\b/i);
    await screen.unmount();
  }
});

test('the author hears of several friends’ words one by one', async () => {
  const been = [beenThere('Mia', 'Spring.'), beenThere('Jo', 'Autumn.')];
  await open(pageOf(ownName, ownOpened({ adviceAskedBy: [], beenThere: been })));
  await button('Hear').first().click();
  await expect.element(page.getByText('Spring.')).toBeVisible();
  expect(text()).not.toContain('Autumn.');
});
