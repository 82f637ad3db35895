/** From one phone to another by hand, through the real stores and the real inbox: what comes in, what doesn't, and what is said of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { fileOfEverything, fileOfNewest, linkOfNewest } from '../../../src/lib/app/commands/carry.ts';
import { takeInCarried, textOfFile } from '../../../src/lib/app/carried.ts';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, type EpochId } from '../../../src/lib/base/ids.ts';
import { clockAheadMaxMs } from '../../../src/lib/base/limits.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { deriveBundleKey } from '../../../src/lib/records/bundle-key.ts';
import { openEnvelope } from '../../../src/lib/records/opened-envelope.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { sealPrivate } from '../../../src/lib/records/private.ts';
import { bundleLinkLengthMax, bundleToText, sealBundle } from '../../../src/lib/sync/bundle.ts';
import { Inbox } from '../../../src/lib/sync/inbox.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { checkInBody, FoundedCircle, friend, type Friend } from '../circle/friends.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

const base = new URL('https://shoulder.example/');
const random = seededRandom(21);

let circle: FoundedCircle;
let clock: HandClock;
let ana: Friend;
let bo: Friend;
let eve: Friend;
let anas: Phone;
let bos: Phone;

type Phone = TestDevice & { clock: HandClock; random: typeof random };

/** A phone that holds the circle's beginning: Ana founded it, and let Bo in. */
const phoneOf = async (owner: Friend): Promise<Phone> => {
  const device = await testDevice(circle, owner, clock);
  const beginning = [await circle.genesis(), await circle.addition(ana, bo)];
  const inbox = new Inbox({ database: device.database, clock, random: systemRandom }, device.local);
  await inbox.receive(beginning.map(({ envelope }) => ({ bytes: envelope })));
  // Numbers one and two are the founder's statements.
  await device.database.circles.update(device.local.n, { counter: 2 });
  return { ...device, clock, random };
};

beforeEach(async () => {
  circle = await FoundedCircle.by();
  clock = new HandClock();
  [ana, bo, eve] = (await Promise.all([0, 1, 4].map(friend))) as [Friend, Friend, Friend];
  [anas, bos] = [await phoneOf(ana), await phoneOf(bo)];
});

const say = async (phone: Phone, words: string, slot = 'now'): Promise<SealedRecord> =>
  unwrap(await phone.author.say(phone.local, { kind: kinds.checkIn, slot, body: checkInBody(words), expMs: null }));
const link = (phone: Phone) => linkOfNewest(phone, phone.local, base);
const bringIn = async (phone: Phone, ...pieces: string[]) => unwrap(await takeInCarried(phone, pieces));
const bringFile = async (phone: Phone, file: Blob) => unwrap(await takeInCarried(phone, textOfFile(file)));
/** Hashes of all that a phone keeps. */
const kept = async (phone: Phone): Promise<string[]> =>
  (await phone.database.envelopes.toArray()).map(({ hash }) => hash).sort();
const owed = async (phone: Phone): Promise<string[]> => (await phone.database.outbox.toArray()).map(({ key }) => key);
const signed = async (record: SealedRecord): Promise<Bytes> =>
  unwrap(await openEnvelope(record.envelope, [circle.keys])).sign1;
const bundleOf = async (...records: SealedRecord[]): Promise<string> =>
  bundleToText(await sealBundle(await deriveBundleKey(circle.keys), await Promise.all(records.map(signed)), random));
const fromAna = { n: 1, name: 'Us', from: ['Ana'], isNews: true };

