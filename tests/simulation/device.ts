/**
 * A device of the simulation: the app's real parts on a disk of its own, living one life after another.
 *
 * A life ends by `sleep` (the tab is closed in good order) or by `crash` (everything stops where it is: timers, rooms and
 * database connections are gone, and what was in flight fails). The next life opens the same disk.
 */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { CorrectedClock } from '../../src/lib/app/corrected-clock.ts';
import { assert } from '../../src/lib/base/assert.ts';
import { Author, type Exclusively } from '../../src/lib/store/author.ts';
import { Circles, type LocalCircle } from '../../src/lib/store/circles.ts';
import { createDatabase, type ShoulderDatabase } from '../../src/lib/store/database.ts';
import { openVault, type Vault } from '../../src/lib/store/vault.ts';
import { Engine } from '../../src/lib/sync/engine.ts';
import type { Mailbox } from '../../src/lib/sync/envelope-carrier.ts';
import { createReplicaStore, type ReplicaStore } from '../../src/lib/sync/replica-store.ts';
import type { Room, RoomOptions } from '../../src/lib/sync/room.ts';
import type { SignalTransport } from '../../src/lib/sync/signal-transport.ts';
import { openSeat } from './seat.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimulatedNetwork } from './network.ts';
import { DeviceClock } from './virtual-time.ts';

/** Everything of one life: what `Shoulder` holds in a tab. */
export interface Life {
  readonly clock: CorrectedClock;
  readonly random: SeededRandom;
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly circles: Circles;
  readonly author: Author;
  readonly replicas: ReplicaStore;
  readonly engine: Engine;
  /** Stands for this device's Web Locks. */
  readonly exclusively: Exclusively;
}

export class Device {
  readonly name: string;
  readonly databaseName: string;
  /** How far this device's clock is off. A change holds from the next life on. */
  skewMs: number;
  /** Whether a server tells this device the time whenever it wakes. */
  hasServer = false;
  /** Refusals and where they came from, by name. */
  readonly refusals = new Map<string, number>();
  readonly #network: SimulatedNetwork;
  readonly #random: SeededRandom;
  /** The disk. */
  readonly factory = new IDBFactory();
  #life: Life | undefined;
  #end: { kill: () => void; close: () => void } | undefined;
  #livesCount = 0;

  constructor(name: string, run: string, skewMs: number, network: SimulatedNetwork, random: SeededRandom) {
    this.name = name;
    this.databaseName = `${run}/${name}`;
    this.skewMs = skewMs;
    this.#network = network;
    this.#random = random;
  }

  get isAwake(): boolean {
    return this.#life !== undefined;
  }

  get life(): Life {
    assert(this.#life !== undefined, 'only who is awake does something');
    return this.#life;
  }

  /** The one circle this device is in, or `undefined` while it is in none. */
  async circle(): Promise<LocalCircle | undefined> {
    return (await this.life.circles.all())[0];
  }

  /** What time it really is, which no device knows. */
  get trueNowMs(): number {
    return this.#network.time.nowMs;
  }

  /** Opens the disk and starts the engine. */
  async wake(): Promise<void> {
    assert(this.#life === undefined, 'who wakes was asleep');
    const clock = new DeviceClock(this.#network.time, this.skewMs);
    const corrected = new CorrectedClock(() => undefined, clock);
    if (this.hasServer) corrected.heardServer(this.#network.time.nowMs);
    const random = this.#random.fork(`life/${++this.#livesCount}`);
    const disk = { indexedDB: this.factory, IDBKeyRange: IDBKeyRange };
    const database = createDatabase(this.databaseName, disk);
    const replicas = createReplicaStore(`${this.databaseName}/replicas`, disk);
    const vault = await openVault(database, random);
    const circles = new Circles(database, vault);
    const exclusively = oneAtATime();
    const author = new Author({ database, circles, clock: corrected, random, exclusively });
    const rooms = new Set<Room>();
    const transports = new Set<SignalTransport>();
    const mailboxes = new Set<Mailbox>();
    const engine = new Engine({
      ...{ database, vault, circles, author, replicas, random, exclusively, clock: corrected },
      defaultRelays: [],
      createTransport: () => this.#network.createTransport(this.name, transports),
      createMailboxes: async ({ epoch }) => {
        const made = this.#network.createMailboxes(epoch);
        made.forEach((mailbox) => mailboxes.add(mailbox));
        return made;
      },
      createInviteMailboxes: async (keys) => {
        const made = this.#network.posts.map((post) => post.createMailbox(keys.id));
        made.forEach((mailbox) => mailboxes.add(mailbox));
        return made;
      },
      openRoom: (options) => this.#openRoom(options, rooms, random),
      mayFade: () => !corrected.isFarOff,
      onAhead: (person, untilMs) => corrected.heardFriend(person, untilMs),
      onRefused: (_circle, type) => this.refusals.set(type, (this.refusals.get(type) ?? 0) + 1)
    });
    this.#life = { clock: corrected, random, database, vault, circles, author, replicas, engine, exclusively };
    this.#end = {
      kill: () => {
        clock.kill();
        rooms.forEach((room) => room.close());
        transports.forEach((transport) => transport.close());
        mailboxes.forEach((mailbox) => mailbox.close());
      },
      close: () => {
        database.close({ disableAutoOpen: true });
        replicas.close();
      }
    };
    engine.start();
  }

  /** Closes the tab in good order. */
  async sleep(): Promise<void> {
    await this.life.engine.stop();
    this.#end?.close();
    this.#end?.kill();
    this.#life = undefined;
  }

  /** Stops everything where it is. What was in flight fails some turns later, unseen by anybody but the simulation. */
  crash(): void {
    const { engine } = this.life;
    this.#end?.kill();
    this.#end?.close();
    // A real crash takes its listeners along. Its disk is closed: this changes nothing there, and may fail.
    engine.stop().catch(() => undefined);
    this.#life = undefined;
  }

  #openRoom(options: RoomOptions, rooms: Set<Room>, random: SeededRandom): Room {
    const leave = openSeat(this.#network.rooms, this.name, options, random);
    const room: Room = {
      wake: () => this.#network.rooms.meet(),
      close: () => {
        rooms.delete(room);
        leave();
      }
    };
    rooms.add(room);
    return room;
  }
}

/** One task after another under each name, as the Web Locks of one origin. */
const oneAtATime = (): Exclusively => {
  const last = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const running = (last.get(name) ?? Promise.resolve()).then(task);
    last.set(
      name,
      running.catch(() => undefined) // whoever asked hears of it; the next task is its own matter
    );
    return running;
  };
};
