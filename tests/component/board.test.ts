/**
 * The board and its cards: what is shown of a friend, who is with them, and how a card opens.
 */
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { dayMs, hourMs } from '../../src/lib/base/clock.ts';
import type { Card } from '../../src/lib/care/board.ts';
import { awkward, cardOf, friends, gestureOf, nowMs, ownCard, ownName, silentCard } from './screen-friends.ts';
import ScreenBoard from './screen-board.svelte';

const show = async (cards: readonly Card[] = [ownCard, ...friends], more: object = {}) =>
  render(ScreenBoard, { props: { cards, nowMs, connection: { type: 'connected', names: ['Ana', 'Jo'] }, ...more } });
const board = page.getByRole('region', { name: 'Board', exact: true });
const card = (name: string) => board.getByRole('article', { name, exact: true });
const wordsOf = (name: string): HTMLElement => card(name).element().querySelector('.words') as HTMLElement;

beforeEach(() => {
  history.replaceState(null, '', location.pathname);
});

test('one article per friend, named by the friend; one\'s own is "You"', async () => {
  await show();
  await expect.element(card('You')).toBeVisible();
  for (const friend of friends) await expect.element(card(friend.name)).toBeInTheDocument();
  expect(page.getByRole('article').elements()).toHaveLength(friends.length + 1);
  await expect
    .element(page.getByRole('navigation', { name: 'Circles' }).getByRole('link', { name: 'Climbers' }))
    .toBeVisible();
  await expect.element(page.getByRole('status')).toMatchTextContent(/^Connected to Ana, Jo$/);
});

test('a card says the words, when, what would help, and who has it', async () => {
  await show();
  const own = card('You');
  await expect.element(own).toMatchTextContent('It’s been a rough week, but I’m hanging in there.');
  await expect.element(own).toMatchTextContent('worn out and hopeful');
  await expect.element(own).toMatchTextContent('this morning');
  await expect.element(own).toMatchTextContent("Reached Ana and Jo. Waiting for Mia's phone.");
  await expect.element(card('Ana')).toMatchTextContent('What would help: hear me');
  await expect.element(card('Inés')).toMatchTextContent('this morning, changed');
  await expect.element(card('Jo')).toMatchTextContent('rather pleasant, low energy');
  await expect
    .element(card('Noor'))
    .toMatchTextContent('Nothing said for a while. Quiet may only mean a phone is asleep.');
});

test('who is with them and who wrote is said by name', async () => {
  await show();
  await expect.element(card('You')).toMatchTextContent('Jo is sitting with you.');
  await expect.element(card('You')).toMatchTextContent('Jo and Mia wrote back.');
  await expect.element(card('Ana')).toMatchTextContent('You and Jo are sitting with Ana.');
  await expect.element(card('Ana')).toMatchTextContent('Mia: me too.');
  await expect.element(card('يوسف')).toMatchTextContent('Ana sees يوسف.');
  await expect.element(card('يوسف')).toMatchTextContent('You and Ana wrote back.');
});

test('with everyone there, everyone is named, and there is not one number', async () => {
  const everyone = ['Ana', 'Bram', 'Inés', 'Jo', 'Lotte', 'Mia', 'Noor', 'Sam', 'Tomasz', 'Wren'];
  await show([
    cardOf(ownName, null, 'Here.', hourMs, null, {
      own: true,
      gestures: everyone.map((name) => gestureOf(name, 'thinking-of-you')),
      repliesFrom: everyone
    }),
    silentCard('Ana')
  ]);
  const text = card('You').element().textContent;
  for (const name of everyone) expect(text.split(name).length).toBe(3);
  expect(text.replace('an hour ago', '')).not.toMatch(/\p{N}/u);
});

test('who else can open it is said where that is not everyone, and when it goes', async () => {
  await show();
  await expect.element(card('Ana')).toMatchTextContent('Only you, Jo, and Mia see this.');
  await expect.element(card('Ana')).toMatchTextContent('Gone tomorrow.');
  await expect.element(card('Wren')).toMatchTextContent('Only you see this.');
  await expect.element(card('Wren')).toMatchTextContent('Gone in a few days.');
  await expect.element(card('Sam')).not.toMatchTextContent(/see this|Gone/);
});

