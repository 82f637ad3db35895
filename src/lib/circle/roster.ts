/**
 * The roster: who is in the circle, by which devices. Made from a set of statements by `epochs.ts`; here is what it is, and what
 * is asked of it.
 *
 * Somebody who left or was removed stays on it as such, because their words may still be shown and their signatures still have to
 * be checked. So does a device that is out.
 */
import type { DeviceId, InviteId, PersonId, RecordHash } from '../base/ids.ts';
import { circlePeopleMax } from '../base/limits.ts';
import type { DevicePublic } from '../crypto/device.ts';
import { compareHybridTime } from '../records/hybrid-time.ts';
import { devicesOf, introductionsIn, type Members, type Sorted } from './members.ts';
import type { Statement } from './statements.ts';

export interface RosterPerson {
  readonly id: PersonId;
  readonly name: string;
  /** Those that are in now. */
  readonly devices: readonly DeviceId[];
  /** Is not in any more, by their own word or by the others'. */
  readonly left: boolean;
  /** By the others'. */
  readonly removed?: true;
}

export interface RosterDevice {
  readonly id: DeviceId;
  readonly person: PersonId;
  readonly keys: DevicePublic;
  /** What it is, where that was said. */
  readonly label: string;
  /** Speaks for nobody any more. */
  readonly out?: true;
}

export interface Roster {
  readonly circleName: string;
  /** In the order they came in, the founder first; the same on every device. */
  readonly people: readonly RosterPerson[];
  readonly devicesById: ReadonlyMap<DeviceId, RosterDevice>;
  /** Invitations that have let somebody in, and so are closed. */
  readonly usedInvites: ReadonlyMap<InviteId, readonly DeviceId[]>;
}

export const emptyRoster: Roster = { circleName: '', people: [], devicesById: new Map(), usedInvites: new Map() };

/**
 * The roster of an epoch. `members`: of that epoch. `ever`: every device that was in on the way to it, and whose it was last said to be.
 */
export const rosterOf = (
  sorted: Sorted,
  members: Members,
  removed: ReadonlySet<PersonId>,
  ever: ReadonlyMap<DeviceId, PersonId>
): Roster => {
  const { genesis, additions, rebinds } = sorted;
  const labels = new Map(
    additions.flatMap((each) => (each.type === 'add-device' ? [[each.device.id, each.label]] : []))
  );
  const devicesById = new Map<DeviceId, RosterDevice>();
  for (const [id, { keys }] of introductionsIn([genesis, ...additions, ...rebinds])) {
    const person = ever.get(id);
    if (person === undefined) continue;
    const device = { id, person, keys, label: labels.get(id) ?? '' };
    devicesById.set(id, members.personOf.has(id) ? device : { ...device, out: true });
  }
  const names = new Map<PersonId, string>();
  for (const each of [genesis, ...additions])
    if (each.type !== 'add-device' && ever.has(each.device.id) && !names.has(each.person))
      names.set(each.person, each.personName);
  const people = [...names].map(([id, name]): RosterPerson => {
    const person = { id, name, devices: devicesOf(members, id), left: !members.people.has(id) };
    return removed.has(id) ? { ...person, removed: true } : person;
  });
  return { circleName: genesis.circleName, people, devicesById, usedInvites: usedInvitesOf(sorted, ever) };
};

/** The people who are in the circle now. */
export const currentPeople = (roster: Roster): RosterPerson[] => roster.people.filter(({ left }) => !left);

export const personOfDevice = (roster: Roster, device: DeviceId): PersonId | undefined =>
  roster.devicesById.get(device)?.person;

/** Whether this device speaks for somebody who is in. */
export const isIn = (roster: Roster, device: DeviceId): boolean => {
  const known = roster.devicesById.get(device);
  if (known === undefined || known.out === true) return false;
  return roster.people.some(({ id, left }) => id === known.person && !left);
};

/** How many devices speak for those who are in. */
export const devicesIn = (roster: Roster): number =>
  currentPeople(roster).reduce((sum, { devices }) => sum + devices.length, 0);

/** RO5: additions that crossed in flight may exceed the limit; only new invitations stop at it. */
export const mayInvite = (roster: Roster): boolean => currentPeople(roster).length < circlePeopleMax;

/**
 * The hashes of the statements that put a device on the roster: what introduced it, what introduced that one's author, and so on
 * to a beginning. Enough for a newcomer to see that they are in; the rest comes with the first sync. Empty if it is not on it.
 */
export const chainTo = (device: DeviceId, statements: readonly Statement[]): Set<RecordHash> => {
  const chain = new Set<RecordHash>();
  const sorted = statements.toSorted((a, b) => compareHybridTime(a.time, b.time));
  const introducing = (id: DeviceId): Statement | undefined =>
    sorted.find((each) => 'device' in each && each.device.id === id && !chain.has(each.hash));
  for (let at = introducing(device); at !== undefined; at = at.type === 'genesis' ? undefined : introducing(at.author))
    chain.add(at.hash);
  return chain;
};

/** Each invitation with the devices it let in; of a device that is vouched for, only once it is in. */
const usedInvitesOf = (
  { additions, rebinds }: Sorted,
  ever: ReadonlyMap<DeviceId, PersonId>
): Map<InviteId, DeviceId[]> => {
  const used = new Map<InviteId, DeviceId[]>();
  for (const { author, invite, device } of [...additions, ...rebinds]) {
    const admitted = used.get(invite) ?? [];
    if (ever.has(author) && ever.has(device.id) && !admitted.includes(device.id))
      used.set(invite, [...admitted, device.id]);
  }
  return used;
};
