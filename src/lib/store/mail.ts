/**
 * Mail at rest: what each relay still has to get, and what it is known to keep (docs/protocol.md MR1–MR6).
 *
 * Keys, hashes and addresses only; the envelopes themselves stand in `envelopes`.
 */
import Dexie from 'dexie';
import type { MapKey, RecordHash } from '../base/ids.ts';
import type { EnvelopeRow, MailRow, ShoulderDatabase } from './database.ts';
import { fadedKind, heldRows } from './envelopes.ts';

/** Notes that these slots have something new for each of these relays; in the caller's transaction where there is one. */
export const oweMail = async (
  database: ShoulderDatabase,
  circle: number,
  relays: readonly string[],
  keys: readonly MapKey[]
): Promise<void> => {
  const places = relays.flatMap((relay) => keys.map((key): [number, string, MapKey] => [circle, relay, key]));
  const before = await database.mail.bulkGet(places);
  await database.mail.bulkPut(
    places.map(([, relay, key], i): MailRow => ({ ...before[i], circle, relay, key, due: 1 }))
  );
};

/** What a relay still has to get, with the envelopes as they stand now; what has faded or gone meanwhile is left out. */
export const dueMail = async (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  limit: number
): Promise<{ readonly row: MailRow; readonly envelope: EnvelopeRow | undefined }[]> => {
  const rows = await database.mail.where('[circle+relay+due]').equals([circle, relay, 1]).limit(limit).toArray();
  const held = await heldRows(database, rows);
  return rows.map((row, i) => {
    const envelope = held[i];
    return { row, envelope: envelope?.kind === fadedKind ? undefined : envelope };
  });
};

/** One slot's envelope is kept by a relay in a letter; one that it does not share can be removed by itself. */
export interface KeptMail {
  readonly key: MapKey;
  readonly hash: RecordHash;
  readonly id: string;
  readonly shared: boolean;
}

/**
 * Notes what a relay has confirmed. A slot that has moved on meanwhile stays due. Returns what was kept of these slots
 * before, in mail of its own: the relay need not keep that any longer.
 */
export const confirmMail = (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  kept: readonly KeptMail[]
): Promise<string[]> =>
  database.transaction('rw', database.envelopes, database.mail, async () => {
    const places = kept.map(({ key }): [number, string, MapKey] => [circle, relay, key]);
    const [before, now] = await Promise.all([
      database.mail.bulkGet(places),
      heldRows(
        database,
        kept.map(({ key }) => ({ circle, key }))
      )
    ]);
    await database.mail.bulkPut(
      kept.map(({ key, hash, id, shared }, i): MailRow => {
        const due = now[i] === undefined || now[i].hash === hash || now[i].kind === fadedKind ? 0 : 1;
        return { circle, relay, key, due, hash, id, shared };
      })
    );
    return before.flatMap((row, i) =>
      row?.id === undefined || row.shared === true || row.id === kept[i]?.id ? [] : [row.id]
    );
  });

/** Letters that this device left and a relay confirmed and that have not run out. */
export const confirmedMail = async (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number }
): Promise<string[]> => {
  const rows = await database.mail
    .where('[circle+relay+due]')
    .equals([circle, relay, 0])
    .and(({ id }) => id !== undefined)
    .toArray();
  const held = await heldRows(database, rows);
  const live = rows.filter((_, i) => {
    const row = held[i];
    return row !== undefined && row.kind !== fadedKind && (row.exp === undefined || row.exp > nowMs);
  });
  return [...new Set(live.flatMap(({ id }) => id ?? []))].slice(0, limit);
};

/** Nothing is due here any more: the slot faded, or is too large for this relay. */
export const dropMail = async (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  keys: readonly MapKey[]
): Promise<void> => {
  await database.mail.bulkDelete(keys.map((key): [number, string, MapKey] => [circle, relay, key]));
};

/** Forgets what a relay was known to keep: it was emptied, or is not used any more. */
export const forgetMail = (database: ShoulderDatabase, circle: number, relay: string): Promise<void> =>
  database.transaction('rw', database.mail, database.mailboxes, async () => {
    await database.mail
      .where('[circle+relay+key]')
      .between([circle, relay, Dexie.minKey], [circle, relay, Dexie.maxKey])
      .and(({ due }) => due === 0)
      .delete();
    await database.mailboxes.delete([circle, relay]);
  });

/** Which relays keep exactly this record, by their own word. */
export const relaysKeeping = async (
  database: ShoulderDatabase,
  circle: number,
  { key, hash }: { readonly key: MapKey; readonly hash: RecordHash }
): Promise<string[]> => {
  const rows = await database.mail.where('[circle+key]').equals([circle, key]).toArray();
  return rows.filter((row) => row.hash === hash).map(({ relay }) => relay);
};
