/**
 * Records that wait because they are dated ahead of this clock: who is told of them, and when they are tried again
 * (docs/protocol.md CL).
 */
import { dayMs, type Clock } from '../base/clock.ts';
import type { PersonId } from '../base/ids.ts';
import { personOfDevice, type Roster } from '../circle/roster.ts';
import type { Outcome } from './inbox.ts';

export interface AheadWatchDependencies {
  readonly clock: Clock;
  readonly roster: () => Promise<Roster>;
  /** Told of a record that waits because it is dated far ahead of this clock. */
  readonly onAhead: (person: PersonId, untilMs: number) => void;
  /** The time of something that waits has come. */
  readonly onDue: () => void;
}

export class AheadWatch {
  readonly #deps: AheadWatchDependencies;
  #cancel: () => void = () => undefined;
  #dueMs = Infinity;
  #stopped = false;

  constructor(deps: AheadWatchDependencies) {
    this.#deps = deps;
  }

  /** Looks at what became of arrivals. */
  async heed(outcomes: readonly Outcome[]): Promise<void> {
    for (const outcome of outcomes) {
      if (outcome.type !== 'waits' || outcome.waiting.type !== 'AheadOfTime') continue;
      const { device, untilMs } = outcome.waiting;
      this.#schedule(untilMs);
      const person = personOfDevice(await this.#deps.roster(), device);
      if (person !== undefined) this.#deps.onAhead(person, untilMs);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Tried again then, also where nothing else happens; at the latest in a day. */
  #schedule(untilMs: number): void {
    const { clock, onDue } = this.#deps;
    const atMs = Math.min(untilMs, clock.nowMs() + dayMs);
    if (atMs >= this.#dueMs || this.#stopped) return;
    this.#cancel();
    this.#dueMs = atMs;
    this.#cancel = clock.after(Math.max(0, atMs - clock.nowMs()), () => {
      this.#dueMs = Infinity;
      onDue();
    });
  }
}
