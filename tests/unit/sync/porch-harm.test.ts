/** What members who mean harm, or disks and clocks that do not do their part, can make of a porch. In virtual time. */
import 'fake-indexeddb/auto';
import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { bytesToBase64Url, type Bytes } from '../../../src/lib/base/bytes.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../../src/lib/base/clock.ts';
import { idBytesLength, type DeviceId, type MapKey } from '../../../src/lib/base/ids.ts';
import { porchPauseLongMs } from '../../../src/lib/base/limits.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { generationSlot } from '../../../src/lib/circle/generation.ts';
import { noticeKeys } from '../../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import { sealRecord } from '../../../src/lib/records/record.ts';
import { rowsOfKind, statementRows } from '../../../src/lib/store/held-rows.ts';
import type { Arrival, Outcome } from '../../../src/lib/sync/inbox.ts';
import { Porch } from '../../../src/lib/sync/porch.ts';
import { openSeat } from '../../simulation/seat.ts';
import { SeededRandom } from '../../simulation/seeded-random.ts';
import { DeviceClock } from '../../simulation/virtual-time.ts';
import { checkInBody } from '../circle/friends.ts';
import { circleOf, generationOf, holds, state, watchScenes, type GenerationScene } from './generation-scene.ts';

const begin = watchScenes();
let scene: GenerationScene;
const random = new SeededRandom('harm on the porch');

const nothing: Outcome = { type: 'refused', refusal: { type: 'NotOpened' } };

describe('[GE5] the way stays there', () => {
  test('where its author puts a word in its place that waits for ever', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    await mia.device.sleep();
    await state(ana);
    await scene.passMove();
    const { current, device } = (await circleOf(ana)).keyring;
    await ana.device.sleep();
    const sealed = await sealRecord(
      current,
      device,
      {
        ...{ circle: current.circle, epoch: current.epoch, device: device.id, seq: 900, ver: 900, expMs: null },
        ...{ slot: generationSlot(current.epoch), kind: kinds.generation, body: {} },
        time: { ms: scene.time.nowMs + 400 * dayMs, count: 0 }
      },
      random
    );
    const { key, envelope } = unwrap(sealed);
    expect((await scene.entriesOf(bo, 0)).has(key), 'this shows the way').toBe(true);
    await scene.meddle(bo, 0, (map) => map.set(key, envelope));
    await mia.device.wake();
    await scene.pass(10 * minuteMs);
    expect(await generationOf(mia)).toBe(await generationOf(bo));
  });

  test('where somebody put it there under keys of a later epoch', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    await mia.device.sleep();
    const { current: before } = (await circleOf(bo)).keyring;
    await state(ana);
    await scene.passMove();
    expect(await ana.begin('fresh')).toBe(true);
    await scene.pass(10 * minuteMs);
    const { n, keyring } = await circleOf(bo);
    expect(keyring.current.epoch).not.toBe(before.epoch);
    const { database } = bo.device.life;
    const rows = [...(await statementRows(database, n)), ...(await rowsOfKind(database, n, kinds.seals))];
    const topic = await roomTopic(before.lighthouse, 0);
    expect(scene.network.rooms.entriesOf('bo', topic).size, 'notices').toBeGreaterThan(0);
    const doc = new Y.Doc();
    const seat = { owner: 'nobody', device: keyring.device.id, topic, doc };
    const leave = scene.network.rooms.enter({ ...seat, onPeers: () => undefined, onSynced: () => undefined });
    await scene.pass(minuteMs);
    doc.transact(() => rows.forEach(({ key, bytes }) => doc.getMap('envelopes').set(key, bytes)));
    await scene.pass(minuteMs);
    leave();
    await scene.pass(minuteMs);
    const entries = scene.network.rooms.entriesOf('bo', topic);
    const unreadable: string[] = [];
    const shown = [...entries].filter(([key]) => rows.some((row) => row.key === key));
    for (const [key, bytes] of shown)
      if (!(await openRecord(bytes as Bytes, [noticeKeys(before.lighthouse)])).ok) unreadable.push(key);
    // What somebody adds beside the notices stays as it is: it is light.
    expect(unreadable.length).toBeLessThan(shown.length);
    await mia.device.wake();
    await scene.pass(25 * secondMs);
    expect((await circleOf(mia)).keyring.current.epoch).toBe(keyring.current.epoch);
  });
});

test.each(['under no map key', 'beside the envelopes'])(
  '[GE5] the porch sheds what somebody brings %s',
  async (where) => {
    scene = begin();
    const [ana, bo] = await scene.meet('ana', 'bo');
    await state(ana);
    await scene.passMove();
    const much = random.bytes(300 * 1024);
    await scene.meddle(bo, 0, (map) => {
      if (where === 'under no map key') map.set('stray', much);
      else map.doc?.getMap('other').set('stray', much);
    });
    await scene.pass(10 * minuteMs);
    let weight = Infinity;
    await scene.meddle(bo, 0, (map) => {
      expect(map.size, 'the porch is open again').toBeGreaterThan(0);
      weight = Y.encodeStateAsUpdate(map.doc as Y.Doc).length;
    });
    expect(weight).toBeLessThan(much.length);
  }
);

