/**
 * Five friends with one route between their phones: how long until what one says is on the others' disks?
 *
 * They come together by real invitations, then each lives by a plan (`day-plan.ts`). An opening is a life of the real
 * engine on the phone's own disk; it ends in good order or not, as apps on phones do. Whatever a route needs of the app
 * (mailboxes, links, the inbox) is the app's own code; what lies between the phones is kind, since loss and lies are the
 * other simulation's matter.
 */
import { linkOfNewest } from '../../../src/lib/app/commands/carry.ts';
import { takeInCarried } from '../../../src/lib/app/carried.ts';
import { assert } from '../../../src/lib/base/assert.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../src/lib/base/clock.ts';
import type { MapKey } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { Device } from '../device.ts';
import { Friend } from '../friend.ts';
import { SimulatedNetwork } from '../network.ts';
import { SeededRandom } from '../seeded-random.ts';
import { settled } from '../settling.ts';
import { VirtualTime } from '../virtual-time.ts';
import { boundsMs, openingsOfAll, sayingsIn, type Opening, type PlannedSaying } from './day-plan.ts';
import type { Route } from './routes.ts';

/** What became of one check-in: for each of the others, soonest first, how long it took and could not have taken less. */
export interface Arrival {
  readonly tookMs: readonly number[];
  readonly boundMs: readonly number[];
}

export interface ReachOptions {
  readonly route: Route;
  readonly seed: number;
  /** Check-ins, said at random openings of the first `sayDays`. */
  readonly sayings: number;
  readonly sayDays: number;
  /** When to give up on what has not arrived, days after the first. */
  readonly horizonDays: number;
}

interface Said extends PlannedSaying {
  readonly key: MapKey;
  readonly arrivedAtMs: Map<number, number>;
}

interface Moment {
  readonly atMs: number;
  readonly act: () => Promise<void>;
}

const friendsCount = 5;
/** How often a failing relay goes or comes back, at most. */
const relayTurnMs = 4 * hourMs;
const appAddress = new URL('https://shoulder.example/');

/** Plays one seed; an arrival for each check-in, `Infinity` where it never came. */
export const playReach = async (options: ReachOptions): Promise<Arrival[]> => {
  const world = new ReachWorld(options);
  await world.comeTogether();
  const arrivals = await world.live();
  await world.end();
  return arrivals;
};

class ReachWorld {
  readonly #options: ReachOptions;
  readonly #time = new VirtualTime();
  readonly #random: SeededRandom;
  readonly #network: SimulatedNetwork;
  readonly #run: string;
  readonly #friends: Friend[] = [];
  readonly #said: Said[] = [];
  /** The group chat: links, in the order they were posted. */
  readonly #chat: string[] = [];
  /** How much of the chat each friend has brought in. */
  readonly #readTo = new Map<number, number>();
  #lamp: Friend | undefined;

