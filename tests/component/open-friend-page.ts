/** Opens a friend page in the harness, on a phone, and hands out what one needs to use it. */
import { vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { FriendPage } from '../../src/lib/care/friend-page.ts';
import FriendPageHarness from './friend-page-harness.svelte';
import { friends } from './screen-friend-page.ts';
import { nowMs } from './screen-friends.ts';

/** `done` is told of everything that is done, by name; `become` shows another page in place of this one. */
export const open = async (initial: FriendPage, more: object = {}) => {
  const done = vi.fn();
  await page.viewport(360, 740);
  const screen = await render(FriendPageHarness, { props: { initial, nowMs, friends, ondone: done, ...more } });
  const become = (next: FriendPage): void =>
    (screen.component as unknown as { become(next: FriendPage): void }).become(next);
  return { done, become };
};

/** A button by its whole name. */
export const button = (name: string) => page.getByRole('button', { name, exact: true });
/** A box to write in, by its label. */
export const box = (name: string) => page.getByRole('textbox', { name });
