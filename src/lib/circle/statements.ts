/**
 * Statements: the signed sentences a roster is built from. Written here, and read with everything checked that does
 * not depend on other statements.
 *
 * Rule ids are in docs/protocol.md (ST). This version states a first manifest, `add-person` and `leave`; the other
 * kinds have their numbers and are kept and forwarded.
 */
import * as v from 'valibot';
import { concatBytes, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import {
  bytesToId,
  idBytesLength,
  type CircleId,
  type DeviceId,
  type InviteId,
  type PersonId,
  type RecordHash
} from '../base/ids.ts';
import { circleNameLengthMax, nameLengthMax } from '../base/limits.ts';
import { deviceIdOf, type DevicePublic } from '../crypto/device.ts';
import { sha256 } from '../crypto/hash.ts';
import { importVerifyKey, publicKeyBytes, signatureBytes, verify } from '../crypto/signature.ts';
import type { HybridTime } from '../records/hybrid-time.ts';
import { kinds } from '../records/kinds.ts';
import type { OpenedRecord } from '../records/record.ts';
import { askNonceBytes, joinTranscript } from './transcript.ts';

/** A device as a statement introduces it. */
export interface StatedDevice {
  readonly id: DeviceId;
  readonly keys: DevicePublic;
}

interface Stated {
  readonly author: DeviceId;
  readonly hash: RecordHash;
  readonly time: HybridTime;
}

/** The circle's beginning: its name and its first person. */
export interface Genesis extends Stated {
  readonly type: 'genesis';
  readonly circleName: string;
  readonly person: PersonId;
  readonly personName: string;
  readonly device: StatedDevice;
}

export interface AddPerson extends Stated {
  readonly type: 'add-person';
  readonly invite: InviteId;
  readonly person: PersonId;
  readonly personName: string;
  readonly device: StatedDevice;
}

export interface Leave extends Stated {
  readonly type: 'leave';
}

export type Statement = Genesis | AddPerson | Leave;

/** Statements stand in slots of their own under this prefix, version 1, for ever. ST1. */
export const statementSlotPrefix = 'roster/';

/** A circle's id: the first 16 bytes of SHA-256 over a label, the founder's signing key and a nonce. CI1. */
export const circleIdOf = async (founderSignKey: Bytes, nonce: Bytes): Promise<CircleId> =>
  bytesToId(
    (await sha256(concatBytes(utf8ToBytes('shoulder/1 circle'), founderSignKey, nonce))).subarray(0, idBytesLength)
  );

const bytes = (length: number) => v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length);
const personName = v.pipe(v.string(), v.maxLength(nameLengthMax));
const deviceFields = { sign: bytes(publicKeyBytes), agree: bytes(publicKeyBytes) };

const genesisBody = v.object({
  parent: v.null(),
  nonce: bytes(idBytesLength),
  name: v.pipe(v.string(), v.maxLength(circleNameLengthMax)),
  founder: personName,
  ...deviceFields
});
const addPersonBody = v.object({
  invite: bytes(idBytesLength),
  name: personName,
  nonce: bytes(askNonceBytes),
  proof: bytes(signatureBytes),
  ...deviceFields
});

export const genesisSlot = `${statementSlotPrefix}genesis`;
export const addPersonSlot = (device: DeviceId): string => `${statementSlotPrefix}add/${device}`;
export const leaveSlot = `${statementSlotPrefix}leave`;

/**
 * The statement a record makes, or `undefined` where it makes none that this version can stand behind: wrong slot or
 * version, a body that does not fit, keys that do not hash to the circle, a proof that is not the newcomer's.
 * The record's own signature is judged elsewhere. ST2–ST5.
 */
export const readStatement = async (record: OpenedRecord): Promise<Statement | undefined> => {
  const { payload, hash } = record;
  if (payload.ver !== 1 || payload.expMs !== null) return undefined;
  const stated: Stated = { author: payload.device, hash, time: payload.time };
  switch (payload.kind) {
    case kinds.manifest:
      return payload.slot === genesisSlot ? readGenesis(stated, payload.circle, payload.body) : undefined;
    case kinds.addPerson:
      return readAddPerson(stated, payload.circle, payload.slot, payload.body);
    case kinds.leave:
      return payload.slot === leaveSlot ? { ...stated, type: 'leave' } : undefined;
    default:
      return undefined;
  }
};

/** The founder's public signing key, where this record is the beginning of exactly this circle. ST3. */
export const genesisAuthorKey = async (record: OpenedRecord): Promise<Bytes | undefined> => {
  const parsed = v.safeParse(genesisBody, record.payload.body);
  if (record.payload.kind !== kinds.manifest || !parsed.success) return undefined;
  const { sign, nonce } = parsed.output;
  const fits =
    (await circleIdOf(sign, nonce)) === record.payload.circle && (await deviceIdOf(sign)) === record.payload.device;
  return fits ? sign : undefined;
};

const readGenesis = async (stated: Stated, circle: CircleId, body: unknown): Promise<Genesis | undefined> => {
  const parsed = v.safeParse(genesisBody, body);
  if (!parsed.success) return undefined;
  const { sign, agree, nonce, name, founder } = parsed.output;
  const id = await deviceIdOf(sign);
  if (id !== stated.author || (await circleIdOf(sign, nonce)) !== circle) return undefined;
  const device = { id, keys: { sign, agree } };
  return { ...stated, type: 'genesis', circleName: name, person: personOf(id), personName: founder, device };
};

const readAddPerson = async (
  stated: Stated,
  circle: CircleId,
  slot: string,
  body: unknown
): Promise<AddPerson | undefined> => {
  const parsed = v.safeParse(addPersonBody, body);
  if (!parsed.success) return undefined;
  const { sign, agree, nonce, name, proof } = parsed.output;
  const id = await deviceIdOf(sign);
  if (slot !== addPersonSlot(id)) return undefined;
  const invite = bytesToId<InviteId>(parsed.output.invite);
  const key = await importVerifyKey(sign);
  const transcript = joinTranscript({ circle, invite, name, keys: { sign, agree }, nonce });
  if (key === undefined || !(await verify(key, transcript, proof))) return undefined;
  return {
    ...stated,
    type: 'add-person',
    invite,
    person: personOf(id),
    personName: name,
    device: { id, keys: { sign, agree } }
  };
};

/** A person is named after the first device they had in the circle. */
const personOf = (device: DeviceId): PersonId => device as string as PersonId;
