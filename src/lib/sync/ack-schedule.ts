/**
 * When a device's ack is said: some minutes after something came in, at random, so that "reached" never means "seen
 * just now" (docs/protocol.md LA7). The time is kept on disk, so that short visits add up.
 */
import type { Clock } from '../base/clock.ts';
import { ackDelayMaxMs, ackDelayMinMs } from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';
import type { Roster } from '../circle/roster.ts';
import type { Author } from '../store/author.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { currentAck, isSameAck, lastAck } from './acks.ts';

export interface AckScheduleDependencies {
  readonly database: ShoulderDatabase;
  readonly author: Author;
  readonly clock: Clock;
  readonly random: Random;
}

export class AckSchedule {
  readonly #deps: AckScheduleDependencies;
  readonly #circle: LocalCircle;
  readonly #onDue: () => void;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(deps: AckScheduleDependencies, circle: LocalCircle, onDue: () => void) {
    this.#deps = deps;
    this.#circle = circle;
    this.#onDue = onDue;
  }

  /** Takes up what was owed when this device was here last. */
  resume(): Promise<void> {
    return this.#schedule(false);
  }

  /** Something came in that deserves an ack. */
  owe(): Promise<void> {
    return this.#schedule(true);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Says the ack as it should be now, if it differs from the last one. */
  async say(roster: Roster): Promise<void> {
    const { database, author } = this.#deps;
    const ack = await currentAck(database, this.#circle, roster);
    if (isSameAck(ack, await lastAck(database, this.#circle)))
      await database.circles.update(this.#circle.n, { ackDueMs: 0 });
    else await author.sayAck(this.#circle, ack);
  }

  async #schedule(owed: boolean): Promise<void> {
    const { database, clock, random } = this.#deps;
    const row = await database.circles.get(this.#circle.n);
    if (row === undefined || this.#stopped || (row.ackDueMs === 0 && !owed)) return;
    let dueMs = row.ackDueMs;
    if (dueMs === 0 || dueMs > clock.nowMs() + ackDelayMaxMs) {
      dueMs = clock.nowMs() + jitterMs(random, ackDelayMinMs, ackDelayMaxMs);
      await database.circles.update(row.n, { ackDueMs: dueMs });
    }
    // Stopped meanwhile: a timer set now would keep all of it for minutes.
    if (this.#stopped) return;
    this.#cancel();
    this.#cancel = clock.after(Math.max(0, dueMs - clock.nowMs()), this.#onDue);
  }
}
