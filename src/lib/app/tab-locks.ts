/**
 * The Web Locks that the tabs of one profile share: who talks to friends, who has the vault open, and who erases everything.
 */

/** Held by the one tab that talks to peers: see `lead-tab.ts`. */
export const leadLockName = 'shoulder-sync';

/**
 * Held together by every tab that has the app open, for as long as it lives. Whoever locks it or changes its key takes it for
 * themselves: that is how all the others hear of it at once (docs/adr/0011).
 */
export const vaultLockName = 'shoulder-vault';

/**
 * Held by the one tab that erases everything; the same name stands in `localStorage` from when that was decided until it is
 * done: see `erase.ts`.
 */
export const eraseName = 'shoulder-erase';

/** Whether some tab talks to peers now. */
export const someTabLeads = async (): Promise<boolean> => {
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name === leadLockName) === true;
};

/**
 * Waits while somebody has the vault alone; resolves to what lets go of it. `onTaken`: somebody took it, so whatever this
 * tab holds open is over.
 */
export const holdVault = (onTaken: () => void): Promise<() => void> =>
  new Promise((resolve) => {
    const held = (): Promise<void> => new Promise((letGo) => resolve(letGo));
    navigator.locks.request(vaultLockName, { mode: 'shared' }, held).catch(onTaken);
  });
