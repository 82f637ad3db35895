/**
 * Friends with the app's real engines on disks of their own, in one process and in virtual time: for watching a circle go from one
 * generation to the next.
 */
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import * as Y from 'yjs';
import { hourMs, minuteMs } from '../../../src/lib/base/clock.ts';
import { assert } from '../../../src/lib/base/assert.ts';
import type { DeviceId, MapKey } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { LocalCircle } from '../../../src/lib/store/circles.ts';
import { stateGeneration } from '../../../src/lib/store/generations.ts';
import { Device } from '../../simulation/device.ts';
import { SimulatedNetwork } from '../../simulation/network.ts';
import { SeededRandom } from '../../simulation/seeded-random.ts';
import { watchFailures, type FailureWatch } from '../../simulation/failures.ts';
import { countWork, settled } from '../../simulation/settling.ts';
import { Member } from '../../simulation/trust/member.ts';
import { VirtualTime } from '../../simulation/virtual-time.ts';
import { checkInBody } from '../circle/friends.ts';

/** Names databases: never used twice, since live queries listen by name. */
let scenesCount = 0;

/** What has to stand around the scenes of a test file. Begins one, which ends with its test, and in which nothing may fail unseen. */
export const watchScenes = (): ((hasPost?: boolean) => GenerationScene) => {
  let stopCounting: () => void;
  let failures: FailureWatch;
  let scene: GenerationScene | undefined;
  beforeAll(() => {
    stopCounting = countWork();
    failures = watchFailures();
    vi.spyOn(console, 'debug').mockReturnValue();
  });
  afterEach(async () => {
    await scene?.end();
    expect(failures.take()).toEqual([]);
  });
  afterAll(() => {
    failures.stop();
    stopCounting();
    vi.restoreAllMocks();
  });
  return (hasPost = false) => (scene = new GenerationScene(hasPost));
};

export class GenerationScene {
  readonly time = new VirtualTime();
  readonly network: SimulatedNetwork;
  readonly members: Member[] = [];
  readonly #random = new SeededRandom('generations');
  readonly #name = `generations ${++scenesCount}`;
  #candidates = 0;

