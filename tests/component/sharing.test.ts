/**
 * Handing words over: what leaves is what is shown, and each of the four ways it can go has its sentence.
 *
 * A share sheet is the system's own and opens in no headless browser, so `navigator.share` is put in its place here, and
 * nothing else: the clipboard is Chromium's, allowed or refused as a browser does it, by permission.
 */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { shareText } from '../../src/lib/app/share.ts';
import { emptyCheckIn, type CheckIn } from '../../src/lib/care/check-in.ts';
import GoodToSeeYou from '../../src/lib/ui/GoodToSeeYou.svelte';
import InvitePanel from '../../src/lib/ui/InvitePanel.svelte';
import LetThemKnow from '../../src/lib/ui/LetThemKnow.svelte';
import '../../src/lib/ui/look.css';
import SendOne from '../../src/lib/ui/SendOne.svelte';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const url = 'https://shoulder.example/';
const sentence = "I've said how I am, on Shoulder.";
const leaves = "This leaves Shoulder. Whoever carries it can read it, and it can't be taken back.";
const refused = 'This browser would not pass it on or copy it. The words are selected: copy them by hand.';
const button = (name: string) => page.getByRole('button', { name, exact: true });
const live = (): string => document.querySelector('[aria-live=polite]')?.textContent ?? '';

/** Says what the share sheet does from here on; `undefined` is a browser that has none. */
const sheet = (share: ((data: ShareData) => Promise<void>) | undefined): void => {
  Object.defineProperty(navigator, 'share', { configurable: true, value: share });
};
const closes = (name: string) => vi.fn(() => Promise.reject(new DOMException('no', name)));
/** As this page's own browser context has it; without naming that, Chromium sets another one's. */
const permissions = async (method: string, setting: object): Promise<void> => {
  const { targetInfo } = (await send('Target.getTargetInfo', {})) as { targetInfo: { browserContextId: string } };
  await send(method, { ...setting, browserContextId: targetInfo.browserContextId });
};
const clipboard = async (setting: 'granted' | 'denied'): Promise<void> => {
  for (const name of ['clipboard-write', 'clipboard-read'])
    await permissions('Browser.setPermission', { permission: { name }, setting, origin: location.origin });
};
/** The protocol's own types are not among ours. */
const send = (method: string, params: object): Promise<unknown> =>
  (cdp() as unknown as { send(method: string, params: object): Promise<unknown> }).send(method, params);

const full: CheckIn = {
  point: { pleasantness: -50, energy: -50 },
  feelings: ['worn out', 'hopeful'],
  words: 'She said “go”, so I went.\nIt was <b>not</b> fine.',
  help: 'be-near'
};
const letThemKnow = async () => {
  const onclose = vi.fn();
  await render(LetThemKnow, { props: { url, who: 'Ana and Jo', share: shareText, onclose } });
  return { onclose };
};
const sendOne = async (checkIn: CheckIn = full) => {
  const onclose = vi.fn();
  await render(SendOne, { props: { checkIn, share: shareText, onclose } });
  return { onclose, preview: () => document.querySelector('dialog .words')?.textContent };
};

beforeEach(async () => {
  await page.viewport(360, 740);
  sheet(undefined);
  await clipboard('granted');
});
afterEach(() => {
  Reflect.deleteProperty(navigator, 'share');
});
afterAll(() => permissions('Browser.resetPermissions', {}));

