/**
 * The engine: keeps every circle of this device in step while this tab is the one that talks to peers.
 *
 * It is started and stopped whole. It watches the database for circles and requests, so a circle that another tab
 * joined is picked up by itself: between tabs, the database is the bus.
 */
import { minuteMs, type Clock } from '../base/clock.ts';
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Author } from '../store/author.ts';
import type { Circles, LocalCircle } from '../store/circles.ts';
import type { CircleRow, JoiningRow, ShoulderDatabase } from '../store/database.ts';
import { sweepContentKeys } from '../store/content-keys.ts';
import { sweepFaded } from '../store/fading.ts';
import { forgetMailOf } from '../store/mail.ts';
import { openJoining } from '../store/joinings.ts';
import { openRoutes, queryRoutes, type RoutesRows } from '../store/routes.ts';
import type { Vault } from '../store/vault.ts';
import { watch, type Watch } from '../store/watch.ts';
import { CircleSync, type CircleSyncDependencies } from './circle-sync.ts';
import { InviteDesk } from './invite-desk.ts';
import type { CreateInviteMailboxes } from './invite-mail.ts';
import { Joiner } from './joiner.ts';
import type { ReplicaStore } from './replica-store.ts';
import type { OpenRoom } from './room.ts';
import type { SignalTransport } from './signal-transport.ts';

export interface EngineDependencies {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly circles: Circles;
  readonly author: Author;
  readonly replicas: ReplicaStore;
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
}

interface RunningCircle {
  sync: CircleSync;
  desk: InviteDesk;
  readonly routesWatch: Watch;
}

/** How often what has faded is looked for. */
const sweepEveryMs = 5 * minuteMs;

export class Engine {
  readonly #deps: EngineDependencies;
  readonly #circles = new Map<number, RunningCircle>();
  readonly #joiners = new Map<string, Joiner>();
  #watches: Watch[] = [];
  #cancelSweep: () => void = () => undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(deps: EngineDependencies) {
    this.#deps = deps;
  }

  start(): void {
    const { database } = this.#deps;
    this.#watches = [
      watch(
        () => database.circles.toArray(),
        (rows) => this.#enqueue(() => this.#tend(rows))
      ),
      watch(
        () => database.joinings.toArray(),
        (rows) => this.#enqueue(() => this.#ask(rows))
      )
    ];
    this.#enqueue(() => this.#sweep());
  }

  /** Looks for everyone again: after a sleep, a reconnect, a return to the tab. */
  wake(): void {
    this.#circles.forEach(({ sync, desk }) => {
      sync.wake();
      desk.wake();
    });
    this.#joiners.forEach((joiner) => joiner.wake());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelSweep();
    this.#watches.forEach((watch) => watch.unsubscribe());
    this.#joiners.forEach((joiner) => joiner.stop());
    this.#circles.forEach(({ desk, routesWatch }) => {
      routesWatch.unsubscribe();
      desk.stop();
    });
    await Promise.all([...this.#circles.values()].map(({ sync }) => sync.stop()));
    await this.#queue.catch(() => undefined); // reported when it failed
  }

  /** Resolves when every circle has nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue;
    await Promise.all([...this.#circles.values()].map(({ sync }) => sync.idle()));
  }

  #enqueue(task: () => Promise<void>): void {
    // A task that failed has been reported as unhandled; it must not keep the next one from running.
    this.#queue = this.#queue.catch(() => undefined).then(() => (this.#stopped ? undefined : task()));
  }

  async #tend(rows: readonly CircleRow[]): Promise<void> {
    for (const row of rows) {
      if (this.#circles.has(row.n) || this.#stopped) continue;
      const circle = await this.#deps.circles.open(row);
      if (!circle.keyring.own) await this.#open(circle);
    }
  }

  async #open(circle: LocalCircle): Promise<void> {
    const { database } = this.#deps;
    const relays = await this.#relaysOf(circle, await queryRoutes(database, circle.n));
    if (this.#stopped) return;
    const routesWatch = watch(
      () => queryRoutes(database, circle.n),
      (rows) => this.#enqueue(() => this.#reroute(circle, rows))
    );
    const sync = new CircleSync(this.#deps, circle, relays);
    const desk = new InviteDesk(this.#deps, circle, relays);
    this.#circles.set(circle.n, { sync, desk, routesWatch });
    desk.start();
    await sync.start();
  }

  /** The circle uses other relays now, or need not serve old ones any longer: everything is opened again on those. RT4. */
  async #reroute(circle: LocalCircle, rows: RoutesRows): Promise<void> {
    const running = this.#circles.get(circle.n);
    const relays = await this.#relaysOf(circle, rows);
    if (running === undefined || this.#stopped || relays.join() === running.sync.relays.join()) return;
    running.desk.stop();
    await running.sync.stop();
    if (this.#stopped) return;
    running.sync = new CircleSync(this.#deps, circle, relays);
    running.desk = new InviteDesk(this.#deps, circle, relays);
    running.desk.start();
    await running.sync.start();
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
      if (this.#deps.mayFade()) await this.#letFade();
    } finally {
      // Stopped meanwhile: a timer set now would keep the whole engine for minutes.
      if (!this.#stopped)
        this.#cancelSweep = this.#deps.clock.after(sweepEveryMs, () => this.#enqueue(() => this.#sweep()));
    }
  }

  /** What has faded goes, with what was noted of it, and the ledgers of whoever said it here say so. */
  async #letFade(): Promise<void> {
    const { database, circles, author, clock } = this.#deps;
    const faded = await sweepFaded(database, clock.nowMs());
    await sweepContentKeys(database);
    await forgetMailOf(database, faded);
    for (const n of new Set(faded.map(({ circle }) => circle))) {
      const circle = await circles.byNumber(n);
      const mine = faded.some(({ circle: of, device }) => of === n && device === circle?.keyring.device.id);
      if (circle !== undefined && mine && !circle.keyring.own) await author.renewLedger(circle, true);
    }
  }
}