test('a thought, a letter and a newer app are said', async () => {
  await show([ownCard, ...friends, { ...silentCard('Li'), newer: true, thoughtOfYou: true }]);
  await expect.element(card('Sam')).toMatchTextContent('Sam thought of you.');
  await expect.element(card('Jo')).toMatchTextContent('A letter for you.');
  await expect.element(card('Bram')).toMatchTextContent("Bram's app is newer. What they sent is kept");
  // They did say something, only not in a way that this app can show.
  await expect.element(card('Li')).not.toMatchTextContent('Nothing said');
  await expect.element(card('Li')).toMatchTextContent('Li thought of you.');
});

test('says the connection in the agreed words', async () => {
  const screen = await show([ownCard], { connection: { type: 'offline' } });
  await expect.element(page.getByRole('status')).toMatchTextContent(/^Offline$/);
  await screen.rerender({ connection: { type: 'alone' } });
  await expect.element(page.getByRole('status')).toMatchTextContent(/^Connected to nobody right now$/);
  // Why nobody is connected is said as far as it is known, and never that it is the person's own network where it is not.
  await screen.rerender({ connection: { type: 'unreachable' } });
  await expect.element(page.getByRole('status')).toMatchTextContent(/^Not connected$/);
  await expect.element(page.getByText(/^No relay answers\. What you say is kept here/)).toBeVisible();
  await screen.rerender({ connection: { type: 'own-network' } });
  await expect.element(page.getByRole('status')).toMatchTextContent(/^Connected to nobody right now$/);
  await expect.element(page.getByText(/^Only your own network is used\./)).toBeVisible();
  await expect.element(page.getByText(/offline/i)).not.toBeInTheDocument();
  await expect
    .element(page.getByText('Nobody else here yet. A circle starts with one person you trust.'))
    .toBeVisible();
});

test('nothing anyone wrote is taken for markup, and every character arrives', async () => {
  const words = '<img src=x onerror="document.title=1"><script>1</script> \u202Eback \u0000 {when}\n\n   end\t.';
  await show([
    cardOf('<b>Eve</b>', null, words, hourMs, null, { gestures: [gestureOf('<i>{friend}</i>', 'sitting-with-you')] })
  ]);
  const said = wordsOf('<b>Eve</b>');
  expect(said.textContent).toBe(words);
  expect(said.querySelector('*')).toBeNull();
  expect(getComputedStyle(said).whiteSpace).toContain('pre-wrap');
  await expect.element(card('<b>Eve</b>')).toMatchTextContent('<i>{friend}</i> is sitting with <b>Eve</b>.');
});

test('long words are folded, whatever they are made of, and "Read on" leads to the opened card', async () => {
  await show([ownCard, ...awkward]);
  for (const { name } of awkward.filter(({ name }) => name !== 'Li')) {
    await expect
      .element(card(name).getByRole('link', { name: `Read on ${name}` }))
      .toHaveAttribute('href', `#person-${name}`);
    expect(wordsOf(name).clientHeight, name).toBeLessThan(wordsOf(name).scrollHeight);
  }
  for (const short of ['You', 'Li']) expect(card(short).getByText('Read on').elements()).toEqual([]);
  expect(wordsOf('Ana').textContent).toHaveLength(2000);
});

test('words that come to need it are folded, and shorter ones are not', async () => {
  const screen = await show([cardOf('Ana', null, 'Short.', hourMs)]);
  expect(card('Ana').getByText('Read on').elements()).toEqual([]);
  await screen.rerender({ cards: [cardOf('Ana', null, 'line\n'.repeat(12), 0)] });
  await expect.element(card('Ana').getByText('Read on')).toBeVisible();
  await screen.rerender({ cards: [cardOf('Ana', null, 'Short again.', 0)] });
  await expect.element(card('Ana').getByText('Read on')).not.toBeInTheDocument();
});

