/**
 * Starting, inviting and joining: the agreed names, the sentences for each way it can go, and hostile names kept in place.
 */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { nameLengthMax } from '../../src/lib/base/limits.ts';
import AfterSaying from '../../src/lib/ui/AfterSaying.svelte';
import InvitePanel from '../../src/lib/ui/InvitePanel.svelte';
import JoinForm from '../../src/lib/ui/JoinForm.svelte';
import JoinRequestDialog from '../../src/lib/ui/JoinRequestDialog.svelte';
import JoinWaiting from '../../src/lib/ui/JoinWaiting.svelte';
import ShareFirst from '../../src/lib/ui/ShareFirst.svelte';
import StartCircle from '../../src/lib/ui/StartCircle.svelte';
import '../../src/lib/ui/look.css';
import Unsupported from '../../src/lib/ui/Unsupported.svelte';

const words = ['marble', 'orchard', 'tunnel', 'blanket', 'cinnamon', 'harbor'];
const nothing = (): void => undefined;
const button = (name: string) => page.getByRole('button', { name, exact: true });

test('after the first "Say it" there are three ways on', async () => {
  const ways = { onjustme: vi.fn(), onstart: vi.fn(), oninvited: vi.fn() };
  await render(AfterSaying, { props: ways });
  await expect.element(page.getByText('That stays with you. Who would you want to know?')).toBeVisible();
  await button('Just me for now').click();
  await button('Start a circle').click();
  await button('I was invited').click();
  for (const way of Object.values(ways)) expect(way).toHaveBeenCalledOnce();
});

test('a circle needs two names, and says which is missing', async () => {
  const created = vi.fn();
  await render(StartCircle, { props: { oncreate: created } });
  await button('Create circle').click();
  await expect.element(page.getByRole('textbox', { name: 'Your name' })).toHaveFocus();
  await page.getByRole('textbox', { name: 'Your name' }).fill(' Sofie ');
  await button('Create circle').click();
  await expect.element(page.getByText('The circle needs a name. Any word that is yours will do.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Circle name' }).fill('The kitchen table');
  await userEvent.keyboard('{Enter}');
  expect(created).toHaveBeenCalledExactlyOnceWith({ yourName: 'Sofie', circleName: 'The kitchen table' });
});

test('an invite is a link to copy and a code to point at', async () => {
  const link = 'https://shoulder.example/#i=AQm3oYkq2Zk1pV7sTt0bWg';
  await render(InvitePanel, { props: { link } });
  const box = page.getByRole('textbox', { name: 'Invite link' });
  await expect.element(box).toHaveValue(link);
  await expect.element(box).toHaveAttribute('readonly');
  await expect.element(page.getByText('For one friend. The link works once, for seven days.')).toBeVisible();
  await expect.element(page.getByRole('img', { name: 'QR code of the invite link' })).toBeVisible();
  await button('Copy link').click();
  await expect
    .element(page.getByText(/^(Copied\. Send it to one friend\.|This browser would not copy it\.)/))
    .toBeVisible();
});

test('asking to join needs the invite and a name; an opened link needs only the name', async () => {
  const asked = vi.fn();
  const form = await render(JoinForm, { props: { opened: false, onask: asked } });
  await button('Ask to join').click();
  await expect.element(page.getByRole('textbox', { name: 'Paste your invite' })).toHaveFocus();
  await page.getByRole('textbox', { name: 'Paste your invite' }).fill(' https://x.example/#i=abc \n');
  await page.getByRole('textbox', { name: 'Your name' }).fill('Mia');
  await button('Ask to join').click();
  expect(asked).toHaveBeenCalledExactlyOnceWith({
    invite: 'https://x.example/#i=abc',
    yourName: 'Mia',
    again: false
  });
  await form.rerender({ opened: true });
  expect(page.getByRole('textbox', { name: 'Paste your invite' }).elements()).toHaveLength(0);
});

test('the one who waits sees six words, may close once the question is kept, and keeps the words when offline', async () => {
  const waiting = await render(JoinWaiting, { props: { words } });
  await expect.element(page.getByRole('status')).toMatchTextContent(/You can close this and come back\.$/);
  await waiting.rerender({ left: true });
  await expect.element(page.getByRole('status')).toMatchTextContent(/kept for them: you can close this/);
  const group = page.getByRole('group', { name: 'Six words' });
  expect(
    group
      .getByRole('listitem')
      .elements()
      .map((item) => item.textContent)
  ).toEqual(words);
  await waiting.rerender({ online: false });
  await expect.element(page.getByRole('status')).toMatchTextContent(/keeps asking when you are back online/);
  expect(group.getByRole('listitem').elements()).toHaveLength(6);
});

