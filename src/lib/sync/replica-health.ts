/**
 * What is known of a replica's entries beyond what the truth holds: which wait, which are damaged, which are a later
 * app's, which were let go (docs/protocol.md RE3–RE4, FA3).
 */
import { clockAheadMaxMs } from '../base/limits.ts';
import type { MapKey } from '../base/ids.ts';
import { envelopeVersion } from '../records/envelope.ts';
import type { Outcome } from './inbox.ts';

/** What faded stands in the replica for another day: a friend whose clock is slower would only put it back. */
const fadedStandsMs = clockAheadMaxMs;

export class ReplicaHealth {
  /** Tried again when the roster grows and at each repair. */
  readonly waiting = new Set<MapKey>();
  readonly #damaged = new Set<MapKey>();
  /** Entries of a later version: left where they are, unless something of ours belongs there. */
  readonly #newer = new Set<MapKey>();
  /** Entries older than what is held, or was held until it faded. */
  readonly #older = new Set<MapKey>();
  /** Faded and outlived entries removed before: once is enough, whoever puts them back. */
  readonly #letGo = new Set<MapKey>();

  /** Notes what became of an entry; whether a repair is due for it. */
  settle(key: MapKey, outcome: Outcome, { nowMs, mayFade }: { nowMs: number; mayFade: boolean }): boolean {
    this.waiting.delete(key);
    this.#damaged.delete(key);
    this.#newer.delete(key);
    if (outcome.type === 'waits') this.waiting.add(key);
    this.#older.delete(key);
    if (isFromNewerApp(outcome)) this.#newer.add(key);
    if (outcome.type === 'older') this.#older.add(key);
    const over = outcome.type === 'faded' && mayFade && outcome.expMs + fadedStandsMs < nowMs && !this.#letGo.has(key);
    if (over) this.#letGo.add(key);
    if (outcome.type !== 'refused' && outcome.type !== 'older' && !over) return false;
    this.#damaged.add(key);
    return true;
  }

  isDamaged(key: MapKey): boolean {
    return this.#damaged.has(key);
  }

  /** Something true stands there again. */
  mend(key: MapKey): void {
    this.#damaged.delete(key);
  }

  /** The damaged entries behind which nothing true stands; from now on they count as dealt with. */
  takeRubbish(): MapKey[] {
    const rubbish = [...this.#damaged].filter((key) => !this.waiting.has(key) && !this.#newer.has(key));
    this.#damaged.clear();
    // What a faded record replaced is live to a friend who never saw it fade, and they would put it back every time.
    const again = new Set(rubbish.filter((key) => this.#older.has(key) && this.#letGo.has(key)));
    rubbish.filter((key) => this.#older.has(key)).forEach((key) => this.#letGo.add(key));
    return rubbish.filter((key) => !again.has(key));
  }
}

const isFromNewerApp = (outcome: Outcome): boolean =>
  outcome.type === 'refused' && outcome.refusal.type === 'UnknownVersion' && outcome.refusal.version > envelopeVersion;