  constructor(hasPost = false) {
    this.network = new SimulatedNetwork(this.time, this.#random.fork('network'), hasPost);
  }

  /** Friends with one device each, all in one circle, awake. */
  async meet<const Names extends readonly string[]>(...names: Names): Promise<{ [Place in keyof Names]: Member }> {
    const [founder] = this.members;
    for (const name of names) {
      const random = this.#random.fork(`${name} ${++this.#candidates}`);
      const member = new Member(new Device(name, this.#name, 0, this.network, random.fork('device')), random);
      await member.device.wake();
      const host = founder ?? this.members[0];
      if (host === undefined) await member.startCircle();
      else {
        const candidate = await member.makeCandidate(host);
        await host.admit(candidate);
        await member.enterWith(host, candidate);
      }
      this.members.push(member);
    }
    await this.pass(2 * minuteMs);
    return this.members.slice(-names.length) as { [Place in keyof Names]: Member };
  }

  /** Passes time, and lets everybody finish what falls due before the next moment comes. */
  async pass(forMs: number): Promise<void> {
    const untilMs = this.time.nowMs + forMs;
    await settled();
    while (this.time.step(untilMs)) await settled();
  }

  /** Long enough for a generation that was stated to be everybody's, and its document to be filled. */
  async passMove(): Promise<void> {
    await this.pass(5 * minuteMs);
  }

  async end(): Promise<void> {
    for (const { device } of this.members) if (device.isAwake) await device.sleep();
    await settled();
  }

  /** What a member's document of a generation of the current epoch holds, where they are in that room. */
  async entriesOf(member: Member, generation?: number): Promise<ReadonlyMap<string, unknown>> {
    const { keyring } = await circleOf(member);
    const topic = await roomTopic(keyring.current.lighthouse, generation ?? keyring.generation);
    return this.network.rooms.entriesOf(member.name, topic);
  }

  /** Somebody comes into the room of a generation with a member's keys, writes what they like, and goes. */
  async meddle(member: Member, generation: number, write: (map: Y.Map<unknown>) => void): Promise<void> {
    const { keyring } = await circleOf(member);
    const topic = await roomTopic(keyring.current.lighthouse, generation);
    const doc = new Y.Doc();
    const seat = { owner: 'nobody', device: keyring.device.id, topic, doc };
    const leave = this.network.rooms.enter({ ...seat, onPeers: () => undefined, onSynced: () => undefined });
    await this.pass(minuteMs);
    doc.transact(() => write(doc.getMap('envelopes')));
    await this.pass(minuteMs);
    leave();
  }

  /** Somebody writes two entries of the circle's document over and over; in the end what stood there stands there again. */
  async burden(member: Member, times: number): Promise<void> {
    await this.meddle(member, await generationOf(member), (map) => {
      const some = [...map.entries()].slice(0, 2);
      assert(some.length === 2, 'something stands there');
      // In turns: one entry overwritten again and again at once leaves next to nothing behind.
      for (let i = 0; i < times / 2; i++) some.forEach(([key]) => map.set(key, Uint8Array.of(i % 256)));
      some.forEach(([key, envelope]) => map.set(key, envelope));
    });
  }

  /** An hour later everybody finds everybody again: replicas are put right, and weighed. */
  async weighAgain(): Promise<void> {
    await this.pass(hourMs + minuteMs);
    this.network.rooms.breakAll();
    await this.pass(minuteMs);
  }
}

export const circleOf = async ({ device }: Member): Promise<LocalCircle> => {
  const circle = await device.circle();
  assert(circle !== undefined, 'whoever came in is in it');
  return circle;
};

export const generationOf = async (member: Member): Promise<number> => (await circleOf(member)).keyring.generation;

export const generationsOf = (members: readonly Member[]): Promise<number[]> => Promise.all(members.map(generationOf));

/** States the generation of today, whatever the document weighs. */
export const state = async (member: Member): Promise<boolean> =>
  stateGeneration(member.device.life, await circleOf(member), { isHeavy: true });

/** Says something that stays, and tells where it stands. */
export const sayKept = async (member: Member, slot: string): Promise<MapKey> => {
  const saying = { kind: kinds.checkIn, slot, body: checkInBody(slot), expMs: null };
  return unwrap(await member.device.life.author.say(await circleOf(member), saying)).key;
};

/** Whether something that somebody said is on this member's disk. */
export const holds = async (member: Member, key: MapKey): Promise<boolean> => {
  const { n } = await circleOf(member);
  return (await member.device.life.database.envelopes.get([n, key])) !== undefined;
};

/** Who has this device in their room now. */
export const seenBy = async (member: Member): Promise<readonly DeviceId[]> => {
  const { n } = await circleOf(member);
  return (await member.device.life.database.presence.get(n))?.devices ?? [];
};

/** The names of the replicas on a disk that sleeps, and how many updates are kept of each. */
export const replicasOn = async ({ device }: Member): Promise<ReadonlyMap<string, number>> => {
  const database = await done(device.factory.open(`${device.databaseName}/replicas`));
  const rows = (await done(database.transaction('replicas').objectStore('replicas').getAllKeys())) as string[];
  const store = '$replicas.doc_updates';
  const updates = (await done(database.transaction(store).objectStore(store).getAll())) as { readonly k?: string }[];
  database.close();
  // Ten seconds after it was opened, y-dexie notes in a row of its own, which is no replica's, how far it has compressed.
  const updated = updates.flatMap(({ k }) => k ?? []);
  const names = new Set([...rows, ...updated]);
  return new Map([...names].map((name) => [name, updated.filter((k) => k === name).length]));
};

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('a request fails with its error'));
  });
