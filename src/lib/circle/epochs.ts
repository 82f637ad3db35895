/**
 * The epochs of a circle, and which of them it is in now: a pure function of a set of statements (docs/protocol.md EP).
 *
 * Any order of arrival gives the same answer. Manifests make a tree; a manifest counts if what it changes is proved by what others
 * said, and of those that count the one with the most people removed on its way is where the circle is.
 */
import type { DeviceId, EpochId, PersonId } from '../base/ids.ts';
import { deviceManifestsMax, deviceStatementsMax } from '../base/limits.ts';
import { compareHybridTime } from '../records/hybrid-time.ts';
import { genesisOf, isOf, membersOf, sortedFrom, type Members, type Out, type Sorted } from './members.ts';
import { isMajority, othersOf, removersMin } from './majority.ts';
import { emptyRoster, rosterOf, type Roster } from './roster.ts';
import type { Genesis, Manifest, Statement, Vote } from './statements.ts';

/** One epoch that is known of and whose ancestors are. */
export interface Epoch extends Out {
  readonly id: EpochId;
  /** What began it; `null` for the founding one. */
  readonly manifest: Manifest | null;
  readonly parent: Epoch | null;
  /** How many epochs came before it. */
  readonly depth: number;
  /** Whether everything it changes is proved, and everything its ancestors changed. */
  readonly counts: boolean;
  readonly members: Members;
  /** Where the way to it begins: the founding epoch, or the first that is missing here. */
  readonly root: EpochId;
  /** What on its way too few have said yes to, as far as is known here and seen from here. */
  readonly unsure: readonly Step[];
  /** Whether all else on its way is proved. What follows one of which that can't be said never counts. */
  readonly isSound: boolean;
}

/** A manifest and what it changes. */
interface Step {
  readonly manifest: Manifest;
  readonly parent: Epoch;
}

/** So that nobody makes everybody weigh endless chains of changes that nobody agreed to. */
const unsureMax = 64;

/** What a set of statements makes of a circle. */
export interface CircleState {
  readonly roster: Roster;
  /** `undefined` as long as no beginning is known. */
  readonly head: Epoch | undefined;
  readonly epochs: ReadonlyMap<EpochId, Epoch>;
  readonly sorted: Sorted | undefined;
  readonly votes: readonly Vote[];
}

const emptyState: CircleState = {
  roster: emptyRoster,
  head: undefined,
  epochs: new Map(),
  sorted: undefined,
  votes: []
};

/**
 * `trusted`: the epoch that this device came in by; where it is not the founding one, it counts even before all that led to it is
 * here. Until then it and what followed it is all there is to go by.
 */
export const reduceCircle = (statements: readonly Statement[], trusted?: EpochId): CircleState => {
  const ordered = heeded(
    statements.toSorted((a, b) => compareHybridTime(a.time, b.time) || (a.hash < b.hash ? -1 : 1))
  );
  const genesis = genesisOf(ordered, trusted);
  if (genesis === undefined) return emptyState;
  const sorted = sortedFrom(genesis, ordered);
  const votes = ordered.filter((each) => each.type === 'vote');
  const epochs = growTree(sorted, votes, ordered, trusted);
  const counting = [...epochs.values()].filter(({ counts }) => counts);
  const beyond = counting.filter((epoch) => !isRooted(epoch, genesis));
  const head = (beyond.length > 0 ? beyond : counting).reduce(laterOf);
  const ever = new Map(
    wayTo(head)
      .toReversed()
      .flatMap(({ members }) => [...members.personOf])
  );
  return { roster: rosterOf(sorted, head.members, head.removed, ever), head, epochs, sorted, votes };
};

