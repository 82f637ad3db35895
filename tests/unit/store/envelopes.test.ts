/** Envelopes at rest: the newest of each slot, in every order, and markers where something faded. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeviceId, MapKey, RecordHash } from '../../../src/lib/base/ids.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { liveCountOf, pagesOfCircle } from '../../../src/lib/store/envelope-pages.ts';
import { liveRecordsOf } from '../../../src/lib/store/envelopes.ts';
import { rowsOfKind, statementRows } from '../../../src/lib/store/held-rows.ts';
import { newestRow } from '../../../src/lib/store/newest-rows.ts';
import { fadedKind, sweepFaded } from '../../../src/lib/store/fading.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { memoryDatabase } from './memory-database.ts';

let database: ShoulderDatabase;
beforeEach(() => {
  database = memoryDatabase();
});

const row = (changes: Partial<EnvelopeRow> = {}): EnvelopeRow => ({
  circle: 1,
  key: 'key' as MapKey,
  bytes: Uint8Array.of(1),
  hash: 'hash' as RecordHash,
  kind: kinds.checkIn,
  device: 'device' as DeviceId,
  at: 1000,
  ver: 1,
  seq: 1,
  ...changes
});
const put = (rows: EnvelopeRow[]) => database.transaction('rw', database.envelopes, () => putNewer(database, rows));

describe('[AT2] the newest of a slot', () => {
  test('says what became of each', async () => {
    const [first, same, second, older] = [
      row(),
      row(),
      row({ ver: 2, hash: 'b' as RecordHash }),
      row({ hash: 'a' as RecordHash })
    ];
    expect(await put([first])).toEqual(['stored']);
    expect(await put([same, second, older])).toEqual(['held', 'stored', 'older']);
    expect(await database.envelopes.toArray()).toEqual([second]);
  });

  test('[EN7] is the same in every order and any batches', async () => {
    const version = fc.record({
      key: fc.constantFrom('k1', 'k2'),
      ver: fc.integer({ min: 1, max: 3 }),
      hash: fc.constantFrom('A', 'a', '_')
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(version, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        async (versions, turn, batch) => {
          const rows = versions.map((each) => row(each as Partial<EnvelopeRow>));
          const turned = [...rows.slice(turn % rows.length), ...rows.slice(0, turn % rows.length)].toReversed();
          const held = async (deliveries: EnvelopeRow[][]) => {
            await database.envelopes.clear();
            for (const delivery of deliveries) await put(delivery);
            return database.envelopes.toArray();
          };
          const batches = Array.from({ length: Math.ceil(turned.length / batch) }, (_, i) =>
            turned.slice(i * batch, (i + 1) * batch)
          );
          expect(await held(batches)).toEqual(await held([rows]));
        }
      ),
      { numRuns: 60 }
    );
  });
});

describe('[FA1] fading', () => {
  test('lets go of the words and keeps a marker that no older version passes', async () => {
    await put([row({ ver: 3, exp: 5000 })]);
    expect(await sweepFaded(database, 4999)).toEqual([]);
    expect(await sweepFaded(database, 5000)).toEqual([{ circle: 1, device: 'device', key: 'key' }]);
    const [marker] = await database.envelopes.toArray();
    expect(marker).toMatchObject({ kind: fadedKind, ver: 3, seq: 0, hash: 'hash', bytes: new Uint8Array(0) });
    expect(marker && 'exp' in marker).toBe(false);
    expect(await put([row({ ver: 2, hash: 'a' as RecordHash }), row({ ver: 3, exp: 5000 })])).toEqual([
      'older',
      'held'
    ]);
    expect(await put([row({ ver: 4, hash: 'z' as RecordHash })])).toEqual(['stored']);
    expect(await sweepFaded(database, 9999)).toEqual([]);
  });

  test('is found by its index, and what never fades is not in it', async () => {
    await put([row(), row({ key: 'other' as MapKey, exp: 10 })]);
    expect(await database.envelopes.where('exp').above(0).count()).toBe(1);
  });
});

describe('[AT6] finding by index', () => {
  test('rows of one kind, and the newest of a device that has not faded', async () => {
    const at = (ms: number, changes: Partial<EnvelopeRow> = {}) =>
      row({ key: `${ms}` as MapKey, at: ms, seq: ms, ...changes });
    await put([
      at(10),
      at(30, { exp: 50 }),
      at(20),
      at(40, { kind: kinds.invite }),
      at(60, { device: 'other' as DeviceId }),
      at(70, { circle: 2 })
    ]);
    expect(await rowsOfKind(database, 1, kinds.checkIn)).toHaveLength(4);
    expect((await newestRow(database, 1, kinds.checkIn, 'device' as DeviceId))?.at).toBe(30);
    expect((await newestRow(database, 1, kinds.checkIn, 'device' as DeviceId, 50))?.at).toBe(20);
    expect(await newestRow(database, 1, kinds.leave, 'device' as DeviceId)).toBeUndefined();
  });

  test('statements of every kind', async () => {
    const statements = [1, 2, 3, 4, 5, 6].map((kind) => row({ key: `${kind}` as MapKey, kind }));
    await put([...statements, row()]);
    expect((await statementRows(database, 1)).map(({ kind }) => kind)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('[LA1] live records of a device are those with a number', async () => {
    await put([
      row(),
      row({ key: 'l' as MapKey, kind: kinds.ledger, seq: 0 }),
      row({ key: 'o' as MapKey, device: 'other' as DeviceId })
    ]);
    expect(await liveRecordsOf(database, 1, 'device' as DeviceId)).toEqual([{ seq: 1, hash: 'hash' }]);
    expect(await liveCountOf(database, 1, 'device' as DeviceId)).toBe(1);
  });

  test('pages hold every row of a circle once', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => row({ key: `key ${i}` as MapKey, seq: i + 1 }));
    await put([...rows, row({ circle: 2 })]);
    for (const pageRows of [1, 5, 25, 26]) {
      const seen: string[] = [];
      for await (const page of pagesOfCircle(database, 1, pageRows)) seen.push(...page.map(({ key }) => key));
      expect(seen.toSorted()).toEqual(rows.map(({ key }) => key as string).toSorted());
    }
  });
});
