/**
 * Carrying by hand, as a person meets it: one tap pastes, a box opens where that is refused, and each outcome has its
 * sentence.
 *
 * The share sheet is the system's own and opens in no headless browser, so `navigator.share` is put in its place; the
 * clipboard is Chromium's.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { handFile } from '../../src/lib/app/hand-file.ts';
import { shareText } from '../../src/lib/app/share.ts';
import type { CarriedIn, CarriedProblem } from '../../src/lib/ui/carried-in.ts';
import CarriedOutcome from '../../src/lib/ui/CarriedOutcome.svelte';
import CarryIn from '../../src/lib/ui/CarryIn.svelte';
import CarryOut from '../../src/lib/ui/CarryOut.svelte';
import LetThemKnow from '../../src/lib/ui/LetThemKnow.svelte';
import '../../src/lib/ui/look.css';
import PassOn from '../../src/lib/ui/PassOn.svelte';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const link = `https://shoulder.example/carry#c=${'AQBcAAECAwQFBgcICQoLvonT'.repeat(40)}`;
const button = (name: string) => page.getByRole('button', { name, exact: true });
const nothing = (): void => undefined;
const file = new File(['Sealed words.\n#c=AQ'], 'shoulder.txt', { type: 'text/plain' });

const sheet = (parts: { canShare?: unknown; share?: unknown }): void => {
  for (const [name, value] of Object.entries(parts))
    Object.defineProperty(navigator, name, { configurable: true, value });
};

beforeEach(() => page.viewport(360, 740));
afterEach(() => {
  Reflect.deleteProperty(navigator, 'share');
  Reflect.deleteProperty(navigator, 'canShare');
});

describe('bringing in', () => {
  const carryIn = async (copied: string | null, busy = false) => {
    const [ontext, onfile] = [vi.fn<(text: string) => void>(), vi.fn<(file: File) => void>()];
    await render(CarryIn, { props: { readClipboard: () => Promise.resolve(copied), ontext, onfile, busy } });
    return { ontext, onfile };
  };

  test('one tap pastes', async () => {
    const { ontext } = await carryIn(link);
    await button('Paste').click();
    await expect.poll(() => ontext.mock.calls).toEqual([[link]]);
    expect(page.getByRole('textbox').elements()).toHaveLength(0);
  });

  test('refused, a box opens with the hand already in it', async () => {
    const { ontext } = await carryIn(null);
    await button('Paste').click();
    await expect.element(page.getByText(/^This browser would not read what was copied\./)).toBeVisible();
    const box = page.getByRole('textbox', { name: 'Pasted here' });
    await expect.element(box).toHaveFocus();
    await userEvent.keyboard('So she wrote: #c=AQ');
    expect(ontext).not.toHaveBeenCalled();
    await button('Bring it in').click();
    expect(ontext).toHaveBeenCalledExactlyOnceWith('So she wrote: #c=AQ');
    await expect.element(box).toHaveValue('');
  });

  test('a paste by keys, and a drop of words or of a file, go anywhere on the screen', async () => {
    const { ontext, onfile } = await carryIn(null);
    const given = (words: string, ...files: File[]): DataTransfer => {
      const data = new DataTransfer();
      if (words !== '') data.setData('text', words);
      files.forEach((one) => data.items.add(one));
      return data;
    };
    const options = { bubbles: true, cancelable: true };
    document.body.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: given('#c=1') }));
    document.body.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: given('#c=2') }));
    expect(ontext.mock.calls).toEqual([['#c=1'], ['#c=2']]);
    const drop = new DragEvent('drop', { ...options, dataTransfer: given('', file) });
    document.body.dispatchEvent(drop);
    expect(onfile.mock.calls.map(([{ name }]) => name)).toEqual(['shoulder.txt']);
    expect(drop.defaultPrevented).toBe(true);
    document.body.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: given('') }));
    expect([ontext.mock.calls.length, onfile.mock.calls.length]).toEqual([2, 1]);
  });

  test('a file is chosen, the same one again too', async () => {
    const { onfile } = await carryIn(null);
    const chooser = page.getByLabelText('Or choose a file');
    await userEvent.upload(chooser, file);
    await userEvent.upload(chooser, file);
    expect(onfile.mock.calls.map(([{ name }]) => name)).toEqual(['shoulder.txt', 'shoulder.txt']);
  });
});

describe('what came of it', () => {
  const outcome = async (carried: Partial<CarriedIn>, elsewhere: string | null = null, copied = true) => {
    const oncopy = vi.fn(() => Promise.resolve(copied));
    const props = {
      outcome: { circles: [], problems: [], ...carried },
      hrefOf: (n: number) => `/c/${n}`,
      elsewhere,
      oncopy
    };
    await render(CarriedOutcome, { props });
    return { oncopy };
  };
  const said = (): string => (page.getByRole('status').first().element().textContent ?? '').replace(/\s+/g, ' ').trim();

  test('whose words came, for which circle, and the way there', async () => {
    await outcome({ circles: [{ n: 2, name: 'The kitchen table', from: ['Ana', 'Mia'], isNews: true }] });
    expect(said()).toBe('From Ana and Mia, for The kitchen table.');
    await expect.element(page.getByRole('link', { name: 'Open The kitchen table' })).toHaveAttribute('href', '/c/2');
  });

  test('nothing new is no fault', async () => {
    await outcome({ circles: [{ n: 2, name: 'The kitchen table', from: [], isNews: false }] });
    expect(said()).toBe('Nothing new. All of it was in The kitchen table already.');
  });

  test.each<[CarriedProblem, RegExp]>([
    ['nothing', /^There is nothing from Shoulder in this\./],
    ['cut', /^Part of this was cut off on its way\. What was whole came in\./],
    ['newer', /^A newer Shoulder made this/],
    ['unopened', /^This is for a circle that isn't on this phone, or it was changed on its way\./],
    ['waits', /^Some of it can't come in yet\. Keep it/],
    ['hostile', /^Something that didn't come from your friends tried to look as if it did\. It was not let in\.$/]
  ])('%s is said calmly', async (problem, sentence) => {
    await outcome({ problems: [problem] });
    expect(said()).toMatch(sentence);
  });

  test('opened outside the app, it is copied with one tap, and nothing else is offered', async () => {
    const { oncopy } = await outcome({ problems: ['unopened'] }, link);
    await expect.element(page.getByText(/Copy this, then open Shoulder and paste\.$/)).toBeVisible();
    await button('Copy this').click();
    expect(oncopy).toHaveBeenCalledExactlyOnceWith(link);
    await expect.element(page.getByText(/^Copied\. Open Shoulder/)).toBeVisible();
    expect(page.getByRole('link').elements()).toHaveLength(0);
  });

  test('where copying is refused, the link stands selected', async () => {
    await outcome({ problems: ['unopened'] }, link, false);
    await button('Copy this').click();
    await expect.element(page.getByText(/^This browser would not copy it\./)).toBeVisible();
    expect(getSelection()?.toString()).toBe(link);
  });
});

describe('carrying everything', () => {
  const circles = [{ n: 2, name: 'The kitchen table' }];

  test('first it is made, then one tap hands it to the share sheet, the file alone', async () => {
    const share = vi.fn(() => Promise.resolve());
    sheet({ canShare: () => true, share });
    const make = vi.fn(() => Promise.resolve(file));
    await render(CarryOut, { props: { circles, make, hand: handFile } });
    expect(button('Pass the file on').elements()).toHaveLength(0);
    await button('Carry everything').click();
    expect(make).toHaveBeenCalledExactlyOnceWith(2);
    await expect.element(page.getByText('The file is ready.')).toBeVisible();
    await button('Pass the file on').click();
    expect(share).toHaveBeenCalledExactlyOnceWith({ files: [file] });
    await expect.element(page.getByText('Handed to the app you chose.')).toBeVisible();
  });

  test('closed again, nothing was sent', async () => {
    sheet({ canShare: () => true, share: () => Promise.reject(new DOMException('no', 'AbortError')) });
    await render(CarryOut, { props: { circles, make: () => Promise.resolve(file), hand: handFile } });
    await button('Carry everything').click();
    await button('Pass the file on').click();
    await expect.element(page.getByText('Nothing was sent. The file is still here.')).toBeVisible();
  });

  test.each<[string, { canShare?: () => boolean; share?: () => Promise<void> }]>([
    ['has none', {}],
    ['takes no files', { canShare: () => false }],
    ['refuses', { canShare: () => true, share: () => Promise.reject(new DOMException('no', 'NotAllowedError')) }]
  ])('where the share sheet %s it is saved', async (_, parts) => {
    sheet({ canShare: undefined, ...parts });
    const saved: string[] = [];
    const note = (event: MouseEvent): void => {
      event.preventDefault();
      saved.push((event.target as HTMLAnchorElement).download);
    };
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      this.addEventListener('click', note, { once: true });
      this.dispatchEvent(new MouseEvent('click', { cancelable: true }));
    });
    await render(CarryOut, { props: { circles, make: () => Promise.resolve(file), hand: handFile } });
    await button('Carry everything').click();
    await button('Pass the file on').click();
    await expect.element(page.getByText(/^Saved with your downloads\./)).toBeVisible();
    expect(saved).toEqual(['shoulder.txt']);
    click.mockRestore();
  });

  test('what could not be made is not offered', async () => {
    await render(CarryOut, { props: { circles, make: () => Promise.resolve(null), hand: handFile } });
    await button('Carry everything').click();
    expect(button('Pass the file on').elements()).toHaveLength(0);
  });
});

describe('letting them know', () => {
  const know = { who: 'Ana and Jo', share: shareText, onclose: nothing };

  test('the link carries what was said, and says so', async () => {
    await render(LetThemKnow, { props: { ...know, url: link, carries: true, onfile: () => handFile(file) } });
    await expect.element(page.getByText(link, { exact: true })).toBeVisible();
    await expect.element(page.getByText(/^The link carries what you said, sealed:/)).toBeVisible();
    expect(button('Send it as a file').elements()).toHaveLength(0);
  });

  test('too long for a link, it says so and offers the file', async () => {
    const share = vi.fn(() => Promise.resolve());
    sheet({ canShare: () => true, share });
    await render(LetThemKnow, { props: { ...know, url: 'https://shoulder.example/', onfile: () => handFile(file) } });
    await expect.element(page.getByText(/^What you said is too long for a link/)).toBeVisible();
    await button('Send it as a file').click();
    expect(share).toHaveBeenCalledExactlyOnceWith({ files: [file] });
    await expect.element(page.getByText('Handed to the app you chose.')).toBeVisible();
  });

  test('so does a question to one friend', async () => {
    const share = vi.fn(() => Promise.resolve());
    sheet({ canShare: () => true, share });
    const props = { url: 'https://shoulder.example/', share: shareText, onfile: () => handFile(file) };
    await render(PassOn, { props });
    await button('Let them know').click();
    await button('Send it as a file').click();
    await expect
      .poll(() => share.mock.calls)
      .toEqual([
        [{ text: 'There is something for you on Shoulder.', url: 'https://shoulder.example/' }],
        [{ files: [file] }]
      ]);
  });
});

describe('holds up on a phone', () => {
  const carried: CarriedIn = {
    circles: [
      { n: 1, name: 'The kitchen table', from: ['Ana', 'Mia'], isNews: true },
      { n: 2, name: 'x'.repeat(60), from: ['أنا‮', 'y'.repeat(60)], isNews: true },
      { n: 3, name: 'Us', from: [], isNews: false }
    ],
    problems: ['cut', 'newer', 'unopened', 'waits', 'hostile', 'nothing']
  };
  const copy = () => Promise.resolve(true);
  const hrefOf = () => '/c/1';
  const longNames = [
    { n: 1, name: 'x'.repeat(60) },
    { n: 2, name: 'The kitchen table' }
  ];
  const hand = () => Promise.resolve('saved' as const);
  test.each([
    ['in', CarryIn, { readClipboard: () => Promise.resolve(''), ontext: nothing, onfile: nothing }, null],
    ['in-box', CarryIn, { readClipboard: () => Promise.resolve(null), ontext: nothing, onfile: nothing }, 'Paste'],
    ['outcome', CarriedOutcome, { outcome: carried, hrefOf, oncopy: copy }, null],
    [
      'elsewhere',
      CarriedOutcome,
      { outcome: { circles: [], problems: ['unopened'] }, hrefOf, elsewhere: link, oncopy: copy },
      'Copy this'
    ],
    [
      'out',
      CarryOut,
      { circles: longNames, make: () => Promise.resolve(file), hand },
      'Carry everything of The kitchen table'
    ],
    ['know', LetThemKnow, { url: link, carries: true, who: 'Ana', share: shareText, onclose: nothing }, null],
    [
      'know-file',
      LetThemKnow,
      { url: 'https://s.example/', onfile: hand, who: 'Ana', share: shareText, onclose: nothing },
      'Send it as a file'
    ],
    ['pass-on', PassOn, { url: 'https://s.example/', onfile: hand, share: shareText }, 'Send it as a file']
  ] as const)('%s', async (title, of, given, press) => {
    await render(ScreenNarrow, { props: { of, with: given } as never });
    // Not by the pointer: it would stay over the button, whose colour then changes while axe looks.
    if (press !== null) (button(press).element() as HTMLElement).click();
    await expectToHoldUp(`carry-${title}`);
  });
});
