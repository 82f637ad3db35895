/**
 * Ledger and ack: how a device says what it has said, and what it holds of others (docs/protocol.md LA1–LA7).
 *
 * A ledger's version and its device's record numbers share one counter, so "acked ledger n" already says "has record
 * n, or what replaced it": reached is a comparison of two numbers.
 */
import { concatBytes, type Bytes } from '../base/bytes.ts';
import { idToBytes, type DeviceId, type RecordHash } from '../base/ids.ts';
import { ackDevicesMax } from '../base/limits.ts';
import { sha256 } from '../crypto/hash.ts';

/** First and last of a run of record numbers, both included. */
export type SeqRange = readonly [from: number, to: number];

export interface Ledger {
  /** Numbers of the live records, ascending, as few ranges as possible. */
  readonly ranges: readonly SeqRange[];
  /** SHA-256 over the live records' hashes, sorted by their base64url text, 32 bytes. LA3. */
  readonly hash: Bytes;
}

/** What a device holds: for each device, the highest ledger version of which it has everything. */
export type Ack = ReadonlyMap<DeviceId, number>;

export interface LiveRecord {
  readonly seq: number;
  readonly hash: RecordHash;
}

export const makeLedger = async (live: readonly LiveRecord[]): Promise<Ledger> => ({
  ranges: toRanges(live.map(({ seq }) => seq).sort((a, b) => a - b)),
  hash: await hashLive(live)
});

export const ledgerToBody = (ledger: Ledger): Record<string, unknown> => ({
  ranges: ledger.ranges.map(([from, to]) => [from, to]),
  hash: ledger.hash
});

export const ackToBody = (ack: Ack): Record<string, unknown> => ({
  acks: [...ack]
    .slice(0, ackDevicesMax)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([device, ver]) => [idToBytes(device), ver])
});

/** SHA-256 over the sorted hashes. LA3. */
export const hashLive = (live: readonly LiveRecord[]): Promise<Bytes> =>
  sha256(
    concatBytes(
      ...live
        .map(({ hash }) => hash)
        .sort()
        .map(idToBytes)
    )
  );

const toRanges = (sorted: readonly number[]): SeqRange[] => {
  const ranges: [number, number][] = [];
  for (const seq of sorted) {
    const open = ranges.at(-1);
    if (open !== undefined && seq === open[1] + 1) open[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
};
