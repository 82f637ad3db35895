/** Who is here: everybody in a list, and what the board says of people besides their cards. */
import type { ComponentProps } from 'svelte';
import { createRawSnippet } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import DevicesChanged from '../../src/lib/ui/DevicesChanged.svelte';
import OutOfCircle from '../../src/lib/ui/OutOfCircle.svelte';
import PeopleMuted from '../../src/lib/ui/PeopleMuted.svelte';
import PeoplePage from '../../src/lib/ui/PeoplePage.svelte';
import TidyUp from '../../src/lib/ui/TidyUp.svelte';
import type { DeviceNews, GonePerson, ShownPerson } from '../../src/lib/ui/people.ts';
import { awkward, crowd, device, person, table, voices, you } from './people-here.ts';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

type PageProps = ComponentProps<typeof PeoplePage>;

const keys = createRawSnippet(() => ({ render: () => '<p>the keys</p>' }));
const props: PageProps = {
  circle: 'The kitchen table',
  people: table,
  hrefOf: ({ id }: ShownPerson) => `/c/2/people/${table.findIndex((each) => each.id === id) + 1}`,
  back: '/c/2',
  leave: '/c/2/people/leave',
  leftHrefOf: ({ name }: GonePerson) => `/kept/${name}`,
  children: keys
};
const gone = (name: string, changes: Partial<GonePerson> = {}): GonePerson => ({
  id: name as GonePerson['id'],
  name,
  how: 'left',
  wordsStay: true,
  ...changes
});
const on = (component: unknown, given: object) =>
  render(ScreenNarrow, { props: { of: component, with: given } as never });
const show = (changes: Partial<PageProps> = {}) => on(PeoplePage, { ...props, ...changes });
const lines = (name: string): (string | null)[] => {
  const entry = page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
  return [...entry.element().querySelectorAll('p')].map(({ textContent }) => textContent);
};
const button = (name: string) => page.getByRole('button', { name, exact: true });
const link = (name: string) => page.getByRole('link', { name, exact: true });

beforeEach(() => page.viewport(360, 740));

describe('everybody', () => {
  test('has an entry under the circle’s name, oneself first, that leads to their page', async () => {
    await show();
    await expect.element(page.getByRole('heading', { name: 'Who is here', level: 1 })).toBeVisible();
    await expect.element(page.getByText('The kitchen table')).toBeVisible();
    const entries = page.getByRole('list').getByRole('link').elements();
    expect(entries.map((entry) => [entry.textContent, entry.getAttribute('href')])).toEqual([
      ['You', '/c/2/people/1'],
      ['Ana', '/c/2/people/2'],
      ['Bob', '/c/2/people/3'],
      ['Mia', '/c/2/people/4'],
      ['Jo', '/c/2/people/5']
    ]);
  });

  test('is told in words: devices, what was compared, who let them in and who vouched, who is muted', async () => {
    await show();
    expect(lines('You')).toEqual(['With this phone and a laptop.']);
    expect(lines('Ana')).toEqual([
      'With a phone.',
      "Ana's devices changed since you compared words. Compare them again when you meet.",
      "Bob and Mia said that this is Ana's new phone.",
      'You let Ana in.'
    ]);
    expect(lines('Bob')).toEqual(['With a phone and a laptop.', 'Compared in person.', 'You let Bob in.']);
    expect(lines('Mia')).toEqual(['With a phone.', 'Bob let Mia in.', "Muted. You don't see Mia's cards here."]);
    expect(lines('Jo')).toEqual(['With 2 devices.', 'Ana let Jo in.']);
  });

  test('shows nobody who has spoken about whom', async () => {
    await show({ people: [you, person('Ana', { spoken: { names: ['Jo'], missing: 1 } })] });
    expect(lines('Ana').join(' ')).not.toContain('Jo');
  });

  test('a touch anywhere in an entry goes where its name does', async () => {
    await show();
    const visited = vi.fn((event: Event) => event.preventDefault());
    link('Bob').element().addEventListener('click', visited);
    const fact = page.getByText('Compared in person.').element().getBoundingClientRect();
    (document.elementFromPoint(fact.x + 5, fact.y + 5) as HTMLElement).click();
    expect(visited).toHaveBeenCalledOnce();
  });

  test('by keyboard: back, each person, and what is under them', async () => {
    await show();
    for (const name of ['Back', 'You', 'Ana', 'Bob', 'Mia', 'Jo', 'Leave the circle']) {
      await userEvent.keyboard('{Tab}');
      await expect.element(link(name)).toHaveFocus();
    }
  });

  test('whoever has left has no entry, but what they said can be found', async () => {
    await show({ left: [gone('Wren')] });
    const kept = link('Wren has left the circle. What they said before is kept here.');
    await expect.element(kept).toHaveAttribute('href', '/kept/Wren');
  });

  test('alone there is nobody to leave, and there are no keys to make new', async () => {
    await show({ people: [you] });
    await expect.element(page.getByText(/^Nobody else here yet/)).toBeVisible();
    expect(page.getByText('the keys').elements()).toEqual([]);
    expect(link('Leave the circle').elements()).toEqual([]);
  });

  test('one’s own circle has no name to say', async () => {
    await show({ people: [you], isOwn: true });
    await expect.element(page.getByText('Only you see this.')).toBeVisible();
    expect(page.getByText('The kitchen table').elements()).toEqual([]);
  });
});

