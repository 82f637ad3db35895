/** One person in a circle: comparing words, muting, a lost phone; oneself and one's devices. */
import type { ComponentProps } from 'svelte';
import { createRawSnippet } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import PersonPage from '../../src/lib/ui/PersonPage.svelte';
import PersonYou from '../../src/lib/ui/PersonYou.svelte';
import { awkward, device, person, voices, you } from './people-here.ts';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const words = ['river', 'table', 'lemon', 'quiet', 'above', 'paper'];
const ana = person('Ana', { compared: 'changed', vouchedBy: voices('Bob', 'Mia'), letInBy: voices('Bob') });
const given = <T extends object>(component: unknown, props: T) => {
  const on = (more: Partial<T>) => ({ of: component, with: { ...props, ...more } }) as never;
  return { on, show: (more: Partial<T> = {}) => render(ScreenNarrow, { props: on(more) }) };
};
const button = (name: string) => page.getByRole('button', { name, exact: true });
const link = (name: string) => page.getByRole('link', { name, exact: true });
/** The line that unfolds something. */
const fold = (name: string) => page.getByText(name, { exact: true }).first();
const text = (): string => (page.getByRole('main').element().textContent ?? '').replace(/\s+/g, ' ');

beforeEach(() => page.viewport(360, 740));

describe('somebody', () => {
  const invite = createRawSnippet(() => ({ render: () => '<p>an invitation</p>' }));
  const callbacks = { onwords: vi.fn(), onsame: vi.fn(), onmute: vi.fn() };
  const props: ComponentProps<typeof PersonPage> = {
    person: ana,
    onlyTwo: false,
    words: null,
    back: '/c/2/people',
    remove: '/c/2/people/2/remove',
    leave: '/c/2/people/leave',
    start: '/start',
    invite,
    ...callbacks
  };
  const { on, show } = given(PersonPage, props);
  beforeEach(() => Object.values(callbacks).forEach((callback) => callback.mockReset()));

  test('is told in words, and everything there is to do is folded away', async () => {
    await show();
    await expect.element(page.getByRole('heading', { name: 'Ana', level: 1 })).toBeVisible();
    await expect.element(page.getByText("Bob and Mia said that this is Ana's new phone.")).toBeVisible();
    await expect.element(page.getByText('Bob let Ana in.')).toBeVisible();
    expect([...document.querySelectorAll('summary')].map(({ textContent }) => textContent)).toEqual([
      'Compare six words',
      'Mute Ana',
      'Ana lost their phone?'
    ]);
    await expect.element(link('Remove Ana from this circle')).toHaveAttribute('href', '/c/2/people/2/remove');
    expect(page.getByRole('button').elements()).toEqual([]);
  });

  test('words are asked for only when they are wanted, and then compared in person', async () => {
    const screen = await show();
    expect(callbacks.onwords).not.toHaveBeenCalled();
    await fold('Compare six words').click();
    await expect.element(page.getByRole('status')).toMatchTextContent('One moment.');
    expect(callbacks.onwords).toHaveBeenCalledOnce();
    await screen.rerender(on({ words }));
    const shown = page.getByRole('group', { name: 'Six words' }).getByRole('listitem').elements();
    expect(shown.map(({ textContent }) => textContent)).toEqual(words);
    expect(text()).toContain(
      'Say these to each other in person. The same words on both phones mean nobody is in between.'
    );
    callbacks.onsame.mockImplementation(() => void screen.rerender(on({ words, person: { ...ana, compared: 'yes' } })));
    await button('They are the same').click();
    expect(callbacks.onsame).toHaveBeenCalledOnce();
    await expect.element(page.getByRole('status')).toHaveFocus();
    await expect.element(page.getByRole('status')).toMatchTextContent('Compared in person.');
    expect(button('They are the same').elements()).toEqual([]);
  });

  test('whoever has no device now has no words', async () => {
    await show({ person: person('Ana', { devices: [] }), words });
    await fold('Compare six words').click();
    await expect.element(page.getByText('Ana has no device here to compare with right now.')).toBeVisible();
    expect(page.getByRole('group', { name: 'Six words' }).elements()).toEqual([]);
  });

  test('muting is said plainly, and undone as easily', async () => {
    const screen = await show();
    await fold('Mute Ana').click();
    await expect
      .element(page.getByText("You won't see Ana's cards here. Ana isn't told, and nobody else."))
      .toBeVisible();
    await button('Mute Ana').click();
    expect(callbacks.onmute).toHaveBeenLastCalledWith(true);
    await screen.rerender(on({ person: { ...ana, muted: true } }));
    await expect.element(fold('Ana is muted')).toBeVisible();
    await button('Show Ana again').click();
    expect(callbacks.onmute).toHaveBeenLastCalledWith(false);
  });

  test('a lost phone: what to do, who decides, and the invitation', async () => {
    await show();
    await fold('Ana lost their phone?').click();
    expect(text()).toContain("On the new phone, Ana opens the link and chooses “I've been here before”.");
    expect(text()).toContain('When more than half have said yes, the new phone is in');
    expect(text()).toContain("What was only Ana's comes back only from another device or a backup.");
    await button('Invite Ana again').click();
    await expect.element(page.getByText('an invitation')).toBeVisible();
  });

  test('of two, nobody can remove the other: there are other ways', async () => {
    await show({ onlyTwo: true, person: { ...ana, mayRemove: false } });
    expect(link('Remove Ana from this circle').elements()).toEqual([]);
    await fold('Go on without Ana').click();
    await expect
      .element(page.getByText(/^Where there are only the two of you, neither can remove the other\./))
      .toBeVisible();
    await expect.element(link('Leave the circle')).toHaveAttribute('href', '/c/2/people/leave');
    await expect.element(link('Start a new circle without Ana')).toHaveAttribute('href', '/start');
    await fold('Ana lost their phone?').click();
    expect(text()).toContain('You are then asked, on this phone, whether it is really Ana.');
  });

  test('whoever has spoken is led to how far it is', async () => {
    await show({ person: { ...ana, spoken: { names: ['Jo'], missing: 1 } } });
    await expect.element(link('You said that Ana should go')).toHaveAttribute('href', '/c/2/people/2/remove');
    expect(text()).not.toContain('Jo');
  });

  test('by keyboard, a fold opens and closes', async () => {
    await show();
    await userEvent.keyboard('{Tab}{Tab}{Tab} ');
    await expect.element(button('Mute Ana')).toBeVisible();
    await userEvent.keyboard(' ');
    await expect.element(button('Mute Ana')).not.toBeInTheDocument();
  });

  test.each([
    ['folded', { person: ana }, []],
    ['words', { person: ana, words }, ['Compare six words']],
    ['open', { person: { ...ana, muted: true } }, ['Ana is muted', 'Ana lost their phone?']],
    ['two', { person: { ...ana, mayRemove: false }, onlyTwo: true }, ['Go on without Ana']]
  ])('holds up %s', async (title, changes, folds) => {
    await show(changes);
    for (const name of folds) await fold(name).click();
    await expectToHoldUp(`person-${title}`);
    await expectToHoldUp(`person-${title}-desk`, [1280]);
  });

  test.each(awkward.slice(1).map((each, i) => [i, each] as const))('holds up, awkward %i', async (i, each) => {
    await show({ person: each, words });
    for (const summary of document.querySelectorAll('summary')) summary.click();
    await expectToHoldUp(`person-awkward-${i}`);
  });
});

