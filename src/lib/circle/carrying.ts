/**
 * What goes from friend to friend in the epoch a circle is in (docs/protocol.md EP9): what friends who are in have said, as long as
 * nobody who is in now was out when it was said. All else stays on the disks where it is.
 */
import type { DeviceId, EpochId, RecordHash } from '../base/ids.ts';
import { isStatementKind } from '../records/kinds.ts';
import { wayTo, type CircleState, type Epoch } from './epochs.ts';

/** `unknown`: the epoch it was said in is not known here yet. */
export type Carried = 'yes' | 'no' | 'unknown';

/** Whether what a device said in an epoch is carried now. Statements are always; this is for everything else. */
export const carriedBy = (state: CircleState): ((device: DeviceId, said: EpochId) => Carried) => {
  const { head, epochs, roster } = state;
  const known = new Map<EpochId, Carried>();
  let promises: readonly ReadonlySet<Epoch>[] | undefined;
  const ofEpoch = (said: EpochId): Carried => {
    const epoch = epochs.get(said);
    if (epoch === undefined || head === undefined) return 'unknown';
    promises ??= promisesAside(state, head);
    return isOpenTo(head, epoch) && !promises.some((before) => before.has(epoch)) ? 'yes' : 'no';
  };
  return (device, said) => {
    const of = roster.devicesById.get(device);
    if (of === undefined) return 'unknown';
    const person = head?.members.personOf.get(device);
    if (person === undefined || head?.members.left.get(person) === 'go') return 'no';
    const carried = known.get(said) ?? ofEpoch(said);
    known.set(said, carried);
    return carried;
  };
};

/**
 * The same, of what is at rest: a row names the epoch it was said in, unless that is the founding one. Statements are carried always,
 * but for those that nobody is let in by any more (EP14): who heard of the author's going first refuses them, so whoever held them before
 * keeps them to themselves.
 */
export const carriedRows = (state: CircleState, founding: EpochId): ((row: CarriedRow) => boolean) => {
  const carried = carriedBy(state);
  const idle = idleIntroductions(state);
  return ({ kind, device, epoch, hash }) =>
    isStatementKind(kind) ? hash === undefined || !idle.has(hash) : carried(device, epoch ?? founding) === 'yes';
};

export interface CarriedRow {
  readonly kind: number;
  readonly device: DeviceId;
  readonly hash?: RecordHash;
  readonly epoch?: EpochId;
}

/** By whom nobody came in: introductions by devices that are out, of devices that no manifest on the circle's way lists. */
const idleIntroductions = ({ head, roster, sorted }: CircleState): ReadonlySet<RecordHash> => {
  if (head === undefined || sorted === undefined) return new Set();
  const listed = new Set(
    wayTo(head).flatMap(({ manifest }) => manifest?.people.flatMap(({ devices }) => devices) ?? [])
  );
  const idle = [...sorted.additions, ...sorted.rebinds].filter(
    ({ author, device }) => roster.devicesById.get(author)?.out === true && !listed.has(device.id)
  );
  return new Set(idle.map(({ hash }) => hash));
};

/** Nobody was out then who is in now, and no newcomer came in since who was to read nothing from before. */
const isOpenTo = (head: Epoch, said: Epoch): boolean => {
  if (![...said.removed].every((person) => head.removed.has(person))) return false;
  if (![...said.dropped].every((device) => head.dropped.has(device))) return false;
  const then = new Set(wayTo(said));
  return wayTo(head).every((epoch) => epoch.manifest?.why !== 'fresh' || then.has(epoch));
};

/**
 * What was promised to newcomers who came in by an epoch that the circle then went past: the epochs before each of those, of which they
 * were to read nothing.
 */
const promisesAside = ({ epochs, sorted }: CircleState, { members }: Epoch): ReadonlySet<Epoch>[] => {
  const came = new Set<Epoch>();
  for (const { epoch, device } of sorted?.additions ?? []) {
    const at = epochs.get(epoch);
    if (at?.counts === true && members.personOf.has(device.id)) wayTo(at).forEach((each) => came.add(each));
  }
  return [...came].flatMap(({ manifest, parent }) =>
    manifest?.why === 'fresh' && parent !== null ? [new Set(wayTo(parent))] : []
  );
};
