/** Backup and restore, as a person meets them: what is said before, during and after, by touch and by keys, in both themes. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import BackupMake from '../../src/lib/ui/BackupMake.svelte';
import { backupProblemSentence, type BackupProblem } from '../../src/lib/ui/backup-words.ts';
import '../../src/lib/ui/look.css';
import RestoreFrom from '../../src/lib/ui/RestoreFrom.svelte';
import RestoredCircle from '../../src/lib/ui/RestoredCircle.svelte';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const nothing = (): void => undefined;
const button = (name: string) => page.getByRole('button', { name, exact: true });
const box = (name: string) => page.getByRole('textbox', { name, exact: true });
const words = ['legal', 'winner', 'thank', 'year', 'wave', 'sausage'];
const nowMs = Date.UTC(2026, 10, 22, 12);

const making = {
  words,
  onotherwords: nothing,
  onmake: nothing,
  work: null,
  onstop: nothing,
  ready: false,
  onhand: nothing,
  told: '',
  last: 'No backup was made from this phone yet.'
};
const restoring = {
  onopen: nothing,
  work: null,
  onstop: nothing,
  found: null,
  onbring: nothing,
  onother: nothing,
  told: '',
  done: null
};
const found = { madeAtMs: nowMs, own: true, circles: ['The kitchen table', 'Sisters'] };

beforeEach(() => page.viewport(360, 740));

describe('making one', () => {
  test('the six words are the passphrase, and others are a tap away', async () => {
    const [onmake, onotherwords] = [vi.fn<(passphrase: string) => void>(), vi.fn()];
    await render(BackupMake, { props: { ...making, onmake, onotherwords } });
    expect(page.getByRole('group', { name: 'Six words for the backup' }).getByRole('listitem').elements()).toHaveLength(
      6
    );
    await button('Other words').click();
    expect(onotherwords).toHaveBeenCalledOnce();
    await button('Make the backup').click();
    expect(onmake).toHaveBeenCalledExactlyOnceWith(words.join(' '));
  });

  test('what it holds and what not is said before', async () => {
    await render(BackupMake, { props: making });
    await expect.element(page.getByText(/^In it: everything you said that is still kept/)).toBeVisible();
    await expect.element(page.getByText(/^Not in it: your friends' words.* this phone's keys\./)).toBeVisible();
  });

  test('one’s own words are written twice, plainly, and are not too short', async () => {
    const onmake = vi.fn<(passphrase: string) => void>();
    await render(BackupMake, { props: { ...making, onmake } });
    await button('Write my own').click();
    await box('Passphrase').fill('short');
    await userEvent.keyboard('{Enter}');
    await expect.element(box('Passphrase')).toHaveFocus();
    await expect.element(box('Passphrase')).toHaveAccessibleDescription(/This can be guessed by trying\./);
    await box('Passphrase').fill('a sentence of mine');
    await box('The same once more').fill('a sentence of mne');
    await userEvent.keyboard('{Enter}');
    await expect.element(box('The same once more')).toHaveFocus();
    await expect
      .element(box('The same once more'))
      .toHaveAccessibleDescription('The two are not the same. Write the second one again.');
    expect(onmake).not.toHaveBeenCalled();
    await box('The same once more').fill('a sentence of mine');
    await userEvent.keyboard('{Enter}');
    expect(onmake).toHaveBeenCalledExactlyOnceWith('a sentence of mine');
    await expect.element(box('Passphrase')).toHaveAttribute('type', 'text');
  });

  test('long work says how far it is, and can be stopped', async () => {
    const onstop = vi.fn();
    const screen = await render(BackupMake, {
      props: { ...making, onstop, work: { stage: 'gathering', done: 300, total: 900 } }
    });
    const bar = page.getByRole('progressbar', { name: 'Gathering what you said.' });
    await expect.element(bar).toHaveAttribute('value', '300');
    expect(button('Make the backup').elements()).toHaveLength(0);
    await screen.rerender({ work: { stage: 'closing', done: 0, total: 900 } });
    await expect.element(page.getByRole('progressbar', { name: /^Closing the file\./ })).not.toHaveAttribute('value');
    await button('Stop').click();
    expect(onstop).toHaveBeenCalledOnce();
  });

  test('one tap more hands it over', async () => {
    const onhand = vi.fn();
    await render(BackupMake, {
      props: { ...making, ready: true, onhand, told: 'The backup is ready. Now choose where it goes.' }
    });
    await expect.element(page.getByRole('status')).toMatchTextContent(/^The backup is ready\./);
    await button('Save the file').click();
    expect(onhand).toHaveBeenCalledOnce();
  });
});

describe('bringing one back', () => {
  test('file and passphrase first; what is missing is said where it is missing', async () => {
    const onopen = vi.fn<(file: File, passphrase: string) => void>();
    await render(RestoreFrom, { props: { ...restoring, onopen } });
    await button('Open it').click();
    await expect.element(page.getByText('Choose the file first.')).toBeVisible();
    const file = new File(['age-encryption.org/v1\n'], 'shoulder-2026-11-22.age');
    await page.getByLabelText('The backup file').upload(file);
    await button('Open it').click();
    await expect.element(box('Its passphrase')).toHaveFocus();
    await box('Its passphrase').fill(words.join(' '));
    await userEvent.keyboard('{Enter}');
    expect(onopen).toHaveBeenCalledOnce();
    expect(onopen.mock.calls[0]?.[0].name).toBe(file.name);
    expect(onopen.mock.calls[0]?.[1]).toBe(words.join(' '));
  });

  test('after a wrong passphrase the file is still chosen', async () => {
    const screen = await render(RestoreFrom, { props: restoring });
    const chooser = page.getByLabelText('The backup file');
    await chooser.upload(new File(['age'], 'shoulder-2026-11-22.age'));
    await screen.rerender({ work: { stage: 'opening', done: 0, total: 9 } });
    await expect.element(chooser).not.toBeVisible();
    await screen.rerender({ work: null, told: 'no', problem: true });
    await expect.element(chooser).toBeVisible();
    expect((chooser.element() as HTMLInputElement).files?.[0]?.name).toBe('shoulder-2026-11-22.age');
  });

  test('what is in it is shown, and only a yes brings it back', async () => {
    const [onbring, onother] = [vi.fn(), vi.fn()];
    await render(RestoreFrom, { props: { ...restoring, found, onbring, onother } });
    await expect
      .element(page.getByText('A backup from 22 November 2026.').or(page.getByText('A backup from November 22, 2026.')))
      .toBeVisible();
    await expect.element(page.getByText('In it are your words from The kitchen table and Sisters.')).toBeVisible();
    await button('Use another file').click();
    expect(onother).toHaveBeenCalledOnce();
    expect(onbring).not.toHaveBeenCalled();
    await button('Bring it back').click();
    expect(onbring).toHaveBeenCalledOnce();
  });

  test('before that it is said what comes back and what does not', async () => {
    await render(RestoreFrom, { props: restoring });
    await expect.element(page.getByText(/ask a friend there for an invite\.$/)).toBeVisible();
    await expect
      .element(
        page.getByText(
          /^Friends' words are not in a backup: they come back from friends\. Nothing that is on this phone is changed\.$/
        )
      )
      .toBeVisible();
  });

  test('each thing that can be wrong has a sentence of its own, which says what was kept', async () => {
    const problems: BackupProblem[] = [
      ...([
        'TooLarge',
        'NotAge',
        'NewerAge',
        'NotByPassphrase',
        'TooHeavy',
        'WrongPassphrase',
        'Damaged',
        'NotABackup'
      ] as const),
      ...([
        'NewerBackup',
        'Malformed',
        'Unreadable',
        'OutOfStrength',
        'StorageFull',
        'StorageRefused',
        'NewerDatabase'
      ] as const)
    ];
    const sentences = problems.map(backupProblemSentence);
    expect(new Set(sentences).size).toBe(problems.length);
    for (const sentence of sentences)
      expect(sentence).toMatch(/Nothing was (changed|touched|brought back|erased)|What came back until now stays/);
    await render(RestoreFrom, { props: { ...restoring, told: sentences[0] ?? '', problem: true } });
    await expect.element(page.getByRole('alert')).toHaveTextContent(sentences[0] ?? '');
  });

  test('once it is back there is a way on', async () => {
    await render(RestoreFrom, { props: { ...restoring, told: 'It is back.', done: '/there' } });
    await expect.element(page.getByRole('link', { name: 'Go to your board' })).toHaveAttribute('href', '/there');
    expect(button('Open it').elements()).toHaveLength(0);
  });
});

describe('a circle from a backup', () => {
  const entry = (kind: string, more: object = {}) => ({
    key: kind,
    kind,
    name: 'Bo',
    atMs: nowMs - 3 * 86_400_000,
    words: '',
    feelings: [],
    ...more
  });
  const circle = {
    name: 'The kitchen table',
    own: false,
    friends: ['Bo', 'Mia'],
    nowMs,
    back: '/settings/backup',
    entries: [
      entry('checkIn', {
        name: null,
        words: 'A rough week.\nAnd long.',
        feelings: ['sad', 'like wet sand'],
        point: { pleasantness: -40, energy: 7 }
      }),
      entry('letter', { words: 'What I could not say aloud.' }),
      entry('gesture', { gesture: 'sitting-with-you' }),
      entry('thought', { name: null }),
      entry('openAdvice')
    ]
  };

  test('its name, its people, one’s own words, and how to get back in', async () => {
    await render(RestoredCircle, { props: circle });
    await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('The kitchen table');
    await expect
      .element(page.getByText(/^To be in this circle, ask Bo and Mia for an invite\. You join anew, with a new key\.$/))
      .toBeVisible();
    await expect.element(page.getByText(/^A rough week\./)).toBeVisible();
    const lines = page
      .getByRole('listitem')
      .elements()
      .map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim());
    expect(lines[0]).toMatch(/How you were · 3 days ago$/);
    expect(lines[1]).toMatch(/A letter to Bo · 3 days ago$/);
    expect(lines[2]).toMatch(/To Bo: sitting with you/);
    expect(lines[3]).toMatch(/You thought of Someone/);
  });

  test('years of it come page by page', async () => {
    const entries = Array.from({ length: 120 }, (_, i) => entry('letter', { key: `${i}`, words: `Letter ${i}` }));
    await render(RestoredCircle, { props: { ...circle, entries } });
    expect(page.getByRole('listitem').elements()).toHaveLength(50);
    await button('Show what came before').click();
    await button('Show what came before').click();
    expect(page.getByRole('listitem').elements()).toHaveLength(120);
    expect(button('Show what came before').elements()).toHaveLength(0);
  });

  test('a name that would turn the line around stays in its place', async () => {
    await render(RestoredCircle, {
      props: { ...circle, friends: ['\u202eevil'], entries: [entry('letter', { name: '\u202eevil' })] }
    });
    await expect.element(page.getByRole('listitem')).toMatchTextContent(/A letter to evil/);
  });

  test('holds up', async () => {
    await render(ScreenNarrow, { props: { of: RestoredCircle, with: circle } as never });
    await expectToHoldUp('backup-restored-circle');
    await page.viewport(1280, 800);
  });
});

describe('in both themes, on a phone', () => {
  test.each([
    ['backup-make', BackupMake, making],
    ['backup-working', BackupMake, { ...making, work: { stage: 'gathering', done: 300, total: 900 } }],
    ['backup-ready', BackupMake, { ...making, ready: true, told: 'The backup is ready. Now choose where it goes.' }],
    ['restore', RestoreFrom, { ...restoring, told: backupProblemSentence('WrongPassphrase'), problem: true }],
    ['restore-found', RestoreFrom, { ...restoring, found }],
    ['restore-done', RestoreFrom, { ...restoring, told: 'It is back.', done: '/' }]
  ])('%s holds up', async (title, of, props) => {
    // The page's own heading is above whatever is restored.
    document.body.insertAdjacentElement(
      'afterbegin',
      Object.assign(document.createElement('h1'), { textContent: 'Backup', className: 'heard' })
    );
    await render(ScreenNarrow, { props: { of, with: props } as never });
    await expectToHoldUp(title);
    document.querySelector('h1.heard')?.remove();
  });
});
