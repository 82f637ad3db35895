/**
 * Who is in a circle, by which devices and by whose word: what the people's page shows, and what the board says where
 * somebody's devices changed.
 *
 * Pure functions of the statements of a circle and of what this device noted; the same on every device but for those notes.
 */
import type { DeviceId, PersonId } from '../base/ids.ts';
import { voicesAgainst } from '../circle/due.ts';
import { vouchersOf, type CircleState } from '../circle/epochs.ts';
import { othersOf, removersMin } from '../circle/majority.ts';
import { currentPeople, isIn, personOfDevice, type Roster, type RosterPerson } from '../circle/roster.ts';

/** People who said one thing: whether the one who looks is among them, and the others by name in roster order. */
export interface Voices {
  readonly you: boolean;
  readonly names: readonly string[];
}

export interface ShownDevice {
  readonly id: DeviceId;
  /** What it is, in its person's words; empty where that was never said. */
  readonly label: string;
  readonly isThis: boolean;
}

export interface ShownPerson {
  readonly id: PersonId;
  readonly name: string;
  readonly isYou: boolean;
  readonly devices: readonly ShownDevice[];
  /** `null` for whoever began the circle. */
  readonly letInBy: Voices | null;
  /** Who said that a device they are in with is theirs, after they had lost another; `null` where nobody had to. */
  readonly vouchedBy: Voices | null;
  /** Whether six words were compared with them; `changed`: they have a device since that they had not then. */
  readonly compared: 'no' | 'yes' | 'changed';
  readonly muted: boolean;
  /** Who else wants them out and how many more it takes. `null` where I have not spoken: then nobody's name is shown. */
  readonly spoken: { readonly names: readonly string[]; readonly missing: number } | null;
  /** Whether the word of the others can remove them at all: never oneself, and never where there are only two. */
  readonly mayRemove: boolean;
}

/** What is known on this device. */
export interface PeopleFacts {
  readonly state: CircleState;
  readonly ownDevice: DeviceId;
  readonly muted: readonly PersonId[];
  /** With which devices each person was when six words were compared with them. */
  readonly compared: DevicesByPerson;
}

export type DevicesByPerson = Readonly<Record<string, readonly DeviceId[]>>;

/** Somebody has devices that they did not have when the board last said so. */
export interface DeviceNews {
  readonly person: PersonId;
  readonly name: string;
  readonly isYou: boolean;
  /** Only those that are new. */
  readonly devices: readonly ShownDevice[];
  /** Who vouched for one of them; `null` where a device of their own let it in. */
  readonly vouchedBy: Voices | null;
}

/** Somebody who was here and is not any more. */
export interface GonePerson {
  readonly id: PersonId;
  readonly name: string;
  readonly how: 'left' | 'removed';
  /** They left, and let what they said stay. */
  readonly wordsStay: boolean;
}

/** Why somebody is out of a circle: by their own word, by the others', or because this device was taken off. */
export type OutReason = 'left' | 'removed' | 'taken-off';

/** Everybody who is in, the one who looks first, the others in roster order. */
export const shownPeople = (facts: PeopleFacts): ShownPerson[] => {
  const { roster } = facts.state;
  const viewer = personOfDevice(roster, facts.ownDevice);
  const people = currentPeople(roster);
  const isYou = ({ id }: RosterPerson): boolean => id === viewer;
  return [...people.filter(isYou), ...people.filter((person) => !isYou(person))].map((person) =>
    shownPerson(person, viewer, facts)
  );
};

/**
 * What is new, for everybody of whom it is known what there was; `seen` says it by person. A device that is gone is no news,
 * and neither is this very one.
 */
export const deviceNews = (state: CircleState, ownDevice: DeviceId, seen: DevicesByPerson): DeviceNews[] => {
  const viewer = personOfDevice(state.roster, ownDevice);
  return currentPeople(state.roster).flatMap((person): DeviceNews[] => {
    const before = seen[person.id];
    const fresh = person.devices.filter((device) => device !== ownDevice && before?.includes(device) === false);
    if (fresh.length === 0) return [];
    return [
      {
        person: person.id,
        name: person.name,
        isYou: person.id === viewer,
        devices: fresh.map((device) => shownDevice(state.roster, device, ownDevice)),
        vouchedBy: vouchedBy(state, person.id, fresh, viewer)
      }
    ];
  });
};

