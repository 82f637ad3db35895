/**
 * One run: a circle comes together, lives through bad networks, crashes, wrong clocks and a hostile member, and heals.
 *
 * A seed decides who does what and when, every key, and what the network does to each message. What it cannot decide is
 * the order in which the machine's crypto threads finish; nobody draws from another's stream, so that matters little.
 */
import { assert } from '../../src/lib/base/assert.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/lib/base/clock.ts';
import type { Bytes } from '../../src/lib/base/bytes.ts';
import type { DeviceId, Topic } from '../../src/lib/base/ids.ts';
import { roomTopic } from '../../src/lib/records/meeting-keys.ts';
import { Calendar } from './calendar.ts';
import { Device } from './device.ts';
import { diskRows } from './disk-rows.ts';
import { Friend } from './friend.ts';
import { Hostile, hostileOwners } from './hostile.ts';
import { SimulatedNetwork } from './network.ts';
import { brokenPromises } from './promises.ts';
import type { Playable } from './playing.ts';
import { SeededRandom } from './seeded-random.ts';
import { fewTurns, settled } from './settling.ts';
import { VirtualTime } from './virtual-time.ts';

/** Some seeds, the first among them, have a circle of twelve. */
export const isLarge = (seed: number): boolean => seed % 25 === 1;

const sizeOf = (seed: number, random: SeededRandom): number => (isLarge(seed) ? 12 : random.whole(3, 5));

export class World implements Playable {
  /** What happened, one line each. */
  readonly story: string[] = [];
  readonly #time = new VirtualTime();
  readonly #random: SeededRandom;
  readonly #mailRandom: SeededRandom;
  /** No two devices ever meet: whatever they know of each other came by mail. */
  readonly #byMailOnly: boolean;
  readonly #network: SimulatedNetwork;
  readonly #friends: Friend[] = [];
  readonly #late: Friend[] = [];
  readonly #signKeys = new Map<DeviceId, Bytes>();
  readonly #run: string;
  readonly #size: number;
  readonly #calendar: Calendar;
  readonly #moves: SeededRandom;
  readonly #isAsFound: boolean;
  /** Days that some clock may be off. */
  readonly #daysOff: readonly number[];
  #strangers = 0;
  #hostile: Hostile | undefined;
  #hadWrongClock = false;
  #broken: string[] = [];

  /** `asFound`: without what runs have learned to do since the first seeds were pinned. */
  constructor(seed: number, { asFound }: { readonly asFound: boolean }) {
    this.#random = new SeededRandom(`seed ${seed}`);
    // Drawn apart, so that runs that were pinned before there was mail stay as they were.
    this.#mailRandom = new SeededRandom(`mail of seed ${seed}`);
    const mail = this.#mailRandom.pick(['none', 'beside', 'only'] as const) ?? 'none';
    this.#byMailOnly = mail === 'only';
    this.#network = new SimulatedNetwork(this.#time, this.#random.fork('network'), mail !== 'none');
    this.#network.rooms.areApart = this.#byMailOnly;
    this.#network.hasSignals = !this.#byMailOnly;
    this.#run = `run ${seed} ${++runsCount}`;
    this.#size = sizeOf(seed, this.#random);
    this.#calendar = new Calendar(new SeededRandom(`calendar of seed ${seed}`), !asFound && this.#size < 12);
    // No link that such a phone makes has ended before it is opened.
    this.#moves = new SeededRandom(`moves of seed ${seed}`);
    this.#isAsFound = asFound;
    this.#daysOff = asFound ? [-3, 3] : [-5, -3, -1.5, 1.5, 3];
  }

