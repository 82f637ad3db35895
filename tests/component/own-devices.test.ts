/** One's own devices: adding one, from both sides, naming one, and taking one off. */
import type { ComponentProps } from 'svelte';
import { createRawSnippet } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import DeviceForm from '../../src/lib/ui/DeviceForm.svelte';
import DeviceRequest from '../../src/lib/ui/DeviceRequest.svelte';
import DevicesPage from '../../src/lib/ui/DevicesPage.svelte';
import { guessDeviceSort } from '../../src/lib/ui/device-sorts.ts';
import InvitePanel from '../../src/lib/ui/InvitePanel.svelte';
import JoinWaiting from '../../src/lib/ui/JoinWaiting.svelte';
import '../../src/lib/ui/look.css';
import { device } from './people-here.ts';
import { expectToHoldUp } from './phone-look.ts';
import ScreenNarrow from './screen-narrow.svelte';

const words = ['marble', 'orchard', 'tunnel', 'blanket', 'cinnamon', 'harbor'];
const button = (name: string) => page.getByRole('button', { name, exact: true });
const box = (name: string) => page.getByRole('textbox', { name, exact: true });
const shownWords = () => page.getByRole('group', { name: 'Six words' }).getByRole('listitem').elements();
const on = (component: unknown, given: object) =>
  render(ScreenNarrow, { props: { of: component, with: given } as never });
const wide = [1280];

beforeEach(() => page.viewport(360, 740));

describe('one more device', () => {
  const show = async (changes: Partial<ComponentProps<typeof DeviceForm>> = {}) => {
    const asked = vi.fn();
    await on(DeviceForm, { guess: 'phone', keepsSomething: false, onask: asked, oncancel: vi.fn(), ...changes });
    return asked;
  };
  const pressed = (): (string | null)[] =>
    page
      .getByRole('group', { name: 'What is it?' })
      .getByRole('button', { pressed: true })
      .elements()
      .map(({ textContent }) => textContent);

  test('is guessed by its screen, and named by one tap', async () => {
    expect([320, 430, 599, 600, 1280].map(guessDeviceSort)).toEqual([
      'phone',
      'phone',
      'phone',
      'computer',
      'computer'
    ]);
    const asked = await show({ guess: 'computer' });
    await expect.element(page.getByText(/^Your own words and your circles come along/)).toBeVisible();
    expect(pressed()).toEqual(['computer']);
    await button('laptop').click();
    expect(pressed()).toEqual(['laptop']);
    await button('Ask my other device').click();
    expect(asked).toHaveBeenCalledExactlyOnceWith('laptop');
  });

  test('may be called anything, and then is nothing else', async () => {
    const asked = await show();
    await box('Or in your own words').fill('  the one in the kitchen ');
    expect(pressed()).toEqual([]);
    await userEvent.keyboard('{Enter}');
    expect(asked).toHaveBeenCalledExactlyOnceWith('the one in the kitchen');
    await button('tablet').click();
    await expect.element(box('Or in your own words')).toHaveValue('');
    expect(pressed()).toEqual(['tablet']);
  });

  test('that holds something already is told what becomes of it', async () => {
    await show({ keepsSomething: true });
    await expect
      .element(page.getByText(/^What is on this device already is put together with it: nothing is lost/))
      .toBeVisible();
  });

  test('waits for the other one, with words to compare there', async () => {
    await render(JoinWaiting, { props: { words, as: 'device' } });
    await expect.element(page.getByRole('heading', { name: 'Asking your other device' })).toBeVisible();
    expect(shownWords()).toHaveLength(6);
    await expect.element(page.getByRole('status')).toMatchTextContent(/^Waiting for your other device to say yes\./);
  });

  test.each([
    ['refused', /^Your other device said no, .* Nothing on this one changed\./],
    ['used', /^This link has been used\. Make a new one on your other device/],
    ['expired', /^This link has ended\. Make a new one on your other device/]
  ] as const)('a link that is %s says what to do on the other one', async (problem, sentence) => {
    await render(JoinWaiting, { props: { words, as: 'device', problem, onother: vi.fn() } });
    await expect.element(page.getByRole('alert')).toMatchTextContent(sentence);
    await expect.element(page.getByRole('heading', { name: 'Make this one of your devices' })).toBeVisible();
  });

  test('a link opened where it was made is sent on to the other', async () => {
    await render(JoinWaiting, { props: { words: null, problem: 'device-member', onother: vi.fn() } });
    await expect.element(page.getByRole('alert')).toMatchTextContent(/^This is one of your devices already\./);
  });

  test('holds up', async () => {
    await show({ keepsSomething: true });
    await expectToHoldUp('device-form');
    await expectToHoldUp('device-form-desk', wide);
  });

  test('waiting holds up', async () => {
    await on(JoinWaiting, { words, as: 'device', left: true, onback: vi.fn() });
    await expectToHoldUp('device-waiting');
  });
});

