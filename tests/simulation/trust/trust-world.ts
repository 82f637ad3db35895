/**
 * One run about who is in: people with several devices vote, leave, lose phones, come in and go, while networks, clocks and members
 * are as bad as they can be; and then everybody who is in reaches everybody.
 *
 * A run is short, so that many fit. What a seed decides is as in the board's world.
 */
import { dayMs, hourMs, minuteMs, secondMs } from '../../../src/lib/base/clock.ts';
import type { EpochId, PersonId } from '../../../src/lib/base/ids.ts';
import { lighthousesMax } from '../../../src/lib/base/limits.ts';
import { Calendar } from '../calendar.ts';
import { Clocks } from '../clocks.ts';
import { diskRows } from '../disk-rows.ts';
import { SimulatedNetwork } from '../network.ts';
import type { Playable } from '../playing.ts';
import { SeededRandom } from '../seeded-random.ts';
import { settled } from '../settling.ts';
import { VirtualTime } from '../virtual-time.ts';
import { Deeds } from './deeds.ts';
import { Errands } from './errands.ts';
import type { Member } from './member.ts';
import { People, type Person } from './people.ts';
import { isPlayed } from './unmet.ts';
import { brokenTrust } from './trust-promises.ts';
import { Villains } from './villains.ts';

/** Seeds after this one are short runs: three people, and little happens, so that many fit where there is little time. */
export const shortSeedsFrom = 10_000;

/** Some of the others have a circle of twelve, with three devices each. */
const sizeOf = (seed: number, random: SeededRandom): number =>
  seed > shortSeedsFrom ? 3 : seed % 100 === 99 ? 12 : random.whole(3, 5);

export class TrustWorld implements Playable {
  /** What happened, one line each. */
  readonly story: string[] = [];
  readonly #time = new VirtualTime();
  readonly #random: SeededRandom;
  readonly #byMailOnly: boolean;
  readonly #network: SimulatedNetwork;
  readonly #people: People;
  readonly #deeds: Deeds;
  readonly #errands: Errands;
  readonly #villains: Villains;
  readonly #calendar: Calendar;
  readonly #clocks: Clocks;
  /** Whether others move on twice without whoever sleeps. */
  readonly #leavesBehind: boolean;
  readonly #moves: SeededRandom;
  readonly #isAsFound: boolean;
  readonly #size: number;
  readonly #isHuge: boolean;
  readonly #isShort: boolean;
  /** Newcomers who were to read nothing from before, and the epoch that began for them. */
  readonly #fresh: { readonly member: Member; readonly epoch: EpochId }[] = [];
  /** Sleeps until everything is over. */
  #sleeper: Member | undefined;
  /** Slept through more epochs than anybody serves (EP12): their way back is to be let in again. */
  readonly #lost = new Set<Member>();
  #broken: string[] = [];