describe('letting them know', () => {
  test('says why, shows all that it says, and tells nothing of what was said', async () => {
    await letThemKnow();
    await expect.element(page.getByRole('region', { name: 'Let Ana and Jo know?' })).toBeVisible();
    await expect.element(page.getByText(/^An app without a server can't ring\./)).toBeVisible();
    await expect.element(page.getByText(sentence, { exact: true })).toBeVisible();
    await expect.element(page.getByText(url, { exact: true })).toBeVisible();
  });

  test('the share sheet gets the sentence and the link, nothing else', async () => {
    const share = vi.fn(() => Promise.resolve());
    sheet(share);
    await letThemKnow();
    await button('Let them know').click();
    await expect.element(page.getByText('Handed to the app you chose.')).toBeVisible();
    expect(share).toHaveBeenCalledExactlyOnceWith({ text: sentence, url });
  });

  test('closed again, nothing was sent and nothing copied', async () => {
    await navigator.clipboard.writeText('what was there before');
    sheet(closes('AbortError'));
    await letThemKnow();
    await button('Let them know').click();
    await expect.element(page.getByText('Nothing was sent. What you said is still here.')).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe('what was there before');
  });

  test.each([
    ['none', undefined],
    ['not allowed', closes('NotAllowedError')]
  ])('with a share sheet that is %s it is copied', async (_, share) => {
    sheet(share);
    await letThemKnow();
    await button('Let them know').click();
    await expect.element(page.getByText('Copied. Paste it where you write to each other.')).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe(`${sentence}\n${url}`);
  });

  test('refused all round, the words stand selected', async () => {
    await clipboard('denied');
    sheet(closes('NotAllowedError'));
    await letThemKnow();
    await button('Let them know').click();
    await expect.element(page.getByText(refused)).toBeVisible();
    expect(getSelection()?.toString()).toMatch(new RegExp(`^${sentence}\\s+${url}\\s*$`));
  });

  test('by keyboard, and dismissed with one key', async () => {
    const { onclose } = await letThemKnow();
    await userEvent.keyboard('{Tab}{Enter}');
    await expect.poll(live).toBe('Copied. Paste it where you write to each other.');
    await userEvent.keyboard('{Tab}{Enter}');
    expect(onclose).toHaveBeenCalledOnce();
  });
});

describe('sending one to one person', () => {
  test('shows to the letter what leaves, says that it does, and sends just that', async () => {
    const share = vi.fn(() => Promise.resolve());
    sheet(share);
    const { preview } = await sendOne();
    await expect.element(page.getByRole('dialog', { name: 'Send this to one person' })).toBeVisible();
    await expect.element(page.getByText(leaves)).toBeVisible();
    const text = `I feel worn out and hopeful.\n\n${full.words}\n\nIt would help to have you near.`;
    expect(preview()).toBe(text);
    expect(share).not.toHaveBeenCalled();
    await button('Send').click();
    await expect.element(page.getByText('Handed to the app you chose.')).toBeVisible();
    expect(share).toHaveBeenCalledExactlyOnceWith({ text });
  });

  test('what is left out does not leave', async () => {
    const { preview } = await sendOne();
    const parts = page.getByRole('group', { name: 'What goes along' });
    for (const name of ['how I feel', 'my words', 'what would help'])
      await expect.element(parts.getByRole('button', { name })).toHaveAttribute('aria-pressed', 'true');
    await parts.getByRole('button', { name: 'how I feel' }).click();
    await parts.getByRole('button', { name: 'what would help' }).click();
    expect(preview()).toBe(full.words);
    await button('Send').click();
    await expect.element(page.getByText('Copied. Paste it where you write to each other.')).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe(full.words);
  });

  test('with nothing chosen there is nothing to send, and it says so', async () => {
    await sendOne({ ...full, help: null });
    await button('how I feel').click();
    await button('my words').click();
    await expect.element(page.getByText('Nothing is chosen, so nothing would leave.')).toBeVisible();
    expect(button('Send').elements()).toHaveLength(0);
    await button('my words').click();
    await expect.element(button('Send')).toBeVisible();
  });

  test('the button and what leaving means stay at hand under the longest text', async () => {
    await sendOne({ ...full, words: 'all of it '.repeat(200) });
    for (const place of [button('Send'), page.getByText(leaves)]) {
      const { top, bottom } = place.element().getBoundingClientRect();
      expect([top > 400, bottom <= 740]).toEqual([true, true]);
    }
  });

  test('"I don\'t know" can be sent too, and offers no choice of one', async () => {
    const { preview } = await sendOne(emptyCheckIn);
    expect(preview()).toBe("I don't know how I am. No words today.");
    expect(page.getByRole('group', { name: 'What goes along' }).elements()).toHaveLength(0);
  });

  test('refused all round, exactly the words stand selected', async () => {
    await clipboard('denied');
    const { preview } = await sendOne();
    await button('Send').click();
    await expect.element(page.getByText(refused)).toBeVisible();
    expect(getSelection()?.toString()).toBe(preview());
  });

  test('Escape and "Not now" send nothing', async () => {
    const share = vi.fn(() => Promise.resolve());
    sheet(share);
    const { onclose } = await sendOne();
    await button('Not now').click();
    await userEvent.keyboard('{Escape}');
    expect(onclose).toHaveBeenCalledTimes(2);
    expect(share).not.toHaveBeenCalled();
  });
});

describe('an invitation is shared and copied by the same means', () => {
  const link = 'https://shoulder.example/join#i=AQm3oYkq2Zk1pV7sTt0bWg';

  test('copied', async () => {
    await render(InvitePanel, { props: { link } });
    expect(button('Share').elements()).toHaveLength(0);
    await button('Copy link').click();
    await expect.element(page.getByText('Copied. Send it to one friend.')).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe(link);
  });

  test('copying refused leaves it selected', async () => {
    await clipboard('denied');
    await render(InvitePanel, { props: { link } });
    await button('Copy link').click();
    await expect.element(page.getByText(/^This browser would not copy it\./)).toBeVisible();
    const box = page.getByRole('textbox', { name: 'Invite link' }).element() as HTMLInputElement;
    expect([box.selectionStart, box.selectionEnd]).toEqual([0, link.length]);
  });

  test('shared; a sheet that is not allowed copies instead, and one that is closed says nothing', async () => {
    const share = closes('NotAllowedError');
    sheet(share);
    await render(InvitePanel, { props: { link } });
    await button('Share').click();
    await expect.element(page.getByText('Copied. Send it to one friend.')).toBeVisible();
    expect(share).toHaveBeenCalledExactlyOnceWith({ title: 'Join me on Shoulder', url: link });
    sheet(closes('AbortError'));
    await button('Share').click();
    await expect.poll(live).toBe('');
  });
});

test('who comes back is greeted, and may put one sentence into the box', async () => {
  const onsay = vi.fn();
  await render(GoodToSeeYou, { props: { onsay } });
  await expect.element(page.getByText('Good to see you.', { exact: true })).toBeVisible();
  expect(document.body.textContent).not.toMatch(/\d|\b(days?|weeks?|last|since|away)\b/);
  await userEvent.keyboard('{Tab}{Enter}');
  expect(onsay).toHaveBeenCalledExactlyOnceWith("I went quiet. I'm here.");
});

describe('holds up on a phone', () => {
  const nothing = (): void => undefined;
  const rightToLeft = { ...full, feelings: ['متعب', 'hopeful'], words: 'تعبت قليلاً، لكن القهوة معكم تكفي.' };
  const longest = { ...full, words: `${'x'.repeat(300)} ${'all of it '.repeat(170)}` };
  const long = `https://shoulder.example/#c=${'AQm3oYkq2Zk1pV7sTt0bWg'.repeat(40)}`;
  test.each([
    ['know', LetThemKnow, { url, who: 'Ana, Jo and Mia', share: shareText, onclose: nothing }, 'Let them know'],
    ['know-long', LetThemKnow, { url: long, who: 'x'.repeat(60), share: shareText, onclose: nothing }, 'Let them know'],
    ['send', SendOne, { checkIn: full, share: shareText, onclose: nothing }, null],
    ['send-told', SendOne, { checkIn: full, share: shareText, onclose: nothing }, 'Send'],
    ['send-rtl', SendOne, { checkIn: rightToLeft, share: shareText, onclose: nothing }, null],
    ['send-longest', SendOne, { checkIn: longest, share: shareText, onclose: nothing }, null],
    [
      'send-nothing',
      SendOne,
      { checkIn: { ...emptyCheckIn, words: 'x', help: 'hear-me' }, share: shareText, onclose: nothing },
      'my words'
    ],
    ['back', GoodToSeeYou, { onsay: nothing }, null]
  ] as const)('%s', async (title, of, given, press) => {
    await render(ScreenNarrow, { props: { of, with: given } as never });
    if (press !== null) await button(press).click();
    if (press === 'my words') await button('what would help').click();
    await expectToHoldUp(title);
  });
});