describe('whoever is asked by a device', () => {
  const show = async (label = 'laptop') => {
    const answers = { onyes: vi.fn(), onno: vi.fn(), onlater: vi.fn() };
    await render(DeviceRequest, { props: { label, words, ...answers } });
    return answers;
  };

  test('reads what it says it is, compares, and answers', async () => {
    const { onyes, onno, onlater } = await show();
    const dialog = page.getByRole('dialog', { name: 'Another device asks to be yours', exact: true });
    await expect.element(dialog.getByText('It says it is a laptop.')).toBeVisible();
    expect(shownWords()).toHaveLength(6);
    await expect.element(dialog.getByText(/^It will be able to read your own words/)).toBeVisible();
    await button("Yes, that's mine").click();
    expect(onyes).toHaveBeenCalledOnce();
    await button('No').click();
    expect(onno).toHaveBeenCalledOnce();
    await userEvent.keyboard('{Escape}');
    expect(onlater).toHaveBeenCalledOnce();
  });

  test('sees its own words for it as a name and nothing more', async () => {
    await show('\u202E<b>mine</b>');
    const name = page.getByRole('dialog').element().querySelector('bdi');
    expect(name?.textContent).toBe('<b>mine</b>');
  });

  test('holds up', async () => {
    await show('K'.repeat(60));
    await expectToHoldUp('device-request');
    await expectToHoldUp('device-request-desk', wide);
  });
});

