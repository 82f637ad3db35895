/**
 * The composer with everything unfolded, in both themes, on a phone and on a desk: nothing axe-core can find, nothing wider
 * than the phone, nothing too small to touch. With `VITE_LOOK_DIR` set it also leaves a picture of each there.
 */
import axe from 'axe-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { emptyDraft, type CheckInDraft } from '../../src/lib/care/check-in.ts';
import { compose, friend, inCircle } from './composer-page.ts';

const lookDir = (import.meta.env as Record<string, string | undefined>)['VITE_LOOK_DIR'];
const sizes = [
  { name: 'phone', width: 360, height: 740 },
  { name: 'desk', width: 1280, height: 800 }
] as const;

const low: CheckInDraft = {
  ...emptyDraft,
  point: { pleasantness: -45, energy: -45 },
  feelings: ['worn out', 'hopeful'],
  words: 'It’s been a rough week, but I’m hanging in there.',
  help: 'be-near'
};
const storm: CheckInDraft = { ...emptyDraft, point: { pleasantness: -58, energy: 52 } };
const few = inCircle(['Ana', 'Jo', 'Mia']);
const many = inCircle(['Ana', 'Jo', 'Mia', 'Sam', 'نور', 'Leo', 'Priya', 'Tomás', 'Wren Featherstonehaugh-Oyelaran']);
const own = ['like wet sand', 'مشتاقة', 'w'.repeat(40)];

const openList = () => page.getByRole('button', { name: 'other …' }).click();
const openChoice = () => page.getByRole('button', { name: 'Change', exact: true }).click();

/** Title, draft, props, own words, and what is opened. */
const states: readonly [string, CheckInDraft, object, readonly string[], (() => Promise<unknown>) | null][] = [
  ['first', emptyDraft, { first: true }, [], null],
  ['new', emptyDraft, few, [], null],
  ['low', low, few, [], null],
  ['storm', storm, few, [], null],
  ['own-word', { ...storm, feelings: ['مشتاقة', 'w'.repeat(40)] }, many, [], null],
  ['list', low, few, [], openList],
  ['list-own', low, few, own, openList],
  ['audience', { ...low, lasting: 'day' }, few, [], openChoice],
  [
    'audience-many',
    { ...low, audience: { type: 'people', people: [friend('نور').person, friend('Leo').person] }, lasting: 'kept' },
    many,
    [],
    openChoice
  ],
  ['lasting-own', { ...low, lasting: 'week' }, {}, [], openChoice],
  ['left-out', { ...low, audience: { type: 'people', people: [friend('Ida').person] } }, few, [], null],
  ['fixed', low, { ...few, fixed: true }, [], null]
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  beforeEach(() => {
    document.documentElement.style.colorScheme = theme;
    return () => {
      document.documentElement.style.colorScheme = '';
      document.documentElement.style.fontSize = '';
    };
  });

  test.each(states)('composer: %s', async (title, draft, more, remembered, open) => {
    await compose(draft, more, remembered);
    await expect.element(page.getByRole('button', { name: 'other …' })).toBeVisible();
    if (draft.feelings.length > 0)
      await expect
        .element(page.getByText(/^\p{L}+: |: your own word$|nothing left|may turn out/u).first())
        .toBeInTheDocument();
    await open?.();
    if (open === openList) await expect.element(page.getByRole('dialog', { name: 'More words' })).toBeVisible();
    if (open === openChoice) await expect.element(page.getByRole('group', { name: 'How long' })).toBeVisible();
    for (const size of sizes) {
      await page.viewport(size.width, size.height);
      await document.fonts.ready;
      expect(document.documentElement.scrollWidth, `no sideways scrolling at ${size.name}`).toBeLessThanOrEqual(
        size.width
      );
      expect(smallTargets(), `targets at ${size.name}`).toEqual([]);
      expect(await violations(), `axe at ${size.name}`).toEqual([]);
      if (lookDir !== undefined) await page.screenshot({ path: `${lookDir}/${title}-${size.name}-${theme}.png` });
    }
    document.documentElement.style.fontSize = '212.5%';
    await page.viewport(640, 740);
    expect(document.documentElement.scrollWidth, 'no sideways scrolling with text twice as large').toBeLessThanOrEqual(
      640
    );
  });
});

const violations = async (): Promise<string[]> => {
  const found = await axe.run(document.body, { rules: { region: { enabled: false } } });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)
  );
};

/** Buttons and boxes that are smaller than 44 pixels either way; the field's sliders are moved by the whole picture. */
const smallTargets = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('button, input:not([type=range]), textarea')]
    .filter((target) => Math.min(target.offsetWidth, target.offsetHeight) < 44)
    .map((target) => `${target.tagName} ${target.textContent} ${target.offsetWidth}×${target.offsetHeight}`);
