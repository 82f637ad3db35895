/**
 * The least that keeps rows on disk: one IndexedDB store and one index, by hand. No signatures, no encryption, no
 * conflicts, no other tabs.
 */
export interface RawRow {
  readonly author: number;
  readonly at: number;
  readonly text: string;
}

/** Opens the database `raw`, making it on the first day. */
export const openRaw = (): Promise<IDBDatabase> => {
  const opening = indexedDB.open('raw', 1);
  opening.onupgradeneeded = () => {
    const rows = opening.result.createObjectStore('rows', { autoIncrement: true });
    rows.createIndex('author', ['author', 'at']);
  };
  return answerOf(opening);
};

/** Resolves when the rows are stored; `strict` waits until the disk has them, as Shoulder does. */
export const putRaw = (
  database: IDBDatabase,
  rows: readonly RawRow[],
  durability: IDBTransactionDurability = 'default'
): Promise<void> =>
  new Promise((resolve, reject) => {
    const transaction = database.transaction('rows', 'readwrite', { durability });
    const store = transaction.objectStore('rows');
    rows.forEach((row) => store.add(row));
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(new Error(transaction.error?.message));
  });

/** The newest row of each author, newest first; one step of an index each. */
export const newestRaw = async (database: IDBDatabase, authors: number): Promise<RawRow[]> => {
  const index = database.transaction('rows').objectStore('rows').index('author');
  const found = await Promise.all(
    Array.from({ length: authors }, (_, author) =>
      answerOf(index.openCursor(IDBKeyRange.bound([author, 0], [author, Infinity]), 'prev'))
    )
  );
  return found.map((cursor) => (cursor as IDBCursorWithValue).value as RawRow).sort((a, b) => b.at - a.at);
};

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(request.error?.message));
  });
