/**
 * 5 MB of history for a friend who joins late: from device to device, and by a relay's mail alone. By a file:
 * carried.spec.ts.
 */
import type { Page } from '@playwright/test';
import { connected, expect, seeWords } from './friends.ts';
import { refusing } from './harness/relay-troubles.ts';
import { apart, test } from './harness/relay-site.ts';
import { joinScripted } from './harness/stories.ts';
import { countKept } from './kept.ts';

const checkInKind = 32;
const records = 4000;

/** A scripted friend with years behind her, and what they weigh in bytes. */
const liveThroughYears = (ana: Page): Promise<number> =>
  ana.evaluate(async (count) => {
    const { friend } = window.harness;
    await friend.found('The kitchen table', 'Ana');
    const bytes = await friend.sayKept(
      Array.from({ length: count }, (_, i) => `Day ${i}. ${'So it goes. '.repeat(78)}`)
    );
    await friend.say('The newest of them all.');
    return bytes;
  }, records);

const expectAll = async (bob: Page): Promise<void> => {
  const fromMs = Date.now();
  await expect.poll(() => countKept(bob, checkInKind), { timeout: 100_000, intervals: [500] }).toBe(records + 1);
  console.info(`all ${records} records after ${Math.round((Date.now() - fromMs) / 1000)} s`);
};

test('5 MB go from device to device, while the relay takes no mail', async ({ app, phone, relay, scripted }) => {
  relay.trouble = refusing('blocked: no mail here');
  const ana = await scripted();
  expect(await liveThroughYears(ana)).toBeGreaterThan(5_000_000);
  const bob = await phone('Bob');
  await joinScripted(ana, bob, app, 'Bob');
  await connected(bob, ['Ana']);
  await expectAll(bob);
  await seeWords(bob, 'Ana', 'The newest of them all.');
  expect(relay.kept()).toBe(0);
});

test('5 MB go by mail alone, packed, to somebody whom no network lets through', async ({
  app,
  phone,
  relay,
  scripted
}) => {
  const ana = await scripted();
  expect(await liveThroughYears(ana)).toBeGreaterThan(5_000_000);
  await expect
    .poll(() => ana.evaluate(() => window.harness.friend.database.mail.filter(({ due }) => due === 1).count()), {
      timeout: 100_000
    })
    .toBe(0);
  console.info(`${records} records in ${relay.kept()} pieces of mail`);
  expect(relay.kept()).toBeLessThan(records / 4);
  const bob = await apart(phone)('Bob');
  await joinScripted(ana, bob, app, 'Bob');
  await expectAll(bob);
  await seeWords(bob, 'Ana', 'The newest of them all.');
  await expect.poll(() => ana.evaluate(() => window.harness.friend.connected())).toBe(0);
});
