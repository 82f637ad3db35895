/**
 * Relays that refuse, forget, stall and cap: friends who are never online together, and nothing is lost.
 *
 * A relay is mended while the phone stays as it is: what waited goes by itself.
 */
import type { Page } from '@playwright/test';
import { card, expect, reopen, say, seeWords, type RunningApp } from './friends.ts';
import { closing, forgetful, refusing, silent, slowBy } from './harness/relay-troubles.ts';
import { metOnce, test } from './harness/relay-site.ts';
import type { Trouble } from './harness/troubled-relay.ts';

const onItsRelay = (page: Page) => expect(card(page, 'You')).toContainText('On its relay.');

/** Somebody wakes, sees these words of a friend's, and sleeps again. */
const wakesAndSees = async (page: Page, app: RunningApp, friend: string, words: string): Promise<void> => {
  const awake = await reopen(page, app.url);
  await seeWords(awake, friend, words);
  await awake.close();
};

test.describe('a relay as strict as strfry', () => {
  test.use({ isStrict: true });

  test('joining, and check-ins both ways by mail', async ({ app, phone, relay }) => {
    const [ana, bob] = (await metOnce(app, phone, ['Bob'])) as [Page, Page];
    const anaAwake = await reopen(ana, app.url);
    await say(anaAwake, 'Said to a strict one.');
    await onItsRelay(anaAwake);
    await anaAwake.close();
    const bobAwake = await reopen(bob, app.url);
    await seeWords(bobAwake, 'Ana', 'Said to a strict one.');
    await say(bobAwake, 'And answered by Bob.');
    await onItsRelay(bobAwake);
    await bobAwake.close();
    await wakesAndSees(ana, app, 'Bob', 'And answered by Bob.');
    // It had to be signed in to, and let nobody read before.
    expect(relay.answered.filter(([verb, , reason]) => verb === 'CLOSED' && /^auth/.test(String(reason)))).not.toEqual(
      []
    );
    expect(relay.saidOf('AUTH').length).toBeGreaterThan(0);
  });
});

test.describe('what a relay does not take waits, and goes when it is mended', () => {
  const troubles: readonly (readonly [string, Trouble])[] = [
    ['refuses everything', refusing('blocked: nothing today')],
    ['says that all of it is too large', refusing('invalid: event too large: 1000 bytes')],
    ['asks to slow down, whatever one does', refusing('rate-limited: not so fast')],
    ['never answers', silent],
    ['takes each subscription back', closing]
  ];
  for (const [name, trouble] of troubles) {
    test(`a relay that ${name}`, async ({ app, phone, relay }) => {
      const [ana, bob] = (await metOnce(app, phone, ['Bob'])) as [Page, Page];
      const awake = await reopen(ana, app.url);
      await say(awake, 'Before anything went wrong.');
      await onItsRelay(awake);
      relay.trouble = trouble;
      const from = relay.said.length;
      await say(awake, 'While it would not take it.');
      await expect.poll(() => relay.said.slice(from).length).toBeGreaterThan(0);
      if (trouble !== closing) await expect(card(awake, 'You')).not.toContainText('relay');
      await expect(card(awake, 'You')).toContainText("Waiting for Bob's phone.");
      relay.trouble = {};
      await expect(card(awake, 'You')).toContainText('On its relay.', { timeout: 60_000 });
      await awake.close();
      await wakesAndSees(bob, app, 'Ana', 'While it would not take it.');
    });
  }

  test('a relay that says yes and forgets is found out when one opens again', async ({ app, phone, relay }) => {
    const [ana, bob] = (await metOnce(app, phone, ['Bob'])) as [Page, Page];
    const awake = await reopen(ana, app.url);
    relay.trouble = forgetful;
    await say(awake, 'It said yes.');
    await onItsRelay(awake); // by its own word
    relay.trouble = {};
    const again = await reopen(awake, app.url);
    await expect(card(again, 'You')).not.toContainText('On its relay.');
    await expect(card(again, 'You')).toContainText('On its relay.', { timeout: 60_000 });
    await again.close();
    await wakesAndSees(bob, app, 'Ana', 'It said yes.');
  });

  test('a relay that takes its time for every answer', async ({ app, phone, relay }) => {
    const [ana, bob] = (await metOnce(app, phone, ['Bob'])) as [Page, Page];
    relay.trouble = slowBy(700);
    const awake = await reopen(ana, app.url);
    await say(awake, 'It takes its time.');
    await onItsRelay(awake);
    await awake.close();
    await wakesAndSees(bob, app, 'Ana', 'It takes its time.');
  });
});
