/** Which generation an epoch is in by what stands on the disk, and going there. */
import { beforeEach, describe, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { bytesToId, type EpochId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { generationAt, generationSlot } from '../../../src/lib/circle/generation.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { carrierOf } from '../../../src/lib/store/carriers.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { enterEpoch } from '../../../src/lib/store/epoch-move.ts';
import {
  enterGeneration,
  generationRows,
  lastGenerationOf,
  readGeneration,
  stateGeneration,
  statedSince
} from '../../../src/lib/store/generations.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, friend, random, type Friend } from '../circle/friends.ts';
import { queueLocks, testDevice, type TestDevice } from './memory-database.ts';

const today = generationAt(noonMs);
const second = { epoch: bytesToId<EpochId>(new Uint8Array(16).fill(2)), secret: new Uint8Array(32).fill(2) };

let circle: FoundedCircle;
let bo: Friend;
let mia: Friend;
let clock: HandClock;
let device: TestDevice;
let exclusively: ReturnType<typeof queueLocks>;

beforeEach(async () => {
  [circle, bo, mia] = await Promise.all([FoundedCircle.by(), friend(1), friend(2)]);
  clock = new HandClock();
  exclusively = queueLocks();
  device = await testDevice(circle, circle.founder, clock);
  await keep([
    await circle.genesis(),
    await circle.addition(circle.founder, bo),
    await circle.addition(circle.founder, mia)
  ]);
  await device.database.circles.update(device.local.n, { counter: 10 });
});

const keep = async (records: readonly Awaited<ReturnType<FoundedCircle['say']>>[]): Promise<void> => {
  const rows = records.map((record) => toEnvelopeRow(device.local, record, record.envelope));
  await device.database.transaction('rw', device.database.envelopes, () => putNewer(device.database, rows));
};
const statedBy = async (by: Friend, daysAgo: number) =>
  circle.say(by, {
    ...{ kind: kinds.generation, slot: generationSlot(circle.keys.epoch), body: {}, seq: 20 },
    time: { ms: noonMs - daysAgo * dayMs, count: 0 }
  });
const deps = () => ({ ...device, clock, exclusively });
const read = (): Promise<number> => readGeneration(device.database, device.local);
const state = (isHeavy: boolean): Promise<boolean> => stateGeneration(deps(), device.local, { isHeavy });
const enter = (generation: number): Promise<boolean> =>
  enterGeneration(deps(), device.local, { epoch: device.local.keyring.current.epoch, generation });
const move = async (to = second): Promise<void> => {
  const move = { ...deps(), random, nowMs: clock.nowMs() };
  unwrap(await enterEpoch(move, device.local, to, { forgetOlder: false }));
};

describe('[GE2] the generation of an epoch', () => {
  test('is the highest that was stated, by whoever is in', async () => {
    expect(await read()).toBe(0);
    await keep([await statedBy(bo, 3), await statedBy(mia, 8)]);
    expect(await read()).toBe(today - 3);
  });

  test('is none that somebody stated who left with their words, but one of somebody who let theirs stay', async () => {
    await keep([await statedBy(bo, 3), await statedBy(mia, 8)]);
    await keep([await circle.leave(bo, { seq: 21 })]);
    expect(await read()).toBe(today - 3);
    await device.database.envelopes.filter(({ kind }) => kind === kinds.leave).delete();
    const gone = await circle.leave(bo, { seq: 21, body: { words: 'go' } });
    await keep([gone]);
    expect(await read()).toBe(today - 8);
  });

  test('is none of a device that nobody let in', async () => {
    await keep([await statedBy(await friend(4), 1)]);
    expect(await read()).toBe(0);
  });

  test('is 0 in another epoch; and back in this one what was stated here counts again', async () => {
    await keep([await statedBy(bo, 3)]);
    expect(await enter(await read())).toBe(true);
    await move();
    expect(device.local.keyring.generation).toBe(0);
    expect(await read()).toBe(0);
    await move({ epoch: circle.keys.epoch, secret: circle.epochSecret });
    expect(device.local.keyring.generation).toBe(0);
    expect(await read()).toBe(today - 3);
  });

  test('stays what it is where the epoch it is in is entered once more', async () => {
    await enter(today);
    await move({ epoch: circle.keys.epoch, secret: circle.epochSecret });
    expect(device.local.keyring.generation).toBe(today);
  });

  test('[GE6] of a former epoch is the last that is known of it', async () => {
    await keep([await statedBy(bo, 3)]);
    await move();
    expect(await lastGenerationOf(device.database, device.local, circle.keys.epoch)).toBe(today - 3);
    expect(await lastGenerationOf(device.database, device.local, second.epoch)).toBe(0);
    await enter(today);
    expect(await lastGenerationOf(device.database, device.local, second.epoch)).toBe(today);
  });
});

describe('[GE1] stating one', () => {
  const rowsStated = async (): Promise<EnvelopeRow[]> => generationRows(device.database, device.local.n);

  test('says the day, by its own time, for ever', async () => {
    await enter(today - 9);
    await keep([await statedBy(bo, 9)]);
    expect(await state(true)).toBe(true);
    const mine = (await rowsStated()).filter((row) => row.device === circle.founder.device.id);
    expect(mine.map(({ at, exp }) => [generationAt(at), exp])).toEqual([[today, undefined]]);
    await enter(today);
    expect(statedSince(device.local, await rowsStated()), 'and since then it is stated').toBe(noonMs);
  });

  test('is not done where nothing is heavy, nor twice a day, nor below what others stated', async () => {
    expect(await state(false)).toBe(false);
    expect(await state(true)).toBe(true);
    expect(await state(true)).toBe(false);
    expect(await rowsStated()).toHaveLength(1);
    clock.set(noonMs - 2 * dayMs);
    expect(await state(true)).toBe(false);
  });

  test('is done anew where nobody states any more what this device is in', async () => {
    await enter(today - 1);
    await keep([await statedBy(bo, 5)]);
    expect(await state(false)).toBe(true);
    expect((await rowsStated()).map(({ at }) => generationAt(at)).toSorted((a, b) => a - b)).toEqual([
      today - 5,
      today
    ]);
  });

  test('[EP13] is not done by who left and took their words along', async () => {
    await keep([await circle.leave(circle.founder, { seq: 11, body: { words: 'go' } })]);
    expect(await state(true)).toBe(false);
  });

  test('is not done where the circle is in another epoch already', async () => {
    await move();
    expect(await state(true), 'no manifest leads there').toBe(false);
  });
});

describe('[GE4] entering one', () => {
  test('changes the keyring and nothing else of it, in every tab that opens later too', async () => {
    const [row] = await device.database.circles.toArray();
    if (row === undefined) throw new Error('there is a circle');
    const before = await device.circles.unwrap(row);
    expect(await enter(today)).toBe(true);
    expect(await enter(today), 'it is there').toBe(false);
    expect(device.local.keyring.generation).toBe(today);
    const [after] = await device.database.circles.toArray();
    expect(after && (await device.circles.unwrap(after))).toEqual({ ...before, generation: today });
  });

  test('is not done for an epoch that was left meanwhile', async () => {
    await move();
    const { epoch } = circle.keys;
    expect(await enterGeneration(deps(), device.local, { epoch, generation: today })).toBe(false);
    expect(device.local.keyring.generation).toBe(0);
  });

  test('[VA9] has a locked device carry in the new room', async () => {
    const { database, local } = device;
    const carrier = await carrierOf(database, local);
    if (carrier === undefined) throw new Error('a circle with others in it is carried');
    await database.carriers.bulkPut([carrier, { ...carrier, circle: 99 }]);
    await enter(today);
    const topic = await roomTopic(local.keyring.current.lighthouse, today);
    const replica = `${local.n}/${circle.keys.epoch}/${today}`;
    expect(await database.carriers.get(local.n)).toEqual({ ...carrier, replica, topic });
    expect(await carrierOf(database, local)).toEqual({ ...carrier, replica, topic });
    expect(await database.carriers.get(99)).toEqual({ ...carrier, circle: 99 });
  });

  test('leaves a device without a lock without anything to carry with', async () => {
    await enter(today);
    expect(await device.database.carriers.count()).toBe(0);
  });

  test('keeps what another tab writes into the keyring meanwhile', async () => {
    const { database, circles, local } = device;
    let meddles = true;
    const wrap: typeof circles.wrap = async (id, keyring) => {
      const sealed = await circles.wrap(id, keyring);
      if (meddles) {
        meddles = false;
        const [row] = await database.circles.toArray();
        if (row !== undefined) {
          const other = await circles.wrap(id, { ...(await circles.unwrap(row)), relays: ['wss://elsewhere.example'] });
          await database.circles.update(local.n, { sealed: other });
        }
      }
      return sealed;
    };
    const meddled = { wrap, unwrap: circles.unwrap.bind(circles) } as typeof circles;
    const { epoch } = circle.keys;
    expect(await enterGeneration({ ...deps(), circles: meddled }, local, { epoch, generation: today })).toBe(true);
    expect(local.keyring).toMatchObject({ generation: today, relays: ['wss://elsewhere.example'] });
  });
});
