/**
 * The engine: keeps every circle of this device in step while this tab is the one that talks to peers.
 *
 * It is started and stopped whole. It watches the database for circles and requests, so a circle that another tab
 * joined is picked up by itself: between tabs, the database is the bus.
 */
import { minuteMs, type Clock } from '../base/clock.ts';
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { firstGeneration } from '../circle/generation.ts';
import type { Author, Exclusively } from '../store/author.ts';
import { replicaIdOf } from '../store/carriers.ts';
import type { Circles, LocalCircle } from '../store/circles.ts';
import type { CircleRow, JoiningRow, ShoulderDatabase } from '../store/database.ts';
import { openJoining } from '../store/joinings.ts';
import { openRoutes, queryRoutes, type RoutesRows } from '../store/routes.ts';
import { sweep } from '../store/sweep.ts';
import type { Vault } from '../store/vault.ts';
import { watch, type Watch } from '../store/watch.ts';
import { CircleSync, type CircleSyncDependencies } from './circle-sync.ts';
import { Inbox, type Arrival, type Outcome } from './inbox.ts';
import { Generations } from './generations.ts';
import { InviteDesk } from './invite-desk.ts';
import type { CreateInviteMailboxes } from './invite-mail.ts';
import { Joiner } from './joiner.ts';
import { Lighthouses } from './lighthouses.ts';
import { OwnDevices } from './own-devices.ts';
import { PorchKeeper } from './porch-keeper.ts';
import { showNobody } from './presence.ts';
import type { Replica } from './replica.ts';
import type { ReplicaStore } from './replica-store.ts';
import type { OpenRoom } from './room.ts';
import { SerialQueue } from './serial-queue.ts';
import type { SignalTransport } from './signal-transport.ts';
import { Succession, type Whereabouts } from './succession.ts';

export interface EngineDependencies {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly circles: Circles;
  readonly author: Author;
  readonly replicas: ReplicaStore;
  /** The author's. */
  readonly exclusively: Exclusively;
  readonly clock: Clock;
  readonly random: Random;
  /** Used where a circle, or a link, names no relay at all. */
  readonly defaultRelays: readonly string[];
  /** Finds others over all of these relays at once. */
  readonly createTransport: (relays: readonly string[]) => SignalTransport;
  readonly openRoom: OpenRoom;
  readonly createMailboxes: CircleSyncDependencies['createMailboxes'];
  readonly createInviteMailboxes: CreateInviteMailboxes;
  /** Whether this device's clock may be trusted to let things fade. */
  readonly mayFade: () => boolean;
  /** Told of a friend's record that waits because it is dated far ahead of this clock. */
  readonly onAhead: (person: PersonId, untilMs: number) => void;
  readonly onRefused: (circle: number, type: string, device: DeviceId | null) => void;
  /** This device has come to have two own circles. */
  readonly onTwoOwn?: () => void;
}

/** A circle that is open. What talks in it begins anew with each epoch and generation, and with other relays. */
interface RunningCircle {
  readonly circle: LocalCircle;
  readonly inbox: Inbox;
  readonly succession: Succession;
  readonly generations: Generations;
  readonly routesWatch: Watch;
  relays: readonly string[];
  whereabouts: Whereabouts | undefined;
  /** The device that was talked as last: whoever is let in again on the same phone comes back as another. */
  talksAs: DeviceId;
  /** The one that was talked in last. */
  generation: number;
  sync: CircleSync | undefined;
  desk: InviteDesk | undefined;
  lighthouses: Lighthouses | undefined;
  porch: PorchKeeper | undefined;
  /** In one's own circle. */
  ownDevices: OwnDevices | undefined;
}

/** How often what has faded is looked for. */
const sweepEveryMs = 5 * minuteMs;

export class Engine {
  readonly #deps: EngineDependencies;
  readonly #circles = new Map<number, RunningCircle>();
  readonly #joiners = new Map<string, Joiner>();
  #watches: Watch[] = [];
  #cancelSweep: () => void = () => undefined;
  readonly #queue = new SerialQueue();
  #stopped = false;

  constructor(deps: EngineDependencies) {
    this.#deps = deps;
  }

