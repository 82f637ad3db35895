/**
 * Reading ledgers and acks (docs/protocol.md LA3, LA4).
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, type DeviceId } from '../base/ids.ts';
import { ackDevicesMax, deviceRecordsMax } from '../base/limits.ts';
import { hashLive, type Ack, type Ledger, type LiveRecord } from './ledger.ts';

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const bytesOf = (length: number) => v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length);

const ledgerBody = v.object({
  ranges: v.pipe(v.array(v.tuple([whole, whole])), v.maxLength(deviceRecordsMax)),
  hash: bytesOf(32)
});

const ackBody = v.object({
  acks: v.pipe(v.array(v.tuple([bytesOf(idBytesLength), whole])), v.maxLength(ackDevicesMax))
});

/** `undefined` where the body is not a ledger: ranges out of order, overlapping, or too many. */
export const bodyToLedger = (body: unknown): Ledger | undefined => {
  const parsed = v.safeParse(ledgerBody, body);
  if (!parsed.success) return undefined;
  let last = 0;
  for (const [from, to] of parsed.output.ranges) {
    if (from <= last || to < from) return undefined;
    last = to;
  }
  return parsed.output;
};

/** `undefined` where the body is not an ack. */
export const bodyToAck = (body: unknown): Ack | undefined => {
  const parsed = v.safeParse(ackBody, body);
  if (!parsed.success) return undefined;
  return new Map(parsed.output.acks.map(([device, ver]) => [bytesToId<DeviceId>(device), ver]));
};

/** Whether what is held (of that device) contains everything the ledger lists. More than listed does no harm. */
export const satisfiesLedger = async (ledger: Ledger, held: readonly LiveRecord[]): Promise<boolean> => {
  const listed = held.filter(({ seq }) => ledger.ranges.some(([from, to]) => seq >= from && seq <= to));
  const wanted = ledger.ranges.reduce((total, [from, to]) => total + to - from + 1, 0);
  if (listed.length !== wanted) return false;
  const hash = await hashLive(listed);
  return bytesToId(hash) === bytesToId(ledger.hash);
};
