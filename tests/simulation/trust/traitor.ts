/**
 * Somebody with a device's keys who means harm: a member who turned, a member who was voted out, a thief with a lost phone.
 *
 * Everything it does is one of `tricks`, done wherever its foothold reaches.
 */
import type * as Y from 'yjs';
import { bytesToBase64Url } from '../../../src/lib/base/bytes.ts';
import { dayMs, hourMs } from '../../../src/lib/base/clock.ts';
import { idToBytes, type MapKey, type PersonId } from '../../../src/lib/base/ids.ts';
import { generationSlot } from '../../../src/lib/circle/generation.ts';
import { ackSlot, ledgerSlot, voteSlot } from '../../../src/lib/circle/slots.ts';
import type { DeviceIdentity } from '../../../src/lib/crypto/device.ts';
import { noticeKeys } from '../../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { sealAgain, type OpenedRecord } from '../../../src/lib/records/opened-record.ts';
import type { LocalCircle } from '../../../src/lib/store/circles.ts';
import { Foothold, type FootholdDependencies } from './foothold.ts';
import { addPuppet, puppetVotes, rebindToSelf, revokeOthers } from './puppets.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { isPlayed } from './unmet.ts';
import { garbageSeals, keptKeys, rivalEpoch, twoSecrets, unprovedEpoch } from './rival-epochs.ts';

export class Traitor {
  readonly #foothold: Foothold;
  readonly #withheld: (() => Promise<unknown>)[] = [];
  /** Drawn apart, so that runs that were pinned before there were later tricks stay as they were. */
  readonly #laterRandom: SeededRandom;
  readonly #isOld: boolean;

  /** `isOld`: it knows the first tricks only. */
  constructor(name: string, circle: LocalCircle, deps: FootholdDependencies, isOld: boolean) {
    this.#foothold = new Foothold(name, circle, deps);
    this.#laterRandom = deps.random.fork('later tricks');
    this.#isOld = isOld;
  }

  get name(): string {
    return this.#foothold.name;
  }

  /** Sits down wherever its keys lead. */
  enter(): Promise<void> {
    return this.#foothold.enter();
  }

  leave(): void {
    this.#foothold.leave();
  }