/** Everybody who was here, in roster order. */
export const gonePeople = ({ roster, sorted }: CircleState): GonePerson[] =>
  roster.people.flatMap(({ id, name, left, removed }): GonePerson[] => {
    if (!left) return [];
    const leaves = sorted?.leaves.filter(({ author }) => personOfDevice(roster, author) === id) ?? [];
    const wordsStay = removed !== true && leaves.length > 0 && leaves.every(({ words }) => words === 'stay');
    return [{ id, name, how: removed === true ? 'removed' : 'left', wordsStay }];
  });

/** The devices of everybody who is in, as `deviceNews` compares them. */
export const devicesNow = (roster: Roster): DevicesByPerson =>
  Object.fromEntries(currentPeople(roster).map(({ id, devices }) => [id, devices]));

/** Why this device is out, or `null` where it is in or its person was never on the roster. */
export const outReason = (roster: Roster, ownDevice: DeviceId): OutReason | null => {
  const known = roster.devicesById.get(ownDevice);
  const person = roster.people.find(({ id }) => id === known?.person);
  if (known === undefined || person === undefined) return null;
  if (person.removed === true) return 'removed';
  if (person.left) return 'left';
  return known.out === true ? 'taken-off' : null;
};

/**
 * Whether the one who looks is in a circle as two people: by this device, and by another of theirs. `others`: the devices by which
 * their other ones say that they are in it.
 */
export const isInTwice = (roster: Roster, ownDevice: DeviceId, others: readonly DeviceId[]): boolean =>
  isIn(roster, ownDevice) &&
  others.some((device) => isIn(roster, device) && personOfDevice(roster, device) !== personOfDevice(roster, ownDevice));

const shownPerson = (
  { id, name, devices }: RosterPerson,
  viewer: PersonId | undefined,
  { state, ownDevice, muted, compared }: PeopleFacts
): ShownPerson => {
  const others = othersOf(state.head?.members.people ?? [], id);
  const isYou = id === viewer;
  return {
    id,
    name,
    isYou,
    devices: devices.map((device) => shownDevice(state.roster, device, ownDevice)),
    letInBy: letInBy(state, id, viewer),
    vouchedBy: vouchedBy(state, id, devices, viewer),
    compared: isYou ? 'no' : comparedAs(devices, compared[id]),
    muted: !isYou && muted.includes(id),
    spoken: isYou ? null : spokenOn(state, id, viewer),
    mayRemove: !isYou && viewer !== undefined && others.has(viewer) && others.size >= removersMin
  };
};

const shownDevice = (roster: Roster, id: DeviceId, ownDevice: DeviceId): ShownDevice => ({
  id,
  label: roster.devicesById.get(id)?.label ?? '',
  isThis: id === ownDevice
});

/** A person is named after the first device they had, and whoever let that one in let them in. */
const letInBy = ({ sorted, roster }: CircleState, id: PersonId, viewer: PersonId | undefined): Voices | null => {
  const first = sorted?.additions.find(
    (each) => each.type === 'add-person' && each.person === id && roster.devicesById.has(each.author)
  );
  const by = first === undefined ? undefined : personOfDevice(roster, first.author);
  return by === undefined ? null : voicesOf(roster, new Set([by]), viewer);
};

const vouchedBy = (
  { sorted, head, roster }: CircleState,
  person: PersonId,
  devices: readonly DeviceId[],
  viewer: PersonId | undefined
): Voices | null => {
  if (sorted === undefined || head === undefined) return null;
  // Whoever vouched and has left since did vouch.
  const ever = new Map([...roster.devicesById.values()].map((device) => [device.id, device.person]));
  const members = { ...head.members, personOf: ever };
  const everybody = new Set(ever.values());
  const voices = devices.flatMap((device) => [...vouchersOf(sorted, members, everybody, device, person)]);
  return voices.length === 0 ? null : voicesOf(roster, new Set(voices), viewer);
};

const spokenOn = (state: CircleState, person: PersonId, viewer: PersonId | undefined): ShownPerson['spoken'] => {
  const voices = voicesAgainst(state, person);
  if (voices === undefined || viewer === undefined || !voices.people.has(viewer)) return null;
  return { names: voicesOf(state.roster, voices.people, viewer).names, missing: voices.missing };
};

/** A device that is gone takes nothing from what was compared; one that came does. */
const comparedAs = (now: readonly DeviceId[], then: readonly DeviceId[] | undefined): ShownPerson['compared'] => {
  if (then === undefined || now.length === 0) return 'no';
  return now.every((device) => then.includes(device)) ? 'yes' : 'changed';
};

const voicesOf = (roster: Roster, people: ReadonlySet<PersonId>, viewer: PersonId | undefined): Voices => ({
  you: viewer !== undefined && people.has(viewer),
  names: roster.people.filter(({ id }) => id !== viewer && people.has(id)).map(({ name }) => name)
});
