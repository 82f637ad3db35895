/** Moving to other keys: everything comes along, nothing is half moved, and nobody speaks with keys that were left. */
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { bytesToId, type EpochId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import { Author, sayLock } from '../../../src/lib/store/author.ts';
import { carrierOf } from '../../../src/lib/store/carriers.ts';
import { Circles, type LocalCircle } from '../../../src/lib/store/circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { statementRows } from '../../../src/lib/store/held-rows.ts';
import { enterEpoch } from '../../../src/lib/store/epoch-move.ts';
import { fadedKind, sweepFaded } from '../../../src/lib/store/fading.ts';
import { oweMail } from '../../../src/lib/store/mail.ts';
import { openRow } from '../../../src/lib/store/opened-row.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { Rosters } from '../../../src/lib/store/roster-cache.ts';
import { readRoster } from '../../../src/lib/store/rosters.ts';
import { openVault } from '../../../src/lib/store/vault.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { checkInBody, FoundedCircle, friend, random, type Friend } from '../circle/friends.ts';
import { keyringOf, memoryDatabase, queueLocks } from './memory-database.ts';

const relay = 'wss://relay.example/relay';
const second = { epoch: bytesToId<EpochId>(new Uint8Array(16).fill(2)), secret: new Uint8Array(32).fill(2) };
const third = { epoch: bytesToId<EpochId>(new Uint8Array(16).fill(3)), secret: new Uint8Array(32).fill(3) };

/** What one browser tab holds open of a disk. */
interface Tab {
  readonly database: ShoulderDatabase;
  readonly circles: Circles;
  readonly author: Author;
  readonly local: LocalCircle;
}

let circle: FoundedCircle;
let bo: Friend;
let clock: HandClock;
let exclusively: ReturnType<typeof queueLocks>;
let factory: IDBFactory;
let tab: Tab;

const openTab = async (): Promise<Tab> => {
  const database = memoryDatabase(factory);
  const circles = new Circles(database, await openVault(database, random));
  if ((await database.circles.count()) === 0) {
    const sealed = await circles.wrap(circle.id, keyringOf(circle, circle.founder));
    await database.circles.add(circles.newRow(circle.id, sealed));
  }
  const author = new Author({ database, circles, clock, random: seededRandom(6), exclusively });
  const [local] = await circles.all();
  if (local === undefined) throw new Error('it has just been added');
  return { database, circles, author, local };
};

beforeEach(async () => {
  [circle, bo] = await Promise.all([FoundedCircle.by(), friend(1)]);
  clock = new HandClock();
  exclusively = queueLocks();
  factory = new IDBFactory();
  tab = await openTab();
  const records = [
    await circle.genesis(),
    await circle.addition(circle.founder, bo),
    await circle.say(bo, { seq: 1, body: checkInBody('Words of Bo.') }),
    await circle.say(bo, { seq: 2, slot: 'said/fades', expMs: noonMs + dayMs })
  ];
  const rows = records.map((record) => toEnvelopeRow(tab.local, record, record.envelope));
  await tab.database.transaction('rw', tab.database.envelopes, () => putNewer(tab.database, rows));
  await tab.database.circles.update(tab.local.n, { counter: 10 });
  clock.set(noonMs + 2 * dayMs);
  await sweepFaded(tab.database, clock.nowMs());
});

const enter = ({ database, circles, local }: Tab, to = second, { forgetOlder = false } = {}) =>
  enterEpoch({ database, circles, random, exclusively, nowMs: clock.nowMs() }, local, to, { forgetOlder });
const say = async ({ author, local }: Tab, words: string, slot = 'now') =>
  unwrap(await author.say(local, { kind: kinds.checkIn, slot, body: checkInBody(words), expMs: null }));
const rowsOf = ({ database, local }: Tab): Promise<EnvelopeRow[]> =>
  database.envelopes.where('[circle+key]').between([local.n, ''], [local.n, '\uffff']).toArray();
const openAll = async ({ local }: Tab, rows: readonly EnvelopeRow[]) =>
  (await Promise.all(rows.map(({ bytes }) => openRecord(bytes, local.keyring.epochs)))).map(unwrap);
const sealedIn = async (of: Tab) =>
  new Set(
    (
      await openAll(
        of,
        (await rowsOf(of)).filter(({ kind }) => kind !== fadedKind)
      )
    ).map((each) => each.sealedIn)
  );

describe('[EP11] entering an epoch', () => {
  test('seals everything anew and changes nothing else about it', async () => {
    const before = await rowsOf(tab);
    const opened = await openAll(
      tab,
      before.filter(({ kind }) => kind !== fadedKind)
    );
    expect(unwrap(await enter(tab))).toBe(true);
    const after = await rowsOf(tab);
    const bare = (rows: EnvelopeRow[]) => rows.map(({ bytes: _, ...row }) => row);
    expect(bare(after)).toEqual(bare(before));
    const anew = await openAll(
      tab,
      after.filter(({ kind }) => kind !== fadedKind)
    );
    expect(anew.map(({ signed }) => signed)).toEqual(opened.map(({ signed }) => signed));
    expect(anew.map((each) => each.sealedIn)).toEqual(anew.map(() => second.epoch));
    expect(after.filter(({ kind }) => kind === fadedKind)).toEqual(before.filter(({ kind }) => kind === fadedKind));
    expect((await readRoster(tab.database, tab.local)).people.map(({ name }) => name)).toEqual(['Ana', 'Bo']);
  });

  test('has the circle hold the new keys at once, and a tab that opens later too', async () => {
    const { local } = tab;
    await enter(tab);
    expect(local.keyring.current.epoch).toBe(second.epoch);
    expect((await openTab()).local.keyring.current.epoch).toBe(second.epoch);
    expect(local.keyring.slot).toEqual(circle.slotSecret);
  });

  test('forgets what the old mailbox and a locked phone had, and leaves what is still to be said', async () => {
    const { database, local } = tab;
    const { key } = await say(tab, 'just now');
    await oweMail(database, local.n, [relay], [key]);
    await oweMail(database, 99, [relay], [key]);
    await database.mailboxes.bulkPut([local.n, 99].map((n) => ({ circle: n, relay, cursorS: 5, refillDue: false })));
    const carrier = await carrierOf(database, local);
    if (carrier === undefined) throw new Error('a circle with others in it is carried');
    await database.carriers.bulkPut([carrier, { ...carrier, circle: 99 }]);
    await enter(tab);
    expect((await database.mail.toArray()).map((row) => row.circle)).toEqual([99]);
    expect((await database.mailboxes.toArray()).map((row) => row.circle)).toEqual([99]);
    expect((await database.carriers.toArray()).map((row) => row.circle)).toEqual([99]);
    expect(await database.outbox.toArray()).toMatchObject([{ circle: local.n, key }]);
    expect((await carrierOf(database, local))?.topic).not.toBe(carrier.topic);
  });

  test('what is said then is said in it, and its row says so', async () => {
    await enter(tab);
    const { key, envelope } = await say(tab, 'in the next one');
    expect(await tab.database.envelopes.get([tab.local.n, key])).toMatchObject({ epoch: second.epoch });
    const opened = unwrap(await openRecord(envelope, [tab.local.keyring.current]));
    expect([opened.payload.epoch, opened.payload.seq]).toEqual([second.epoch, 11]);
    const older = (await rowsOf(tab)).filter((row) => row.key !== key);
    expect(older.filter(({ epoch }) => epoch !== undefined)).toEqual([]);
  });

  test('a slot goes on where it was, with the next version', async () => {
    const first = await say(tab, 'before');
    await enter(tab);
    const next = await say(tab, 'after');
    expect([next.key, next.payload.ver]).toEqual([first.key, 2]);
  });

  test('can go on, and back to where it was', async () => {
    await enter(tab);
    await say(tab, 'second', 'a');
    await enter(tab, third);
    await say(tab, 'third', 'b');
    expect(await sealedIn(tab)).toEqual(new Set([third.epoch]));
    await enter(tab);
    expect(await sealedIn(tab)).toEqual(new Set([second.epoch]));
    expect(tab.local.keyring.heldEpochs.map(({ epoch }) => epoch)).toEqual([
      second.epoch,
      third.epoch,
      circle.keys.epoch
    ]);
    expect((await rowsOf(tab)).flatMap(({ epoch }) => epoch ?? []).sort()).toEqual([second.epoch, third.epoch].sort());
  });

  test('[EP12] deletes older secrets where it is to tidy up, and what was said before opens all the same', async () => {
    const before = await rowsOf(tab);
    unwrap(await enter(tab, second, { forgetOlder: true }));
    expect(tab.local.keyring.heldEpochs).toHaveLength(1);
    expect(await sealedIn(tab)).toEqual(new Set([second.epoch]));
    const old = before.find(({ kind }) => kind === kinds.checkIn);
    expect(old && (await openRecord(old.bytes, tab.local.keyring.epochs)).ok).toBe(false);
    const [row] = await tab.database.circles.toArray();
    const wrapped = row && (await tab.circles.unwrap(row));
    expect(wrapped?.epochs.map(({ secret }) => secret !== null)).toEqual([true, false]);
    unwrap(await enter(tab, second));
    expect(tab.local.keyring.lighthouses).toMatchObject([{ tidied: true }]);
  });

  test('leaves a row that nothing here opens as it is', async () => {
    const [row] = await rowsOf(tab);
    if (row === undefined) throw new Error('there are rows');
    const alien = { ...row, key: 'alien' as typeof row.key, bytes: Uint8Array.of(1, 2, 3) };
    await tab.database.envelopes.put(alien);
    unwrap(await enter(tab));
    expect(await tab.database.envelopes.get([row.circle, alien.key])).toEqual(alien);
  });
});

describe('[EP11] while a circle moves', () => {
  test('what comes in is moved too', async () => {
    const late = await circle.say(bo, { seq: 3, slot: 'late' });
    const row = toEnvelopeRow(tab.local, late, late.envelope);
    // As the inbox does it: under no lock, between the first look and the writing.
    let rounds = 0;
    const circles: Pick<Circles, 'wrap' | 'unwrap'> = {
      unwrap: (of) => tab.circles.unwrap(of),
      wrap: async (id, keyring) => {
        if (++rounds === 1) await tab.database.envelopes.put(row);
        return tab.circles.wrap(id, keyring);
      }
    };
    const deps = { database: tab.database, circles, random, exclusively, nowMs: clock.nowMs() };
    unwrap(await enterEpoch(deps, tab.local, second, { forgetOlder: true }));
    expect(rounds).toBe(2);
    expect(await sealedIn(tab)).toEqual(new Set([second.epoch]));
    expect(await tab.database.envelopes.get([row.circle, row.key])).toMatchObject({ hash: late.hash });
  });

  test('a keyring that was changed beside it is not written over', async () => {
    const { circles, database, local } = tab;
    const relays = ['wss://another.example'];
    let rounds = 0;
    const meddling: Pick<Circles, 'wrap' | 'unwrap'> = {
      unwrap: (of) => circles.unwrap(of),
      wrap: async (id, keyring) => {
        const changed = { ...keyringOf(circle, circle.founder), relays };
        if (++rounds === 1) await database.circles.update(local.n, { sealed: await circles.wrap(id, changed) });
        return circles.wrap(id, keyring);
      }
    };
    const deps = { database, circles: meddling, random, exclusively, nowMs: clock.nowMs() };
    unwrap(await enterEpoch(deps, local, second, { forgetOlder: false }));
    expect([rounds, local.keyring.current.epoch, local.keyring.relays]).toEqual([2, second.epoch, relays]);
  });

  test('nothing is half moved where the disk refuses it', async () => {
    const before = await rowsOf(tab);
    const refusal = (): never => {
      throw new DOMException('it is full', 'QuotaExceededError');
    };
    tab.database.circles.hook('updating', refusal);
    expect(await enter(tab)).toEqual({ ok: false, error: { type: 'StorageFull' } });
    tab.database.circles.hook('updating').unsubscribe(refusal);
    expect(await rowsOf(tab)).toEqual(before);
    expect(tab.local.keyring.current.epoch).toBe(circle.keys.epoch);
    expect((await openTab()).local.keyring.current.epoch).toBe(circle.keys.epoch);
    expect(unwrap(await enter(tab))).toBe(true);
  });

  test('nobody says anything: it waits until the move is done', async () => {
    const order: string[] = [];
    const moving = enter(tab).then(() => order.push('moved'));
    const saying = say(tab, 'meanwhile').then(({ payload }) => order.push(payload.epoch));
    await Promise.all([moving, saying]);
    expect(order).toEqual(['moved', second.epoch]);
    expect(await exclusively(sayLock(tab.database), () => Promise.resolve('free'))).toBe('free');
  });
});

describe('[EP11] another tab', () => {
  test('says in the new epoch, though it was opened before', async () => {
    const other = await openTab();
    await enter(tab);
    expect(other.local.keyring.current.epoch).toBe(circle.keys.epoch);
    const { payload } = await say(other, 'from the other tab');
    expect([payload.epoch, payload.seq]).toEqual([second.epoch, 11]);
    expect(other.local.keyring.current.epoch).toBe(second.epoch);
  });

  test('opens what was sealed anew, all rows at once', async () => {
    const other = await openTab();
    await enter(tab, second, { forgetOlder: true });
    const rows = (await rowsOf(other)).filter(({ kind }) => kind !== fadedKind);
    const opened = await Promise.all(rows.map((row) => openRow(other.local, row)));
    expect(opened.map(({ ok }) => ok)).toEqual(rows.map(() => true));
  });

  test('what it read before the move and opens after it is no answer for later', async () => {
    const [other, rosters] = [await openTab(), new Rosters()];
    const before = await statementRows(other.database, other.local.n);
    await enter(tab, second, { forgetOlder: true });
    await other.local.refresh();
    expect((await rosters.ofRows(other.local, before)).people).toEqual([]);
    const after = await statementRows(other.database, other.local.n);
    expect((await rosters.ofRows(other.local, after)).people).toHaveLength(2);
    expect(await rosters.stateOfRows(other.local, after)).toBe(await rosters.stateOfRows(other.local, after));
  });

  test('a refresh changes nothing where nothing changed, and is told where it did', async () => {
    const other = await openTab();
    const { keyring } = other.local;
    expect(await other.circles.refresh(other.local.n)).toBe(false);
    expect(other.local.keyring).toBe(keyring);
    await enter(tab);
    const refreshed = await Promise.all([other.local.refresh(), other.circles.refresh(other.local.n)]);
    expect(refreshed).toEqual([true, false]);
    expect(await other.circles.refresh(99)).toBe(false);
    const [row] = await other.database.circles.toArray();
    expect(row && other.local.isAsIn(row)).toBe(true);
  });
});