  /** The founder starts a circle and the others join by real invitations, all but sometimes the last, who comes late. */
  async comeTogether(): Promise<void> {
    if (this.#random.chance(0.5)) this.#network.beUnkind(this.#random);
    const founder = this.#meet(`friend-0`);
    await founder.device.wake();
    await founder.startCircle();
    await this.#learnKey(founder);
    this.#friends.push(founder);
    const lateCount = this.#random.whole(0, 1);
    for (let i = 1; i < this.#size; i++) {
      const friend = this.#meet(i === 1 ? 'hostile' : `friend-${i}`);
      if (i >= this.#size - lateCount) this.#late.push(friend);
      else await this.#join(friend);
    }
    await this.#turnHostile();
  }

  /** Things happen to everybody. */
  async live(): Promise<void> {
    const far = this.#random.chance(0.35) ? this.#random.pick(this.#friends) : undefined;
    if (far !== undefined) await this.#setClock(far, this.#random.pick(this.#daysOff) as number);
    const steps = this.#size === 12 ? 30 : 40;
    for (let step = 0; step < steps; step++) {
      await this.#somethingHappens();
      this.#postHappens();
      await this.#roomHappens();
      await this.#pass(this.#random.pick([0, 500, 5 * secondMs, minuteMs, 10 * minuteMs]) ?? 0);
      await this.#rest(this.#calendar.pauseMs());
    }
    // Who comes late comes in by a network that does not keep people apart for ever, however bad it is.
    this.#network.rooms.partition(() => 0);
    this.#network.post?.setUp(true);
    for (const friend of this.#late) await this.#join(friend);
    this.#hostile?.leave();
    this.#tell('the hostile member is silent');
    if (far !== undefined) await this.#setClock(far, 0);
  }

  /** Everybody is awake and reaches everybody; days pass, so that what waited for its time can come in. */
  async heal(): Promise<void> {
    this.#network.beKind();
    for (const { device } of this.#friends) if (!device.isAwake) await device.wake();
    await this.#pass(30 * minuteMs);
    // Mostly asleep, since that is quick; sometimes awake, since then nothing but time says that it is time.
    if (this.#hadWrongClock && this.#size < 12 && this.#random.chance(0.3)) await this.#stayAwakeFor(healMs);
    else await this.#sleepFor(healMs);
    const { sentCount } = this.#network.rooms;
    await this.#pass(30 * minuteMs);
    const restless = this.#network.rooms.sentCount - sentCount;
    if (restless > 0) this.#broken.push(`the network does not come to rest: ${restless} messages in half an hour`);
  }

  async judge(): Promise<string[]> {
    const kept = {
      friends: this.#friends,
      signKeys: this.#signKeys,
      replicaOf: (owner: string, topic: Topic) => this.#network.rooms.entriesOf(owner, topic),
      replicasMet: !this.#byMailOnly
    };
    this.#tell(`${this.#network.rooms.sentCount} messages, ${this.#network.bytesCount} bytes`);
    const leaked = this.#network.leakedCount > 0 ? [`${this.#network.leakedCount} messages could be read`] : [];
    return [...this.#broken, ...leaked, ...(await brokenPromises(kept))];
  }

  /** What stands on every honest disk. */
  async held(): Promise<string[]> {
    return (await Promise.all(this.#friends.map(({ device }) => diskRows(device)))).flat();
  }

  async end(): Promise<void> {
    for (const { device } of [...this.#friends, ...this.#late]) if (device.isAwake) device.crash();
    await settled();
  }

  /** Who took two people's word for the time, a wrong clock's and a liar's, lets nothing fade until reopened. */
  async #stayAwakeFor(forMs: number): Promise<void> {
    await this.#pass(forMs);
    for (const { device } of this.#friends.filter((friend) => friend.device.life.clock.isFarOff)) {
      await device.sleep();
      await device.wake();
    }
    await this.#pass(30 * minuteMs);
  }

  async #sleepFor(forMs: number): Promise<void> {
    for (const { device } of this.#friends) await device.sleep();
    await this.#pass(forMs);
    for (const { device } of this.#friends) await device.wake();
    await this.#pass(30 * minuteMs);
    this.#network.rooms.breakAll();
    await this.#pass(30 * minuteMs);
  }

  #meet(name: string): Friend {
    const random = this.#random.fork(name);
    const skewMs = this.#random.whole(-3 * hourMs, 3 * hourMs);
    return new Friend(new Device(name, this.#run, skewMs, this.#network, random.fork('device')), random);
  }

  /** Days in which nothing happens. */
  async #rest(forMs: number): Promise<void> {
    if (forMs === 0) return;
    await this.#pass(hourMs);
    this.#network.calmDown();
    await this.#pass(forMs - hourMs);
  }

  /** Passes time, and lets everybody finish what falls due before the next moment comes. */
  async #pass(forMs: number): Promise<void> {
    const untilMs = this.#time.nowMs + forMs;
    await settled();
    while (this.#time.step(untilMs)) await settled();
  }

  /** Passes time until something is so; a promise is broken where it never comes about. */
  async #until(what: string, isSo: () => Promise<boolean>, atMostMs = 2 * hourMs): Promise<void> {
    const endMs = this.#time.nowMs + atMostMs;
    while (!(await isSo())) {
      if (this.#time.nowMs >= endMs) throw new Error(`it never came about that ${what}`);
      await this.#pass(20 * secondMs);
    }
  }

  /** A friend is invited by somebody and let in by somebody, who need not be the same. */
  async #join(friend: Friend): Promise<void> {
    const awake = this.#friends.filter(({ device }) => device.isAwake);
    const inviter = this.#random.pick(awake) ?? this.#friends[0];
    assert(inviter !== undefined, 'a circle has a founder');
    assert(inviter !== undefined, 'the founder is in the circle');
    if (!inviter.device.isAwake) await inviter.device.wake();
    await this.#pass(secondMs);
    const link = await inviter.invite();
    const others = awake.filter((other) => other !== inviter);
    const host = this.#random.chance(0.5) ? this.#random.pick(others) : undefined;
    if (host !== undefined) {
      await this.#until(`${host.name} has the invitation`, () => host.holdsInvitationsOf(inviter), 3 * dayMs);
      await inviter.device.sleep();
    }
    this.#tell(
      `${inviter.name} invites ${friend.name}${host === undefined ? '' : ` and goes; ${host.name} keeps the door`}`
    );
    await friend.device.wake();
    const asked = await friend.ask(link);
    const stranger = this.#random.chance(0.25) ? this.#meet(`stranger-${++this.#strangers}`) : undefined;
    if (stranger !== undefined) {
      await stranger.device.wake();
      await stranger.ask(link);
    }
    await this.#until(
      `${friend.name} is in`,
      async () => {
        await (host ?? inviter).answerDoor(asked);
        return (await friend.joiningState()) === 'in';
      },
      3 * dayMs
    );
    if (stranger !== undefined) {
      await this.#until(`${stranger.name} is told`, async () => (await stranger.joiningState()) !== 'asking');
      if ((await stranger.joiningState()) === 'in') this.#broken.push(`${stranger.name} got in`);
      await stranger.device.sleep();
    }
    if (!inviter.device.isAwake) await inviter.device.wake();
    await this.#learnKey(friend);
    this.#friends.push(friend);
  }

  async #learnKey({ device }: Friend): Promise<void> {
    const keys = (await device.circle())?.keyring.device;
    if (keys !== undefined) this.#signKeys.set(keys.id, keys.publicKeys.sign);
  }

  /** Who came in first turns: its device is closed for good, and its keys are used by hand. */
  async #turnHostile(): Promise<void> {
    const [turned] = this.#friends.splice(1, 1);
    const circle = await turned?.device.circle();
    if (turned === undefined || circle === undefined) throw new Error('the hostile member is in the circle');
    await turned.device.sleep();
    this.#hostile = new Hostile(circle, this.#network, this.#random.fork('hostile'));
    this.#hostile.enter(await roomTopic(circle.keyring.current.lighthouse, circle.keyring.generation));
  }

  async #setClock({ device, name }: Friend, days: number): Promise<void> {
    this.#tell(`${name}'s clock is ${days} days off`);
    if (device.isAwake) await device.sleep();
    device.skewMs = days * dayMs;
    this.#hadWrongClock = true;
    await device.wake();
  }

  async #somethingHappens(): Promise<void> {
    const awake = this.#friends.filter(({ device }) => device.isAwake);
    const friend = this.#random.pick(awake);
    const asleep = this.#random.pick(this.#friends.filter(({ device }) => !device.isAwake));
    const dice = this.#random.whole(0, 99);
    if (dice < 25) return this.#hostileActs();
    if (dice < 31) return this.#network.beUnkind(this.#random);
    if (dice < 37) return this.#part();
    if (dice < 41) return this.#network.beKind();
    if (asleep !== undefined && (friend === undefined || dice < 55))
      return this.#doThing(asleep, 'wakes', () => asleep.device.wake());
    if (friend === undefined) return;
    if (dice < 62) return this.#doThing(friend, 'sleeps', () => friend.device.sleep());
    if (dice < 69) return this.#doThing(friend, 'crashes', () => this.#crash(friend, async () => undefined));
    if (dice < 74)
      return this.#doThing(friend, 'crashes while speaking', () => this.#crash(friend, () => friend.speak()));
    return this.#doThing(friend, 'speaks', () => friend.speak());
  }

  /** Where the mail waits goes away, comes back, or loses everything. */
  #postHappens(): void {
    const { post } = this.#network;
    if (post === undefined || !this.#mailRandom.chance(0.15)) return;
    const dice = this.#mailRandom.whole(0, 9);
    this.#tell(dice < 2 ? 'the mail is lost' : dice < 6 ? 'the mail is shut' : 'the mail is open');
    if (dice < 2) post.empty();
    else post.setUp(dice >= 6);
  }

  /** Somebody states that the circle goes on in another room. */
  async #roomHappens(): Promise<void> {
    if (!this.#moves.chance(0.02) || this.#isAsFound) return;
    const friend = this.#moves.pick(this.#friends.filter(({ device }) => device.isAwake));
    if (friend !== undefined) await this.#doThing(friend, 'states a generation', () => friend.stateGeneration());
  }

  #doThing({ name }: Friend, what: string, thing: () => Promise<void>): Promise<void> {
    this.#tell(`${name} ${what}`);
    return thing();
  }

  async #hostileActs(): Promise<void> {
    const tricks: (string | undefined)[] = [];
    for (let left = this.#random.whole(1, 3); left > 0; left--) tricks.push(await this.#hostile?.act());
    this.#tell(`hostile: ${tricks.join(', ')}`);
  }

  /** The network falls apart; the hostile member has a seat on two sides and tells each its own story. */
  async #part(): Promise<void> {
    this.#tell('the network parts');
    const sides = new Map<string, number>(hostileOwners.map((owner, side) => [owner, side]));
    this.#network.rooms.partition((owner) => {
      const side = sides.get(owner) ?? this.#random.fork(`${this.#time.nowMs} ${owner}`).whole(0, 2);
      sides.set(owner, side);
      return side;
    });
    await this.#pass(10 * secondMs);
    if (this.#random.chance(0.7)) await this.#hostile?.equivocate();
  }

  /** A crash in the middle of whatever is going on, with a new life at once or later. */
  async #crash({ device }: Friend, during: () => Promise<void>): Promise<void> {
    const doing = during();
    await fewTurns(this.#random.whole(0, 30));
    device.crash();
    await settled();
    // What a crash interrupts may fail however it likes: nobody is there to hear of it.
    await Promise.race([doing.catch(() => undefined), settled()]);
    if (this.#random.chance(0.7)) await device.wake();
  }

  #tell(line: string): void {
    this.story.push(`${new Date(this.#time.nowMs).toISOString()} ${line}`);
  }
}

/** Longer than the worst clock is ahead and the longest saying lasts, together. */
const healMs = 6 * dayMs;

/** Names of databases are never used twice, since live queries listen by name. */
let runsCount = 0;
