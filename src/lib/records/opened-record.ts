/**
 * An opened record: what came out of an envelope and has the right shape, and who signed it.
 *
 * Opening and asking who signed are separate because the inbox needs them apart: what opens may come from a device that is not on the
 * roster yet, and then it waits.
 */
import { assert } from '../base/assert.ts';
import type { Bytes } from '../base/bytes.ts';
import type { EpochId, MapKey, RecordHash } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import { sealEnvelope } from './envelope.ts';
import { openEnvelope, type EnvelopeError } from './opened-envelope.ts';
import { mapKeyOf, type SealKeys } from './epoch-keys.ts';
import type { Payload } from './payload.ts';
import { bytesToPayload } from './opened-payload.ts';
import { recordHash } from './record.ts';
import type { Sign1 } from './sign1.ts';
import { bytesToSign1, verifySign1 } from './opened-sign1.ts';

/** A record that opened and has the right shape. Its author is a claim until `isSignedBy`. */
export interface OpenedRecord {
  readonly payload: Payload;
  readonly hash: RecordHash;
  readonly key: MapKey;
  readonly sign1: Sign1;
  /** The COSE_Sign1 as it stood in the envelope: what `sealAgain` takes on, byte for byte. */
  readonly signed: Bytes;
  /** The epoch whose key opened it. It was signed in `payload.epoch`, and may have been sealed anew since. */
  readonly sealedIn: EpochId;
}

/**
 * Opens an envelope down to its payload, which may have been signed in another epoch of the circle than it is sealed in.
 * Errors: `TooLarge`, `UnknownVersion`, `NotOpened`, `Malformed`. Source: docs/protocol.md EN1–EN6.
 */
export const openRecord = async (
  envelope: Bytes,
  epochs: readonly SealKeys[]
): Promise<Result<OpenedRecord, EnvelopeError>> => {
  const opened = await openEnvelope(envelope, epochs);
  if (!opened.ok) return opened;
  const { sign1: bytes, keys } = opened.value;
  const sign1 = bytesToSign1(bytes);
  const payload = sign1 === undefined ? undefined : bytesToPayload(sign1.payload);
  if (sign1 === undefined || payload === undefined || payload.circle !== keys.circle) return err({ type: 'Malformed' });
  const [hash, key] = await Promise.all([recordHash(bytes), mapKeyOf(keys, payload.device, payload.slot)]);
  return ok({ payload, hash, key, sign1, signed: bytes, sealedIn: keys.epoch });
};

/** Whether this public signing key (32 bytes) signed the record. */
export const isSignedBy = (record: OpenedRecord, signPublicKey: Bytes): Promise<boolean> =>
  verifySign1(signPublicKey, record.sign1);

/**
 * What was signed, unchanged, in an envelope of other keys. Its hash stays the same (EN7), and as all epochs of a circle name slots
 * alike, so does its map key. It must have come out of an envelope of the same circle.
 */
export const sealAgain = async (
  keys: SealKeys,
  { signed }: Pick<OpenedRecord, 'signed'>,
  random: Random
): Promise<Bytes> => {
  const envelope = await sealEnvelope(keys, signed, random);
  assert(envelope.ok, 'what fitted one envelope fits another');
  return envelope.value;
};

/**
 * Which of two versions of one slot stands: the higher `ver`, and of equals the lower hash, so that a device that said
 * two things under one number is understood the same way everywhere.
 */
export const supersedes = (
  a: { readonly ver: number; readonly hash: RecordHash },
  b: { readonly ver: number; readonly hash: RecordHash }
): boolean => a.ver > b.ver || (a.ver === b.ver && a.hash < b.hash);