describe('your devices', () => {
  const invite = createRawSnippet(() => ({ render: () => '<p>a link</p>' }));
  const mine = [device('', true), device('laptop'), device('the one in the kitchen')];
  const show = async (changes: Partial<ComponentProps<typeof DevicesPage>> = {}) => {
    const onname = vi.fn(() => Promise.resolve(true));
    const ontakeoff = vi.fn();
    const onkeep = vi.fn();
    const props = { devices: mine, isOut: false, onname, ontakeoff, onkeep, invite, ...changes };
    const screen = await on(DevicesPage, props);
    const again = (more: Partial<ComponentProps<typeof DevicesPage>>) =>
      screen.rerender({ with: { ...props, ...more } });
    return { onname, ontakeoff, onkeep, again };
  };

  test('are listed; this one can take off any other, and never itself', async () => {
    const { ontakeoff } = await show();
    const items = page.getByRole('listitem').elements();
    expect(items.map((item) => item.querySelector('p')?.textContent)).toEqual([
      'this phone',
      'a laptop',
      'the one in the kitchen'
    ]);
    expect(page.getByRole('button', { name: /^Take off/ }).elements()).toHaveLength(2);
    await button('Take off the one in the kitchen').click();
    await expect
      .element(page.getByText(/reads nothing new, in any of your circles\. What is on it stays/))
      .toBeVisible();
    await button('Keep it').click();
    expect(ontakeoff).not.toHaveBeenCalled();
    await button('Take off the one in the kitchen').click();
    await button('Take it off').click();
    expect(ontakeoff).toHaveBeenCalledExactlyOnceWith(mine[2]?.id);
  });

  test.each([
    [[], ['Add a device']],
    [[device('', true)], ['Name it (this phone)', 'Add a device']]
  ])('with one there is none to take off, only one to add', async (devices, buttons) => {
    await show({ devices });
    await expect.element(page.getByText('This is the only one so far.')).toBeVisible();
    expect(
      page
        .getByRole('button')
        .elements()
        .map(({ textContent }) => textContent?.trim())
    ).toEqual(buttons);
  });

  describe('are given names', () => {
    const field = () => box('Your name for it');
    test('in place, for oneself alone; what it was called is there to be changed', async () => {
      const { onname, again } = await show();
      await expect
        .element(page.getByText(/^These names are for you alone: friends see what a device said/))
        .toBeVisible();
      await button('Name it (a laptop)').click();
      await expect.element(field()).toHaveFocus();
      await expect.element(field()).toHaveValue('');
      await field().fill('  Work laptop ');
      await userEvent.keyboard('{Enter}');
      expect(onname).toHaveBeenCalledExactlyOnceWith(mine[1]?.id, 'Work laptop');
      await again({ devices: [mine[0]!, { ...mine[1]!, label: 'Work laptop' }, mine[2]!] });
      await expect.element(button('Name it (Work laptop)')).toHaveFocus();
      await expect.element(button('Take off Work laptop')).toBeVisible();
      await button('Name it (the one in the kitchen)').click();
      await expect.element(field()).toHaveValue('the one in the kitchen');
      await field().fill('');
      await button('Save').click();
      expect(onname).toHaveBeenLastCalledWith(mine[2]?.id, '');
    });

    test('or not: "Not now" and a name that is the same say nothing', async () => {
      const { onname } = await show();
      await button('Name it (this phone)').click();
      await field().fill('Pocket');
      await button('Not now').click();
      await expect.element(button('Name it (this phone)')).toHaveFocus();
      await button('Name it (the one in the kitchen)').click();
      await button('Save').click();
      await expect.element(button('Name it (the one in the kitchen)')).toHaveFocus();
      expect(onname).not.toHaveBeenCalled();
    });

    test('and what could not be kept stays in the field', async () => {
      await show({ onname: () => Promise.resolve(false), problem: 'This phone is full.' });
      await button('Name it (a laptop)').click();
      await field().fill('Work laptop');
      await button('Save').click();
      await expect.element(field()).toHaveValue('Work laptop');
      await expect.element(page.getByRole('alert')).toHaveTextContent('This phone is full.');
    });
  });

  test('a link stays while one is made one’s own circle, and goes once a device has come in by it', async () => {
    const { again } = await show({ devices: [] });
    await button('Add a device').click();
    await expect.element(page.getByText('a link')).toBeVisible();
    await again({ devices: mine.slice(0, 1) });
    await expect.element(page.getByText('a link')).toBeVisible();
    await again({ devices: mine.slice(0, 2) });
    await expect.element(button('Add a device')).toBeVisible();
    expect(page.getByText('a link').elements()).toEqual([]);
  });

  test('where this one was taken off, that is what is said, and it can be the one that is kept', async () => {
    const { onkeep } = await show({ isOut: true, devices: [device('laptop')] });
    await expect
      .element(page.getByRole('status'))
      .toMatchTextContent(
        /^This device was taken off by another of yours\. What is on it stays here\. It gets nothing new\.$/
      );
    expect(page.getByRole('button').elements()).toHaveLength(1);
    await button('This is the one I keep').click();
    await expect.element(page.getByText('Your own words go on here, apart from your other devices.')).toBeVisible();
    await button('Not now').click();
    expect(onkeep).not.toHaveBeenCalled();
    await button('This is the one I keep').click();
    await button('Keep this one').click();
    expect(onkeep).toHaveBeenCalledOnce();
  });

  test('holds up', async () => {
    await show({ devices: [...mine, device('V'.repeat(60)), device('لابتوب')], problem: 'This phone is full.' });
    await expectToHoldUp('devices');
    await expectToHoldUp('devices-desk', wide);
    await button('Take off a laptop').click();
    await expectToHoldUp('devices-asking');
    await button('Keep it').click();
    await button('Name it (a laptop)').click();
    await expectToHoldUp('devices-naming');
    await expectToHoldUp('devices-naming-desk', wide);
  });

  test('holds up when it is the only one, and when it is out', async () => {
    const { again } = await show({ devices: [] });
    await expectToHoldUp('devices-only');
    await again({ devices: mine.slice(0, 1) });
    await expectToHoldUp('devices-one');
    await again({ isOut: true });
    await expectToHoldUp('devices-out');
  });
});

describe('a link', () => {
  const link = 'https://shoulder.example/join#i=AQm3oYkq2Zk1pV7sTt0bWg';

  test('for another device says what to do there, and what it is good for', async () => {
    await on(InvitePanel, { link, to: 'device', onclose: vi.fn() });
    await expect.element(box('Link for your other device')).toHaveValue(link);
    await expect.element(page.getByText(/^Open the link on the other device, .* and say yes here\.$/)).toBeVisible();
    await expect.element(page.getByText(/^Whoever opens it can only ask\./)).toBeVisible();
    expect(page.getByText(/friend/).elements()).toEqual([]);
    expect(button('From now on only').elements()).toEqual([]);
    await expectToHoldUp('device-link');
    await expectToHoldUp('device-link-desk', wide);
  });
});
