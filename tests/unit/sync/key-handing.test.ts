/** What was said privately before Ana's laptop came is read on it too. */
// Dexie's live queries run only where the platform has IndexedDB.
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rememberMuted } from '../../../src/lib/app/views/people-view.ts';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { bytesToId, type MapKey } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import type { ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { openPrivate } from '../../../src/lib/records/private.ts';
import { handedKeysMax, handedKeysToBody } from '../../../src/lib/records/handed-keys.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { ContentKeys, sweepContentKeys } from '../../../src/lib/store/content-keys.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { sweepFaded } from '../../../src/lib/store/fading.ts';
import { openHandedKeys } from '../../../src/lib/store/handed-keys.ts';
import { readRoster } from '../../../src/lib/store/rosters.ts';
import { handingGraceMs } from '../../../src/lib/sync/key-handing.ts';
import { noonMs } from '../base/hand-clock.ts';
import { random, type Friend } from '../circle/friends.ts';
import {
  ana,
  awake,
  bo,
  handingsOn,
  hold,
  inPrivate,
  laptopKeys,
  mia,
  own,
  personOf,
  phoneKeys,
  settle,
  table,
  tableOn,
  until,
  wordsOn,
  type Awake
} from './two-devices.ts';

let phone: Awake;
let laptop: Awake;
let pair: readonly Awake[];
const meet = async (phoneAt: Promise<Awake>, laptopAt: Promise<Awake>): Promise<void> => {
  pair = [phone, laptop] = [await phoneAt, await laptopAt];
};
beforeEach(() => meet(awake(phoneKeys, [table]), awake(laptopKeys, [])));
afterEach(async () => {
  for (const device of pair) {
    await device.stop();
    device.database.close();
  }
});

/** On the phone's disk, as if it had come in. */
const onPhone = async (...records: readonly SealedRecord[]) => hold(phone.database, await tableOn(phone), records);
const laptopReads = (...words: readonly string[]): Promise<void> =>
  until(pair, async () => {
    if ((await laptop.circles.byId(table.id)) === undefined) return false;
    return JSON.stringify(await wordsOn(laptop)) === JSON.stringify(words);
  });
/** How many keys stand in each record, and when that fades. */
const handedOn = async (device: Awake): Promise<(readonly [number, number | null])[]> => {
  const rows = await handingsOn(device);
  const opened = await openHandedKeys(device.own, await readRoster(device.database, device.own), rows);
  return opened.map(({ keys, expMs }) => [keys.length, expMs] as const);
};

describe('[OD7] on a device that came later', () => {
  test('is read what was said before, by oneself and by others, and nothing that was for others', async () => {
    await onPhone(
      await inPrivate(bo, [ana], 'For Ana.', { seq: 5 }),
      await inPrivate(ana, [bo], 'For Bo.', { seq: 6 }),
      await inPrivate(bo, [mia], 'For Mia.', { seq: 7 })
    );
    await laptopReads('For Ana.', 'For Bo.');
    await settle(pair);
    expect(await handedOn(phone)).toEqual([[2, null]]);
    expect(await handedOn(laptop)).toEqual([[2, null]]);
  });

  test('whichever of the two was at the table before', async () => {
    for (const device of pair) await device.stop();
    await meet(awake(phoneKeys, []), awake(laptopKeys, [table]));
    await hold(laptop.database, await tableOn(laptop), [await inPrivate(bo, [ana], 'For Ana.')]);
    await until(pair, async () => {
      if ((await phone.circles.byId(table.id)) === undefined) return false;
      return (await wordsOn(phone)).join() === 'For Ana.';
    });
  });

  test('is read what was sealed a little later, by a friend who had not heard of it; not what came long after', async () => {
    const said = async (words: string, seq: number, ms: number) =>
      inPrivate(bo, [ana], words, { seq, time: { ms, count: 0 } });
    await onPhone(
      await said('From the train.', 5, noonMs + dayMs),
      await said('Much later.', 6, noonMs + handingGraceMs + 1)
    );
    await laptopReads('From the train.');
    await settle(pair);
    expect(await handedOn(phone)).toEqual([[1, null]]);
  });

  test('goes on where it was cut off, in as few records as hold it, and each key once', async () => {
    const many = handedKeysMax + 3;
    await onPhone(
      ...(await Promise.all(Array.from({ length: many }, (_, i) => inPrivate(bo, [ana], `No ${i}`, { seq: 5 + i }))))
    );
    // The first record is said; before the second one, the app is gone.
    const { author } = phone;
    const say = author.say.bind(author);
    let count = 0;
    const cut = (async (circle, saying) =>
      saying.kind === kinds.contentKeys && ++count > 1
        ? ({ ok: false, error: { type: 'StorageFull' } } as const)
        : say(circle, saying)) as typeof author.say;
    Object.assign(author, { say: cut });
    await until(pair, async () => (await handingsOn(laptop)).length === 1);
    Object.assign(author, { say });
    await phone.restart();
    await until(
      pair,
      async () => (await laptop.circles.byId(table.id)) !== undefined && (await wordsOn(laptop)).length === many
    );
    await laptop.restart();
    await phone.restart();
    await settle(pair);
    expect((await handedOn(phone)).toSorted((a, b) => a[0] - b[0])).toEqual([
      [3, null],
      [handedKeysMax, null]
    ]);
  }, 20_000);

  test('nothing is handed over of whom the phone does not show', async () => {
    // As the app notes it.
    const { database } = phone;
    const places = { database, drafts: new Drafts(database, phone.vault) };
    await rememberMuted(places, await tableOn(phone), personOf(bo), true);
    await onPhone(await inPrivate(bo, [ana], 'Muted.', { seq: 5 }), await inPrivate(ana, [bo], 'For Bo.', { seq: 6 }));
    await laptopReads('For Bo.');
    await settle(pair);
    expect(await handedOn(phone)).toEqual([[1, null]]);
  });
});

describe('[OD7] what was handed over', () => {
  test('goes when it is taken back: from its record, and with it where nothing else stands there', async () => {
    const [letter, other] = [
      await inPrivate(bo, [ana], 'Not any more.', { seq: 5 }),
      await inPrivate(bo, [ana], 'Stays a while.', { seq: 6 })
    ];
    await onPhone(letter, other);
    await laptopReads('Not any more.', 'Stays a while.');
    const gone = ({ payload: { slot } }: SealedRecord, seq: number) =>
      table.say(bo, { kind: kinds.gone, slot, ver: 2, seq, body: {} });
    await onPhone(await gone(letter, 7));
    await until(pair, async () => (await handedOn(laptop)).every(([count]) => count === 1));
    await onPhone(await gone(other, 8));
    await until(pair, async () => (await handingsOn(laptop)).length === 0);
    expect(await wordsOn(laptop)).toEqual([]);
  });

  test('is handed over anew in a next version that was sealed without the laptop', async () => {
    const slot = 'private/changed';
    await onPhone(await inPrivate(bo, [ana], 'At first.', { slot, seq: 5 }));
    await laptopReads('At first.');
    await onPhone(
      await inPrivate(bo, [ana], 'Truer.', { slot, ver: 2, seq: 6, time: { ms: noonMs + dayMs, count: 0 } })
    );
    await laptopReads('Truer.');
    await settle(pair);
    expect(await handedOn(phone)).toEqual([[1, null]]);
  });

  test('leaves nothing behind of corrections that came before the last', async () => {
    const slot = 'private/x';
    for (let ver = 1; ver <= 5; ver++) {
      const said = { slot, seq: 5 + ver, ver, time: { ms: noonMs - 1000 + ver, count: 0 } };
      await onPhone(await inPrivate(bo, [ana], `No ${ver}`, said));
      await laptopReads(`No ${ver}`);
    }
    await settle(pair);
    const rows = (await phone.database.envelopes.toArray()).filter(({ circle }) => circle === phone.own.n);
    const count = (of: number): number => rows.filter(({ kind }) => kind === of).length;
    expect(count(kinds.contentKeys)).toBe(1);
    expect(count(kinds.gone)).toBe(0);
  });

  test('fades with its words, each with its own', async () => {
    const [soonMs, laterMs] = [noonMs + dayMs, noonMs + 7 * dayMs];
    await onPhone(
      await inPrivate(bo, [ana], 'A day.', { seq: 5, expMs: soonMs }),
      await inPrivate(ana, [bo], 'A day too.', { seq: 6, expMs: soonMs }),
      await inPrivate(bo, [ana], 'A week.', { seq: 7, expMs: laterMs })
    );
    await laptopReads('A day too.', 'A day.', 'A week.');
    await settle(pair);
    expect((await handedOn(laptop)).toSorted((a, b) => b[0] - a[0])).toEqual([
      [2, soonMs],
      [1, laterMs]
    ]);
    for (const { database, clock } of pair) {
      clock.set(soonMs);
      await sweepFaded(database, soonMs);
      await sweepContentKeys(database);
    }
    await settle(pair);
    for (const device of pair) expect(await handedOn(device)).toEqual([[1, laterMs]]);
    expect(await wordsOn(laptop)).toEqual(['A week.']);
    expect((await laptop.database.contentKeys.toArray()).length).toBe(1);
  });

  test('is withdrawn once the laptop is taken off', async () => {
    await onPhone(await inPrivate(bo, [ana], 'For Ana.', { seq: 5 }));
    await laptopReads('For Ana.');
    await settle(pair);
    await laptop.stop();
    const terms: ManifestTerms = {
      parent: own.keys.epoch,
      why: 'changed',
      people: [{ id: personOf(phoneKeys), devices: [phoneKeys.device.id] }],
      removed: [],
      dropped: [laptopKeys.device.id],
      commit: new Uint8Array(16)
    };
    await hold(phone.database, phone.own, [
      await own.vote(phoneKeys, { device: laptopKeys.device.id }),
      await own.manifest(phoneKeys, terms)
    ]);
    await until([phone], async () => (await handingsOn(phone)).length === 0);
  });
});

describe('[OD7] what is taken in', () => {
  /** Said by one of Ana's devices in her own circle, by hand. */
  const handBy = async (
    device: Awake,
    keys: readonly (readonly [MapKey, Uint8Array<ArrayBuffer>])[]
  ): Promise<void> => {
    const body = handedKeysToBody({ circle: table.id, keys: keys.map(([key, contentKey]) => ({ key, contentKey })) });
    unwrap(await device.author.say(device.own, { kind: kinds.contentKeys, slot: 'keys/by-hand', body, expMs: null }));
  };
  const foundOn = async (device: Awake): Promise<number> => {
    const local = await tableOn(device);
    const rows = (await device.database.envelopes.toArray()).filter(({ circle }) => circle === local.n);
    const known = await new ContentKeys(device.database, device.vault).readMany(local.n, rows);
    return [...known.values()].filter((key) => key !== null).length;
  };

  test('opens something; what does not is passed over', async () => {
    const letter = await inPrivate(bo, [mia], 'For Mia.', { seq: 5 });
    const openly = await table.say(bo, { seq: 6, slot: 'open' });
    await onPhone(letter, openly, await inPrivate(bo, [ana], 'For Ana.', { seq: 7 }));
    await laptopReads('For Ana.');
    await settle(pair);
    // A phone that is awake would withdraw it.
    await phone.stop();
    await handBy(phone, [
      [letter.key, random.bytes(32)],
      [openly.key, random.bytes(32)],
      [bytesToId<MapKey>(random.bytes(16)), random.bytes(32)]
    ]);
    await settle(pair);
    expect(await handingsOn(laptop)).toHaveLength(2);
    expect(await wordsOn(laptop)).toEqual(['For Ana.']);
    expect(await foundOn(laptop)).toBe(1);
  });

  test('waits for the words that it opens', async () => {
    await laptopReads();
    const late = await inPrivate(bo, [mia], 'For Mia.', { seq: 5 });
    const contentKey = await contentKeyOf(late, mia);
    // A phone that is awake would withdraw it.
    await phone.stop();
    await handBy(phone, [[late.key, contentKey]]);
    await settle([laptop]);
    const [handed] = await handingsOn(phone);
    await laptop.database.envelopes.put({ ...(handed as NonNullable<typeof handed>), circle: laptop.own.n });
    await hold(laptop.database, await tableOn(laptop), [late]);
    await until([laptop], async () => (await wordsOn(laptop)).join() === 'For Mia.');
  });

  test('is one’s own: at one table as two people, the one does not read for the other', async () => {
    for (const device of pair) await device.stop();
    await meet(awake(phoneKeys, [table]), awake(laptopKeys, [table], bo));
    const letter = await inPrivate(mia, [ana], 'For Ana alone.', { seq: 5 });
    await onPhone(await table.addition(ana, mia, { inviteNumber: 2, said: { seq: 4 } }), letter);
    await phone.stop();
    await handBy(phone, [[letter.key, await contentKeyOf(letter, ana)]]);
    await settle(pair);
    expect(await handingsOn(laptop)).toHaveLength(1);
    expect(await wordsOn(laptop)).toEqual([]);
    expect(await foundOn(laptop)).toBe(0);
  });
});

/** What opens a private record, found by the keys of somebody whom it is for. */
const contentKeyOf = async (record: SealedRecord, reader: Friend): Promise<Uint8Array<ArrayBuffer>> => {
  const opened = await openPrivate((await table.open(record)).payload, reader.device.agreeKeys);
  if (opened === undefined) throw new Error('it is for them');
  return opened.contentKey;
};
