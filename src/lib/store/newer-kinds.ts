/**
 * What friends say that this version does not know: kept, passed on, and shown as "NAME's app is newer".
 */
import { kinds } from '../records/kinds.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';

/** Rows of kinds that friends can say and this version doesn't know: enough of them to see whose app is newer. */
export const newerRows = async (database: ShoulderDatabase, circle: number): Promise<EnvelopeRow[]> => {
  const rows = await Promise.all(
    unknownKinds.map(([from, to]) =>
      database.envelopes.where('[circle+kind+at]').between([circle, from], [circle, to]).limit(newerRowsMax).toArray()
    )
  );
  return rows.flat();
};

/** From and to, without the latter. Below 32 stands what apps say among themselves, 64 to 95 only inside private records. */
const unknownKinds: ReadonlyArray<readonly [number, number]> = [
  [kinds.openAdvice + 1, kinds.private],
  [kinds.private + 1, 64],
  [96, Infinity]
];
const newerRowsMax = 40;