describe('new keys', () => {
  const showKeys = (changes: Partial<ComponentProps<typeof TidyUp>> = {}) => {
    const callbacks = { ontidy: vi.fn(), onfresh: vi.fn() };
    return { ...callbacks, screen: on(TidyUp, { ...callbacks, ...changes }) };
  };

  test.each([
    ['Tidy up', 'Make new keys for everyone?', 'Make new keys', 'ontidy'],
    ['Let somebody in from now on', 'Begin anew for newcomers?', 'From now on', 'onfresh']
  ] as const)('%s asks once more, and what changes nothing has the focus', async (name, question, yes, callback) => {
    const { screen, ...callbacks } = showKeys();
    await screen;
    await button(name).click();
    await expect.element(page.getByRole('group', { name: question })).toBeVisible();
    await expect.element(page.getByText('Invitations that are still open end with it.')).toBeVisible();
    await expect.element(button('Not now')).toHaveFocus();
    await button('Not now').click();
    await expect.element(button(name)).toHaveFocus();
    expect(callbacks[callback]).not.toHaveBeenCalled();
    await button(name).click();
    await button(yes).click();
    expect(callbacks[callback]).toHaveBeenCalledOnce();
    expect(callbacks[callback === 'ontidy' ? 'onfresh' : 'ontidy']).not.toHaveBeenCalled();
    await expect.element(button(name)).toHaveFocus();
  });

  test('what came of it is heard, and what could not be done is said', async () => {
    await showKeys({ done: 'tidied' }).screen;
    await expect.element(page.getByRole('status')).toMatchTextContent(/^New keys are made\./);
  });

  test('from now on: what it means is heard', async () => {
    await showKeys({ done: 'fresh', problem: 'This phone is full.' }).screen;
    await expect.element(page.getByRole('status')).toMatchTextContent(/^Whoever comes in now reads only what is said/);
    await expect.element(page.getByRole('alert')).toMatchTextContent('This phone is full.');
  });
});

