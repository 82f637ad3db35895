/**
 * Which ledgers this device holds in full: what its next ack will say (docs/protocol.md LA3–LA5).
 */
import type { Roster } from '../circle/roster.ts';
import { kinds } from '../records/kinds.ts';
import type { Ack } from '../records/ledger.ts';
import { satisfiesLedger } from '../records/ledger-reading.ts';
import { bodyToAck, bodyToLedger } from '../records/ledger-reading.ts';
import { openRecord } from '../records/opened-record.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../store/database.ts';
import { liveRecordsOf } from '../store/envelopes.ts';
import { newestRow } from '../store/newest-rows.ts';

/**
 * The ack as it should be now. A ledger that is not satisfied yet keeps the version acked before, so that "reached"
 * never goes back.
 */
export const currentAck = async (database: ShoulderDatabase, circle: LocalCircle, roster: Roster): Promise<Ack> => {
  const said = await lastAck(database, circle);
  const ack = new Map(said);
  for (const device of roster.devicesById.keys()) {
    if (device === circle.keyring.device.id) continue;
    const row = await newestRow(database, circle.n, kinds.ledger, device);
    if (row === undefined || row.ver <= (said.get(device) ?? 0)) continue;
    const record = await openRecord(row.bytes, circle.keyring.epochs);
    const ledger = record.ok ? bodyToLedger(record.value.payload.body) : undefined;
    if (ledger === undefined) continue;
    if (await satisfiesLedger(ledger, await liveRecordsOf(database, circle.n, device))) ack.set(device, row.ver);
  }
  return ack;
};

/** The ack this device said last; empty where it said none. */
export const lastAck = (database: ShoulderDatabase, circle: LocalCircle): Promise<Ack> =>
  newestRow(database, circle.n, kinds.ack, circle.keyring.device.id).then((row) => ackOfRow(circle, row));

export const isSameAck = (a: Ack, b: Ack): boolean =>
  a.size === b.size && [...a].every(([device, ver]) => b.get(device) === ver);

const ackOfRow = async (circle: LocalCircle, row: EnvelopeRow | undefined): Promise<Ack> => {
  const record = row === undefined ? undefined : await openRecord(row.bytes, circle.keyring.epochs);
  return (record?.ok === true ? bodyToAck(record.value.payload.body) : undefined) ?? new Map();
};
