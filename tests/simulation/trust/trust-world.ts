/**
 * One run about who is in: people with several devices vote, leave, lose phones, come in and go, while networks, clocks and members
 * are as bad as they can be; and then everybody who is in reaches everybody.
 *
 * A run is short, so that many fit. What a seed decides is as in the board's world.
 */
import { bytesToBase64Url } from '../../../src/lib/base/bytes.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../src/lib/base/clock.ts';
import type { EpochId, PersonId } from '../../../src/lib/base/ids.ts';
import { SimulatedNetwork } from '../network.ts';
import { SeededRandom } from '../seeded-random.ts';
import { fewTurns, settled } from '../settling.ts';
import { VirtualTime } from '../virtual-time.ts';
import type { Member } from './member.ts';
import { People, type Person } from './people.ts';
import type { Travelled } from './plunder.ts';
import { Traitor } from './traitor.ts';
import { brokenTrust } from './trust-promises.ts';

interface Task {
  readonly what: string;
  readonly by: Person;
  readonly run: (member: Member) => Promise<unknown>;
}

/** Seeds after this one are short runs: three people, and little happens, so that many fit where there is little time. */
export const shortSeedsFrom = 10_000;

/** Some of the others have a circle of twelve, with three devices each. */
const sizeOf = (seed: number, random: SeededRandom): number =>
  seed > shortSeedsFrom ? 3 : seed % 100 === 99 ? 12 : random.whole(3, 5);

