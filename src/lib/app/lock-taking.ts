/**
 * Taking the vault for oneself: to lock it everywhere, or to change the key that everything is wrapped by (docs/adr/0011).
 */
import { secondMs, systemClock } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { Shoulder } from './shoulder.ts';
import { holdVault, leadLockName, vaultLockName } from './tab-locks.ts';

/** Tabs that are frozen don't answer; they find their hold gone when they thaw. */
const othersGoneMs = 3 * secondMs;
const lookAgainMs = 50;

/**
 * Locks every tab: each hears that its hold was taken, and loads anew, which is what drops keys, opened words and the page
 * that showed them. What was being written is on its way to the disk and gets there first.
 */
export const lockEverywhere = async ({ database, vault }: Pick<Shoulder, 'database' | 'vault'>): Promise<void> => {
  // A keystroke's way is one wrapping and one writing; two rounds of the same go behind whatever is on it.
  for (let round = 0; round < 2; round++) {
    await vault.wrap('nothing', new Uint8Array(0));
    await database.transaction('rw', database.drafts, () => database.drafts.count());
  }
  await navigator.locks.request(vaultLockName, { steal: true }, () => undefined);
};

/**
 * Runs `task` while no other tab has the vault open and nobody talks to friends. Where it is done, the page loads anew, with
 * the vault as it is now; what was refused is handed back.
 */
export const withVaultAlone = async <E>(
  app: Pick<Shoulder, 'letVaultGo'>,
  task: () => Promise<Result<true, E>>
): Promise<Result<true, E>> => {
  const others = (await tabsAt('held')) - 1;
  app.letVaultGo();
  const done = await navigator.locks.request(leadLockName, { steal: true }, () =>
    navigator.locks.request(vaultLockName, { steal: true }, async () => {
      await othersGone(others);
      return task();
    })
  );
  if (done.ok) location.reload();
  else app.letVaultGo = await holdVault(() => location.reload());
  return done;
};

/** The others load anew, and then wait in line to hold the vault again. */
const othersGone = async (others: number): Promise<void> => {
  for (let waitedMs = 0; waitedMs < othersGoneMs; waitedMs += lookAgainMs) {
    if ((await tabsAt('pending')) >= others) return;
    await new Promise<void>((resolve) => systemClock.after(lookAgainMs, resolve));
  }
};

const tabsAt = async (place: 'held' | 'pending'): Promise<number> =>
  (await navigator.locks.query())[place]?.filter(({ name }) => name === vaultLockName).length ?? 0;
