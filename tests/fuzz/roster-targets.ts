/**
 * The circle as any set of statements makes it: who is in, in which epoch, what is due.
 */
import type { Bytes } from '../../src/lib/base/bytes.ts';
import {
  bytesToId,
  type DeviceId,
  type EpochId,
  type InviteId,
  type PersonId,
  type RecordHash
} from '../../src/lib/base/ids.ts';
import { carriedBy } from '../../src/lib/circle/carrying.ts';
import { dueChanges, isDue, planManifest } from '../../src/lib/circle/due.ts';
import { reduceCircle, type CircleState } from '../../src/lib/circle/epochs.ts';
import type { ManifestTerms } from '../../src/lib/circle/manifest.ts';
import { chainTo, currentPeople, isIn, mayInvite } from '../../src/lib/circle/roster.ts';
import type { Statement } from '../../src/lib/circle/statements.ts';
import { Chance, hashOf } from './chance.ts';
import * as scene from './scene.ts';
import { must, scriptTarget, type Outcome, type Target } from './target.ts';

/** Statements that nobody would make: anybody's word on anybody, in any epoch, at any time, without a beginning. */
const madeUp = (chance: Chance): Statement[] =>
  Array.from({ length: chance.below(30) }, (): Statement => {
    if (chance.oneIn(4)) return chance.pick(scene.statements);
    const [author, device, other] = [deviceOf(chance), deviceOf(chance), deviceOf(chance)];
    const time = { ms: chance.pick([0, 1, 2, Number.MAX_SAFE_INTEGER]), count: chance.below(2) };
    const stated = { author, hash: bytesToId<RecordHash>(chance.bytes(32)), time, epoch: epochOf(chance) };
    const keysOf = { sign: new Uint8Array(32), agree: new Uint8Array(32) };
    const person = (chance.oneIn(8) ? other : device) as string as PersonId;
    const invite = bytesToId<InviteId>(new Uint8Array(16).fill(chance.below(3)));
    const introduced = { ...stated, invite, device: { id: device, keys: keysOf } };
    const personName = `${chance.below(3)}`;
    switch (chance.below(9)) {
      case 0:
        return { ...stated, type: 'leave', words: chance.pick(['stay', 'go']) };
      case 1:
        return { ...introduced, person, personName, type: 'genesis', circleName: `${chance.below(3)}` };
      case 2:
        return { ...introduced, type: 'add-device', label: '' };
      case 3:
        return { ...introduced, person, type: 'rebind' };
      case 4:
        return { ...stated, type: 'vote', on: chance.oneIn(2) ? { person } : { device } };
      case 5:
        return { ...stated, ...termsOf(chance), type: 'manifest', id: epochOf(chance) };
      default:
        return { ...introduced, person, personName, type: 'add-person' };
    }
  });

const termsOf = (chance: Chance): ManifestTerms => ({
  parent: epochOf(chance),
  why: chance.pick(['changed', 'fresh', 'tidied']),
  commit: new Uint8Array(16),
  people: Array.from({ length: chance.below(5) }, () => ({
    id: personOf(chance),
    devices: [deviceOf(chance), deviceOf(chance)].slice(chance.below(3))
  })),
  removed: [personOf(chance)].slice(chance.below(2)),
  dropped: [deviceOf(chance)].slice(chance.below(2))
});

const deviceIds = [
  ...scene.state.roster.devicesById.keys(),
  ...[1, 2, 3].map((n) => bytesToId<DeviceId>(new Uint8Array(16).fill(n)))
];
const epochIds = [
  ...scene.state.epochs.keys(),
  ...[1, 2, 3].map((n) => bytesToId<EpochId>(new Uint8Array(16).fill(n)))
];
const deviceOf = (chance: Chance): DeviceId => chance.pick(deviceIds);
const personOf = (chance: Chance): PersonId => deviceOf(chance) as string as PersonId;
const epochOf = (chance: Chance): EpochId => chance.pick(epochIds);

const feedRoster = (script: Bytes): Outcome => {
  const chance = new Chance(hashOf(script));
  const said = madeUp(chance);
  const trusted = chance.oneIn(3) ? epochOf(chance) : undefined;
  const state = reduceCircle(said, trusted);
  const again = reduceCircle([...chance.shuffled(said), ...chance.shuffled(said)], trusted);
  must(seen(state) === seen(again), 'any order of arrival, and any repetition, makes the same circle');
  const { roster, head } = state;
  must(
    currentPeople(roster).length <= roster.people.length && typeof mayInvite(roster) === 'boolean',
    'who left is not in'
  );
  const isCarried = carriedBy(state);
  for (const device of deviceIds) {
    must(!isIn(roster, device) || head?.members.personOf.has(device), 'who is in is in the epoch');
    isCarried(device, epochOf(chance));
    const plan = planManifest(state, device, 'changed');
    must(
      plan === undefined || plan.people.some(({ devices }) => devices.includes(device)),
      'nobody plans themselves out'
    );
  }
  for (const device of roster.devicesById.keys()) must(chainTo(device, said).size > 0, 'who is in has come in somehow');
  isDue(dueChanges(state));
  return roster.people.length === 0 ? 'refused' : 'taken';
};

const seen = ({ roster: { circleName, people, devicesById, usedInvites }, head, epochs }: CircleState): string =>
  JSON.stringify([
    circleName,
    people,
    [...devicesById],
    [...usedInvites],
    head?.id,
    [...epochs].map(([id, { counts }]) => [id, counts])
  ]);

export const rosterTargets: readonly Target[] = [scriptTarget('roster', 40, feedRoster)];
