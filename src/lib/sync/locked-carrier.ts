/**
 * What a locked device still does for its friends: it keeps each circle's replica the same with whoever is there, sealed as
 * everything in it is. It opens nothing, judges nothing, says nothing and stores nothing in the truth; what it carried in is taken
 * in by `CircleSync` once somebody opens the lock (docs/protocol.md VA9).
 */
import type * as Y from 'yjs';
import type { CarrierRow, ShoulderDatabase } from '../store/database.ts';
import { watch, type Watch } from '../store/watch.ts';
import type { OpenReplica, ReplicaStore } from './replica-store.ts';
import type { Room } from './room.ts';
import { SerialQueue } from './serial-queue.ts';

export interface LockedCarrierDependencies {
  readonly database: ShoulderDatabase;
  readonly replicas: ReplicaStore;
  readonly openRoom: (row: CarrierRow, doc: Y.Doc) => Room;
}

interface Carried {
  readonly replica: OpenReplica;
  readonly room: Room;
}

export class LockedCarrier {
  readonly #deps: LockedCarrierDependencies;
  readonly #carried = new Map<number, Carried>();
  #watch: Watch | undefined;
  readonly #queue = new SerialQueue();
  #isStopped = false;

  constructor(deps: LockedCarrierDependencies) {
    this.#deps = deps;
  }

  start(): void {
    const { database } = this.#deps;
    this.#watch = watch(
      () => database.carriers.toArray(),
      (rows) => {
        this.#queue.add(() => this.#tend(rows));
      }
    );
  }

  /** Looks for everyone again. */
  wake(): void {
    this.#carried.forEach(({ room }) => room.wake());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#queue.end();
    this.#watch?.unsubscribe();
    await this.#queue.idle();
    for (const { room, replica } of this.#carried.values()) {
      room.close();
      replica.release();
    }
    this.#carried.clear();
  }

  async #tend(rows: readonly CarrierRow[]): Promise<void> {
    const { replicas, openRoom } = this.#deps;
    for (const row of rows) {
      if (this.#isStopped || this.#carried.has(row.circle)) continue;
      const replica = await replicas.open(row.replica);
      if (this.#isStopped) return replica.release();
      this.#carried.set(row.circle, { replica, room: openRoom(row, replica.replica.doc) });
    }
  }
}
