/**
 * Who is in one epoch: what its manifest lists, and whoever was let in by somebody who is in (docs/protocol.md RO1–RO4, EP4).
 *
 * Additions count whatever epoch they were said in, so that a friend who was let in on the other side of a parting is in on both;
 * but never by the word of somebody who is out, however it is dated.
 */
import type { DeviceId, EpochId, PersonId } from '../base/ids.ts';
import type { ListedPerson } from './manifest.ts';
import type { AddDevice, AddPerson, Genesis, Leave, Rebind, Statement, StatedDevice } from './statements.ts';

/** Statements by what they do, each in the one order that is the same for all. */
export interface Sorted {
  readonly genesis: Genesis;
  readonly additions: readonly (AddPerson | AddDevice)[];
  readonly additionsBy: ReadonlyMap<DeviceId, readonly (AddPerson | AddDevice)[]>;
  readonly rebinds: readonly Rebind[];
  readonly leaves: readonly Leave[];
}

/** `ordered`: in the order that is the same for all. */
export const sortedFrom = (genesis: Genesis, ordered: readonly Statement[]): Sorted => {
  const additions = ordered.filter((each) => each.type === 'add-person' || each.type === 'add-device');
  return {
    genesis,
    additions,
    additionsBy: Map.groupBy(additions, ({ author }) => author),
    rebinds: ordered.filter((each) => each.type === 'rebind'),
    leaves: ordered.filter((each) => each.type === 'leave')
  };
};

/**
 * A founder who signed two beginnings is understood by the one with the lower hash, everywhere; but never by one of another epoch than
 * this device came in by, where that was the founding one. RO3.
 */
export const genesisOf = (statements: readonly Statement[], trusted: EpochId | undefined): Genesis | undefined => {
  const all = statements.filter((statement) => statement.type === 'genesis').sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return all.find(({ epoch }) => epoch === trusted) ?? all[0];
};

/** Who is out on the way to an epoch. */
export interface Out {
  readonly removed: ReadonlySet<PersonId>;
  readonly dropped: ReadonlySet<DeviceId>;
}

export interface Members {
  /** Every device that is in, those of people who have left among them. */
  readonly personOf: ReadonlyMap<DeviceId, PersonId>;
  /**
   * The same, of a device that was let in as two people's both: proofs ask this, so that nobody unmakes one by letting a device in
   * once more, dated earlier.
   */
  readonly claims: ReadonlyMap<DeviceId, ReadonlySet<PersonId>>;
  /** Everybody who is in and has not left. Somebody whose devices took each other off is in all the same, with none. */
  readonly people: ReadonlySet<PersonId>;
  /** Those who have left, and whether their words stay. */
  readonly left: ReadonlyMap<PersonId, Leave['words']>;
}

/**
 * `listed`: by the epoch's manifest; `null` in the founding epoch. `before`: the parent's. Those who left are on no list any more and
 * yet known as before, and so is whom they let in (RO4).
 */
export const membersOf = (
  { genesis, additionsBy, leaves }: Sorted,
  listed: readonly ListedPerson[] | null,
  { removed, dropped }: Out,
  before?: Members
): Members => {
  const personOf = new Map<DeviceId, PersonId>();
  const claims = new Map<DeviceId, Set<PersonId>>();
  const grow: (readonly [DeviceId, PersonId])[] = [];
  const claim = (device: DeviceId, person: PersonId): void => {
    const of = claims.get(device) ?? new Set();
    if (of.has(person)) return;
    claims.set(device, of.add(person));
    if (of.size === 1) personOf.set(device, person);
    grow.push([device, person]);
  };
  if (listed === null) claim(genesis.device.id, genesis.person);
  for (const { id, devices } of listed ?? []) devices.forEach((device) => claim(device, id));
  for (const [device, person] of before?.personOf ?? []) {
    const isStill = before?.left.has(person) === true && !removed.has(person) && !dropped.has(device);
    if (isStill && !claims.has(device)) claim(device, person);
  }
  const given = new Set(claims.keys());
  // Grows while it is walked: each device brings those that it let in.
  for (const [author, by] of grow) {
    for (const addition of additionsBy.get(author) ?? []) {
      const { id } = addition.device;
      const person = addition.type === 'add-person' ? addition.person : by;
      if (!given.has(id) && !dropped.has(id) && !removed.has(person)) claim(id, person);
    }
  }
  const left = new Map<PersonId, Leave['words']>();
  for (const { author, words } of leaves) {
    const person = personOf.get(author);
    if (person !== undefined && left.get(person) !== 'go') left.set(person, words);
  }
  const ever = [...(listed ?? []).map(({ id }) => id), ...personOf.values()];
  return { personOf, claims, people: new Set(ever.filter((person) => !left.has(person))), left };
};

/** Whether a device is in as this person's. */
export const isOf = ({ claims }: Members, device: DeviceId, person: PersonId): boolean =>
  claims.get(device)?.has(person) === true;

/** The devices of one person that are in. */
export const devicesOf = ({ personOf }: Members, person: PersonId): DeviceId[] =>
  [...personOf].filter(([, of]) => of === person).map(([device]) => device);

/** Every device that some statement introduces, the first introduction of each, in order. */
export const introductionsIn = (statements: readonly Statement[]): Map<DeviceId, StatedDevice> => {
  const known = new Map<DeviceId, StatedDevice>();
  for (const statement of statements)
    if ('device' in statement && !known.has(statement.device.id)) known.set(statement.device.id, statement.device);
  return known;
};
