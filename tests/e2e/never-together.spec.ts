/** Friends who are never online together: a relay keeps sealed mail for whoever is asleep. */
import { befriend, beginCircle, card, connected, expect, openCard, reopen, say, seeWords, test } from './friends.ts';
import { waitingForRelays } from './harness/phone-secrets.ts';

test('what Ana says while Bob sleeps is there when he wakes and she is gone', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  await bob.close();

  await say(ana, 'Nobody is here, and I say it anyway.');
  await expect(card(ana, 'You')).toContainText('On its relay.');
  await ana.close();

  const bobAwake = await reopen(bob, app.url);
  await seeWords(bobAwake, 'Ana', 'Nobody is here, and I say it anyway.');
  await openCard(bobAwake, 'Ana');
  await bobAwake.getByRole('button', { name: 'sitting with you' }).click();
  await expect(bobAwake.getByText('You are sitting with Ana.')).toBeVisible();
  // Whoever closes sooner leaves it to their next opening.
  await expect.poll(() => waitingForRelays(bobAwake)).toBe(0);
  await bobAwake.close();

  const anaAwake = await reopen(ana, app.url);
  await expect(card(anaAwake, 'You')).toContainText('Bob is sitting with you.');
  await expect(card(anaAwake, 'You')).toContainText('Reached Bob.');
});
