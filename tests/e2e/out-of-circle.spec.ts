/** A board that one is out of: what there is stays to be read, and nothing is offered that would reach nobody. */
import type { Page } from '@playwright/test';
import { backToBoard, befriend, beginCircle, board, card, expect, goToCircle, say, seeWords, test } from './friends.ts';
import { table } from './harness/three-friends.ts';
import { addLaptop, openDevices, openPeople, outSentences } from './people.ts';

test('Bob leaves: he sees it at once, reads on, and what he was writing is kept', async ({ app, phone }) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await say(bob, 'Tired, but here.');
  await seeWords(bob, 'Ana', 'A rough week.');
  await sayHow(bob).click();
  await bob.getByRole('textbox', { name: 'In your own words' }).fill('Half a sentence');
  await bob.getByRole('button', { name: 'Not now', exact: true }).click();
  await expect(board(bob)).toBeVisible();
  const place = bob.url();
  await openPeople(bob);
  await bob.getByRole('link', { name: 'Leave the circle' }).click();
  await bob.getByRole('button', { name: 'Leave', exact: true }).click();

  await expect(bob).toHaveURL(place);
  await expect(bob.getByRole('status')).toHaveText(outSentences.left);
  await expect(sayHow(bob)).toHaveCount(0);
  await expect(bob.getByRole('button', { name: 'Invite a friend' })).toHaveCount(0);
  await card(bob, 'Ana').getByRole('link').first().click();
  await expect(bob.getByRole('status')).toHaveText(outSentences.left);
  await expect(bob.getByText('A rough week.')).toBeVisible();
  await expect(bob.getByRole('button')).toHaveCount(0);
  await backToBoard(bob);
  await bob.getByRole('link', { name: 'What you said here' }).click();
  await expect(bob.getByText('Tired, but here.')).toBeVisible();
  await bob.goto(`${place}/say`);
  await expect(bob.getByRole('status')).toHaveText(outSentences.left);
  await expect(bob.getByText('Half a sentence')).toBeVisible();
  await expect(bob.getByRole('textbox')).toHaveCount(0);
});

test('Ana names her laptop, and both know it; taken off, its own board says so', async ({ app, phone }) => {
  const [ana, laptop] = [await phone('Ana'), await phone('Ana’s laptop', { viewport: { width: 1280, height: 800 } })];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await addLaptop(ana, laptop, app);
  await openDevices(laptop, app);
  await openDevices(ana, app);
  await ana.getByRole('button', { name: 'Name it (a laptop)' }).click();
  await ana.getByRole('textbox', { name: 'Your name for it' }).fill('Desk');
  await ana.keyboard.press('Enter');
  await expect(laptop.getByRole('listitem').filter({ hasText: 'Desk' })).toHaveCount(1);
  await ana.getByRole('button', { name: 'Take off Desk' }).click();
  await ana.getByRole('button', { name: 'Take it off', exact: true }).click();
  await expect(laptop.getByRole('status')).toContainText('This device was taken off by another of yours.');
  await laptop.goto(app.url);
  await goToCircle(laptop, 'Just me');
  await expect(laptop.getByRole('status')).toHaveText(outSentences['taken off']);
  await expect(sayHow(laptop)).toHaveCount(0);
  await expect(laptop.getByRole('link', { name: 'Your devices' })).toBeVisible();
});

const sayHow = (page: Page) => page.getByRole('link', { name: 'How are you, really?' });
