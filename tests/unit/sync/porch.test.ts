/** Friends who slept while the circle moved to another document find it by the porch: with real engines, on disks of their own, in virtual time. */
import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../../src/lib/base/bytes.ts';
import { dayMs, hourMs, minuteMs } from '../../../src/lib/base/clock.ts';
import { generationAt } from '../../../src/lib/circle/generation.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { rowsOfKind } from '../../../src/lib/store/held-rows.ts';
import {
  circleOf,
  generationOf,
  generationsOf,
  holds,
  replicasOn,
  sayKept,
  state,
  watchScenes,
  type GenerationScene
} from './generation-scene.ts';

const begin = watchScenes();
let scene: GenerationScene;

const today = (): number => generationAt(scene.time.nowMs);

const isEqual = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b);

describe('[GE5] whoever slept', () => {
  test('finds the way by the porch alone, and what they said comes along', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    await mia.device.sleep();
    // Whom Mia never heard of states it.
    const [jo] = await scene.meet('jo');
    await state(jo);
    await scene.passMove();
    await scene.pass(3 * dayMs);
    const said = await sayKept(ana, 'while Mia slept');
    await scene.pass(minuteMs);
    scene.network.rooms.areApart = true;
    scene.network.rooms.partition(() => 0);
    await mia.device.wake();
    const key = await sayKept(mia, 'as I wake');
    await scene.pass(minuteMs);
    scene.network.rooms.areApart = false;
    scene.network.beKind();
    await scene.pass(10 * minuteMs);
    expect(new Set(await generationsOf([ana, bo, mia, jo])).size).toBe(1);
    for (const member of [ana, bo, jo]) expect(await holds(member, key), member.name).toBe(true);
    expect(await holds(mia, said)).toBe(true);
  });

  test('is heard there even if they are gone before they follow', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    await mia.device.sleep();
    await state(ana);
    await scene.pass(2 * dayMs);
    await mia.device.wake();
    const key = await sayKept(mia, 'only for a moment');
    await scene.pass(2900);
    expect(await generationOf(mia), 'has not moved').toBe(0);
    mia.device.crash();
    await scene.pass(10 * minuteMs);
    expect([await holds(ana, key), await holds(bo, key)]).toEqual([true, true]);
    const entries = await scene.entriesOf(ana);
    expect(entries.has(key), 'and it stands where the circle is').toBe(true);
  });

  test('finds the way also where the same device stated another one the day after', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    await mia.device.sleep();
    expect(await state(ana)).toBe(true);
    await scene.passMove();
    await scene.pass(dayMs);
    expect(await state(ana)).toBe(true);
    await scene.passMove();
    expect((await scene.entriesOf(bo, 0)).size).toBeGreaterThan(0);
    await mia.device.wake();
    const key = await sayKept(mia, 'as I wake');
    await scene.pass(hourMs);
    const [anas, bos, mias] = await generationsOf([ana, bo, mia]);
    expect([bos, mias]).toEqual([anas, anas]);
    expect(await holds(bo, key)).toBe(true);
  });

  test('finds the way however long they slept, by what no disk keeps', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    await mia.device.sleep();
    await state(ana);
    await scene.passMove();
    const kept = [...(await scene.entriesOf(bo, 0)).keys()].length;
    expect(kept, 'who is in, and where to go').toBeGreaterThan(0);
    expect(kept).toBeLessThan((await scene.entriesOf(bo)).size);
    await scene.pass(9 * dayMs);
    await mia.device.wake();
    const key = await sayKept(mia, 'as I wake');
    await scene.pass(hourMs);
    const [anas, mias] = await generationsOf([ana, mia]);
    expect(mias).toBe(anas);
    expect(await holds(bo, key)).toBe(true);
    await scene.end();
    for (const member of [bo, mia])
      expect([...(await replicasOn(member)).keys()].filter((name) => name.endsWith('/0'))).toEqual([]);
  });

  test('finds the way from where nobody else is any more, and several days behind', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    await state(ana);
    await scene.passMove();
    const miasLast = await generationOf(mia);
    await mia.device.sleep();
    for (const member of [bo, ana, bo, ana]) {
      await scene.pass(3 * dayMs);
      expect(await state(member)).toBe(true);
      await scene.passMove();
    }
    await mia.device.wake();
    expect(await generationOf(mia)).toBe(miasLast);
    const key = await sayKept(mia, 'as I wake');
    await scene.pass(hourMs);
    const [anas, bos, mias] = await generationsOf([ana, bo, mia]);
    expect([bos, mias]).toEqual([anas, anas]);
    expect(await holds(bo, key)).toBe(true);
  });

  test.each(['rubbish', 'an older word', 'nothing'])(
    'finds the way where somebody put %s in its place',
    async (what) => {
      scene = begin();
      const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
      await mia.device.sleep();
      await state(ana);
      await scene.passMove();
      const older = new Map(await scene.entriesOf(bo, 0));
      await scene.pass(2 * dayMs);
      await state(ana);
      await scene.passMove();
      const now = await scene.entriesOf(bo, 0);
      expect(now, 'the later word is there').not.toEqual(older);
      const changed = [...now.keys()].filter((key) => !isEqual(now.get(key), older.get(key)));
      expect(changed, 'in the place of the older one').toHaveLength(1);
      await scene.meddle(bo, 0, (map) => {
        for (const [key, bytes] of older) {
          if (what === 'nothing') map.delete(key);
          else map.set(key, what === 'rubbish' ? Uint8Array.of(1) : bytes);
        }
      });
      await scene.pass(minuteMs);
      for (const member of [ana, bo]) expect(await scene.entriesOf(member, 0), member.name).toEqual(now);
      await mia.device.wake();
      await scene.pass(hourMs);
      expect(await generationOf(mia)).toBe(await generationOf(ana));
    }
  );

  test('does not leave their heavy document with those on the porch', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    const key = await sayKept(mia, 'only in the old document');
    await scene.pass(minuteMs);
    await scene.burden(mia, 80_000);
    await mia.device.sleep();
    await state(ana);
    await scene.pass(hourMs);
    await mia.device.wake();
    await scene.pass(10 * minuteMs);
    expect(await generationOf(mia)).toBe(today());
    for (const member of [ana, bo]) {
      const entries = await scene.entriesOf(member, 0);
      expect([entries.size > 0, entries.has(key)], member.name).toEqual([true, false]);
    }
  });
});

