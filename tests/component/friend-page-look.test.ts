/**
 * An opened check-in in every state, in both themes, on a phone and on a desk: nothing axe-core can find, nothing wider than
 * the screen, nothing too small to touch. With `VITE_LOOK_DIR` set it leaves pictures there, to be looked at.
 */
import axe from 'axe-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import FriendPageHarness from './friend-page-harness.svelte';
import { settled } from './phone-look.ts';
import { friends, states } from './screen-friend-page.ts';
import { nowMs } from './screen-friends.ts';

const lookDir = import.meta.env.VITE_LOOK_DIR as string | undefined;
const sizes = [
  { name: 'phone', width: 360, height: 740 },
  { name: 'tablet', width: 768, height: 1024 },
  { name: 'desk', width: 1280, height: 800 },
  { name: 'tiny', width: 320, height: 640 }
];

beforeEach(() => {
  document.documentElement.style.fontSize = '';
});

describe.each(['light', 'dark'])('%s', (theme) => {
  test.each(states)('%s holds up', async (title, initial, around = {}) => {
    document.documentElement.style.colorScheme = theme;
    await render(FriendPageHarness, { props: { initial, nowMs, friends, ...around } });
    await holdsUp(title, theme);
  });

  test('boxes that are open hold up, and so does what was not sent', async () => {
    document.documentElement.style.colorScheme = theme;
    const [, initial] = states.find(([name]) => name === 'advice-open')!;
    const kept = { reply: 'Here.', letter: 'Dear Ana,\n\n', reachOut: 'Can we talk? Soon?' };
    const problem = 'This phone is full. What you wrote is still in the box above. Free some space and say it again.';
    await render(FriendPageHarness, { props: { initial, nowMs, friends, kept, problem } });
    await page.getByRole('combobox', { name: "If Ana can't be reached, ask" }).selectOptions('Mia');
    await page.getByRole('button', { name: 'Say it' }).click();
    await holdsUp('boxes', theme);
  });

  test('questions before taking back hold up', async () => {
    document.documentElement.style.colorScheme = theme;
    const [, initial] = states.find(([name]) => name === 'own')!;
    await render(FriendPageHarness, { props: { initial, nowMs, friends } });
    for (const button of page.getByRole('button', { name: 'Unsay', exact: true }).elements())
      (button as HTMLElement).click();
    (document.querySelector('details') as HTMLDetailsElement).open = true;
    await holdsUp('unsay', theme);
  });
});

const holdsUp = async (title: string, theme: string): Promise<void> => {
  await document.fonts.ready;
  for (const size of sizes) {
    await page.viewport(size.width, size.height);
    await settled();
    expect(document.documentElement.scrollWidth, `no sideways scrolling at ${size.name}`).toBeLessThanOrEqual(
      size.width
    );
    expect(smallTargets(), `targets at ${size.name}`).toEqual([]);
    if (size.name !== 'tiny') expect(await violations(), `axe at ${size.name}`).toEqual([]);
    if (lookDir !== undefined && (size.name === 'phone' || size.name === 'desk')) {
      await page.screenshot({ path: `${lookDir}/${title}-${size.name}-${theme}.png` });
      for (let grow = 0; grow < 2; grow += 1)
        await page.viewport(size.width, Math.max(size.height, document.documentElement.scrollHeight));
      await page.screenshot({ path: `${lookDir}/${title}-${size.name}-whole-${theme}.png` });
    }
  }
  document.documentElement.style.fontSize = '212.5%';
  await page.viewport(640, 740);
  expect(document.documentElement.scrollWidth, 'no sideways scrolling with text twice as large').toBeLessThanOrEqual(
    640
  );
};

const violations = async (): Promise<string[]> => {
  const found = await axe.run(document.body, { rules: { region: { enabled: false } } });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)
  );
};

const smallTargets = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('button, a, input, select, textarea, summary')]
    .filter((target) => Math.min(target.offsetWidth, target.offsetHeight) < 44 && target.checkVisibility())
    .map((target) => `${target.tagName} ${target.textContent} ${target.offsetWidth}×${target.offsetHeight}`);
