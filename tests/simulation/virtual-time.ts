/**
 * Time that passes only when the simulation says so, and clocks that show it wrongly.
 *
 * Whatever is set for a moment happens on a grid of `gridMs`, so that what falls together is worked off together.
 */
import { dayMs, type Clock } from '../../src/lib/base/clock.ts';

const gridMs = 100;

interface Task {
  readonly atMs: number;
  readonly run: () => void;
}

export class VirtualTime {
  /** The true time, milliseconds since 1970. No device sees it. */
  nowMs = 20_000 * dayMs;
  #tasks: Task[] = [];

  /** Runs a task `delayMs` from now; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void {
    const atMs = Math.ceil((this.nowMs + Math.max(1, delayMs)) / gridMs) * gridMs;
    const task = { atMs, run };
    let at = this.#tasks.length;
    while (at > 0 && (this.#tasks[at - 1] as Task).atMs > atMs) at--;
    this.#tasks.splice(at, 0, task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  /** Passes to the next moment at which something happens and does it; false where there is none by `untilMs`. */
  step(untilMs: number): boolean {
    const atMs = this.#tasks[0]?.atMs;
    if (atMs === undefined || atMs > untilMs) {
      this.nowMs = Math.max(this.nowMs, untilMs);
      return false;
    }
    this.nowMs = Math.max(this.nowMs, atMs);
    while (this.#tasks[0] !== undefined && this.#tasks[0].atMs <= this.nowMs) this.#tasks.shift()?.run();
    return true;
  }
}

/** The clock of one life of a device: `skewMs` off, and silent once that life is over. */
export class DeviceClock implements Clock {
  readonly #time: VirtualTime;
  readonly #skewMs: number;
  readonly #cancels = new Set<() => void>();
  #dead = false;

  constructor(time: VirtualTime, skewMs: number) {
    this.#time = time;
    this.#skewMs = skewMs;
  }

  nowMs(): number {
    return this.#time.nowMs + this.#skewMs;
  }

  after(delayMs: number, task: () => void): () => void {
    if (this.#dead) return () => undefined;
    const cancel = this.#time.after(delayMs, () => {
      this.#cancels.delete(cancel);
      task();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  /** The end of this life: nothing that was set happens any more. */
  kill(): void {
    this.#dead = true;
    this.#cancels.forEach((cancel) => cancel());
    this.#cancels.clear();
  }
}
