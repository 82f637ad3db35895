/**
 * Asking the browser not to throw storage away: once, as soon as there is something to lose. And saying so, once, where it
 * may throw it away all the same.
 */
import { dayMs, type Clock } from '../base/clock.ts';
import type { Circles } from '../store/circles.ts';
import type { ShoulderDatabase } from '../store/database.ts';

const askedSetting = 'storage-asked';
const remindedSetting = 'storage-reminded';

/** Whether storage is persistent now. Asks at most once; a refusal is remembered, not repeated. */
export const keepStorage = async (database: ShoulderDatabase): Promise<boolean> => {
  if (navigator.storage?.persist === undefined) return false;
  if (await navigator.storage.persisted()) return true;
  if ((await database.settings.get(askedSetting)) !== undefined) return false;
  await database.settings.put({ id: askedSetting, value: true });
  return navigator.storage.persist();
};

/**
 * `promised`: the browser keeps it. `home-screen`: an iPhone or iPad lets go of what a page keeps a week after the last visit,
 * unless it is on the home screen. `unpromised`: it goes when room runs out.
 */
export type Keeping = 'promised' | 'home-screen' | 'unpromised';

/** As it is now; asks nobody anything. Source: WebKit, "Full Third-Party Cookie Blocking and More", script-writable storage. */
export const keepingNow = async (): Promise<Keeping> => {
  // Only Apple's phones and tablets say whether a page was opened from the home screen by this name.
  const standalone = 'standalone' in navigator ? navigator.standalone === true : undefined;
  if (standalone === false && navigator.maxTouchPoints > 1) return 'home-screen';
  if (standalone === true) return 'promised';
  return (await navigator.storage.persisted()) ? 'promised' : 'unpromised';
};

/** Asks again, because the person wants it to be asked. */
export const askToKeep = async (): Promise<Keeping> => {
  await navigator.storage.persist();
  return keepingNow();
};

/** Whether to say it: not on the first day, not where it is kept, and never again once it was put away. */
export const mayRemind = async (app: {
  readonly database: ShoulderDatabase;
  readonly circles: Circles;
  readonly clock: Clock;
}): Promise<boolean> => {
  if ((await app.database.settings.get(remindedSetting)) !== undefined) return false;
  if ((await keepingNow()) === 'promised') return false;
  const firsts = await Promise.all(
    (await app.circles.all()).map(({ n, keyring }) =>
      app.database.envelopes
        .where('[circle+device+seq]')
        .between([n, keyring.device.id, 1], [n, keyring.device.id, Infinity])
        .first()
    )
  );
  return firsts.some((row) => row !== undefined && app.clock.nowMs() - row.at >= dayMs);
};

/** It was put away, or its page was opened: that was the once. */
export const noteReminded = async (database: ShoulderDatabase): Promise<void> => {
  await database.settings.put({ id: remindedSetting, value: true });
};