describe('by link', () => {
  test('[BU3] [BU7] a check-in with its ledger, in one short link', async () => {
    const said = await say(anas, 'It has been a rough week, and I would like somebody to know.');
    const { url, carries } = await link(anas);
    expect(carries).toBe(true);
    expect(url).toMatch(/^https:\/\/shoulder\.example\/carry#c=[\w-]+$/);
    expect(url.length).toBeLessThanOrEqual(bundleLinkLengthMax);
    expect(await bringIn(bos, url)).toEqual({ circles: [fromAna], problems: [] });
    expect(await kept(bos)).toContain(said.hash);
    expect((await bos.database.envelopes.toArray()).map(({ kind }) => kind)).toContain(kinds.ledger);
  });

  test('[BU6] what was stored goes on to friends, once', async () => {
    const said = await say(anas, 'Hello');
    const before = await owed(bos);
    await bringIn(bos, (await link(anas)).url);
    const after = await owed(bos);
    expect(after).toHaveLength(before.length + 2);
    expect(after).toContain(said.key);
    expect(await bringIn(bos, (await link(anas)).url)).toEqual({
      circles: [{ ...fromAna, from: [], isNews: false }],
      problems: []
    });
    expect(await owed(bos)).toEqual(after);
  });

  test('[BU7] the longest words that still fit do, and longer ones leave the address alone', async () => {
    let longest = 0;
    for (let length = 350; length <= 450; length += 5) {
      await say(anas, 'x'.repeat(length));
      const { url, carries } = await link(anas);
      expect(url.length).toBeLessThanOrEqual(bundleLinkLengthMax);
      if (carries) longest = length;
      else expect(url).toBe(base.href);
    }
    expect(longest).toBeGreaterThanOrEqual(350);
    expect(longest).toBeLessThan(450);
  });

  test('[BU7] what is said privately is too long for a link; the file carries it', async () => {
    const slot = 'private/AAECAwQFBgcICQoLDA0ODw';
    const body = unwrap(
      await sealPrivate(
        {
          circle: circle.id,
          device: ana.device.id,
          slot,
          inner: { kind: kinds.reachOut, to: [], body: { id: random.bytes(16), words: 'Can we talk?', clear: false } },
          agreeKeys: [ana, bo].map((one) => one.device.publicKeys.agree)
        },
        random
      )
    );
    const said = unwrap(await anas.author.say(anas.local, { kind: kinds.private, slot, body, expMs: null }));
    expect(await link(anas)).toEqual({ url: base.href, carries: false });
    expect(await bringFile(bos, await fileOfNewest(anas, anas.local))).toEqual({ circles: [fromAna], problems: [] });
    expect(await kept(bos)).toContain(said.hash);
  });

  test('[BU7] an open invitation and the roster stay out of it; with nothing said there is nothing to carry', async () => {
    unwrap(
      await anas.author.say(anas.local, {
        kind: kinds.invite,
        slot: 'invite/x',
        body: { secret: random.bytes(16) },
        expMs: noonMs + 1000
      })
    );
    expect(await link(anas)).toEqual({ url: base.href, carries: false });
  });

  test('[BU7] taking back travels too, after what was said', async () => {
    await say(anas, 'Said too much');
    await bringIn(bos, (await link(anas)).url);
    unwrap(await anas.author.say(anas.local, { kind: kinds.gone, slot: 'now', body: {}, expMs: null }));
    await bringIn(bos, (await link(anas)).url);
    expect((await bos.database.envelopes.toArray()).map(({ kind }) => kind)).not.toContain(kinds.checkIn);
  });
});

describe('by file', () => {
  test('[BU8] everything, and both phones hold the same', async () => {
    for (let i = 0; i < 60; i++) await say(anas, `Number ${i}. ${'And more. '.repeat(i * 3)}`, `kept/${i}`);
    await anas.author.renewLedger(anas.local);
    const file = await fileOfEverything(anas, anas.local);
    const text = await file.text();
    expect(file.name).toBe('shoulder.txt');
    expect(text.split('\n')[0]).toMatch(/^Sealed words from Shoulder\./);
    expect(text.match(/#c=/g)?.length).toBeGreaterThan(1);
    expect(await bringFile(bos, file)).toEqual({ circles: [fromAna], problems: [] });
    expect(await kept(bos)).toEqual(await kept(anas));
  });

  test('[BU8] a phone that has nothing but the key learns the people first', async () => {
    await say(anas, 'Hello');
    const bare: Phone = { ...(await testDevice(circle, bo, clock)), clock, random };
    const came = await bringFile(bare, await fileOfEverything(anas, anas.local));
    expect(came).toEqual({ circles: [fromAna], problems: [] });
    expect(await kept(bare)).toEqual(await kept(anas));
  });

  test('[BU8] what has faded stays behind', async () => {
    unwrap(
      await anas.author.say(anas.local, {
        kind: kinds.checkIn,
        slot: 'day',
        body: checkInBody('For today'),
        expMs: noonMs + 1000
      })
    );
    clock.set(noonMs + 2000);
    expect(await bringFile(bos, await fileOfEverything(anas, anas.local))).toMatchObject({
      circles: [{ isNews: false }],
      problems: []
    });
  });

  test('[BU6] a file cut off brings in what was whole, and says so', async () => {
    for (let i = 0; i < 80; i++) await say(anas, 'x'.repeat(900), `kept/${i}`);
    const text = await (await fileOfEverything(anas, anas.local)).text();
    const came = await bringIn(bos, text.slice(0, text.length * 0.8));
    expect(came).toEqual({ circles: [fromAna], problems: ['cut'] });
    expect((await kept(bos)).length).toBeGreaterThan(20);
    expect(await bringIn(bos, text)).toEqual({ circles: [fromAna], problems: [] });
  });
});

describe('not let in, and said so', () => {
  test('[BU6] nothing in it, a foreign circle, a newer version, a changed letter', async () => {
    await say(anas, 'Hello');
    const { url } = await link(anas);
    const before = await kept(bos);
    const only = (...problems: string[]) => ({ circles: [], problems });
    expect(await bringIn(bos, 'How are you?')).toEqual(only('nothing'));
    const at = url.length - 20;
    const changed = url.slice(0, at) + (url[at] === 'A' ? 'B' : 'A') + url.slice(at + 1);
    expect(await bringIn(bos, changed)).toEqual(only('unopened'));
    expect(await bringIn(bos, url.slice(0, -5))).toEqual(only('cut'));
    expect(await bringIn(bos, url.replace('#c=AQ', '#c=Ag'))).toEqual(only('newer'));
    const foreign = {
      ...circle.keys,
      epoch: bytesToId<EpochId>(new Uint8Array(16)),
      root: (await FoundedCircle.by(1)).keys.root
    };
    const other = await sealBundle(await deriveBundleKey(foreign), [Uint8Array.of(1)], random);
    expect(await bringIn(bos, bundleToText(other))).toEqual(only('unopened'));
    expect(await kept(bos)).toEqual(before);
    expect(await owed(bos)).toEqual([]);
  });

  test('[BU6] what a stranger signed waits; what was forged in a friend’s name is refused', async () => {
    expect(await bringIn(bos, await bundleOf(await circle.say(eve)))).toMatchObject({ problems: ['waits'] });
    expect(await bringIn(bos, await bundleOf(await circle.say(eve, { device: ana.device.id })))).toMatchObject({
      problems: ['hostile']
    });
    const junk = bundleToText(await sealBundle(await deriveBundleKey(circle.keys), [random.bytes(300)], random));
    expect(await bringIn(bos, junk)).toMatchObject({ problems: ['hostile'] });
    const huge = bundleToText(await sealBundle(await deriveBundleKey(circle.keys), [random.bytes(20_000)], random));
    expect(await bringIn(bos, huge)).toMatchObject({ problems: ['hostile'] });
    expect(await owed(bos)).toEqual([]);
  });

  test('[BU6] what is dated ahead waits, and comes in when its time has come', async () => {
    const ahead = await bundleOf(
      await circle.say(ana, { time: { ms: noonMs + clockAheadMaxMs + 1, count: 0 }, seq: 3 })
    );
    expect(await bringIn(bos, ahead)).toEqual({
      circles: [{ ...fromAna, from: [], isNews: false }],
      problems: ['waits']
    });
    clock.set(noonMs + 2);
    expect(await bringIn(bos, ahead)).toEqual({ circles: [fromAna], problems: [] });
  });

  test('[BU6] one good among others comes in', async () => {
    const good = await circle.say(ana, { seq: 3 });
    const forged = await circle.say(eve, { device: ana.device.id, slot: 'forged' });
    expect(await bringIn(bos, await bundleOf(forged, good))).toEqual({ circles: [fromAna], problems: ['hostile'] });
    expect(await owed(bos)).toEqual([good.key]);
  });
});
