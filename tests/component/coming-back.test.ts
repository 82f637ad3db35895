/** Coming back after a lost phone, from both sides; and a link for somebody who reads nothing from before. */
import type { ComponentProps } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { PersonId } from '../../src/lib/base/ids.ts';
import AgainRequest from '../../src/lib/ui/AgainRequest.svelte';
import InvitePanel from '../../src/lib/ui/InvitePanel.svelte';
import JoinForm from '../../src/lib/ui/JoinForm.svelte';
import JoinWaiting from '../../src/lib/ui/JoinWaiting.svelte';
import '../../src/lib/ui/look.css';
import { voices } from './people-here.ts';
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

describe('"I\'ve been here before"', () => {
  const show = async (changes: Partial<ComponentProps<typeof JoinForm>> = {}) => {
    const asked = vi.fn();
    await on(JoinForm, { opened: true, onask: asked, oncancel: vi.fn(), ...changes });
    return asked;
  };

  test('is quiet until it is chosen, and then says what will happen', async () => {
    const asked = await show();
    await expect.element(page.getByText(/^You were in this circle, and lost your phone/)).toBeVisible();
    expect(page.getByText(/more than half/).elements()).toEqual([]);
    await button("I've been here before").click();
    await expect.element(button("I've been here before")).toHaveAttribute('aria-pressed', 'true');
    await expect
      .element(
        page.getByText(
          "Your friends each say that it's you. When more than half have, you're back in, and the phone you lost is shut out."
        )
      )
      .toBeVisible();
    await expect
      .element(page.getByText('What was only yours comes back only from another device or a backup.'))
      .toBeVisible();
    await box('Your name, as your friends know you here').fill(' Ana ');
    await button('Ask to come back').click();
    expect(asked).toHaveBeenCalledExactlyOnceWith({ invite: '', yourName: 'Ana', again: true });
  });

  test('can be taken back; the name stays', async () => {
    const asked = await show();
    await box('Your name').fill('Ana');
    await button("I've been here before").click();
    await button("I've been here before").click();
    await expect.element(box('Your name')).toHaveValue('Ana');
    await button('Ask to join').click();
    expect(asked).toHaveBeenCalledExactlyOnceWith({ invite: '', yourName: 'Ana', again: false });
  });

  test('waiting says what it takes, and never how many have said so', async () => {
    const waiting = await render(JoinWaiting, { props: { words, as: 'again' } });
    await expect.element(page.getByRole('heading', { name: 'Asking to come back' })).toBeVisible();
    await expect.element(page.getByText(/^Read these six words to each of your friends/)).toBeVisible();
    expect(shownWords()).toHaveLength(6);
    await expect
      .element(page.getByRole('status'))
      .toMatchTextContent(/more than half of your friends .* until enough of them are back in Shoulder\./);
    expect(page.getByRole('status').element().textContent).not.toMatch(/\d/);
    await waiting.rerender({ left: true });
    await expect.element(page.getByRole('status')).toMatchTextContent(/kept for them: you can close this/);
  });

  test('holds up', async () => {
    await show({ yourName: 'Ana' });
    await button("I've been here before").click();
    await expectToHoldUp('again-form');
    await expectToHoldUp('again-form-desk', wide);
  });

  test('holds up where the invite is pasted', async () => {
    await show({ opened: false });
    await expectToHoldUp('again-form-quiet');
  });

  test('waiting holds up', async () => {
    await on(JoinWaiting, { words, as: 'again', onback: vi.fn() });
    await expectToHoldUp('again-waiting');
  });
});

