/**
 * The relay's memory of mail: keeps, finds, deletes and forgets, within quotas.
 *
 * Every call is one transaction and is over when it returns: what `keep` has answered for is on disk. It knows nothing of
 * who may read; `checkReading` in `mail.ts` decided that before.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { secondMs, type Clock } from '../lib/base/clock.ts';
import { err, ok, type Result } from '../lib/base/result.ts';
import type { Filter } from './filter.ts';
import { eventOverheadBytes, filterLimitMax, sweepRowsMax, type RelayLimits } from './limits.ts';
import type { KeepRefusal, Mail } from './mail.ts';
import { databaseFailure, everything, openMailDatabase, type DatabaseFailure } from './mail-database.ts';

/** How much is kept: `bytes` as quotas count them. */
export interface MailUsage {
  readonly events: number;
  readonly bytes: number;
}

export interface MailStore {
  /** Keeps one event. A refusal has changed nothing. */
  keep(mail: Mail): Result<Mail, KeepRefusal>;
  /**
   * What the filters ask for of the mailboxes they name in `#p`, newest first, then by id: rows to be read one by one
   * with `textOf`. At most `filterLimitMax` for each filter. Filters without `#p` find nothing.
   */
  find(filters: readonly Filter[]): readonly number[];
  /** The event in a row, as JSON; undefined where it was deleted or has expired since it was found. */
  textOf(row: number): string | undefined;
  /** Deletes those of these events that `by` wrote or that are in `by`'s mailbox, and says nothing of the others. */
  delete(ids: readonly string[], by: string): void;
  /** Takes out at most `sweepRowsMax` of what has expired, and answers how many there were. */
  sweep(): number;
  usage(): MailUsage;
  close(): void;
}

/** `folder`: where the file lies; in memory without one. */
export const openMailStore = (
  folder: string | undefined,
  clock: Clock,
  limits: RelayLimits
): Result<MailStore, DatabaseFailure> => {
  const opened = openMailDatabase(folder);
  return opened.ok ? ok(new SqliteMailStore(opened.value, clock, limits)) : opened;
};

interface FoundRow {
  readonly row: number;
  readonly id: string;
  readonly created_at: number;
}

class SqliteMailStore implements MailStore {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #limits: RelayLimits;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, clock: Clock, limits: RelayLimits) {
    this.#database = database;
    this.#clock = clock;
    this.#limits = limits;
  }

  keep(mail: Mail): Result<Mail, KeepRefusal> {
    const { event, mailbox, expiresAt, bytes, text } = mail;
    const known = this.#get<{ isDeleted: number }>(
      'SELECT text IS NULL AS isDeleted FROM event WHERE id = ?',
      event.id
    );
    if (known !== undefined) return err({ type: known.isDeleted === 0 ? 'Duplicate' : 'Deleted' });
    const used = this.#usageOf(mailbox);
    const { mailBytesMax, mailboxBytesMax, mailboxEventsMax } = this.#limits;
    if (used.bytes + bytes > mailboxBytesMax || used.events >= mailboxEventsMax) {
      return err({ type: 'MailboxFull' });
    }
    if (this.usage().bytes + bytes > mailBytesMax) {
      return err({ type: 'RelayFull', freesAt: this.#firstExpiry() });
    }
    try {
      this.#run(
        'INSERT INTO event (id, mailbox, author, created_at, expires_at, bytes, text) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[event.id, mailbox, event.pubkey, event.created_at, expiresAt, bytes, text]
      );
      return ok(mail);
    } catch (failure) {
      if (databaseFailure(failure) === 'disk full') return err({ type: 'DiskFull' });
      throw failure;
    }
  }

  find(filters: readonly Filter[]): readonly number[] {
    const found = new Map<number, FoundRow>();
    for (const filter of filters) {
      const rows = [...(filter.valuesByTag.get('p') ?? [])].flatMap((mailbox) => this.#findIn(mailbox, filter));
      for (const row of rows.sort(byTimeThenId).slice(0, limitOf(filter))) found.set(row.row, row);
    }
    return [...found.values()].sort(byTimeThenId).map(({ row }) => row);
  }

  textOf(row: number): string | undefined {
    const sql = 'SELECT text FROM event WHERE row = ? AND text IS NOT NULL AND expires_at > ?';
    return this.#get<{ text: string }>(sql, row, this.#nowSeconds())?.text;
  }

  delete(ids: readonly string[], by: string): void {
    this.#run(
      `UPDATE event SET text = NULL, bytes = ${eventOverheadBytes}
        WHERE id IN (SELECT value FROM json_each(?)) AND text IS NOT NULL AND (author = ? OR mailbox = ?)`,
      ...[JSON.stringify(ids), by, by]
    );
  }

  sweep(): number {
    const gone = this.#run(
      `DELETE FROM event WHERE row IN (SELECT row FROM event WHERE expires_at <= ? LIMIT ${sweepRowsMax})`,
      this.#nowSeconds()
    );
    // All free pages: there are few of them, since this runs after every batch.
    if (gone > 0) this.#database.exec('PRAGMA incremental_vacuum');
    return gone;
  }

  usage(): MailUsage {
    return this.#usageOf(everything);
  }

  close(): void {
    this.#database.close();
  }

  #findIn(mailbox: string, filter: Filter): FoundRow[] {
    const { ids, authors, since = 0, until = Number.MAX_SAFE_INTEGER } = filter;
    const lists = [
      ...(ids === undefined ? [] : [['id', ids] as const]),
      ...(authors === undefined ? [] : [['author', authors] as const])
    ];
    const conditions = lists.map(([column]) => `AND ${column} IN (SELECT value FROM json_each(?))`).join(' ');
    const sql = `SELECT row, id, created_at FROM event
      WHERE mailbox = ? AND text IS NOT NULL AND created_at BETWEEN ? AND ? AND expires_at > ? ${conditions}
      ORDER BY created_at DESC, id LIMIT ?`;
    const values = lists.map(([, list]) => JSON.stringify([...list]));
    const rows = this.#statement(sql).all(mailbox, since, until, this.#nowSeconds(), ...values, limitOf(filter));
    return rows as unknown as FoundRow[];
  }

  #usageOf(mailbox: string): MailUsage {
    const sql = 'SELECT events, bytes FROM usage WHERE mailbox = ?';
    return this.#get<{ events: number; bytes: number }>(sql, mailbox) ?? { events: 0, bytes: 0 };
  }

  #firstExpiry(): number | undefined {
    return this.#get<{ first: number | null }>('SELECT min(expires_at) AS first FROM event')?.first ?? undefined;
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.nowMs() / secondMs);
  }

  #get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  #run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** Prepared once for each text: there are a dozen, since no value is ever written into one. */
  #statement(sql: string): StatementSync {
    const prepared = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

/** NIP-01: newest first, and the lower id first among those of one second. */
const byTimeThenId = (a: FoundRow, b: FoundRow): number =>
  b.created_at - a.created_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const limitOf = ({ limit = filterLimitMax }: Filter): number => Math.min(limit, filterLimitMax);
