/** Friends who are never awake together: falling asleep once everything is left, and what is said where there is no network. */
import type { Page } from '@playwright/test';
import { kinds } from '../../src/lib/records/kinds.ts';
import { repairDelayMaxMs, successionDelayMaxMs } from '../../src/lib/base/limits.ts';
import { bytesToKeyring } from '../../src/lib/store/keyring.ts';
import { card, expect, presence, reopen, say, type RunningApp } from './friends.ts';
import { keyringsOf, waitingForRelays } from './harness/phone-secrets.ts';
import { timePasses } from './later.ts';

/** Opens the app on a phone that was closed. */
export const wake = (page: Page, app: Pick<RunningApp, 'url'>): Promise<Page> => reopen(page, app.url);

/** Closes a phone once nothing on it waits for a relay any more: whoever closes sooner leaves it to their next opening. */
export const sleep = async (page: Page): Promise<void> => {
  await allOnRelay(page);
  await page.close();
};

export const allOnRelay = (page: Page): Promise<void> => expect.poll(() => waitingForRelays(page)).toBe(0);

/** The same for whoever made new keys: where the circle was, it is left how the others find it. */
export const sleepAfterNewKeys = async (page: Page): Promise<void> => {
  await expect.poll(() => sealsLeft(page)).toBe(true);
  await sleep(page);
};

/** With everybody else asleep: says something, and sleeps once a relay keeps it. */
export const sayAndSleep = async (page: Page, words: string): Promise<void> => {
  await say(page, words);
  await sleepOnceKept(page);
};

/**
 * Closes a phone once what was said last on it is kept by a relay, where the circle is now. What a mailbox lacks is put there after a
 * while, at a moment of the phone's own.
 */
export const sleepOnceKept = async (page: Page): Promise<void> => {
  await expect(card(page, 'You')).toContainText('On its relay.', { timeout: 2 * repairDelayMaxMs });
  await sleep(page);
};

/** How many epochs of its first shared circle a phone holds keys or a lighthouse of: one more with each change of keys. */
export const epochsHeld = async (page: Page): Promise<number> => {
  const keyrings = await Promise.all((await keyringsOf(page)).map(({ bytes }) => bytesToKeyring(bytes)));
  return keyrings.find((keyring) => keyring?.own === false)?.epochs.length ?? 0;
};

/**
 * What a phone does after a while, at a moment of its own: time passes on it, whose clock is installed, `ms` at once and as often as
 * it takes, until `seen` passes.
 */
export const afterAWhile = (page: Page, app: RunningApp, ms: number, seen: () => Promise<void>): Promise<void> =>
  expect(async () => {
    await timePasses(app, [page], ms);
    await seen();
  }).toPass({ timeout: 60_000 });

/** What nobody decided with a last word, such as that somebody left, is done after a while by whoever is awake. */
export const newKeysInAWhile = (page: Page, app: RunningApp, epochs: number): Promise<void> =>
  afterAWhile(page, app, successionDelayMaxMs, () =>
    expect.poll(() => epochsHeld(page), { timeout: 5000 }).toBe(epochs)
  );

/** On a phone that sleeps, which was online before: wakes without a network, says something, and sleeps again. */
export const sayOffline = async (page: Page, app: Pick<RunningApp, 'url'>, words: string): Promise<void> => {
  await page.context().setOffline(true);
  const away = await wake(page, app);
  await expect(presence(away)).toHaveText('Offline');
  await say(away, words);
  await away.close();
  await page.context().setOffline(false);
};

/** Whether all seals that were said on this phone, or came to it, lie in a mailbox of an epoch that is over. */
const sealsLeft = (page: Page): Promise<boolean> =>
  page.evaluate(async (kind) => {
    const opening = indexedDB.open('shoulder');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const all = async <Row>(store: string): Promise<Row[]> => {
      const reading = opening.result.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => (reading.onsuccess = resolve));
      return reading.result as Row[];
    };
    const envelopes = await all<{ kind: number; key: string; hash: string }>('envelopes');
    const mail = await all<{ relay: string; key: string; hash?: string }>('mail');
    opening.result.close();
    const seals = envelopes.filter((row) => row.kind === kind);
    // What stands for such a mailbox is named by the relay and the epoch.
    const isLeft = ({ key, hash }: { key: string; hash: string }): boolean =>
      mail.some((row) => row.relay.includes(' ') && row.key === key && row.hash === hash);
    return seals.length > 0 && seals.every(isLeft);
  }, kinds.seals);
