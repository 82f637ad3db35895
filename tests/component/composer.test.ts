/**
 * The composer as a person meets it: by touch, by keys, by ear.
 */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { wordsLengthMax } from '../../src/lib/base/limits.ts';
import { emptyDraft } from '../../src/lib/care/check-in.ts';
import { compose, touch } from './composer-page.ts';

const slider = (name: string) => page.getByRole('slider', { name });

test('has the agreed names, and one tap says it', async () => {
  const { said } = await compose();
  await expect.element(page.getByRole('heading', { name: 'How are you, really?', level: 1 })).toBeVisible();
  await expect.element(slider('Pleasantness')).toHaveAttribute('min', '-100');
  await expect.element(slider('Energy')).toHaveAttribute('max', '100');
  await expect.element(page.getByRole('textbox', { name: 'In your own words' })).toBeVisible();
  await expect.element(page.getByText('Only you see this, until your next one.')).toBeVisible();
  await page.getByRole('button', { name: 'Say it' }).click();
  expect(said).toEqual([emptyDraft]);
});

test('the light follows a finger, stays where it was left, and stops at the edges', async () => {
  const { latest, drafts } = await compose();
  touch('pointerdown', 0.5, 0.395);
  expect(latest()?.point).toEqual({ pleasantness: 0, energy: 0 });
  touch('pointermove', 0.88, 0.17);
  expect(latest()?.point).toEqual({ pleasantness: 100, energy: 100 });
  touch('pointermove', 0.02, 0.98);
  expect(latest()?.point).toEqual({ pleasantness: -100, energy: -100 });
  touch('pointerup', 0.02, 0.98);
  const count = drafts.length;
  touch('pointermove', 0.6, 0.3);
  expect(drafts).toHaveLength(count);
});

test('a mouse and a pen move it as a finger does; the other button and a second finger do not', async () => {
  const { latest, drafts } = await compose();
  for (const pointerType of ['mouse', 'pen']) {
    touch('pointerdown', 0.5, 0.395, { pointerType });
    touch('pointermove', 0.88, 0.17, { pointerType });
    touch('pointerup', 0.88, 0.17, { pointerType });
    expect(latest()?.point).toEqual({ pleasantness: 100, energy: 100 });
  }
  const count = drafts.length;
  touch('pointerdown', 0.2, 0.5, { button: 2, pointerType: 'mouse' });
  touch('pointerdown', 0.2, 0.5, { isPrimary: false });
  expect(drafts).toHaveLength(count);
});

test('keys move it too, and each step is said in words', async () => {
  const { latest } = await compose({ ...emptyDraft, point: { pleasantness: 0, energy: 0 } });
  (slider('Pleasantness').element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(latest()?.point).toEqual({ pleasantness: 2, energy: 0 });
  await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}');
  expect(latest()?.point).toEqual({ pleasantness: -8, energy: 0 });
  await userEvent.keyboard('{Shift>}{ArrowUp}{ArrowUp}{/Shift}');
  expect(latest()?.point).toEqual({ pleasantness: 12, energy: 0 });
  await userEvent.keyboard('{End}');
  expect(latest()?.point?.pleasantness).toBe(100);
  await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
  expect(latest()?.point?.pleasantness).toBe(100);
  await expect.element(slider('Pleasantness')).toHaveAttribute('aria-valuetext', 'very pleasant');
  (slider('Energy').element() as HTMLElement).focus();
  await userEvent.keyboard('{PageDown}');
  expect(latest()?.point?.energy).toBeLessThanOrEqual(-10);
  await userEvent.keyboard('{Home}');
  expect(latest()?.point).toEqual({ pleasantness: 100, energy: -100 });
  await expect.element(slider('Energy')).toHaveAttribute('aria-valuetext', 'very low energy');
  const ring = document.querySelector('.focus') as SVGElement;
  expect(getComputedStyle(ring).opacity).toBe('1');
});

