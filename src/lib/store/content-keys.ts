/**
 * What came of opening private records, so that no seal is tried twice (docs/protocol.md AT7, VA3).
 *
 * A seal costs public-key work and loads a library for it; a content key costs neither. Kept is for every private
 * record that was tried, whether it was for this person or not, an entry of the same length, wrapped: at rest nothing
 * tells which ones are.
 */
import Dexie from 'dexie';
import { concatBytes, type Bytes } from '../base/bytes.ts';
import type { MapKey, RecordHash } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { kinds } from '../records/kinds.ts';
import { contentKeyBytes } from '../records/private.ts';
import {
  toStorageError,
  type ContentKeyRow,
  type EnvelopeRow,
  type ShoulderDatabase,
  type StorageError
} from './database.ts';
import { heldRows } from './held-rows.ts';
import type { Vault } from './vault.ts';

/** What came of opening one record: its content key (32 bytes), or `null` where it is not for this person. */
export interface TriedRecord {
  readonly row: Pick<EnvelopeRow, 'key' | 'hash'>;
  readonly contentKey: Bytes | null;
}

export class ContentKeys {
  readonly #database: ShoulderDatabase;
  readonly #vault: Vault;

  constructor(database: ShoulderDatabase, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
  }

  /**
   * What is known of these records; a hash that is missing has not been tried. Ignores what is kept of another version
   * of the slot, and what does not unwrap. Not for use inside a transaction: it waits for crypto.
   */
  async readMany(
    circle: number,
    rows: readonly Pick<EnvelopeRow, 'key' | 'hash'>[]
  ): Promise<Map<RecordHash, Bytes | null>> {
    const kept = await this.#database.contentKeys.bulkGet(rows.map(({ key }): [number, MapKey] => [circle, key]));
    const known = await Promise.all(
      rows.map(async ({ hash }, i): Promise<[RecordHash, Bytes | null][]> => {
        const row = kept[i];
        const bytes = row?.hash === hash ? await this.#vault.unwrap(purposeOf(hash), row.sealed) : undefined;
        const contentKey = bytes === undefined ? undefined : bytesToKey(bytes);
        return contentKey === undefined ? [] : [[hash, contentKey]];
      })
    );
    return new Map(known.flat());
  }

  /**
   * Keeps what came of opening, in the place of what was kept of these slots. Passes over records that are not what
   * their slot holds any more: while they were opened, they may have been taken back, replaced, or have faded. What the disk refuses
   * is an error that may be passed over: then they are tried again another time.
   */
  async keepMany(circle: number, tried: readonly TriedRecord[]): Promise<Result<true, StorageError>> {
    return this.#keep(circle, tried, () => Promise.resolve());
  }

  /** As `keepMany`, of keys that another device of this person handed over (OD7): whoever watches `takenIn` reads again. */
  async takeIn(circle: number, handed: readonly TriedRecord[]): Promise<Result<true, StorageError>> {
    return this.#keep(circle, handed, async () => {
      const value = (await takenIn(this.#database, circle)) + 1;
      await this.#database.settings.put({ id: takenInId(circle), value });
    });
  }

  /** As `takenIn` below. */
  takenIn(circle: number): Promise<number> {
    return takenIn(this.#database, circle);
  }

  async #keep(
    circle: number,
    tried: readonly TriedRecord[],
    also: () => Promise<void>
  ): Promise<Result<true, StorageError>> {
    const rows = await Promise.all(
      tried.map(async ({ row: { key, hash }, contentKey }): Promise<ContentKeyRow> => {
        const sealed = await this.#vault.wrap(purposeOf(hash), keyToBytes(contentKey));
        return { circle, key, hash, sealed };
      })
    );
    const { envelopes, contentKeys, settings } = this.#database;
    try {
      await this.#database.transaction('rw', envelopes, contentKeys, settings, async () => {
        const [held, kept] = await Promise.all([
          heldRows(this.#database, rows),
          contentKeys.bulkGet(rows.map(({ key }): [number, MapKey] => [circle, key]))
        ]);
        await contentKeys.bulkPut(
          rows.filter(({ hash }, i) => {
            if (held[i]?.kind !== kinds.private || held[i].hash !== hash) return false;
            // A key may have been handed over while the seals were tried in vain.
            return tried[i]?.contentKey !== null || kept[i]?.hash !== hash;
          })
        );
        await also();
      });
      return ok(true);
    } catch (error) {
      return err(toStorageError(error));
    }
  }
}

/**
 * How often keys were taken in that another device of this person handed over: by this number a view knows that there may be more
 * to read in a circle than when it looked last. A query only, fit for a live query.
 */
export const takenIn = async (database: ShoulderDatabase, circle: number): Promise<number> => {
  const value = (await database.settings.get(takenInId(circle)))?.value;
  return typeof value === 'number' ? value : 0;
};

const takenInId = (circle: number): string => `taken-in/${circle}`;

/**
 * Forgets what is kept of slots that hold nothing private any more: faded, taken back, or said openly now. A content key
 * must not outlive its words. Reads keys of indexes only. To be called after `sweepFaded`, and as often.
 */
export const sweepContentKeys = (database: ShoulderDatabase): Promise<void> =>
  database.transaction('rw', database.envelopes, database.contentKeys, async () => {
    const kept = await database.contentKeys.toCollection().primaryKeys();
    for (const [circle, keys] of Map.groupBy(kept, ([n]) => n)) {
      const live = await database.envelopes
        .where('[circle+kind+device+at]')
        .between([circle, kinds.private], [circle, kinds.private, Dexie.maxKey])
        .primaryKeys();
      const slots = new Set(live.map(([, key]) => key));
      await database.contentKeys.bulkDelete(keys.filter(([, key]) => !slots.has(key)));
    }
  });

const purposeOf = (hash: RecordHash): string => `content/${hash}`;

/** found(1) ‖ content key(32), zeros where there is none. */
const keyToBytes = (contentKey: Bytes | null): Bytes =>
  contentKey === null ? new Uint8Array(1 + contentKeyBytes) : concatBytes(Uint8Array.of(1), contentKey);

const bytesToKey = (bytes: Bytes): Bytes | null | undefined => {
  if (bytes.length !== 1 + contentKeyBytes) return undefined;
  return bytes[0] === 1 ? bytes.slice(1) : null;
};
