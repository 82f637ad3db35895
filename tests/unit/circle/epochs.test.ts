/** Which epoch a circle is in: of two ways it went, the same for everybody, and nothing that was decided is lost. */
import { deviceManifestsMax } from '../../../src/lib/base/limits.ts';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EpochId } from '../../../src/lib/base/ids.ts';
import { dueChanges, isDue, planManifest } from '../../../src/lib/circle/due.ts';
import { reduceCircle, wayTo, type CircleState } from '../../../src/lib/circle/epochs.ts';
import { emptyRoster } from '../../../src/lib/circle/roster.ts';
import type { ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import { friend } from './friends.ts';
import { cast, personOf, Story, type Cast } from './story.ts';

let { ana, bob, mia, jo, tom, tablet, laptop }: Cast = {} as Cast;
/** Ana, Bob, Mia, Jo and Tom. */
let story: Story;
let other: Story;
beforeAll(async () => {
  ({ ana, bob, mia, jo, tom, tablet, laptop } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia, jo, tom);
  other = story.branch();
});

const remove = async (told: Story, against: Cast[keyof Cast], ...voices: Cast[keyof Cast][]): Promise<void> => {
  for (const voice of voices) await told.vote(voice, against);
  await told.begin(voices[0] as Cast[keyof Cast]);
};

test('[EP1] a circle without a beginning is in no epoch', () => {
  expect(reduceCircle([])).toMatchObject({ head: undefined, roster: emptyRoster, epochs: new Map() });
});

test('[EP1] a circle begins in the epoch of its genesis', () => {
  expect(story.head).toMatchObject({ id: story.circle.keys.epoch, manifest: null, depth: 0, counts: true });
});

describe('[EP3] a manifest', () => {
  /** As Ana would honestly say it: everybody stays. */
  const terms = (): ManifestTerms => ({
    ...(planManifest(story.state(), ana.device.id, 'tidied') as Omit<ManifestTerms, 'commit'>),
    commit: new Uint8Array(16)
  });
  const counts = async (by: Cast[keyof Cast], changes: Partial<ManifestTerms>): Promise<boolean | undefined> => {
    const made = await story.stateManifest(by, { ...terms(), ...changes });
    return story.state().epochs.get(made.id)?.counts;
  };
  const without = (who: Cast[keyof Cast]) => terms().people.filter(({ id }) => id !== personOf(who));

  beforeEach(async () => {
    await story.begin(ana, 'tidied');
  });

  test('that changes nothing counts, by anybody who is in', async () => {
    expect(await counts(tom, {})).toBe(true);
    expect(story.head.depth).toBe(2);
  });

  test('by somebody who is not in, or does not list themselves, does not', async () => {
    expect(await counts(laptop, {})).toBe(false);
    expect(await counts(tom, { people: without(tom) })).toBe(false);
  });

  test('that leaves out somebody of its parent’s list does not', async () => {
    expect(await counts(ana, { people: without(jo) })).toBe(false);
    expect(await counts(ana, { people: without(jo), removed: [personOf(jo)] })).toBe(false);
  });

  test('that leaves out somebody who left does', async () => {
    const people = without(jo);
    await story.leave(jo);
    expect(await counts(ana, { people })).toBe(true);
    expect(story.names).toEqual(['Ana', 'Bo', 'Mia', 'Tom']);
  });

  test('that brings a device nobody let in does not', async () => {
    const people = [...without(jo), { id: personOf(jo), devices: [jo.device.id, laptop.device.id] }];
    expect(await counts(jo, { people })).toBe(false);
  });

  test('that brings a person nobody let in does not, with or without devices', async () => {
    expect(await counts(jo, { people: [...terms().people, { id: personOf(laptop), devices: [] }] })).toBe(false);
    const people = [...terms().people, { id: personOf(laptop), devices: [laptop.device.id] }];
    expect(await counts(jo, { people })).toBe(false);
  });

  test('that gives a device to somebody else does not', async () => {
    const people = [
      ...without(jo).filter(({ id }) => id !== personOf(tom)),
      { id: personOf(jo), devices: [jo.device.id, tom.device.id] }
    ];
    expect(await counts(jo, { people })).toBe(false);
    expect(await counts(jo, { people: [...people, { id: personOf(tom), devices: [] }] })).toBe(false);
  });

  test('that drops a device without proof does not, said or unsaid', async () => {
    const people = [...without(jo), { id: personOf(jo), devices: [] }];
    expect(await counts(ana, { people })).toBe(false);
    expect(await counts(ana, { people, dropped: [jo.device.id] })).toBe(false);
  });

  test('of one that does not count does not', async () => {
    const bad = await story.stateManifest(ana, { ...terms(), people: without(jo) });
    const next = await story.stateManifest(ana, { ...terms(), parent: bad.id, people: without(jo) });
    expect(story.state().epochs.get(next.id)?.counts).not.toBe(true);
    expect(story.head.depth).toBe(1);
  });

  test('of an epoch nobody knows makes no epoch yet', async () => {
    const parent = 'AAAAAAAAAAAAAAAAAAAAAA' as EpochId;
    expect(await counts(ana, { parent })).toBeUndefined();
    expect(story.head.depth).toBe(1);
  });

  test('lists those who came since its parent, or not: they are in all the same', async () => {
    const { people } = terms();
    await story.letIn(bob, tablet);
    expect(await counts(ana, { people })).toBe(true);
    expect(story.names).toContain('friend 10');
  });
});

describe('[EP6] of two ways', () => {
  const both = (): Story => story.with(other);
  const sameForAll = (): CircleState => {
    const state = both().state();
    expect(other.with(story).state().head?.id).toBe(state.head?.id);
    return state;
  };

  test('the one that removed more people wins, however long the other is', async () => {
    await remove(story, mia, ana, bob, jo);
    for (const by of [ana, bob, mia]) await other.begin(by, 'tidied');
    expect(sameForAll().head?.id).toBe(story.head.id);
  });

  test('of as many removed, the longer one wins', async () => {
    await story.begin(ana, 'tidied');
    for (const by of [ana, bob]) await other.begin(by, 'tidied');
    expect(sameForAll().head?.id).toBe(other.head.id);
  });

  test('of as long ones, the lowest id wins', async () => {
    const ways = await Promise.all(
      [ana, bob, mia, jo, tom].map(async (by) => {
        const way = story.branch();
        await way.begin(by, 'tidied');
        return way;
      })
    );
    const ids = ways.map(({ head }) => head.id);
    const lowest = ids.toSorted()[0];
    for (const first of ways) expect(first.with(...ways).head.id).toBe(lowest);
  });

  test('what the losing one removed is due on the winning one', async () => {
    await remove(story, mia, ana, bob, jo);
    await remove(other, tom, ana, bob, jo);
    await other.begin(ana, 'tidied');
    const told = both();
    expect(sameForAll().head?.id).toBe(other.head.id);
    expect(dueChanges(told.state()).removed).toEqual([personOf(mia)]);
    await told.begin(bob);
    expect(told.names).toEqual(['Ana', 'Bo', 'Jo']);
    expect(isDue(dueChanges(told.state()))).toBe(false);
  });

  test('a friend let in on the losing one is in on the winning one', async () => {
    await remove(story, mia, ana, bob, jo);
    await other.begin(bob, 'tidied');
    await other.letIn(bob, tablet);
    await other.begin(tablet, 'tidied');
    const told = both();
    expect(sameForAll().head?.id).toBe(story.head.id);
    expect(told.names).toEqual(['Ana', 'Bo', 'Jo', 'Tom', 'friend 10']);
    expect(isDue(dueChanges(told.state()))).toBe(false);
  });

  test('a friend whom the removed one let in on the losing one is not', async () => {
    await remove(story, mia, ana, bob, jo);
    await other.begin(bob, 'tidied');
    await other.letIn(mia, tablet);
    expect(both().names).toEqual(['Ana', 'Bo', 'Jo', 'Tom']);
  });

  test('somebody who left on one while another is removed on the other is out on both', async () => {
    await remove(story, mia, ana, bob, jo);
    await other.leave(tom);
    await other.begin(ana);
    const told = both();
    expect(sameForAll().head?.id).toBe(story.head.id);
    expect(told.names).toEqual(['Ana', 'Bo', 'Jo']);
    expect(dueChanges(told.state()).leavers).toEqual([personOf(tom)]);
    await told.begin(jo);
    expect(isDue(dueChanges(told.state()))).toBe(false);
  });
});

describe('[EP8] leaving', () => {
  test('is due until the keys are others, and then no more', async () => {
    await story.leave(jo);
    expect(dueChanges(story.state()).leavers).toEqual([personOf(jo)]);
    expect(planManifest(story.state(), jo.device.id, 'changed')).toBeUndefined();
    await story.begin(bob);
    expect(story.head.manifest?.people).toHaveLength(4);
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });

  test('of the founder leaves those they let in, and those who were let in by these', async () => {
    await story.letIn(bob, tablet);
    await story.leave(ana);
    await story.begin(bob, 'changed', { people: [{ id: personOf(bob), devices: [bob.device.id] }] });
    expect(story.names).toEqual(['Bo', 'Mia', 'Jo', 'Tom', 'friend 10']);
    await story.begin(mia, 'tidied');
    expect(story.names).toEqual(['Bo', 'Mia', 'Jo', 'Tom', 'friend 10']);
    expect(story.state().roster.people[0]).toMatchObject({ name: 'Ana', left: true, devices: [ana.device.id] });
  });

  test('of somebody no list ever named, because they came and went in one epoch, is due too', async () => {
    await story.begin(ana, 'tidied');
    await story.letIn(ana, tablet);
    await story.leave(tablet);
    expect(dueChanges(story.state()).leavers).toEqual([personOf(tablet)]);
    await story.begin(ana);
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });

  test('of somebody who had come before and whom the list’s author did not know is due too', async () => {
    const people = [ana, bob, mia, jo, tom].map((each) => ({ id: personOf(each), devices: [each.device.id] }));
    await story.letIn(ana, tablet);
    await story.begin(ana, 'tidied', { people });
    await story.leave(tablet);
    expect(dueChanges(story.state()).leavers).toEqual([personOf(tablet)]);
    await story.begin(ana);
    expect(isDue(dueChanges(story.state()))).toBe(false);
  });
});

describe('[RO3] a founder who signs two beginnings', () => {
  test('moves nobody who came in by the first, nor what followed it', async () => {
    await story.begin(bob, 'tidied');
    const founding = story.circle.keys.epoch;
    const id = story.head.id;
    let twins = 0;
    for (let n = 0; n < 8; n++) {
      const epoch = friendlyEpoch(n);
      const twin = story.branch();
      const said = await twin.tell(ana, await twin.circle.genesis({ body: { name: `Them ${n}` }, said: { epoch } }));
      const [first] = story.statements;
      if (first === undefined || first.hash < said.hash) continue;
      twins++;
      expect(twin.state(founding).head?.id).toBe(id);
      expect(twin.state(founding).roster.circleName).toBe('Us');
      // Whoever came in by a later epoch has that one to hold on to.
      expect(twin.state(id).head?.id).toBe(id);
    }
    expect(twins).toBeGreaterThan(0);
  });
});
const friendlyEpoch = (n: number): EpochId => `BBBBBBBBBBBBBBBBBBBBB${'AQgw'[n % 4]}` as EpochId;

describe('[EP4] the epoch a newcomer came in by', () => {
  beforeEach(async () => {
    await remove(story, mia, ana, bob, jo);
    await story.begin(bob, 'tidied');
    await story.begin(ana, 'fresh');
    await story.letIn(jo, tablet);
  });
  const only = (types: readonly string[], from = 0): Story['statements'] =>
    story.statements.filter((each, n) => types.includes(each.type) && (each.type !== 'manifest' || n >= from));

  test('counts before all that led to it is here, and the same after', () => {
    const trusted = story.head.id;
    const last = story.statements.findIndex((each) => each.type === 'manifest' && each.id === trusted);
    const few = [...only(['genesis', 'add-person']), story.statements[last]].filter((each) => each !== undefined);
    const early = reduceCircle(few, trusted);
    expect(early.head).toMatchObject({ id: trusted, counts: true });
    expect([...(early.head?.members.people ?? [])]).toContain(personOf(tablet));
    expect(planManifest(early, tablet.device.id, 'tidied')).toBeUndefined();
    expect(reduceCircle(few).head?.depth).toBe(0);
    for (const seen of [
      only(['genesis', 'add-person', 'manifest'], last - 1),
      only(['genesis', 'add-person', 'manifest'])
    ])
      expect(reduceCircle(seen, trusted).head?.id).toBe(trusted);
    expect(story.state(trusted).head).toMatchObject({ id: trusted, depth: 3 });
    expect(story.state(trusted).roster).toEqual(story.state().roster);
    expect(planManifest(story.state(trusted), tablet.device.id, 'tidied')).toBeDefined();
  });

  test('is gone by, rather than by one that removed more and that it followed', () => {
    const trusted = story.head.id;
    const [first, , last] = only(['manifest']);
    const seen = [...only(['genesis', 'add-person', 'vote']), first, last].filter((each) => each !== undefined);
    expect(reduceCircle(seen, trusted).head?.id).toBe(trusted);
    expect(reduceCircle(seen).head?.depth).toBe(1);
  });

  test('is followed by what follows it', async () => {
    const trusted = story.head.id;
    await story.begin(tom, 'tidied');
    const seen = only(
      ['genesis', 'add-person', 'manifest'],
      story.statements.findIndex((each) => each.type === 'manifest' && each.id === trusted)
    );
    expect(reduceCircle(seen, trusted).head?.id).toBe(story.head.id);
    expect(wayTo(story.head).map(({ depth }) => depth)).toEqual([4, 3, 2, 1, 0]);
  });
});

test('[EP6] however many manifests a hostile friend states, they are weighed in no time', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, (_, n) => friend(20 + n)));
  const crowd = await Story.of(...people.slice(0, 8));
  const planned = planManifest(crowd.state(), ana.device.id, 'tidied');
  if (planned === undefined) throw new Error('Ana is in');
  const model = await crowd.begin(ana, 'tidied');
  const many = Array.from({ length: 4000 }, (_, n) => ({
    ...model,
    id: `children ${n}` as EpochId,
    hash: `${n}` as never
  }));
  const chain = Array.from({ length: 1000 }, (_, n) => ({
    ...model,
    id: `chain ${n}` as EpochId,
    parent: (n === 0 ? model.id : `chain ${n - 1}`) as EpochId,
    hash: `chain ${n}` as never
  }));
  const round = ['a', 'b'].map((name, n) => ({
    ...model,
    id: name as EpochId,
    parent: 'ba'[n] as EpochId,
    hash: name as never
  }));
  const started = performance.now();
  const state = reduceCircle([...crowd.statements, ...many, ...chain, ...round]);
  expect(performance.now() - started).toBeLessThan(1000);
  expect(state.epochs.size).toBeLessThanOrEqual(deviceManifestsMax + 1);
  expect(state.epochs.has('a' as EpochId)).toBe(false);
});
