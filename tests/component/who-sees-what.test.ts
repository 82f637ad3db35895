/** Who sees what: all of it can be opened by touch and by keys, nothing of it is folded away from whoever looks for it. */
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { limits, sights } from '../../src/lib/ui/sight.ts';
import WhoSeesWhat from '../../src/lib/ui/WhoSeesWhat.svelte';
import '../../src/lib/ui/look.css';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const show = () => render(ScreenNarrow, { props: { of: WhoSeesWhat, with: {} } as never });
const heading = (name: string) => page.getByRole('heading', { name, level: 2, exact: true });
const list = (name: string) => page.getByRole('list', { name, exact: true });
const allDetails = (): HTMLDetailsElement[] => [...document.querySelectorAll('details')];
const openAll = (): void => allDetails().forEach((details) => (details.open = true));
/** Words that say nothing to somebody who does not build such things. */
const jargon =
  /\b(epochs?|ciphertext|metadata|peers?|encrypt\w*|protocol|hash\w*|envelopes?|nodes?|WebRTC|IP|TURN|STUN|HPKE|manifest|roster|lighthouse|browser profile)\b/i;

beforeEach(() => page.viewport(360, 740));

test('everybody whom one may ask about is a line on it, and the limits stand open at the end', async () => {
  await show();
  const asked = [
    'A friend in the circle',
    'A former friend',
    'A relay',
    'The network, or a messenger',
    'Your phone in other hands: open',
    'Your phone in other hands: locked',
    'Your phone in other hands: no lock',
    'Whoever serves Shoulder',
    'Somebody with an invite link',
    'Nobody but you',
    'The plain limits'
  ];
  const headings = page.getByRole('heading', { level: 2 }).elements();
  expect(headings.map(({ textContent }) => textContent)).toEqual(asked);
  expect(allDetails().map(({ open }) => open)).toEqual(asked.slice(0, -1).map(() => false));
  await expect.element(page.getByText("A screenshot can't be called back.")).toBeVisible();
});

test('each is opened by touch and by keys, and says what can be seen, what can not, and what helps', async () => {
  await show();
  const former = page.getByText('What they already had. It stays with them.');
  await expect.element(former).not.toBeVisible();
  await heading('A former friend').click();
  await expect.element(former).toBeVisible();
  await userEvent.keyboard('{Tab} ');
  await expect.element(page.getByText(/^A mailbox for each circle/)).toBeVisible();
  // What was open stays open: whoever compares two need not remember one.
  await expect.element(former).toBeVisible();
  await userEvent.keyboard('{Shift>}{Tab}{/Shift}{Enter}');
  await expect.element(former).not.toBeVisible();
  await expect.element(list('Can see').first()).toBeVisible();
  await expect.element(list("Can't see").first()).toBeVisible();
  await expect.element(page.getByRole('heading', { name: 'What helps', level: 3 }).first()).toBeVisible();
});

test('every sentence is on the page, once, and none of them in words that only we know', async () => {
  const { container } = await show();
  const said = [...sights.flatMap(({ can, cannot }) => [...can, ...cannot]), ...limits].map((sentence) => sentence());
  expect([...container.querySelectorAll('li')].map(({ textContent }) => textContent)).toEqual(said);
  const around = sights.flatMap(({ about, helps }) => [about, helps].flatMap((sentence) => sentence?.() ?? []));
  const paragraphs = [...container.querySelectorAll('details p')].map(({ textContent }) => textContent);
  expect(paragraphs).toEqual(around);
  expect(new Set([...said, ...around]).size).toBe(said.length + around.length);
  expect(jargon.exec(container.textContent ?? '')).toBeNull();
});

test('what was agreed to be said plainly is said', async () => {
  await show();
  openAll();
  for (const plain of [
    /makes new keys at once/,
    /Somebody who takes their app apart could see it all the same\.$/,
    /could serve something else one day/,
    /Whoever gets hold of a phone's keys can read what that phone could read/,
    /^“Tidy up” makes new keys and lets the old ones go/
  ])
    await expect.element(page.getByText(plain)).toBeVisible();
});

test('holds up as it opens', async () => {
  await show();
  await expectToHoldUp('sight');
  for (const summary of document.querySelectorAll('summary')) expect(summary.offsetHeight).toBeGreaterThanOrEqual(44);
  await expectToHoldUp('sight-desk', [1280]);
});

test('holds up with everything open', async () => {
  await show();
  openAll();
  await expectToHoldUp('sight-all');
});
