/**
 * What a circle has decided and no epoch says yet, and the manifest that would (docs/protocol.md EP8).
 */
import type { DeviceId, PersonId } from '../base/ids.ts';
import {
  isRemoved,
  isRevokedOnTheWay,
  isRooted,
  votersOn,
  vouchersOf,
  type CircleState,
  type Epoch
} from './epochs.ts';
import { isMajority, missingVoices, othersOf, removersMin } from './majority.ts';
import { devicesMax, peopleMax, type EpochReason, type ListedPerson, type ManifestTerms } from './manifest.ts';
import { devicesOf } from './members.ts';

export interface DueChanges {
  readonly removed: readonly PersonId[];
  readonly dropped: readonly DeviceId[];
  /** New devices that most vouched for, and whose they are. */
  readonly vouched: ReadonlyMap<DeviceId, PersonId>;
  /** People who left and still hold the keys. */
  readonly leavers: readonly PersonId[];
}

export const dueChanges = ({ head, sorted, votes }: CircleState): DueChanges => {
  if (head === undefined || sorted === undefined) return nothingDue;
  const { members } = head;
  const { people } = members;
  const unwanted = [...people].filter((person) => isRemoved(votes, members, people, person));
  // Somebody who left still has whom they let in. One after the other, as those who are in have a voice about each other.
  const removed =
    unwanted.length > 0
      ? unwanted
      : [...members.left.keys()].filter((each) => isRemoved(votes, members, new Set([...people, each]), each));
  const vouched = new Map(
    sorted.rebinds.flatMap(({ device, person }): [DeviceId, PersonId][] => {
      const isNew = !members.personOf.has(device.id) && !head.dropped.has(device.id);
      if (!isNew || !people.has(person) || removed.includes(person)) return [];
      const voices = vouchersOf(sorted, members, people, device.id, person);
      return isMajority(voices, othersOf(people, person)) ? [[device.id, person]] : [];
    })
  );
  const lost = new Set(vouched.values());
  const dropped = [...members.personOf]
    .filter(
      ([device, person]) => people.has(person) && (lost.has(person) || isRevokedOnTheWay(sorted, votes, head, device))
    )
    .map(([device]) => device);
  const leavers = [...members.left.keys()].filter((person) => holdsKeys(head, sorted, person));
  return { removed, dropped, vouched, leavers };
};

const nothingDue: DueChanges = { removed: [], dropped: [], vouched: new Map(), leavers: [] };

export const isDue = ({ removed, dropped, vouched, leavers }: DueChanges): boolean =>
  removed.length + dropped.length + vouched.size + leavers.length > 0;

/**
 * The manifest that `author`'s device may make of what is due, or of a wish of its person's; `undefined` where that device itself is
 * what goes, or where nobody could read it. The commitment is the caller's.
 */
export const planManifest = (
  state: CircleState,
  author: DeviceId,
  why: EpochReason
): Omit<ManifestTerms, 'commit'> | undefined => {
  const { head, sorted } = state;
  // Whoever does not know yet who is out would list them.
  if (head === undefined || sorted === undefined || !isRooted(head, sorted.genesis)) return undefined;
  const { removed, dropped, vouched } = dueChanges(state);
  const gone = new Set(dropped);
  const people = [...head.members.people]
    .filter((person) => !removed.includes(person))
    .map((id): ListedPerson => {
      const devices = devicesOf(head.members, id).filter((device) => !gone.has(device));
      return { id, devices: [...devices, ...[...vouched].flatMap(([device, of]) => (of === id ? [device] : []))] };
    });
  const isIn = people.some(({ devices }) => devices.includes(author) && head.members.personOf.has(author));
  return isIn && isSayable({ people, removed, dropped })
    ? { parent: head.id, why, people, removed, dropped }
    : undefined;
};

/**
 * Whether others could read a manifest that says this, and one record hold the seals of its secret. So many people are in only where
 * somebody let them in who could outvote the rest anyway; whose devices are too many is voted out.
 */
const isSayable = ({ people, removed, dropped }: Pick<ManifestTerms, 'people' | 'removed' | 'dropped'>): boolean => {
  const devices = people.reduce((sum, each) => sum + each.devices.length, 0);
  return people.length <= peopleMax && Math.max(devices, removed.length, dropped.length) <= devicesMax;
};

/** Who has said that somebody should go, and how many more it takes. */
export const voicesAgainst = (
  { head, votes }: CircleState,
  person: PersonId
): { readonly people: ReadonlySet<PersonId>; readonly missing: number } | undefined => {
  if (head === undefined || !(head.members.people.has(person) || head.members.left.has(person))) return undefined;
  const others = othersOf(head.members.people, person);
  if (others.size < removersMin) return undefined;
  const people = votersOn(votes, head.members, others, person);
  return { people, missing: missingVoices(people, others) };
};

/** Who has vouched that a new device is somebody's, and how many more it takes. */
export const voicesFor = (
  { head, sorted }: CircleState,
  device: DeviceId,
  person: PersonId
): { readonly people: ReadonlySet<PersonId>; readonly missing: number } => {
  if (head === undefined || sorted === undefined) return { people: new Set(), missing: 1 };
  const { people: voiced } = head.members;
  const people = vouchersOf(sorted, head.members, voiced, device, person);
  return { people, missing: missingVoices(people, othersOf(voiced, person)) };
};

/** Whether somebody who has left was handed the keys of this epoch: they were on its list, or came in or went while it lasted. */
const holdsKeys = (
  head: Epoch,
  { additions, leaves, genesis }: NonNullable<CircleState['sorted']>,
  person: PersonId
): boolean => {
  const listed = head.manifest?.people ?? [{ id: genesis.person }];
  if (listed.some(({ id }) => id === person)) return true;
  const { personOf } = head.members;
  if (leaves.some(({ epoch, author }) => epoch === head.id && personOf.get(author) === person)) return true;
  return additions.some(({ epoch, device }) => epoch === head.id && personOf.get(device.id) === person);
};
