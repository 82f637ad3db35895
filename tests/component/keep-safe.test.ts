/** A readable copy, what is kept, and erasing: as a person meets them, by touch and by keys, in both themes, narrow and wide. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Component } from 'svelte';
import ErasePage from '../../src/lib/ui/ErasePage.svelte';
import ExportPage from '../../src/lib/ui/ExportPage.svelte';
import StoragePage from '../../src/lib/ui/StoragePage.svelte';
import StorageReminder from '../../src/lib/ui/StorageReminder.svelte';
import '../../src/lib/ui/look.css';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const nothing = (): void => undefined;
const button = (name: string) => page.getByRole('button', { name, exact: true });
const wordBox = page.getByRole('textbox', { name: 'Write “erase” here' });
const longName = 'Ø'.repeat(59);

const erasing = {
  circles: ['The kitchen table', 'Sisters'],
  keeping: { backup: '/settings/backup', readable: '/settings/export' },
  leaving: null,
  busy: false,
  onerase: nothing,
  onnow: nothing
};
const copying = {
  something: true,
  onmake: nothing,
  work: null,
  onstop: nothing,
  ready: false,
  onhand: nothing,
  told: ''
};
const kept = {
  circles: [
    { own: true, name: '', bytes: 200_000 },
    { own: false, name: 'The kitchen table', bytes: 2_440_000 }
  ],
  ...{ restored: 0, replicas: 3_100_000, files: 1_500_000, all: 12_000_000 },
  ...{ keeping: 'unpromised' as const, onask: nothing, refused: false, backup: '/settings/backup' }
};

beforeEach(() => page.viewport(360, 740));

describe('erasing', () => {
  test('nothing happens before the word is written, and quietly is what is offered first', async () => {
    const onerase = vi.fn<(telling: boolean) => void>();
    await render(ErasePage, { props: { ...erasing, onerase } });
    await expect.element(page.getByRole('radio', { name: /^Go quietly/ })).toBeChecked();
    await button('Erase everything').click();
    await wordBox.fill('eras');
    await userEvent.keyboard('{Enter}');
    await expect.element(wordBox).toHaveFocus();
    await expect.element(wordBox).toHaveAccessibleDescription(/Nothing happened yet\./);
    expect(onerase).not.toHaveBeenCalled();
    await wordBox.fill('ERASE ');
    await userEvent.keyboard('{Enter}');
    expect(onerase).toHaveBeenCalledExactlyOnceWith(false);
  });

  test('friends are told where that is chosen; what cannot be called back is said at the choice', async () => {
    const onerase = vi.fn<(telling: boolean) => void>();
    await render(ErasePage, { props: { ...erasing, onerase } });
    const tell = page.getByRole('radio', {
      name: /^Say that I leave.*The kitchen table and Sisters.*can't be called back\./
    });
    await tell.click();
    await expect.element(tell).toBeChecked();
    await wordBox.fill('erase');
    await button('Erase everything').click();
    expect(onerase).toHaveBeenCalledExactlyOnceWith(true);
  });

  test('saving first is one line away, and alone there is nobody to tell', async () => {
    const onerase = vi.fn<(telling: boolean) => void>();
    await render(ErasePage, { props: { ...erasing, circles: [], onerase } });
    await expect.element(page.getByRole('link', { name: 'Backup' })).toHaveAttribute('href', '/settings/backup');
    await expect
      .element(page.getByRole('link', { name: 'A readable copy' }))
      .toHaveAttribute('href', '/settings/export');
    expect(page.getByRole('radio').elements()).toHaveLength(0);
    await wordBox.fill('erase');
    await userEvent.keyboard('{Enter}');
    expect(onerase).toHaveBeenCalledExactlyOnceWith(false);
  });

  test('while it is waited for, each circle says how far it got, and one need not wait', async () => {
    const onnow = vi.fn();
    const leaving = [
      { circle: 'The kitchen table', got: 'here', friends: [] },
      { circle: 'Sisters', got: 'relay', friends: [] },
      { circle: 'Us', got: 'friends', friends: ['Bo', 'Mia'] }
    ] as const;
    await render(ErasePage, { props: { ...erasing, leaving, onnow } });
    const told = page
      .getByRole('status')
      .elements()
      .map(({ textContent }) => textContent);
    expect(told).toEqual(['Nobody has it yet.', 'On its relay.', 'Reached Bo and Mia.']);
    expect(wordBox.elements()).toHaveLength(0);
    await button('Erase without waiting').click();
    expect(onnow).toHaveBeenCalledOnce();
  });
});

describe('a readable copy', () => {
  test('that anybody can read it is said before it is made', async () => {
    const onmake = vi.fn();
    await render(ExportPage, { props: { ...copying, onmake } });
    await expect.element(page.getByText(/^It is not closed\. Whoever has this file can read it/)).toBeVisible();
    await button('Make the copy').click();
    expect(onmake).toHaveBeenCalledOnce();
  });

  test('long work says how far it is and can be stopped; then one tap hands it over', async () => {
    const [onstop, onhand] = [vi.fn(), vi.fn()];
    const screen = await render(ExportPage, { props: { ...copying, onstop, onhand, work: { done: 30, total: 90 } } });
    await expect
      .element(page.getByRole('progressbar', { name: 'Writing down what you can read.' }))
      .toHaveAttribute('value', '30');
    await button('Stop').click();
    expect(onstop).toHaveBeenCalledOnce();
    await screen.rerender({ work: null, ready: true, told: 'The copy is ready. Now choose where it goes.' });
    await button('Save the copy').click();
    expect(onhand).toHaveBeenCalledOnce();
  });
});

describe('what is kept', () => {
  test('by circle, in as much detail as anybody needs', async () => {
    await render(StoragePage, { props: kept });
    const rows = page
      .getByRole('listitem')
      .elements()
      .map(({ textContent }) => textContent?.replaceAll(/\s+/g, ' ').trim());
    expect(rows).toEqual([
      'Your own circle less than 1 MB',
      'The kitchen table 2.4 MB',
      'Copies that travel between phones 3.1 MB',
      'Shoulder itself 1.5 MB'
    ]);
    await expect.element(page.getByText('In all, this browser counts 12 MB for Shoulder.')).toBeVisible();
  });

  test('whether it stays, and the one thing to do about it', async () => {
    const onask = vi.fn();
    const screen = await render(StoragePage, { props: { ...kept, onask } });
    await button('Ask it to keep it').click();
    expect(onask).toHaveBeenCalledOnce();
    await screen.rerender({ refused: true });
    await expect.element(page.getByText(/^It didn't promise\./)).toBeVisible();
    await screen.rerender({ keeping: 'home-screen' });
    await expect.element(page.getByRole('link', { name: 'Backup' })).toHaveAttribute('href', '/settings/backup');
    expect(button('Ask it to keep it').elements()).toHaveLength(0);
    await screen.rerender({ keeping: 'promised' });
    await expect.element(page.getByText('This browser has promised to keep it.')).toBeVisible();
    expect(page.getByRole('link').elements()).toHaveLength(0);
  });

  test('the reminder can be put away, or followed', async () => {
    const ondone = vi.fn();
    await render(StorageReminder, { props: { href: '#there', ondone } });
    await button('All right').click();
    await page.getByRole('link', { name: 'Have a look' }).click();
    expect(ondone).toHaveBeenCalledTimes(2);
  });
});

describe('in both themes, narrow and wide', () => {
  const leaving = [
    { circle: longName, got: 'here', friends: [] },
    { circle: 'المطبخ', got: 'friends', friends: ['مريم', longName] }
  ];
  const looks: Readonly<Record<string, readonly [Component<never>, object]>> = {
    erase: [
      ErasePage as Component<never>,
      { ...erasing, circles: ['The kitchen table', longName], problem: 'That could not be said just now.' }
    ],
    'erase-leaving': [ErasePage as Component<never>, { ...erasing, leaving }],
    'erase-locked': [ErasePage as Component<never>, { ...erasing, circles: [], keeping: undefined }],
    export: [ExportPage as Component<never>, copying],
    'export-working': [ExportPage as Component<never>, { ...copying, work: { done: 30, total: 90 } }],
    storage: [
      StoragePage as Component<never>,
      { ...kept, circles: [...kept.circles, { own: false, name: longName, bytes: 4e9 }], refused: true }
    ],
    'storage-iphone': [StoragePage as Component<never>, { ...kept, keeping: 'home-screen' }],
    'storage-reminder': [StorageReminder as Component<never>, { href: '#there', ondone: nothing }]
  };
  test.each(Object.entries(looks))('%s', async (name, [of, given]) => {
    await render(ScreenNarrow, { props: { of, with: given } as never });
    await expectToHoldUp(`${name}-wide`, [360, 1280]);
    await expectToHoldUp(name, [1280, 320, 360]);
  });
});