describe('oneself', () => {
  const ontakeoff = vi.fn();
  const props: ComponentProps<typeof PersonYou> = {
    person: { ...you, letInBy: voices('Ana') },
    back: '/c/2/people',
    devices: '/settings/devices',
    ontakeoff
  };
  const { show } = given(PersonYou, props);
  beforeEach(() => ontakeoff.mockReset());

  test('one’s devices, this one among them, and the way to another', async () => {
    await show();
    const entries = page.getByRole('region', { name: 'Your devices here' }).getByRole('listitem').elements();
    expect(entries.map(({ textContent }) => textContent?.trim())).toEqual(['this phone', 'a laptop Take off a laptop']);
    await expect.element(page.getByText('Ana let you in.')).toBeVisible();
    await expect.element(link('Add a device')).toHaveAttribute('href', '/settings/devices');
    expect(button('Take off this phone').elements()).toEqual([]);
  });

  test('taking one off says what happens, and asks once more', async () => {
    await show();
    await button('Take off a laptop').click();
    await expect.element(page.getByRole('group', { name: 'Take off a laptop?' })).toBeVisible();
    expect(text()).toContain(
      'It reads nothing that is said after. What is on it stays on it. If it was stolen, do this first.'
    );
    await expect.element(button('Keep it')).toHaveFocus();
    await button('Keep it').click();
    expect(ontakeoff).not.toHaveBeenCalled();
    await button('Take off a laptop').click();
    await button('Take it off').click();
    expect(ontakeoff).toHaveBeenCalledExactlyOnceWith(you.devices[1]?.id);
  });

  test('a label of one’s own is said as it is', async () => {
    await show({ person: { ...you, devices: [device('Kitchen', true), device('Work')] } });
    await expect.element(page.getByText('Kitchen (this one)', { exact: true })).toBeVisible();
    await expect.element(page.getByText('With Kitchen (this one) and Work.')).toBeVisible();
    await expect.element(button('Take off Work')).toBeVisible();
  });

  test('what could not be kept is said', async () => {
    await show({ problem: 'This phone is full.' });
    await expect.element(page.getByRole('alert')).toMatchTextContent('This phone is full.');
  });

  test('holds up', async () => {
    await show({ person: { ...you, devices: [...you.devices, device('V'.repeat(60)), device('لابتوب')] } });
    await button('Take off a laptop').click();
    await expectToHoldUp('person-you');
    await expectToHoldUp('person-you-desk', [1280]);
  });
});
