/**
 * Envelopes at rest: the newest verified one of every slot, and how it is found again.
 *
 * Every query is by an index, so that opening the board costs the same after ten years (docs/protocol.md AT6).
 */
import Dexie from 'dexie';
import type { DeviceId, MapKey } from '../base/ids.ts';
import { isStatementKind, kinds, statementKinds } from '../records/kinds.ts';
import type { Bytes } from '../base/bytes.ts';
import type { OpenedRecord, SealedRecord } from '../records/record.ts';
import { supersedes } from '../records/record.ts';
import type { LiveRecord } from '../records/ledger.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';

/** The row of a verified record. */
export const toEnvelopeRow = (
  circle: number,
  record: Pick<OpenedRecord | SealedRecord, 'payload' | 'hash' | 'key'>,
  bytes: Bytes
): EnvelopeRow => {
  const { payload, hash, key } = record;
  const row: EnvelopeRow = {
    circle,
    key,
    bytes,
    hash,
    kind: payload.kind,
    device: payload.device,
    at: payload.time.ms,
    ver: payload.ver,
    seq: payload.seq
  };
  return payload.expMs === null ? row : { ...row, exp: payload.expMs };
};

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

/** What the slots of these rows hold now; `undefined` where nothing was ever said there. */
export const heldRows = (
  database: ShoulderDatabase,
  rows: readonly { readonly circle: number; readonly key: MapKey }[]
): Promise<(EnvelopeRow | undefined)[]> =>
  database.envelopes.bulkGet(rows.map(({ circle, key }): [number, MapKey] => [circle, key]));

/** What the roster is made of. One stretch of the index, since statements have the lowest numbers of all kinds. */
export const statementRows = (database: ShoulderDatabase, circle: number): Promise<EnvelopeRow[]> =>
  database.envelopes
    .where('[circle+kind+device+at]')
    .between([circle, Math.min(...statementKinds)], [circle, Math.max(...statementKinds), Dexie.maxKey])
    .and(({ kind }) => isStatementKind(kind))
    .toArray();

/** All rows of one kind in a circle: for kinds of which there are few. */
export const rowsOfKind = (database: ShoulderDatabase, circle: number, kind: number): Promise<EnvelopeRow[]> =>
  database.envelopes.where('[circle+kind+device+at]').between([circle, kind], [circle, kind, Dexie.maxKey]).toArray();

/** The newest row of one kind by one device; with `nowMs` given, the newest that has not faded by then. */
export const newestRow = (
  database: ShoulderDatabase,
  circle: number,
  kind: number,
  device: DeviceId,
  nowMs = -Infinity
): Promise<EnvelopeRow | undefined> =>
  database.envelopes
    .where('[circle+kind+device+at]')
    .between([circle, kind, device, Dexie.minKey], [circle, kind, device, Dexie.maxKey])
    .reverse()
    .and(({ exp }) => exp === undefined || exp > nowMs)
    .first();

/** The newest rows of one kind by one device that have not faded by `nowMs`, newest first. */
export const newestRows = (
  database: ShoulderDatabase,
  circle: number,
  kind: number,
  device: DeviceId,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number }
): Promise<EnvelopeRow[]> =>
  database.envelopes
    .where('[circle+kind+device+at]')
    .between([circle, kind, device, Dexie.minKey], [circle, kind, device, Dexie.maxKey])
    .reverse()
    .and(({ exp }) => exp === undefined || exp > nowMs)
    .limit(limit)
    .toArray();

/** All rows of one kind in a circle dated at or after `sinceMs` that have not faded by `nowMs`. */
export const rowsOfKindSince = (
  database: ShoulderDatabase,
  circle: number,
  kind: number,
  { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number }
): Promise<EnvelopeRow[]> =>
  database.envelopes
    .where('[circle+kind+at]')
    .between([circle, kind, sinceMs], [circle, kind, Dexie.maxKey])
    .and(({ exp }) => exp === undefined || exp > nowMs)
    .toArray();

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

/** Numbers and hashes of what is held of a device: what ledgers are made from and checked against. */
export const liveRecordsOf = async (
  database: ShoulderDatabase,
  circle: number,
  device: DeviceId
): Promise<LiveRecord[]> => {
  const rows = await database.envelopes
    .where('[circle+device+seq]')
    .between([circle, device, 1], [circle, device, Dexie.maxKey])
    .toArray();
  return rows.map(({ seq, hash }) => ({ seq, hash }));
};

/** How many live records of a device are held. */
export const liveCountOf = (database: ShoulderDatabase, circle: number, device: DeviceId): Promise<number> =>
  database.envelopes.where('[circle+device+seq]').between([circle, device, 1], [circle, device, Dexie.maxKey]).count();

/** A device's live records in the order of their numbers, in pages. */
export async function* pagesOfDevice(
  database: ShoulderDatabase,
  circle: number,
  device: DeviceId,
  pageRows = 200
): AsyncGenerator<EnvelopeRow[]> {
  for (let after = 0; ;) {
    const page = await database.envelopes
      .where('[circle+device+seq]')
      .between([circle, device, after], [circle, device, Dexie.maxKey], false)
      .limit(pageRows)
      .toArray();
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) return;
    after = last.seq;
  }
}

/** Every row of a circle, in pages, so that ten years do not stand in memory at once. */
export async function* pagesOfCircle(
  database: ShoulderDatabase,
  circle: number,
  pageRows = 1000
): AsyncGenerator<EnvelopeRow[]> {
  let after: unknown = Dexie.minKey;
  for (;;) {
    const page = await database.envelopes
      .where('[circle+key]')
      .between([circle, after], [circle, Dexie.maxKey], false, true)
      .limit(pageRows)
      .toArray();
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) return;
    after = last.key;
  }
}

/** The kind of a marker that stands where something faded: nothing older may take its slot again. */
export const fadedKind = 0;

/** The marker that takes a row's place. */
export const toFadedRow = ({ circle, key, hash, device, at, ver }: EnvelopeRow): EnvelopeRow => ({
  ...{ circle, key, hash, device, at, ver },
  bytes: new Uint8Array(0),
  kind: fadedKind,
  seq: 0
});

/**
 * Removes what has faded by `nowMs` and leaves a marker, so that no older version of the slot comes back.
 * Returns whose records they were.
 */
export const sweepFaded = async (
  database: ShoulderDatabase,
  nowMs: number
): Promise<{ circle: number; device: DeviceId; key: MapKey }[]> =>
  database.transaction('rw', database.envelopes, async () => {
    const faded = await database.envelopes.where('exp').belowOrEqual(nowMs).toArray();
    await database.envelopes.bulkPut(faded.map(toFadedRow));
    return faded.map(({ circle, device, key }) => ({ circle, device, key }));
  });
