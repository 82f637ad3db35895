/** Clocks that are years off, and apps that are years apart: friends still get each other's words. */
import type { Page } from '@playwright/test';
import { befriend, beginCircle, say, seeWords } from './friends.ts';
import { befriendScripted, connectedTo, expect, test } from './harness/stories.ts';
import { countKept } from './kept.ts';

const dayMs = 86_400_000;
const clockSentence = "This phone's clock is far off. Nothing is lost; times may look strange until it is set.";
const unknownKind = 99;
const inviteKind = 20;

for (const years of [-6, 6]) {
  test(`a newcomer whose clock is ${years} years off joins, says and hears; nothing fades`, async ({ app, phone }) => {
    const [ana, bob] = [await phone('Ana'), await phone('Bob')];
    await turnClock(bob, years * 365 * dayMs);
    await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
    await befriend(ana, bob, 'Bob');
    await expect(bob.getByText(clockSentence)).toBeVisible();
    await expect(ana.getByText(clockSentence)).toHaveCount(0);
    await seeWords(bob, 'Ana', 'A rough week.');
    await expect(bob.getByText('Connected to Ana')).toBeVisible();
    await say(bob, 'What year is it?');
    await seeWords(ana, 'Bob', 'What year is it?');
    await say(ana, 'This one.');
    await seeWords(bob, 'Ana', 'This one.');

    await bob.reload();
    await seeWords(bob, 'Ana', 'This one.');
    await seeWords(bob, 'You', 'What year is it?');
    await say(bob, 'Still here.');
    await seeWords(ana, 'Bob', 'Still here.');
    expect(await countKept(bob, inviteKind)).toBe(1);
  });
}

test('whoever founds a circle with a clock years ahead can be joined and heard', async ({ app, phone }) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await turnClock(ana, 6 * 365 * dayMs);
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await expect(ana.getByText(clockSentence)).toBeVisible();
  await befriend(ana, bob, 'Bob');
  await seeWords(bob, 'Ana', 'A rough week.');
  await expect(bob.getByText('Connected to Ana')).toBeVisible();
  await say(bob, 'I hear you.');
  await seeWords(ana, 'Bob', 'I hear you.');
  await expect(bob.getByText(clockSentence)).toHaveCount(0);
});

test('a kind that nobody knows is kept, and forwarded when its author has gone', async ({ app, phone, scripted }) => {
  const [ana, eve] = [await phone('Ana'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriendScripted(ana, eve, 'Eve');
  await connectedTo(eve, 1);
  await eve.evaluate(
    (kind) =>
      window.harness.friend.sayRecord({ kind, slot: 'later', body: { more: 'than this version reads' }, expMs: null }),
    unknownKind
  );
  await expect.poll(() => countKept(ana, unknownKind)).toBe(1);
  await eve.evaluate(() => window.harness.friend.stop());
  await eve.context().close();

  const bob = await phone('Bob');
  await befriend(ana, bob, 'Bob');
  await expect(bob.getByText('Connected to Ana')).toBeVisible();
  await expect.poll(() => countKept(bob, unknownKind)).toBe(1);
  await say(bob, 'Here too.');
  await seeWords(ana, 'Bob', 'Here too.');
});

test("a friend's newer envelope is announced, and takes nothing away", async ({ app, phone, scripted }) => {
  const [ana, eve] = [await phone('Ana'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriendScripted(ana, eve, 'Eve');
  await connectedTo(eve, 1);
  await eve.evaluate(() => window.harness.friend.say('From my newer phone.'));
  await seeWords(ana, 'Eve', 'From my newer phone.');
  await eve.evaluate(() => window.harness.turnHostile());
  await expect.poll(() => eve.evaluate(() => window.harness.intruder.peers)).toBe(1);
  await eve.evaluate(() => window.harness.intruder.writeNewerEnvelope());
  await expect(
    ana.getByText("Someone's app is newer. What they sent is kept, and shows once this app is updated.")
  ).toBeVisible();
  await seeWords(ana, 'Eve', 'From my newer phone.');
  await seeWords(ana, 'You', 'A rough week.');
});

/** From its first navigation on, this phone believes that it is so much later. */
const turnClock = async (page: Page, offsetMs: number): Promise<void> => {
  await page.context().addInitScript((offset) => {
    const Real = Date;
    class Shifted extends Real {
      constructor(...parts: unknown[]) {
        super(...((parts.length === 0 ? [Real.now() + offset] : parts) as [number]));
      }
      static override now(): number {
        return Real.now() + offset;
      }
    }
    globalThis.Date = Shifted as DateConstructor;
  }, offsetMs);
};
