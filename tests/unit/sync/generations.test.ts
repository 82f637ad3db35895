/** A circle's friends go from one document to the next within an epoch: with real engines, on disks of their own, in virtual time. */
import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { dayMs, minuteMs } from '../../../src/lib/base/clock.ts';
import { generationLingerMs } from '../../../src/lib/base/limits.ts';
import { generationAt, generationSlot } from '../../../src/lib/circle/generation.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { rowsOfKind } from '../../../src/lib/store/held-rows.ts';
import {
  circleOf,
  generationOf,
  generationsOf,
  holds,
  replicasOn,
  sayKept,
  seenBy,
  state,
  watchScenes,
  type GenerationScene
} from './generation-scene.ts';

const begin = watchScenes();
let scene: GenerationScene;

const today = (): number => generationAt(scene.time.nowMs);

describe('[GE3] [GE4] a document with much in it that is dead', () => {
  test('is left for one with all that is live, and is gone from every disk', async () => {
    scene = begin();
    const [ana, bo] = await scene.meet('ana', 'bo');
    const before = [await sayKept(ana, 'before/ana'), await sayKept(bo, 'before/bo')];
    await scene.pass(minuteMs);
    await scene.burden(ana, 40_000);
    expect(await generationsOf([ana, bo]), 'not yet weighed').toEqual([0, 0]);
    await scene.weighAgain();
    await scene.passMove();
    expect(await generationsOf([ana, bo])).toEqual([today(), today()]);
    const between = [await sayKept(ana, 'between/ana'), await sayKept(bo, 'between/bo')];
    await scene.pass(minuteMs);
    for (const member of [ana, bo]) {
      const entries = await scene.entriesOf(member);
      for (const key of [...before, ...between]) expect(entries.has(key), 'what is live stands there').toBe(true);
      for (const key of [...before, ...between]) expect(await holds(member, key)).toBe(true);
    }
    expect(await seenBy(ana), 'and they are there together').toEqual([await bo.ownId()]);
    const { keyring, n } = await circleOf(ana);
    await scene.end();
    for (const member of [ana, bo]) {
      const replicas = [...(await replicasOn(member)).keys()];
      expect(replicas).toEqual([`${n}/${keyring.current.epoch}/${keyring.generation}`]);
    }
    await ana.device.wake();
    const open = await ana.device.life.replicas.open(`${n}/${keyring.current.epoch}/${keyring.generation}`);
    const { all, live } = open.replica.weigh();
    open.release();
    expect(all, 'where it took three hundred thousand bytes and more').toBeLessThan(20_000);
    expect(all - live).toBeLessThan(live);
  });

  test('is not left twice on one day', async () => {
    scene = begin();
    const [ana, bo] = await scene.meet('ana', 'bo');
    expect(await state(ana)).toBe(true);
    await scene.passMove();
    const first = today();
    expect(await generationsOf([ana, bo])).toEqual([first, first]);
    expect(await state(bo), 'it has one of today').toBe(false);
    await scene.pass(dayMs);
    expect(await state(bo)).toBe(true);
    await scene.passMove();
    expect(await generationsOf([ana, bo])).toEqual([first + 1, first + 1]);
  });

  test('is filled by whoever stated it, though nobody else is awake', async () => {
    scene = begin();
    const [ana, bo] = await scene.meet('ana', 'bo');
    const key = await sayKept(bo, 'before I sleep');
    await scene.pass(minuteMs);
    await bo.device.sleep();
    await state(ana);
    await scene.pass(minuteMs);
    expect((await scene.entriesOf(ana)).has(key)).toBe(true);
  });

  test('is left by a circle that has only mail, too', async () => {
    scene = begin(true);
    const [ana, bo] = await scene.meet('ana', 'bo');
    scene.network.rooms.areApart = true;
    scene.network.rooms.partition((owner) => owner.length);
    await state(ana);
    await scene.passMove();
    const key = await sayKept(ana, 'by mail');
    await scene.pass(10 * minuteMs);
    expect(await generationsOf([ana, bo])).toEqual([today(), today()]);
    expect(await holds(bo, key)).toBe(true);
  });
});

