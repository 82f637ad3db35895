/**
 * Envelopes at rest: the newest verified one of every slot, and how it is found again.
 *
 * Every query is by an index, so that opening the board costs the same after ten years (docs/protocol.md AT6).
 */
import Dexie from 'dexie';
import type { DeviceId, MapKey } from '../base/ids.ts';
import { isStatementKind, statementKinds } from '../records/kinds.ts';
import type { Bytes } from '../base/bytes.ts';
import type { OpenedRecord, SealedRecord } from '../records/record.ts';
import type { LiveRecord } from '../records/ledger.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';
import type { OpenKeyring } from './keyring.ts';

/** The row of a verified record, in a circle of which only the ordinal and the founding epoch matter. */
export const toEnvelopeRow = (
  { n, keyring }: { readonly n: number; readonly keyring: Pick<OpenKeyring, 'founding'> },
  record: Pick<OpenedRecord | SealedRecord, 'payload' | 'hash' | 'key'>,
  bytes: Bytes
): EnvelopeRow => {
  const { payload, hash, key } = record;
  const timeless: EnvelopeRow = {
    circle: n,
    key,
    bytes,
    hash,
    kind: payload.kind,
    device: payload.device,
    at: payload.time.ms,
    ver: payload.ver,
    seq: payload.seq
  };
  const row = payload.epoch === keyring.founding ? timeless : { ...timeless, epoch: payload.epoch };
  return payload.expMs === null ? row : { ...row, exp: payload.expMs };
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

/** Whether what was said in an epoch (missing: the founding one) is carried in the one the circle is in now. EP9. */
export type IsCarried = (row: Pick<EnvelopeRow, 'device' | 'epoch'>) => boolean;

/**
 * Numbers and hashes of what is held of a device: what ledgers are made from and checked against. Where `isCarried` is given, only
 * of what it lets pass; statements always are carried.
 */
export const liveRecordsOf = async (
  database: ShoulderDatabase,
  circle: number,
  device: DeviceId,
  isCarried: IsCarried = () => true
): Promise<LiveRecord[]> => {
  const rows = await database.envelopes
    .where('[circle+device+seq]')
    .between([circle, device, 1], [circle, device, Dexie.maxKey])
    .toArray();
  return rows.filter((row) => isStatementKind(row.kind) || isCarried(row)).map(({ seq, hash }) => ({ seq, hash }));
};
