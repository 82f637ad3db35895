/**
 * A record: what a friend's device said, signed and sealed. How one is made; `opened-record.ts` is the way back.
 */
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, type MapKey, type RecordHash } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { ok, type Result } from '../base/result.ts';
import type { DeviceIdentity } from '../crypto/device.ts';
import { sha256 } from '../crypto/hash.ts';
import { sealEnvelope } from './envelope.ts';
import { mapKeyOf, type SealKeys } from './epoch-keys.ts';
import { payloadToBytes, type Payload } from './payload.ts';
import { signSign1 } from './sign1.ts';

/** A record as it is stored and sent. */
export interface SealedRecord {
  readonly payload: Payload;
  readonly hash: RecordHash;
  readonly key: MapKey;
  readonly envelope: Bytes;
}

/** Signs and seals. The payload's circle and device must be those of `keys` and `device`; its epoch is the one it is said in. */
export const sealRecord = async (
  keys: SealKeys,
  device: DeviceIdentity,
  payload: Payload,
  random: Random
): Promise<Result<SealedRecord, { readonly type: 'TooLarge'; readonly byteLength: number }>> => {
  const sign1 = await signSign1(device.signKey, payloadToBytes(payload));
  const envelope = await sealEnvelope(keys, sign1, random);
  if (!envelope.ok) return envelope;
  const [hash, key] = await Promise.all([recordHash(sign1), mapKeyOf(keys, payload.device, payload.slot)]);
  return ok({ payload, hash, key, envelope: envelope.value });
};

/** The hash of a COSE_Sign1. EN7. */
export const recordHash = async (sign1: Bytes): Promise<RecordHash> => bytesToId(await sha256(sign1));
