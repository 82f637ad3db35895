/**
 * Statements: the signed sentences a roster is built from. Written here, and read with everything checked that does
 * not depend on other statements.
 *
 * Rule ids are in docs/protocol.md (ST). What begins an epoch is in `manifest.ts`; what they make together in `epochs.ts`.
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import {
  bytesToId,
  idBytesLength,
  type CircleId,
  type DeviceId,
  type EpochId,
  type InviteId,
  type PersonId,
  type RecordHash
} from '../base/ids.ts';
import { circleNameLengthMax, nameLengthMax } from '../base/limits.ts';
import { deviceIdOf, type DevicePublic } from '../crypto/device.ts';
import { publicKeyBytes, signatureBytes } from '../crypto/signature.ts';
import { importVerifyKey, verify } from '../crypto/verification.ts';
import type { HybridTime } from '../records/hybrid-time.ts';
import { kinds } from '../records/kinds.ts';
import type { Payload } from '../records/payload.ts';
import type { OpenedRecord } from '../records/opened-record.ts';
import { bodyToManifest, epochIdOf, manifestSlot, type ManifestTerms } from './manifest.ts';
import { circleIdOf } from './circle-id.ts';
import { genesisSlot, addPersonSlot, addDeviceSlot, voteSlot, rebindSlot, leaveSlot } from './slots.ts';
import { askNonceBytes, joinTranscript, type JoinAs } from './transcript.ts';

/** A device as a statement introduces it. */
export interface StatedDevice {
  readonly id: DeviceId;
  readonly keys: DevicePublic;
}

