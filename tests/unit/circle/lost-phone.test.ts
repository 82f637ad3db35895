/** A lost phone: friends vouch for a new one, and the old one is shut out. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dueChanges, isDue, voicesFor } from '../../../src/lib/circle/due.ts';
import { cast, personOf, Story, type Cast } from './story.ts';

let { ana, bob, mia, jo, tablet, laptop, phone }: Cast = {} as Cast;
/** Ana, Bob, Mia and Jo. Bob lost his phone. */
let story: Story;
beforeAll(async () => {
  ({ ana, bob, mia, jo, tablet, laptop, phone } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia, jo);
});
const bobsDevices = () => story.state().roster.people.find(({ name }) => name === 'Bo')?.devices;

describe('[EP5] a new phone', () => {
  test('that most of the others vouch for is in, and the lost one out', async () => {
    for (const each of [ana, mia]) await story.vouch(each, phone, bob);
    const due = dueChanges(story.state());
    expect(due.vouched).toEqual(new Map([[phone.device.id, personOf(bob)]]));
    expect(due.dropped).toEqual([bob.device.id]);
    await story.begin(jo);
    expect(bobsDevices()).toEqual([phone.device.id]);
    expect(story.names).toEqual(['Ana', 'Bo', 'Mia', 'Jo']);
    expect(isDue(dueChanges(story.state()))).toBe(false);
    expect(story.state().roster.usedInvites.size).toBe(4);
  });

  test('that too few vouch for is not, whatever a manifest says', async () => {
    await story.vouch(ana, phone, bob);
    expect(isDue(dueChanges(story.state()))).toBe(false);
    expect(voicesFor(story.state(), phone.device.id, personOf(bob))).toEqual({
      people: new Set([personOf(ana)]),
      missing: 1
    });
    const people = [ana, mia, jo].map((each) => ({ id: personOf(each), devices: [each.device.id] }));
    const listed = [...people, { id: personOf(bob), devices: [phone.device.id] }];
    const made = await story.begin(ana, 'changed', { people: listed, dropped: [bob.device.id] });
    const kept = await story.begin(ana, 'changed', {
      people: [...people, { id: personOf(bob), devices: [bob.device.id, phone.device.id] }]
    });
    expect([made, kept].map(({ id }) => story.state().epochs.get(id)?.counts)).toEqual([false, false]);
    expect(bobsDevices()).toEqual([bob.device.id]);
  });

  test('is not helped by the lost one’s own voice, nor twice by one person’s', async () => {
    await story.addDevice(ana, tablet);
    for (const each of [ana, tablet, bob]) await story.vouch(each, phone, bob);
    expect(voicesFor(story.state(), phone.device.id, personOf(bob)).people).toEqual(new Set([personOf(ana)]));
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });

  test('can be vouched for by the other one of two', async () => {
    const two = await Story.of(bob);
    await two.vouch(ana, phone, bob);
    await two.begin(ana);
    expect(two.state().roster.people.at(1)?.devices).toEqual([phone.device.id]);
  });

  test('shuts out every device that person had, and who has it can’t take the new one off', async () => {
    await story.addDevice(bob, tablet);
    for (const each of [ana, mia]) await story.vouch(each, phone, bob);
    await story.begin(ana);
    expect(bobsDevices()).toEqual([phone.device.id]);
    for (const lost of [bob, tablet]) await story.takeOff(lost, phone, story.circle.keys.epoch);
    await story.addDevice(bob, laptop, story.circle.keys.epoch);
    expect(isDue(dueChanges(story.state()))).toBe(false);
    expect(bobsDevices()).toEqual([phone.device.id]);
  });

  test('can be lost too', async () => {
    for (const each of [ana, mia]) await story.vouch(each, phone, bob);
    await story.begin(ana);
    for (const each of [ana, jo]) await story.vouch(each, laptop, bob);
    await story.begin(mia);
    expect(bobsDevices()).toEqual([laptop.device.id]);
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });

  test('counts no more for somebody who is removed at the same time', async () => {
    for (const each of [ana, mia]) await story.vouch(each, phone, bob);
    for (const each of [ana, jo]) await story.vote(each, bob);
    expect(dueChanges(story.state())).toMatchObject({ removed: [personOf(bob)], vouched: new Map() });
    await story.begin(ana);
    expect(story.names).toEqual(['Ana', 'Mia', 'Jo']);
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });

  test('is in still when newcomers come, and when those who vouched leave', async () => {
    for (const each of [ana, mia]) await story.vouch(each, phone, bob);
    await story.begin(ana);
    for (const each of [tablet, laptop]) await story.letIn(phone, each);
    await story.leave(ana);
    await story.leave(mia);
    expect(bobsDevices()).toEqual([phone.device.id]);
    expect(story.names).toEqual(['Bo', 'Jo', 'friend 10', 'friend 11']);
  });

  test('[EP8] what the lost one said in its person’s name still counts as their word', async () => {
    await story.vote(bob, jo);
    await story.vote(ana, jo);
    for (const each of [ana, mia]) await story.vouch(each, phone, bob);
    await story.begin(mia);
    expect(story.names).toEqual(['Ana', 'Bo', 'Mia']);
    expect(bobsDevices()).toEqual([phone.device.id]);
  });
});
