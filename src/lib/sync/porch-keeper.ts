/**
 * The porch of a circle's epoch: open as long as this device is in a later generation, and showing who is in and that the circle moved
 * (docs/protocol.md GE5).
 */
import type { EpochId } from '../base/ids.ts';
import { porchPauseMaxMs } from '../base/limits.ts';
import { noticeKeys } from '../records/epoch-keys.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../store/database.ts';
import { generationRows, statedHere, statedSince } from '../store/generations.ts';
import { statementRows } from '../store/held-rows.ts';
import { watch, type Watch } from '../store/watch.ts';
import { Porch, type PorchDependencies } from './porch.ts';
import { SerialQueue } from './serial-queue.ts';

export interface PorchKeeperDependencies extends PorchDependencies {
  readonly database: ShoulderDatabase;
}

export class PorchKeeper {
  readonly #deps: PorchKeeperDependencies;
  readonly #circle: LocalCircle;
  readonly #epoch: EpochId;
  readonly #porch: Porch;
  readonly #queue = new SerialQueue();
  #watch: Watch | undefined;
  #isOpen = false;
  #stopped = false;

  constructor(deps: PorchKeeperDependencies, circle: LocalCircle, relays: readonly string[]) {
    this.#deps = deps;
    this.#circle = circle;
    const { current } = circle.keyring;
    this.#epoch = current.epoch;
    const openedBy = [current, noticeKeys(current.lighthouse)];
    this.#porch = new Porch(deps, circle, { keys: current.lighthouse, openedBy, relays });
  }

  start(): void {
    const { database } = this.#deps;
    const { n } = this.#circle;
    this.#watch = watch(
      // Whoever slept may not have heard of whoever moved the circle.
      async () => ({ stated: await generationRows(database, n), known: await statementRows(database, n) }),
      ({ stated, known }) => this.#queue.add(() => this.#show(stated, known))
    );
  }

  wake(): void {
    this.#porch.wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.end();
    this.#watch?.unsubscribe();
    this.#porch.stop();
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue.idle();
    await this.#porch.idle();
  }

  async #show(stated: readonly EnvelopeRow[], known: readonly EnvelopeRow[]): Promise<void> {
    // Once the circle is in another epoch, here or in another tab, its rows are sealed in that: nothing for those who are here.
    await this.#circle.refresh();
    if (this.#stopped || this.#circle.keyring.current.epoch !== this.#epoch) return;
    // Who came into this epoch is not told what was said in those before.
    const shown = [...known, ...statedHere(this.#circle, stated)];
    this.#porch.show(new Map(shown.map(({ key, bytes }) => [key, bytes])));
    if (this.#isOpen) return;
    this.#isOpen = true;
    // Those who are there yet when the circle moves are to follow with nothing of what it left.
    const goneMs = (statedSince(this.#circle, stated) ?? 0) + porchPauseMaxMs;
    this.#porch.open(Math.min(goneMs - this.#deps.clock.nowMs(), porchPauseMaxMs));
  }
}