interface Stated {
  readonly author: DeviceId;
  readonly hash: RecordHash;
  readonly time: HybridTime;
  /** The epoch in which it was said. */
  readonly epoch: EpochId;
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

/** One more device of its author's person. */
export interface AddDevice extends Stated {
  readonly type: 'add-device';
  readonly invite: InviteId;
  /** What it is, in its person's words. */
  readonly label: string;
  readonly device: StatedDevice;
}

/** Its author's person wants this one out; or, of a device of their own, that one. */
export interface Vote extends Stated {
  readonly type: 'vote';
  readonly on: { readonly person: PersonId } | { readonly device: DeviceId };
}

/** Its author's person vouches that this new device is that person's, who lost those they had. */
export interface Rebind extends Stated {
  readonly type: 'rebind';
  readonly person: PersonId;
  readonly invite: InviteId;
  readonly device: StatedDevice;
}

export interface Leave extends Stated {
  readonly type: 'leave';
  /** Whether what they said stays with the others, or goes. */
  readonly words: 'stay' | 'go';
}

/** Begins an epoch. `id`: the epoch's. */
export interface Manifest extends Stated, ManifestTerms {
  readonly type: 'manifest';
  readonly id: EpochId;
}

export type Statement = Genesis | AddPerson | AddDevice | Vote | Rebind | Leave | Manifest;

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
const askedFields = {
  invite: bytes(idBytesLength),
  name: personName,
  nonce: bytes(askNonceBytes),
  proof: bytes(signatureBytes),
  ...deviceFields
};
const addBody = v.object(askedFields);
const rebindBody = v.object({ person: bytes(idBytesLength), ...askedFields });
const voteBody = v.union([
  v.strictObject({ person: bytes(idBytesLength) }),
  v.strictObject({ device: bytes(idBytesLength) })
]);
const leaveBody = v.object({ words: v.optional(v.literal('go')) });

/**
 * The statement a record makes, or `undefined` where it makes none that this version can stand behind: wrong slot or
 * version, a body that does not fit, keys that do not hash to the circle, a proof that is not the newcomer's.
 * The record's own signature is judged elsewhere. ST2–ST5.
 */
export const readStatement = async (record: OpenedRecord): Promise<Statement | undefined> => {
  const { payload, hash } = record;
  if (payload.ver !== 1 || payload.expMs !== null) return undefined;
  const stated: Stated = { author: payload.device, hash, time: payload.time, epoch: payload.epoch };
  switch (payload.kind) {
    case kinds.manifest:
      return payload.slot === genesisSlot
        ? readGenesis(stated, payload.circle, payload.body)
        : readManifest(stated, payload);
    case kinds.addPerson:
      return readAddPerson(stated, payload);
    case kinds.addDevice:
      return readAddDevice(stated, payload);
    case kinds.rebind:
      return readRebind(stated, payload);
    case kinds.vote:
      return readVote(stated, payload);
    case kinds.leave:
      return readLeave(stated, payload);
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

const readManifest = async (stated: Stated, { circle, slot, body }: Payload): Promise<Manifest | undefined> => {
  const terms = bodyToManifest(body);
  const id = await epochIdOf(circle, stated.author, body);
  // It is said in the epoch that it ends.
  if (terms?.parent !== stated.epoch || slot !== manifestSlot(id)) return undefined;
  return { ...stated, ...terms, type: 'manifest', id };
};

const readAddPerson = async (stated: Stated, { circle, slot, body }: Payload): Promise<AddPerson | undefined> => {
  const asked = await readAsked(circle, body);
  if (asked === undefined || slot !== addPersonSlot(asked.device.id)) return undefined;
  const { name, invite, device } = asked;
  return { ...stated, type: 'add-person', invite, person: personOf(device.id), personName: name, device };
};

const readAddDevice = async (stated: Stated, { circle, slot, body }: Payload): Promise<AddDevice | undefined> => {
  const asked = await readAsked(circle, body, 'device');
  if (asked === undefined || slot !== addDeviceSlot(asked.device.id)) return undefined;
  const { name, invite, device } = asked;
  return { ...stated, type: 'add-device', invite, label: name, device };
};

const readRebind = async (stated: Stated, { circle, slot, body }: Payload): Promise<Rebind | undefined> => {
  const parsed = v.safeParse(rebindBody, body);
  const asked = parsed.success ? await readAsked(circle, body, 'again') : undefined;
  if (!parsed.success || asked === undefined || slot !== rebindSlot(asked.device.id)) return undefined;
  const { invite, device } = asked;
  return { ...stated, type: 'rebind', person: bytesToId(parsed.output.person), invite, device };
};

const readVote = (stated: Stated, { slot, body }: Payload): Vote | undefined => {
  const parsed = v.safeParse(voteBody, body);
  if (!parsed.success) return undefined;
  const on =
    'person' in parsed.output
      ? { person: bytesToId<PersonId>(parsed.output.person) }
      : { device: bytesToId<DeviceId>(parsed.output.device) };
  return slot === voteSlot('person' in on ? on.person : on.device) ? { ...stated, type: 'vote', on } : undefined;
};

const readLeave = (stated: Stated, { slot, body }: Payload): Leave | undefined => {
  const parsed = v.safeParse(leaveBody, body);
  if (slot !== leaveSlot || !parsed.success) return undefined;
  return { ...stated, type: 'leave', words: parsed.output.words ?? 'stay' };
};

/** What a device asked for and signed itself, so that nobody is let in under a name or key that they did not ask with. ST4. */
const readAsked = async (
  circle: CircleId,
  body: unknown,
  as?: JoinAs
): Promise<{ name: string; invite: InviteId; device: StatedDevice } | undefined> => {
  const parsed = v.safeParse(addBody, body);
  if (!parsed.success) return undefined;
  const { sign, agree, nonce, name, proof } = parsed.output;
  const keys = { sign, agree };
  const invite = bytesToId<InviteId>(parsed.output.invite);
  const key = await importVerifyKey(sign);
  const terms = { circle, invite, name, keys, nonce };
  const transcript = joinTranscript(as === undefined ? terms : { ...terms, as });
  if (key === undefined || !(await verify(key, transcript, proof))) return undefined;
  return { name, invite, device: { id: await deviceIdOf(sign), keys } };
};

/** A person is named after the first device they had in the circle. */
const personOf = (device: DeviceId): PersonId => device as string as PersonId;
