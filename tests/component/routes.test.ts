/** How it gets there: the ways of friends, relays and what they say, and the one choice of relays, in every state. */
import type { ComponentProps } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { PersonId } from '../../src/lib/base/ids.ts';
import type { FriendWays } from '../../src/lib/care/ways.ts';
import InvitePanel from '../../src/lib/ui/InvitePanel.svelte';
import type RelayChoice from '../../src/lib/ui/RelayChoice.svelte';
import type RoutesPage from '../../src/lib/ui/RoutesPage.svelte';
import type { ProbeState, ShownRelay } from '../../src/lib/ui/shown-relays.ts';
import { expectToHoldUp } from './phone-look.ts';
import RoutesHarness from './routes-harness.svelte';

type PageProps = Omit<ComponentProps<typeof RoutesPage>, 'children'>;
type ChoiceProps = ComponentProps<typeof RelayChoice>;

const nothing = (): void => undefined;
const friend = (name: string, ways: Partial<FriendWays> = {}): FriendWays => ({
  person: name as PersonId,
  name,
  week: [],
  before: [],
  ...ways
});
const relay = (name: string, changes: Partial<ShownRelay> = {}): ShownRelay => ({
  name,
  state: 'open',
  reason: '',
  isOwed: false,
  isLeft: false,
  ...changes
});
const pageProps: PageProps = {
  friends: [
    friend('Bob', { week: [{ type: 'direct' }, { type: 'relay', name: 'relay.example.org' }] }),
    friend('Mia', { week: [{ type: 'relay', name: 'relay.example.org' }], before: [{ type: 'carried' }] }),
    friend('Jo')
  ],
  connected: ['Bob'],
  relays: [relay('relay.example.org'), relay('old.example', { isLeft: true, state: 'offline' })],
  back: '/c/2',
  carry: '/carry',
  lamp: '/lamp'
};
const choiceProps: ChoiceProps = {
  given: ['relay.example.org', 'second.example:8443'],
  kind: 'given',
  addresses: 'wss://relay.example.org\nwss://second.example:8443',
  probes: [],
  stage: 'idle',
  problem: null,
  sayProblem: null,
  onuse: nothing,
  onedit: nothing,
  onanyway: nothing,
  onback: nothing
};
const show = (changes: Partial<PageProps> = {}, choice: Partial<ChoiceProps> = {}) =>
  render(RoutesHarness, { props: { page: { ...pageProps, ...changes }, choice: { ...choiceProps, ...choice } } });
const text = (role: 'region' | 'status', name?: string): string =>
  (
    page
      .getByRole(role, name === undefined ? {} : { name })
      .last()
      .element().textContent ?? ''
  )
    .replace(/\s+/g, ' ')
    .trim();
const radio = (name: RegExp) => page.getByRole('radio', { name });
const own = radio(/^Our own/);
const addresses = page.getByRole('textbox', { name: 'Addresses' });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const probe = (state: ProbeState, reason = '') => [{ name: 'relay.example.org', state, reason }];

beforeEach(() => page.viewport(360, 740));

describe('the ways', () => {
  test('of each friend, by name, this week and longer ago', async () => {
    await show();
    const items = page.getByRole('region', { name: 'How friends were heard' }).getByRole('listitem').elements();
    expect(items.map((item) => [...item.querySelectorAll('p')].map((line) => line.textContent))).toEqual([
      ['Bob: straight from phone to phone and by relay.example.org, this week.'],
      ['Mia: by relay.example.org, this week.', 'Longer ago by hand.'],
      ["Nothing of Jo's has come in yet."]
    ]);
    await expect.element(page.getByText('Connected to Bob')).toBeVisible();
    await expect.element(page.getByRole('link', { name: 'Carried by hand' })).toHaveAttribute('href', '/carry');
    await expect.element(page.getByRole('link', { name: /old tablet/ })).toHaveAttribute('href', '/lamp');
  });

  test('where nobody is connected, and where nobody is in', async () => {
    const screen = await show({ connected: [] });
    await expect.element(page.getByText('Connected to nobody right now')).toBeVisible();
    await screen.rerender({ page: { ...pageProps, friends: [] } });
    await expect.element(page.getByText(/^Nobody else is here yet/)).toBeVisible();
  });

  test("of one's own circle are none, and there is nothing to choose", async () => {
    await show({ friends: [], isOwn: true });
    await expect.element(page.getByText(/^Nobody else is here yet/)).toBeVisible();
    expect(page.getByRole('radio').elements()).toHaveLength(0);
    expect(page.getByRole('heading', { name: 'Relays' }).elements()).toHaveLength(0);
  });
});

