/**
 * How many bytes the replicas take, counted in their own database without loading any of them, or what loads them.
 */

/** Where y-dexie keeps the updates of the documents in `replica-store.ts`. */
const updatesStore = '$replicas.doc_updates';

/** All replicas together; 0 where there are none. Throws what the disk throws. */
export const replicaBytes = async (databaseName: string, factory: IDBFactory = indexedDB): Promise<number> => {
  // To open a database that is not there would make it.
  if (!(await factory.databases()).some(({ name }) => name === databaseName)) return 0;
  const database = await settled(factory.open(databaseName));
  try {
    if (!database.objectStoreNames.contains(updatesStore)) return 0;
    const store = database.transaction(updatesStore).objectStore(updatesStore);
    return await sumOf(store.openCursor());
  } finally {
    database.close();
  }
};

const sumOf = (reading: IDBRequest<IDBCursorWithValue | null>): Promise<number> =>
  new Promise((resolve, reject) => {
    let total = 0;
    reading.onsuccess = () => {
      const cursor = reading.result;
      if (cursor === null) return resolve(total);
      const { u: update } = cursor.value as { readonly u?: unknown };
      if (update instanceof Uint8Array) total += update.length;
      cursor.continue();
    };
    reading.onerror = () => reject(reading.error ?? new Error('the replicas could not be read'));
  });

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the replicas could not be opened'));
  });
