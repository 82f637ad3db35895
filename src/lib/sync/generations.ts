/**
 * The generations of one circle: moves this device to where the circle is within its epoch, and states the next one where the
 * document has grown heavy with what is dead (docs/protocol.md GE1–GE4).
 *
 * It watches the disk, so it does not matter how a statement came in, or in which tab.
 */
import { generationLingerMs, generationPatienceMs, weighEveryMs } from '../base/limits.ts';
import { firstGeneration, isAheadOfTime, isGenerationDue } from '../circle/generation.ts';
import type { LocalCircle } from '../store/circles.ts';
import {
  enterGeneration,
  generationRows,
  readGeneration,
  statedSince,
  stateGeneration,
  type GenerationDependencies
} from '../store/generations.ts';
import { watch, type Watch } from '../store/watch.ts';
import type { Replica } from './replica.ts';
import { SerialQueue } from './serial-queue.ts';

export interface GenerationsDependencies extends GenerationDependencies {
  /** Whether this device's clock may be trusted. */
  readonly mayFade: () => boolean;
}

export class Generations {
  readonly #deps: GenerationsDependencies;
  readonly #circle: LocalCircle;
  readonly #onMoved: () => void;
  #watch: Watch | undefined;
  readonly #queue = new SerialQueue();
  #cancelMove: (() => void) | undefined;
  #cancelStating: (() => void) | undefined;
  #weighedMs = -Infinity;
  #told: number;
  #stopped = false;

  /** `onMoved`: the keyring names another generation now. */
  constructor(deps: GenerationsDependencies, circle: LocalCircle, onMoved: () => void) {
    this.#deps = deps;
    this.#circle = circle;
    this.#onMoved = onMoved;
    this.#told = circle.keyring.generation;
  }

  start(): void {
    const { database } = this.#deps;
    const { n } = this.#circle;
    this.#watch = watch(
      async () => {
        const [rows, row] = await Promise.all([generationRows(database, n), database.circles.get(n)]);
        return { rows, sealed: row?.sealed };
      },
      () => this.#queue.add(() => this.#evaluate())
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.end();
    this.#watch?.unsubscribe();
    this.#cancelMove?.();
    this.#cancelStating?.();
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue.idle();
  }

  /** GE4: whether it was this device that stated where the circle is: it fills the document then. */
  async isMine(): Promise<boolean> {
    const rows = await generationRows(this.#deps.database, this.#circle.n);
    const own = rows.filter(({ device }) => device === this.#circle.keyring.device.id);
    return statedSince(this.#circle, own) !== undefined;
  }

  /** A replica that was just put right: weighed now and then, and where it is due the next generation is stated. GE3. */
  weigh(replica: Replica): void {
    const nowMs = this.#deps.clock.nowMs();
    if (this.#stopped || (nowMs >= this.#weighedMs && nowMs - this.#weighedMs < weighEveryMs)) return;
    this.#weighedMs = nowMs;
    const isHeavy = isGenerationDue(replica.weigh());
    if (this.#deps.mayFade()) this.#queue.add(() => stateGeneration(this.#deps, this.#circle, { isHeavy }));
  }

  async #evaluate(): Promise<void> {
    const wanted = await this.#wanted();
    this.#tell();
    await this.#heedUnstated();
    const isHere = wanted === undefined || wanted === this.#circle.keyring.generation;
    if (isHere || this.#cancelMove !== undefined || this.#stopped) return;
    this.#cancelMove = this.#deps.clock.after(generationLingerMs, () => {
      this.#cancelMove = undefined;
      this.#queue.add(() => this.#move());
    });
  }

  /** GE2: what nobody states any more is stated anew, unless somebody is heard to state it: a newcomer may just not have heard yet. */
  async #heedUnstated(): Promise<void> {
    const { clock, database, mayFade } = this.#deps;
    const isUnstated = (await readGeneration(database, this.#circle)) < this.#circle.keyring.generation;
    if (!isUnstated) {
      this.#cancelStating?.();
      this.#cancelStating = undefined;
    }
    if (!isUnstated || this.#cancelStating !== undefined || this.#stopped) return;
    this.#cancelStating = clock.after(generationPatienceMs, () => {
      this.#cancelStating = undefined;
      if (mayFade()) this.#queue.add(() => stateGeneration(this.#deps, this.#circle, { isHeavy: false }));
    });
  }

  async #move(): Promise<void> {
    const generation = await this.#wanted();
    const { epoch } = this.#circle.keyring.current;
    if (generation !== undefined) await enterGeneration(this.#deps, this.#circle, { epoch, generation });
    this.#tell();
  }

  /** Another tab may have moved the circle as well. */
  #tell(): void {
    const { generation } = this.#circle.keyring;
    if (this.#told === generation) return;
    this.#told = generation;
    this.#onMoved();
  }

  /**
   * GE2: never a lower one, unless nobody can have stated where this device is: whoever welcomed it made that up. `undefined` where the
   * keys changed meanwhile, of which the watch hears.
   */
  async #wanted(): Promise<number | undefined> {
    const { clock, database, mayFade } = this.#deps;
    await this.#circle.refresh();
    const { keyring } = this.#circle;
    const stated = await readGeneration(database, this.#circle);
    const isMadeUp = mayFade() && isAheadOfTime(keyring.generation, clock.nowMs());
    const generation = Math.max(stated, isMadeUp ? firstGeneration : keyring.generation);
    return keyring === this.#circle.keyring ? generation : undefined;
  }
}
