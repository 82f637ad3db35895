/**
 * The database: one per browser profile, holding only sealed bytes and a small clear index (docs/protocol.md AT1–AT7).
 *
 * What stands in clear: local ordinals, kind numbers, device ids, times, sizes. No name, no word, no key in the open.
 * Formats are versioned by Dexie; an older app that meets a newer database touches nothing and says so.
 */
import Dexie, { type EntityTable, type Table } from 'dexie';
import type { Bytes } from '../base/bytes.ts';
import type { CircleId, DeviceId, EpochId, InviteId, MapKey, RecordHash, Topic } from '../base/ids.ts';
import type { DevicePublic } from '../crypto/device.ts';
import type { Argon2Cost } from '../crypto/passphrase.ts';
import { neverNewer } from './never-newer.ts';

/** A circle on this device. Its keys and settings are in `sealed`, wrapped by the vault. */
export interface CircleRow {
  /** Local ordinal: what stands in a URL, since it tells nobody anything. */
  n: number;
  id: CircleId;
  /** Wrapped keyring: see `circles.ts`. */
  sealed: Bytes;
  /** The counter that record numbers and ledger versions share. */
  counter: number;
  /** Version of the ledger that was last said; behind `counter` until it is renewed. */
  ledgerVer: number;
  /** Latest hybrid time said or seen. */
  timeMs: number;
  timeCount: number;
  /** When the next ack is due, or 0. */
  ackDueMs: number;
  /** This device exists twice, and the other went on: this one says nothing more here. AT12. */
  retired?: true;
  /** The epoch whose mailboxes `mail` and `mailboxes` tell of; missing: the founding one. */
  mailEpoch?: EpochId;
  /** How many devices the person has in their own circle, once there are more than this one. Missing otherwise. */
  devices?: number;
}

/** The newest verified envelope of a slot, exactly as it arrived. */
export interface EnvelopeRow {
  circle: number;
  key: MapKey;
  bytes: Bytes;
  hash: RecordHash;
  kind: number;
  device: DeviceId;
  /** Milliseconds since 1970, by the author. */
  at: number;
  ver: number;
  seq: number;
  /** Missing for a record that never fades: IndexedDB then leaves it out of the index. */
  exp?: number;
  /** The epoch it was signed in, whichever it is sealed in now. Missing for the circle's founding one. */
  epoch?: EpochId;
}

/** Something said here that the replica does not hold yet. */
export interface OutboxRow {
  id: number;
  circle: number;
  key: MapKey;
}

/** Bytes of the person's own that are wrapped by the vault: a draft. */
export interface SealedRow {
  id: string;
  sealed: Bytes;
}

/** A request this person made to be let in somewhere; what it says is wrapped. */
export interface JoiningRow {
  id: InviteId;
  sealed: Bytes;
  state: 'asking' | 'in' | 'used' | 'refused' | 'expired';
  /** Whether the question waits on a relay, by its word: then nobody has to stay open for the answer. */
  left?: boolean;
  /** The circle's local ordinal, once in. */
  circle?: number;
}

/** A request to be let in, as it came: sealed under its invitation. */
export interface AskRow {
  circle: number;
  id: string;
  invite: InviteId;
  text: string;
  state: 'open' | 'refused';
}

/** What came of opening a private record, wrapped: see `content-keys.ts`. */
export interface ContentKeyRow {
  circle: number;
  key: MapKey;
  /** Of the version that was tried. */
  hash: RecordHash;
  sealed: Bytes;
}

/** Who is here now, written by the one tab that talks to peers. */
export interface PresenceRow {
  circle: number;
  online: boolean;
  devices: DeviceId[];
}

/** What one relay is known to keep of a slot, and what it is still to get. */
export interface MailRow {
  circle: number;
  /** The relay's address, as `normalRelayUrl` has it. */
  relay: string;
  key: MapKey;
  /** 1 while the slot's newest envelope is not known to be kept there. */
  due: 0 | 1;
  /** The record that is kept there, and in which letter, by the relay's own word; `shared` with other records or not. */
  hash?: RecordHash;
  id?: string;
  shared?: boolean;
}

/** How far one relay has been read. */
export interface MailboxRow {
  circle: number;
  relay: string;
  /** Seconds, of the relay's own time. */
  cursorS: number;
  /** Set while what the relay lacks is still to be put back: it is read as a whole until that is done. */
  refillDue: boolean;
}

/**
 * How one relay of a circle is doing, written by the one tab that talks to it. A circle has one row for each relay in use.
 * What was written before this tab opened may be long past.
 */
export interface RelayHealthRow {
  circle: number;
  relay: string;
  state: 'opening' | 'open' | 'offline' | 'refused';
  /** The relay's own sentence, where it refused: short, untrusted. */
  reason?: string;
}

/** When something of a device's last came in by a route: a day, never a time of day. */
export interface HeardRow {
  circle: number;
  device: DeviceId;
  /** A relay's address, or `direct` or `carried`. */
  route: string;
  /** Days since 1970, by this device's clock. */
  day: number;
}

/** What a backup brought back of one circle, wrapped, and when the first of it fades: see `restored.ts`. */
export type RestoredRow = { id: CircleId; sealed: Bytes; exp?: number };

/** A setting that is no secret. */
export interface SettingRow {
  id: string;
  value: string | number | boolean;
}

export interface VaultRow {
  id: string;
  key: CryptoKey;
}

