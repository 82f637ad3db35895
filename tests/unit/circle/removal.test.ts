/** Removing somebody: the others say so, and what the one who is out says afterwards changes nothing. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dueChanges, isDue, planManifest, voicesAgainst } from '../../../src/lib/circle/due.ts';
import { cast, personOf, Story, type Cast } from './story.ts';

let { ana, bob, mia, jo, tom, tablet, laptop, phone }: Cast = {} as Cast;
/** Ana, Bob, Mia, Jo and Tom. */
let story: Story;
let four: Story;

beforeAll(async () => {
  ({ ana, bob, mia, jo, tom, tablet, laptop, phone } = await cast());
});
beforeEach(async () => {
  four = await Story.of(bob, mia, jo);
  story = four.branch();
  await story.letIn(ana, tom);
});

const removedBy = async (told: Story, ...voices: Cast[keyof Cast][]): Promise<void> => {
  for (const voice of voices) await told.vote(voice, mia);
  await told.begin(ana);
};

describe('[EP5] a majority of the others', () => {
  test('removes; one less does not', async () => {
    for (const voice of [ana, bob]) await story.vote(voice, mia);
    expect(isDue(dueChanges(story.state()))).toBe(false);
    expect(voicesAgainst(story.state(), personOf(mia))?.missing).toBe(1);
    await story.vote(jo, mia);
    expect(dueChanges(story.state()).removed).toEqual([personOf(mia)]);
    expect(story.names).toContain('Mia');
    const { id } = await story.begin(ana);
    expect(story.head).toMatchObject({ id, depth: 1, counts: true });
    expect(story.names).toEqual(['Ana', 'Bo', 'Jo', 'Tom']);
    expect(isDue(dueChanges(story.state()))).toBe(false);
    expect(story.state().roster.people.find(({ name }) => name === 'Mia')).toMatchObject({ left: true, removed: true });
    expect(story.state().roster.devicesById.get(mia.device.id)?.out).toBe(true);
  });

  test('is what a manifest needs, whoever makes it', async () => {
    for (const voice of [ana, bob]) await story.vote(voice, mia);
    const early = await story.begin(ana, 'changed', {
      people: [ana, bob, jo, tom].map((each) => ({ id: personOf(each), devices: [each.device.id] })),
      removed: [personOf(mia)]
    });
    expect(story.state().epochs.get(early.id)?.counts).toBe(false);
    expect(story.names).toContain('Mia');
    await story.vote(tom, mia);
    expect(story.head.id).toBe(early.id);
  });

  test('is more than half: with four others two are too few, with three they are enough', async () => {
    await removedBy(four, bob, jo);
    expect(four.names).toEqual(['Ana', 'Bo', 'Jo']);
  });

  test('can’t be one of two people', async () => {
    const two = await Story.of(mia);
    await two.vote(ana, mia);
    expect(isDue(dueChanges(two.state()))).toBe(false);
    expect(voicesAgainst(two.state(), personOf(mia))).toBeUndefined();
    const people = [{ id: personOf(ana), devices: [ana.device.id] }];
    const made = await two.begin(ana, 'changed', { people, removed: [personOf(mia)] });
    expect(two.state().epochs.get(made.id)?.counts).toBe(false);
    expect(two.names).toEqual(['Ana', 'Mia']);
  });

  test('counts people, not devices, and neither the one it is about nor a stranger', async () => {
    await story.addDevice(ana, tablet);
    for (const voice of [ana, tablet, mia]) await story.vote(voice, mia);
    const { circle } = story;
    await story.tell(laptop, await circle.vote(laptop, { person: personOf(mia) }));
    expect(voicesAgainst(story.state(), personOf(mia))).toEqual({ people: new Set([personOf(ana)]), missing: 2 });
  });

  test('does not count whoever left', async () => {
    for (const voice of [ana, bob]) await story.vote(voice, mia);
    await story.leave(bob);
    expect(voicesAgainst(story.state(), personOf(mia))?.people).toEqual(new Set([personOf(ana)]));
    await story.vote(tom, mia);
    expect(dueChanges(story.state()).removed).toEqual([personOf(mia)]);
    await story.begin(ana);
    expect(story.names).toEqual(['Ana', 'Jo', 'Tom']);
  });

  test('is asked of those who had come in, also where a manifest leaves them out', async () => {
    for (const voice of [ana, bob]) await story.vote(voice, mia);
    const people = [ana, bob].map((each) => ({ id: personOf(each), devices: [each.device.id] }));
    const made = await story.begin(ana, 'changed', { people, removed: [personOf(mia)] });
    expect(story.state().epochs.get(made.id)?.counts).toBe(false);
  });
});