test('"I don\'t know" is a full answer, and gives the light back', async () => {
  const point = { pleasantness: -40, energy: 30 };
  const { latest, said } = await compose({ ...emptyDraft, point });
  const unknown = page.getByRole('button', { name: "I don't know" });
  await unknown.click();
  expect(latest()?.point).toBeNull();
  await expect.element(unknown).toHaveAttribute('aria-pressed', 'true');
  await expect.element(slider('Energy')).toHaveAttribute('aria-valuetext', "I don't know");
  await page.getByRole('button', { name: 'Say it' }).click();
  expect(said).toEqual([emptyDraft]);
  await unknown.click();
  expect(latest()?.point).toEqual(point);
  await expect.element(unknown).toHaveAttribute('aria-pressed', 'false');
});

test('on a new check-in "I don\'t know" never invents a place', async () => {
  const { drafts } = await compose();
  const unknown = page.getByRole('button', { name: "I don't know" });
  await unknown.click();
  await expect.element(unknown).toHaveAttribute('aria-pressed', 'true');
  await unknown.click();
  await expect.element(unknown).toHaveAttribute('aria-pressed', 'false');
  expect(drafts.every((draft) => draft.point === null)).toBe(true);
});

test('of what would help at most one is chosen, and a second tap lets it go', async () => {
  const { latest } = await compose();
  const group = page.getByRole('group', { name: 'What would help' });
  for (const help of ['just know', 'hear me', 'be near', 'think along', 'practical hands'])
    await expect.element(group.getByRole('button', { name: help })).toHaveAttribute('aria-pressed', 'false');
  await group.getByRole('button', { name: 'hear me' }).click();
  await group.getByRole('button', { name: 'be near' }).click();
  expect(latest()?.help).toBe('be-near');
  await expect.element(group.getByRole('button', { name: 'hear me' })).toHaveAttribute('aria-pressed', 'false');
  await group.getByRole('button', { name: 'be near' }).click();
  expect(latest()?.help).toBeNull();
});

test('words are handed on exactly, also when they are too many', async () => {
  const { latest } = await compose();
  const box = page.getByRole('textbox', { name: 'In your own words' });
  const awkward = '  <b>not bold</b> \u202Eback\u202C 👩‍👩‍👧 عربى\n\n{name} &amp; ';
  await box.fill(awkward);
  expect(latest()?.words).toBe(awkward);
  await expect.element(box).toHaveValue(awkward);
  await box.fill('x'.repeat(wordsLengthMax - 20));
  await expect.element(page.getByText('Room for 20 more letters.')).toBeVisible();
  await box.fill('x'.repeat(wordsLengthMax + 12));
  expect(latest()?.words).toHaveLength(wordsLengthMax + 12);
  await expect.element(page.getByText('12 letters too long. It is all still here.')).toBeVisible();
  await expect.element(box).toHaveAttribute('aria-invalid', 'true');
});

test('the box grows with what is written, up to a height that leaves the button in reach', async () => {
  await compose();
  const box = page.getByRole('textbox', { name: 'In your own words' });
  const heightBefore = box.element().clientHeight;
  await box.fill('line\n'.repeat(7));
  expect(box.element().clientHeight).toBeGreaterThan(heightBefore + 40);
  await box.fill('line\n'.repeat(90));
  expect(box.element().clientHeight).toBeLessThan(500);
  const button = page.getByRole('button', { name: 'Say it' }).element().getBoundingClientRect();
  expect(button.bottom).toBeLessThanOrEqual(740);
});

test('a problem is said once, above the button, and nothing is lost', async () => {
  const words = 'Still here.';
  await compose({ ...emptyDraft, words }, { problem: 'This phone is full. What you wrote is still in the box above.' });
  await expect.element(page.getByRole('alert')).toMatchTextContent('This phone is full.');
  await expect.element(page.getByRole('textbox', { name: 'In your own words' })).toHaveValue(words);
});

test('while it is being said a second tap does nothing', async () => {
  const { said } = await compose(emptyDraft, { busy: true });
  (page.getByRole('button', { name: 'Say it' }).element() as HTMLElement).click();
  expect(said).toEqual([]);
});
