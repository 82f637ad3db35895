/**
 * What relays are known to keep, and how they are doing: what a board says of delivery. Apart from the rest of the mail, which
 * no board needs.
 */
import Dexie from 'dexie';
import type { MapKey, RecordHash } from '../base/ids.ts';
import type { RelayHealthRow, ShoulderDatabase } from './database.ts';

/** How each relay of a circle is doing; one row for each that is in use. */
export const relayHealthOf = (database: ShoulderDatabase, circle: number): Promise<RelayHealthRow[]> =>
  database.relayHealth.where('[circle+relay]').between([circle, Dexie.minKey], [circle, Dexie.maxKey]).toArray();

/** Which relays keep exactly this record, by their own word. */
export const relaysKeeping = async (
  database: ShoulderDatabase,
  circle: number,
  { key, hash }: { readonly key: MapKey; readonly hash: RecordHash }
): Promise<string[]> => {
  const rows = await database.mail.where('[circle+key]').equals([circle, key]).toArray();
  return rows.filter((row) => row.hash === hash).map(({ relay }) => relay);
};
