/** What is decided and not done, and who may do it. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dueChanges, isDue, planManifest, voicesAgainst, voicesFor } from '../../../src/lib/circle/due.ts';
import { reduceCircle } from '../../../src/lib/circle/epochs.ts';
import { friend, type Friend } from './friends.ts';
import { cast, personOf, Story, type Cast } from './story.ts';

let { ana, bob, mia, jo, tom, tablet, phone }: Cast = {} as Cast;
let story: Story;
beforeAll(async () => {
  ({ ana, bob, mia, jo, tom, tablet, phone } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia, jo, tom);
});

describe('[EP8] what is due', () => {
  test('is nothing in a circle without a beginning, and nobody may begin an epoch there', () => {
    const nothing = reduceCircle([]);
    expect(isDue(dueChanges(nothing))).toBe(false);
    expect(planManifest(nothing, ana.device.id, 'tidied')).toBeUndefined();
    expect(voicesAgainst(nothing, personOf(mia))).toBeUndefined();
    expect(voicesFor(nothing, phone.device.id, personOf(mia))).toEqual({ people: new Set(), missing: 1 });
  });

  test('is everything at once, and after one manifest nothing', async () => {
    await story.addDevice(bob, tablet);
    await story.takeOff(bob, tablet);
    for (const each of [ana, bob, jo, tom]) await story.vote(each, mia);
    for (const each of [ana, bob, jo]) await story.vouch(each, phone, tom);
    await story.leave(jo);
    const due = dueChanges(story.state());
    expect(due).toEqual({
      removed: [personOf(mia)],
      dropped: expect.arrayContaining([tablet.device.id, tom.device.id]) as unknown,
      vouched: new Map([[phone.device.id, personOf(tom)]]),
      leavers: [personOf(jo)]
    });
    await story.begin(ana);
    expect(story.names).toEqual(['Ana', 'Bo', 'Tom']);
    expect([...story.head.members.personOf.keys()]).toEqual([
      ana.device.id,
      bob.device.id,
      phone.device.id,
      jo.device.id
    ]);
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });

  test('is made by any device that stays, and lists everybody who does', async () => {
    for (const each of [ana, bob, jo]) await story.vote(each, mia);
    const planned = planManifest(story.state(), tom.device.id, 'changed');
    expect(planned).toMatchObject({ parent: story.head.id, why: 'changed', removed: [personOf(mia)], dropped: [] });
    expect(planned?.people).toEqual(
      [ana, bob, jo, tom].map((each) => ({ id: personOf(each), devices: [each.device.id] }))
    );
  });

  test('says how many voices are missing, only where anybody could be removed', async () => {
    expect(voicesAgainst(story.state(), personOf(mia))).toEqual({ people: new Set(), missing: 3 });
    expect(voicesAgainst(story.state(), personOf(phone))).toBeUndefined();
    await story.vote(bob, mia);
    expect(voicesAgainst(story.state(), personOf(mia))).toEqual({ people: new Set([personOf(bob)]), missing: 2 });
  });

  test('of two who are both to go, either has a voice about the other, and both are out at once', async () => {
    await story.vote(tom, mia);
    await story.vote(mia, tom);
    for (const each of [ana, bob]) for (const against of [mia, tom]) await story.vote(each, against);
    await story.begin(ana);
    expect(story.names).toEqual(['Ana', 'Bo', 'Jo']);
  });
});

test('[EP2] nobody begins an epoch that nobody could read, with more people or devices in it than a manifest names', async () => {
  for (let n = 100; story.head.members.people.size < 64; n++) await story.letIn(jo, await friend(n));
  const many = planManifest(story.state(), ana.device.id, 'changed');
  expect(many?.people).toHaveLength(64);
  await story.letIn(jo, await friend(99));
  expect(planManifest(story.state(), ana.device.id, 'changed')).toBeUndefined();
});

test('[EP10] nobody begins an epoch whose seals no record could hold', async () => {
  const devices = await Promise.all(Array.from({ length: 123 }, (_, i) => friend(100 + i)));
  // Of one device's additions sixty-four count (EP15).
  for (const [i, each] of devices.entries()) await story.addDevice(i < 60 ? jo : (devices[0] as Friend), each);
  expect(story.head.members.personOf.size).toBe(128);
  expect(planManifest(story.state(), ana.device.id, 'changed')).toBeDefined();
  await story.addDevice(tom, tablet);
  expect(planManifest(story.state(), ana.device.id, 'changed')).toBeUndefined();
});
