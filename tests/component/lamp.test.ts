/** The lamp: how it is doing in words, the screen kept on as far as the device lets it, and nothing that anybody said. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ComponentProps } from 'svelte';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { ScreenWake } from '../../src/lib/app/wake-lock.svelte.ts';
import { minuteMs } from '../../src/lib/base/clock.ts';
import type { LampState } from '../../src/lib/ui/lamp.ts';
import LampPage from '../../src/lib/ui/LampPage.svelte';
import '../../src/lib/ui/look.css';
import { createHandClock } from '../unit/relay/hand-clock.ts';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

type Props = ComponentProps<typeof LampPage>;

const lamp: LampState = { isEmpty: false, isSomeoneHere: true, relays: 'open', isWaiting: false };
const props: Props = { lamp, offline: false, screen: 'on', full: false, onfull: () => undefined, back: '/' };
const show = (changes: Partial<Props> = {}) => render(LampPage, { props: { ...props, ...changes } });
const said = (): string[] => [...page.getByRole('status').element().children].map((line) => line.textContent ?? '');

beforeEach(() => page.viewport(360, 740));

describe('the page', () => {
  test.each<[Partial<Props>, string[]]>([
    [{}, ['Someone is here now.', 'Every relay it uses is open.', 'The screen stays on.']],
    [{ lamp: undefined, screen: 'asking' }, []],
    [
      { lamp: { ...lamp, isEmpty: true } },
      ['There is no circle on this device yet, so there is nothing to carry.', 'The screen stays on.']
    ],
    [
      { lamp: { ...lamp, isSomeoneHere: false, relays: 'some', isWaiting: true }, screen: 'asking' },
      [
        'Nobody is here right now.',
        'Not every relay can be reached right now.',
        'Something waits here until a relay takes it.'
      ]
    ],
    [
      { lamp: { ...lamp, relays: 'letterless' }, screen: 'asking' },
      ['Someone is here now.', 'No relay keeps letters for it right now. Phones find it while they are awake.']
    ],
    [{ lamp: { ...lamp, relays: 'opening' }, screen: 'asking' }, ['Someone is here now.', 'Looking for its relays.']],
    [
      { lamp: { ...lamp, relays: 'closed' }, screen: 'refused' },
      [
        'Someone is here now.',
        'No relay can be reached right now.',
        "This device won't keep its screen on now. Plug it in, and let the screen stay on in the device's own settings."
      ]
    ],
    [
      { lamp: { ...lamp, relays: 'none' }, screen: 'unsupported' },
      [
        'Someone is here now.',
        'It uses no relay, so no phone can find it. What is carried in by hand is kept.',
        "This browser can't keep the screen on. Let it stay on in the device's own settings."
      ]
    ],
    [{ offline: true, screen: 'asking' }, ['Someone is here now.', 'This device is offline. What it carries is kept.']]
  ])('%#', async (changes, sentences) => {
    await show(changes);
    expect(said()).toEqual(sentences);
    await expect.element(page.getByText(/^Keep this page in front/)).toBeVisible();
  });

  test('fills the screen where it can, and leads back', async () => {
    const onfull = vi.fn();
    const screen = await show({ onfull });
    await page.getByRole('button', { name: 'Fill the screen' }).click();
    expect(onfull).toHaveBeenCalledOnce();
    await screen.rerender({ full: true });
    await expect.element(page.getByRole('button', { name: 'Leave full screen' })).toBeVisible();
    await screen.rerender({ full: null });
    expect(page.getByRole('button').elements()).toHaveLength(0);
    await expect.element(page.getByRole('link', { name: 'Back' })).toHaveAttribute('href', '/');
  });

  test.each<[string, Partial<Props>]>([
    ['open', {}],
    ['refused', { screen: 'refused', lamp: { ...lamp, relays: 'closed', isWaiting: true } }]
  ])('holds up: %s', async (title, changes) => {
    const given = { of: LampPage, with: { ...props, ...changes }, narrow: false };
    await render(ScreenNarrow, { props: given as never });
    await expectToHoldUp(`lamp-${title}`);
    await expectToHoldUp(`lamp-${title}-desk`, [1280]);
  });
});

describe('the screen', () => {
  const locks: EventTarget[] = [];
  const release = vi.fn();
  let refuses = false;
  /** The device's own screen is none of a test's; what the browser would answer is put in its place. */
  const request = vi.fn(() => {
    if (refuses) return Promise.reject(new DOMException('low on power', 'NotAllowedError'));
    const lock = Object.assign(new EventTarget(), {
      released: false,
      release: () => {
        release();
        return Promise.resolve();
      }
    });
    locks.push(lock);
    return Promise.resolve(lock);
  });
  const takeBack = (): void => {
    const lock = locks.at(-1) as EventTarget & { released: boolean };
    lock.released = true;
    lock.dispatchEvent(new Event('release'));
  };
  const turn = (to: 'visible' | 'hidden'): void => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: to });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const clock = createHandClock();
  let end = (): void => undefined;
  const keep = (): ScreenWake => {
    const wake = new ScreenWake(clock);
    end = wake.keep();
    return wake;
  };

  beforeEach(() => {
    refuses = false;
    locks.length = 0;
    request.mockClear();
    release.mockClear();
    Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request } });
  });
  afterEach(() => {
    end();
    Reflect.deleteProperty(navigator, 'wakeLock');
    Reflect.deleteProperty(document, 'visibilityState');
  });

  test('is kept on, and let go at the end', async () => {
    const wake = keep();
    await expect.poll(() => wake.state).toBe('on');
    end();
    expect(release).toHaveBeenCalledOnce();
  });

  test('is kept on again once the page is seen again', async () => {
    const wake = keep();
    await expect.poll(() => wake.state).toBe('on');
    turn('hidden');
    takeBack();
    expect(wake.state).toBe('on');
    expect(request).toHaveBeenCalledOnce();
    turn('visible');
    expect(request).toHaveBeenCalledTimes(2);
  });

  test('is asked for every minute while the device refuses', async () => {
    refuses = true;
    const wake = keep();
    await expect.poll(() => wake.state).toBe('refused');
    refuses = false;
    clock.advance(minuteMs - 1);
    expect(request).toHaveBeenCalledOnce();
    clock.advance(1);
    await expect.poll(() => wake.state).toBe('on');
    takeBack();
    expect(wake.state).toBe('refused');
  });

  test('let go while it was being asked for, it is not kept', async () => {
    keep();
    end();
    await expect.poll(() => release.mock.calls.length).toBe(1);
    turn('visible');
    expect(request).toHaveBeenCalledOnce();
  });

  test('is left as it is where the browser knows nothing of it', () => {
    Object.defineProperty(Navigator.prototype, 'wakeLock', { configurable: true, value: undefined });
    Reflect.deleteProperty(navigator, 'wakeLock');
    const before = Object.getOwnPropertyDescriptor(Navigator.prototype, 'wakeLock');
    Reflect.deleteProperty(Navigator.prototype, 'wakeLock');
    expect(keep().state).toBe('unsupported');
    if (before !== undefined) Object.defineProperty(Navigator.prototype, 'wakeLock', before);
  });
});
