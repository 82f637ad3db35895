/**
 * The manifest: the statement that begins an epoch, and who is in it (docs/protocol.md EP1–EP3).
 *
 * It is signed in the epoch it ends, its parent. The new epoch's id is a hash of what it says and of whose word it is, and it
 * commits to the new secret, so that one epoch can't be two things to two friends.
 */
import * as v from 'valibot';
import { concatBytes, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import {
  bytesToId,
  idBytesLength,
  idToBytes,
  type CircleId,
  type DeviceId,
  type EpochId,
  type PersonId
} from '../base/ids.ts';
import { sha256 } from '../crypto/hash.ts';
import { encodeCbor, textMapToObject } from '../records/codec.ts';

/** Why an epoch began: somebody or some device left or was left out, a newcomer reads nothing from before, or old keys were let go. */
export type EpochReason = 'changed' | 'fresh' | 'tidied';

export interface ListedPerson {
  readonly id: PersonId;
  readonly devices: readonly DeviceId[];
}

/** What a manifest says. */
export interface ManifestTerms {
  readonly parent: EpochId;
  readonly why: EpochReason;
  /** Everybody who is in from here on, as far as its author knew. */
  readonly people: readonly ListedPerson[];
  /** People who are out by the word of the others. */
  readonly removed: readonly PersonId[];
  /** Devices that are out by the word of another of their person's, or of everybody else. */
  readonly dropped: readonly DeviceId[];
  /** What the new secret must make: see `commitmentOf`. 16 bytes. */
  readonly commit: Bytes;
}

/** How many people a manifest lists at most. EP2. */
export const peopleMax = 64;
/** How many devices a manifest names in one place at most, and how many people who are out. */
export const devicesMax = 128;
const id = v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === idBytesLength);
const ids = v.pipe(v.array(id), v.maxLength(devicesMax));
const manifestBody = v.object({
  parent: id,
  nonce: id,
  commit: id,
  why: v.picklist(['changed', 'fresh', 'tidied']),
  people: v.pipe(
    v.array(
      v.pipe(
        v.custom<Map<unknown, unknown>>((value) => textMapToObject(value) !== undefined),
        v.transform((map) => textMapToObject(map)),
        v.object({ id, devices: ids })
      )
    ),
    v.minLength(1),
    v.maxLength(peopleMax)
  ),
  removed: ids,
  dropped: ids
});

export const manifestSlotPrefix = 'roster/epoch/';
export const manifestSlot = (epoch: EpochId): string => `${manifestSlotPrefix}${epoch}`;

/** The body that says these terms. `nonce`: 16 random bytes. */
export const manifestToBody = (terms: ManifestTerms, nonce: Bytes): Record<string, unknown> => ({
  parent: idToBytes(terms.parent),
  nonce,
  commit: terms.commit,
  why: terms.why,
  people: terms.people.map((person) => ({ id: idToBytes(person.id), devices: person.devices.map(idToBytes) })),
  removed: terms.removed.map(idToBytes),
  dropped: terms.dropped.map(idToBytes)
});

/** Whether terms say one thing of each person and each device: nobody is in twice, or in and out. */
export const isUnambiguous = ({ people, removed, dropped }: ManifestTerms): boolean => {
  const named = [...people.map(({ id }) => id), ...removed];
  const devices = [...people.flatMap((person) => person.devices), ...dropped];
  return new Set(named).size === named.length && new Set(devices).size === devices.length;
};

/** The terms in a body, or `undefined` where it is no manifest's, or says two things of somebody. */
export const bodyToManifest = (body: unknown): ManifestTerms | undefined => {
  const parsed = v.safeParse(manifestBody, body);
  if (!parsed.success) return undefined;
  const { parent, commit, why, people, removed, dropped } = parsed.output;
  const terms: ManifestTerms = {
    parent: bytesToId(parent),
    why,
    commit,
    people: people.map((person) => ({
      id: bytesToId<PersonId>(person.id),
      devices: person.devices.map((device) => bytesToId<DeviceId>(device))
    })),
    removed: removed.map((person) => bytesToId<PersonId>(person)),
    dropped: dropped.map((device) => bytesToId<DeviceId>(device))
  };
  return isUnambiguous(terms) ? terms : undefined;
};

/** The id of the epoch that a manifest begins. `body`: as it stands in the record. EP1. */
export const epochIdOf = async (circle: CircleId, author: DeviceId, body: unknown): Promise<EpochId> => {
  const label = utf8ToBytes('shoulder/1 epoch');
  const hash = await sha256(concatBytes(label, idToBytes(circle), idToBytes(author), encodeCbor(body)));
  return bytesToId(hash.subarray(0, idBytesLength));
};
