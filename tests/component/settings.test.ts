/** Settings: one switch that says what it does, by touch and by keys. */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import SettingsPage from '../../src/lib/ui/SettingsPage.svelte';
import '../../src/lib/ui/look.css';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const notch = page.getByRole('switch', { name: 'A notch truer', exact: true });

test('the switch says whether it is on, what it does, and that it stays on the phone', async () => {
  const onnotch = vi.fn();
  const settings = await render(SettingsPage, { props: { notch: true, onnotch, back: '/' } });
  await expect.element(notch).toHaveAttribute('aria-checked', 'true');
  await expect.element(notch).toHaveAccessibleDescription(/on this phone and never leaves it\.$/);
  await notch.click();
  expect(onnotch).toHaveBeenLastCalledWith(false);
  await settings.rerender({ notch: false });
  await expect.element(notch).toHaveAttribute('aria-checked', 'false');
  await notch.click();
  expect(onnotch).toHaveBeenLastCalledWith(true);
});

test('by keyboard: back, then the switch', async () => {
  const onnotch = vi.fn();
  await render(SettingsPage, { props: { notch: true, onnotch, back: '/c/1' } });
  await userEvent.keyboard('{Tab}');
  await expect.element(page.getByRole('link', { name: 'Back' })).toHaveFocus();
  await expect.element(page.getByRole('link', { name: 'Back' })).toHaveAttribute('href', '/c/1');
  await userEvent.keyboard('{Tab} ');
  expect(onnotch).toHaveBeenCalledExactlyOnceWith(false);
});

test('until it has been read there is no switch that could be wrong', async () => {
  await render(SettingsPage, { props: { notch: undefined, onnotch: vi.fn(), back: '/' } });
  await expect.element(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  expect(page.getByRole('switch').elements()).toHaveLength(0);
});

test.each([true, false])('holds up on a phone when on is %s', async (on) => {
  await render(ScreenNarrow, {
    props: { of: SettingsPage, with: { notch: on, onnotch: vi.fn(), back: '/' } } as never
  });
  await expectToHoldUp(on ? 'settings-on' : 'settings-off');
});