test('an older card is paler in its picture only', async () => {
  await show();
  const opacity = (name: string, selector: string) =>
    Number(getComputedStyle(card(name).element().querySelector(selector) as Element).opacity);
  expect(opacity('Tomasz', '.picture')).toBeLessThan(opacity('Ana', '.picture'));
  expect(opacity('Tomasz', '.words')).toBe(1);
});

test('the name is the link, and the whole card follows it', async () => {
  await show();
  const name = card('Ana').getByRole('link', { name: 'Ana', exact: true });
  await expect.element(name).toHaveAttribute('href', '#person-Ana');
  for (const place of ['.picture', 'h2', '.feelings', '.words', '.help', '.quiet']) {
    history.replaceState(null, '', location.pathname);
    const { top, left } = card('Ana').element().getBoundingClientRect();
    const box = card('Ana').element().querySelector(place)?.getBoundingClientRect() as DOMRect;
    await card('Ana').click({ position: { x: box.x - left + 12, y: box.y - top + box.height / 2 } });
    expect(location.hash, place).toBe('#person-Ana');
  }
});

test('what was said can be selected without opening the card', async () => {
  await show();
  wordsOf('Sam').scrollIntoView({ block: 'center' });
  const box = wordsOf('Sam').getBoundingClientRect();
  expect(
    document.elementFromPoint(box.x + 20, box.y + 10)?.closest('.words'),
    'words lie above the link'
  ).not.toBeNull();
  getSelection()?.selectAllChildren(wordsOf('Sam'));
  wordsOf('Sam').dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect(location.hash).toBe('');
  expect(String(getSelection())).toContain('She walked!');
  getSelection()?.removeAllRanges();
  wordsOf('Sam').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  expect(location.hash).toBe('#person-Sam');
});

test('one walks the cards by keyboard in the order they are read', async () => {
  await show([ownCard, ...friends, ...awkward.filter(({ name }) => name === 'نور')]);
  const cards = page.getByRole('article').elements();
  (cards[0]?.querySelector('h2 a') as HTMLElement).focus();
  const walked = [document.activeElement?.closest('article')];
  for (let step = 1; step < cards.length; step += 1) {
    await userEvent.keyboard('{Tab}');
    walked.push(document.activeElement?.closest('article'));
  }
  expect(walked).toEqual(cards);
  const placed = cards.map((element) => element.getBoundingClientRect());
  for (const [index, { top, left }] of placed.entries()) {
    const next = placed[index + 1];
    if (next !== undefined)
      expect(next.top > top || next.left > left, `card ${index} stands before the next`).toBe(true);
  }
  await userEvent.keyboard('{Enter}');
  expect(decodeURIComponent(location.hash)).toBe('#person-نور');
});

test('a card that is focused shows it all round', async () => {
  await show();
  (card('Ana').getByRole('link', { name: 'Ana', exact: true }).element() as HTMLElement).focus();
  await userEvent.keyboard('{Shift>}{Tab}{/Shift}{Tab}');
  expect(getComputedStyle(card('Ana').element()).outlineWidth).toBe('3px');
});

const live = (): string =>
  [...document.querySelectorAll('[aria-live=polite]')]
    .map((place) => place.textContent)
    .join(' ')
    .trim();

test('what a friend says while one looks is announced by name, once', async () => {
  const screen = await show([ownCard, silentCard('Ana')]);
  expect(live()).toBe('');
  await screen.rerender({ cards: [ownCard, cardOf('Ana', null, 'Here.', 0)] });
  await expect.poll(live).toBe('Ana said how they are.');
});

test('who comes to be with one while one looks is announced by name', async () => {
  const own = (more: object): Card => cardOf(ownName, null, 'Here.', dayMs, null, { own: true, ...more });
  const screen = await show([own({}), silentCard('Jo')]);
  await screen.rerender({ cards: [own({ gestures: [gestureOf('Jo', 'sitting-with-you')] }), silentCard('Jo')] });
  await expect.poll(live).toBe('Jo is sitting with you.');
  await screen.rerender({
    cards: [own({ gestures: [gestureOf('Jo', 'sitting-with-you')], repliesFrom: ['Mia'] }), silentCard('Jo')]
  });
  await expect.poll(live).toBe('Mia wrote back.');
});