export class TrustWorld {
  /** What happened, one line each. */
  readonly story: string[] = [];
  readonly #time = new VirtualTime();
  readonly #random: SeededRandom;
  readonly #byMailOnly: boolean;
  readonly #network: SimulatedNetwork;
  readonly #people: People;
  readonly #tasks: Task[] = [];
  readonly #travelled = new Map<string, Travelled>();
  /** Which of these traitors wrote. */
  readonly #told = new Set<string>();
  /** Votes that people really cast, by whom they are about. */
  readonly #votes = new Map<PersonId, Set<PersonId>>();
  readonly #size: number;
  readonly #isHuge: boolean;
  readonly #isShort: boolean;
  readonly #traitors: Traitor[] = [];
  /** Whose device turned, or was stolen. */
  #turned: Person | undefined;
  /** Newcomers who were to read nothing from before, and the epoch that began for them. */
  readonly #fresh: { readonly member: Member; readonly epoch: EpochId }[] = [];
  /** Sleeps until everything is over. */
  #sleeper: Member | undefined;
  #broken: string[] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(`trust ${seed}`);
    const mail = this.#random.pick(['none', 'beside', 'only'] as const) ?? 'none';
    this.#byMailOnly = mail === 'only';
    this.#network = new SimulatedNetwork(this.#time, this.#random.fork('network'), mail !== 'none');
    this.#network.rooms.areApart = this.#byMailOnly;
    this.#network.hasSignals = !this.#byMailOnly;
    this.#network.onEnvelope = (bytes, place) => {
      const name = nameOf(bytes);
      const known = this.#travelled.get(name);
      if (known === undefined) this.#travelled.set(name, { bytes: bytes.slice(), places: new Set([place]) });
      else known.places.add(place);
    };
    this.#people = new People({
      random: this.#random,
      network: this.#network,
      run: `trust ${seed} ${++runsCount}`,
      tell: (line) => this.#tell(line)
    });
    this.#size = sizeOf(seed, this.#random);
    this.#isHuge = this.#size === 12;
    this.#isShort = seed > shortSeedsFrom;
    this.#tell(`${this.#size} people, mail: ${mail}`);
  }

  /** Everybody is in from the beginning, some with more than one device. */
  async comeTogether(): Promise<void> {
    const founder = this.#people.meet('ana');
    await founder.device.wake();
    await founder.startCircle();
    founder.id = await founder.ownId();
    const candidates = [];
    for (let i = 1; i < this.#size; i++) {
      const member = this.#people.meet(names[i] as string);
      await member.device.wake();
      candidates.push(await member.makeCandidate(founder));
    }
    for (const candidate of candidates) await founder.admit(candidate);
    for (const { member, candidate } of candidates.map((candidate) => ({ member: candidate.member, candidate })))
      await member.enterWith(founder, candidate);
    for (const member of [founder, ...candidates.map(({ member }) => member)]) {
      const id = await member.ownId();
      await this.#people.learnKey(member);
      this.#people.list.push({ name: member.name, id: id as string as PersonId, devices: [member] });
    }
    for (const person of this.#people.list) {
      const count = this.#isHuge ? 2 : (this.#random.pick([0, 0, 1]) ?? 0);
      for (let i = 0; i < count; i++) await this.#people.addDeviceAtOnce(person);
    }
    await this.#pass(2 * minuteMs);
    if (this.#random.chance(0.5)) await this.#turn();
    if (this.#random.chance(0.3)) await this.#lullToSleep();
  }

  async live(): Promise<void> {
    const steps = this.#isShort ? 9 : 18;
    for (let step = 0; step < steps; step++) {
      await this.#somethingHappens();
      await this.#people.tend();
      await this.#pass(this.#random.pick([0, 500, 5 * secondMs, minuteMs, 10 * minuteMs, hourMs]) ?? 0);
    }
  }

  /** Everybody is awake and reaches everybody. */
  async heal(): Promise<void> {
    this.#tell('healing');
    this.#network.beKind();
    this.#sleeper = undefined;
    await this.#wakeAll();
    await this.#pass(10 * minuteMs);
    for (const traitor of this.#traitors) await traitor.showWithheld();
    for (let round = 0; round < 6; round++) {
      await this.#pass(10 * minuteMs);
      while (this.#tasks.length > 0) await this.#doTask();
      await this.#wakeAll();
      await this.#people.tend();
    }
    this.#traitors.forEach((traitor) => traitor.leave());
    await this.#pass(hourMs);
    await this.#wakeAll();
    for (const member of this.#people.members) await member.device.sleep();
    await this.#pass(3 * dayMs);
    for (const member of this.#people.members) await member.device.wake();
    await this.#pass(30 * minuteMs);
    this.#network.rooms.breakAll();
    await this.#pass(hourMs);
    const { sentCount } = this.#network.rooms;
    await this.#pass(30 * minuteMs);
    const restless = this.#network.rooms.sentCount - sentCount;
    if (restless > 0) this.#broken.push(`the network does not come to rest: ${restless} messages in half an hour`);
  }

  async #wakeAll(): Promise<void> {
    for (const member of this.#people.members) if (!member.isAwake) await member.device.wake();
  }

  async judge(): Promise<string[]> {
    this.#tell(`${this.#network.rooms.sentCount} messages, ${this.#network.bytesCount} bytes`);
    const leaked = this.#network.leakedCount > 0 ? [`${this.#network.leakedCount} messages could be read`] : [];
    for (const member of this.#people.members) await this.#people.learnKey(member);
    const promises = await brokenTrust({
      members: this.#people.members,
      signKeys: this.#people.signKeys,
      votes: this.#votes,
      // What a traitor passes on to anybody is beyond all help.
      travelled: [...this.#travelled].flatMap(([name, each]) => (this.#told.has(name) ? [] : [each])),
      replicaOf: (owner, topic) => this.#network.rooms.entriesOf(owner, topic),
      replicasMet: !this.#byMailOnly,
      fresh: this.#fresh,
      tell: (line) => this.#tell(line)
    });
    return [...this.#broken, ...leaked, ...promises];
  }

  async end(): Promise<void> {
    for (const member of this.#people.members) if (member.isAwake) member.device.crash();
    await settled();
  }

  /** Passes time, and lets everybody finish what falls due before the next moment comes. */
  async #pass(forMs: number): Promise<void> {
    const untilMs = this.#time.nowMs + forMs;
    await settled();
    while (this.#time.step(untilMs)) await settled();
  }

  async #somethingHappens(): Promise<void> {
    const dice = this.#random.whole(0, 99);
    const person = this.#random.pick(this.#people.list);
    if (person === undefined) return;
    const member = this.#random.pick(person.devices);
    if (dice < 5) return this.#network.beUnkind(this.#random);
    if (dice < 12) return this.#part();
    if (dice < 16) return this.#network.beKind();
    if (dice < 21) return this.#campaign();
    if (dice < 38 && this.#tasks.length > 0) return this.#doTask();
    if (dice < 50 && this.#traitors.length > 0) return this.#harm();
    if (member === undefined || member === this.#sleeper) return;
    if (!member.isAwake) return this.#doThing(member, 'wakes', () => member.device.wake());
    if (dice < 56) return this.#doThing(member, 'sleeps', () => member.device.sleep());
    if (dice < 60) return this.#crash(member, () => this.#speak(member));
    if (!(await member.isIn())) return;
    if (dice < 63)
      return this.#maybeCrash(member, 'leaves', () => member.leave(this.#random.pick(['stay', 'go']) ?? 'stay'));
    if (dice < 68) return this.#takeOff(person);
    if (dice < 71) return this.#loseOne(person);
    if (dice < 74) return this.#maybeCrash(member, 'tidies up', () => member.begin('tidied'));
    if (dice < 77) return this.#startFromNowOn(member);
    if (dice < 81) return this.#inviteSomebody(member);
    if (dice < 85) return this.#addDevice(person, member);
    return this.#speak(member);
  }

  /** Somebody's only device is a traitor's from now on; it is in like any other. */
  async #turn(): Promise<void> {
    const person = this.#random.pick(this.#people.list.slice(1).filter(({ devices }) => devices.length === 1));
    const [member] = person?.devices ?? [];
    if (person === undefined || member === undefined) return;
    person.devices.splice(0);
    this.#turned = person;
    await this.#becomeTraitor(member);
  }

  async #becomeTraitor(member: Member): Promise<void> {
    if (!member.isAwake) await member.device.wake();
    const circle = await member.device.circle();
    await member.device.sleep();
    if (circle === undefined) return;
    this.#tell(`${member.name} is in a traitor's hands`);
    const traitor = new Traitor(`traitor ${member.name}`, circle, {
      network: this.#network,
      random: this.#random.fork(`traitor ${member.name}`),
      overheard: () => this.#travelled,
      onVote: (on, by) => this.#cast(on, by),
      onEnvelope: (envelope) => this.#told.add(nameOf(envelope)),
      onKeys: ({ id, publicKeys }) => this.#people.signKeys.set(id, publicKeys.sign)
    });
    await traitor.enter();
    this.#traitors.push(traitor);
  }

  async #harm(): Promise<void> {
    const traitor = this.#random.pick(this.#traitors);
    if (traitor !== undefined) this.#tell(`${traitor.name}: ${await traitor.act()}`);
  }

  async #lullToSleep(): Promise<void> {
    const member = this.#random.pick(this.#people.list.flatMap(({ devices }) => devices));
    if (member === undefined) return;
    this.#sleeper = member;
    await this.#doThing(member, 'sleeps for long', () => member.device.sleep());
  }

  /** One device of somebody's takes another off; or, on two sides, both each other. */
  async #takeOff(person: Person): Promise<void> {
    const [a, b] = this.#random.chance(0.5) ? person.devices : person.devices.toReversed();
    if (a === undefined || b === undefined) return;
    for (const each of [a, b]) if (!each.isAwake) await each.device.wake();
    const [aId, bId] = [await a.ownId(), await b.ownId()];
    const mutual = this.#random.chance(0.4);
    if (mutual) this.#network.rooms.partition((owner) => (owner === a.name ? 1 : 0));
    if (await a.isIn()) await this.#maybeCrash(a, `takes ${b.name} off`, () => a.takeOff(bId));
    if (mutual && b.isAwake && (await b.isIn())) await this.#maybeCrash(b, `takes ${a.name} off`, () => b.takeOff(aId));
  }

  /** Somebody's only phone is stolen: they ask to be let in again, and the others vouch. */
  async #loseOne(person: Person): Promise<void> {
    const [lost] = person.devices;
    if (lost === undefined || person.devices.length > 1 || this.#people.list.length < 3) return;
    const others = this.#people.list.filter((each) => each !== person && each.devices.length > 0);
    const inviter = this.#random.pick(others.flatMap(({ devices }) => devices).filter(({ isAwake }) => isAwake));
    if (inviter === undefined || !(await inviter.isIn())) return;
    await this.#pass(secondMs);
    person.devices.splice(0);
    if (this.#random.chance(0.6)) await this.#becomeTraitor(lost);
    else if (lost.isAwake) await lost.device.sleep();
    const fresh = this.#people.meet(`${person.name}-again`);
    const device = await this.#people.ask({ member: fresh, inviter, as: 'again' });
    if (device !== undefined) {
      const what = `vouches for ${fresh.name}`;
      this.#tasks.push(...others.map((by) => ({ what, by, run: (member: Member) => member.vouch(device, person.id) })));
      this.#tell(`${person.name} lost a phone, and asks by ${inviter.name}'s link`);
    }
    this.#people.returns.set(fresh, person);
  }

  async #startFromNowOn(member: Member): Promise<void> {
    const before = this.#people.asking.length;
    await this.#doThing(member, 'starts from now on', async () => {
      if (!(await member.begin('fresh'))) return;
      const epoch = await member.epoch();
      await this.#pass(minuteMs);
      if (epoch === undefined || !member.isAwake) return;
      await this.#inviteSomebody(member);
      const asking = this.#people.asking[before];
      if (asking !== undefined) this.#fresh.push({ member: asking.member, epoch });
    });
  }

  async #inviteSomebody(inviter: Member): Promise<void> {
    if (this.#people.list.length + this.#people.asking.length > (this.#isHuge ? 12 : this.#isShort ? 4 : 6)) return;
    const member = this.#people.meet(`new-${this.#people.metCount}`);
    await this.#people.ask({ member, inviter });
    this.#tell(`${inviter.name} invites ${member.name}`);
  }

  async #addDevice(person: Person, host: Member): Promise<void> {
    if (person.devices.length >= 3) return;
    const member = this.#people.meet(`${person.name}-${person.devices.length + 1}-${this.#people.metCount}`);
    await this.#people.ask({ member, inviter: host, as: 'device', person });
    this.#tell(`${person.name} adds ${member.name}`);
  }

  #cast(on: PersonId, by: PersonId): void {
    this.#votes.set(on, (this.#votes.get(on) ?? new Set()).add(by));
  }

  async #speak(member: Member): Promise<void> {
    if (!(await member.isIn())) return;
    await this.#doThing(member, 'speaks', () => member.speak());
  }

  /** Some, or all, of the others begin to say that somebody should go. */
  async #campaign(): Promise<void> {
    const target =
      this.#random.chance(0.4) && this.#turned !== undefined ? this.#turned : this.#random.pick(this.#people.list);
    if (target === undefined || this.#people.list.length < 3) return;
    this.#tell(`a campaign against ${target.name}`);
    const others = this.#people.list.filter((each) => each !== target);
    const voters = others.filter(() => this.#random.chance(0.75));
    for (const by of voters) {
      this.#tasks.push({
        what: `votes on ${target.name}`,
        by,
        run: async (member) => {
          this.#cast(target.id, by.id);
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
    if (member === this.#sleeper) return;
    if (!member.isAwake) await member.device.wake();
    if (!(await member.isIn())) return;
    await this.#maybeCrash(member, task.what, () => task.run(member));
  }

  async #maybeCrash(member: Member, what: string, thing: () => Promise<unknown>): Promise<void> {
    if (this.#random.chance(0.15)) return this.#crash(member, thing, what);
    await this.#doThing(member, what, thing);
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

const nameOf = (envelope: Uint8Array): string => bytesToBase64Url(envelope.subarray(0, 40));

const names = ['ana', 'bo', 'mia', 'jo', 'eve', 'ida', 'kai', 'lea', 'noa', 'ole', 'pia', 'rex'];

/** Names of databases are never used twice, since live queries listen by name. */
let runsCount = 0;
