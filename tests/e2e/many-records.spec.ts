/** Years of check-ins reach somebody new on the first visit: far past what one data channel message carries. */
import { connected, seeWords } from './friends.ts';
import { expect, joinScripted, test } from './harness/stories.ts';
import { countKept } from './kept.ts';

const checkInKind = 32;
/** Where a single message on a data channel is dropped without a word. */
const channelMessageBytesOld = 256 * 1024;

test('1,500 kept check-ins reach a newcomer on the first sync, the newest on the card', async ({
  app,
  phone,
  scripted
}) => {
  const ana = await scripted();
  const words = Array.from(
    { length: 1500 },
    (_, i) => `Check-in ${i + 1} of Ana's, kept for good. ${'So it goes. '.repeat(i % 7)}`
  );
  const bytes = await ana.evaluate(async (all) => {
    await window.harness.friend.found('The kitchen table', 'Ana');
    const bytes = await window.harness.friend.sayKept(all);
    await window.harness.friend.say('The newest of them all.');
    return bytes;
  }, words);
  expect(bytes).toBeGreaterThan(2 * channelMessageBytesOld);

  const bob = await phone('Bob');
  await joinScripted(ana, bob, app, 'Bob');
  await seeWords(bob, 'Ana', 'The newest of them all.');
  await connected(bob, ['Ana']);
  await expect.poll(() => countKept(bob, checkInKind), { timeout: 60_000 }).toBe(1501);

  await bob.reload();
  await seeWords(bob, 'Ana', 'The newest of them all.');
  expect(await countKept(bob, checkInKind)).toBe(1501);
});
