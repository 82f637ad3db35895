/**
 * The signed payload: what every record says about itself, whatever its kind.
 *
 * Shape: a CBOR map with integer keys 1–11 (docs/protocol.md EN5). Ids are bytes on the wire and text in memory.
 */
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, idToBytes, type CircleId, type DeviceId, type EpochId } from '../base/ids.ts';
import { slotLengthMax } from '../base/limits.ts';
import { decodeCbor, encodeCbor, textMapToObject } from './codec.ts';
import type { HybridTime } from './hybrid-time.ts';
import { isBookkeepingKind } from './kinds.ts';

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

const field = { circle: 1, epoch: 2, device: 3, seq: 4, slot: 5, ver: 6, ms: 7, count: 8, exp: 9, kind: 10, body: 11 };

export const payloadToBytes = (payload: Payload): Bytes => {
  const fields: [number, unknown][] = [
    [field.circle, idToBytes(payload.circle)],
    [field.epoch, idToBytes(payload.epoch)],
    [field.device, idToBytes(payload.device)],
    [field.seq, payload.seq],
    [field.slot, payload.slot],
    [field.ver, payload.ver],
    [field.ms, payload.time.ms],
    [field.count, payload.time.count],
    [field.kind, payload.kind],
    [field.body, payload.body]
  ];
  if (payload.expMs !== null) fields.push([field.exp, payload.expMs]);
  return encodeCbor(new Map(fields));
};

/** The payload, or `undefined` where any field is missing, superfluous or out of range. The body is not judged here. */
export const bytesToPayload = (bytes: Uint8Array): Payload | undefined => {
  const map = decodeCbor(bytes);
  if (!(map instanceof Map)) return undefined;
  const expMs: unknown = map.has(field.exp) ? map.get(field.exp) : null;
  if (map.size !== (expMs === null ? 10 : 11)) return undefined;
  const at = (key: number): unknown => map.get(key);
  const [circle, epoch, device] = [at(field.circle), at(field.epoch), at(field.device)];
  const [seq, slot, ver, ms, count, kind] = [field.seq, field.slot, field.ver, field.ms, field.count, field.kind].map(
    at
  );
  const body = textMapToObject(at(field.body));
  if (!isIdBytes(circle) || !isIdBytes(epoch) || !isIdBytes(device)) return undefined;
  if (!isWhole(seq) || !isWhole(ver) || ver < 1 || !isWhole(ms) || !isWhole(count) || !isWhole(kind)) return undefined;
  // Kind 0 marks, in a device's own index, where something faded: nobody says it.
  if (kind < 1 || isBookkeepingKind(kind) !== (seq === 0)) return undefined;
  if (typeof slot !== 'string' || slot.length === 0 || slot.length > slotLengthMax) return undefined;
  if (expMs !== null && !isWhole(expMs)) return undefined;
  if (body === undefined) return undefined;
  return {
    circle: bytesToId(circle),
    epoch: bytesToId(epoch),
    device: bytesToId(device),
    seq,
    slot,
    ver,
    time: { ms, count },
    expMs,
    kind,
    body
  };
};

const isIdBytes = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array && value.length === idBytesLength;
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