  constructor(options: ReachOptions) {
    const { route, seed } = options;
    this.#options = options;
    this.#random = new SeededRandom(`reach ${seed}`);
    this.#network = new SimulatedNetwork(this.#time, this.#random.fork('network'), false);
    route.relays.forEach((_, i) => this.#network.addPost(`wss://relay-${i}.example`));
    this.#run = `reach ${seed} ${++runsCount}`;
  }

  /** Everybody is awake and reaches everybody until all are in; then the route is all there is, and phones are closed. */
  async comeTogether(): Promise<void> {
    const { route } = this.#options;
    const founder = await this.#wakeNew('friend-0');
    await founder.startCircle();
    this.#friends.push(founder);
    while (this.#friends.length < friendsCount) this.#friends.push(await this.#join(`friend-${this.#friends.length}`));
    if (route.lamp) this.#lamp = await this.#join('lamp');
    await this.#pass(hourMs);
    for (const { device } of this.#friends) await device.sleep();
    this.#network.rooms.areApart = !route.meets;
  }

  async live(): Promise<Arrival[]> {
    const { route, sayings, sayDays, horizonDays } = this.#options;
    const startMs = Math.ceil(this.#time.nowMs / dayMs) * dayMs;
    const openings = openingsOfAll(friendsCount, startMs, { days: horizonDays, random: this.#random.fork('openings') });
    const early = openings.filter(({ fromMs }) => fromMs < startMs + sayDays * dayMs);
    const planned = sayingsIn(early, sayings, this.#random.fork('sayings'));
    const bounds = planned.map((saying) =>
      // A link is brought in when somebody opens the app, not while they have it open.
      boundsMs(openings, saying, { friends: friendsCount, hearsWhileOpen: !route.links })
    );
    for (const { atMs, act } of this.#moments(openings, planned, startMs)) {
      await this.#pass(atMs - this.#time.nowMs);
      await act();
      await settled();
      if (this.#said.length === planned.length && this.#said.every(isEverywhere)) break;
    }
    return this.#said.map(({ atMs, arrivedAtMs }, i) => ({
      tookMs: Array.from({ length: friendsCount - 1 }, (_, k) => [...arrivedAtMs.values()][k] ?? Infinity)
        .map((arrivedMs) => arrivedMs - atMs)
        .toSorted((a, b) => a - b),
      boundMs: bounds[i] ?? []
    }));
  }

  async end(): Promise<void> {
    for (const { device } of [...this.#friends, ...(this.#lamp === undefined ? [] : [this.#lamp])])
      if (device.isAwake) await device.sleep();
    await settled();
  }

  /** All that happens by plan, in order. */
  #moments(openings: readonly Opening[], planned: readonly PlannedSaying[], startMs: number): Moment[] {
    const opened = this.#worthwhile(openings, planned).flatMap((opening): Moment[] => [
      { atMs: opening.fromMs, act: () => this.#open(opening.friend) },
      { atMs: opening.toMs, act: () => this.#close(opening.friend) }
    ]);
    const said = planned.map((saying): Moment => ({ atMs: saying.atMs, act: () => this.#say(saying) }));
    return [...opened, ...said, ...this.#relayTurns(startMs)].toSorted((a, b) => a.atMs - b.atMs);
  }

  /**
   * With live alone, a phone that is open alone learns nothing: such openings are left out, which spares nine tenths of the
   * work and changes no figure.
   */
  #worthwhile(openings: readonly Opening[], planned: readonly PlannedSaying[]): readonly Opening[] {
    const { relays, lamp, links } = this.#options.route;
    if (relays.length > 0 || lamp || links) return openings;
    const meets = (a: Opening, b: Opening): boolean => a !== b && a.fromMs < b.toMs && b.fromMs < a.toMs;
    return openings.filter(
      (opening, i) =>
        planned.some((saying) => saying.opening === opening) ||
        // In order, so that whoever meets it stands close by.
        openings.slice(Math.max(0, i - friendsCount), i + friendsCount).some((other) => meets(opening, other))
    );
  }

  #relayTurns(startMs: number): Moment[] {
    const random = this.#random.fork('relays');
    return this.#options.route.relays.flatMap((relay, i): Moment[] => {
      if (relay === 'steady') return [];
      const turns: Moment[] = [];
      let isUp = random.chance(0.5);
      for (let atMs = startMs; atMs < startMs + this.#options.horizonDays * dayMs;) {
        const nowUp = isUp;
        turns.push({ atMs, act: async () => this.#network.posts[i]?.setUp(nowUp) });
        isUp = !isUp;
        atMs += random.whole(minuteMs, relayTurnMs);
      }
      return turns;
    });
  }

  async #open(n: number): Promise<void> {
    const { device } = this.#friend(n);
    await device.wake();
    await settled();
    const { life } = device;
    const posted = this.#chat.slice(this.#readTo.get(n) ?? 0);
    this.#readTo.set(n, this.#chat.length);
    for (const link of posted) unwrap(await takeInCarried(life, [link]));
    await this.#look();
  }

  async #close(n: number): Promise<void> {
    const { device } = this.#friend(n);
    if (this.#random.fork(`close ${this.#time.nowMs}`).chance(0.5)) await device.sleep();
    else device.crash();
  }

  async #say(saying: PlannedSaying): Promise<void> {
    const { life } = this.#friend(saying.opening.friend).device;
    const circle = await this.#circleOf(saying.opening.friend);
    const body = { id: this.#random.bytes(16), words: 'A rough week, and I say it.', feelings: [] };
    const slot = `kept/${this.#said.length}`;
    const { key } = unwrap(await life.author.say(circle, { kind: kinds.checkIn, slot, body, expMs: null }));
    this.#said.push({ ...saying, key, arrivedAtMs: new Map() });
    if (!this.#options.route.links) return;
    const link = await linkOfNewest(life, circle, appAddress);
    assert(link.carries, 'a short check-in fits a link');
    this.#chat.push(link.url);
  }

  /** Writes down what has arrived by now. */
  async #look(): Promise<void> {
    for (const [n, { device }] of this.#friends.entries()) {
      if (!device.isAwake) continue;
      const missing = this.#said.filter(({ opening, arrivedAtMs }) => opening.friend !== n && !arrivedAtMs.has(n));
      if (missing.length === 0) continue;
      const { n: circle } = await this.#circleOf(n);
      const rows = await device.life.database.envelopes.bulkGet(missing.map(({ key }) => [circle, key]));
      missing.forEach(({ arrivedAtMs }, i) => {
        if (rows[i] !== undefined) arrivedAtMs.set(n, this.#time.nowMs);
      });
    }
  }

  async #join(name: string): Promise<Friend> {
    const host = this.#friend(0);
    const link = await host.invite();
    const friend = await this.#wakeNew(name);
    const asked = await friend.ask(link);
    for (let turns = 0; (await friend.joiningState()) !== 'in'; turns++) {
      assert(turns < 100, 'who is invited comes in');
      await host.answerDoor(asked);
      await this.#pass(20 * secondMs);
    }
    return friend;
  }

  async #wakeNew(name: string): Promise<Friend> {
    const random = this.#random.fork(name);
    const skewMs = random.whole(-5 * minuteMs, 5 * minuteMs);
    const device = new Device(name, this.#run, skewMs, this.#network, random.fork('device'));
    await device.wake();
    return new Friend(device, random);
  }

  async #pass(forMs: number): Promise<void> {
    const untilMs = this.#time.nowMs + forMs;
    await settled();
    await this.#look();
    while (this.#time.step(untilMs)) {
      await settled();
      await this.#look();
    }
  }

  #friend(n: number): Friend {
    const friend = this.#friends[n];
    assert(friend !== undefined, 'friends are counted from zero');
    return friend;
  }

  async #circleOf(n: number): Promise<NonNullable<Awaited<ReturnType<Device['circle']>>>> {
    const circle = await this.#friend(n).device.circle();
    assert(circle !== undefined, 'everybody is in');
    return circle;
  }
}

const isEverywhere = ({ arrivedAtMs }: Said): boolean => arrivedAtMs.size === friendsCount - 1;

/** Names of databases are never used twice, since live queries listen by name. */
let runsCount = 0;
