/**
 * "Say it a notch truer?" under the box: one sentence at a time, gone with one tap, and nothing that moves under a thumb.
 */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import NotchHarness from './notch-harness.svelte';
import { expectToHoldUp } from './phone-look.ts';

const rough = "It's been a rough day, but I'm hanging in there.";
const notOkay = "Actually, I'm not doing okay.";
const box = page.getByRole('textbox', { name: 'In your own words' });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const no = button("No, that's how it is");
/** An offer takes a moment to come, on purpose. */
const soon = { timeout: 5000 };
const beneathTop = (): number => (document.querySelector('.beneath') as HTMLElement).getBoundingClientRect().top;

const begin = async (props: object = {}) => {
  const told = { onaccept: vi.fn(), ondecline: vi.fn() };
  await page.viewport(360, 740);
  await render(NotchHarness, { props: { ...told, ...props } });
  return told;
};

beforeEach(() => {
  document.documentElement.style.colorScheme = 'light';
});

test('"I\'m fine" is offered one sentence, which one tap puts into the box', async () => {
  const { onaccept } = await begin();
  await box.fill("I'm fine");
  await expect.element(button(rough), soon).toBeVisible();
  expect(button(notOkay).elements()).toHaveLength(0);
  await button(rough).click();
  await expect.element(box).toHaveValue(rough);
  expect(onaccept).toHaveBeenCalledExactlyOnceWith(rough);
});

test('a second tap in the same place does not take the next rung', async () => {
  const { onaccept } = await begin({ initial: 'ok' });
  await expect.element(button(rough), soon).toBeVisible();
  await button(rough).dblClick();
  expect(onaccept).toHaveBeenCalledExactlyOnceWith(rough);
  await expect.element(button(notOkay), soon).toBeVisible();
});

test('the ladder ends, and what was taken stays editable', async () => {
  const { onaccept } = await begin({ initial: 'all good' });
  for (const rung of [rough, notOkay, "I'm falling apart."]) {
    await expect.element(button(rung), soon).toBeVisible();
    await button(rung).click();
  }
  expect(onaccept).toHaveBeenCalledTimes(3);
  expect(page.getByRole('button').elements()).toHaveLength(0);
  await box.click();
  await userEvent.keyboard(' Please call.');
  await expect.element(box).toHaveValue("I'm falling apart. Please call.");
});

test('a no is one tap, is told once, and nothing comes back for this check-in', async () => {
  const { ondecline, onaccept } = await begin({ initial: 'fine' });
  await expect.element(no, soon).toBeVisible();
  await no.click();
  expect(page.getByRole('button').elements()).toHaveLength(0);
  await box.fill('okay');
  await box.fill('fine');
  await box.fill(rough);
  expect(document.querySelector('.offer')).toBeNull();
  expect(ondecline).toHaveBeenCalledOnce();
  expect(onaccept).not.toHaveBeenCalled();
});

describe('nothing is offered', () => {
  test.each([
    ['for a pleasant point', { initial: 'good', point: { pleasantness: 40, energy: 0 } }],
    ['when it is off, or resting', { initial: 'good', enabled: false }],
    ['for words of their own', { initial: 'good, until the post came' }]
  ])('%s', async (_, props) => {
    await begin(props);
    expect(document.querySelector('.offer')).toBeNull();
  });
});

test('"ok" on the way to a longer sentence calls nothing up', async () => {
  await begin();
  await box.click();
  await userEvent.keyboard('ok');
  expect(page.getByRole('button').elements()).toHaveLength(0);
  await userEvent.keyboard(' so today she called');
  expect(document.querySelector('.offer')).toBeNull();
});

describe('what stands beneath stays where it is under a thumb', () => {
  test.each([
    ['taking the sentence', rough],
    ['saying no', "No, that's how it is"]
  ])('after %s', async (_, name) => {
    await begin({ initial: 'fine' });
    await expect.element(button(name), soon).toBeVisible();
    const before = beneathTop();
    await button(name).click();
    expect(beneathTop()).toBe(before);
  });

  test('and closes up once they write on', async () => {
    await begin({ initial: 'fine' });
    await expect.element(no, soon).toBeVisible();
    const before = beneathTop();
    await no.click();
    await box.fill('fine, mostly');
    expect(beneathTop()).toBeLessThan(before - 40);
  });
});

test('by keyboard: no, then the sentence, and focus is not lost', async () => {
  const { onaccept } = await begin({ initial: 'fine' });
  await expect.element(button(rough), soon).toBeVisible();
  await box.click();
  await userEvent.keyboard('{Tab}');
  await expect.element(no).toHaveFocus();
  await userEvent.keyboard('{Tab}');
  await expect.element(button(rough)).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(onaccept).toHaveBeenCalledExactlyOnceWith(rough);
  await expect.element(page.getByRole('group', { name: 'Say it a notch truer?' })).toHaveFocus();
  await expect.element(button(notOkay), soon).toBeVisible();
  await userEvent.keyboard('{Tab}');
  await expect.element(no).toHaveFocus();
});

test('is told politely to those who listen, and holds up on a phone', async () => {
  await begin({ initial: 'fine' });
  const group = page.getByRole('group', { name: 'Say it a notch truer?' });
  await expect.element(group).toHaveAttribute('aria-live', 'polite');
  await expect.element(button(rough), soon).toBeVisible();
  await expect.element(button(rough)).toHaveAccessibleDescription('Say it a notch truer?');
  await expectToHoldUp('notch');
});
