/** The first minute: a check-in, then three ways on, and nothing of it goes anywhere unless asked. */
import type { Page } from '@playwright/test';
import {
  befriend,
  beginCircle,
  board,
  card,
  composer,
  connected,
  expect,
  firstCheckIn,
  foundCircle,
  inviteLink,
  keepFirst,
  letIn,
  say,
  seeWords,
  shareDialog,
  shareFirst,
  sixWords,
  test
} from './friends.ts';

test('Ana says how she is with keys alone, and keeps it to herself @firefox', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await ana.goto(app.url);
  await expect(ana.getByRole('heading', { name: 'How are you, really?' })).toBeVisible();

  const pleasantness = ana.getByRole('slider', { name: 'Pleasantness' });
  const energy = ana.getByRole('slider', { name: 'Energy' });
  await press(ana, pleasantness, 'ArrowLeft', 3);
  await expect(pleasantness).toHaveValue('-3');
  await press(ana, energy, 'Home', 1);
  await expect(energy).toHaveValue('-100');
  await expect(energy).toHaveAttribute('aria-valuetext', 'very low energy');
  await composer(ana).words.focus();
  await ana.keyboard.type('Hardly slept.');
  await press(ana, composer(ana).help.getByRole('button', { name: 'be near' }), 'Enter', 1);
  await press(ana, composer(ana).sayIt, 'Enter', 1);

  for (const way of ['Just me for now', 'Start a circle', 'I was invited'])
    await expect(ana.getByRole('button', { name: way })).toBeVisible();
  await press(ana, ana.getByRole('button', { name: 'Just me for now' }), 'Enter', 1);
  await seeWords(ana, 'You', 'Hardly slept.');
  await expect(card(ana, 'You')).toContainText('be near');
  await expect(board(ana).getByRole('article')).toHaveCount(1);

  await ana.reload();
  await seeWords(ana, 'You', 'Hardly slept.');
  // Firefox calls what it breaks off loading, because one goes elsewhere, an error of the page.
  await ana.waitForLoadState('networkidle');
  await ana.goto(app.url);
  await seeWords(ana, 'You', 'Hardly slept.');
});

test('one tap is enough: nothing placed, nothing written', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await firstCheckIn(ana, app, {});
  await ana.getByRole('button', { name: 'Just me for now' }).click();
  await expect(card(ana, 'You')).toContainText("I don't know");
  await ana.reload();
  await expect(card(ana, 'You')).toContainText("I don't know");
});

test('the first check-in goes to the circle only when Ana shares it', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await firstCheckIn(ana, app, { words: 'Just between me and me.', pleasantness: -60 });
  await foundCircle(ana, { name: 'Ana', circle: 'The kitchen table' });
  await expect(shareDialog(ana, 'The kitchen table')).toContainText('Just between me and me.');
  await keepFirst(ana, 'The kitchen table');
  await befriend(ana, bob, 'Bob');
  await connected(bob, ['Ana']);

  // What she says next arrives; what she kept would have come before it.
  await expect(card(bob, 'Ana')).toContainText('Nothing said for a while.');
  await say(ana, 'This is for you.');
  await seeWords(bob, 'Ana', 'This is for you.');
  await expect(bob.getByText('Just between me and me.')).toHaveCount(0);

  // "Not now" is not asked again.
  await ana.reload();
  await seeWords(ana, 'You', 'This is for you.');
  await expect(shareDialog(ana, 'The kitchen table')).toHaveCount(0);
});

test('Bob, who wrote before he joined, is asked on his side too', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'Glad you are here.' });
  await firstCheckIn(bob, app, { words: 'Not great, honestly.', help: 'hear me' });
  await bob.getByRole('button', { name: 'I was invited' }).click();
  await bob.getByRole('textbox', { name: 'Paste your invite' }).fill(await inviteLink(ana));
  await bob.getByRole('textbox', { name: 'Your name' }).fill('Bob');
  await bob.getByRole('button', { name: 'Ask to join' }).click();
  await letIn(ana, 'Bob', await sixWords(bob));

  await expect(shareDialog(bob, 'The kitchen table')).toContainText('Ana would see it too.');
  await expect(card(ana, 'Bob')).toContainText('Nothing said for a while.');
  await shareFirst(bob, 'The kitchen table');
  await seeWords(ana, 'Bob', 'Not great, honestly.');
  await expect(card(ana, 'Bob')).toContainText('hear me');
});

const press = async (page: Page, on: ReturnType<Page['getByRole']>, key: string, times: number): Promise<void> => {
  await on.focus();
  for (let time = 0; time < times; time++) await page.keyboard.press(key);
};
