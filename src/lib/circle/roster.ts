/**
 * The roster: who is in the circle, by which devices. A pure function of a set of statements.
 *
 * Any order of arrival gives the same roster (docs/protocol.md RO1–RO5). It only grows: somebody who left stays on it
 * as having left, because their words may still be shown and their signatures still have to be checked.
 */
import type { DeviceId, InviteId, PersonId, RecordHash } from '../base/ids.ts';
import { circlePeopleMax } from '../base/limits.ts';
import type { DevicePublic } from '../crypto/device.ts';
import { compareHybridTime } from '../records/hybrid-time.ts';
import type { AddPerson, Genesis, Statement } from './statements.ts';

export interface RosterPerson {
  readonly id: PersonId;
  readonly name: string;
  readonly devices: readonly DeviceId[];
  readonly left: boolean;
}

export interface RosterDevice {
  readonly id: DeviceId;
  readonly person: PersonId;
  readonly keys: DevicePublic;
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

/** RO1: without a genesis nobody is in. RO2: an addition counts iff its author is in, however they came in. */
export const reduceRoster = (statements: readonly Statement[]): Roster => {
  const sorted = statements.toSorted((a, b) => compareHybridTime(a.time, b.time) || (a.hash < b.hash ? -1 : 1));
  const genesis = firstGenesis(sorted);
  if (genesis === undefined) return emptyRoster;
  const additions = acceptedAdditions(genesis, sorted);
  const devicesById = new Map<DeviceId, RosterDevice>();
  const usedInvites = new Map<InviteId, DeviceId[]>();
  const names = new Map<PersonId, string>();
  for (const { person, personName, device } of [genesis, ...additions]) {
    if (devicesById.has(device.id)) continue;
    devicesById.set(device.id, { id: device.id, person, keys: device.keys });
    names.set(person, personName);
  }
  for (const { invite, device } of additions) {
    const admitted = usedInvites.get(invite) ?? [];
    if (!admitted.includes(device.id)) usedInvites.set(invite, [...admitted, device.id]);
  }
  const leavers = new Set(
    sorted.filter(({ type }) => type === 'leave').map(({ author }) => devicesById.get(author)?.person)
  );
  const devices = Map.groupBy(devicesById.values(), ({ person }) => person);
  const people = [...names].map(([id, name]) => ({
    id,
    name,
    devices: (devices.get(id) ?? []).map((device) => device.id),
    left: leavers.has(id)
  }));
  return { circleName: genesis.circleName, people, devicesById, usedInvites };
};

/** The people who are in the circle now. */
export const currentPeople = (roster: Roster): RosterPerson[] => roster.people.filter(({ left }) => !left);

export const personOfDevice = (roster: Roster, device: DeviceId): PersonId | undefined =>
  roster.devicesById.get(device)?.person;

/** RO5: additions that crossed in flight may exceed the limit; only new invitations stop at it. */
export const mayInvite = (roster: Roster): boolean => currentPeople(roster).length < circlePeopleMax;

/**
 * The hashes of the statements that put a device on the roster: its own addition, its author's, and so on to the
 * genesis. Enough for a newcomer to see that they are in; the rest comes with the first sync. Empty if it is not on it.
 */
export const chainTo = (device: DeviceId, statements: readonly Statement[]): Set<RecordHash> => {
  const chain = new Set<RecordHash>();
  const sorted = statements.toSorted((a, b) => compareHybridTime(a.time, b.time));
  const introducing = (id: DeviceId): Statement | undefined =>
    sorted.find((each) => each.type !== 'leave' && each.device.id === id && !chain.has(each.hash));
  for (let at = introducing(device); at !== undefined; at = at.type === 'genesis' ? undefined : introducing(at.author))
    chain.add(at.hash);
  return chain;
};

/** A founder who signed two beginnings is understood by the one with the lower hash, everywhere. RO3. */
const firstGenesis = (statements: readonly Statement[]): Genesis | undefined =>
  statements
    .filter((statement): statement is Genesis => statement.type === 'genesis')
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))[0];

/** Grows the set of devices until nothing more can be added; order of statements does not matter. */
const acceptedAdditions = (genesis: Genesis, statements: readonly Statement[]): AddPerson[] => {
  const all = statements.filter((statement): statement is AddPerson => statement.type === 'add-person');
  const inside = new Set<DeviceId>([genesis.device.id]);
  for (let before = 0; before < inside.size;) {
    before = inside.size;
    for (const addition of all) if (inside.has(addition.author)) inside.add(addition.device.id);
  }
  return all.filter(({ author }) => inside.has(author));
};
