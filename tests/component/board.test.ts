/**
 * The board and its cards: what is shown of a friend, and what one can do with one's own.
 */
import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { hourMs } from '../../src/lib/base/clock.ts';
import { cardOf, friends, nowMs, ownCard, silentCard } from './screen-friends.ts';
import ScreenBoard from './screen-board.svelte';

const show = async (cards = [ownCard, ...friends], more: object = {}) =>
  render(ScreenBoard, { props: { cards, nowMs, connection: { type: 'connected', names: ['Ana', 'Jo'] }, ...more } });
const card = (name: string) => page.getByRole('region', { name: 'Board' }).getByRole('article', { name, exact: true });

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
  await expect.element(own).toMatchTextContent('this morning');
  await expect.element(own).toMatchTextContent("Reached Ana and Jo. Waiting for Mia's phone.");
  await expect.element(card('Ana')).toMatchTextContent('What would help: hear me');
  await expect.element(card('Inés')).toMatchTextContent('this morning, changed');
  await expect.element(card('Jo')).toMatchTextContent('rather pleasant, low energy');
  await expect
    .element(card('Noor'))
    .toMatchTextContent('Nothing said for a while. Quiet may only mean a phone is asleep.');
});

test('says the connection in the agreed words', async () => {
  const screen = await show([ownCard], { connection: { type: 'offline' } });
  await expect.element(page.getByRole('status')).toMatchTextContent(/^Offline$/);
  await screen.rerender({ connection: { type: 'alone' } });
  await expect.element(page.getByRole('status')).toMatchTextContent(/^Nobody else is here right now$/);
  await expect
    .element(page.getByText('Nobody else here yet. A circle starts with one person you trust.'))
    .toBeVisible();
});

test('nothing anyone wrote is taken for markup, and every character arrives', async () => {
  const words = '<img src=x onerror="document.title=1"><script>1</script> \u202Eback \u0000 {when}\n\n   end\t.';
  await show([cardOf('<b>Eve</b>', null, words, hourMs)]);
  const said = card('<b>Eve</b>').element().querySelector('.words');
  expect(said?.textContent).toBe(words);
  expect(said?.querySelector('*')).toBeNull();
  expect(getComputedStyle(said as Element).whiteSpace).toContain('pre-wrap');
});

test('very long words are folded, and one tap unfolds them', async () => {
  const words = `${'All of it. '.repeat(180)}The end.`;
  await show([cardOf('Ana', null, words, hourMs)]);
  const said = card('Ana').element().querySelector('.words') as HTMLElement;
  expect(said.textContent).toBe(words);
  const folded = said.clientHeight;
  await card('Ana').getByRole('button', { name: 'Read on' }).click();
  expect(said.clientHeight).toBeGreaterThan(folded * 2);
});

test('an older card is paler in its picture only', async () => {
  await show();
  const opacity = (name: string, selector: string) =>
    Number(getComputedStyle(card(name).element().querySelector(selector) as Element).opacity);
  expect(opacity('Tomasz', '.picture')).toBeLessThan(opacity('Ana', '.picture'));
  expect(opacity('Tomasz', '.words')).toBe(1);
});

test('unsaying asks first, keeps by default, and gives focus back', async () => {
  const unsaid = vi.fn();
  await show([ownCard], { onunsay: unsaid, onchange: () => undefined });
  await page.getByRole('button', { name: 'Unsay', exact: true }).click();
  await expect
    .element(page.getByText('Taken back on every phone that hears of it. Someone may have read it already.'))
    .toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Keep it' })).toHaveFocus();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect.element(page.getByRole('button', { name: 'Unsay', exact: true })).toHaveFocus();
  expect(unsaid).not.toHaveBeenCalled();
  await page.getByRole('button', { name: 'Unsay', exact: true }).click();
  await page.getByRole('button', { name: 'Unsay it' }).click();
  expect(unsaid).toHaveBeenCalledOnce();
});

test("only one's own card can be changed", async () => {
  const changed = vi.fn();
  await show([ownCard, ...friends], { onchange: changed, onunsay: () => undefined });
  expect(page.getByRole('button', { name: 'Change', exact: true }).elements()).toHaveLength(1);
  await card('You').getByRole('button', { name: 'Change', exact: true }).click();
  expect(changed).toHaveBeenCalledOnce();
});

test('what a friend says while one looks is announced by name, once', async () => {
  const screen = await show([ownCard, silentCard('Ana')]);
  const live = (): string => document.querySelector('[aria-live]')?.textContent ?? '';
  expect(live()).toBe('');
  await screen.rerender({ cards: [ownCard, cardOf('Ana', null, 'Here.', 0)] });
  await expect.poll(live).toBe('Ana said how they are.');
});
