/**
 * Erasing everything that this browser keeps for Shoulder (docs/protocol.md AT10).
 *
 * That it is to be done is written down first, and the page loads anew. Whatever page opens next, in any tab, erases before it
 * opens anything: with no key in memory, no engine, and nothing that could write back. Nothing of it needs an open vault.
 */
import { secondMs, systemClock } from '../base/clock.ts';
import { m } from '../i18n/messages.js';
import { baseUrl, homePath } from './places.ts';
import { eraseName, vaultLockName } from './tab-locks.ts';

/** Decides it, and loads the page anew. From here on it cannot be called back. */
export const beginErasing = (): void => {
  localStorage.setItem(eraseName, '');
  location.replace(homePath());
};

/**
 * Erases what was decided to be erased, unless another tab does, and loads the page anew: never resolves. Throws what the
 * browser refuses: then the mark stays, and the next page tries again.
 */
export const finishErasing = (): Promise<void> =>
  navigator.locks.request(eraseName, async () => {
    // Another tab has done it: whatever address this one was at is gone.
    if (localStorage.getItem(eraseName) === null) return goHome();
    const others = await tabsAt('held', vaultLockName);
    // Whoever had the app open hears that their hold is gone, loads anew, and waits in line behind this.
    await navigator.locks.request(vaultLockName, { steal: true }, async () => {
      await eraseAll(baseUrl(), await allGone(others)).catch((cause: unknown) => {
        throw new NotErased(cause);
      });
      localStorage.removeItem(eraseName);
      await goHome();
    });
  });

/** The browser would not let go of something. The mark stays, so the next opening goes on with it. */
class NotErased extends Error {
  /** What the person is told. */
  readonly sentence = m.erase_unfinished();

  constructor(cause: unknown) {
    super('not everything is erased', { cause });
  }
}

/** Everything is held until this page is gone. */
const goHome = (): Promise<never> => {
  location.replace(homePath());
  return new Promise<never>(() => undefined);
};

/** Names of what is Shoulder's; on an address that it has for itself that is everything. */
const known = { databases: ['shoulder', 'shoulder-replicas'], prefix: 'shoulder', caches: 'shell-' };

/** A tab that is frozen does not let go; it finds its hold gone when it thaws. */
const othersGoneMs = 3 * secondMs;
const lookAgainMs = 50;

const eraseAll = async (base: URL, mayDelete: boolean): Promise<void> => {
  const alone = base.pathname === '/';
  const names = await databaseNames();
  for (const name of names.filter((each) => alone || each.startsWith(known.prefix)))
    await eraseDatabase(name, mayDelete);
  const caching = await caches.keys();
  await Promise.all(
    caching.filter((name) => alone || name.startsWith(known.caches)).map((name) => caches.delete(name))
  );
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(
    registrations.filter(({ scope }) => scope.startsWith(base.href)).map((registration) => registration.unregister())
  );
  forgetItems(sessionStorage, alone);
  forgetItems(localStorage, alone);
};

/** A browser that can't list them has at most those we know. */
const databaseNames = async (): Promise<readonly string[]> => {
  if (typeof indexedDB.databases !== 'function') return known.databases;
  return (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
};

/**
 * Empties a database, and then deletes it. Where some frozen tab may still hold it open, deleting would wait for that tab, and
 * so would whoever opens it next: then it stays, empty.
 */
const eraseDatabase = async (name: string, mayDelete: boolean): Promise<void> => {
  await emptyDatabase(name);
  if (mayDelete) await settled(indexedDB.deleteDatabase(name));
};

/** Of whatever version it is, also one that this app could not read. */
const emptyDatabase = async (name: string): Promise<void> => {
  const database = await settled(indexedDB.open(name));
  try {
    const stores = [...database.objectStoreNames];
    if (stores.length === 0) return;
    const emptying = database.transaction(stores, 'readwrite', { durability: 'strict' });
    for (const store of stores) emptying.objectStore(store).clear();
    await new Promise<void>((resolve, reject) => {
      emptying.oncomplete = () => resolve();
      emptying.onabort = () => reject(emptying.error ?? new Error(`${name} could not be emptied`));
    });
  } finally {
    database.close();
  }
};

/** Whether every other tab has loaded anew and waits. */
const allGone = async (others: number): Promise<boolean> => {
  for (let waitedMs = 0; waitedMs < othersGoneMs; waitedMs += lookAgainMs) {
    if ((await tabsAt('pending', eraseName)) >= others) return true;
    await new Promise<void>((resolve) => systemClock.after(lookAgainMs, resolve));
  }
  return false;
};

const tabsAt = async (place: 'held' | 'pending', lock: string): Promise<number> =>
  (await navigator.locks.query())[place]?.filter(({ name }) => name === lock).length ?? 0;

/** The mark goes last, by itself. SvelteKit keeps where one had scrolled to. */
const forgetItems = (storage: Storage, alone: boolean): void => {
  const names = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
  names
    .filter((name) => name !== eraseName && (alone || /^(shoulder|sveltekit)/.test(name)))
    .forEach((name) => storage.removeItem(name));
};

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database was refused'));
  });
