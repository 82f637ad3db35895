/**
 * The author: the one place where this device signs and stores what its person says (docs/protocol.md AT3, EN5, LA2).
 *
 * Signing and storing run under the lock `say`, so that two tabs never use one number twice. All crypto is finished
 * before the transaction opens. When `say` returns, it is said: the envelope and its outbox row are on disk together.
 */
import type { DeviceId, EpochId, MapKey } from '../base/ids.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import { ackSlot, ledgerSlot } from '../circle/slots.ts';
import { mapKeyOf } from '../records/epoch-keys.ts';
import { tick, type HybridTime } from '../records/hybrid-time.ts';
import { kinds } from '../records/kinds.ts';
import { ackToBody, ledgerToBody, makeLedger } from '../records/ledger.ts';
import type { Payload } from '../records/payload.ts';
import { sealRecord, type SealedRecord } from '../records/record.ts';
import type { Circles, LocalCircle } from './circles.ts';
import { toStorageError, type CircleRow, type ShoulderDatabase, type StorageError } from './database.ts';
import { liveRecordsOf, toEnvelopeRow, type IsCarried } from './envelopes.ts';

/** Something to be said: the next version of one of this device's slots. */
export interface Saying {
  readonly kind: number;
  readonly slot: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly expMs: number | null;
  /** Said before, and said again now: it is dated then (HT4). Missing for whatever is new. */
  readonly atMs?: number;
}

export type SayError =
  | StorageError
  | { readonly type: 'TooLarge'; readonly byteLength: number }
  /** This device exists twice, and the other went on. */
  | { readonly type: 'Retired' };

export interface AuthorDependencies {
  readonly database: ShoulderDatabase;
  /** Those whose circles are spoken in: another tab may have moved one on to other keys. */
  readonly circles: Pick<Circles, 'refresh'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Runs a task while no other tab runs one under the same name. */
  readonly exclusively: Exclusively;
}

/** Is told the circle's local ordinal and what was just stored there. Must not throw. */
export type SaidListener = (circle: number, records: readonly SealedRecord[]) => void;

export type Exclusively = <T>(name: string, task: () => Promise<T>) => Promise<T>;

/** Under this name everything is done that says something here, or changes what it would be said with. */
export const sayLock = (database: ShoulderDatabase): string => `say/${database.name}`;

/** The Web Locks of this origin. */
export const webLocks: Exclusively = <T>(name: string, task: () => Promise<T>) =>
  navigator.locks.request<Promise<T>>(name, task);

export class Author {
  readonly #database: ShoulderDatabase;
  readonly #circles: Pick<Circles, 'refresh'>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #exclusively: Exclusively;
  readonly #listeners = new Set<SaidListener>();

  constructor({ database, circles, clock, random, exclusively }: AuthorDependencies) {
    this.#database = database;
    this.#circles = circles;
    this.#clock = clock;
    this.#random = random;
    this.#exclusively = exclusively;
  }

