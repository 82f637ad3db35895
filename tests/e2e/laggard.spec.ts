/** Mia sleeps while the circle changes its keys twice. She said something before; she finds the way, and it arrives. */
import type { Page } from '@playwright/test';
import { systemClock } from '../../src/lib/base/clock.ts';
import { repairDelayMaxMs } from '../../src/lib/base/limits.ts';
import { card, connected, expect, say, seeWords, type OpenPhone } from './friends.ts';
import { metOnce, test } from './harness/relay-site.ts';
import { refusing } from './harness/relay-troubles.ts';
import { withClock } from './harness/three-friends.ts';
import { openPeople, tidyUp } from './people.ts';
import {
  afterAWhile,
  epochsHeld,
  newKeysInAWhile,
  sayAndSleep,
  sayOffline,
  sleep,
  sleepAfterNewKeys,
  wake
} from './sleeping.ts';

const fromTheTrain = 'Said on the train, before anything happened.';
const since = 'Much has happened here.';

test('awake together again: Mia catches up over both, and her word arrives', async ({ app, phone, relay }) => {
  const [ana, bob, mia, tom] = (await metOnce(app, timed(phone), ['Bob', 'Mia', 'Tom'])) as [Page, Page, Page, Page];
  await sayOffline(mia, app, fromTheTrain);
  // No mail is kept for anybody: it is friends' phones that Mia hears it from.
  relay.trouble = refusing('blocked: no mail today');
  const [anaAwake, bobAwake, tomAwake] = [await wake(ana, app), await wake(bob, app), await wake(tom, app)];
  await connected(anaAwake, ['Bob', 'Tom']);
  await tidyUp(anaAwake);
  await connected(anaAwake, ['Bob', 'Tom']);
  await leave(tomAwake);
  await expect(card(anaAwake, 'Tom')).toHaveCount(0);
  await expect(card(bobAwake, 'Tom')).toHaveCount(0);
  await newKeysInAWhile(anaAwake, app, 3);
  await expect.poll(() => epochsHeld(bobAwake)).toBe(3);
  await connected(anaAwake, ['Bob']);
  await say(anaAwake, since);
  await seeWords(bobAwake, 'Ana', since);

  const miaBack = await wake(mia, app);
  await seeWords(miaBack, 'Ana', since);
  await expect(card(miaBack, 'Tom')).toHaveCount(0);
  await connected(miaBack, ['Ana', 'Bob']);
  // What only she has she hands to the others after a while, as after every parting.
  await afterAWhile(miaBack, app, repairDelayMaxMs, () =>
    expect(card(anaAwake, 'Mia')).toContainText(fromTheTrain, { timeout: 5000 })
  );
  await seeWords(bobAwake, 'Mia', fromTheTrain);
});

test('by relay alone: Mia catches up over both with nobody awake, and her word arrives', async ({ app, phone }) => {
  const [ana, bob, mia, tom] = (await metOnce(app, timed(phone), ['Bob', 'Mia', 'Tom'])) as [Page, Page, Page, Page];
  await sayOffline(mia, app, fromTheTrain);
  const anaAwake = await wake(ana, app);
  await tidyUp(anaAwake);
  await sleepAfterNewKeys(anaAwake);
  const tomAwake = await wake(tom, app);
  await expect(card(tomAwake, 'Ana')).toBeVisible();
  await leave(tomAwake);
  await sleep(tomAwake);
  const bobAwake = await wake(bob, app);
  await expect(card(bobAwake, 'Tom')).toHaveCount(0);
  await newKeysInAWhile(bobAwake, app, 3);
  await sleepAfterNewKeys(bobAwake);
  const anaAgain = await wake(ana, app);
  await expect.poll(() => epochsHeld(anaAgain)).toBe(3);
  await sayAndSleep(anaAgain, since);

  const miaBack = await wake(mia, app);
  await seeWords(miaBack, 'Ana', since);
  await expect(card(miaBack, 'Tom')).toHaveCount(0);
  await afterAWhile(miaBack, app, repairDelayMaxMs, () =>
    expect(card(miaBack, 'You')).toContainText('On its relay.', { timeout: 5000 })
  );
  await sleep(miaBack);
  await seeWords(await wake(bob, app), 'Mia', fromTheTrain);
  await seeWords(await wake(ana, app), 'Mia', fromTheTrain);
});

const timed = (phone: OpenPhone): OpenPhone => withClock(phone, systemClock.nowMs());

/** From the board; what one said stays. */
const leave = async (page: Page): Promise<void> => {
  await openPeople(page);
  await page.getByRole('link', { name: 'Leave the circle' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(page).not.toHaveURL(/leave/);
};
