/**
 * The inbox: the one way in. Replica, relay, link, file and backup all end here (docs/protocol.md IB1–IB9).
 *
 * Each arrival gets exactly one outcome; nothing is dropped in silence. Judging is `verdict.ts`; here is the rest: what
 * is held already, statements before the records that depend on them, quotas, and one transaction for what is good.
 */
import { equalBytes, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { DeviceId, MapKey } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { clockObserveMaxMs, deviceRecordsMax } from '../base/limits.ts';
import type { CircleState } from '../circle/epochs.ts';
import type { Roster } from '../circle/roster.ts';
import type { Statement } from '../circle/statements.ts';
import { compareHybridTime, laterOf, type HybridTime } from '../records/hybrid-time.ts';
import { isStatementKind, kinds } from '../records/kinds.ts';
import type { Payload } from '../records/payload.ts';
import { openRecord, sealAgain, type OpenedRecord } from '../records/opened-record.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../store/database.ts';
import { liveCountOf } from '../store/envelope-pages.ts';
import { toEnvelopeRow } from '../store/envelopes.ts';
import { heldRows, statementRows } from '../store/held-rows.ts';
import { fadedKind, toFadedRow } from '../store/fading.ts';
import { putNewer } from '../store/placing.ts';
import { openStatements, stateOfStatements } from '../store/rosters.ts';
import { judge, type Refusal, type Waiting } from './verdict.ts';

export interface InboxDependencies {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether this device's clock may be trusted to let things fade; it is where this is missing. */
  readonly mayFade?: () => boolean;
}

/** Something that came in, from wherever. */
export interface Arrival {
  readonly bytes: Bytes;
  /** The key it stood under in a replica; an envelope that came bare has none. */
  readonly key?: MapKey;
}

/** What became of it. `held`: the same record, sealed differently perhaps. `older`: its slot moved on. `unheard`: EP17. */
export type Outcome =
  | { readonly type: 'stored'; readonly kind: number; readonly key: MapKey; readonly device: DeviceId }
  | { readonly type: 'held' | 'older' | 'unheard' }
  | { readonly type: 'faded'; readonly expMs: number }
  | { readonly type: 'waits'; readonly waiting: Waiting }
  | { readonly type: 'refused'; readonly refusal: Refusal };

interface Pending {
  readonly index: number;
  readonly arrival: Arrival;
  readonly record: OpenedRecord;
}

interface Good extends Pending {
  readonly statement: Statement | undefined;
  readonly faded: boolean;
}

/** How many envelopes are opened at once: enough to keep the crypto threads busy, few enough to stay responsive. */
const openAtOnce = 64;

export class Inbox {
  readonly #database: ShoulderDatabase;
  readonly #circle: LocalCircle;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #mayFade: () => boolean;
  #statements: Statement[] = [];
  #state: CircleState | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor({ database, clock, random, mayFade }: InboxDependencies, circle: LocalCircle) {
    this.#database = database;
    this.#circle = circle;
    this.#clock = clock;
    this.#random = random;
    this.#mayFade = mayFade ?? (() => true);
  }

  /** Who is in and in which epoch, as the inbox knows it: also while nothing has arrived. */
  async state(): Promise<CircleState> {
    if (this.#state !== undefined) return this.#state;
    this.#statements = await openStatements(this.#circle, await statementRows(this.#database, this.#circle.n));
    this.#state = stateOfStatements(this.#circle, this.#statements);
    return this.#state;
  }

  /** The roster of `state`. */
  async roster(): Promise<Roster> {
    return (await this.state()).roster;
  }

  /** Forgets the cached roster: something was said on this device beside the inbox. */
  refreshRoster(): void {
    this.#state = undefined;
  }

  /** Takes arrivals in, one batch after another. One outcome each, in order. Throws only what the disk refuses. */
  receive(arrivals: readonly Arrival[]): Promise<Outcome[]> {
    const receiving = this.#queue.then(() => this.#receive(arrivals));
    this.#queue = receiving.catch(() => undefined); // the caller hears of it; the next batch is its own matter
    return receiving;
  }

  /** Judges arrivals without storing any: the rows that would be stored, and what they make of the circle. */
  async examine(arrivals: readonly Arrival[]): Promise<{ rows: EnvelopeRow[]; state: CircleState }> {
    const indexes = arrivals.map((_, index) => index);
    // These come from a friend who is letting this device in: if they are dated ahead, it is this clock that is behind.
    const good = await this.#sort(arrivals, indexes, new Array<Outcome>(arrivals.length), Infinity);
    return { rows: await Promise.all(good.map((one) => this.#toRow(one))), state: await this.state() };
  }

  async #receive(arrivals: readonly Arrival[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = new Array<Outcome>(arrivals.length);
    const unknown = await this.#withoutHeld(arrivals, outcomes);
    const good = await this.#sort(arrivals, unknown, outcomes, this.#clock.nowMs());
    await this.#keep(good, outcomes);
    // Of two statements in one slot the disk keeps one, and over the quota none: the roster is what was kept.
    if (good.some(({ statement }) => statement !== undefined)) this.refreshRoster();
    return outcomes;
  }

  /** Opens and judges; who came in by a statement of this batch is judged again with the roster that it makes. */
  async #sort(
    arrivals: readonly Arrival[],
    indexes: readonly number[],
    outcomes: Outcome[],
    nowMs: number
  ): Promise<Good[]> {
    let pending = await this.#withoutSame(await this.#open(arrivals, indexes, outcomes), outcomes);
    const good: Good[] = [];
    for (let learned = true; learned && pending.length > 0;) {
      const round = await this.#judgeAll(pending, outcomes, nowMs);
      good.push(...round.good);
      learned = await this.#learn(round.good);
      pending = learned ? round.unknownDevice : [];
    }
    return good;
  }

  /** At rest everything is sealed under the keys of now. EP11. */
  async #toRow({ record, arrival, faded }: Good): Promise<EnvelopeRow> {
    const { current } = this.#circle.keyring;
    const isCurrent = record.sealedIn === current.epoch;
    const bytes = isCurrent ? arrival.bytes : await sealAgain(current, record, this.#random);
    const row = toEnvelopeRow(this.#circle, record, bytes);
    return faded ? toFadedRow(row) : row;
  }

  /** Indexes of arrivals that are not already held byte for byte. */
  async #withoutHeld(arrivals: readonly Arrival[], outcomes: Outcome[]): Promise<number[]> {
    const keys = arrivals.map(({ key }): [number, MapKey] => [this.#circle.n, key ?? ('' as MapKey)]);
    const rows = await this.#database.envelopes.bulkGet(keys);
    return arrivals.flatMap(({ bytes }, index) => {
      const row = rows[index];
      if (row === undefined || !equalBytes(row.bytes, bytes)) return [index];
      outcomes[index] = { type: 'held' };
      return [];
    });
  }

  /** What is held already, sealed differently: its signature was checked when it came. */
  async #withoutSame(pending: readonly Pending[], outcomes: Outcome[]): Promise<Pending[]> {
    const held = await heldRows(
      this.#database,
      pending.map(({ record }) => ({ circle: this.#circle.n, key: record.key }))
    );
    return pending.filter(({ index, record, arrival }, i) => {
      const isSame = held[i]?.hash === record.hash && (arrival.key ?? record.key) === record.key;
      if (isSame && held[i]?.kind !== fadedKind) outcomes[index] = { type: 'held' };
      return !isSame || held[i]?.kind === fadedKind;
    });
  }

  async #open(arrivals: readonly Arrival[], indexes: readonly number[], outcomes: Outcome[]): Promise<Pending[]> {
    const pending: Pending[] = [];
    for (let from = 0; from < indexes.length; from += openAtOnce) {
      const part = indexes.slice(from, from + openAtOnce);
      const opened = await Promise.all(
        part.map((index) => openRecord((arrivals[index] as Arrival).bytes, this.#circle.keyring.epochs))
      );
      opened.forEach((result, i) => {
        const index = part[i] as number;
        if (result.ok) pending.push({ index, arrival: arrivals[index] as Arrival, record: result.value });
        else outcomes[index] = { type: 'refused', refusal: result.error };
      });
    }
    return pending;
  }

  async #judgeAll(
    pending: readonly Pending[],
    outcomes: Outcome[],
    nowMs: number
  ): Promise<{ good: Good[]; unknownDevice: Pending[] }> {
    const state = await this.state();
    const { founding, device } = this.#circle.keyring;
    const good: Good[] = [];
    const unknownDevice: Pending[] = [];
    for (let from = 0; from < pending.length; from += openAtOnce) {
      const part = pending.slice(from, from + openAtOnce);
      const verdicts = await Promise.all(
        part.map(({ record, arrival }) => judge(record, { state, own: device.id, founding, nowMs, key: arrival.key }))
      );
      verdicts.forEach((verdict, i) => {
        const one = part[i] as Pending;
        if (verdict.type === 'good') good.push({ ...one, statement: verdict.statement, faded: verdict.faded });
        else outcomes[one.index] = verdict;
        if (verdict.type === 'waits' && needsStatement(verdict.waiting)) unknownDevice.push(one);
      });
    }
    return { good, unknownDevice };
  }

  /** Adds new statements to the roster; whether some device is new, or some epoch. */
  async #learn(good: readonly Good[]): Promise<boolean> {
    const before = await this.state();
    const known = new Set(this.#statements.map(({ hash }) => hash));
    const fresh = good.flatMap(({ statement }) =>
      statement === undefined || known.has(statement.hash) ? [] : [statement]
    );
    if (fresh.length === 0) return false;
    this.#statements.push(...fresh);
    this.#state = stateOfStatements(this.#circle, this.#statements);
    const { roster, epochs } = this.#state;
    // Whatever introduces a device lets its statements be judged, whether or not it is in.
    const introduces = fresh.some((statement) => 'device' in statement);
    return introduces || roster.devicesById.size > before.roster.devicesById.size || epochs.size > before.epochs.size;
  }

  async #keep(good: readonly Good[], outcomes: Outcome[]): Promise<void> {
    const { keyring } = this.#circle;
    const rows = await Promise.all(good.map((one) => this.#toRow(one)));
    const within = await this.#withinQuota(rows);
    const kept = rows.filter((row) => within.has(row) && (row.kind !== fadedKind || this.#mayFade()));
    const { circles, envelopes } = this.#database;
    const placings = await this.#database.transaction('rw', circles, envelopes, async () => {
      const row = await circles.get(this.#circle.n);
      if (this.#circle.keyring !== keyring || (row !== undefined && !this.#circle.isAsIn(row))) return undefined;
      if (kept.length > 0) await this.#observe(good.map(({ record }) => record.payload.time).reduce(laterOf));
      // This very device said more than it knows of: it was copied, or set back, and the other went on.
      if (row !== undefined && good.some(({ record }) => isAhead(record.payload, keyring.device.id, row.counter)))
        await circles.update(row.n, { retired: true });
      return putNewer(this.#database, kept);
    });
    if (placings === undefined) {
      // The circle moved to other keys meanwhile, here or in another tab.
      await this.#circle.refresh();
      return this.#keep(good, outcomes);
    }
    good.forEach(({ index, record, faded }, i) => {
      const row = rows[i] as EnvelopeRow;
      if (faded) {
        outcomes[index] = { type: 'faded', expMs: record.payload.expMs ?? 0 };
        return;
      }
      const placing = placings[kept.indexOf(row)];
      if (placing === undefined)
        outcomes[index] = { type: 'waits', waiting: { type: 'OverQuota', device: row.device } };
      else
        outcomes[index] =
          placing === 'stored'
            ? { type: 'stored', kind: row.kind, key: row.key, device: row.device }
            : { type: placing };
    });
  }

  /** Pushes this device's own time past what it has seen, so that answers are dated after questions. */
  async #observe(latest: HybridTime): Promise<void> {
    const row = await this.#database.circles.get(this.#circle.n);
    if (row === undefined || latest.ms > this.#clock.nowMs() + clockObserveMaxMs) return;
    if (compareHybridTime(latest, { ms: row.timeMs, count: row.timeCount }) <= 0) return;
    await this.#database.circles.update(row.n, { timeMs: latest.ms, timeCount: latest.count });
  }

  /** The rows that fit: a new version of a slot always does, a new slot while its device has room. */
  async #withinQuota(rows: readonly EnvelopeRow[]): Promise<Set<EnvelopeRow>> {
    const held = await heldRows(this.#database, rows);
    const within = new Set<EnvelopeRow>();
    const counts = new Map<DeviceId, number>();
    for (const [i, row] of rows.entries()) {
      const count = counts.get(row.device) ?? (await liveCountOf(this.#database, this.#circle.n, row.device));
      if (held[i] === undefined && count >= deviceRecordsMax) continue;
      counts.set(row.device, held[i] === undefined ? count + 1 : count);
      within.add(row);
    }
    return within;
  }
}

/** Whether a device said something, statements aside, that is numbered beyond what it counts itself. LA2, AT12. */
const isAhead = ({ device, kind, seq, ver }: Payload, own: DeviceId, counter: number): boolean =>
  device === own && !isStatementKind(kind) && (kind === kinds.ledger ? ver : seq) > counter;

const needsStatement = ({ type }: Waiting): boolean => type === 'UnknownDevice' || type === 'UnknownEpoch';
