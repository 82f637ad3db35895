/** Going: saying that somebody should, and leaving oneself. */
import type { ComponentProps } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import LeavePage from '../../src/lib/ui/LeavePage.svelte';
import RemovePage from '../../src/lib/ui/RemovePage.svelte';
import { person } from './people-here.ts';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const given = <T extends object>(component: unknown, props: T) => {
  const on = (more: Partial<T>) => ({ of: component, with: { ...props, ...more } }) as never;
  return { on, show: (more: Partial<T> = {}) => render(ScreenNarrow, { props: on(more) }) };
};
const button = (name: string) => page.getByRole('button', { name, exact: true });
const link = (name: string) => page.getByRole('link', { name, exact: true });
const text = (): string => (page.getByRole('main').element().textContent ?? '').replace(/\s+/g, ' ');

beforeEach(() => page.viewport(360, 740));

describe('saying that somebody should go', () => {
  const onsay = vi.fn();
  const props: ComponentProps<typeof RemovePage> = { person: person('Ana'), back: '/c/2/people/2', onsay };
  const { on, show } = given(RemovePage, props);
  beforeEach(() => onsay.mockReset());

  test('says what happens, what stays, who sees it, and that it is for good, before the button', async () => {
    await show();
    await expect.element(page.getByRole('heading', { name: 'Remove Ana from this circle', level: 1 })).toBeVisible();
    for (const sentence of [
      'When more than half of the others have, Ana is out.',
      'New keys are made at once, and Ana reads nothing that is said after.',
      'What Ana already has stays with Ana.',
      "Once said, it can't be taken back.",
      'Who has said so is shown only to those who have.'
    ])
      expect(text()).toContain(sentence);
    await expect.element(link('Not now')).toHaveAttribute('href', '/c/2/people/2');
    expect(onsay).not.toHaveBeenCalled();
  });

  test('once said, how far it is has the focus, and there is nothing more to press', async () => {
    const screen = await show();
    const spoken = person('Ana', { spoken: { names: ['Jo'], missing: 1 } });
    onsay.mockImplementation(() => void screen.rerender(on({ person: spoken })));
    await button('Say that Ana should go').click();
    expect(onsay).toHaveBeenCalledOnce();
    await expect.element(page.getByRole('status')).toMatchTextContent('You and Jo have said so. One more is needed.');
    await expect.element(page.getByRole('status')).toHaveFocus();
    expect(page.getByRole('button').elements()).toEqual([]);
  });

  test.each([
    [[], 2, 'You have said so. 2 more are needed.'],
    [['Jo', 'Mia'], 1, 'You, Jo, and Mia have said so. One more is needed.'],
    [['Jo'], 0, 'You and Jo have said so. That is more than half. Ana is out as soon as a phone has made the new keys.']
  ])('how far: %s, %i missing', async (names, missing, sentence) => {
    await show({ person: person('Ana', { spoken: { names, missing } }) });
    await expect.element(page.getByRole('status')).toMatchTextContent(sentence);
  });

  test('while it is said, or where it could not be, nothing is said twice', async () => {
    await show({ busy: true, problem: 'This phone is full.' });
    (button('Say that Ana should go').element() as HTMLElement).click();
    expect(onsay).not.toHaveBeenCalled();
    await expect.element(page.getByRole('alert')).toMatchTextContent('This phone is full.');
  });

  test.each([
    ['before', person('Ana')],
    ['after', person('Ana', { spoken: { names: ['Jo'], missing: 1 } })],
    ['awkward', person('W'.repeat(60))]
  ])('holds up %s', async (title, who) => {
    await show({ person: who });
    await expectToHoldUp(`remove-${title}`);
    await expectToHoldUp(`remove-${title}-desk`, [1280]);
  });
});

describe('leaving', () => {
  const callbacks = { onlastword: vi.fn(), onleave: vi.fn() };
  const props: ComponentProps<typeof LeavePage> = {
    circle: 'The kitchen table',
    lastWord: '',
    back: '/c/2/people',
    ...callbacks
  };
  const { show } = given(LeavePage, props);
  const box = page.getByRole('textbox', { name: 'A last word' });
  const radio = (name: RegExp) => page.getByRole('radio', { name });
  beforeEach(() => Object.values(callbacks).forEach((callback) => callback.mockReset()));

  test('without a word, and what was said stays', async () => {
    await show();
    await expect.element(page.getByRole('heading', { name: 'Leave The kitchen table', level: 1 })).toBeVisible();
    await expect.element(radio(/^Leave what I said here/)).toBeChecked();
    await expect.element(box).toHaveAccessibleDescription('Leaving without a word is as good.');
    expect(text()).toContain("What somebody copied can't be called back");
    await button('Leave').click();
    expect(callbacks.onleave).toHaveBeenCalledExactlyOnceWith('stay');
  });

  test('with a last word, which is kept while one writes', async () => {
    await show();
    await userEvent.type(box, 'T');
    expect(callbacks.onlastword).toHaveBeenLastCalledWith('T');
  });

  test('with all one’s words: a last one would go with them, and is not asked for', async () => {
    await show({ lastWord: 'Take care.' });
    await radio(/^Take my words along/).click();
    expect(box.elements()).toEqual([]);
    await expect.element(page.getByText(/^A last word would go with the others\./)).toBeVisible();
    await button('Leave').click();
    expect(callbacks.onleave).toHaveBeenCalledExactlyOnceWith('go');
    await radio(/^Leave what I said here/).click();
    await expect.element(box).toHaveValue('Take care.');
  });

  test('while it is said nothing is said twice, and what could not be said is told', async () => {
    await show({ busy: true, problem: 'This phone is full.' });
    (button('Leave').element() as HTMLElement).click();
    expect(callbacks.onleave).not.toHaveBeenCalled();
    await expect.element(page.getByRole('alert')).toMatchTextContent('This phone is full.');
  });

  test.each([
    ['stay', {}],
    ['awkward', { circle: 'M'.repeat(60), lastWord: 'انتبهوا لأنفسكم. '.repeat(20), problem: 'This phone is full.' }]
  ])('holds up %s', async (title, changes) => {
    await show(changes);
    await expectToHoldUp(`leave-${title}`);
    await expectToHoldUp(`leave-${title}-desk`, [1280]);
  });

  test('holds up with words that go', async () => {
    await show();
    await radio(/^Take my words along/).click();
    await expectToHoldUp('leave-go');
  });
});
