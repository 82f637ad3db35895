/** What is remembered of opening private records: by version of a slot, wrapped, and no longer than the record. */
import Dexie from 'dexie';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesToHex, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, type DeviceId, type MapKey, type RecordHash } from '../../../src/lib/base/ids.ts';
import { ok } from '../../../src/lib/base/result.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { ContentKeys, sweepContentKeys } from '../../../src/lib/store/content-keys.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { sweepFaded } from '../../../src/lib/store/fading.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { openVault } from '../../../src/lib/store/vault.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { memoryDatabase } from './memory-database.ts';

const random = seededRandom(8);
const letterKey = random.bytes(32);

let database: ShoulderDatabase;
let contentKeys: ContentKeys;
beforeEach(async () => {
  database = memoryDatabase();
  contentKeys = new ContentKeys(database, await openVault(database, random));
});

const hashOf = (n: number): RecordHash => bytesToId(new Uint8Array(32).fill(n));
const row = (n: number, changes: Partial<EnvelopeRow> = {}): EnvelopeRow => ({
  circle: 1,
  key: `key ${n}` as MapKey,
  bytes: Uint8Array.of(1),
  hash: hashOf(n),
  kind: kinds.private,
  device: 'device' as DeviceId,
  at: 1000,
  ver: 1,
  seq: n,
  ...changes
});
/** The next version of what stands in the slot of row `n`. */
const nextOf = (n: number, changes: Partial<EnvelopeRow> = {}): EnvelopeRow =>
  row(n, { ver: 2, hash: hashOf(100 + n), ...changes });
const put = (...rows: EnvelopeRow[]) => database.transaction('rw', database.envelopes, () => putNewer(database, rows));
const keep = (of: EnvelopeRow, contentKey: Bytes | null) => contentKeys.keepMany(of.circle, [{ row: of, contentKey }]);

describe('[AT7] what came of opening', () => {
  test('is known again: whose key it was, that there was none, and that it was never tried', async () => {
    const [letter, others, untried] = [row(1), row(2), row(3)];
    await put(letter, others, untried);
    await contentKeys.keepMany(1, [
      { row: letter, contentKey: letterKey },
      { row: others, contentKey: null }
    ]);
    const known = new Map([
      [letter.hash, letterKey],
      [others.hash, null]
    ]);
    expect(await contentKeys.readMany(1, [letter, others, untried])).toEqual(known);
    expect(await contentKeys.readMany(1, [])).toEqual(new Map());
    expect(await contentKeys.readMany(2, [letter])).toEqual(new Map());
  });

  test('survives closing the app', async () => {
    const indexedDB = new IDBFactory();
    const first = memoryDatabase(indexedDB);
    await first.transaction('rw', first.envelopes, () => putNewer(first, [row(1)]));
    await new ContentKeys(first, await openVault(first, random)).keepMany(1, [{ row: row(1), contentKey: letterKey }]);
    first.close();
    const second = memoryDatabase(indexedDB);
    const again = new ContentKeys(second, await openVault(second, random));
    expect(await again.readMany(1, [row(1)])).toEqual(new Map([[hashOf(1), letterKey]]));
  });

  test('says nothing of a newer version of the slot, and that one takes its place', async () => {
    await put(row(1));
    await keep(row(1), letterKey);
    await put(nextOf(1));
    expect(await contentKeys.readMany(1, [nextOf(1)])).toEqual(new Map());
    await keep(nextOf(1), null);
    expect(await contentKeys.readMany(1, [nextOf(1)])).toEqual(new Map([[hashOf(101), null]]));
    expect(await database.contentKeys.count()).toBe(1);
  });

  test('is not kept where the record went while it was opened', async () => {
    await put(row(1), row(2), row(3, { exp: 10 }));
    await put(nextOf(1), nextOf(2, { kind: kinds.gone }));
    await sweepFaded(database, 10);
    for (const n of [1, 2, 3, 4]) expect(await keep(row(n), letterKey)).toEqual(ok(true));
    expect(await database.contentKeys.count()).toBe(0);
  });

  test('in vain does not take the place of a key of the same version, which another device handed over meanwhile', async () => {
    await put(row(1), row(2));
    await contentKeys.takeIn(1, [{ row: row(1), contentKey: letterKey }]);
    await contentKeys.keepMany(1, [
      { row: row(1), contentKey: null },
      { row: row(2), contentKey: null }
    ]);
    const known = await contentKeys.readMany(1, [row(1), row(2)]);
    expect([...known.values()]).toEqual([letterKey, null]);
    // The other way round it does.
    await contentKeys.takeIn(1, [{ row: row(2), contentKey: letterKey }]);
    expect((await contentKeys.readMany(1, [row(2)])).get(hashOf(2))).toEqual(letterKey);
  });

  test('[OD7] is counted where another device handed it over, circle by circle, and only then', async () => {
    await put(row(1), row(2, { circle: 2 }));
    await keep(row(1), letterKey);
    expect([await contentKeys.takenIn(1), await contentKeys.takenIn(2)]).toEqual([0, 0]);
    for (let times = 0; times < 2; times++)
      await contentKeys.takeIn(2, [{ row: row(2, { circle: 2 }), contentKey: letterKey }]);
    expect([await contentKeys.takenIn(1), await contentKeys.takenIn(2)]).toEqual([0, 2]);
  });

  test('is an error where the disk refuses, and no throw', async () => {
    await put(row(1));
    database.close();
    expect(await keep(row(1), letterKey)).toEqual({ ok: false, error: { type: 'StorageRefused' } });
  });
});

