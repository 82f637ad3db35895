/** What relays still have to get, and what they are known to keep. */
import { describe, expect, test } from 'vitest';
import type { DeviceId, MapKey, RecordHash } from '../../../src/lib/base/ids.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import {
  confirmedMail,
  confirmMail,
  dropMail,
  dueMail,
  forgetMail,
  oweMail,
  relaysKeeping
} from '../../../src/lib/store/mail.ts';
import { memoryDatabase } from './memory-database.ts';

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
    expect(keysOf(await dueMail(database, 1, home, 10))).toEqual(['a', 'b']);
    await confirmMail(database, 1, home, [kept('a', 'a1', 'letter 1')]);
    expect(keysOf(await dueMail(database, 1, home, 10))).toEqual(['b']);
    expect(keysOf(await dueMail(database, 1, away, 10))).toEqual(['a', 'b']);
    expect(await relaysKeeping(database, 1, kept('a', 'a1'))).toEqual([home]);
    expect(await relaysKeeping(database, 1, kept('b', 'b1'))).toEqual([]);
  });

  test('is due again when its slot moves on, also while it was on its way', async () => {
    const database = memoryDatabase();
    await database.envelopes.put(row('a', 'a1'));
    await oweMail(database, 1, [home], ['a' as MapKey]);
    await database.envelopes.put(row('a', 'a2'));
    expect(await confirmMail(database, 1, home, [kept('a', 'a1', 'letter 1')])).toEqual([]);
    expect(keysOf(await dueMail(database, 1, home, 10))).toEqual(['a']);
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
    expect((await dueMail(database, 1, home, 10)).map(({ envelope }) => envelope)).toEqual([undefined]);
    await dropMail(database, 1, home, ['a' as MapKey]);
    expect(await dueMail(database, 1, home, 10)).toEqual([]);
  });

  test('[MR4] of a relay that was emptied is forgotten, and what is due there stays due', async () => {
    const database = memoryDatabase();
    await database.envelopes.bulkPut([row('a', 'a1'), row('b', 'b1')]);
    await oweMail(database, 1, [home, away], ['a', 'b'] as MapKey[]);
    for (const relay of [home, away]) await confirmMail(database, 1, relay, [kept('a', 'a1', 'letter')]);
    await database.mailboxes.put({ circle: 1, relay: home, cursorS: 5, refillDue: false });
    expect(await confirmedMail(database, 1, home, { nowMs: 0, limit: 3 })).toEqual(['letter']);
    await forgetMail(database, 1, home);
    expect(await confirmedMail(database, 1, home, { nowMs: 0, limit: 3 })).toEqual([]);
    expect(await relaysKeeping(database, 1, kept('a', 'a1'))).toEqual([away]);
    expect(keysOf(await dueMail(database, 1, home, 10))).toEqual(['b']);
    expect(await database.mailboxes.get([1, home])).toBeUndefined();
  });
});
