/**
 * Epochs that a traitor begins beside the others' own: with everybody in them, or with somebody left out, let in or dropped without
 * proof; and seals that hand out nothing, or not the secret that was committed to.
 */
import { idToBytes, type DeviceId, type EpochId, type PersonId } from '../../../src/lib/base/ids.ts';
import type { Epoch } from '../../../src/lib/circle/epochs.ts';
import {
  epochIdOf,
  manifestSlot,
  manifestToBody,
  type ListedPerson,
  type ManifestTerms
} from '../../../src/lib/circle/manifest.ts';
import { devicesOf } from '../../../src/lib/circle/members.ts';
import { sealEpoch, sealsSlot } from '../../../src/lib/circle/seals.ts';
import { commitmentOf, deriveEpochKeys } from '../../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import type { Foothold, Place } from './foothold.ts';
import { addPuppet } from './puppets.ts';

/** A child of some epoch, or a chain of them, in which everybody is who was, and it itself. */
export const rivalEpoch = async (
  foothold: Foothold,
  length: number,
  why: ManifestTerms['why'] = 'tidied'
): Promise<void> => {
  let place = foothold.place;
  for (let i = 0; i < length; i++) {
    const epoch = foothold.state().epochs.get(place.keys.epoch);
    if (epoch === undefined) return;
    const next = await makeEpoch(foothold, place, {
      parent: epoch.id,
      why,
      people: listOf(epoch),
      removed: [],
      dropped: []
    });
    if (next === undefined) return;
    place = next;
  }
};

/** Seals of the newest epoch that hand out another secret than the one that was committed to, to some. */
export const twoSecrets = async (foothold: Foothold): Promise<void> => {
  const { random } = foothold.deps;
  const { circle } = foothold.keyring;
  const place = foothold.place;
  if (foothold.began(place)) return;
  const { roster } = foothold.state();
  const agree = [...roster.devicesById.values()].map(({ keys }) => keys.agree);
  for (let ver = 1; ver < 3; ver++) {
    const seals = await sealEpoch(circle, { epoch: place.keys.epoch, secret: random.bytes(32) }, agree, random);
    await foothold.say({ kind: kinds.seals, slot: sealsSlot(place.keys.epoch), ver: foothold.nextSeq(), body: seals });
  }
};

/** Seals of some epoch that nobody can open. */
export const garbageSeals = async (foothold: Foothold): Promise<void> => {
  const { random } = foothold.deps;
  const seals = Array.from({ length: random.whole(1, 100) }, () => random.bytes(80));
  const place = foothold.place;
  if (foothold.began(place)) return;
  const { epoch } = place.keys;
  await foothold.say({
    kind: kinds.seals,
    slot: sealsSlot(epoch),
    ver: foothold.nextSeq(),
    body: { epoch: idToBytes(epoch), seals }
  });
};

/** A manifest that leaves somebody out, or lets somebody in, without any proof. */
export const unprovedEpoch = async (foothold: Foothold, how: 'omits' | 'removes' | 'drops' | 'adds'): Promise<void> => {
  const place = foothold.place;
  const epoch = foothold.state().epochs.get(place.keys.epoch);
  const victim = foothold.anybody();
  if (epoch === undefined || victim === undefined) return;
  const people = listOf(epoch).filter(({ id }) => id !== victim);
  const devices = devicesOf(epoch.members, victim);
  const terms = {
    parent: epoch.id,
    why: 'changed' as const,
    people,
    removed: [] as PersonId[],
    dropped: [] as DeviceId[]
  };
  if (how === 'removes') terms.removed.push(victim);
  if (how === 'drops') {
    terms.dropped.push(...devices.slice(0, 1));
    terms.people.push({ id: victim, devices: devices.slice(1) });
  }
  if (how === 'adds') {
    const [puppet] = foothold.puppets.length === 0 ? [await addPuppet(foothold)] : foothold.puppets;
    if (puppet !== undefined) terms.people.push({ id: victim, devices: [...devices, puppet.id] });
  }
  await makeEpoch(foothold, place, terms);
};

/**
 * An epoch with everybody in it, whose keys it hands to this share of the others, or nobody; what comes of it hands them to all.
 * `isChain`: after the one that it began last; else after one of somebody else's.
 */
export const keptKeys = async (
  foothold: Foothold,
  share: number,
  isChain = false
): Promise<(() => Promise<void>) | undefined> => {
  const place = isChain ? foothold.newest : foothold.place;
  const epoch = foothold.state().epochs.get(place.keys.epoch);
  if (epoch === undefined || (foothold.began(place) && !isChain)) return undefined;
  const terms = { parent: epoch.id, why: 'tidied' as const, people: listOf(epoch), removed: [], dropped: [] };
  const made = await makeEpoch(foothold, place, terms, () => foothold.random.chance(share));
  if (made?.secret === undefined) return undefined;
  const { keys, secret } = made;
  return async () => {
    const body = await sealsOf(foothold, { epoch: keys.epoch, secret }, () => true);
    await foothold.say(
      { kind: kinds.seals, slot: sealsSlot(keys.epoch), ver: foothold.nextSeq(), body },
      foothold.keyring.device,
      place
    );
  };
};

const makeEpoch = async (
  foothold: Foothold,
  place: Place,
  terms: Omit<ManifestTerms, 'commit'>,
  hands: () => boolean = () => true
): Promise<Place | undefined> => {
  const { random } = foothold.deps;
  const { circle, device, slot } = foothold.keyring;
  const secret = random.bytes(32);
  const body = manifestToBody({ ...terms, commit: await commitmentOf(secret) }, random.bytes(16));
  const epoch = await epochIdOf(circle, device.id, body);
  const seals = await sealsOf(foothold, { epoch, secret }, hands);
  await foothold.say({ kind: kinds.manifest, slot: manifestSlot(epoch), ver: 1, body }, device, place);
  await foothold.say({ kind: kinds.seals, slot: sealsSlot(epoch), ver: 1, body: seals }, device, place);
  await foothold.sitIn(await deriveEpochKeys(circle, epoch, secret, slot), secret);
  return foothold.places.get(epoch);
};

/** The keys of an epoch for those that it `hands` them to. */
const sealsOf = (
  foothold: Foothold,
  keys: { readonly epoch: EpochId; readonly secret: Bytes },
  hands: () => boolean
): Promise<Record<string, unknown>> => {
  const devices = [...foothold.state().roster.devicesById.values()].filter(({ out }) => out !== true);
  const agree = devices.filter(hands).map((each) => each.keys.agree);
  return sealEpoch(foothold.keyring.circle, keys, agree, foothold.deps.random);
};

const listOf = ({ members }: Epoch): ListedPerson[] =>
  [...members.people].map((id) => ({ id, devices: devicesOf(members, id) }));
