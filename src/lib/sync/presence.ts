/**
 * Who is here now in one circle, for every tab to see. Written by the one tab that talks to peers.
 */
import { secondMs, type Clock } from '../base/clock.ts';
import type { DeviceId } from '../base/ids.ts';
import { toStorageError, type PresenceRow, type ShoulderDatabase } from '../store/database.ts';

/** A way to find others that has not opened by then is closed, as far as anybody looking is concerned. */
const offlineAfterMs = 3 * secondMs;

/** Nobody is here as far as this device knows: it does not talk in this circle now, and may never again. */
export const showNobody = (database: ShoulderDatabase, circle: number): void => {
  database.presence.put({ circle, online: true, devices: [] }).catch((error: unknown) => toStorageError(error));
};

export class Presence {
  readonly #database: ShoulderDatabase;
  #row: PresenceRow;
  #cancel: () => void;
  #stopped = false;

  /** Nobody is here yet, and the way to find them is taken to be open until it proves closed. */
  constructor(database: ShoulderDatabase, clock: Clock, circle: number) {
    this.#database = database;
    this.#row = { circle, online: true, devices: [] };
    this.#cancel = clock.after(offlineAfterMs, () => this.#show({ online: false }));
    this.#show({});
  }

  /** These devices are connected. */
  showDevices(devices: readonly DeviceId[]): void {
    this.#show({ devices: [...devices] });
  }

  /** The way to find others opened or closed. */
  showOnline(online: boolean): void {
    this.#cancel();
    this.#show({ online });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #show(change: Partial<PresenceRow>): void {
    if (this.#stopped) return;
    this.#row = { ...this.#row, ...change };
    // Shown late or not at all, presence harms nothing; it is written in order because Dexie keeps order.
    this.#database.presence.put(this.#row).catch((error: unknown) => toStorageError(error));
  }
}