describe('[EP5] what was decided stays decided', () => {
  beforeEach(() => removedBy(four, ana, bob));

  test('when newcomers come later', async () => {
    for (const each of [tom, tablet, laptop, phone]) await four.letIn(jo, each);
    expect(four.names).toEqual(['Ana', 'Bo', 'Jo', 'Tom', 'friend 10', 'friend 11', 'friend 12']);
    expect(four.head.depth).toBe(1);
  });

  test('when those who said so leave', async () => {
    await four.leave(ana);
    await four.leave(bob);
    expect(four.names).toEqual(['Jo']);
    expect(four.head.depth).toBe(1);
  });

  test('when somebody who was listed had left, which its author could not know', async () => {
    await four.leave(jo, 'stay', four.circle.keys.epoch);
    expect(four.head.depth).toBe(1);
    expect(four.names).toEqual(['Ana', 'Bo']);
  });

  test('when one who is removed later says that there had been more people', async () => {
    await four.letIn(ana, tom);
    const founding = four.circle.keys.epoch;
    for (const voice of [ana, bob]) await four.vote(voice, jo);
    await four.vote(tom, jo);
    await four.begin(ana);
    expect(four.names).toEqual(['Ana', 'Bo', 'Tom']);
    const { id } = four.head;
    for (const each of [tablet, laptop, phone]) await four.letIn(jo, each, founding);
    expect(four.head.id).toBe(id);
    expect(four.names).toEqual(['Ana', 'Bo', 'Tom']);
  });

  test('when the removed one leaves all the same', async () => {
    await four.leave(mia);
    expect(four.head.depth).toBe(1);
    expect(four.state().roster.people.find(({ name }) => name === 'Mia')?.removed).toBe(true);
  });

  test('when a device is let in once more as the removed one’s own', async () => {
    const told = await Story.of(mia, bob);
    await told.letIn(bob, jo);
    await removedBy(told, ana, bob);
    const { id } = told.head;
    await told.tell(mia, await told.circle.addDevice(mia, jo, { said: { time: { ms: 0, count: 0 } } }));
    expect(told.state().epochs.get(told.circle.keys.epoch)?.members.personOf.get(jo.device.id)).toBe(personOf(mia));
    expect(told.head.id).toBe(id);
    expect(told.names).toEqual(['Ana', 'Bo', 'Jo']);
  });
});

describe('[EP4] whoever is out', () => {
  beforeEach(() => removedBy(four, ana, bob));

  test('brings nobody in, however it is dated', async () => {
    const time = { ms: 0, count: 0 };
    const { circle } = four;
    await four.tell(mia, await circle.addition(mia, tom, { said: { time, epoch: circle.keys.epoch } }));
    await four.tell(mia, await circle.addDevice(mia, tablet, { said: { time, epoch: circle.keys.epoch } }));
    await four.letIn(tom, laptop, circle.keys.epoch);
    expect(four.names).toEqual(['Ana', 'Bo', 'Jo']);
    expect(four.head.members.personOf.size).toBe(3);
  });

  test('votes nobody out who is in', async () => {
    for (const voice of [mia, jo]) await four.vote(voice, bob);
    expect(voicesAgainst(four.state(), personOf(bob))).toEqual({ people: new Set([personOf(jo)]), missing: 1 });
  });

  test('begins no epoch, of what is nor of what was', async () => {
    expect(planManifest(four.state(), mia.device.id, 'tidied')).toBeUndefined();
    const head = four.head.id;
    const terms = { why: 'tidied', people: [], removed: [], dropped: [], commit: new Uint8Array(16) } as const;
    const people = [ana, bob, mia, jo].map((each) => ({ id: personOf(each), devices: [each.device.id] }));
    for (const parent of [head, four.circle.keys.epoch]) {
      let at = parent;
      for (let n = 0; n < 5; n++) at = (await four.stateManifest(mia, { ...terms, parent: at, people })).id;
    }
    expect(four.head.id).toBe(head);
  });

  test('comes back as somebody new, if somebody who is in wants that', async () => {
    await four.letIn(jo, mia);
    expect(four.names).not.toContain('Mia');
    await four.letIn(jo, phone);
    expect(four.names).toContain('friend 12');
  });
});

test('[RO4] [EP4] whom the removed one had let in before stays in', async () => {
  await four.letIn(mia, tom);
  for (const voice of [ana, bob, jo]) await four.vote(voice, mia);
  await four.begin(ana);
  expect(four.names).toEqual(['Ana', 'Bo', 'Jo', 'Tom']);
});

test('[EP8] whoever goes does not make the manifest', async () => {
  for (const voice of [ana, bob, jo]) await story.vote(voice, mia);
  expect(planManifest(story.state(), mia.device.id, 'changed')).toBeUndefined();
  expect(planManifest(story.state(), laptop.device.id, 'changed')).toBeUndefined();
  expect(planManifest(story.state(), tom.device.id, 'changed')).toBeDefined();
});

test('[EP5] somebody who left and lets people in all the same can be removed', async () => {
  await story.leave(mia);
  await story.begin(ana);
  await story.letIn(mia, laptop);
  expect(story.names).toContain('friend 11');
  for (const voice of [ana, bob, jo]) await story.vote(voice, mia);
  expect(dueChanges(story.state()).removed).toEqual([personOf(mia)]);
  const people = [ana, bob, jo, tom].map((each) => ({ id: personOf(each), devices: [each.device.id] }));
  await story.begin(ana, 'changed', { people });
  expect(story.names).toEqual(['Ana', 'Bo', 'Jo', 'Tom']);
});

test('[EP5] a circle never empties: whoever takes the last ones out stays', async () => {
  for (const [voice, against] of [
    [ana, bob],
    [ana, mia],
    [bob, ana],
    [bob, mia],
    [mia, ana],
    [mia, bob]
  ] as const)
    await four.vote(voice, against);
  for (const against of [ana, bob, mia]) await four.vote(jo, against);
  expect(new Set(dueChanges(four.state()).removed)).toEqual(new Set([ana, bob, mia].map(personOf)));
  expect(planManifest(four.state(), ana.device.id, 'changed')).toBeUndefined();
  await four.begin(jo);
  expect(four.names).toEqual(['Jo']);
});
