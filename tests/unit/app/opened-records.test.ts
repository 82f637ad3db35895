/** Opening what Ana's friends say to everybody, to her, and to others: once, and never again. */
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesToId, idToBytes, type PersonId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { isNewer, OpenedRecords, toAnswer, toCheckIn, type Opened } from '../../../src/lib/app/opened-records.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { openPrivate, sealPrivate } from '../../../src/lib/records/private.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { ContentKeys } from '../../../src/lib/store/content-keys.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { checkInBody, FoundedCircle, friend, random, type Friend, type Said } from '../circle/friends.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

const circle = await FoundedCircle.by();
const [ana, bo, mia] = await Promise.all([friend(0), friend(1), friend(2)]);
const personOf = ({ device }: Friend): PersonId => bytesToId(idToBytes(device.id));

let device: TestDevice;
beforeEach(async () => {
  device = await testDevice(circle, ana, new HandClock());
});

/** What Bo says to `readers` and nobody else. */
const inPrivate = async (readers: readonly Friend[], kind: number, body: Record<string, unknown>, said: Said = {}) => {
  const slot = `private/${bytesToId(random.bytes(16))}`;
  const sealed = await sealPrivate(
    {
      circle: circle.id,
      device: bo.device.id,
      slot,
      inner: { kind, to: readers.map(personOf), body },
      agreeKeys: [bo, ...readers].map((reader) => reader.device.publicKeys.agree)
    },
    random
  );
  return circle.say(bo, { slot, kind: kinds.private, body: unwrap(sealed), ...said });
};
const letterTo = (...readers: readonly Friend[]): Promise<SealedRecord> =>
  inPrivate(readers, kinds.letter, { id: random.bytes(16), words: 'For you alone.' });

/** Stores records as the inbox would, and gives their rows. */
const hold = async (...records: readonly SealedRecord[]): Promise<EnvelopeRow[]> => {
  const rows = records.map((record) => toEnvelopeRow(device.local, record, record.envelope));
  await device.database.transaction('rw', device.database.envelopes, () => putNewer(device.database, rows));
  return rows;
};
/** The tab of whoever has this pair of keys to agree with; each has forgotten what others opened. */
const newTab = (owner = ana): OpenedRecords =>
  new OpenedRecords(
    { ...device.local, keyring: { ...device.local.keyring, device: owner.device } },
    new ContentKeys(device.database, device.vault)
  );
const hashesOf = (opened: readonly Pick<Opened, 'hash'>[]): string[] => opened.map(({ hash }) => hash).toSorted();

describe('a tab', () => {
  test('opens what was said to everybody, and what was said to its person, with the true kind and who else reads it', async () => {
    const [openly, toAna, toBoth] = [await circle.say(bo), await letterTo(ana), await letterTo(mia, ana)];
    const opened = await newTab().open(await hold(openly, toAna, toBoth));
    const by = (record: SealedRecord) => opened.find(({ hash }) => hash === record.hash);
    expect(opened).toHaveLength(3);
    expect(by(openly)).toMatchObject({ kind: kinds.checkIn, to: null, payload: { slot: 'now' } });
    expect(by(toAna)).toMatchObject({ kind: kinds.letter, to: [personOf(ana)], body: { words: 'For you alone.' } });
    expect(by(toBoth)).toMatchObject({ kind: kinds.letter, to: [mia, ana].map(personOf) });
  });

  test('opens what its own person said to others', async () => {
    expect(await newTab(bo).open(await hold(await letterTo(mia)))).toMatchObject([{ to: [personOf(mia)] }]);
  });

  test('[EP11] reads again what it could not open: the circle may have moved on to other keys meanwhile', async () => {
    const opened = newTab();
    const [row] = await hold(await circle.say(bo));
    const { bytes } = row as EnvelopeRow;
    const unready = { ...(row as EnvelopeRow), bytes: bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) };
    expect(await opened.open([unready])).toEqual([]);
    expect(await opened.open([row as EnvelopeRow])).toHaveLength(1);
  });

  test('leaves out what is for others, and what is damaged', async () => {
    const [toMia, openly, toAna] = await hold(await letterTo(mia), await circle.say(bo), await letterTo(ana));
    const damaged = [toAna, openly].map((row, i) => ({
      ...(row as EnvelopeRow),
      bytes: (row as EnvelopeRow).bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
      hash: bytesToId<EnvelopeRow['hash']>(new Uint8Array(32).fill(i))
    }));
    expect(await newTab().open([toMia as EnvelopeRow, ...damaged])).toEqual([]);
  });

  test('gives each record once, in the first and in every later reading', async () => {
    const rows = await hold(await circle.say(bo), await letterTo(ana), await letterTo(mia));
    const tab = newTab();
    const first = await tab.open(rows);
    expect(hashesOf(first)).toEqual(hashesOf(rows.slice(0, 2)));
    const again = await tab.open(rows.toReversed());
    expect(hashesOf(again)).toEqual(hashesOf(first));
    expect(again.every((record) => first.includes(record))).toBe(true);
    const fresh = await hold(await circle.say(mia, { slot: 'later' }));
    expect(hashesOf(await tab.open([...fresh, ...rows]))).toEqual(hashesOf([...fresh, ...first]));
  });

  test('gives each record once to each of two views that read at one time', async () => {
    const rows = await hold(await circle.say(bo), await letterTo(ana));
    const tab = newTab();
    for (const opened of await Promise.all([tab.open(rows), tab.open(rows)]))
      expect(hashesOf(opened)).toEqual(hashesOf(rows));
  });
});

