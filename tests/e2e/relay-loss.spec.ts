/**
 * Relays that are dead, lose everything, are set back, cap what they hand out, and lie: with another relay, or a friend who
 * holds it, nothing is lost. Friends are never online together.
 */
import type { Page } from '@playwright/test';
import { repairDelayMaxMs } from '../../src/lib/base/limits.ts';
import { card, expect, reopen, say, seeWords, unsay, type RunningApp } from './friends.ts';
import { cappedAt, inventing, lying } from './harness/relay-troubles.ts';
import { apart, metOnce, test } from './harness/relay-site.ts';
import { joinScripted } from './harness/stories.ts';
import type { TroubledRelay } from './harness/troubled-relay.ts';
import { countKept } from './kept.ts';

const checkInKind = 32;
const mailKind = 1059;
const quiet = 'Nothing said for a while.';

/** Says something; ends when a relay has said that it keeps it. */
const sayToRelay = async (page: Page, app: RunningApp, words: string, relays = 'On its relay.'): Promise<void> => {
  const awake = await reopen(page, app.url);
  await say(awake, words);
  await expect(card(awake, 'You')).toContainText(relays);
  await awake.close();
};

const wakesAndSees = async (page: Page, app: RunningApp, friend: string, words: string): Promise<void> => {
  const awake = await reopen(page, app.url);
  await seeWords(awake, friend, words);
  await awake.close();
};

/** Opens the app, lets it find out what the relay lost, and ends when what was missing has been put back. */
const wakesAndPutsBack = async (page: Page, app: RunningApp, relay: TroubledRelay): Promise<void> => {
  await page.context().clock.install();
  const from = relay.said.length;
  const awake = await reopen(page, app.url);
  // It asks for its own letters by id, then for everything.
  const isWhole = ([verb, , filter]: readonly unknown[]): boolean =>
    verb === 'REQ' && JSON.stringify(filter).includes('"limit":500') && !JSON.stringify(filter).includes('"since"');
  await expect.poll(() => relay.said.slice(from).some(isWhole)).toBe(true);
  const mailSaid = () => relay.saidOf('EVENT', mailKind).length;
  const before = mailSaid();
  await expect
    .poll(async () => {
      await awake.clock.fastForward(repairDelayMaxMs);
      return mailSaid() > before && !(await isPuttingBack(awake));
    })
    .toBe(true);
  await awake.close();
};

test.describe('two relays', () => {
  test.use({ relayCount: 2 });

  test('one is dead from the start: the other brings everything, and only one is counted', async ({
    app,
    phone,
    relays
  }) => {
    await relays[0]?.goDown();
    const [ana, bob] = (await metOnce(app, phone, ['Bob'])) as [Page, Page];
    await sayToRelay(ana, app, 'By the one that lives.', 'On 1 of 2 relays.');
    await wakesAndSees(bob, app, 'Ana', 'By the one that lives.');
    await sayToRelay(bob, app, 'And back.', 'On 1 of 2 relays.');
    await wakesAndSees(ana, app, 'Bob', 'And back.');
  });

  test('one dies in the middle, and gets what it missed when it is back', async ({ app, phone, relays }) => {
    const [ana, bob, mia] = (await metOnce(app, phone)) as [Page, Page, Page];
    const awake = await reopen(ana, app.url);
    await say(awake, 'Both of them have this.');
    await expect(card(awake, 'You')).toContainText('On 2 of 2 relays.');
    await relays[1]?.goDown();
    await say(awake, 'Only one has this.');
    await expect(card(awake, 'You')).toContainText('On 1 of 2 relays.');
    await wakesAndSees(bob, app, 'Ana', 'Only one has this.');
    await relays[1]?.comeBack();
    await expect(card(awake, 'You')).toContainText('On 2 of 2 relays.', { timeout: 70_000 });
    await awake.close();
    // Now the other one dies, and the one that was away has everything.
    await relays[0]?.goDown();
    await wakesAndSees(mia, app, 'Ana', 'Only one has this.');
  });
});

test('a relay that comes back empty is filled again by a friend who holds it', async ({ app, phone, relay }) => {
  const [ana, bob, mia] = (await metOnce(app, phone)) as [Page, Page, Page];
  await sayToRelay(ana, app, 'Said before it was lost.');
  const bobAwake = await reopen(bob, app.url);
  await seeWords(bobAwake, 'Ana', 'Said before it was lost.');
  await say(bobAwake, 'Bob has read it.');
  await expect(card(bobAwake, 'You')).toContainText('On its relay.');
  await bobAwake.close();
  await relay.lose();
  expect(relay.kept()).toBe(0);
  // Ana stays asleep: Bob finds out, and puts back hers beside his own.
  await wakesAndPutsBack(bob, app, relay);
  const miaAwake = await reopen(mia, app.url);
  await seeWords(miaAwake, 'Ana', 'Said before it was lost.');
  await seeWords(miaAwake, 'Bob', 'Bob has read it.');
});

