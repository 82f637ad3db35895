/** An opened check-in in a circle that this device is out of: everything can be read, and nothing said. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { hourMs } from '../../src/lib/base/clock.ts';
import { open } from './open-friend-page.ts';
import {
  aboutOf,
  anaBefore,
  anaBetween,
  anaOpened,
  gesture,
  keyOf,
  ownOpened,
  pageOf,
  reachOut,
  reply
} from './screen-friend-page.ts';
import { ownName } from './screen-friends.ts';

test('whoever is out of the circle reads all of it, and is offered nothing to say', async () => {
  const between = [...anaBetween, reachOut('Ana', false, { words: 'Are you up?' })];
  const answers = { gestures: [gesture('Jo', 'me-too')], replies: [reply(ownName, 'Soup is on the stairs.', hourMs)] };
  await open(pageOf('Ana', anaOpened(answers), { before: anaBefore, between }), { isOut: true });
  await expect.element(page.getByRole('heading', { level: 1, name: 'Ana' })).toBeVisible();
  for (const words of ['Soup is on the stairs.', 'Are you up?', 'I’ll come on Sunday.'])
    await expect.element(page.getByText(words)).toBeVisible();
  expect(page.getByRole('button').elements()).toEqual([]);
  expect(page.getByRole('textbox').elements()).toEqual([]);
});

test('one’s own, where one is out, is there to be read and stays as it is', async () => {
  const heard = [keyOf(aboutOf('Mia', 'been'))];
  await open(pageOf(ownName, ownOpened(), { left: true, before: anaBefore }), { isOut: true, heard });
  await expect.element(page.getByText(/hanging in there/)).toBeVisible();
  await expect.element(page.getByText('Soup is on the stairs.')).toBeVisible();
  await expect.element(page.getByText(/I slept on the floor/)).toBeVisible();
  expect(page.getByRole('button').elements()).toEqual([]);
  expect(document.body.textContent).not.toContain('has left');
  expect(document.body.textContent).not.toContain('Your next one');
});
