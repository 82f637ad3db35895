/** The one way in: one outcome for each arrival, and nothing false on the disk. */
import { beforeEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import type { MapKey } from '../../../src/lib/base/ids.ts';
import { clockAheadMaxMs, deviceRecordsMax, envelopeBytesMax } from '../../../src/lib/base/limits.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { currentPeople } from '../../../src/lib/circle/roster.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { sealRecord, type SealedRecord } from '../../../src/lib/records/record.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import { liveRecordsOf } from '../../../src/lib/store/envelopes.ts';
import { sweepFaded } from '../../../src/lib/store/fading.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import { Inbox, type Arrival } from '../../../src/lib/sync/inbox.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { checkInBody, FoundedCircle, friend, random, type Friend } from '../circle/friends.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';
import { foundingKeys } from '../records/founding-keys.ts';

let circle: FoundedCircle;
let ana: Friend;
let bo: Friend;
let mia: Friend;
let eve: Friend;
let clock: HandClock;
let device: TestDevice;
let inbox: Inbox;

beforeEach(async () => {
  circle = await FoundedCircle.by();
  [ana, bo, mia, eve] = (await Promise.all([0, 1, 2, 4].map(friend))) as [Friend, Friend, Friend, Friend];
  clock = new HandClock();
  device = await testDevice(circle, bo, clock);
  inbox = new Inbox({ database: device.database, clock, random: systemRandom }, device.local);
});

const arriving = ({ envelope, key }: SealedRecord): Arrival => ({ bytes: envelope, key });
const receive = (...records: SealedRecord[]) => inbox.receive(records.map(arriving));
const rows = (): Promise<EnvelopeRow[]> => device.database.envelopes.toArray();
const isStored = (kind: number): unknown => expect.objectContaining({ type: 'stored', kind });
const isRefused = (type: string) => ({ type: 'refused', refusal: { type } });
const waitsFor = (type: string) => ({ type: 'waits', waiting: { type } });

/** Ana's circle with Bo in it, at rest. */
const begin = async (): Promise<void> => {
  await receive(await circle.genesis(), await circle.addition(ana, bo));
};

describe('what is good is stored exactly as it arrived', () => {
  test('[IB9] with what stands in clear beside it', async () => {
    await begin();
    const said = await circle.say(bo, { expMs: noonMs + 5000 });
    expect(await receive(said)).toEqual([isStored(kinds.checkIn)]);
    const row = (await rows()).find(({ key }) => key === said.key);
    const { hash, payload } = said;
    expect(row).toEqual({
      ...{ circle: device.local.n, key: said.key, bytes: said.envelope, hash, kind: kinds.checkIn, seq: 1, ver: 1 },
      ...{ device: payload.device, at: noonMs, exp: noonMs + 5000 }
    });
  });

  test('[IB9] a bare envelope, without a key, as well', async () => {
    await begin();
    const { envelope } = await circle.say(bo);
    expect(await inbox.receive([{ bytes: envelope }])).toEqual([isStored(kinds.checkIn)]);
  });

  test('[EN9] kinds of a later version are kept', async () => {
    await begin();
    const later = await circle.say(bo, { kind: 999, body: { later: true } });
    expect(await receive(later)).toEqual([isStored(999)]);
    expect(
      unwrap(await openRecord((await rows()).find(({ kind }) => kind === 999)?.bytes as Bytes, [circle.keys])).hash
    ).toBe(later.hash);
  });

  test('[IB9] the same again is held, byte for byte or sealed anew', async () => {
    await begin();
    const said = await circle.say(bo);
    const anew = unwrap(await sealRecord(circle.keys, bo.device, said.payload, random));
    expect(anew.envelope).not.toEqual(said.envelope);
    expect(await receive(said, said, anew)).toEqual([isStored(kinds.checkIn), { type: 'held' }, { type: 'held' }]);
    expect(await receive(said, anew)).toEqual([{ type: 'held' }, { type: 'held' }]);
    expect(await rows()).toHaveLength(3);
  });

  test('[EN7] a replayed older version changes nothing', async () => {
    await begin();
    const [first, second] = [await circle.say(bo), await circle.say(bo, { ver: 2, seq: 2 })];
    expect(await receive(second)).toEqual([isStored(kinds.checkIn)]);
    expect(await receive(first)).toEqual([{ type: 'older' }]);
    expect((await rows()).find(({ key }) => key === first.key)).toMatchObject({ ver: 2, hash: second.hash });
  });

  test('taking back leaves nothing of the words', async () => {
    await begin();
    const said = await circle.say(bo);
    await receive(said, await circle.say(bo, { ver: 2, seq: 2, kind: kinds.gone, body: {} }));
    const row = (await rows()).find(({ key }) => key === said.key);
    expect(row).toMatchObject({ kind: kinds.gone, ver: 2 });
    expect(await receive(said)).toEqual([{ type: 'older' }]);
  });
});

describe('what is false is refused by name and leaves nothing', () => {
  test.each([
    ['[IB1] too large', new Uint8Array(envelopeBytesMax + 1).fill(1), 'TooLarge'],
    ['[IB2] of a newer version', new Uint8Array(300).fill(2), 'UnknownVersion'],
    ['[IB2] nothing at all', new Uint8Array(0), 'Malformed'],
    ['[IB3] garbage', seededRandom(9).bytes(600).with(0, 1), 'NotOpened'],
    ['[IB3] text', utf8ToBytes('\u0001 hello'), 'NotOpened']
  ])('%s', async (_, bytes, type) => {
    await begin();
    expect(await inbox.receive([{ bytes }])).toMatchObject([isRefused(type)]);
    expect(await rows()).toHaveLength(2);
  });

  test('[IB3] sealed under a key that is not the one of the circle', async () => {
    await begin();
    const keys = await foundingKeys(circle.id, circle.keys.epoch, new Uint8Array(32));
    const { payload } = await circle.say(bo);
    expect(await receive(unwrap(await sealRecord(keys, bo.device, payload, random)))).toEqual([isRefused('NotOpened')]);
  });

  test('[IB6] forged', async () => {
    await begin();
    expect(await receive(await circle.say(eve, { device: bo.device.id }))).toMatchObject([isRefused('BadSignature')]);
    expect(await rows()).toHaveLength(2);
  });

  test('[IB7] moved under the key of something else', async () => {
    await begin();
    const [one, other] = [await circle.say(bo), await circle.say(ana)];
    expect(await inbox.receive([{ bytes: one.envelope, key: other.key }])).toMatchObject([isRefused('WrongKey')]);
    expect(await receive(other)).toEqual([isStored(kinds.checkIn)]);
  });

  test('[IB8] [ST4] an addition with a wrong proof lets nobody in', async () => {
    await begin();
    const forged = await circle.addition(ana, eve, { body: { proof: new Uint8Array(64) } });
    expect(await receive(forged, await circle.say(eve))).toMatchObject([
      isRefused('BadBody'),
      waitsFor('UnknownDevice')
    ]);
    expect(currentPeople(await inbox.roster())).toHaveLength(2);
  });

  test('[AU1] a statement that does not stand in its place', async () => {
    await begin();
    const leave = await circle.leave(bo, { slot: 'now' });
    expect(await receive(leave)).toMatchObject([isRefused('NoAuthority')]);
    expect(currentPeople(await inbox.roster())).toHaveLength(2);
  });

  test('among what is good, what is false harms nothing', async () => {
    await begin();
    const mixed = [
      { bytes: new Uint8Array(5) },
      arriving(await circle.say(bo)),
      { bytes: seededRandom(1).bytes(50).with(0, 1) }
    ];
    expect(await inbox.receive(mixed)).toMatchObject([
      isRefused('Malformed'),
      isStored(kinds.checkIn),
      isRefused('NotOpened')
    ]);
  });
});

describe('what may become right waits', () => {
  test('[IB5] an unknown device is known by a statement later in the same batch', async () => {
    await begin();
    const [hello, addition] = [await circle.say(mia), await circle.addition(bo, mia)];
    expect(await receive(hello, addition)).toEqual([isStored(kinds.checkIn), isStored(kinds.addPerson)]);
  });

  test('[IB5] or by a chain of them, backwards', async () => {
    const batch = [
      await circle.say(mia),
      await circle.addition(bo, mia),
      await circle.addition(ana, bo),
      await circle.genesis()
    ];
    expect((await receive(...batch)).map(({ type }) => type)).toEqual(['stored', 'stored', 'stored', 'stored']);
    expect(currentPeople(await inbox.roster()).map(({ name }) => name)).toEqual(['Ana', 'Bo', 'Mia']);
  });

  test('[IB5] otherwise it is not kept, and is good once it is offered again', async () => {
    await begin();
    const hello = await circle.say(mia);
    expect(await receive(hello)).toMatchObject([waitsFor('UnknownDevice')]);
    expect(await rows()).toHaveLength(2);
    await receive(await circle.addition(ana, mia));
    expect(await receive(hello)).toEqual([isStored(kinds.checkIn)]);
  });

  test('[IB5] an addition by somebody who is not in lets nobody in', async () => {
    await begin();
    const batch = [await circle.addition(eve, mia), await circle.say(mia)];
    expect(await receive(...batch)).toMatchObject([waitsFor('UnknownDevice'), waitsFor('UnknownDevice')]);
  });

  test('[IB5] a genesis of another circle founds nothing here', async () => {
    const batch = [await circle.genesis({ author: eve, body: { ...eve.secrets.publicKeys } }), await circle.say(eve)];
    expect(await receive(...batch)).toMatchObject([waitsFor('UnknownDevice'), waitsFor('UnknownDevice')]);
    expect((await inbox.roster()).people).toEqual([]);
  });

  test('[HT3] what is dated far ahead, until its day comes', async () => {
    await begin();
    const early = await circle.say(bo, { time: { ms: noonMs + 2 * clockAheadMaxMs, count: 0 } });
    expect(await receive(early)).toMatchObject([waitsFor('AheadOfTime')]);
    clock.set(noonMs + clockAheadMaxMs);
    expect(await receive(early)).toEqual([isStored(kinds.checkIn)]);
  });

  test('[IB9] what is over the quota of its device, but never a next version or somebody else', async () => {
    await begin();
    const { n } = device.local;
    const sayings = {
      circle: n,
      bytes: new Uint8Array(0),
      hash: 'h' as EnvelopeRow['hash'],
      kind: 32,
      device: bo.device.id,
      at: 0,
      ver: 1
    };
    const now = await circle.say(bo);
    await receive(now);
    const many = Array.from({ length: deviceRecordsMax - 2 }, (_, i) => ({
      ...sayings,
      key: `k${i}` as MapKey,
      seq: i + 10
    }));
    await device.database.envelopes.bulkAdd(many);
    const [fits, over] = [await circle.say(bo, { slot: 'a' }), await circle.say(bo, { slot: 'b' })];
    expect(await receive(fits, over)).toMatchObject([isStored(kinds.checkIn), waitsFor('OverQuota')]);
    const others = [await circle.say(bo, { ver: 2 }), await circle.say(ana)];
    expect(await receive(...others)).toEqual([isStored(kinds.checkIn), isStored(kinds.checkIn)]);
    await device.database.envelopes.delete([n, 'k0' as MapKey]);
    expect(await receive(over)).toEqual([isStored(kinds.checkIn)]);
  });
});

describe('what faded stays gone', () => {
  test('[FA1] its marker lets no older version back in', async () => {
    await begin();
    const [first, second] = [await circle.say(bo), await circle.say(bo, { ver: 2, seq: 2, expMs: noonMs + 1 })];
    await receive(first, second);
    clock.set(noonMs + 1);
    await sweepFaded(device.database, clock.nowMs());
    expect(await receive(first)).toEqual([{ type: 'older' }]);
    expect(await receive(second)).toEqual([{ type: 'faded', expMs: noonMs + 1 }]);
    expect(await receive(await circle.say(bo, { ver: 3, seq: 3 }))).toEqual([isStored(kinds.checkIn)]);
  });

  test('[FA2] what had expired before it came is not kept, and closes its slot to what is older', async () => {
    await begin();
    const [first, second] = [await circle.say(bo), await circle.say(bo, { ver: 2, seq: 2, expMs: noonMs - 1 })];
    expect(await receive(second)).toEqual([{ type: 'faded', expMs: noonMs - 1 }]);
    expect(await receive(first)).toEqual([{ type: 'older' }]);
  });

  test('[FA2] and replaces the older version that is held', async () => {
    await begin();
    const [first, second] = [await circle.say(bo), await circle.say(bo, { ver: 2, seq: 2, expMs: noonMs - 1 })];
    await receive(first);
    await receive(second);
    expect(await liveRecordsOf(device.database, device.local.n, bo.device.id)).toEqual([]);
  });

  test('[CL2] with a clock that is far off nothing fades', async () => {
    await begin();
    const careful = new Inbox(
      { database: device.database, clock, random: systemRandom, mayFade: () => false },
      device.local
    );
    const [first, second] = [await circle.say(bo), await circle.say(bo, { ver: 2, seq: 2, expMs: noonMs - 1 })];
    await receive(first);
    expect(await careful.receive([{ bytes: second.envelope }])).toEqual([{ type: 'faded', expMs: noonMs - 1 }]);
    expect(await liveRecordsOf(device.database, device.local.n, bo.device.id)).toHaveLength(1);
  });
});

describe('[AT12] a device that exists twice', () => {
  const sayNow = () =>
    device.author.say(device.local, { kind: kinds.checkIn, slot: 'now', body: checkInBody(), expMs: null });

  test('knows it by its own signature on more than it has counted, and says nothing more', async () => {
    await begin();
    unwrap(await sayNow());
    await receive(await circle.say(bo, { seq: 7, ver: 7 }));
    expect(await sayNow()).toEqual({ ok: false, error: { type: 'Retired' } });
    expect(await device.author.renewLedger(device.local, { force: true })).toEqual({ ok: true, value: false });
  });

  test('and by a ledger of its own', async () => {
    await begin();
    const body = { ranges: [], hash: new Uint8Array(32) };
    await receive(await circle.say(bo, { kind: kinds.ledger, slot: 'ledger', seq: 0, ver: 3, body }));
    expect((await sayNow()).ok).toBe(false);
  });

  test('what it counted itself, and what others say, is no sign of it', async () => {
    await begin();
    unwrap(await sayNow());
    await receive(await circle.say(bo, { seq: 1, slot: 'other' }), await circle.say(ana, { seq: 9, slot: 'then' }));
    expect((await sayNow()).ok).toBe(true);
  });
});

describe('beside the rows', () => {
  test("[HT2] this device's own time goes past what it has seen", async () => {
    await begin();
    await receive(await circle.say(ana, { time: { ms: noonMs + 60_000, count: 4 } }));
    expect(await device.database.circles.get(device.local.n)).toMatchObject({ timeMs: noonMs + 60_000, timeCount: 4 });
    const answer = unwrap(
      await device.author.say(device.local, {
        kind: kinds.checkIn,
        slot: 'now',
        body: checkInBody(),
        expMs: null
      })
    );
    expect(answer.payload.time).toEqual({ ms: noonMs + 60_000, count: 5 });
  });

  test('looking is not storing', async () => {
    const batch = [await circle.genesis(), await circle.addition(ana, bo)];
    const { rows: found, state } = await inbox.examine(batch.map(arriving));
    expect(found.map(({ kind }) => kind)).toEqual([kinds.manifest, kinds.addPerson]);
    expect(state.roster.devicesById.has(bo.device.id)).toBe(true);
    expect(await rows()).toEqual([]);
  });

  test('one disk that refuses does not stop the next batch', async () => {
    await begin();
    const said = await circle.say(bo);
    device.database.close({ disableAutoOpen: true });
    await expect(receive(said)).rejects.toThrow();
    await device.database.open();
    expect(await receive(said)).toEqual([isStored(kinds.checkIn)]);
  });
});

test('[EP17] whoever has left takes in nothing that is said since, and keeps what they had', async () => {
  await begin();
  const before = await circle.say(ana, { slot: 'said/before' });
  await receive(before, await circle.leave(bo));
  const after = await circle.say(ana, { seq: 2, slot: 'said/after' });
  const next = await circle.say(ana, { seq: 3, ver: 2, slot: 'said/before' });
  expect(await receive(after, next, before)).toEqual([{ type: 'unheard' }, { type: 'unheard' }, { type: 'held' }]);
  const said = (await rows()).filter(({ kind }) => kind === kinds.checkIn);
  expect(said).toMatchObject([{ key: before.key, ver: 1 }]);
});
