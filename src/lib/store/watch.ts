/**
 * Watching the database: a query that runs again whenever what it read changes, in this tab or another.
 */
import { liveQuery } from 'dexie';

export interface Watch {
  unsubscribe(): void;
}

/** `query` touches only the database, or wraps other promises in `Promise.resolve`. */
export const watch = <T>(
  query: () => Promise<T>,
  onRows: (rows: T) => void,
  onProblem?: (problem: unknown) => void
): Watch => liveQuery(query).subscribe(onRows, onProblem);
