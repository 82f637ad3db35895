/**
 * Which rooms of its epoch a circle has moved from within a week: each is still served by this device, for friends who slept
 * (docs/protocol.md GE5).
 */
import { formerRoomLifetimeMs, formerRoomsMax } from '../base/limits.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../store/database.ts';
import { generationRows, openGenerations, type StatedGeneration } from '../store/generations.ts';
import { statementRows } from '../store/held-rows.ts';
import { watch, type Watch } from '../store/watch.ts';
import { FormerRoom, type FormerRoomDependencies, type Shown } from './former-room.ts';

export interface FormerRoomsDependencies extends FormerRoomDependencies {
  readonly database: ShoulderDatabase;
}

export class FormerRooms {
  readonly #deps: FormerRoomsDependencies;
  readonly #circle: LocalCircle;
  readonly #relays: readonly string[];
  readonly #open = new Map<number, FormerRoom>();
  #watch: Watch | undefined;
  #cancelNext: () => void = () => undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(deps: FormerRoomsDependencies, circle: LocalCircle, relays: readonly string[]) {
    this.#deps = deps;
    this.#circle = circle;
    this.#relays = relays;
  }

  start(): void {
    this.#watch = watch(
      () => generationRows(this.#deps.database, this.#circle.n),
      (rows) => this.#tendSoon(rows)
    );
  }

  wake(): void {
    this.#open.forEach((room) => room.wake());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#watch?.unsubscribe();
    this.#cancelNext();
    this.#open.forEach((room) => room.stop());
    await this.idle();
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue.catch(() => undefined); // reported when it failed
    await Promise.all([...this.#open.values()].map((room) => room.idle()));
  }

  #tendSoon(rows: readonly EnvelopeRow[]): void {
    this.#queue = this.#queue.catch(() => undefined).then(() => (this.#stopped ? undefined : this.#tend(rows)));
  }

  async #tend(rows: readonly EnvelopeRow[]): Promise<void> {
    const { clock, database } = this.#deps;
    const { generation, current } = this.#circle.keyring;
    const keys = current.lighthouse;
    const isFresh = ({ atMs }: StatedGeneration): boolean => clock.nowMs() - atMs < formerRoomLifetimeMs;
    const stated = (await openGenerations(this.#circle, rows))
      .filter((each) => each.was < generation && each.generation <= generation && isFresh(each))
      .toSorted((a, b) => b.atMs - a.atMs);
    const wanted = [...new Set(stated.map(({ was }) => was))].slice(0, formerRoomsMax);
    // Whoever slept may not have heard of whoever stated it.
    const known = stated.length === 0 ? [] : await statementRows(database, this.#circle.n);
    if (this.#stopped) return;
    for (const [was, room] of this.#open) {
      if (wanted.includes(was)) continue;
      room.stop();
      this.#open.delete(was);
    }
    for (const was of wanted) {
      const shown: Shown = new Map(
        [...known, ...stated.map(({ row }) => row)].map(({ key, bytes }) => [key, bytes] as const)
      );
      const latestMs = Math.max(...stated.filter((each) => each.was === was).map(({ atMs }) => atMs));
      const room = this.#open.get(was) ?? new FormerRoom(this.#deps, this.#circle, { keys, was, relays: this.#relays });
      if (!this.#open.has(was)) room.start(shown, latestMs);
      else room.show(shown);
      this.#open.set(was, room);
    }
    this.#cancelNext();
    const oldest = stated.at(-1);
    if (oldest === undefined) return;
    // By a clock that was set back it would be longer than any timer runs, and a timer that is too long ends at once.
    const restMs = Math.min(oldest.atMs + formerRoomLifetimeMs - clock.nowMs(), formerRoomLifetimeMs);
    this.#cancelNext = clock.after(restMs, () => this.#tendSoon(rows));
  }
}
