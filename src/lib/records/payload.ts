/**
 * The signed payload: what every record says about itself, whatever its kind.
 *
 * Shape: a CBOR map with integer keys 1–11 (docs/protocol.md EN5). Ids are bytes on the wire and text in memory.
 */
import type { Bytes } from '../base/bytes.ts';
import { idToBytes, type CircleId, type DeviceId, type EpochId } from '../base/ids.ts';
import { encodeCbor } from './codec.ts';
import type { HybridTime } from './hybrid-time.ts';

export interface Payload {
  readonly circle: CircleId;
  readonly epoch: EpochId;
  readonly device: DeviceId;
  /** Counts this device's records in this circle from 1; 0 for a ledger or an ack. */
  readonly seq: number;
  /** A single-writer register of this device. */
  readonly slot: string;
  /** Counts the versions of the slot from 1; the highest wins. */
  readonly ver: number;
  readonly time: HybridTime;
  /** When it fades, milliseconds since 1970, or `null` for never. */
  readonly expMs: number | null;
  readonly kind: number;
  /** A CBOR map with text keys, decoded; its schema depends on the kind. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The numbers of its fields on the wire. */
export const payloadFields = {
  circle: 1,
  epoch: 2,
  device: 3,
  seq: 4,
  slot: 5,
  ver: 6,
  ms: 7,
  count: 8,
  exp: 9,
  kind: 10,
  body: 11
};

export const payloadToBytes = (payload: Payload): Bytes => {
  const fields: [number, unknown][] = [
    [payloadFields.circle, idToBytes(payload.circle)],
    [payloadFields.epoch, idToBytes(payload.epoch)],
    [payloadFields.device, idToBytes(payload.device)],
    [payloadFields.seq, payload.seq],
    [payloadFields.slot, payload.slot],
    [payloadFields.ver, payload.ver],
    [payloadFields.ms, payload.time.ms],
    [payloadFields.count, payload.time.count],
    [payloadFields.kind, payload.kind],
    [payloadFields.body, payload.body]
  ];
  if (payload.expMs !== null) fields.push([payloadFields.exp, payload.expMs]);
  return encodeCbor(new Map(fields));
};
