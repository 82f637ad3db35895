/**
 * Rows of some kinds in a circle, in pages, oldest first: for what looks at all of them without holding all of them.
 */
import Dexie from 'dexie';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';

/** How many live records of these kinds there are. */
export const countOfKinds = async (
  database: ShoulderDatabase,
  circle: number,
  kinds: readonly number[]
): Promise<number> => {
  const counts = await Promise.all(kinds.map((kind) => rowsOf(database, circle, kind).count()));
  return counts.reduce((total, count) => total + count, 0);
};

/**
 * All rows of these kinds as they stood at the call, one kind after the other, by their dates. What has gone meanwhile, or has
 * faded by `nowMs`, is left out. Only the keys of a kind stand in memory as a whole.
 */
export async function* pagesOfKinds(
  database: ShoulderDatabase,
  circle: number,
  kinds: readonly number[],
  { nowMs, pageRows = 200 }: { readonly nowMs: number; readonly pageRows?: number }
): AsyncGenerator<EnvelopeRow[]> {
  for (const kind of kinds) {
    const keys = await rowsOf(database, circle, kind).primaryKeys();
    for (let from = 0; from < keys.length; from += pageRows) {
      const rows = await database.envelopes.bulkGet(keys.slice(from, from + pageRows));
      yield rows.filter(
        (row) => row !== undefined && row.kind === kind && (row.exp === undefined || row.exp > nowMs)
      ) as EnvelopeRow[];
    }
  }
}

const rowsOf = (database: ShoulderDatabase, circle: number, kind: number) =>
  database.envelopes.where('[circle+kind+at]').between([circle, kind, Dexie.minKey], [circle, kind, Dexie.maxKey]);
