/**
 * One run about who is in: people with several devices vote, leave, lose phones, come in and go, while networks, clocks and members
 * are as bad as they can be; and then everybody who is in reaches everybody.
 *
 * A run is short, so that many fit. What a seed decides is as in the board's world.
 */
import { assert } from '../../../src/lib/base/assert.ts';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToBase64Url } from '../../../src/lib/base/bytes.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../src/lib/base/clock.ts';
import type { DeviceId, PersonId } from '../../../src/lib/base/ids.ts';
import { Device } from '../device.ts';
import { SimulatedNetwork } from '../network.ts';
import { SeededRandom } from '../seeded-random.ts';
import { fewTurns, settled } from '../settling.ts';
import { VirtualTime } from '../virtual-time.ts';
import { Member } from './member.ts';
import { brokenTrust } from './trust-promises.ts';

/** Somebody with their devices. */
export interface Person {
  readonly name: string;
  readonly id: PersonId;
  /** Those that are honestly theirs, the first among them, lost ones not. */
  readonly devices: Member[];
}

/** Somebody who asks to be let in, and those who would say yes. */
interface Asking {
  readonly member: Member;
  readonly device: DeviceId;
  readonly tend: () => Promise<void>;
}

interface Task {
  readonly what: string;
  readonly by: Person;
  readonly run: (member: Member) => Promise<unknown>;
}

const sizeOf = (seed: number, random: SeededRandom): number => (seed % 100 === 99 ? 12 : random.whole(3, 5));

