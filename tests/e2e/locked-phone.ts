/** What a locked phone keeps, looked up in its databases behind the app's back. */
import type { Page } from '@playwright/test';

/** Every key object in the app's database: its store, its algorithm and what it may do. */
export const keysAtRest = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('shoulder');
    const database = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const found: string[] = [];
    for (const store of database.objectStoreNames) {
      const reading = database.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => (reading.onsuccess = resolve));
      for (const row of reading.result as object[])
        for (const value of Object.values(row) as unknown[])
          if (value instanceof CryptoKey)
            found.push(`${store} ${value.algorithm.name} ${value.usages.toSorted().join(',')}`);
    }
    database.close();
    return found.toSorted();
  });

/** How many changes to replicas this phone has written down. */
export const updatesInReplicas = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('shoulder-replicas');
    const database = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const store = '$replicas.doc_updates';
    const counting = database.transaction(store).objectStore(store).count();
    await new Promise((resolve) => (counting.onsuccess = resolve));
    database.close();
    return counting.result;
  });
