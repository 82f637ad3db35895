/**
 * Every screen in both themes, on a phone and on a desk: nothing axe-core can find, nothing wider than the phone, nothing
 * too small to touch. With `VITE_LOOK_DIR` set it also leaves a picture of each there, to be looked at.
 */
import axe from 'axe-core';
import type { Component } from 'svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { emptyDraft, type CheckInDraft } from '../../src/lib/care/check-in.ts';
import AfterSaying from '../../src/lib/ui/AfterSaying.svelte';
import ChangeDialog from '../../src/lib/ui/ChangeDialog.svelte';
import Composer from '../../src/lib/ui/Composer.svelte';
import InvitePanel from '../../src/lib/ui/InvitePanel.svelte';
import JoinForm from '../../src/lib/ui/JoinForm.svelte';
import JoinRequestDialog from '../../src/lib/ui/JoinRequestDialog.svelte';
import JoinWaiting from '../../src/lib/ui/JoinWaiting.svelte';
import Notice from '../../src/lib/ui/Notice.svelte';
import ShareFirst from '../../src/lib/ui/ShareFirst.svelte';
import StartCircle from '../../src/lib/ui/StartCircle.svelte';
import Unsupported from '../../src/lib/ui/Unsupported.svelte';
import UpdateReady from '../../src/lib/ui/UpdateReady.svelte';
import { inCircle } from './composer-page.ts';
import { awkward, friends, nowMs, ownCard, reachOutOf, silentCard } from './screen-friends.ts';
import ScreenBoard from './screen-board.svelte';
import ScreenNarrow from './screen-narrow.svelte';

const nothing = (): void => undefined;
const six = ['marble', 'orchard', 'tunnel', 'blanket', 'cinnamon', 'harbor'];
const link = 'https://shoulder.example/#i=AQm3oYkq2Zk1pV7sTt0bWgN5x8uJcLrE4fHdQy6aXvKzP9iM';
const draft = (pleasantness: number, energy: number, words = ''): CheckInDraft => ({
  ...emptyDraft,
  point: { pleasantness, energy },
  words
});
const composer = (checkIn: CheckInDraft, more: object = {}) => ({
  draft: checkIn,
  ondraft: nothing,
  onsay: nothing,
  ...inCircle(['Ana', 'Jo', 'Mia']),
  ...more
});
const board = (count: number) => ({
  cards: count === 1 ? [ownCard] : [ownCard, ...friends.slice(0, count - 1)],
  nowMs,
  connection: count === 1 ? { type: 'alone' as const } : { type: 'connected' as const, names: ['Ana', 'Jo'] }
});
const reachOuts = [
  reachOutOf('Ana', { words: 'It’s bad tonight. Are you up?' }),
  reachOutOf('Jo', { own: true }),
  reachOutOf('Mia', { answer: 'tonight' }),
  reachOutOf('W'.repeat(60), { own: true, answer: 'not-today' })
];