export class TrustWorld {
  /** What happened, one line each. */
  readonly story: string[] = [];
  readonly #time = new VirtualTime();
  readonly #random: SeededRandom;
  readonly #byMailOnly: boolean;
  readonly #network: SimulatedNetwork;
  readonly #people: Person[] = [];
  readonly #asking: Asking[] = [];
  readonly #tasks: Task[] = [];
  readonly #travelled = new Map<string, Bytes>();
  readonly #signKeys = new Map<DeviceId, Bytes>();
  /** Votes that people really cast, by whom they are about. */
  readonly #votes = new Map<PersonId, Set<PersonId>>();
  readonly #run: string;
  readonly #size: number;
  readonly #isHuge: boolean;
  #broken: string[] = [];
  #met = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(`trust ${seed}`);
    const mail = this.#random.pick(['none', 'beside', 'only'] as const) ?? 'none';
    this.#byMailOnly = mail === 'only';
    this.#network = new SimulatedNetwork(this.#time, this.#random.fork('network'), mail !== 'none');
    this.#network.rooms.areApart = this.#byMailOnly;
    this.#network.hasSignals = !this.#byMailOnly;
    this.#network.onEnvelope = (bytes) => {
      const name = bytesToBase64Url(bytes.subarray(0, 40) as Bytes);
      if (!this.#travelled.has(name)) this.#travelled.set(name, bytes.slice() as Bytes);
    };
    this.#run = `trust ${seed} ${++runsCount}`;
    this.#size = sizeOf(seed, this.#random);
    this.#isHuge = this.#size === 12;
    this.#tell(`${this.#size} people, mail: ${mail}`);
  }

  /** Everybody is in from the beginning, some with more than one device. */
  async comeTogether(): Promise<void> {
    const founder = this.#meet('ana');
    await founder.device.wake();
    await founder.startCircle();
    founder.id = await founder.ownId();
    const candidates = [];
    for (let i = 1; i < this.#size; i++) {
      const member = this.#meet(names[i] as string);
      await member.device.wake();
      candidates.push(await member.makeCandidate(founder));
    }
    for (const candidate of candidates) await founder.admit(candidate);
    for (const { member, candidate } of candidates.map((candidate) => ({ member: candidate.member, candidate })))
      await member.enterWith(founder, candidate);
    for (const member of [founder, ...candidates.map(({ member }) => member)]) {
      const id = await member.ownId();
      await this.#learnKey(member);
      this.#people.push({ name: member.name, id: id as string as PersonId, devices: [member] });
    }
    for (const person of this.#people) {
      const count = this.#isHuge ? 2 : this.#random.pick([0, 0, 1]) ?? 0;
      for (let i = 0; i < count; i++) await this.#addDeviceAtOnce(person);
    }
    await this.#pass(2 * minuteMs);
  }

  async live(): Promise<void> {
    const steps = this.#isHuge ? 20 : 24;
    for (let step = 0; step < steps; step++) {
      await this.#somethingHappens();
      await this.#tend();
      await this.#pass(this.#random.pick([0, 500, 5 * secondMs, minuteMs, 10 * minuteMs, hourMs]) ?? 0);
    }
  }

  /** Everybody is awake and reaches everybody. */
  async heal(): Promise<void> {
    this.#tell('healing');
    this.#network.beKind();
    for (const member of this.#members()) if (!member.isAwake) await member.device.wake();
    for (let round = 0; round < 6; round++) {
      await this.#pass(10 * minuteMs);
      while (this.#tasks.length > 0) await this.#doTask();
      await this.#tend();
    }
    await this.#pass(hourMs);
    for (const member of this.#members()) await member.device.sleep();
    await this.#pass(3 * dayMs);
    for (const member of this.#members()) await member.device.wake();
    await this.#pass(30 * minuteMs);
    this.#network.rooms.breakAll();
    await this.#pass(hourMs);
    const { sentCount } = this.#network.rooms;
    await this.#pass(30 * minuteMs);
    const restless = this.#network.rooms.sentCount - sentCount;
    if (restless > 0) this.#broken.push(`the network does not come to rest: ${restless} messages in half an hour`);
  }

  async judge(): Promise<string[]> {
    this.#tell(`${this.#network.rooms.sentCount} messages, ${this.#network.bytesCount} bytes`);
    const leaked = this.#network.leakedCount > 0 ? [`${this.#network.leakedCount} messages could be read`] : [];
    const promises = await brokenTrust({
      members: this.#members(),
      signKeys: this.#signKeys,
      votes: this.#votes,
      travelled: [...this.#travelled.values()],
      replicaOf: (owner, topic) => this.#network.rooms.entriesOf(owner, topic),
      replicasMet: !this.#byMailOnly
    });
    return [...this.#broken, ...leaked, ...promises];
  }

  async end(): Promise<void> {
    for (const member of this.#members()) if (member.isAwake) member.device.crash();
    await settled();
  }

  #members(): Member[] {
    return [...this.#people.flatMap(({ devices }) => devices), ...this.#asking.map(({ member }) => member)];
  }

  #meet(name: string): Member {
    const random = this.#random.fork(`${name} ${++this.#met}`);
    const skewMs = this.#random.whole(-3 * hourMs, 3 * hourMs);
    return new Member(new Device(name, this.#run, skewMs, this.#network, random.fork('device')), random);
  }

  async #addDeviceAtOnce(person: Person): Promise<void> {
    const [first] = person.devices;
    assert(first !== undefined, 'somebody has a device');
    const member = this.#meet(`${person.name}-${person.devices.length + 1}`);
    await member.device.wake();
    const candidate = await member.makeCandidate(first, 'device');
    await first.addCandidate(candidate);
    await member.enterWith(first, candidate);
    await this.#learnKey(member);
    person.devices.push(member);
  }

  async #learnKey(member: Member): Promise<void> {
    const keys = (await member.device.circle())?.keyring.device;
    if (keys !== undefined) this.#signKeys.set(keys.id, keys.publicKeys.sign);
  }

  /** Passes time, and lets everybody finish what falls due before the next moment comes. */
  async #pass(forMs: number): Promise<void> {
    const untilMs = this.#time.nowMs + forMs;
    await settled();
    while (this.#time.step(untilMs)) await settled();
  }

  /** Those who ask are looked after by those who are awake. */
  async #tend(): Promise<void> {
    for (const asking of [...this.#asking]) {
      await asking.tend();
      const state = asking.member.isAwake ? await asking.member.joiningState() : 'asking';
      if (state === 'asking') continue;
      this.#asking.splice(this.#asking.indexOf(asking), 1);
      this.#tell(`${asking.member.name}: ${state}`);
    }
  }

  async #somethingHappens(): Promise<void> {
    const dice = this.#random.whole(0, 99);
    const person = this.#random.pick(this.#people);
    if (person === undefined) return;
    const member = this.#random.pick(person.devices);
    if (member === undefined) return;
    if (dice < 5) return this.#network.beUnkind(this.#random);
    if (dice < 12) return this.#part();
    if (dice < 16) return this.#network.beKind();
    if (dice < 22) return this.#campaign();
    if (dice < 40 && this.#tasks.length > 0) return this.#doTask();
    if (!member.isAwake) return this.#doThing(member, 'wakes', () => member.device.wake());
    if (dice < 50) return this.#doThing(member, 'sleeps', () => member.device.sleep());
    if (dice < 56) return this.#crash(member, () => this.#speak(member));
    return this.#speak(member);
  }

  async #speak(member: Member): Promise<void> {
    if (!(await member.isIn())) return;
    await this.#doThing(member, 'speaks', () => member.speak());
  }

  /** Some, or all, of the others begin to say that somebody should go. */
  async #campaign(): Promise<void> {
    const target = this.#random.pick(this.#people);
    if (target === undefined || this.#people.length < 3) return;
    this.#tell(`a campaign against ${target.name}`);
    const others = this.#people.filter((each) => each !== target);
    const voters = others.filter(() => this.#random.chance(0.75));
    for (const by of voters) {
      this.#tasks.push({
        what: `votes on ${target.name}`,
        by,
        run: async (member) => {
          const cast = this.#votes.get(target.id) ?? new Set();
          this.#votes.set(target.id, cast.add(by.id));
          await member.vote(target.id);
        }
      });
    }
  }

  async #doTask(): Promise<void> {
    const at = this.#random.whole(0, this.#tasks.length - 1);
    const [task] = this.#tasks.splice(at, 1);
    if (task === undefined) return;
    const member = this.#random.pick(task.by.devices);
    if (member === undefined) return;
    if (!member.isAwake) await member.device.wake();
    if (!(await member.isIn())) return;
    if (this.#random.chance(0.15)) return this.#crash(member, () => task.run(member), task.what);
    await this.#doThing(member, task.what, () => task.run(member));
  }

  async #doThing({ name }: Member, what: string, thing: () => Promise<unknown>): Promise<void> {
    this.#tell(`${name} ${what}`);
    await thing();
  }

  async #part(): Promise<void> {
    this.#tell('the network parts');
    const salt = this.#time.nowMs;
    this.#network.rooms.partition((owner) => this.#random.fork(`${salt} ${owner}`).whole(0, 2));
    await this.#pass(10 * secondMs);
  }

  /** A crash in the middle of whatever is going on, with a new life at once or later. */
  async #crash(member: Member, during: () => Promise<unknown>, what = 'speaks'): Promise<void> {
    this.#tell(`${member.name} ${what}, and crashes`);
    const doing = during();
    doing.catch(() => undefined);
    await fewTurns(this.#random.whole(0, 120));
    member.device.crash();
    await settled();
    // What a crash interrupts may fail however it likes: nobody is there to hear of it.
    await Promise.race([doing.catch(() => undefined), settled()]);
    if (this.#random.chance(0.7)) await member.device.wake();
  }

  #tell(line: string): void {
    this.story.push(`${new Date(this.#time.nowMs).toISOString()} ${line}`);
  }
}

const names = ['ana', 'bo', 'mia', 'jo', 'eve', 'ida', 'kai', 'lea', 'noa', 'ole', 'pia', 'rex'];

/** Names of databases are never used twice, since live queries listen by name. */
let runsCount = 0;