test('a relay that is set back gets the later ones again, and what was unsaid stays unsaid', async ({
  app,
  phone,
  relay
}) => {
  const [ana, bob, mia] = (await metOnce(app, phone)) as [Page, Page, Page];
  await sayToRelay(ana, app, 'I take this back.');
  await wakesAndSees(bob, app, 'Ana', 'I take this back.');
  await relay.backUp();

  const anaAwake = await reopen(ana, app.url);
  const removed = () => relay.saidOf('EVENT', 5).length;
  const before = removed();
  await unsay(anaAwake, 'I take this back.');
  await expect.poll(removed).toBeGreaterThan(before); // the older letter is removed once the newer one is there
  await anaAwake.close();
  const bobAwake = await reopen(bob, app.url);
  await expect(card(bobAwake, 'Ana')).toContainText(quiet);
  await bobAwake.close();

  await relay.setBack();
  const from = relay.answered.length;
  const bobAgain = await reopen(bob, app.url);
  await expect.poll(() => relay.answered.slice(from).filter(([verb]) => verb === 'EVENT').length).toBeGreaterThan(1);
  await say(bobAgain, 'I read all of it again.');
  await expect(card(bobAgain, 'You')).toContainText('On its relay.');
  await expect(card(bobAgain, 'Ana')).toContainText(quiet);
  await bobAgain.close();

  // Ana finds out that her taking back is not there any more.
  await wakesAndPutsBack(ana, app, relay);
  const miaAwake = await reopen(mia, app.url);
  await seeWords(miaAwake, 'Bob', 'I read all of it again.');
  await expect(card(miaAwake, 'Ana')).toContainText(quiet);
});

test('a relay that hands out ten at a time hands out 300', async ({ app, phone, relay, scripted }) => {
  const ana = await scripted();
  relay.trouble = cappedAt(10);
  await ana.evaluate(async () => {
    const { friend } = window.harness;
    await friend.found('The kitchen table', 'Ana');
    for (let i = 0; i < 300; i++) {
      const body = {
        id: crypto.getRandomValues(new Uint8Array(16)),
        point: [0, 0],
        feelings: [],
        words: `Number ${i}`
      };
      await friend.sayRecord({ kind: 32, slot: `kept/${i}`, body, expMs: null });
    }
    await friend.say('The newest of them all.');
  });
  await expect.poll(() => owed(ana), { timeout: 60_000 }).toBe(0);
  expect(relay.kept()).toBeGreaterThan(100); // far more than ten, and more than one page for any of the questions
  const bob = await apart(phone)('Bob');
  await joinScripted(ana, bob, app, 'Bob');
  await seeWords(bob, 'Ana', 'The newest of them all.');
  await expect.poll(() => countKept(bob, checkInKind), { timeout: 60_000 }).toBe(301);
});

for (const [name, trouble] of [
  ['talks nonsense, repeats itself and mixes in what is foreign', lying],
  ['makes up mail without end', inventing()]
] as const) {
  test(`a relay that ${name}: the page stays at hand, and what is right comes in`, async ({ app, phone, relay }) => {
    const [ana, bob] = (await metOnce(app, phone, ['Bob'])) as [Page, Page];
    await sayToRelay(ana, app, 'True words.');
    relay.trouble = trouble;
    const awake = await reopen(bob, app.url);
    await seeWords(awake, 'Ana', 'True words.');
    expect(await longestFrameMs(awake)).toBeLessThan(500);
    await say(awake, 'And I can still talk.');
    relay.trouble = {};
    await expect(card(awake, 'You')).toContainText('On its relay.', { timeout: 60_000 });
    await awake.close();
    await wakesAndSees(ana, app, 'Bob', 'And I can still talk.');
  });
}

/** What a scripted friend's relay is still to get. */
const owed = (scripted: Page): Promise<number> =>
  scripted.evaluate(() => window.harness.friend.database.mail.filter(({ due }) => due === 1).count());

/** The longest this page left the screen as it was, over two seconds. */
const longestFrameMs = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const from = performance.now();
        let [last, longest] = [from, 0];
        const next = (now: number): void => {
          longest = Math.max(longest, now - last);
          last = now;
          if (now - from > 2000) resolve(longest);
          else requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      })
  );

/** Whether this phone knows of a relay that still lacks something. */
const isPuttingBack = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('shoulder');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const reading = opening.result.transaction('mailboxes').objectStore('mailboxes').getAll();
    await new Promise((resolve) => (reading.onsuccess = resolve));
    opening.result.close();
    return (reading.result as { refillDue: boolean }[]).some(({ refillDue }) => refillDue);
  });
