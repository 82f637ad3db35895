/**
 * Who sees it and how long: always in sight, chosen in one place, never wider than was chosen.
 */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { emptyDraft, type CheckInDraft } from '../../src/lib/care/check-in.ts';
import { compose, friend, inCircle } from './composer-page.ts';

const three = inCircle(['Ana', 'Jo', 'نور']);
const change = page.getByRole('button', { name: 'Change', exact: true });
const who = page.getByRole('group', { name: 'Who sees it' });
const howLong = page.getByRole('group', { name: 'How long' });
const chip = (name: string) => who.getByRole('button', { name, exact: true });
const sayIt = page.getByRole('button', { name: 'Say it' });
const line = (): string => change.element().parentElement?.querySelector('p')?.textContent ?? '';
const toPeople = (...names: string[]): CheckInDraft => ({
  ...emptyDraft,
  audience: { type: 'people', people: names.map((name) => friend(name).person) }
});

test('everybody is named before anything is chosen, and one tap says it to them', async () => {
  const { said } = await compose(emptyDraft, three);
  expect(line()).toMatch(/^Ana, Jo,? and نور see this, until your next one\.$/);
  await sayIt.click();
  expect(said).toEqual([emptyDraft]);
});

test('one friend, several, only oneself, everyone again; never nobody', async () => {
  const { latest } = await compose(emptyDraft, three);
  await change.click();
  await expect.element(change).toHaveAttribute('aria-expanded', 'true');
  await expect.element(chip('Everyone in The kitchen table')).toHaveAttribute('aria-pressed', 'true');
  await chip('نور').click();
  expect(latest()?.audience).toEqual(toPeople('نور').audience);
  expect(line()).toBe('نور sees this, until your next one.');
  await expect.element(who.getByText(/Nobody else can open it/)).toBeVisible();
  await chip('Ana').click();
  expect(latest()?.audience).toEqual(toPeople('Ana', 'نور').audience);
  await chip('Ana').click();
  await chip('نور').click();
  await expect.element(who.getByText(/^Somebody has to see it/)).toBeVisible();
  expect(latest()?.audience).toEqual(toPeople('نور').audience);
  await chip('Only me').click();
  await expect.element(who.getByText('Only you see this. It stays on this phone.')).toBeVisible();
  expect(latest()?.audience).toEqual({ type: 'self' });
  await chip('Everyone in The kitchen table').click();
  expect(latest()?.audience).toEqual({ type: 'circle' });
});

test('how long says what fading is and is not', async () => {
  const { said } = await compose(emptyDraft, three);
  await change.click();
  const sentences = {
    'a day': 'Gone tomorrow, from every phone that has synced since. Someone could have copied it.',
    'a week': 'Gone in a week, from every phone that has synced since. Someone could have copied it.',
    kept: 'It stays until you take it back.',
    'until my next one': 'Your next one takes its place.'
  };
  for (const [name, sentence] of Object.entries(sentences)) {
    await howLong.getByRole('button', { name, exact: true }).click();
    await expect.element(howLong.getByText(sentence)).toBeVisible();
  }
  await howLong.getByRole('button', { name: 'a day' }).click();
  expect(line()).toMatch(/see this, for a day\.$/);
  await sayIt.click();
  expect(said).toEqual([{ ...emptyDraft, lasting: 'day' }]);
});

test('keys alone: what unfolds is where the keys go on, in sight', async () => {
  const { latest } = await compose(emptyDraft, three);
  (change.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(who).toBeVisible();
  await userEvent.keyboard('{Tab}{Tab}{Enter}');
  expect(latest()?.audience).toEqual(toPeople('Ana').audience);
  const bounds = (document.activeElement as HTMLElement).getBoundingClientRect();
  expect(bounds.top).toBeGreaterThanOrEqual(0);
  expect(bounds.bottom).toBeLessThan(740);
  (change.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(chip('Only me')).not.toBeInTheDocument();
});

test('alone in a circle, and in one that is large, the line says what is so', async () => {
  await compose(emptyDraft, inCircle([]));
  expect(line()).toBe('Nobody else is in The kitchen table yet. Whoever joins can read this, until your next one.');
  await compose(emptyDraft, inCircle(['Ana', 'Jo', 'Mia', 'Sam'], 'Choir'));
  const lines = page.getByText('Everyone in Choir sees this, until your next one.');
  await expect.element(lines).toBeVisible();
});

test("in one's own circle only how long is asked, and the first time nothing", async () => {
  const { latest } = await compose(emptyDraft);
  await change.click();
  await howLong.getByRole('button', { name: 'a week' }).click();
  expect(latest()?.lasting).toBe('week');
  expect(line()).toBe('Only you see this, for a week.');
  await expect.element(page.getByRole('button', { name: 'Only me' })).not.toBeInTheDocument();
});

test('the very first time it stays on this phone, and there is nothing to choose', async () => {
  await compose(emptyDraft, { first: true });
  await expect.element(page.getByText('Only you see this. It stays on this phone.')).toBeVisible();
  await expect.element(change).not.toBeInTheDocument();
});

test('a friend who left falls out, with a sentence that outlives the next letter', async () => {
  const { latest, said } = await compose(toPeople('Ana', 'Ida'), three);
  const sentence = page.getByText('Someone you chose is no longer in The kitchen table, and was left out.');
  await expect.element(sentence).toBeVisible();
  await page.getByRole('textbox', { name: 'In your own words' }).fill('Still here.');
  expect(latest()?.audience).toEqual(toPeople('Ana').audience);
  await expect.element(sentence).toBeVisible();
  await sayIt.click();
  expect(said.at(-1)?.audience).toEqual(toPeople('Ana').audience);
  await change.click();
  await chip('Jo').click();
  await expect.element(sentence).not.toBeInTheDocument();
});

test('where all of them left, only oneself is left, never everybody', async () => {
  const { said } = await compose(toPeople('Ida'), three);
  await expect.element(page.getByText(/^The friends you chose are no longer in/)).toBeVisible();
  await sayIt.click();
  expect(said.at(-1)?.audience).toEqual({ type: 'self' });
});

test('in a correction it is shown and settled, also where somebody left since', async () => {
  const draft: CheckInDraft = { ...toPeople('Ana', 'Ida'), lasting: 'kept' };
  const { said } = await compose(draft, { ...three, fixed: true });
  await expect.element(page.getByText('Ana and Someone see this, and it is kept.')).toBeVisible();
  await expect.element(change).not.toBeInTheDocument();
  await sayIt.click();
  expect(said).toEqual([draft]);
});

test('a truer sentence comes into the box and can be changed there', async () => {
  const { latest } = await compose(
    { ...emptyDraft, words: "I'm fine" },
    { notch: { enabled: true, ondecline: () => undefined } }
  );
  await page.getByRole('button', { name: "It's been a rough day, but I'm hanging in there." }).click();
  const box = page.getByRole('textbox', { name: 'In your own words' });
  await expect.element(box).toHaveValue("It's been a rough day, but I'm hanging in there.");
  // Focus stays where it was, so that no keyboard opens over what one is reading.
  await expect.element(box).not.toHaveFocus();
  await userEvent.type(box, ' Truly.');
  expect(latest()?.words).toContain('Truly.');
});

test('who comes back after a silence may say so in one tap', async () => {
  const { latest } = await compose({ ...emptyDraft, words: 'Long week.' }, { ...three, back: true });
  await page.getByRole('button', { name: "I went quiet. I'm here." }).click();
  expect(latest()?.words).toBe("I went quiet. I'm here. Long week.");
});
