/**
 * Envelopes at rest: the newest verified one of every slot, and how it is found again.
 *
 * Every query is by an index, so that opening the board costs the same after ten years (docs/protocol.md AT6).
 */
import Dexie from 'dexie';
import type { DeviceId } from '../base/ids.ts';
import { isStatementKind } from '../records/kinds.ts';
import type { Bytes } from '../base/bytes.ts';
import type { SealedRecord } from '../records/record.ts';
import type { OpenedRecord } from '../records/opened-record.ts';
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