describe('relays', () => {
  test.each<[Partial<ShownRelay>, string]>([
    [{}, 'Open.'],
    [{ state: 'opening' }, 'Looking for it.'],
    [{ state: 'offline' }, "Can't be reached right now."],
    [{ state: 'kept-off' }, 'Not looked at from here: only your own network is used.'],
    [{ state: 'refused' }, 'It says no, and not why.'],
    [{ state: 'refused', reason: 'blocked: members only' }, 'It says no: blocked: members only'],
    [{ isOwed: true }, 'Open. Something waits here until it takes it.'],
    [
      { isLeft: true },
      "Open. Still looked at, until everyone's phone has heard of the change and no earlier link is open."
    ]
  ])('%o', async (changes, sentence) => {
    await show({ relays: [relay('relay.example.org', changes)] });
    expect(text('region', 'Relays').endsWith(`relay.example.org ${sentence}`)).toBe(true);
  });

  test('a sentence of theirs is theirs: quoted, and in its own direction', async () => {
    await show({ relays: [relay('relay.example.org', { state: 'refused', reason: 'ممنوع <b>now</b>' })] });
    const quote = page.getByText('ممنوع <b>now</b>').element();
    expect([quote.tagName, quote.getAttribute('dir')]).toEqual(['Q', 'auto']);
    expect(getComputedStyle(quote).direction).toBe('rtl');
  });

  test('none are used, and it says so', async () => {
    await show({ relays: [] }, { kind: 'none', addresses: '' });
    await expect.element(page.getByText(/^This circle uses no relay\./)).toBeVisible();
    await expect.element(radio(/^None, only by hand/)).toBeChecked();
  });
});

describe('the choice', () => {
  test('says what is in use, whom it is for, and what each means', async () => {
    await show();
    await expect.element(radio(/^The ones this Shoulder names/)).toBeChecked();
    await expect.element(radio(/^The ones/)).toHaveAccessibleDescription('relay.example.org, second.example:8443');
    await expect.element(radio(/^None/)).toHaveAccessibleDescription('Then only what is carried by hand gets through.');
    await expect.element(page.getByText('One choice for everyone in the circle.')).toBeVisible();
    await expect.element(page.getByText(/from which internet address/)).toBeVisible();
    expect(addresses.elements()).toHaveLength(0);
  });

  test('an instance that names none can not be chosen, nor one that has not answered', async () => {
    const screen = await show({}, { given: [], kind: 'own' });
    await expect.element(radio(/^The ones/)).toBeDisabled();
    await expect.element(page.getByText('This Shoulder names none.')).toBeVisible();
    await screen.rerender({ choice: { ...choiceProps, given: undefined, kind: 'own' } });
    await expect.element(radio(/^The ones/)).toBeDisabled();
    expect(page.getByText('This Shoulder names none.').elements()).toHaveLength(0);
  });

  test('of our own: what is in use stands in the box, and what is typed is handed on', async () => {
    const onuse = vi.fn();
    await show({}, { kind: 'own', addresses: 'wss://ours.example', onuse });
    await expect.element(addresses).toHaveValue('wss://ours.example');
    await addresses.fill('ours.example\nsecond.example');
    await button('Use these').click();
    expect(onuse).toHaveBeenCalledExactlyOnceWith('own', 'ours.example\nsecond.example');
  });

  test('by keys alone', async () => {
    const onuse = vi.fn();
    await show({}, { onuse });
    radio(/^The ones/)
      .element()
      .focus();
    await userEvent.keyboard('{ArrowDown}{Tab}ours.example{Tab}{Enter}');
    expect(onuse).toHaveBeenCalledExactlyOnceWith('own', 'ours.example');
  });

  test('follows what others chose, until something is picked here', async () => {
    const screen = await show();
    await screen.rerender({ choice: { ...choiceProps, kind: 'none', addresses: '' } });
    await expect.element(radio(/^None/)).toBeChecked();
    await own.click();
    await screen.rerender({ choice: choiceProps });
    await expect.element(own).toBeChecked();
  });

  test.each([
    ['not-an-address', /^One of these is no address of a relay\. Nothing was changed\./],
    ['not-encrypted', /^A browser goes only to a relay whose address begins with wss\./],
    ['too-many', /^A circle uses three at most\./],
    ['none-written', /^There is no address here yet\./]
  ] as const)('%s is said under the box, and the hand is in it', async (problem, sentence) => {
    const screen = await show();
    await own.click();
    await screen.rerender({ choice: { ...choiceProps, problem } });
    await expect.element(addresses).toHaveFocus();
    await expect.element(addresses).toHaveAccessibleDescription(sentence);
    await expect.element(addresses).toHaveAttribute('aria-invalid', 'true');
  });

  test.each<[ProbeState, string, string]>([
    ['trying', '', 'Trying relay.example.org. A letter is left there, read back, and taken away again.'],
    ['good', '', 'relay.example.org keeps letters, and gives them back.'],
    [
      'keeps',
      '',
      'relay.example.org works. It goes on keeping letters it was asked to forget, sealed, until they run out.'
    ],
    ['offline', '', 'relay.example.org could not be reached.'],
    ['slow', '', 'relay.example.org did not answer.'],
    ['refused', 'restricted: pay first', 'relay.example.org takes nothing from us: restricted: pay first'],
    ['unread', '', "relay.example.org takes letters and won't let us read them."],
    ['loses', '', 'relay.example.org takes letters and loses them.'],
    ['kept-off', '', 'relay.example.org was not tried, because only your own network is used.']
  ])('trying: %s', async (state, reason, sentence) => {
    await show({}, { kind: 'own', stage: 'trying', probes: probe(state, reason) });
    expect(text('status')).toBe(sentence);
  });

  test('while it is tried nothing is handed on twice', async () => {
    const onuse = vi.fn();
    await show({}, { kind: 'own', stage: 'trying', probes: probe('trying'), onuse });
    (button('Use these').element() as HTMLElement).click();
    expect(onuse).not.toHaveBeenCalled();
    await expect.element(own).toBeDisabled();
  });

  test('what is not as it should be is asked about, and the way back leads to what was picked', async () => {
    const [onanyway, onback] = [vi.fn(), vi.fn()];
    const asking = { ...choiceProps, kind: 'own' as const, probes: probe('loses'), onanyway, onback };
    const screen = await show({}, { ...asking, stage: 'asking' });
    const question = page.getByRole('group', { name: 'Nothing has been changed yet.' });
    await expect.element(question).toHaveFocus();
    await button('Use these all the same').click();
    expect(onanyway).toHaveBeenCalledOnce();
    onback.mockImplementation(() => void screen.rerender({ choice: { ...asking, stage: 'idle', probes: [] } }));
    await button('Go back').click();
    expect(onback).toHaveBeenCalledOnce();
    await expect.element(own).toHaveFocus();
  });

  test('chosen is said, and heard where the button has gone', async () => {
    const screen = await show({}, { kind: 'own', stage: 'asking', probes: probe('keeps') });
    await button('Use these all the same').click();
    await screen.rerender({ choice: { ...choiceProps, kind: 'own', stage: 'used' } });
    await expect.element(page.getByText('Chosen. Every phone hears of it by the ways it knows.')).toBeVisible();
    expect(document.activeElement?.getAttribute('role')).toBe('status');
  });

  test('what could not be said is said', async () => {
    await show({}, { sayProblem: 'This phone is full.' });
    await expect.element(page.getByRole('alert')).toMatchTextContent('This phone is full.');
  });
});