/** Of each device as many statements of a kind as anybody needs, the earliest: whoever states more pushes out only their own. EP15. */
const heeded = (ordered: readonly Statement[]): Statement[] => {
  const counts = new Map<string, number>();
  return ordered.filter(({ author, type }) => {
    const name = `${type} ${author}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count <= (type === 'manifest' ? deviceManifestsMax : deviceStatementsMax);
  });
};

/** The roster of the epoch that a circle is in. */
export const reduceRoster = (statements: readonly Statement[]): Roster => reduceCircle(statements).roster;

/** EP6: the most people removed on the way, then the longest way, then the lowest id. */
const laterOf = (a: Epoch, b: Epoch): Epoch => {
  if (a.removed.size !== b.removed.size) return a.removed.size > b.removed.size ? a : b;
  if (a.depth !== b.depth) return a.depth > b.depth ? a : b;
  return a.id < b.id ? a : b;
};

/** An epoch with its ancestors, itself first. */
export const wayTo = (epoch: Epoch): Epoch[] => {
  const way: Epoch[] = [];
  for (let at: Epoch | null = epoch; at !== null; at = at.parent) way.push(at);
  return way;
};

/** Whether all that led to an epoch is known, back to the circle's beginning. */
export const isRooted = (epoch: Epoch, { epoch: founding }: Genesis): boolean => epoch.root === founding;

const growTree = (
  sorted: Sorted,
  votes: readonly Vote[],
  ordered: readonly Statement[],
  trusted: EpochId | undefined
): Map<EpochId, Epoch> => {
  const manifests = ordered.filter((each) => each.type === 'manifest');
  const byParent = Map.groupBy(manifests, ({ parent }) => parent);
  const first = rootOf(sorted, sorted.genesis.epoch, true);
  const epochs = new Map([[first.id, first]]);
  const grow = [first];
  const wayToTrusted = knownWayTo(manifests, trusted);
  const top = wayToTrusted.at(-1);
  if (top !== undefined && top.parent !== first.id) grow.push(rootOf(sorted, top.parent, false));
  const forced = new Set(wayToTrusted.map(({ id }) => id));
  for (let parent = grow.pop(); parent !== undefined; parent = grow.pop()) {
    for (const manifest of byParent.get(parent.id) ?? []) {
      if (epochs.has(manifest.id)) continue;
      const epoch = epochOf(sorted, votes, manifest, parent, manifest.id === trusted);
      epochs.set(epoch.id, epoch);
      if ((epoch.isSound && epoch.unsure.length <= unsureMax) || forced.has(epoch.id)) grow.push(epoch);
    }
  }
  return epochs;
};

/** The manifests that lead to an epoch as far as they are here, its own first. */
const knownWayTo = (manifests: readonly Manifest[], epoch: EpochId | undefined): Manifest[] => {
  const byId = new Map(manifests.map((each) => [each.id, each]));
  const way = new Set<Manifest>();
  for (let at = epoch && byId.get(epoch); at !== undefined && !way.has(at); at = byId.get(at.parent)) way.add(at);
  return [...way];
};

/** An epoch that nothing known came before. */
const rootOf = (sorted: Sorted, id: EpochId, isFounding: boolean): Epoch => {
  const nobody: Out = { removed: new Set(), dropped: new Set() };
  return {
    ...{ id, root: id, manifest: null, parent: null, depth: 0, ...nobody },
    ...{ counts: isFounding, unsure: [], isSound: isFounding },
    members: membersOf(sorted, isFounding ? null : [], nobody)
  };
};

const epochOf = (
  sorted: Sorted,
  votes: readonly Vote[],
  manifest: Manifest,
  parent: Epoch,
  isTrusted: boolean
): Epoch => {
  const removed = manifest.removed.length === 0 ? parent.removed : new Set([...parent.removed, ...manifest.removed]);
  const dropped = manifest.dropped.length === 0 ? parent.dropped : new Set([...parent.dropped, ...manifest.dropped]);
  let made: Members | undefined;
  // Made when it is asked for: of the epochs that somebody may state in great number, most are nobody's parent and no head.
  const members = (): Members => (made ??= membersOf(sorted, manifest.people, { removed, dropped }, parent.members));
  const isSound = isTrusted || (parent.isSound && isProved(sorted, votes, manifest, parent, null));
  const needsVoices = [...parent.unsure, ...(changesNobody(manifest, parent) ? [] : [{ manifest, parent }])];
  const unsure =
    isTrusted || !isSound
      ? []
      : needsVoices.filter(
          (each) => !isProved(sorted, votes, each.manifest, each.parent, voicedOn(sorted, each, members()))
        );
  return {
    ...{ id: manifest.id, root: parent.root, manifest, parent, depth: parent.depth + 1, removed, dropped },
    ...{ counts: isSound && unsure.length === 0, unsure, isSound },
    get members() {
      return members();
    }
  };
};

/** Whether a manifest removes nobody and takes no device that only others' word could bring. */
const changesNobody = ({ people, removed, dropped }: Manifest, { members }: Epoch): boolean =>
  removed.length === 0 &&
  dropped.length === 0 &&
  people.every(({ id, devices }) => devices.every((device) => isOf(members, device, id)));

/**
 * Everybody whose word is asked about what a manifest changes, seen from an epoch that follows it: whom it lists and whom it removes,
 * and whoever had been let in by then, as long as neither they nor who let them in is out since. Who is let in later has no voice in
 * what was decided, or every newcomer would take a removal back. EP5.
 */
const voicedOn = ({ additions }: Sorted, { manifest, parent }: Step, { personOf, people }: Members): Set<PersonId> => {
  const voiced = new Set([...manifest.people.map(({ id }) => id), ...manifest.removed]);
  const then = new Set(wayTo(parent).map(({ id }) => id));
  for (const { author, device, epoch } of additions) {
    const [person, by] = [personOf.get(device.id), personOf.get(author)];
    if (person === undefined || by === undefined || !then.has(epoch)) continue;
    if (people.has(person) && people.has(by)) voiced.add(person);
  }
  return voiced;
};

/**
 * EP5: whether everything that a manifest changes is proved by what others said. More statements never make it less so, but for those
 * by which somebody had already been let in. `voiced`: whose word is asked; `null` where only the rest is to be judged.
 */
const isProved = (
  sorted: Sorted,
  votes: readonly Vote[],
  manifest: Manifest,
  parent: Epoch,
  voiced: ReadonlySet<PersonId> | null
): boolean => {
  const { people, removed, dropped, author } = manifest;
  const before = parent.members;
  const stays = new Set(people.map(({ id }) => id));
  const listed = new Map(people.flatMap(({ id, devices }) => devices.map((device) => [device, id] as const)));
  if (!before.personOf.has(author) || !listed.has(author)) return false;
  if (removed.some((person) => stays.has(person))) return false;
  if (voiced !== null && removed.some((person) => !isRemoved(votes, before, voiced, person))) return false;
  const isVouched = (device: DeviceId, person: PersonId): boolean =>
    voiced === null
      ? sorted.rebinds.some((rebind) => rebind.device.id === device && rebind.person === person)
      : isMajority(vouchersOf(sorted, before, voiced, device, person), othersOf(voiced, person));
  const isRevoked = (device: DeviceId): boolean =>
    isRevokedOnTheWay(sorted, votes, parent, device) ||
    hasVouchedOne(device, before.personOf.get(device), people, isVouched);
  if (dropped.some((device) => listed.has(device) || !isRevoked(device))) return false;
  const isKnown = (person: PersonId): boolean => before.people.has(person) || before.left.has(person);
  const isThere = (device: DeviceId, person: PersonId): boolean =>
    isOf(before, device, person) || (isKnown(person) && isVouched(device, person));
  if (![...listed].every(([device, person]) => isThere(device, person))) return false;
  if (!people.every(({ id, devices }) => devices.length > 0 || isKnown(id))) return false;
  const expected = parent.manifest?.people ?? [{ id: sorted.genesis.person, devices: [sorted.genesis.device.id] }];
  return expected.every(({ id, devices }) => {
    if (removed.includes(id) || before.left.has(id)) return true;
    return stays.has(id) && devices.every((device) => listed.has(device) || dropped.includes(device));
  });
};

/** Whether enough of the others want a person out. */
export const isRemoved = (
  votes: readonly Vote[],
  members: Members,
  voiced: ReadonlySet<PersonId>,
  person: PersonId
): boolean => {
  const others = othersOf(voiced, person);
  if (others.size < removersMin || !voiced.has(person)) return false;
  return isMajority(votersOn(votes, members, others, person), others);
};

/** The people among `others` who want a person out. */
export const votersOn = (
  votes: readonly Vote[],
  { claims }: Members,
  others: ReadonlySet<PersonId>,
  person: PersonId
): Set<PersonId> =>
  new Set(
    votes.flatMap(({ on, author }) => {
      const by = 'person' in on && on.person === person ? claims.get(author) : undefined;
      return [...(by ?? [])].filter((each) => others.has(each));
    })
  );

/** The people among those with a voice who vouch that a device is a person's. */
export const vouchersOf = (
  { rebinds }: Sorted,
  { claims }: Members,
  voiced: ReadonlySet<PersonId>,
  device: DeviceId,
  person: PersonId
): Set<PersonId> =>
  new Set(
    rebinds.flatMap((rebind) => {
      if (rebind.device.id !== device || rebind.person !== person) return [];
      return [...(claims.get(rebind.author) ?? [])].filter((by) => by !== person && voiced.has(by));
    })
  );

/**
 * EP7: another device of the same person said so, and there was an epoch on the way in which both were in. So whoever took a lost
 * phone off is not taken off by it in turn with a device that came later; one that was there at the time can be, and then both are out.
 */
export const isRevokedOnTheWay = (
  { additions, genesis }: Sorted,
  votes: readonly Vote[],
  epoch: Epoch,
  device: DeviceId
): boolean => {
  const authors = votes.flatMap(({ on, author }) => ('device' in on && on.device === device ? [author] : []));
  if (authors.length === 0) return false;
  const way = wayTo(epoch);
  const depths = new Map(way.map(({ id, depth }) => [id, depth]));
  const introduced = additions.filter(({ device: { id } }) => id === device);
  const since = Math.min(
    ...introduced.map((each) => depths.get(each.epoch) ?? 0),
    genesis.device.id === device ? 0 : Infinity
  );
  return way.some(({ depth, manifest, members }) => {
    const isListed = manifest?.people.some(({ devices }) => devices.includes(device)) === true;
    if (!isListed && depth < since) return false;
    const of = [...(members.claims.get(device) ?? [])];
    return authors.some((author) => author !== device && of.some((person) => isOf(members, author, person)));
  });
};

const hasVouchedOne = (
  device: DeviceId,
  person: PersonId | undefined,
  people: Manifest['people'],
  isVouched: (device: DeviceId, person: PersonId) => boolean
): boolean =>
  person !== undefined &&
  people.some(({ id, devices }) => id === person && devices.some((each) => each !== device && isVouched(each, person)));