  /**
   * Calls `listener` as soon as something said in this tab is on disk, until the returned function is called. The outbox
   * tells the same later, and surely; this only spares who listens the way there and back.
   */
  listen(listener: SaidListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Says one thing. Errors: `TooLarge`, `Retired`, and what the disk refuses; nothing is stored then. */
  async say(circle: LocalCircle, saying: Saying): Promise<Result<SealedRecord, SayError>> {
    const said = await this.sayAll(circle, [saying]);
    return said.ok ? ok(said.value[0] as SealedRecord) : said;
  }

  /** Says several things at once, in order, all or none. Their slots must differ. */
  sayAll(circle: LocalCircle, sayings: readonly Saying[]): Promise<Result<SealedRecord[], SayError>> {
    return this.#alone(async () => {
      const row = await this.#row(circle);
      if (row.retired) return err({ type: 'Retired' });
      const records: SealedRecord[] = [];
      let time: HybridTime = { ms: row.timeMs, count: row.timeCount };
      for (const { atMs, ...saying } of sayings) {
        if (atMs === undefined) time = tick(time, this.#clock.nowMs());
        const seq = row.counter + records.length + 1;
        const sealed = await this.#seal(circle, saying, {
          seq,
          time: atMs === undefined ? time : { ms: atMs, count: 0 },
          ver: await this.#nextVersion(circle, saying.slot)
        });
        if (!sealed.ok) return sealed;
        records.push(sealed.value);
      }
      const counter = row.counter + records.length;
      return this.#store(circle, row, records, { counter, timeMs: time.ms, timeCount: time.count });
    });
  }

  /**
   * Says what this device has live and is carried, if that changed since the last ledger or `force` is set (something faded, or is
   * not carried any more). Its version is the number of the newest record, so an ack of it reaches that record too. LA2, EP9.
   */
  renewLedger(
    circle: LocalCircle,
    {
      force = false,
      isCarried,
      epoch
    }: { readonly force?: boolean; readonly isCarried?: IsCarried; readonly epoch?: EpochId } = {}
  ): Promise<Result<boolean, SayError>> {
    return this.#alone(async () => {
      const row = await this.#row(circle);
      // The circle moved on meanwhile: what goes out there is another question.
      if (epoch !== undefined && circle.keyring.current.epoch !== epoch) return ok(false);
      if (row.retired || (row.ledgerVer >= row.counter && !force)) return ok(false);
      const ver = row.counter > row.ledgerVer ? row.counter : row.counter + 1;
      const live = await liveRecordsOf(this.#database, circle.n, circle.keyring.device.id, isCarried);
      const ledger = await makeLedger(live);
      const saying = { kind: kinds.ledger, slot: ledgerSlot, body: ledgerToBody(ledger), expMs: null };
      const time = tick({ ms: row.timeMs, count: row.timeCount }, this.#clock.nowMs());
      const sealed = await this.#seal(circle, saying, { seq: 0, time, ver });
      if (!sealed.ok) return sealed;
      const stored = await this.#store(circle, row, [sealed.value], { counter: ver, ledgerVer: ver });
      return stored.ok ? ok(true) : stored;
    });
  }

  /** Says which ledgers this device holds in full, and that no ack is due any more. LA4. */
  sayAck(circle: LocalCircle, ack: ReadonlyMap<DeviceId, number>): Promise<Result<boolean, SayError>> {
    return this.#alone(async () => {
      const row = await this.#row(circle);
      if (row.retired) return ok(false);
      const saying = { kind: kinds.ack, slot: ackSlot, body: ackToBody(ack), expMs: null };
      const time = tick({ ms: row.timeMs, count: row.timeCount }, this.#clock.nowMs());
      const sealed = await this.#seal(circle, saying, { seq: 0, time, ver: await this.#nextVersion(circle, ackSlot) });
      if (!sealed.ok) return sealed;
      const stored = await this.#store(circle, row, [sealed.value], { ackDueMs: 0 });
      return stored.ok ? ok(true) : stored;
    });
  }

  async #alone<T>(task: () => Promise<Result<T, SayError>>): Promise<Result<T, SayError>> {
    try {
      return await this.#exclusively(sayLock(this.#database), task);
    } catch (error) {
      return err(toStorageError(error));
    }
  }

  /** The circle's row, once the keys at hand are those that stand in it. */
  async #row(circle: LocalCircle): Promise<CircleRow> {
    await this.#circles.refresh(circle.n);
    const row = await this.#database.circles.get(circle.n);
    if (row === undefined) throw new Error('invariant broken: one speaks in a circle one is in');
    return row;
  }

  async #nextVersion(circle: LocalCircle, slot: string): Promise<number> {
    const { current, device } = circle.keyring;
    const key = await mapKeyOf(current, device.id, slot);
    return ((await this.#database.envelopes.get([circle.n, key]))?.ver ?? 0) + 1;
  }

  #seal(circle: LocalCircle, saying: Saying, place: Pick<Payload, 'seq' | 'time' | 'ver'>) {
    const { current, device } = circle.keyring;
    const payload: Payload = { circle: current.circle, epoch: current.epoch, device: device.id, ...place, ...saying };
    return sealRecord(current, device, payload, this.#random);
  }

  async #store(
    circle: LocalCircle,
    row: CircleRow,
    records: readonly SealedRecord[],
    changes: Partial<CircleRow>
  ): Promise<Result<SealedRecord[], SayError>> {
    const { circles, envelopes, outbox } = this.#database;
    // With nobody to send to there is no room; a replica that is opened later is filled from the truth.
    const isAlone = circle.keyring.own && (row.devices ?? 1) < 2;
    await this.#database.transaction('rw', circles, envelopes, outbox, async () => {
      const updated = await circles
        .where({ n: circle.n })
        .and(({ counter }) => counter === row.counter)
        .modify(changes);
      if (updated !== 1) throw new Error('invariant broken: only one tab speaks at a time');
      await envelopes.bulkPut(records.map((record) => toEnvelopeRow(circle, record, record.envelope)));
      if (isAlone) return;
      await outbox.bulkAdd(records.map(({ key }): { circle: number; key: MapKey } => ({ circle: circle.n, key })));
    });
    if (!isAlone) this.#listeners.forEach((listener) => listener(circle.n, records));
    return ok([...records]);
  }
}