/** Title, component, props; `null` for a screen of its own. */
const screens: [string, Component<never> | null, object][] = [
  ['board-1', null, board(1)],
  ['board-5', null, { ...board(4), cards: [...board(4).cards, silentCard('Noor')] }],
  ['board-2', null, board(2)],
  ['board-awkward', null, { ...board(1), cards: [ownCard, ...awkward] }],
  ['board-reach-out', null, { ...board(4), reachOuts: reachOuts.slice(0, 1) }],
  ['board-reach-outs', null, { ...board(4), reachOuts }],
  ['board-12', null, { ...board(12), connection: { type: 'offline' } }],
  ['board-nothing-said', null, { ...board(1), cards: [silentCard('Sofie', true)] }],
  ['composer-new', Composer as Component<never>, composer(emptyDraft, { circle: null, friends: [] })],
  [
    'composer-low',
    Composer as Component<never>,
    composer({ ...draft(-45, -45, 'It’s been a rough week, but I’m hanging in there.'), help: 'be-near' })
  ],
  ['composer-storm', Composer as Component<never>, composer(draft(-90, 85))],
  ['composer-bright', Composer as Component<never>, composer(draft(85, 80))],
  ['composer-calm', Composer as Component<never>, composer(draft(75, -80))],
  ['composer-middle', Composer as Component<never>, composer(draft(5, 10))],
  [
    'composer-problem',
    Composer as Component<never>,
    composer(draft(10, -60, 'a'.repeat(2012)), {
      problem: 'This phone is full. What you wrote is still in the box above. Free some space and say it again.'
    })
  ],
  [
    'change',
    ChangeDialog as Component<never>,
    {
      draft: draft(-30, 20, 'Better than this morning.'),
      ondraft: nothing,
      onsave: nothing,
      oncancel: nothing,
      ...inCircle(['Ana'])
    }
  ],
  [
    'after-saying',
    AfterSaying as Component<never>,
    { point: { pleasantness: 40, energy: -70 }, onjustme: nothing, onstart: nothing, oninvited: nothing }
  ],
  ['start-circle', StartCircle as Component<never>, { oncreate: nothing, oncancel: nothing }],
  ['invite', InvitePanel as Component<never>, { link, onclose: nothing }],
  ['join', JoinForm as Component<never>, { opened: false, onask: nothing }],
  [
    'join-opened',
    JoinForm as Component<never>,
    { opened: true, onask: nothing, problem: 'This link has been used. Ask for a new one; it takes a second.' }
  ],
  ['join-waiting', JoinWaiting as Component<never>, { words: six, onback: nothing }],
  ['join-offline', JoinWaiting as Component<never>, { words: six, online: false }],
  [
    'join-refused',
    JoinWaiting as Component<never>,
    { words: six, problem: 'refused', onother: nothing, onback: nothing }
  ],
  [
    'join-request',
    JoinRequestDialog as Component<never>,
    { name: 'Mia', words: six, onyes: nothing, onno: nothing, onlater: nothing }
  ],
  [
    'join-request-hostile',
    JoinRequestDialog as Component<never>,
    {
      name: `\u202E<b>Mia</b>\n\n${'very long '.repeat(20)}`,
      words: six,
      onyes: nothing,
      onno: nothing,
      onlater: nothing
    }
  ],
  [
    'share-first',
    ShareFirst as Component<never>,
    {
      circle: 'The kitchen table',
      friends: ['Ana', 'Jo'],
      checkIn: { ...draft(-60, -60, 'Tired to the bone.'), help: 'be-near' },
      onshare: nothing,
      onkeep: nothing
    }
  ],
  ['unsupported', Unsupported as Component<never>, { missing: ['ed25519', 'x25519', 'service-worker'] }],
  [
    'notice',
    Notice as Component<never>,
    {
      sentence: 'This phone’s clock is far off. Nothing is lost; times may look strange until it is set.',
      ondismiss: nothing
    }
  ],
  ['update', UpdateReady as Component<never>, { onuse: nothing }]
];

const sizes = [
  { name: 'phone', width: 360, height: 740 },
  { name: 'tablet', width: 768, height: 1024 },
  { name: 'desk', width: 1280, height: 800 },
  { name: 'tiny', width: 320, height: 640 }
];
const lookDir = import.meta.env.VITE_LOOK_DIR as string | undefined;

beforeEach(() => {
  document.documentElement.style.fontSize = '';
});

describe.each(['light', 'dark'])('%s', (theme) => {
  test.each(screens)('%s holds up', async (title, component, props) => {
    document.documentElement.style.colorScheme = theme;
    const narrow = !title.startsWith('composer');
    if (component === null) await render(ScreenBoard, { props: props as never });
    else await render(ScreenNarrow, { props: { of: component, with: props, narrow } });
    await document.fonts.ready;
    for (const size of sizes) {
      await page.viewport(size.width, size.height);
      if (title === 'invite')
        await expect.element(page.getByRole('img', { name: 'QR code of the invite link' })).toBeVisible();
      expect(document.documentElement.scrollWidth, `no sideways scrolling at ${size.name}`).toBeLessThanOrEqual(
        size.width
      );
      expect(smallTargets(), `targets at ${size.name}`).toEqual([]);
      if (size.name !== 'tiny') expect(await violations(), `axe at ${size.name}`).toEqual([]);
      if (lookDir !== undefined && size.name === 'phone') {
        await page.viewport(size.width, Math.max(size.height, document.documentElement.scrollHeight));
        await page.screenshot({ path: `${lookDir}/${title}-whole-${theme}.png` });
        await page.viewport(size.width, size.height);
      }
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

/**
 * Buttons, links and boxes that are smaller than 44 pixels either way; the field's sliders are moved by the whole picture,
 * and a card's name by the whole card.
 */
const smallTargets = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('button, a, input:not([type=range]), textarea')]
    .map((target) => {
      const stretched = getComputedStyle(target, '::after').position === 'absolute';
      return { target, touched: stretched ? (target.offsetParent as HTMLElement) : target };
    })
    .filter(({ touched }) => Math.min(touched.offsetWidth, touched.offsetHeight) < 44)
    .map(
      ({ target, touched }) => `${target.tagName} ${target.textContent} ${touched.offsetWidth}×${touched.offsetHeight}`
    );