test('[EP11] nothing is put on a porch that is sealed in the epoch after it', async () => {
  scene = begin();
  const [ana, bo] = await scene.meet('ana', 'bo');
  const { current } = (await circleOf(bo)).keyring;
  const topic = await roomTopic(current.lighthouse, 0);
  await state(ana);
  await scene.pass(minuteMs);
  const written: Bytes[] = [];
  // Whoever is connected is sent it, also where its author leaves at once.
  const { rooms } = scene.network;
  const enter = rooms.enter.bind(rooms);
  vi.spyOn(rooms, 'enter').mockImplementation((seat) => {
    const map = seat.doc.getMap('envelopes');
    const note = (key: string): unknown => written.push(map.get(key) as Bytes);
    if (seat.topic === topic) {
      [...map.keys()].forEach(note);
      map.observe(({ keysChanged }) => keysChanged.forEach((key) => note(key as string)));
    }
    return enter(seat);
  });
  await scene.passMove();
  expect(await ana.begin('fresh')).toBe(true);
  await scene.pass(10 * minuteMs);
  expect((await circleOf(bo)).keyring.current.epoch).not.toBe(current.epoch);
  expect(written.length).toBeGreaterThan(0);
  const keys = [current, noticeKeys(current.lighthouse)];
  const opened = await Promise.all(written.map((bytes) => openRecord(bytes, keys)));
  expect(opened.filter(({ ok }) => !ok)).toEqual([]);
});

test('[GE5] what was brought there and has faded stands there no more', async () => {
  scene = begin();
  const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
  await mia.device.sleep();
  await state(ana);
  await scene.passMove();
  await mia.device.wake();
  const saying = { kind: kinds.checkIn, slot: 'x', body: checkInBody('for an hour'), expMs: scene.time.nowMs + hourMs };
  const { key } = unwrap(await mia.device.life.author.say(await circleOf(mia), saying));
  await scene.pass(10 * minuteMs);
  expect(await holds(ana, key)).toBe(true);
  await scene.pass(2 * dayMs);
  for (const { device } of [ana, bo, mia]) {
    await device.sleep();
    await device.wake();
    await scene.pass(10 * minuteMs);
  }
  expect((await scene.entriesOf(ana)).has(key), 'in the room of the circle').toBe(false);
  for (const member of [ana, bo, mia]) expect((await scene.entriesOf(member, 0)).has(key), member.name).toBe(false);
});

describe('[GE5] a porch by itself', () => {
  /** One porch of a circle whose only device sleeps, so that nobody else is there. */
  const openPorch = async (
    receive: (arrivals: readonly Arrival[]) => Promise<readonly Outcome[]>
  ): Promise<{ porch: Porch; entries: () => ReadonlyMap<string, unknown>; meddle: Meddle }> => {
    scene = begin();
    const [ana] = await scene.meet('ana');
    const circle = await circleOf(ana);
    await ana.device.sleep();
    const { rooms } = scene.network;
    const keys = circle.keyring.current.lighthouse;
    const clock = new DeviceClock(scene.time, 0);
    const porch = new Porch(
      {
        ...{ clock, random, receive },
        openRoom: (options) => ({ wake: () => undefined, close: openSeat(rooms, 'host', options, random) })
      },
      circle,
      { keys, openedBy: [circle.keyring.current], relays: [] }
    );
    const topic = await roomTopic(keys, 0);
    const meddle: Meddle = async (forMs, write) => {
      const doc = new Y.Doc();
      const seat = { owner: 'guest', device: circle.keyring.device.id, topic, doc };
      const leave = rooms.enter({ ...seat, onPeers: () => undefined, onSynced: () => undefined });
      await scene.pass(5 * secondMs);
      doc.transact(() => write(doc.getMap('envelopes')));
      await scene.pass(forMs);
      leave();
    };
    return { porch, entries: () => rooms.entriesOf('host', topic), meddle };
  };
  type Meddle = (forMs: number, write: (map: Y.Map<unknown>) => void) => Promise<void>;
  const someKey = (): MapKey => bytesToBase64Url(random.bytes(idBytesLength)) as MapKey;

  test('stays open however much there is to be shown', async () => {
    const { porch, entries, meddle } = await openPorch(async (arrivals) => arrivals.map(() => nothing));
    porch.show(new Map(Array.from({ length: 400 }, () => [someKey(), random.bytes(1024)])));
    porch.open(0);
    await scene.pass(secondMs);
    expect(entries().size).toBe(400);
    await meddle(20 * secondMs, (map) => map.set(someKey(), Uint8Array.of(1)));
    expect(entries().size).toBe(401);
    porch.stop();
  });

  test('puts back what was taken away, also where it takes long to tell', async () => {
    const { porch, entries, meddle } = await openPorch(
      (arrivals) =>
        new Promise((resolve) => void scene.time.after(15 * secondMs, () => resolve(arrivals.map(() => nothing))))
    );
    const key = someKey();
    porch.show(new Map([[key, Uint8Array.of(7)]]));
    porch.open(0);
    await scene.pass(secondMs);
    await meddle(30 * secondMs, (map) => map.set(key, Uint8Array.of(1)));
    expect(entries().get(key)).toEqual(Uint8Array.of(7));
    porch.stop();
  });

  test.each(['once more is known', 'once its time has come'])('takes in what waited there, %s', async (when) => {
    let mayBeStored = false;
    let stored = 0;
    const device = bytesToBase64Url(random.bytes(idBytesLength)) as DeviceId;
    const { porch, meddle } = await openPorch(async (arrivals) => {
      return arrivals.map(({ key }): Outcome => {
        if (!mayBeStored || key === undefined) return { type: 'waits', waiting: { type: 'UnknownDevice', device } };
        stored++;
        return { type: 'stored', kind: kinds.generation, key, device };
      });
    });
    porch.open(0);
    await scene.pass(secondMs);
    await meddle(minuteMs, (map) => map.set(someKey(), Uint8Array.of(1)));
    mayBeStored = true;
    if (when === 'once more is known') porch.show(new Map([[someKey(), Uint8Array.of(7)]]));
    else await scene.pass(hourMs);
    await porch.idle();
    expect(stored).toBe(1);
    await scene.pass(2 * porchPauseLongMs);
    expect(stored, 'and only once').toBe(1);
    porch.stop();
  });
});
