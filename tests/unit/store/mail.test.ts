/** What relays still have to get, and what they are known to keep. */
import { describe, expect, test } from 'vitest';
import type { DeviceId, MapKey, RecordHash } from '../../../src/lib/base/ids.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import {
  accountedMail,
  confirmedMail,
  confirmMail,
  dropMail,
  dueMail,
  forgetLostMail,
  forgetMailOf,
  forgetRelays,
  oweMail
} from '../../../src/lib/store/mail.ts';
import { relaysKeeping } from '../../../src/lib/store/kept-mail.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { memoryDatabase } from './memory-database.ts';

const random = seededRandom(4);
const [home, away] = ['wss://home.example', 'wss://away.example'];
const row = (key: string, hash: string): EnvelopeRow => ({
  circle: 1,
  key: key as MapKey,
  bytes: new Uint8Array([1]),
  hash: hash as RecordHash,
  kind: 32,
  device: 'ana' as DeviceId,
  at: 1,
  ver: 1,
  seq: 1
});
const keysOf = (due: Awaited<ReturnType<typeof dueMail>>): string[] => due.map((each) => each.row.key);
const kept = (key: string, hash: string, id = 'a pack') => ({
  key: key as MapKey,
  hash: hash as RecordHash,
  id,
  shared: id === 'a pack'
});

