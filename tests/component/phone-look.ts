/**
 * What holds for anything on a phone, in both themes: nothing axe-core can find, nothing wider than the screen, nothing too
 * small to touch. With `VITE_LOOK_DIR` set it leaves a picture of each there, to be looked at.
 */
import axe from 'axe-core';
import { expect } from 'vitest';
import { page } from 'vitest/browser';

const lookDir = import.meta.env.VITE_LOOK_DIR as string | undefined;

/** Looks at what is on screen now; `title` names the pictures. Leaves the screen as wide as the last of `widths`, and light. */
export const expectToHoldUp = async (title: string, widths: readonly number[] = [320, 360]): Promise<void> => {
  await document.fonts.ready;
  for (const theme of ['dark', 'light']) {
    document.documentElement.style.colorScheme = theme;
    for (const width of widths) {
      await page.viewport(width, width < 600 ? 740 : 800);
      expect(document.documentElement.scrollWidth, `no sideways scrolling at ${width}`).toBeLessThanOrEqual(width);
      expect(smallTargets(), `targets at ${width}`).toEqual([]);
    }
    await settled();
    expect(await violations(), `axe, ${theme}`).toEqual([]);
    if (lookDir !== undefined) await page.screenshot({ path: `${lookDir}/${title}-${theme}.png` });
  }
};

/**
 * Colours change over a fifth of a second and what is new fades in; axe and pictures are to see where they end. A change
 * may be cut short by the next one, so this looks again, a frame later, until none is running. The sea never ends and is
 * not waited for.
 */
export const settled = async (): Promise<void> => {
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    // What has ended and keeps its last look is still listed.
    const running = document.getAnimations().filter(({ playState }) => playState !== 'finished');
    const ending = running.filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    if (ending.length === 0) return;
    await Promise.allSettled(ending.map((animation) => animation.finished));
  }
};

const violations = async (): Promise<string[]> => {
  const found = await axe.run(document.body, { rules: { region: { enabled: false } } });
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
};

const smallTargets = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('button, a, input, textarea')]
    .filter((target) => Math.min(target.offsetWidth, target.offsetHeight) < 44)
    .map((target) => `${target.tagName} ${target.textContent} ${target.offsetWidth}×${target.offsetHeight}`);
