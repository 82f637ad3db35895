/** Settings: switches that say what they do, by touch and by keys. */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import SettingsPage from '../../src/lib/ui/SettingsPage.svelte';
import '../../src/lib/ui/look.css';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const notch = page.getByRole('switch', { name: 'A notch truer', exact: true });
const ownNetwork = page.getByRole('switch', { name: 'Only my own network', exact: true });

const show = (props: { notch?: boolean | undefined; ownNetwork?: boolean | undefined; back?: string }) => {
  const callbacks = { onnotch: vi.fn(), onownnetwork: vi.fn() };
  const screen = render(SettingsPage, {
    props: { notch: undefined, ownNetwork: undefined, back: '/', ...callbacks, ...props }
  });
  return { ...callbacks, screen };
};

test('the switch says whether it is on, what it does, and that it stays on the phone', async () => {
  const { onnotch, screen } = show({ notch: true });
  await expect.element(notch).toHaveAttribute('aria-checked', 'true');
  await expect.element(notch).toHaveAccessibleDescription(/on this phone and never leaves it\.$/);
  await notch.click();
  expect(onnotch).toHaveBeenLastCalledWith(false);
  await (await screen).rerender({ notch: false });
  await expect.element(notch).toHaveAttribute('aria-checked', 'false');
  await notch.click();
  expect(onnotch).toHaveBeenLastCalledWith(true);
});

test('"Only my own network" says what is still spoken to, and that the rest waits', async () => {
  const { onownnetwork, onnotch, screen } = show({ notch: true, ownNetwork: false });
  await expect.element(ownNetwork).toHaveAttribute('aria-checked', 'false');
  await expect
    .element(ownNetwork)
    .toHaveAccessibleDescription(
      /phones on this network and to the server it came from, and to nothing else\. .* waits\.$/
    );
  await ownNetwork.click();
  expect(onownnetwork).toHaveBeenCalledExactlyOnceWith(true);
  expect(onnotch).not.toHaveBeenCalled();
  await (await screen).rerender({ ownNetwork: true });
  await expect.element(ownNetwork).toHaveAttribute('aria-checked', 'true');
  await ownNetwork.click();
  expect(onownnetwork).toHaveBeenLastCalledWith(false);
});

test('by keyboard: back, then one switch after the other', async () => {
  const { onnotch, onownnetwork } = show({ notch: true, ownNetwork: false, back: '/c/1' });
  await userEvent.keyboard('{Tab}');
  await expect.element(page.getByRole('link', { name: 'Back' })).toHaveFocus();
  await expect.element(page.getByRole('link', { name: 'Back' })).toHaveAttribute('href', '/c/1');
  await userEvent.keyboard('{Tab} ');
  expect(onnotch).toHaveBeenCalledExactlyOnceWith(false);
  await userEvent.keyboard('{Tab} ');
  expect(onownnetwork).toHaveBeenCalledExactlyOnceWith(true);
});

test('until they have been read there is no switch that could be wrong', async () => {
  show({});
  await expect.element(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  expect(page.getByRole('switch').elements()).toHaveLength(0);
});

test.each([true, false])('holds up on a phone when on is %s', async (on) => {
  await render(ScreenNarrow, {
    props: {
      of: SettingsPage,
      with: { notch: on, onnotch: vi.fn(), ownNetwork: on, onownnetwork: vi.fn(), back: '/' }
    } as never
  });
  await expectToHoldUp(on ? 'settings-on' : 'settings-off');
});

test('what has a page of its own is one tap away, the last of them erasing', async () => {
  const pages = { lock: '/1', devices: '/1a', backup: '/2', readable: '/3', storage: '/4', sight: '/5', erase: '/6' };
  const switches = { notch: true, onnotch: vi.fn(), ownNetwork: false, onownnetwork: vi.fn(), back: '/' };
  await render(ScreenNarrow, { props: { of: SettingsPage, with: { ...switches, ...pages } } as never });
  const links = page
    .getByRole('link')
    .elements()
    .map((link) => link.getAttribute('href'));
  expect(links).toEqual(['/', '/1', '/1a', '/2', '/3', '/4', '/5', '/6']);
  await expect.element(page.getByRole('link', { name: /^Who sees what/ })).toHaveAttribute('href', '/5');
  await expect.element(page.getByRole('link', { name: /^Erase everything/ })).toHaveAttribute('href', '/6');
  await expectToHoldUp('settings-pages');
});
