/**
 * "Can we talk?" on the board: asked, answered, answered differently, and all right again.
 */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { friends, nowMs, ownCard, reachOutOf } from './screen-friends.ts';
import ScreenBoard from './screen-board.svelte';

const show = async (reachOuts: readonly object[], more: object = {}) =>
  render(ScreenBoard, {
    props: { cards: [ownCard, ...friends], nowMs, connection: { type: 'alone' }, reachOuts, ...more } as never
  });
const asked = page.getByRole('region', { name: 'Ana asks: can we talk?' });
const mine = page.getByRole('region', { name: 'You asked Ana if you can talk.' });
const live = (): string => document.querySelector('[aria-live]')?.textContent ?? '';

test('a friend asks, in her own words, and one tap answers', async () => {
  const onanswer = vi.fn();
  const reachOut = reachOutOf('Ana', { words: 'It’s bad tonight.\nAre you up?' });
  await show([reachOut], { onanswer });
  await expect.element(asked.getByText(/^It’s bad tonight\.\s+Are you up\?$/)).toBeVisible();
  expect(
    asked
      .getByRole('button')
      .elements()
      .map(({ textContent }) => textContent.trim())
  ).toEqual(['Now', 'Tonight', 'Not today, but I see you']);
  await expect
    .element(asked.getByRole('link', { name: 'Ana asks: can we talk?' }))
    .toHaveAttribute('href', '#person-Ana');
  await asked.getByRole('button', { name: 'Tonight' }).click();
  expect(onanswer).toHaveBeenCalledExactlyOnceWith(reachOut.about, 'tonight');
});

test('the question alone is not said twice', async () => {
  await show([reachOutOf('Ana', {})]);
  await expect.element(asked).toBeVisible();
  expect(asked.element().querySelector('.words')).toBeNull();
});

test('it stands above the cards', async () => {
  await show([reachOutOf('Ana', {})]);
  const order = asked
    .element()
    .compareDocumentPosition(page.getByRole('region', { name: 'Board', exact: true }).element());
  expect(order & Node.DOCUMENT_POSITION_FOLLOWING).not.toBe(0);
});

test('what one answered stays, can be changed, and the keyboard keeps its place', async () => {
  const onanswer = vi.fn();
  const screen = await show([reachOutOf('Ana', {})], { onanswer });
  (asked.getByRole('button', { name: 'Now', exact: true }).element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await screen.rerender({ reachOuts: [reachOutOf('Ana', { answer: 'now' })] });
  await expect.element(asked.getByText('You answered: now.')).toHaveFocus();
  await asked.getByRole('button', { name: 'Answer differently' }).click();
  await expect.element(asked.getByRole('button', { name: 'Now', exact: true })).toHaveFocus();
  await asked.getByRole('button', { name: 'Not today, but I see you' }).click();
  expect(onanswer).toHaveBeenLastCalledWith(reachOutOf('Ana', {}).about, 'not-today');
  await screen.rerender({ reachOuts: [reachOutOf('Ana', { answer: 'not-today' })] });
  await expect.element(asked.getByText('You answered: not today, but I see you.')).toHaveFocus();
});

test('one’s own question says plainly what it cannot do, then what came back, and ends', async () => {
  const onclear = vi.fn();
  const open = reachOutOf('Ana', { own: true });
  const screen = await show([open], { onclear });
  await expect
    .element(mine)
    .toMatchTextContent("When Ana next opens Shoulder, this is there. If it can't wait, call Ana.");
  await screen.rerender({ reachOuts: [reachOutOf('Ana', { own: true, answer: 'tonight' })] });
  await expect.element(mine.getByText('Ana: tonight.')).toBeVisible();
  await expect.element(mine).not.toMatchTextContent("can't wait");
  await mine.getByRole('button', { name: "It's all right again" }).click();
  expect(onclear).toHaveBeenCalledOnce();
});

test('while something is being said, a second tap does nothing', async () => {
  const onanswer = vi.fn();
  await show([reachOutOf('Ana', {})], { onanswer, busy: true });
  await asked.getByRole('button', { name: 'Tonight' }).click({ force: true });
  expect(onanswer).not.toHaveBeenCalled();
});

test('a question or an answer that comes while one looks is announced by name', async () => {
  const screen = await show([]);
  await expect.poll(live).toBe('');
  await screen.rerender({ reachOuts: [reachOutOf('Ana', {})] });
  await expect.poll(live).toBe('Ana asks: can we talk?');
  await screen.rerender({ reachOuts: [reachOutOf('Ana', {}), reachOutOf('Jo', { own: true })] });
  await screen.rerender({ reachOuts: [reachOutOf('Ana', {}), reachOutOf('Jo', { own: true, answer: 'now' })] });
  await expect.poll(live).toBe('Jo: now.');
});