describe('[GE2] [GE6] the next epoch', () => {
  test('begins in no generation, and the one before is served where it ended', async () => {
    scene = begin();
    const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
    await state(ana);
    await scene.passMove();
    const last = today();
    await mia.device.sleep();
    const { keyring: before } = await circleOf(ana);
    expect(await ana.begin('fresh')).toBe(true);
    await scene.passMove();
    expect(await generationsOf([ana, bo])).toEqual([0, 0]);
    expect((await circleOf(bo)).keyring.current.epoch).not.toBe(before.current.epoch);
    await mia.device.wake();
    expect(await generationOf(mia)).toBe(last);
    const key = await sayKept(mia, 'from the old epoch');
    await scene.pass(15 * minuteMs);
    expect((await circleOf(mia)).keyring.current.epoch).toBe((await circleOf(ana)).keyring.current.epoch);
    expect(await generationOf(mia)).toBe(0);
    expect(await holds(bo, key)).toBe(true);
  });

  test('[GE6] finds those too who never heard of the generation in which the last one ended', async () => {
    scene = begin();
    const [ana, bo] = await scene.meet('ana', 'bo');
    scene.network.rooms.partition((owner) => owner.length);
    await state(ana);
    await scene.passMove();
    expect(await ana.begin('fresh')).toBe(true);
    await scene.passMove();
    expect(await generationOf(bo)).toBe(0);
    scene.network.beKind();
    await scene.pass(15 * minuteMs);
    expect((await circleOf(bo)).keyring.current.epoch).toBe((await circleOf(ana)).keyring.current.epoch);
  });
});

test('[EP9] the porch of an epoch shows nothing that was said in the one before', async () => {
  scene = begin();
  const [ana, bo] = await scene.meet('ana', 'bo');
  await state(ana);
  await scene.passMove();
  expect(await ana.begin('fresh')).toBe(true);
  await scene.pass(dayMs);
  await state(bo);
  await scene.passMove();
  const { n } = await circleOf(bo);
  const rows = await rowsOfKind(bo.device.life.database, n, kinds.generation);
  expect(rows, 'both are held').toHaveLength(2);
  const shown = await scene.entriesOf(bo, 0);
  expect(rows.filter(({ key }) => shown.has(key)).map(({ device }) => device)).toEqual([await bo.ownId()]);
});