describe('the board says', () => {
  const news = (name: string, changes: Partial<DeviceNews> = {}): DeviceNews => ({
    person: name as ShownPerson['id'],
    name,
    isYou: false,
    devices: [device('laptop')],
    vouchedBy: null,
    ...changes
  });
  const newsProps: ComponentProps<typeof DevicesChanged> = {
    news: [],
    hrefOf: ({ name }: { readonly name: string }) => `/kept/${name}`,
    people: '/c/2/people',
    ondismiss: vi.fn()
  };
  const said = [
    news('Ana', { devices: [device('')], vouchedBy: voices('Bob', 'Mia') }),
    news('Jo'),
    news('Mia', { devices: [device('')], vouchedBy: voices('You') }),
    news('Sofie', { isYou: true })
  ];

  test('whose devices changed and by whose word, and can be told that this was seen', async () => {
    const ondismiss = vi.fn();
    await on(DevicesChanged, { ...newsProps, news: said, ondismiss });
    const region = page.getByRole('region', { name: 'What changed here' });
    expect([...region.element().querySelectorAll('p')].map(({ textContent }) => textContent)).toEqual([
      'Ana uses a new phone now. Bob and Mia vouched for it.',
      'Jo added a laptop.',
      'Mia uses a new phone now. You vouched for it.',
      'Added as yours: a laptop.'
    ]);
    await expect.element(link('Who is here')).toHaveAttribute('href', '/c/2/people');
    await button('All right').click();
    expect(ondismiss).toHaveBeenCalledOnce();
  });

  test('who is gone, and where their words are if they let them stay', async () => {
    const people = [gone('Ana'), gone('Jo', { wordsStay: false }), gone('Mia', { how: 'removed', wordsStay: false })];
    await on(DevicesChanged, { ...newsProps, gone: people });
    const told = page.getByRole('region', { name: 'What changed here' });
    expect([...told.element().querySelectorAll('p')].map(({ textContent }) => textContent?.trim())).toEqual([
      'Ana has left the circle.',
      'What Ana said is kept',
      'Jo has left the circle.',
      'Mia is no longer in this circle.'
    ]);
    await expect.element(link('What Ana said is kept')).toHaveAttribute('href', '/kept/Ana');
  });

  test('nothing where nothing changed', async () => {
    await on(DevicesChanged, newsProps);
    expect(page.getByRole('region').elements()).toEqual([]);
  });

  test('who is muted, by name, with the way to show them again', async () => {
    await on(PeopleMuted, { names: ['Jo', 'Mia'], people: '/c/2/people' });
    await expect.element(link('Muted: Jo and Mia')).toHaveAttribute('href', '/c/2/people');
  });

  test.each([
    ['left', 'You left this circle. What is on this phone stays yours to read.'],
    ['removed', "You're no longer in this circle. What is on this phone stays yours to read."],
    ['taken-off', 'This device was taken off, and is no longer in this circle. What is on it stays yours to read.']
  ] as const)('why one is out: %s', async (why, sentence) => {
    await on(OutOfCircle, { why });
    await expect.element(page.getByRole('status')).toMatchTextContent(sentence);
  });

  test('holds up', async () => {
    const given = [...said, news('W'.repeat(60), { devices: [device('V'.repeat(60))] }), news('‮يوسف')];
    await on(DevicesChanged, { ...newsProps, news: given, gone: [gone('V'.repeat(60)), gone('يوسف')] });
    await expectToHoldUp('people-news');
  });

  test('holds up where everybody is muted', async () => {
    await on(PeopleMuted, { names: ['W'.repeat(60), 'يوسف', 'Jo'], people: '/c/2/people' });
    await expectToHoldUp('people-muted');
  });

  test('holds up when one is out', async () => {
    await on(OutOfCircle, { why: 'removed' });
    await expectToHoldUp('people-out');
  });
});

describe('holds up', () => {
  const doing = { ontidy: vi.fn(), onfresh: vi.fn() };
  test.each<[string, Partial<PageProps>]>([
    ['table', { left: [gone('Wren')] }],
    ['alone', { people: [you] }],
    ['crowd', { people: crowd }],
    ['awkward', { people: awkward, circle: 'M'.repeat(60), left: [gone('W'.repeat(60)), gone('مريم')] }]
  ])('%s', async (title, changes) => {
    await show(changes);
    await expectToHoldUp(`people-${title}`);
    await expectToHoldUp(`people-${title}-desk`, [1280]);
  });

  test('keys, quiet and asking', async () => {
    await on(TidyUp, doing);
    await expectToHoldUp('people-keys');
    await button('Let somebody in from now on').click();
    await expectToHoldUp('people-keys-asking');
  });
});