describe('whoever is asked about a friend who comes back', () => {
  const id = (name: string) => name as PersonId;
  const someone = (name: string, missing: number, vouchedBy: ReturnType<typeof voices> | null = null) => ({
    id: id(name),
    name,
    missing,
    vouchedBy
  });
  const table = [someone('Ana', 3), someone('Bob', 3), someone('Mia', 3)];
  const asking = { people: table, likely: id('Ana'), vouchedAs: null };
  const show = async (comingBack: ComponentProps<typeof AgainRequest>['comingBack'], name = 'Ana') => {
    const answers = { onyes: vi.fn(), onno: vi.fn(), onlater: vi.fn() };
    const dialog = await render(AgainRequest, { props: { name, words, comingBack, ...answers } });
    return { ...answers, dialog };
  };

  test('finds the friend of that name chosen, and is told what it takes and what it does', async () => {
    const { onyes, onno } = await show(asking);
    await expect.element(page.getByRole('dialog', { name: 'Ana asks to come back', exact: true })).toBeVisible();
    expect(shownWords()).toHaveLength(6);
    await expect.element(button('Ana')).toHaveAttribute('aria-pressed', 'true');
    await expect.element(page.getByText('Besides you, 2 more of you have to say so.')).toBeVisible();
    await expect.element(page.getByText(/^The phone that Ana lost is shut out then/)).toBeVisible();
    await button("Yes, that's Ana").click();
    expect(onyes).toHaveBeenCalledExactlyOnceWith('Ana');
    await button("No, that's someone else").click();
    expect(onno).toHaveBeenCalledOnce();
  });

  test('says themselves who it is, where no name fits: before that there is no yes', async () => {
    const { onyes } = await show({ ...asking, likely: null }, 'Anna');
    await expect.element(page.getByText('Choose who it is that reads you these words.')).toBeVisible();
    expect(page.getByRole('button', { name: /^Yes/ }).elements()).toEqual([]);
    await button('Bob').click();
    await button("Yes, that's Bob").click();
    expect(onyes).toHaveBeenCalledExactlyOnceWith('Bob');
  });

  test.each([
    [1, null, 'Your word is enough.'],
    [2, null, 'Besides you, one more of you has to say so.'],
    [2, voices('Mia'), "Mia said that this is Ana's new phone. Besides you, one more of you has to say so."],
    [1, voices('Bob', 'Mia'), "Bob and Mia said that this is Ana's new phone. Your word is enough."]
  ] as const)('with %s voices missing', async (missing, vouchedBy, sentence) => {
    await show({ ...asking, people: [someone('Ana', missing, vouchedBy)] });
    await expect.element(page.getByText(sentence, { exact: true })).toBeVisible();
  });

  test.each([
    [2, voices('You'), ["You said that this is Ana's new phone.", '2 more of you have to say so.']],
    [1, voices('You', 'Bob'), ["You and Bob said that this is Ana's new phone.", 'One more of you has to say so.']],
    [
      0,
      voices('You'),
      [
        "You said that this is Ana's new phone.",
        'That is enough. Ana is back in as soon as a phone has made the new keys.'
      ]
    ]
  ] as const)(
    'after their own yes reads what is still missing, with %s to go',
    async (missing, vouchedBy, sentences) => {
      const { dialog, onlater } = await show(asking);
      await button("Yes, that's Ana").click();
      await dialog.rerender({
        comingBack: { ...asking, people: [someone('Ana', missing, vouchedBy)], vouchedAs: id('Ana') }
      });
      const said = [...page.getByRole('status').element().querySelectorAll('p')].map(({ textContent }) => textContent);
      expect(said).toEqual(sentences);
      await expect.element(page.getByRole('status')).toHaveFocus();
      expect(page.getByRole('button', { name: /^(Yes|No)/ }).elements()).toEqual([]);
      await button('Close').click();
      expect(onlater).toHaveBeenCalledOnce();
    }
  );

  test('who is alone has nobody to know them by', async () => {
    await show({ people: [], likely: null, vouchedAs: null });
    await expect.element(page.getByText(/^Nobody else is in this circle/)).toBeVisible();
    expect(page.getByRole('button', { name: /^Yes/ }).elements()).toEqual([]);
  });

  test('answers nothing by a careless key', async () => {
    const { onyes, onno, onlater } = await show(asking);
    await expect.element(page.getByRole('dialog')).toHaveFocus();
    await userEvent.keyboard('{Enter} ');
    expect(onyes).not.toHaveBeenCalled();
    expect(onno).not.toHaveBeenCalled();
    await userEvent.keyboard('{Escape}');
    expect(onlater).toHaveBeenCalledOnce();
  });

  test('holds up', async () => {
    await show({ ...asking, people: [someone('Ana', 2, voices('Mia')), ...table.slice(1)] });
    await expectToHoldUp('again-request');
    await expectToHoldUp('again-request-desk', wide);
  });

  test('holds up with awkward names', async () => {
    const long = 'W'.repeat(60);
    const people = [someone(long, 2, voices('يوسف', long)), someone('‮يوسف', 3), someone('', 3)];
    await show({ people, likely: id(long), vouchedAs: null }, `\u202E${long}`);
    await expectToHoldUp('again-request-awkward');
  });

  test('holds up once answered', async () => {
    await show({ ...asking, people: [someone('Ana', 2, voices('You', 'Mia'))], vouchedAs: id('Ana') });
    await expectToHoldUp('again-request-said');
  });
});

describe('a link', () => {
  const link = 'https://shoulder.example/join#i=AQm3oYkq2Zk1pV7sTt0bWg';

  test('from now on only: one more question, and then the sentence is another', async () => {
    const onfresh = vi.fn();
    const panel = await on(InvitePanel, { link, onfresh, onclose: vi.fn() });
    await expect
      .element(page.getByText(/^Whoever joins will be able to read what the circle still keeps\./))
      .toBeVisible();
    await button('From now on only').click();
    await expect
      .element(
        page.getByText(
          'They read nothing that was said until now. This makes new keys for everyone; links you sent before stop working.'
        )
      )
      .toBeVisible();
    await expectToHoldUp('invite-fresh-asking');
    await button('Not now').click();
    expect(onfresh).not.toHaveBeenCalled();
    await button('From now on only').click();
    await button('From now on only').click();
    expect(onfresh).toHaveBeenCalledOnce();
    await panel.rerender({ with: { link, onfresh, fresh: true } });
    await expect.element(page.getByText(/what is said from here on, and nothing from before\./)).toBeVisible();
    expect(button('From now on only').elements()).toEqual([]);
    await expectToHoldUp('invite-fresh');
  });
});