  start(): void {
    const { database } = this.#deps;
    this.#watches = [
      watch(
        () => database.circles.toArray(),
        (rows) => this.#queue.add(() => this.#tend(rows))
      ),
      watch(
        () => database.joinings.toArray(),
        (rows) => this.#queue.add(() => this.#ask(rows))
      )
    ];
    this.#queue.add(() => this.#sweep());
  }

  /** Looks for everyone again: after a sleep, a reconnect, a return to the tab. */
  wake(): void {
    this.#circles.forEach(({ sync, desk, lighthouses, porch }) => {
      sync?.wake();
      desk?.wake();
      lighthouses?.wake();
      porch?.wake();
    });
    this.#joiners.forEach((joiner) => joiner.wake());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#queue.end();
    this.#cancelSweep();
    this.#watches.forEach((watch) => watch.unsubscribe());
    this.#joiners.forEach((joiner) => joiner.stop());
    await Promise.all([...this.#circles.values()].map(close));
    await this.#queue.idle();
  }

  /** Resolves when every circle has nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue.idle();
    for (const running of this.#circles.values()) {
      await running.succession.idle();
      await running.generations.idle();
      await this.#queue.idle();
      const { sync, lighthouses, porch, ownDevices } = running;
      await lighthouses?.idle();
      await porch?.idle();
      await ownDevices?.idle();
      await sync?.idle();
    }
  }

  async #tend(rows: readonly CircleRow[]): Promise<void> {
    for (const [n, running] of this.#circles) {
      if (rows.some((row) => row.n === n)) continue;
      this.#circles.delete(n);
      await close(running);
    }
    let own = 0;
    for (const row of rows) {
      if (this.#stopped) continue;
      const circle = await this.#deps.circles.open(row);
      if (circle.keyring.own && ++own === 2) this.#deps.onTwoOwn?.();
      if (this.#circles.has(row.n)) continue;
      // With one device there is nobody to talk to in one's own circle.
      if (!circle.keyring.own || (row.devices ?? 1) > 1) await this.#open(circle);
    }
  }

  async #open(circle: LocalCircle): Promise<void> {
    const { database } = this.#deps;
    const relays = await this.#relaysOf(circle, await queryRoutes(database, circle.n));
    if (this.#stopped) return;
    const { n } = circle;
    const routesWatch = watch(
      () => queryRoutes(database, n),
      (rows) => this.#queue.add(() => this.#reroute(n, rows))
    );
    const succession = new Succession(this.#deps, circle, (whereabouts) =>
      this.#queue.add(() => this.#goTo(n, whereabouts))
    );
    const generations = new Generations(this.#deps, circle, () => this.#queue.add(() => this.#goOn(n)));
    const inbox = new Inbox(this.#deps, circle);
    const nothing = {
      ...{ whereabouts: undefined, sync: undefined, desk: undefined, lighthouses: undefined, porch: undefined },
      ...{ ownDevices: undefined, generation: circle.keyring.generation, talksAs: circle.keyring.device.id }
    };
    this.#circles.set(n, { circle, inbox, succession, generations, routesWatch, relays, ...nothing });
    succession.start();
    generations.start();
  }

  /** The circle uses other relays now, or need not serve old ones any longer: everything is opened again on those. RT4. */
  async #reroute(n: number, rows: RoutesRows): Promise<void> {
    const running = this.#circles.get(n);
    if (running === undefined) return;
    const relays = await this.#relaysOf(running.circle, rows);
    if (this.#stopped || relays.join() === running.relays.join()) return;
    running.relays = relays;
    if (running.whereabouts !== undefined) await this.#talk(running, running.whereabouts);
  }

  /** Within its epoch the circle is in another room. GE4. */
  async #goOn(n: number): Promise<void> {
    const running = this.#circles.get(n);
    if (running?.whereabouts === undefined || running.generation === running.circle.keyring.generation) return;
    await this.#talk(running, running.whereabouts);
  }

  /** The circle is in another epoch, or this device is, or there is more that is known of it. EP12. */
  async #goTo(n: number, whereabouts: Whereabouts): Promise<void> {
    const running = this.#circles.get(n);
    if (running === undefined) return;
    const { whereabouts: before } = running;
    running.whereabouts = whereabouts;
    const isSame = running.talksAs === running.circle.keyring.device.id;
    if (isSame && before?.epoch === whereabouts.epoch && before.standing === whereabouts.standing)
      running.lighthouses?.update(whereabouts);
    else await this.#talk(running, whereabouts);
  }

  /** Ends what talks in a circle, and begins what is to talk there now: all of it, or only what finds the way to it, or nothing. */
  async #talk(running: RunningCircle, whereabouts: Whereabouts): Promise<void> {
    await stopTalking(running);
    const { circle, inbox, relays, generations } = running;
    if (this.#stopped) return;
    const former = circle.keyring.lighthouses.map(({ keys }) => keys.epoch);
    await this.#deps.replicas.dropOthers(replicaIdOf(circle), former);
    const isFirst = await generations.isMine();
    if (this.#stopped) return;
    // Keys may change while something is waited for: from here on, what is begun with them is begun at once.
    running.generation = circle.keyring.generation;
    running.talksAs = circle.keyring.device.id;
    // Whom this device was connected to until now it is connected to no more.
    if (whereabouts.standing !== 'in') showNobody(this.#deps.database, circle.n);
    if (whereabouts.standing === 'out') return;
    inbox.refreshRoster();
    if (whereabouts.standing === 'in') {
      if (circle.keyring.own) running.ownDevices = new OwnDevices(this.#deps, circle);
      const onMended = (replica: Replica): void => generations.weigh(replica);
      running.sync = new CircleSync({ ...this.#deps, onMended }, circle, inbox, relays);
      running.desk = new InviteDesk(this.#deps, circle, relays);
    }
    const { sync, desk } = running;
    const receive = (arrivals: readonly Arrival[]): Promise<readonly Outcome[]> =>
      sync === undefined ? inbox.receive(arrivals) : sync.receiveOlder(arrivals);
    running.lighthouses = new Lighthouses({ ...this.#deps, receive }, circle, whereabouts, relays);
    running.lighthouses.start();
    if (sync !== undefined && running.generation !== firstGeneration)
      running.porch = new PorchKeeper({ ...this.#deps, receive }, circle, relays);
    running.porch?.start();
    running.ownDevices?.start();
    desk?.start();
    await sync?.start({ isFirst });
  }

  async #relaysOf(circle: LocalCircle, rows: RoutesRows): Promise<string[]> {
    const { relays, left } = await openRoutes(circle, rows, this.#deps.defaultRelays);
    return [...relays, ...left];
  }

  async #ask(rows: readonly JoiningRow[]): Promise<void> {
    for (const row of rows) {
      if (row.state !== 'asking' || this.#joiners.has(row.id) || this.#stopped) continue;
      const joining = await openJoining(this.#deps.vault, row);
      if (this.#stopped) return;
      const joiner = new Joiner(this.#deps, row, joining);
      this.#joiners.set(row.id, joiner);
      joiner.start();
    }
    for (const [id, joiner] of this.#joiners) {
      if (rows.some((row) => row.id === id && row.state === 'asking')) continue;
      joiner.stop();
      this.#joiners.delete(id);
    }
  }

  /** Lets go of what has faded, now and again. What the disk refuses now is tried again with the next. */
  async #sweep(): Promise<void> {
    try {
      if (this.#deps.mayFade()) await sweep(this.#deps);
    } finally {
      // Stopped meanwhile: a timer set now would keep the whole engine for minutes.
      if (!this.#stopped)
        this.#cancelSweep = this.#deps.clock.after(sweepEveryMs, () => this.#queue.add(() => this.#sweep()));
    }
  }
}

const close = async (running: RunningCircle): Promise<void> => {
  running.routesWatch.unsubscribe();
  running.succession.stop();
  running.generations.stop();
  await stopTalking(running);
};

const stopTalking = async (running: RunningCircle): Promise<void> => {
  const { sync, desk, lighthouses, porch, ownDevices } = running;
  running.sync = running.desk = running.lighthouses = running.porch = running.ownDevices = undefined;
  ownDevices?.stop();
  desk?.stop();
  porch?.stop();
  await porch?.idle();
  await lighthouses?.stop();
  await sync?.stop();
};