test.each([
  ['refused', 'They said the words did not match'],
  ['used', 'This link has been used. Ask for a new one; it takes a second.'],
  ['expired', 'This link has ended. .* Ask for a new link'],
  ['mangled', 'This link is not whole.']
] as const)('a %s invite ends in one sentence', async (problem, sentence) => {
  await render(JoinWaiting, { props: { words, problem, onother: nothing } });
  await expect.element(page.getByRole('alert')).toMatchTextContent(new RegExp(`^${sentence}`));
  expect(page.getByRole('group', { name: 'Six words' }).elements()).toHaveLength(0);
});

test('the one who is asked compares six words and answers', async () => {
  const answers = { onyes: vi.fn(), onno: vi.fn(), onlater: vi.fn() };
  await render(JoinRequestDialog, { props: { name: 'Mia', words, ...answers } });
  const dialog = page.getByRole('dialog', { name: 'Mia would like to join', exact: true });
  await expect.element(dialog).toBeVisible();
  await expect.element(dialog.getByText('Mia will be able to read what the circle still keeps.')).toBeVisible();
  expect(dialog.getByRole('group', { name: 'Six words' }).getByRole('listitem').elements()).toHaveLength(6);
  await button("Yes, that's Mia").click();
  await button("No, that's someone else").click();
  expect(answers.onyes).toHaveBeenCalledOnce();
  expect(answers.onno).toHaveBeenCalledOnce();
  await userEvent.keyboard('{Escape}');
  expect(answers.onlater).toHaveBeenCalledOnce();
});

test('no careless key answers a request: focus starts on the dialog itself', async () => {
  const answers = { onyes: vi.fn(), onno: vi.fn(), onlater: vi.fn() };
  await render(JoinRequestDialog, { props: { name: 'Mia', words, ...answers } });
  await expect.element(page.getByRole('dialog')).toHaveFocus();
  await userEvent.keyboard('{Enter} ');
  expect(answers.onyes).not.toHaveBeenCalled();
  expect(answers.onno).not.toHaveBeenCalled();
});

test('a name cannot turn the dialog around, break its line or grow it', async () => {
  const name = `\u202E<img src=x>\n\nYes\u2066${'long '.repeat(60)}`;
  await page.viewport(360, 740);
  await render(JoinRequestDialog, { props: { name, words, onyes: nothing, onno: nothing, onlater: nothing } });
  const dialog = page.getByRole('dialog').element();
  expect(dialog.querySelector('img')).toBeNull();
  for (const shown of dialog.querySelectorAll('bdi')) {
    expect(shown.textContent.length).toBeLessThanOrEqual(nameLengthMax);
    expect(shown.textContent).not.toMatch(/[\n\u202E\u2066]/);
  }
  expect(dialog.querySelectorAll('bdi').length).toBe(3);
  expect(dialog.scrollWidth).toBeLessThanOrEqual(360);
});

test('a dialog gives focus back to where it was', async () => {
  const opener = document.createElement('button');
  document.body.append(opener);
  opener.focus();
  const dialog = await render(JoinRequestDialog, {
    props: { name: 'Mia', words, onyes: nothing, onno: nothing, onlater: nothing }
  });
  await expect.element(page.getByRole('dialog')).toHaveFocus();
  await dialog.unmount();
  expect(document.activeElement).toBe(opener);
  opener.remove();
});

test('the first check-in is shown before it is shared', async () => {
  const share = vi.fn();
  const checkIn = { point: { pleasantness: -60, energy: -60 }, feelings: [], words: 'Tired to the bone.', help: null };
  await render(ShareFirst, {
    props: { circle: 'The kitchen table', friends: ['Ana'], checkIn, onshare: share, onkeep: nothing }
  });
  const dialog = page.getByRole('dialog', { name: 'Share this with The kitchen table?', exact: true });
  await expect.element(dialog.getByText('Tired to the bone.')).toBeVisible();
  await button('Share').click();
  expect(share).toHaveBeenCalledOnce();
});

test('a browser that cannot keep secrets is told what it lacks', async () => {
  await render(Unsupported, { props: { missing: ['ed25519', 'x25519'] } });
  await expect
    .element(
      page.getByText(
        "This browser can't keep secrets well enough yet. It needs Ed25519 signatures and X25519 keys. Nothing was stored."
      )
    )
    .toBeVisible();
});
