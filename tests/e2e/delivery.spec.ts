/** "Reached …": told per friend, some minutes later, so that it never says when somebody looked. */
import { ackDelayMaxMs } from '../../src/lib/base/limits.ts';
import { befriend, beginCircle, card, connected, expect, say, seeWords, test } from './friends.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };

test("Ana's card waits for Bob's phone, and minutes later says that it reached him", async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await bob.clock.install();
  await beginCircle(ana, app, table);
  await expect(card(ana, 'You')).not.toContainText('Waiting');
  await befriend(ana, bob, 'Bob');
  await seeWords(bob, 'Ana', 'A rough week.');
  await connected(ana, ['Bob']);
  await say(ana, 'Still the same week.');
  await seeWords(bob, 'Ana', 'Still the same week.');
  await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone.");

  await bob.clock.fastForward(ackDelayMaxMs + 1000);
  await expect(card(ana, 'You')).toContainText('Reached Bob.');
  await expect(card(ana, 'You')).not.toContainText('Waiting');
  // Only one's own card says so, and the next word waits anew.
  await expect(card(bob, 'Ana')).not.toContainText('Reached');
  await say(ana, 'And a new thought.');
  await seeWords(bob, 'Ana', 'And a new thought.');
  await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone.");
});

test('one friend reached and one still waited for are both named', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  const mia = await phone('Mia');
  await bob.clock.install();
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await befriend(ana, mia, 'Mia');
  await connected(ana, ['Bob', 'Mia']);
  await expect(card(ana, 'You')).toContainText('Waiting for the phones of Bob and Mia.');
  await seeWords(bob, 'Ana', 'A rough week.');
  await bob.clock.fastForward(ackDelayMaxMs + 1000);
  await expect(card(ana, 'You')).toContainText("Reached Bob. Waiting for Mia's phone.");
});