/** One way to open the lock: the vault key, wrapped by what somebody knows or holds. Any row at all means that there is a lock. */
export type LockRow = PassphraseLockRow | PasskeyLockRow;

export interface PassphraseLockRow {
  id: 'passphrase';
  salt: Bytes;
  cost: Argon2Cost;
  sealed: Bytes;
}

export interface PasskeyLockRow {
  id: `passkey/${string}`;
  /** The credential's id, as the authenticator named it. */
  credential: Bytes;
  salt: Bytes;
  sealed: Bytes;
}

/**
 * What a locked device needs to carry a circle's sealed envelopes from friend to friend, and no more: with these keys it
 * finds the others and proves which device it is, and opens nothing. Only where there is a lock.
 */
export interface CarrierRow {
  circle: number;
  /** The replica's name, as `replicaIdOf` has it. */
  replica: string;
  topic: Topic;
  /** Circle and epoch, as proofs are bound to them. */
  context: Bytes;
  device: DeviceId;
  publicKeys: DevicePublic;
  /** Neither can be exported. */
  signKey: CryptoKey;
  signal: CryptoKey;
  /** Relays in use; missing where the circle names none, and the instance's are used. */
  relays?: string[];
  /** How many other people may be here. */
  others: number;
}

export type ShoulderDatabase = Dexie & {
  circles: EntityTable<CircleRow, 'n'>;
  envelopes: Table<EnvelopeRow, [number, MapKey]>;
  outbox: EntityTable<OutboxRow, 'id'>;
  drafts: EntityTable<SealedRow, 'id'>;
  joinings: EntityTable<JoiningRow, 'id'>;
  asks: Table<AskRow, [number, string]>;
  contentKeys: Table<ContentKeyRow, [number, MapKey]>;
  mail: Table<MailRow, [number, string, MapKey]>;
  mailboxes: Table<MailboxRow, [number, string]>;
  relayHealth: Table<RelayHealthRow, [number, string]>;
  heard: Table<HeardRow, [number, DeviceId, string]>;
  presence: EntityTable<PresenceRow, 'circle'>;
  restored: EntityTable<RestoredRow, 'id'>;
  settings: EntityTable<SettingRow, 'id'>;
  vault: EntityTable<VaultRow, 'id'>;
  locks: EntityTable<LockRow, 'id'>;
  carriers: EntityTable<CarrierRow, 'circle'>;
};

/** Opens nothing yet; Dexie opens at the first use. */
export const createDatabase = (
  name: string,
  options: { indexedDB?: IDBFactory; IDBKeyRange?: typeof IDBKeyRange } = {}
): ShoulderDatabase => {
  const indexedDB = neverNewer(options.indexedDB ?? globalThis.indexedDB);
  const database = new Dexie(name, {
    ...options,
    indexedDB,
    chromeTransactionDurability: 'strict',
    cache: 'disabled' // Dexie's keeps whoever asked first, even an engine long stopped, while anybody asks the same
  }) as ShoulderDatabase;
  database.version(1).stores({
    circles: '++n, &id',
    envelopes: '[circle+key], [circle+kind+device+at], [circle+device+seq], exp',
    outbox: '++id, circle',
    drafts: 'id',
    joinings: 'id',
    asks: '[circle+id]',
    presence: 'circle',
    settings: 'id',
    vault: 'id'
  });
  database.version(2).stores({
    envelopes: '[circle+key], [circle+kind+device+at], [circle+kind+at], [circle+device+seq], exp',
    contentKeys: '[circle+key]',
    mail: '[circle+relay+key], [circle+relay+due], [circle+key]',
    mailboxes: '[circle+relay]'
  });
  database.version(3).stores({
    relayHealth: '[circle+relay]',
    heard: '[circle+device+route]',
    restored: 'id, exp',
    locks: 'id',
    carriers: 'circle'
  });
  // Rows say in which epoch they were signed, keyrings hold several: an older app would not know what to make of either. And rooms
  // and mailboxes are others since then, so what was noted of the old ones says nothing about the new.
  database
    .version(4)
    .stores({})
    .upgrade((upgrade) => Promise.all(placesNotes.map((name) => upgrade.table(name).clear())));
  return database;
};

/** Why the disk refused, in terms the message catalogue has a sentence for. */
export type StorageError =
  { readonly type: 'StorageFull' } | { readonly type: 'StorageRefused' } | { readonly type: 'NewerDatabase' };

/** Translates what Dexie throws; anything unknown is thrown on. */
export const toStorageError = (error: unknown): StorageError => {
  const names = errorNames(error);
  if (names.has('QuotaExceededError')) return { type: 'StorageFull' };
  if (names.has('VersionError')) return { type: 'NewerDatabase' };
  const refusals = [
    'OpenFailedError',
    'MissingAPIError',
    'InvalidStateError',
    'SecurityError',
    'UnknownError',
    'DatabaseClosedError'
  ];
  if (refusals.some((name) => names.has(name))) return { type: 'StorageRefused' };
  throw error;
};

/** What is known of the places where a circle is found, and of nothing else. */
const placesNotes = ['mail', 'mailboxes', 'carriers'];

const errorNames = (error: unknown): Set<string> => {
  const names = new Set<string>();
  let at: unknown = error;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth++) {
    if ('name' in at && typeof at.name === 'string') names.add(at.name);
    at = 'inner' in at ? at.inner : undefined;
  }
  return names;
};