describe('[AT7] the next tab', () => {
  test('needs no public-key work for what was opened before', async () => {
    const rows = await hold(await letterTo(ana));
    const [first] = await newTab().open(rows);
    // Mia's pair opens none of these seals: what opens now, opens with the key that was kept.
    expect(await newTab(mia).open(rows)).toEqual([first]);
  });

  test('remembers what is not for its person: even with a key that would open it, it is not tried again', async () => {
    const rows = await hold(await letterTo(mia));
    expect(await newTab().open(rows)).toEqual([]);
    expect(await device.database.contentKeys.count()).toBe(1);
    expect(await newTab(mia).open(rows)).toEqual([]);
  });

  test('keeps something for every private record, and nothing for others', async () => {
    const rows = await hold(await circle.say(bo), await letterTo(ana), await letterTo(mia));
    await newTab().open(rows);
    const kept = (await device.database.contentKeys.toArray()).map(({ hash }) => hash).toSorted();
    expect(kept).toEqual(hashesOf(rows.slice(1)));
  });

  test('tries a correction anew: it may be for others', async () => {
    const first = await letterTo(mia);
    expect(await newTab().open(await hold(first))).toEqual([]);
    const inner = { kind: kinds.letter, to: [personOf(ana)], body: { id: random.bytes(16), words: 'Now for you.' } };
    const agreeKeys = [bo, ana].map((reader) => reader.device.publicKeys.agree);
    const { slot } = first.payload;
    const place = { circle: circle.id, device: bo.device.id, slot };
    const body = unwrap(await sealPrivate({ ...place, inner, agreeKeys }, random));
    const second = await circle.say(bo, { slot, ver: 2, seq: 2, kind: kinds.private, body });
    expect(await newTab().open(await hold(second))).toMatchObject([{ body: { words: 'Now for you.' } }]);
  });

  test('[OD7] reads what opens by a key that another device of its person handed over, in the same tab and in others', async () => {
    const contentKeys = new ContentKeys(device.database, device.vault);
    const toMia = await letterTo(mia);
    const rows = await hold(toMia, await letterTo(ana));
    const [row] = rows;
    const [tab, untouched] = [newTab(), newTab()];
    expect(await tab.open(rows)).toHaveLength(1);
    const opened = await openPrivate((await circle.open(toMia)).payload, mia.device.agreeKeys);
    const keys = [{ row: row as EnvelopeRow, contentKey: opened?.contentKey ?? null }];
    // As long as nothing says that there is more to read, nothing is looked through again.
    await device.database.contentKeys.clear();
    await contentKeys.keepMany(device.local.n, keys);
    expect(await tab.open(rows)).toHaveLength(1);
    await contentKeys.takeIn(device.local.n, keys);
    expect(await tab.open(rows)).toHaveLength(2);
    expect(await untouched.open(rows)).toHaveLength(2);
    expect(await tab.open(rows.toReversed())).toHaveLength(2);
  });

  test('[OD7] keeps what opened meanwhile, whatever an earlier look at it comes to in the end', async () => {
    const contentKeys = new ContentKeys(device.database, device.vault);
    const toMia = await letterTo(mia);
    const rows = await hold(toMia);
    const opened = await openPrivate((await circle.open(toMia)).payload, mia.device.agreeKeys);
    const tab = newTab();
    const earlier = tab.open(rows);
    await contentKeys.takeIn(device.local.n, [{ row: rows[0] as EnvelopeRow, contentKey: opened?.contentKey ?? null }]);
    await Promise.all([tab.open(rows), earlier]);
    expect(await tab.open(rows)).toHaveLength(1);
    expect(await newTab().open(rows)).toHaveLength(1);
  });

  test('reads on where the disk keeps nothing', async () => {
    const rows = await hold(await letterTo(ana));
    device.database.contentKeys.hook('creating', () => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(hashesOf(await newTab().open(rows))).toEqual(hashesOf(rows));
    expect(await device.database.contentKeys.count()).toBe(0);
  });
});

describe('what was opened', () => {
  const openedAs = async (record: SealedRecord): Promise<Opened> => {
    const [opened] = await newTab().open(await hold(record));
    if (opened === undefined) throw new Error('it is for Ana');
    return opened;
  };
  const named = { about: [new Uint8Array(16), new Uint8Array(16)], id: new Uint8Array(16) };

  test('is a check-in, said openly or to some', async () => {
    const body = checkInBody('rough', { lasting: 'day' });
    const id = bytesToId(body.id as Uint8Array);
    const openly = await openedAs(await circle.say(bo, { body, seq: 5, expMs: noonMs + 1 }));
    expect(toCheckIn(openly)).toMatchObject([
      { device: bo.device.id, seq: 5, slot: 'now', expMs: noonMs + 1, to: null, body: { id, words: 'rough' } }
    ]);
    const toSome = await openedAs(await inPrivate([ana], kinds.checkIn, body));
    expect(toCheckIn(toSome)).toMatchObject([{ to: [personOf(ana)], body: { id, lasting: 'day' } }]);
    expect(toAnswer(openly)).toEqual([]);
  });

  test('is no check-in where it says none', async () => {
    const { id: _, ...none } = checkInBody('rough');
    expect(toCheckIn(await openedAs(await circle.say(bo, { body: none })))).toEqual([]);
    expect(toCheckIn(await openedAs(await inPrivate([ana], kinds.letter, checkInBody('rough'))))).toEqual([]);
  });

  test('is an answer, said openly or to some', async () => {
    const gesture = { ...named, gesture: 'me-too' };
    for (const record of [
      await circle.say(bo, { kind: kinds.gesture, body: gesture }),
      await inPrivate([ana], kinds.gesture, gesture)
    ]) {
      const opened = await openedAs(record);
      expect(toAnswer(opened)).toMatchObject([
        { type: 'gesture', body: { gesture: 'me-too' }, device: bo.device.id, hash: record.hash, to: opened.to }
      ]);
      expect(toCheckIn(opened)).toEqual([]);
    }
  });

  test('[AU5] is no answer where it says openly what only few may know', async () => {
    const body = { ...named, words: 'Dear Ana' };
    for (const kind of [kinds.letter, kinds.beenThere, kinds.askAdvice, kinds.helped, kinds.thought]) {
      expect(toAnswer(await openedAs(await circle.say(bo, { kind, body })))).toEqual([]);
      expect(toAnswer(await openedAs(await inPrivate([ana], kind, body)))).toHaveLength(1);
    }
  });

  test('[EN9] tells whose app is newer: by a kind that this one does not know, said openly or to some', async () => {
    expect(isNewer(await openedAs(await circle.say(bo, { kind: 999, body: {} })))).toBe(true);
    expect(isNewer(await openedAs(await inPrivate([ana], 71, {})))).toBe(true);
    expect(isNewer(await openedAs(await inPrivate([ana], 999, {})))).toBe(true);
    expect(isNewer(await openedAs(await circle.say(bo)))).toBe(false);
    expect(isNewer(await openedAs(await circle.say(bo, { kind: kinds.gesture, body: {} })))).toBe(false);
    expect(isNewer(await openedAs(await letterTo(ana)))).toBe(false);
    expect(isNewer(await openedAs(await inPrivate([ana], kinds.checkIn, checkInBody())))).toBe(false);
  });
});
