/**
 * Reading a signed payload. See `payload.ts` for its shape.
 */
import { bytesToId, idBytesLength } from '../base/ids.ts';
import { slotLengthMax } from '../base/limits.ts';
import { decodeCbor, textMapToObject } from './codec.ts';
import { isBookkeepingKind } from './kinds.ts';
import { payloadFields, type Payload } from './payload.ts';

/** The payload, or `undefined` where any field is missing, superfluous or out of range. The body is not judged here. */
export const bytesToPayload = (bytes: Uint8Array): Payload | undefined => {
  const map = decodeCbor(bytes);
  if (!(map instanceof Map)) return undefined;
  const expMs: unknown = map.has(payloadFields.exp) ? map.get(payloadFields.exp) : null;
  if (map.size !== (expMs === null ? 10 : 11)) return undefined;
  const at = (key: number): unknown => map.get(key);
  const [circle, epoch, device] = [at(payloadFields.circle), at(payloadFields.epoch), at(payloadFields.device)];
  const [seq, slot, ver, ms, count, kind] = [
    payloadFields.seq,
    payloadFields.slot,
    payloadFields.ver,
    payloadFields.ms,
    payloadFields.count,
    payloadFields.kind
  ].map(at);
  const body = textMapToObject(at(payloadFields.body));
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
