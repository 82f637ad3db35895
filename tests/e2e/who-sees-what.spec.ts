/** Who sees what can be looked up by anybody: before there is a circle, and without a network. */
import type { Page } from '@playwright/test';
import { composer, expect, firstCheckIn, reopen, test } from './friends.ts';
import { expectGentle } from './harness/gentle-text.ts';

const heading = (page: Page) => page.getByRole('heading', { level: 1, name: 'Who sees what' });
const relay = (page: Page) => page.getByRole('heading', { level: 2, name: 'A relay' });
const mailboxes = (page: Page) => page.getByText(/^A mailbox for each circle/);

test('somebody who was only here once opens it offline, with no circle yet @firefox', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await ana.goto(app.url);
  await expect(composer(ana).words).toBeVisible();
  await ana.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await app.goDown();
  const again = await reopen(ana, new URL('who-sees-what', app.url).href);
  await expect(heading(again)).toBeVisible();
  await expect(mailboxes(again)).toBeHidden();
  await relay(again).click();
  await expect(mailboxes(again)).toBeVisible();
  await expectGentle(again, 'who sees what');
});

test('it is one tap from the settings, and leads back there', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await firstCheckIn(ana, app, { words: 'A rough week.' });
  await ana.getByRole('button', { name: 'Just me for now' }).click();
  await ana.getByRole('link', { name: 'Settings' }).click();
  await ana.getByRole('link', { name: /^Who sees what/ }).click();
  await expect(heading(ana)).toBeVisible();
  await ana.getByRole('link', { name: 'Back' }).click();
  await expect(ana.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});
