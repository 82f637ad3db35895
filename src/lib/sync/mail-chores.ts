/**
 * What there is to do with one relay: one thing after another, and again, ever more seldom, where the relay would not
 * (docs/protocol.md MR7). Nothing is given up while the app is open.
 */
import { minuteMs, type Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { backOffMs } from './relay-connection.ts';

/** How a chore went: it is done with, is to be tried again, or would cost too much to be tried again soon. */
export type ChoreEnd = 'done' | 'again' | 'seldom';

export interface MailChoresOptions<Chore extends string> {
  readonly clock: Clock;
  readonly random: Random;
  /** All there are, in the order in which they are done. */
  readonly order: readonly Chore[];
  /** Whether the relay can be asked at all; `note` is called when that changes. */
  readonly isReady: () => boolean;
  readonly run: (chore: Chore) => Promise<ChoreEnd>;
}

/** A relay that answers, and refuses, is asked again this seldom. */
const restMaxMs = 10 * minuteMs;
/** As if it had failed so often that it rests longest. */
const seldomFailures = 16;

export class MailChores<Chore extends string> {
  readonly #options: MailChoresOptions<Chore>;
  readonly #due = new Set<Chore>();
  /** What failed, until it is tried again; each with what ends the waiting. */
  readonly #resting = new Map<Chore, () => void>();
  readonly #failures = new Map<Chore, number>();
  #evaluating: Promise<void> | undefined;
  #stopped = false;

  constructor(options: MailChoresOptions<Chore>) {
    this.#options = options;
  }

  /** These are to be done as soon as can be, also where they rest. */
  note(...noted: readonly Chore[]): void {
    if (this.#stopped) return;
    for (const chore of noted) {
      this.#due.add(chore);
      this.#resting.get(chore)?.();
    }
    this.#evaluating ??= this.#evaluate().finally(() => {
      this.#evaluating = undefined;
      if (this.#next() !== undefined) this.note();
    });
  }

  /** The relay, or the way to it, may be another by now: nothing rests any longer. */
  wake(): void {
    this.note(...this.#resting.keys());
  }

  /** Whether this was tried and failed since it last went well. */
  hasFailed(chore: Chore): boolean {
    return this.#failures.has(chore);
  }

  /** Part of it went well. */
  forgive(chore: Chore): void {
    this.#failures.delete(chore);
  }

  /** Nothing is begun after this; what is being done ends by itself (`idle`). */
  stop(): void {
    this.#stopped = true;
    for (const end of [...this.#resting.values()]) end();
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    while (this.#evaluating !== undefined) await this.#evaluating;
  }

  #next(): Chore | undefined {
    const { order, isReady } = this.#options;
    if (this.#stopped || !isReady()) return undefined;
    return order.find((chore) => this.#due.has(chore) && !this.#resting.has(chore));
  }

  async #evaluate(): Promise<void> {
    await Promise.resolve();
    for (let chore = this.#next(); chore !== undefined; chore = this.#next()) {
      this.#due.delete(chore);
      const end = await this.#options.run(chore);
      if (end === 'done') this.#failures.delete(chore);
      else this.#rest(chore, end === 'seldom' ? seldomFailures : (this.#failures.get(chore) ?? 0));
    }
  }

  #rest(chore: Chore, failures: number): void {
    if (this.#stopped) return;
    const { clock, random } = this.#options;
    this.#failures.set(chore, failures + 1);
    this.#due.add(chore);
    const cancel = clock.after(backOffMs(random, failures, restMaxMs), () => this.note(chore));
    this.#resting.set(chore, () => {
      cancel();
      this.#resting.delete(chore);
    });
  }
}