test('a circle without a relay invites nobody, and the panel leads to where that is mended', async () => {
  const remedy = { name: 'How it gets there', href: '/c/2/ways' };
  await render(InvitePanel, { props: { link: null, problem: 'Nobody was invited.', remedy, onclose: nothing } });
  await expect.element(page.getByRole('alert')).toMatchTextContent('Nobody was invited.');
  await expect.element(page.getByRole('link', { name: 'How it gets there' })).toHaveAttribute('href', '/c/2/ways');
});

describe('holds up', () => {
  const longName = `${'relay.'.repeat(20)}example.org/${'a'.repeat(60)}`;
  const awkward = {
    friends: [friend('W'.repeat(60), { week: [{ type: 'relay' as const, name: longName }] }), friend('\u202Eمريم')],
    relays: [relay(longName, { state: 'refused' as const, reason: `restricted: ${'no'.repeat(90)}` })]
  };
  test.each<[string, Partial<PageProps>, Partial<ChoiceProps>]>([
    ['given', {}, {}],
    ['own', {}, { kind: 'own', addresses: 'wss://relay.example.org', problem: 'not-an-address' }],
    [
      'asking',
      {},
      {
        kind: 'own',
        stage: 'asking',
        probes: [...probe('refused', 'restricted: pay first'), { name: 'second.example', state: 'keeps', reason: '' }]
      }
    ],
    ['none', { relays: [], connected: [] }, { kind: 'none', given: [], stage: 'used' }],
    ['awkward', awkward, { kind: 'own', addresses: `wss://${longName}` }],
    ['own-circle', { friends: [], isOwn: true }, {}]
  ])('%s', async (title, changes, choice) => {
    await show(changes, choice);
    await expectToHoldUp(`routes-${title}`);
    await expectToHoldUp(`routes-${title}-desk`, [1280]);
  });
});