  /** Does one harmful thing and says which. */
  async act(): Promise<string> {
    await this.#foothold.listen();
    const [name, trick] = (
      this.#isOld || this.#laterRandom.chance(playedCount > 1 ? 0.5 : 0.95)
        ? this.#foothold.random.pick(Object.entries(tricks))
        : this.#laterRandom.pick(Object.entries(laterTricks).filter(([name]) => isPlayed(name)))
    ) as [string, Trick];
    await trick(this.#foothold, (show) => this.#withheld.push(show));
    return name;
  }

  /** Shows everything that it kept to itself until now. */
  async showWithheld(): Promise<void> {
    await this.#foothold.listen();
    for (const show of this.#withheld.splice(0)) await show();
  }
}

/** `withhold` keeps something to be shown later. */
type Trick = (foothold: Foothold, withhold: (show: () => Promise<unknown>) => void) => Promise<unknown>;

/** A vote of a device, to be shown at once or later. */
const voteOf = (foothold: Foothold, by: DeviceIdentity): (() => Promise<void>) => {
  const { place } = foothold;
  const target = foothold.anybody();
  return async () => {
    if (target === undefined) return;
    const person = foothold.state().roster.devicesById.get(by.id)?.person;
    if (person !== undefined) foothold.deps.onVote(target, person);
    await foothold.say(
      { kind: kinds.vote, slot: voteSlot(target), ver: 1, body: { person: idToBytes(target) } },
      by,
      place
    );
  };
};

/** That the circle goes on in the room of today, or of a day to come. */
const stateGeneration = (foothold: Foothold, aheadMs: number): Promise<void> => {
  const { place } = foothold;
  const time = { ms: foothold.deps.network.time.nowMs + aheadMs, count: 0 };
  const slot = generationSlot(place.keys.epoch);
  const claims = { kind: kinds.generation, slot, ver: foothold.nextSeq(), body: {}, time };
  return foothold.say(claims, foothold.keyring.device, place);
};

const vote = (foothold: Foothold): Promise<void> => voteOf(foothold, foothold.keyring.device)();

/** Votes in the names of all, signed by itself: the one in its own name is a vote. */
const forgeVotes = async (foothold: Foothold): Promise<void> => {
  const target = foothold.anybody();
  if (target === undefined) return;
  const { device: own } = foothold.keyring;
  const person = foothold.state().roster.devicesById.get(own.id)?.person;
  if (person !== undefined) foothold.deps.onVote(target, person);
  for (const device of foothold.state().roster.devicesById.keys())
    await foothold.say({
      device,
      kind: kinds.vote,
      slot: voteSlot(target),
      ver: 1,
      body: { person: idToBytes(target) }
    });
};

/** Everything it ever opened, said again everywhere. */
const replay = async (foothold: Foothold): Promise<void> => {
  for (const record of foothold.random.chance(0.5)
    ? foothold.opened.values()
    : [...foothold.opened.values()].slice(0, 20)) {
    const place = foothold.place;
    const keys = foothold.random.chance(0.5) ? place.keys : noticeKeys(place.keys.lighthouse);
    await foothold.publish(record.key, await sealAgain(keys, record, foothold.random), place);
  }
};

/** Puts back the first version of what was corrected or taken back. */
const resurrect = async (foothold: Foothold): Promise<void> => {
  const firsts = new Map<MapKey, OpenedRecord>();
  for (const record of foothold.opened.values()) {
    const first = firsts.get(record.key);
    if (first === undefined || record.payload.ver < first.payload.ver) firsts.set(record.key, record);
  }
  for (const record of firsts.values()) {
    const place = foothold.place;
    await foothold.publish(record.key, await sealAgain(place.keys, record, foothold.random), place);
  }
};

const flood = async (foothold: Foothold): Promise<void> => {
  for (let i = 0; i < 6; i++) {
    const id = bytesToBase64Url(foothold.random.bytes(16)) as PersonId;
    await foothold.say({ kind: kinds.vote, slot: voteSlot(id), ver: 1, body: { person: idToBytes(id) } });
  }
  for (let i = 0; i < 2; i++) await unprovedEpoch(foothold, 'omits');
};

const wipe = (doc: Y.Doc): void => {
  const map = doc.getMap('envelopes');
  doc.transact(() => [...map.keys()].forEach((key) => map.delete(key)));
};

/** By name, as the story tells them. */
const tricks: Readonly<Record<string, Trick>> = {
  vote,
  forgedVotes: forgeVotes,
  backdatedPuppet: addPuppet,
  puppetVotes,
  withheldVote: async (foothold, withhold) => withhold(voteOf(foothold, foothold.keyring.device)),
  replay,
  resurrect,
  rivalEpoch: (foothold) => rivalEpoch(foothold, 1),
  rivalChain: (foothold) => rivalEpoch(foothold, 3),
  freshRival: (foothold) => rivalEpoch(foothold, 1, 'fresh'),
  twoChildren: async (foothold) => {
    await rivalEpoch(foothold, 1);
    await rivalEpoch(foothold, 1);
  },
  twoSecrets,
  garbageSeals,
  omits: (foothold) => unprovedEpoch(foothold, 'omits'),
  removesUnproved: (foothold) => unprovedEpoch(foothold, 'removes'),
  dropsUnproved: (foothold) => unprovedEpoch(foothold, 'drops'),
  addsUnproved: (foothold) => unprovedEpoch(foothold, 'adds'),
  wipe: async (foothold) => foothold.places.forEach(({ doc }) => wipe(doc)),
  flood,
  rebindToSelf,
  revokeOthers,
  lyingLedger: (foothold) =>
    foothold.say({
      kind: kinds.ledger,
      slot: ledgerSlot,
      seq: 0,
      ver: foothold.nextSeq(),
      body: { ranges: [[1, 9]], hash: foothold.random.bytes(32) }
    }),
  lyingAck: (foothold) =>
    foothold.say({
      kind: kinds.ack,
      slot: ackSlot,
      seq: 0,
      ver: foothold.nextSeq(),
      body: { acks: [[foothold.random.bytes(16), 9_000_000]] }
    }),
  lie: (foothold) => foothold.say({ slot: `lie/${foothold.nextSeq()}` }),
  backdatedLie: (foothold) =>
    foothold.say({
      slot: `lie/${foothold.nextSeq()}`,
      time: { ms: foothold.deps.network.time.nowMs - 30 * dayMs, count: 0 }
    })
};

/** What was thought of later. */
const laterTricks: Readonly<Record<string, Trick>> = {
  keepsKeys: (foothold) => keptKeys(foothold, 0),
  keepsKeysFromSome: (foothold) => keptKeys(foothold, 0.5),
  keepsKeysForLater: async (foothold, withhold) => {
    const handOut = await keptKeys(foothold, 0);
    if (handOut !== undefined) withhold(handOut);
  },
  keepsKeysOfChain: async (foothold) => {
    await keptKeys(foothold, 0);
    await keptKeys(foothold, 0, true);
  },
  statesGeneration: (foothold) => stateGeneration(foothold, 0),
  statesGenerationAhead: (foothold) => stateGeneration(foothold, foothold.random.whole(10, 100) * hourMs),
  aheadVote: async (foothold) => {
    const target = foothold.anybody();
    const by = foothold.keyring.device;
    const person = foothold.state().roster.devicesById.get(by.id)?.person;
    if (target === undefined || person === undefined) return;
    foothold.deps.onVote(target, person);
    const time = { ms: foothold.deps.network.time.nowMs + 2 * dayMs, count: 0 };
    await foothold.say({ kind: kinds.vote, slot: voteSlot(target), ver: 1, body: { person: idToBytes(target) }, time });
  }
};

const playedCount = Object.keys(laterTricks).filter(isPlayed).length;