  /** `asFound`: without what runs have learned to do since the first seeds were pinned. */
  constructor(seed: number, { asFound }: { readonly asFound: boolean }) {
    this.#random = new SeededRandom(`trust ${seed}`);
    // Drawn apart, so that what is added to runs leaves the rest of them as it was.
    const apart = new SeededRandom(`beside trust ${seed}`);
    const mail = this.#random.pick(['none', 'beside', 'only'] as const) ?? 'none';
    this.#byMailOnly = mail === 'only';
    this.#network = new SimulatedNetwork(this.#time, this.#random.fork('network'), mail !== 'none');
    this.#network.rooms.areApart = this.#byMailOnly;
    this.#network.hasSignals = !this.#byMailOnly;
    const tell = (line: string): void => this.#tell(line);
    this.#clocks = new Clocks(apart.fork('clocks'), !asFound);
    this.#calendar = new Calendar(apart.fork('calendar'), !asFound);
    this.#deeds = new Deeds(this.#random, tell);
    this.#errands = new Errands(this.#random, this.#deeds);
    this.#people = new People({
      ...{ random: this.#random, network: this.#network, clocks: this.#clocks, tell },
      run: `trust ${seed} ${++runsCount}`
    });
    this.#villains = new Villains({
      ...{ random: this.#random, network: this.#network, areOld: asFound, tell },
      onVote: (on, by) => this.#errands.cast(on, by),
      signKeys: this.#people.signKeys
    });
    this.#moves = apart.fork('moves');
    this.#isAsFound = asFound;
    this.#leavesBehind = apart.chance(0.8) && !asFound;
    this.#size = sizeOf(seed, this.#random);
    this.#isHuge = this.#size === 12;
    this.#isShort = seed > shortSeedsFrom;
    this.#tell(`${this.#size} people, mail: ${mail}, clocks: ${this.#clocks.trouble}`);
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
    if (this.#random.chance(0.5)) await this.#villains.turn(this.#people.list);
    if (this.#random.chance(0.3)) await this.#lullToSleep();
  }

  async live(): Promise<void> {
    const steps = this.#isShort ? 9 : 18;
    for (let step = 0; step < steps; step++) {
      await this.#somethingHappens();
      await this.#people.tend();
      await this.#pass(this.#random.pick([0, 500, 5 * secondMs, minuteMs, 10 * minuteMs, hourMs]) ?? 0);
      await this.#rest(this.#calendar.pauseMs());
      if (this.#moves.chance(0.05) && isPlayed('movesBeforeHealing')) await this.#moveRooms();
    }
    if (this.#leavesBehind) await this.#leaveSleeperBehind();
  }

  /** Everybody is awake and reaches everybody. */
  async heal(): Promise<void> {
    this.#tell('healing');
    this.#network.beKind();
    this.#sleeper = undefined;
    await this.#setClocks();
    await this.#wakeAll();
    await this.#findLost();
    await this.#pass(10 * minuteMs);
    await this.#villains.showWithheld();
    for (let round = 0; round < 6; round++) {
      await this.#pass(10 * minuteMs);
      while (this.#errands.areLeft) await this.#errands.runOne(this.#sleeper);
      await this.#wakeAll();
      await this.#people.tend();
    }
    this.#villains.leave();
    if (this.#moves.chance(0.4)) await this.#moveRooms();
    await this.#pass(hourMs);
    await this.#wakeAll();
    for (const member of this.#people.members) await member.device.sleep();
    await this.#pass(this.#clocks.areFarOff ? 14 * dayMs : 3 * dayMs);
    for (const member of this.#people.members) await member.device.wake();
    await this.#pass(30 * minuteMs);
    this.#network.rooms.breakAll();
    await this.#pass(hourMs);
    const { sentCount } = this.#network.rooms;
    await this.#pass(30 * minuteMs);
    const restless = this.#network.rooms.sentCount - sentCount;
    if (restless > 0) this.#broken.push(`the network does not come to rest: ${restless} messages in half an hour`);
  }

  /** Whoever wakes further behind than the epochs that are served. */
  async #findLost(): Promise<void> {
    const states = await Promise.all(this.#people.members.map((member) => member.stateIfAny()));
    const deepest = Math.max(...states.map((state) => state?.head?.depth ?? 0));
    for (const [i, member] of this.#people.members.entries()) {
      const { epochs, head } = states[i] ?? {};
      const here = await member.epoch();
      const depth = here === undefined ? undefined : epochs?.get(here)?.depth;
      if (head === undefined || depth === undefined || deepest - depth <= lighthousesMax) continue;
      this.#lost.add(member);
      this.#tell(`${member.name} slept through ${deepest - depth} epochs`);
    }
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
      votes: this.#errands.votes,
      travelled: this.#villains.overheard,
      replicaOf: (owner, topic) => this.#network.rooms.entriesOf(owner, topic),
      replicasMet: !this.#byMailOnly,
      fresh: this.#fresh,
      lost: this.#lost,
      untilMs: this.#time.nowMs,
      tell: (line) => this.#tell(line)
    });
    const stamps = this.#people.members.flatMap(({ wrongStamps }) => wrongStamps);
    return [...this.#broken, ...stamps, ...leaked, ...promises];
  }

  /** What stands on every honest disk. */
  async held(): Promise<string[]> {
    return (await Promise.all(this.#people.members.map(({ device }) => diskRows(device)))).flat();
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
    if (dice < 38 && this.#errands.areLeft) return this.#errands.runOne(this.#sleeper);
    if (dice < 50 && this.#villains.areThere) return this.#villains.act();
    if (member === undefined || member === this.#sleeper) return;
    if (!member.isAwake) return this.#deeds.do(member, 'wakes', () => member.device.wake());
    if (dice < 56) return this.#deeds.do(member, 'sleeps', () => member.device.sleep());
    if (dice < 60) return this.#deeds.crash(member, 'speaks', () => this.#deeds.speak(member));
    if (!(await member.isIn())) return;
    if (dice < 63)
      return this.#deeds.doOrCrash(member, 'leaves', () => member.leave(this.#random.pick(['stay', 'go']) ?? 'stay'));
    if (dice < 68) return this.#takeOff(person);
    if (dice < 71) return this.#loseOne(person);
    if (dice < 74) return this.#deeds.doOrCrash(member, 'tidies up', () => member.begin('tidied'));
    if (dice < 77) return this.#startFromNowOn(member);
    if (dice < 81) return this.#inviteSomebody(member);
    if (dice < 85) return this.#addDevice(person, member);
    return this.#deeds.speak(member);
  }

  async #lullToSleep(): Promise<void> {
    const member = this.#random.pick(this.#people.list.flatMap(({ devices }) => devices));
    if (member === undefined) return;
    this.#sleeper = member;
    await this.#deeds.do(member, 'sleeps for long', () => member.device.sleep());
  }

  /**
   * Others go on to new keys twice, once with the old ones deleted: whoever sleeps finds the way by lighthouses. Four of them are served
   * (EP12), and some may be needed for what is decided yet.
   */
  async #leaveSleeperBehind(): Promise<void> {
    if (this.#sleeper === undefined) return;
    for (const why of ['tidied', 'fresh'] as const) {
      const awake = this.#people.list.flatMap(({ devices }) => devices).filter(({ isAwake }) => isAwake);
      const member = this.#random.pick(awake);
      const depth = (await member?.state())?.head?.depth ?? 0;
      if (member !== undefined && depth < 3 && (await member.isIn()))
        await this.#deeds.do(member, `goes on without ${this.#sleeper.name}: ${why}`, () => member.begin(why));
      await this.#pass(10 * minuteMs);
    }
  }

  /** Somebody states that the circle goes on in another room, or two at once do. */
  async #moveRooms(): Promise<void> {
    if (this.#isAsFound) return;
    const awake = this.#people.members.filter(({ isAwake }) => isAwake);
    for (const member of [this.#moves.pick(awake), this.#moves.chance(0.3) ? this.#moves.pick(awake) : undefined])
      if (member !== undefined && (await member.stateIfAny()) !== undefined)
        await this.#deeds.do(member, 'states a generation', () => member.stateGeneration());
  }

  /** Days in which nothing happens. */
  async #rest(forMs: number): Promise<void> {
    if (forMs === 0) return;
    this.#tell(`${Math.round(forMs / dayMs)} days pass`);
    await this.#pass(hourMs);
    this.#network.calmDown();
    await this.#pass(forMs - hourMs);
  }

  /**
   * People set the clocks that they were told are far off, or that nothing tells them of. On a phone whose clock is, nothing fades (CL3),
   * and so its ledger lists what others have let go.
   */
  async #setClocks(): Promise<void> {
    if (!this.#clocks.areFarOff) return;
    for (const { device } of this.#people.members) {
      device.skewMs = 0;
      if (!device.isAwake) continue;
      await device.sleep();
      await device.wake();
    }
  }

  /** One device of somebody's takes another off; or, on two sides, both each other. */
  async #takeOff(person: Person): Promise<void> {
    const [a, b] = this.#random.chance(0.5) ? person.devices : person.devices.toReversed();
    if (a === undefined || b === undefined) return;
    for (const each of [a, b]) if (!each.isAwake) await each.device.wake();
    const [aId, bId] = [await a.ownId(), await b.ownId()];
    const mutual = this.#random.chance(0.4);
    if (mutual) this.#network.rooms.partition((owner) => (owner === a.name ? 1 : 0));
    if (await a.isIn()) await this.#deeds.doOrCrash(a, `takes ${b.name} off`, () => a.takeOff(bId));
    if (mutual && b.isAwake && (await b.isIn()))
      await this.#deeds.doOrCrash(b, `takes ${a.name} off`, () => b.takeOff(aId));
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
    if (this.#random.chance(0.6)) await this.#villains.take(lost);
    else if (lost.isAwake) await lost.device.sleep();
    const fresh = this.#people.meet(`${person.name}-again`);
    const device = await this.#people.ask({ member: fresh, inviter, as: 'again' });
    if (device !== undefined) {
      this.#errands.vouching(others, `vouches for ${fresh.name}`, (member) => member.vouch(device, person.id));
      this.#tell(`${person.name} lost a phone, and asks by ${inviter.name}'s link`);
    }
    this.#people.returns.set(fresh, person);
  }

  async #startFromNowOn(member: Member): Promise<void> {
    const before = this.#people.asking.length;
    await this.#deeds.do(member, 'starts from now on', async () => {
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

  /** Some, or all, of the others begin to say that somebody should go. */
  #campaign(): void {
    const { turned } = this.#villains;
    const target = this.#random.chance(0.4) && turned !== undefined ? turned : this.#random.pick(this.#people.list);
    if (target === undefined || this.#people.list.length < 3) return;
    this.#tell(`a campaign against ${target.name}`);
    this.#errands.campaign(
      target,
      this.#people.list.filter((each) => each !== target)
    );
  }

  async #part(): Promise<void> {
    this.#tell('the network parts');
    const salt = this.#time.nowMs;
    this.#network.rooms.partition((owner) => this.#random.fork(`${salt} ${owner}`).whole(0, 2));
    await this.#pass(10 * secondMs);
  }

  #tell(line: string): void {
    this.story.push(`${new Date(this.#time.nowMs).toISOString()} ${line}`);
  }
}

const names = ['ana', 'bo', 'mia', 'jo', 'eve', 'ida', 'kai', 'lea', 'noa', 'ole', 'pia', 'rex'];

/** Names of databases are never used twice, since live queries listen by name. */
let runsCount = 0;