describe('[AT7] at rest', () => {
  test('nothing tells which private records are for this person', async () => {
    await put(row(1), row(2));
    await keep(row(1), letterKey);
    await keep(row(2), null);
    const [mine, others] = await database.contentKeys.toArray();
    expect(Object.keys(mine ?? {})).toEqual(Object.keys(others ?? {}));
    expect(mine?.sealed).toHaveLength(12 + 1 + 32 + 16);
    expect(others?.sealed).toHaveLength(12 + 1 + 32 + 16);
    expect(bytesToHex(mine?.sealed as Bytes)).not.toContain(bytesToHex(letterKey));
  });

  test('[VA1] an entry speaks for its own record alone, and to its own vault', async () => {
    await put(row(1), row(2));
    await keep(row(1), letterKey);
    const [kept] = await database.contentKeys.toArray();
    await database.contentKeys.put({ circle: 1, key: row(2).key, hash: row(2).hash, sealed: kept?.sealed as Bytes });
    expect(await contentKeys.readMany(1, [row(1), row(2)])).toEqual(new Map([[hashOf(1), letterKey]]));
    const other = new ContentKeys(database, await openVault(memoryDatabase(), random));
    expect(await other.readMany(1, [row(1)])).toEqual(new Map());
  });
});

describe('[AT7] sweeping', () => {
  test('forgets what has faded, was taken back or is said openly now, and keeps the rest', async () => {
    const rows = [row(1), row(2, { exp: 10 }), row(3), row(4), row(5, { circle: 2 }), row(6, { circle: 2 })];
    await put(...rows);
    for (const each of rows) await keep(each, each.seq % 2 === 0 ? null : letterKey);
    await sweepContentKeys(database);
    expect(await database.contentKeys.count()).toBe(6);
    await sweepFaded(database, 10);
    await put(nextOf(3, { kind: kinds.gone }), nextOf(4, { kind: kinds.checkIn }));
    await database.envelopes.delete([2, row(6).key]);
    await sweepContentKeys(database);
    const left = (await database.contentKeys.toArray()).map(({ circle, hash }) => [circle, hash]);
    expect(left).toEqual([
      [1, hashOf(1)],
      [2, hashOf(5)]
    ]);
    expect(await contentKeys.readMany(1, [row(1)])).toEqual(new Map([[hashOf(1), letterKey]]));
  });
});

describe('[AT5] the database', () => {
  /** As the app first shipped it; never changed. */
  const versionOne = {
    circles: '++n, &id',
    envelopes: '[circle+key], [circle+kind+device+at], [circle+device+seq], exp',
    outbox: '++id, circle',
    drafts: 'id',
    joinings: 'id',
    asks: '[circle+id]',
    presence: 'circle',
    settings: 'id',
    vault: 'id'
  };

  test('of version 1 becomes one of now with everything that was in it', async () => {
    const indexedDB = new IDBFactory();
    const older = new Dexie('shoulder', { indexedDB, IDBKeyRange });
    older.version(1).stores(versionOne);
    const draft = { id: 'now', sealed: Uint8Array.of(1, 2, 3) };
    await older.table('envelopes').bulkPut([row(1), row(2, { kind: kinds.checkIn })]);
    await older.table('drafts').put(draft);
    older.close();
    const newer = memoryDatabase(indexedDB);
    expect(await newer.envelopes.toArray()).toEqual([row(1), row(2, { kind: kinds.checkIn })]);
    expect(await newer.drafts.toArray()).toEqual([draft]);
    expect(newer.verno).toBeGreaterThan(1);
    const kept = new ContentKeys(newer, await openVault(newer, random));
    await kept.keepMany(1, [{ row: row(1), contentKey: letterKey }]);
    expect(await kept.readMany(1, [row(1)])).toEqual(new Map([[hashOf(1), letterKey]]));
  });
});
