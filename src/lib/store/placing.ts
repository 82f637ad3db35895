/**
 * Placing what came in: of each slot the newest stays (docs/protocol.md AT2).
 */
import type { MapKey } from '../base/ids.ts';
import { supersedes } from '../records/opened-record.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';
import { heldRows } from './held-rows.ts';

/** What became of a row: stored, held already (sealed differently perhaps), or the slot holds a newer version. */
export type Placing = 'stored' | 'held' | 'older';

/** Stores rows where they are newer than what their slot holds, in the caller's transaction. One placing each, in order. */
export const putNewer = async (database: ShoulderDatabase, rows: readonly EnvelopeRow[]): Promise<Placing[]> => {
  const newest = new Map<MapKey, EnvelopeRow>();
  for (const row of await heldRows(database, rows)) if (row !== undefined) newest.set(row.key, row);
  const placings = rows.map((row): Placing => {
    const current = newest.get(row.key);
    if (current !== undefined && !supersedes(row, current)) return current.hash === row.hash ? 'held' : 'older';
    newest.set(row.key, row);
    return 'stored';
  });
  await database.envelopes.bulkPut(rows.filter((row) => newest.get(row.key) === row));
  return placings;
};