describe('[GE1] [GE2] which one it is', () => {
  test('two who state one at once state the same', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    scene.network.rooms.partition((owner) => owner.length + owner.charCodeAt(0));
    expect([await state(ana), await state(bo)]).toEqual([true, true]);
    await scene.passMove();
    const key = await sayKept(ana, 'meanwhile');
    scene.network.beKind();
    await scene.passMove();
    expect(await generationsOf([ana, bo, mia])).toEqual([today(), today(), today()]);
    expect([await holds(bo, key), await holds(mia, key)]).toEqual([true, true]);
  });

  test('[IB9] one that is dated far ahead waits, and moves nobody', async () => {
    scene = begin();
    const [ana, bo, eve] = await scene.meet('ana', 'bo', 'eve');
    const circle = await circleOf(eve);
    const slot = generationSlot(circle.keyring.current.epoch);
    const forged = { kind: kinds.generation, slot, body: {}, expMs: null, atMs: scene.time.nowMs + 5 * dayMs };
    await eve.device.life.author.say(circle, forged);
    await scene.passMove();
    expect(await generationsOf([ana, bo])).toEqual([0, 0]);
    const { database } = ana.device.life;
    expect(await rowsOfKind(database, (await circleOf(ana)).n, kinds.generation), 'it is not even kept').toEqual([]);
    const key = await sayKept(ana, 'undisturbed');
    await scene.pass(minuteMs);
    expect(await holds(bo, key)).toBe(true);
  });

  test('one that its author takes the place of with an older one parts nobody for long', async () => {
    scene = begin();
    const [ana, bo, eve] = await scene.meet('ana', 'bo', 'eve');
    await bo.device.sleep();
    const circle = await circleOf(eve);
    await state(eve);
    // Before the porch opens, where it would be seen for a while yet.
    await scene.pass(minuteMs);
    expect(await generationOf(ana)).toBe(today());
    const slot = generationSlot(circle.keyring.current.epoch);
    const older = { kind: kinds.generation, slot, body: {}, expMs: null, atMs: scene.time.nowMs - 2 * dayMs };
    await eve.device.life.author.say(circle, older);
    await scene.pass(minuteMs);
    await eve.device.sleep();
    await bo.device.wake();
    const key = await sayKept(bo, 'slept');
    await scene.pass(20 * minuteMs);
    expect(await generationsOf([ana, bo])).toEqual([today(), today()]);
    expect(await holds(ana, key)).toBe(true);
  });

  test('one that a welcome made up is left for what is stated', async () => {
    scene = begin();
    const [ana, bo] = await scene.meet('ana', 'bo');
    const { life } = bo.device;
    const row = await life.database.circles.toCollection().first();
    if (row === undefined) throw new Error('Bo is in');
    const keyring = await life.circles.unwrap(row);
    const sealed = await life.circles.wrap(row.id, { ...keyring, generation: today() + 400 });
    await bo.device.sleep();
    await bo.device.wake();
    await bo.device.life.database.circles.update(row.n, { sealed });
    await scene.passMove();
    const key = await sayKept(bo, 'here');
    await scene.pass(minuteMs);
    expect(await generationOf(bo)).toBe(0);
    expect(await holds(ana, key)).toBe(true);
  });
});

describe('[GE4] whoever hears of one', () => {
  test('stays a moment where they were, and no longer', async () => {
    scene = begin();
    const [ana, bo] = await scene.meet('ana', 'bo');
    await state(ana);
    await scene.pass(generationLingerMs - 500);
    expect(await generationsOf([ana, bo])).toEqual([0, 0]);
    expect(await rowsOfKind(bo.device.life.database, (await circleOf(bo)).n, kinds.generation)).toHaveLength(1);
    await scene.pass(1500);
    expect(await generationsOf([ana, bo])).toEqual([today(), today()]);
  });
});
