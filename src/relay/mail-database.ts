/**
 * The file that mail is kept in: SQLite, through Node's own `node:sqlite`.
 *
 * One table of events, newest first within a mailbox, and a table of what each mailbox uses, which triggers keep so that
 * no crash can make the two disagree. A deleted event stays as a row without text until it would have expired: it is
 * then still known, and whoever sends it again is refused.
 *
 * Write-ahead log with `synchronous = FULL`: what is committed survives the process, and the power, going away. The file
 * is held exclusively, since two programs on one file would not hear of each other's mail.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../lib/base/result.ts';

/** What SQLite says went wrong, as far as a person can do something about it. */
export type DatabaseFailure = 'in use' | 'damaged' | 'not open to us' | 'newer' | 'disk full';

/** The name of the file in its folder. */
export const mailFile = 'mail.db';

/** The usage of everything together stands under this key, which is no mailbox. */
export const everything = '';

const version = 1;

const schema = `
  CREATE TABLE event (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    mailbox TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    text TEXT
  ) STRICT;
  CREATE INDEX event_by_time ON event (mailbox, created_at DESC, id) WHERE text IS NOT NULL;
  CREATE INDEX event_by_expiry ON event (expires_at);

  CREATE TABLE usage (mailbox TEXT PRIMARY KEY, events INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TRIGGER event_kept AFTER INSERT ON event BEGIN
    INSERT INTO usage VALUES (NEW.mailbox, 1, NEW.bytes), ('', 1, NEW.bytes)
      ON CONFLICT (mailbox) DO UPDATE SET events = events + 1, bytes = bytes + excluded.bytes;
  END;
  CREATE TRIGGER event_emptied AFTER UPDATE OF bytes, text ON event BEGIN
    UPDATE usage SET events = events - (OLD.text IS NOT NULL) + (NEW.text IS NOT NULL), bytes = bytes - OLD.bytes + NEW.bytes
      WHERE mailbox IN (NEW.mailbox, '');
  END;
  CREATE TRIGGER event_gone AFTER DELETE ON event BEGIN
    UPDATE usage SET events = events - (OLD.text IS NOT NULL), bytes = bytes - OLD.bytes WHERE mailbox IN (OLD.mailbox, '');
    DELETE FROM usage WHERE mailbox = OLD.mailbox AND bytes <= 0;
  END;
`;

/** Opens the file in a folder, which is made where it is not there, or a database in memory where there is none. */
export const openMailDatabase = (folder: string | undefined): Result<DatabaseSync, DatabaseFailure> => {
  let database: DatabaseSync | undefined;
  try {
    // The mail is sealed, but who has how much of it is nobody else's business on a machine that is shared.
    if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(folder === undefined ? ':memory:' : join(folder, mailFile));
    const opened = prepareDatabase(database);
    if (!opened.ok) database.close();
    return opened;
  } catch (failure) {
    database?.close();
    const known = databaseFailure(failure);
    if (known === undefined) throw failure;
    return err(known);
  }
};

/** The failure that a thrown value stands for, or undefined for one that nobody expected. */
export const databaseFailure = (thrown: unknown): DatabaseFailure | undefined => {
  if (!(thrown instanceof Error)) return undefined;
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown };
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR' || code === 'EEXIST') {
    return 'not open to us';
  }
  if (code === 'ENOSPC') return 'disk full';
  // The low byte is the primary code: https://www.sqlite.org/rescode.html
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? failuresByCode.get(errcode & 0xff) : undefined;
};

const failuresByCode: ReadonlyMap<number, DatabaseFailure> = new Map([
  [5, 'in use'],
  [6, 'in use'],
  [8, 'not open to us'],
  [10, 'disk full'],
  [11, 'damaged'],
  [13, 'disk full'],
  [14, 'not open to us'],
  [26, 'damaged']
]);

const prepareDatabase = (database: DatabaseSync): Result<DatabaseSync, DatabaseFailure> => {
  // Before the first table, or not at all: the file then shrinks as mail expires.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA auto_vacuum = INCREMENTAL');
  // What is deleted is overwritten, so that it is not left lying in free pages.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (found > version) return err('newer');
  if (found === 0) database.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${version}; COMMIT`);
  // A lock is taken with the first write, and whoever comes second should hear of it now.
  database.exec('BEGIN IMMEDIATE; COMMIT');
  return ok(database);
};
