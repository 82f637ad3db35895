/** Saying: numbers that are used once, all or nothing, and ledgers that list what is live. */
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesToId, type EpochId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { Ledger } from '../../../src/lib/records/ledger.ts';
import { satisfiesLedger } from '../../../src/lib/records/ledger-reading.ts';
import { bodyToAck, bodyToLedger } from '../../../src/lib/records/ledger-reading.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import type { Saying } from '../../../src/lib/store/author.ts';
import { liveRecordsOf } from '../../../src/lib/store/envelopes.ts';
import { newestRow } from '../../../src/lib/store/newest-rows.ts';
import { sweepFaded } from '../../../src/lib/store/fading.ts';
import { toStorageError } from '../../../src/lib/store/database.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { checkInBody, FoundedCircle } from '../circle/friends.ts';
import { keyringOf, testDevice, type TestDevice } from './memory-database.ts';

const laterEpoch = bytesToId<EpochId>(new Uint8Array(16).fill(2));

let circle: FoundedCircle;
let clock: HandClock;
let device: TestDevice;

beforeEach(async () => {
  circle = await FoundedCircle.by();
  clock = new HandClock();
  device = await testDevice(circle, circle.founder, clock);
});

const checkIn = (words: string, changes: Partial<Saying> = {}): Saying => ({
  kind: kinds.checkIn,
  slot: 'now',
  body: checkInBody(words),
  expMs: null,
  ...changes
});
const say = async (saying: Saying) => unwrap(await device.author.say(device.local, saying));
const circleRow = () => device.database.circles.get(device.local.n);
const own = () => device.local.keyring.device.id;

const newestOpened = async (kind: number) => {
  const row = await newestRow(device.database, device.local.n, kind, own());
  if (row === undefined) throw new Error('it was said');
  return unwrap(await openRecord(row.bytes, [circle.keys])).payload;
};
const newestLedger = async (): Promise<{ ledger: Ledger; ver: number }> => {
  const { body, ver } = await newestOpened(kinds.ledger);
  const ledger = bodyToLedger(body);
  if (ledger === undefined) throw new Error('a ledger reads back');
  return { ledger, ver };
};

describe('saying', () => {
  test('[AT3] puts the envelope and its outbox row on disk together', async () => {
    const { key, envelope } = await say(checkIn('hello'));
    expect(await device.database.envelopes.get([device.local.n, key])).toMatchObject({
      seq: 1,
      ver: 1,
      kind: 32,
      bytes: envelope
    });
    expect(await device.database.outbox.toArray()).toMatchObject([{ circle: device.local.n, key }]);
  });

  test('[AT3] is told to who listens, once it is on disk and until they stop', async () => {
    const heard: [number, number, unknown][] = [];
    const stop = device.author.listen((circle, records) => {
      heard.push(...records.map(({ payload }): [number, number, unknown] => [circle, payload.seq, payload.body.words]));
    });
    await say(checkIn('hello'));
    expect(heard).toEqual([[device.local.n, 1, 'hello']]);
    expect((await device.author.say(device.local, checkIn('x'.repeat(17_000)))).ok).toBe(false);
    stop();
    await say(checkIn('goodbye'));
    expect(heard).toHaveLength(1);
  });

  test('[EN5] numbers count up over slots, versions within one, and time goes on', async () => {
    const said = [await say(checkIn('one')), await say(checkIn('two')), await say(checkIn('other', { slot: 'then' }))];
    expect(said.map(({ payload }) => [payload.seq, payload.ver])).toEqual([
      [1, 1],
      [2, 2],
      [3, 1]
    ]);
    expect(said.map(({ payload }) => payload.time)).toEqual([0, 1, 2].map((count) => ({ ms: noonMs, count })));
    clock.set(noonMs - 5_000);
    expect((await say(checkIn('earlier?'))).payload.time).toEqual({ ms: noonMs, count: 3 });
  });

  test('[AT3] many at once, from two tabs, never share a number', async () => {
    const said = await Promise.all(
      Array.from({ length: 12 }, (_, i) => say(checkIn(`${i}`, { slot: `slot ${i % 3}` })))
    );
    expect(said.map(({ payload }) => payload.seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1)
    );
    expect(new Set(said.map(({ payload }) => `${payload.slot} ${payload.ver}`)).size).toBe(12);
  });

  test('[AT3] several together are all said or none', async () => {
    const said = unwrap(await device.author.sayAll(device.local, [checkIn('a'), checkIn('b', { slot: 'then' })]));
    expect(said.map(({ payload }) => payload.seq)).toEqual([1, 2]);
    const refused = await device.author.sayAll(device.local, [
      checkIn('c', { slot: 'third' }),
      checkIn('x'.repeat(20_000), { slot: 'fourth' })
    ]);
    expect(refused).toMatchObject({ ok: false, error: { type: 'TooLarge' } });
    expect(await device.database.envelopes.count()).toBe(2);
    expect(await circleRow()).toMatchObject({ counter: 2 });
  });

  test('[AT3] what the disk refuses is an error with a name, and nothing was said', async () => {
    device.database.close();
    expect(await device.author.say(device.local, checkIn('lost?'))).toEqual({
      ok: false,
      error: { type: 'StorageRefused' }
    });
    await device.database.open();
    expect(await device.database.envelopes.count()).toBe(0);
  });

  test('[FA1] what is said where something faded is a later version', async () => {
    await say(checkIn('for a minute', { expMs: noonMs + 60_000 }));
    await sweepFaded(device.database, noonMs + 60_000);
    expect((await say(checkIn('again'))).payload.ver).toBe(2);
  });
});

