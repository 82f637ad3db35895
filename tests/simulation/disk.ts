/**
 * Reading a device's disk as somebody would who found it: every database, every store, every row.
 */
import { isReadable } from './network.ts';

/** Where on a disk a secret stands readable: names of stores. */
export const readableStores = async (factory: IDBFactory): Promise<string[]> => {
  const found: string[] = [];
  for (const { name } of await factory.databases()) {
    if (name === undefined) continue;
    const database = await done(factory.open(name));
    for (const store of database.objectStoreNames) {
      const rows = await done(database.transaction(store).objectStore(store).getAll());
      if (rows.some(isAnyReadable)) found.push(`${name}/${store}`);
    }
    database.close();
  }
  return found;
};

const isAnyReadable = (value: unknown): boolean => {
  if (typeof value === 'string') return isReadable(Buffer.from(value));
  if (value instanceof Uint8Array) return isReadable(value);
  if (value instanceof ArrayBuffer) return isReadable(new Uint8Array(value));
  return typeof value === 'object' && value !== null && Object.entries(value).flat().some(isAnyReadable);
};

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('a request fails with its error'));
  });
