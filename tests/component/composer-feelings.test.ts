/**
 * Feeling words under the field, and the list of all of them.
 */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { feelingLengthMax } from '../../src/lib/base/limits.ts';
import { emptyDraft } from '../../src/lib/care/check-in.ts';
import { compose, touch } from './composer-page.ts';

const words = page.getByRole('group', { name: 'Feeling words' });
const word = (name: string) => words.getByRole('button', { name, exact: true });
const other = word('other …');
const list = page.getByRole('dialog', { name: 'More words' });
const search = list.getByRole('textbox', { name: 'Look for a word, or write your own' });
const low = { ...emptyDraft, point: { pleasantness: -40, energy: -70 } };
const shown = (): string[] =>
  words
    .getByRole('button')
    .elements()
    .map((element) => element.textContent.trim());

test('the nearest stand first, and the line under them says what one means', async () => {
  const { latest } = await compose(low);
  await expect.element(other).toBeVisible();
  expect(shown()[0]).toBe('worn out');
  expect(shown().at(-1)).toBe('other …');
  await word('worn out').click();
  expect(latest()?.feelings).toEqual(['worn out']);
  await expect.element(word('worn out')).toHaveAttribute('aria-pressed', 'true');
  await expect.element(words.getByText('worn out: nothing left to give')).toBeVisible();
  await word('worn out').click();
  expect(latest()?.feelings).toEqual([]);
});

test('a third word takes the place of the first, says so, and moves nothing', async () => {
  const { latest } = await compose(low);
  await expect.element(other).toBeVisible();
  const before = shown();
  const top = (): number => page.getByRole('textbox').element().getBoundingClientRect().top;
  const boxTop = top();
  for (const name of before.slice(0, 3)) await word(name).click();
  expect(latest()?.feelings).toEqual(before.slice(1, 3));
  await expect.element(words.getByText(`Two at once, so ${before[0]} made room.`)).toBeVisible();
  expect(shown()).toEqual(before);
  expect(top()).toBe(boxTop);
});

test('while the light is dragged the chosen stay and the others come along', async () => {
  await compose(low);
  touch('pointerdown', 0.35, 0.5);
  await expect.element(word('heavy')).toBeVisible();
  await word('heavy').click();
  for (let x = 0.35; x < 0.8; x += 0.01) touch('pointermove', x, 0.5 - (x - 0.35) * 0.6);
  touch('pointerup', 0.8, 0.23);
  await expect.element(word('alive')).toBeVisible();
  await expect.element(word('heavy')).toHaveAttribute('aria-pressed', 'true');
  await expect.element(word('worn out')).not.toBeInTheDocument();
});

test('the list has all of them with what they mean, is searched in both, and the chosen one comes to the field', async () => {
  const { latest } = await compose(low);
  await other.click();
  await expect.element(list).toBeVisible();
  expect(list.getByRole('listitem').elements()).toHaveLength(36);
  await search.fill('JOB');
  await expect.element(list.getByText('Not in the list. It can be your own word.')).toBeVisible();
  await search.fill('silly');
  await list.getByRole('button', { name: 'playful up for something silly' }).click();
  await expect.element(list).not.toBeInTheDocument();
  expect(latest()?.feelings).toEqual(['playful']);
  await expect.element(word('playful')).toHaveAttribute('aria-pressed', 'true');
});

test('an own word is offered, remembered, and can be forgotten', async () => {
  const { latest } = await compose(low, {}, ['مشتاقة']);
  await other.click();
  await search.fill('  like   wet sand ');
  await list.getByRole('button', { name: 'Use “like wet sand”' }).click();
  expect(latest()?.feelings).toEqual(['like wet sand']);
  await expect.element(words.getByText('like wet sand: your own word')).toBeVisible();
  await other.click();
  await expect.element(list).toBeVisible();
  expect(list.getByRole('list', { name: 'Words you wrote' }).getByRole('listitem').elements()).toHaveLength(2);
  await list.getByRole('button', { name: 'Forget like wet sand' }).click();
  await expect.element(list.getByRole('button', { name: 'Forget like wet sand' })).not.toBeInTheDocument();
  await expect.element(search).toHaveFocus();
  expect(latest()?.feelings).toEqual(['like wet sand']);
  await list.getByRole('button', { name: 'مشتاقة your own word' }).click();
  expect(latest()?.feelings).toEqual(['like wet sand', 'مشتاقة']);
  expect(word('مشتاقة').element().querySelector('bdi')).not.toBeNull();
});

test('a word of the list that is typed out is that word, and a long one is no longer than it may be', async () => {
  const { latest } = await compose(low);
  await other.click();
  await search.fill('Worn Out');
  await expect.element(list.getByRole('button', { name: /^Use / })).not.toBeInTheDocument();
  await userEvent.keyboard('{Enter}');
  expect(latest()?.feelings).toEqual(['worn out']);
  await other.click();
  await search.fill('x'.repeat(feelingLengthMax));
  await userEvent.keyboard('{Enter}');
  expect(latest()?.feelings[1]).toHaveLength(feelingLengthMax);
});

test('keys alone find and choose a word, and Escape chooses none', async () => {
  const { latest, said } = await compose(low);
  await expect.element(other).toBeVisible();
  (other.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(list).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(list).not.toBeInTheDocument();
  await expect.element(other).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(list).toBeVisible();
  await userEvent.keyboard('{Tab}');
  await expect.element(search).toHaveFocus();
  await userEvent.keyboard('lon{Enter}');
  expect(latest()?.feelings).toEqual(['lonely']);
  await expect.element(list).not.toBeInTheDocument();
  await other.click();
  await expect.element(search).toBeVisible();
  (search.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}{ArrowUp}');
  await expect.element(search).toHaveFocus();
  expect(said).toEqual([]);
});

test('a word is said with one tap more, and none is needed', async () => {
  const { said } = await compose(emptyDraft);
  await word('sad').click();
  await page.getByRole('button', { name: 'Say it' }).click();
  expect(said).toEqual([{ ...emptyDraft, feelings: ['sad'] }]);
});