describe("[AT3] in one's own circle", () => {
  beforeEach(async () => {
    const { circles, database } = device;
    const sealed = await circles.wrap(circle.id, { ...keyringOf(circle, circle.founder), own: true });
    await database.circles.update(device.local.n, { sealed });
    expect(await device.local.refresh()).toBe(true);
  });

  test('nothing waits to be sent while there is nobody to send it to', async () => {
    const heard: number[] = [];
    device.author.listen((n) => heard.push(n));
    await say(checkIn('to myself'));
    await device.database.circles.update(device.local.n, { devices: 1 });
    await say(checkIn('and again'));
    expect([await device.database.outbox.count(), await device.database.envelopes.count(), heard]).toEqual([0, 1, []]);
  });

  test('what is said goes to the other device as soon as there is one', async () => {
    const heard: number[] = [];
    device.author.listen((n) => heard.push(n));
    await device.database.circles.update(device.local.n, { devices: 2 });
    const { key } = await say(checkIn('on the other one too'));
    expect(await device.database.outbox.toArray()).toMatchObject([{ circle: device.local.n, key }]);
    expect(heard).toEqual([device.local.n]);
  });
});

describe('ledgers', () => {
  test('[LA2] share their counter with the records: a ledger is numbered by the newest record', async () => {
    await say(checkIn('one'));
    await say(checkIn('two', { slot: 'then' }));
    expect(unwrap(await device.author.renewLedger(device.local))).toBe(true);
    const { ledger, ver } = await newestLedger();
    expect(ver).toBe(2);
    expect(ledger.ranges).toEqual([[1, 2]]);
    expect(await satisfiesLedger(ledger, await liveRecordsOf(device.database, device.local.n, own()))).toBe(true);
    expect((await say(checkIn('three'))).payload.seq).toBe(3);
  });

  test('[LA2] are renewed when there is something to say, or when something faded', async () => {
    await say(checkIn('one'));
    expect(unwrap(await device.author.renewLedger(device.local))).toBe(true);
    expect(unwrap(await device.author.renewLedger(device.local))).toBe(false);
    expect(unwrap(await device.author.renewLedger(device.local, { force: true }))).toBe(true);
    expect((await newestLedger()).ver).toBe(2);
    expect((await say(checkIn('two'))).payload.seq).toBe(3);
    await device.author.renewLedger(device.local);
    expect((await newestLedger()).ver).toBe(3);
  });

  test('[LA3] list what is live: what was replaced or faded is not', async () => {
    await say(checkIn('one'));
    await say(checkIn('two'));
    await say(checkIn('three', { slot: 'then', expMs: noonMs + 1 }));
    await device.author.renewLedger(device.local);
    expect((await newestLedger()).ledger.ranges).toEqual([[2, 3]]);
    await sweepFaded(device.database, noonMs + 1);
    await device.author.renewLedger(device.local, { force: true });
    expect((await newestLedger()).ledger.ranges).toEqual([[2, 2]]);
  });

  test('[EP9] list only what is carried, and statements in any case', async () => {
    const statement = { kind: kinds.leave, slot: 'roster/leave', body: {} };
    const before = await say(checkIn('before'));
    await say(checkIn('statement', statement));
    const since = await say(checkIn('since', { slot: 'then' }));
    await device.database.envelopes.update([device.local.n, since.key], { epoch: laterEpoch });
    await device.author.renewLedger(device.local, { isCarried: ({ epoch }) => epoch === laterEpoch });
    expect((await newestLedger()).ledger.ranges).toEqual([[2, 3]]);
    const live = await liveRecordsOf(device.database, device.local.n, own(), ({ epoch }) => epoch === undefined);
    expect(live.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(live[0]?.hash).toBe(before.hash);
  });

  test('[LA1] ledgers and acks have no record number and are in no ledger', async () => {
    await say(checkIn('one'));
    await device.author.renewLedger(device.local);
    await device.author.sayAck(device.local, new Map([[own(), 4]]));
    expect((await newestOpened(kinds.ledger)).seq).toBe(0);
    expect((await newestOpened(kinds.ack)).seq).toBe(0);
    expect(await liveRecordsOf(device.database, device.local.n, own())).toHaveLength(1);
    expect(await circleRow()).toMatchObject({ counter: 1, ledgerVer: 1 });
  });

  test('[LA4] [LA7] an ack says which ledgers are held, and then none is due', async () => {
    await device.database.circles.update(device.local.n, { ackDueMs: noonMs });
    await device.author.sayAck(device.local, new Map([[own(), 4]]));
    const { body, ver } = await newestOpened(kinds.ack);
    expect([bodyToAck(body), ver]).toEqual([new Map([[own(), 4]]), 1]);
    expect(await circleRow()).toMatchObject({ ackDueMs: 0 });
    await device.author.sayAck(device.local, new Map([[own(), 5]]));
    expect((await newestOpened(kinds.ack)).ver).toBe(2);
  });
});

describe('[AT5] what the disk says', () => {
  const named = (name: string, inner?: unknown): Error => Object.assign(new Error(name), { name, inner });

  test.each([
    ['QuotaExceededError', 'StorageFull'],
    ['VersionError', 'NewerDatabase'],
    ['OpenFailedError', 'StorageRefused'],
    ['InvalidStateError', 'StorageRefused'],
    ['SecurityError', 'StorageRefused']
  ])('%s is %s, also deep inside', (name, type) => {
    expect(toStorageError(named(name))).toEqual({ type });
    expect(toStorageError(named('AbortError', named('Other', named(name))))).toEqual({ type });
  });

  test('what nobody knows goes up', () => {
    expect(() => toStorageError(named('TypeError'))).toThrow('TypeError');
    expect(() => toStorageError(undefined)).toThrow();
  });
});