describe('[MR1] mail', () => {
  test('is due on every relay until that relay confirmed it', async () => {
    const database = memoryDatabase();
    await database.envelopes.bulkPut([row('a', 'a1'), row('b', 'b1')]);
    await oweMail(database, 1, [home, away], ['a', 'b'] as MapKey[]);
    expect(keysOf(await dueMail(database, 1, home, { limit: 10 }))).toEqual(['a', 'b']);
    await confirmMail(database, 1, home, [kept('a', 'a1', 'letter 1')]);
    expect(keysOf(await dueMail(database, 1, home, { limit: 10 }))).toEqual(['b']);
    expect(keysOf(await dueMail(database, 1, away, { limit: 10 }))).toEqual(['a', 'b']);
    expect(await relaysKeeping(database, 1, kept('a', 'a1'))).toEqual([home]);
    expect(await relaysKeeping(database, 1, kept('b', 'b1'))).toEqual([]);
  });

  test('is due again when its slot moves on, also while it was on its way', async () => {
    const database = memoryDatabase();
    await database.envelopes.put(row('a', 'a1'));
    await oweMail(database, 1, [home], ['a' as MapKey]);
    await database.envelopes.put(row('a', 'a2'));
    expect(await confirmMail(database, 1, home, [kept('a', 'a1', 'letter 1')])).toEqual([]);
    expect(keysOf(await dueMail(database, 1, home, { limit: 10 }))).toEqual(['a']);
    expect(await relaysKeeping(database, 1, kept('a', 'a2'))).toEqual([]);
  });

  test('[MR5] tells which letter was replaced, and never one that holds others too', async () => {
    const database = memoryDatabase();
    await database.envelopes.put(row('a', 'a1'));
    await confirmMail(database, 1, home, [kept('a', 'a1', 'letter 1')]);
    await database.envelopes.put(row('a', 'a2'));
    expect(await confirmMail(database, 1, home, [kept('a', 'a2', 'letter 2')])).toEqual(['letter 1']);
    expect(await confirmMail(database, 1, home, [kept('a', 'a2', 'letter 2')])).toEqual([]);
    await confirmMail(database, 1, home, [kept('b', 'b1')]);
    expect(await confirmMail(database, 1, home, [kept('b', 'b2', 'letter 3')])).toEqual([]);
  });

  test('has no envelope where its slot faded meanwhile, and can be dropped', async () => {
    const database = memoryDatabase();
    await database.envelopes.put({ ...row('a', 'a1'), kind: 0, bytes: new Uint8Array(0) });
    await oweMail(database, 1, [home], ['a' as MapKey]);
    expect((await dueMail(database, 1, home, { limit: 10 })).map(({ envelope }) => envelope)).toEqual([undefined]);
    await dropMail(database, 1, home, ['a' as MapKey]);
    expect(await dueMail(database, 1, home, { limit: 10 })).toEqual([]);
  });

  test('[MR4] that a relay has lost is forgotten, and what it still has, or is due there, stays noted', async () => {
    const database = memoryDatabase();
    await database.envelopes.bulkPut([row('a', 'a1'), row('b', 'b1'), row('c', 'c1')]);
    await oweMail(database, 1, [home, away], ['a', 'b', 'c'] as MapKey[]);
    for (const relay of [home, away])
      await confirmMail(database, 1, relay, [kept('a', 'a1', 'letter 1'), kept('b', 'b1', 'letter 2')]);
    await forgetLostMail(database, 1, home, new Set(['letter 2', 'of a friend']));
    expect(await confirmedMail(database, 1, home, { nowMs: 0, limit: 3, random })).toEqual(['letter 2']);
    expect(await relaysKeeping(database, 1, kept('a', 'a1'))).toEqual([away]);
    await forgetLostMail(database, 1, home, new Set());
    expect(await confirmedMail(database, 1, home, { nowMs: 0, limit: 3, random })).toEqual([]);
    expect(await relaysKeeping(database, 1, kept('b', 'b1'))).toEqual([away]);
    expect(keysOf(await dueMail(database, 1, home, { limit: 10 }))).toEqual(['c']);
  });

  test('is passed over where it was refused, so that it holds up nothing else', async () => {
    const database = memoryDatabase();
    await database.envelopes.bulkPut([row('a', 'a1'), row('b', 'b1'), row('c', 'c1')]);
    await oweMail(database, 1, [home], ['a', 'b', 'c'] as MapKey[]);
    expect(keysOf(await dueMail(database, 1, home, { limit: 2 }))).toEqual(['a', 'b']);
    expect(keysOf(await dueMail(database, 1, home, { limit: 2, skip: 2 }))).toEqual(['c']);
    expect(keysOf(await dueMail(database, 1, home, { limit: 2, skip: 3 }))).toEqual([]);
  });

  test('[MR4] a relay is asked for the letters of the newest records, and for others at random', async () => {
    const database = memoryDatabase();
    const names = Array.from({ length: 100 }, (_, i) => `${i}`);
    await database.envelopes.bulkPut(names.map((name, i) => ({ ...row(name, name), at: i })));
    await confirmMail(
      database,
      1,
      home,
      names.map((name) => kept(name, name, `letter ${name}`))
    );
    const draw = () => confirmedMail(database, 1, home, { nowMs: 0, limit: 20, random });
    const [first, second] = [await draw(), await draw()];
    for (const ids of [first, second]) {
      expect(ids.slice(0, 10)).toEqual(
        names
          .slice(90)
          .toReversed()
          .map((name) => `letter ${name}`)
      );
      expect(new Set(ids).size).toBe(20);
    }
    expect(first.slice(10)).not.toEqual(second.slice(10));
  });

  test('[MR4] what a relay has, or is due to get, is not put back', async () => {
    const database = memoryDatabase();
    const rows = [row('a', 'a1'), row('b', 'b1'), row('c', 'c1'), row('d', 'd2')];
    await database.envelopes.bulkPut(rows);
    await oweMail(database, 1, [home], ['b' as MapKey]);
    await confirmMail(database, 1, home, [kept('a', 'a1')]);
    await database.mail.put({ circle: 1, relay: home, key: 'd' as MapKey, due: 0, hash: 'd1' as RecordHash, id: 'x' });
    expect([...(await accountedMail(database, 1, home, rows))]).toEqual(['a', 'b']);
  });
});

describe('what was noted goes', () => {
  test('with slots that have faded, on every relay', async () => {
    const database = memoryDatabase();
    await oweMail(database, 1, [home, away], ['a', 'b'] as MapKey[]);
    await forgetMailOf(database, [{ circle: 1, key: 'a' as MapKey }]);
    await forgetMailOf(database, []);
    expect((await database.mail.toArray()).map(({ relay, key }) => [relay, key])).toEqual([
      [away, 'b'],
      [home, 'b']
    ]);
  });

  test('with a relay that is left, what was still due there included, and no other', async () => {
    const database = memoryDatabase();
    await oweMail(database, 1, [home, away], ['a'] as MapKey[]);
    await oweMail(database, 2, [home], ['a'] as MapKey[]);
    await database.mailboxes.bulkPut([
      { circle: 1, relay: home, cursorS: 1, refillDue: false },
      { circle: 1, relay: away, cursorS: 1, refillDue: false }
    ]);
    await forgetRelays(database, 1, [home]);
    expect((await database.mail.toArray()).map(({ circle, relay }) => [circle, relay])).toEqual([
      [1, away],
      [2, home]
    ]);
    expect((await database.mailboxes.toArray()).map(({ relay }) => relay)).toEqual([away]);
  });
});
