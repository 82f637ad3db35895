/** Which relays are still served after a change: real engines that have all heard of it, and an invitation from before. */
import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { assert } from '../../../src/lib/base/assert.ts';
import { dayMs, hourMs, minuteMs } from '../../../src/lib/base/clock.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { openRoutes, queryRoutes } from '../../../src/lib/store/routes.ts';
import type { Member } from '../../simulation/trust/member.ts';
import { circleOf, watchScenes, type GenerationScene } from './generation-scene.ts';

const [old, fresh] = ['wss://old.example', 'wss://fresh.example'];
const begin = watchScenes();
let scene: GenerationScene;

const say = async (member: Member, kind: number, slot: string, body: object, expMs: number | null = null) =>
  unwrap(await member.device.life.author.say(await circleOf(member), { kind, slot, body: { ...body }, expMs }));

test.each([
  ['none', { from: null, hasEnd: true, leaves: false }, []],
  ['one of somebody who is in', { from: 'mia', hasEnd: true, leaves: false }, [old]],
  ['one without an end, which is no app’s of ours', { from: 'mia', hasEnd: false, leaves: false }, []],
  ['one of somebody who was voted out', { from: 'mia', hasEnd: true, leaves: true }, []]
])('[RT3] with %s', async (_, { from, hasEnd, leaves }, left) => {
  scene = begin();
  const [ana, bo, mia] = await scene.meet('ana', 'bo', 'mia');
  const untilMs = hasEnd ? scene.time.nowMs + 7 * dayMs : null;
  if (from !== null) await say(mia, kinds.invite, 'invite/x', { secret: new Uint8Array(16).fill(7) }, untilMs);
  await say(mia, kinds.routes, 'routes', { relays: [old], left: [] });
  await scene.pass(5 * minuteMs);
  if (leaves) {
    const person = (await ana.state()).roster.devicesById.get(await mia.ownId())?.person;
    assert(person !== undefined, 'Mia is known');
    for (const member of [ana, bo]) await member.vote(person);
    await scene.pass(10 * minuteMs);
  }
  await say(ana, kinds.routes, 'routes', { relays: [fresh], left: [old] });
  await scene.pass(hourMs);
  const circle = await circleOf(ana);
  await circle.refresh();
  const rows = await queryRoutes(ana.device.life.database, circle.n);
  expect(await openRoutes(circle, rows, [])).toMatchObject({ chosen: [fresh], left });
});
