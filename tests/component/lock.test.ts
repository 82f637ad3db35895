/** The lock's screens: what has to be said and ticked before one is set, what a wrong passphrase reads like, and how they look. */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import LockOn from '../../src/lib/ui/LockOn.svelte';
import LockScreen from '../../src/lib/ui/LockScreen.svelte';
import LockSet from '../../src/lib/ui/LockSet.svelte';
import '../../src/lib/ui/look.css';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const words = 'apples in the long grass';
const box = (name: string) => page.getByRole('textbox', { name, exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });

const showSet = async (more: object = {}) => {
  const callbacks = { onpassphrase: vi.fn(), onpasskey: vi.fn() };
  await render(ScreenNarrow, {
    props: {
      of: LockSet,
      with: { passkeys: true, busy: false, problem: null, back: '/', ...callbacks, ...more }
    } as never
  });
  return callbacks;
};
const showScreen = async (more: object = {}) => {
  const callbacks = { onpassphrase: vi.fn(), onpasskey: vi.fn() };
  await render(ScreenNarrow, {
    props: {
      of: LockScreen,
      with: { passphrase: true, passkey: false, busy: false, problem: null, ...callbacks, ...more }
    } as never
  });
  return callbacks;
};
const showOn = async (more: object = {}) => {
  const callbacks = { onlock: vi.fn(), onafter: vi.fn(), onleaving: vi.fn(), ondeed: vi.fn() };
  const settings = { afterMinutes: 5, onLeaving: false };
  const given = { passphrase: true, passkey: false, passkeys: true, settings, busy: false, problem: null, done: null };
  await render(ScreenNarrow, { props: { of: LockOn, with: { ...given, back: '/', ...callbacks, ...more } } as never });
  return callbacks;
};

test('forgetting is said and ticked before a lock can be set, by passphrase or by passkey', async () => {
  const { onpassphrase, onpasskey } = await showSet();
  const tick = page.getByRole('checkbox', { name: 'I understand.' });
  await expect.element(tick).toHaveAccessibleDescription(/Without the passphrase nobody can open this/);
  await box('Passphrase').fill(words);
  await box('The same once more').fill(words);
  await button('Set the lock').click();
  await button('Use a passkey').click();
  expect([onpassphrase.mock.calls, onpasskey.mock.calls]).toEqual([[], []]);
  await expect.element(tick).toHaveFocus();
  await tick.click();
  await button('Set the lock').click();
  expect(onpassphrase).toHaveBeenCalledExactlyOnceWith(words);
  await button('Use a passkey').click();
  expect(onpasskey).toHaveBeenCalledOnce();
});

test('a short one and two that differ are said beside the box, and nothing is set', async () => {
  const { onpassphrase } = await showSet();
  await page.getByRole('checkbox').click();
  await box('Passphrase').fill('ninechars');
  await button('Set the lock').click();
  await expect.element(box('Passphrase')).toHaveAccessibleDescription(/shorter than ten characters/);
  await box('Passphrase').fill(words);
  await box('The same once more').fill(`${words} `);
  await button('Set the lock').click();
  await expect.element(box('The same once more')).toHaveAccessibleDescription('The two are not the same.');
  expect(onpassphrase).not.toHaveBeenCalled();
});

test('dots, until one asks to see; browsers are asked not to keep it', async () => {
  await showScreen();
  const typed = box('Passphrase').element() as HTMLInputElement;
  await box('Passphrase').fill(words);
  expect([typed.type, typed.autocomplete]).toEqual(['password', 'off']);
  const show = page.getByRole('button', { name: 'Show: Passphrase' });
  await show.click();
  expect(typed.type).toBe('text');
  await expect.element(show).toHaveAttribute('aria-pressed', 'true');
});

test('the lock screen begins in the box, opens by the return key, and waits while it is busy', async () => {
  const { onpassphrase } = await showScreen();
  await expect.element(box('Passphrase')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(box('Passphrase')).toHaveAccessibleDescription('Write it here first.');
  await userEvent.keyboard(`${words}{Enter}`);
  expect(onpassphrase).toHaveBeenCalledExactlyOnceWith(words);
});

test('while it is being tried nothing is tried twice', async () => {
  const { onpassphrase, onpasskey } = await showScreen({ busy: true, passkey: true });
  await userEvent.keyboard(`${words}{Enter}`);
  (button('Open with the passkey').element() as HTMLElement).click();
  expect([onpassphrase.mock.calls, onpasskey.mock.calls]).toEqual([[], []]);
  await expect.element(button('One moment …')).toHaveAttribute('aria-disabled', 'true');
});

test.each([
  [15_000, /15 seconds\.$/],
  [14_200, /15 seconds\.$/],
  [90_000, /90 seconds\.$/],
  [91_000, /2 minutes\.$/],
  [1_800_000, /30 minutes\.$/]
])('a pause of %i ms is said in words, with what was kept', async (pauseMs, ending) => {
  await showScreen({ problem: { type: 'Paused', pauseMs } });
  await expect.element(page.getByRole('alert')).toMatchTextContent(ending);
  await expect.element(page.getByRole('alert')).toMatchTextContent(/Nothing is lost/);
});

test('with a lock on: its times, leaving, and each change asks for the passphrase as it is', async () => {
  const { onlock, onafter, onleaving, ondeed } = await showOn();
  await button('Lock now').click();
  await page.getByRole('radio', { name: 'After half an hour' }).click();
  await page.getByRole('switch', { name: 'When I leave the app' }).click();
  expect([onlock.mock.calls.length, onafter.mock.calls, onleaving.mock.calls]).toEqual([1, [[30]], [[true]]]);
  await button('Take the lock off').click();
  await button('Take it off').click();
  expect(ondeed).not.toHaveBeenCalled();
  await box('The passphrase as it is now').fill(words);
  await button('Take it off').click();
  expect(ondeed).toHaveBeenCalledExactlyOnceWith('off', { proof: words, next: '' });
});

test('with a passkey alone it is asked for instead, and cannot be taken away', async () => {
  const { ondeed } = await showOn({ passphrase: false, passkey: true });
  expect(button('Take the passkey away').elements()).toHaveLength(0);
  await button('Take the lock off').click();
  await button('Take it off').click();
  expect(ondeed).toHaveBeenCalledExactlyOnceWith('off', { proof: null, next: '' });
});

test.each([
  ['', undefined],
  ['-wide', [1280]]
])('the screens hold up%s', async (size, widths) => {
  await showSet();
  await button('Set the lock').click();
  await expectToHoldUp(`lock-set${size}`, widths);
  document.body.replaceChildren();
  await showScreen({ passkey: true, problem: { type: 'NotOpened' } });
  await page.getByText("I can't open it").click();
  await expectToHoldUp(`lock-screen${size}`, widths);
  document.body.replaceChildren();
  await showOn({ problem: { type: 'NotOpened' } });
  await button('Change the passphrase').click();
  await expectToHoldUp(`lock-on${size}`, widths);
});
