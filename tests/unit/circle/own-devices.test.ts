/** One's own devices: taken in, taken off, and what becomes of somebody whose devices took each other off. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dueChanges, isDue, planManifest } from '../../../src/lib/circle/due.ts';
import { cast, personOf, Story, type Cast } from './story.ts';

let { ana, bob, mia, jo, tablet, laptop, phone }: Cast = {} as Cast;
/** Ana, Bob with a tablet, Mia and Jo. */
let story: Story;
beforeAll(async () => {
  ({ ana, bob, mia, jo, tablet, laptop, phone } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia, jo);
  await story.addDevice(bob, tablet);
});
const bobsDevices = () => story.state().roster.people.find(({ name }) => name === 'Bo')?.devices;

test('[RO2] a device takes in one more of the same person, which speaks for them and has its name', () => {
  expect(bobsDevices()).toEqual([bob.device.id, tablet.device.id]);
  expect(story.state().roster.devicesById.get(tablet.device.id)).toMatchObject({
    person: personOf(bob),
    label: 'my tablet'
  });
  expect(story.names).toEqual(['Ana', 'Bo', 'Mia', 'Jo']);
});

describe('[EP7] a device', () => {
  test('is taken off by another of its person, whoever makes it so', async () => {
    await story.takeOff(tablet, bob);
    expect(dueChanges(story.state())).toMatchObject({ dropped: [bob.device.id], removed: [] });
    expect(planManifest(story.state(), bob.device.id, 'changed')).toBeUndefined();
    await story.begin(mia);
    expect(bobsDevices()).toEqual([tablet.device.id]);
    expect(story.names).toContain('Bo');
    expect(isDue(dueChanges(story.state()))).toBe(false);
    expect(story.state().roster.devicesById.get(bob.device.id)?.out).toBe(true);
  });

  test('is not taken off by itself, nor by anybody else’s', async () => {
    await story.takeOff(bob, bob);
    for (const each of [ana, mia, jo]) await story.takeOff(each, bob);
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });

  test('is not dropped without proof', async () => {
    const head = story.head.id;
    const people = [ana, mia, jo].map((each) => ({ id: personOf(each), devices: [each.device.id] }));
    for (const dropped of [[bob.device.id], []]) {
      const made = await story.begin(ana, 'changed', {
        people: [...people, { id: personOf(bob), devices: [tablet.device.id] }],
        dropped
      });
      // What is just left out is in all the same, by whoever let it in.
      expect(story.state().epochs.get(made.id)?.counts).toBe(dropped.length === 0);
      expect(bobsDevices()).toContain(bob.device.id);
    }
    expect(story.head.id).not.toBe(head);
  });

  test('that is out takes in no other, and speaks for nobody', async () => {
    await story.takeOff(tablet, bob);
    await story.begin(ana);
    await story.addDevice(bob, laptop, story.circle.keys.epoch);
    await story.letIn(bob, phone, story.circle.keys.epoch);
    expect(bobsDevices()).toEqual([tablet.device.id]);
    expect(story.names).toEqual(['Ana', 'Bo', 'Mia', 'Jo']);
  });

  test('that is out is not taken in again', async () => {
    await story.takeOff(tablet, bob);
    await story.begin(ana);
    await story.addDevice(tablet, bob);
    await story.letIn(ana, bob);
    expect(bobsDevices()).toEqual([tablet.device.id]);
  });

  test('that is out does not take off one that came after', async () => {
    await story.takeOff(tablet, bob);
    await story.begin(ana);
    await story.addDevice(tablet, laptop);
    await story.takeOff(bob, laptop, story.circle.keys.epoch);
    expect(isDue(dueChanges(story.state()))).toBe(false);
    expect(bobsDevices()).toEqual([tablet.device.id, laptop.device.id]);
  });

  test('taken off on the losing side of a parting is due on the winning one', async () => {
    const other = story.branch();
    await other.begin(mia, 'tidied');
    await other.takeOff(tablet, bob);
    for (const voice of [ana, jo]) await story.vote(voice, mia);
    await story.begin(ana);
    const both = story.with(other);
    expect(both.head.id).toBe(story.head.id);
    expect(dueChanges(both.state()).dropped).toEqual([bob.device.id]);
  });
});

describe('[EP7] where each takes the other off', () => {
  beforeEach(async () => {
    await story.takeOff(tablet, bob);
    await story.begin(ana);
    await story.takeOff(bob, tablet, story.circle.keys.epoch);
  });

  test('both are out, and their person is in without devices', async () => {
    expect(dueChanges(story.state()).dropped).toEqual([tablet.device.id]);
    await story.begin(ana);
    expect(story.names).toEqual(['Ana', 'Bo', 'Mia', 'Jo']);
    expect(bobsDevices()).toEqual([]);
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });

  test('friends vouch a new one in', async () => {
    await story.begin(ana);
    for (const each of [ana, mia]) await story.vouch(each, phone, bob);
    await story.begin(jo);
    expect(bobsDevices()).toEqual([phone.device.id]);
    expect(isDue(dueChanges(story.state()))).toBe(false);
    await story.begin(phone, 'tidied');
    expect(story.head.depth).toBe(4);
  });
});

test('[EP8] in a circle of one whose two devices took each other off nobody may make it so', async () => {
  const own = await Story.of();
  await own.addDevice(ana, tablet);
  await own.takeOff(ana, tablet);
  await own.takeOff(tablet, ana);
  expect(dueChanges(own.state()).dropped).toHaveLength(2);
  expect([ana, tablet].map(({ device }) => planManifest(own.state(), device.id, 'changed'))).toEqual([
    undefined,
    undefined
  ]);
});

test('[EP7] in a circle of one a device takes the other off', async () => {
  const own = await Story.of();
  await own.addDevice(ana, tablet);
  await own.takeOff(tablet, ana);
  await own.begin(tablet);
  expect([...own.head.members.personOf.keys()]).toEqual([tablet.device.id]);
  expect(own.names).toEqual(['Ana']);
});
