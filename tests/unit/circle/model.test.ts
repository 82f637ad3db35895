/** The rules of epochs in thousands of random circles, without cryptography: they agree, they settle, nobody goes without a majority. */
import { describe, expect, test } from 'vitest';
import type { DeviceId, PersonId } from '../../../src/lib/base/ids.ts';
import { dueChanges, isDue } from '../../../src/lib/circle/due.ts';
import { reduceCircle, wayTo, type Epoch } from '../../../src/lib/circle/epochs.ts';
import type { Statement } from '../../../src/lib/circle/statements.ts';
import { founding, RandomCircle } from './random-circle.ts';

const runs = 1000;
/** Seeds that once failed. */
const pinned: readonly number[] = [];

/** Who is in, by going through the statements again and again: slow, and nothing of the code under test. */
const naiveMembers = (all: readonly Statement[], epoch: Epoch): Map<DeviceId, Set<PersonId>> => {
  const found = new Map<DeviceId, Set<PersonId>>();
  const put = (device: DeviceId, person: PersonId): boolean => {
    const of = found.get(device) ?? new Set();
    found.set(device, of);
    return !of.has(person) && of.add(person).size > 0;
  };
  const gone = epoch.parent === null ? undefined : naiveMembers(all, epoch.parent);
  for (const { id, devices } of epoch.manifest?.people ?? []) devices.forEach((device) => put(device, id));
  if (epoch.manifest === null) for (const each of all) if (each.type === 'genesis') put(each.device.id, each.person);
  for (const each of all) {
    if (each.type !== 'leave') continue;
    for (const person of gone?.get(each.author) ?? [])
      for (const [device, of] of gone ?? [])
        if (of.has(person) && !epoch.removed.has(person) && !epoch.dropped.has(device) && !found.has(device))
          put(device, person);
  }
  const given = new Set(found.keys());
  for (let isMore = true; isMore;) {
    isMore = false;
    for (const each of all) {
      if (each.type !== 'add-person' && each.type !== 'add-device') continue;
      for (const by of [...(found.get(each.author) ?? [])]) {
        const person = each.type === 'add-person' ? each.person : by;
        if (given.has(each.device.id) || epoch.dropped.has(each.device.id) || epoch.removed.has(person)) continue;
        if (put(each.device.id, person)) isMore = true;
      }
    }
  }
  return found;
};

/** Whether more than half of the others said that `person` should go when `epoch` says they are out, as seen from `later`. */
const hasMajority = (all: readonly Statement[], epoch: Epoch, later: Epoch, person: PersonId): boolean => {
  const { manifest, parent } = epoch;
  if (manifest === null || parent === null) return false;
  const others = new Set([...manifest.people.map(({ id }) => id), ...manifest.removed]);
  const then = wayTo(parent).map(({ id }) => id);
  const now = naiveMembers(all, later);
  const hasLeft = (who: PersonId): boolean =>
    all.some(({ type, author }) => type === 'leave' && now.get(author)?.has(who) === true);
  for (const each of all) {
    if ((each.type !== 'add-person' && each.type !== 'add-device') || !then.includes(each.epoch)) continue;
    const by = [...(now.get(each.author) ?? [])].filter((who) => !hasLeft(who));
    if (by.length > 0)
      [...(now.get(each.device.id) ?? [])].filter((who) => !hasLeft(who)).forEach((who) => others.add(who));
  }
  others.delete(person);
  const before = naiveMembers(all, parent);
  const voices = new Set<PersonId>();
  for (const each of all)
    if (each.type === 'vote' && 'person' in each.on && each.on.person === person)
      for (const by of before.get(each.author) ?? []) if (others.has(by)) voices.add(by);
  return others.size >= 2 && voices.size > others.size / 2;
};

const checkHead = (all: readonly Statement[], head: Epoch): void => {
  const way = wayTo(head);
  expect(way.at(-1)?.id).toBe(founding);
  way.forEach((epoch, n) => {
    for (const person of epoch.manifest?.removed ?? []) {
      const since = way.slice(0, n + 1);
      expect(since.some((later) => hasMajority(all, epoch, later, person))).toBe(true);
    }
  });
  const { personOf, people, left } = head.members;
  expect(new Map([...naiveMembers(all, head)].map(([device, of]) => [device, of.size]))).toEqual(
    new Map([...head.members.claims].map(([device, of]) => [device, of.size]))
  );
  for (const each of all) {
    if (each.type !== 'add-person' && each.type !== 'add-device') continue;
    const by = personOf.get(each.author);
    const person = each.type === 'add-person' ? each.person : by;
    if (by === undefined || person === undefined || head.removed.has(person) || head.dropped.has(each.device.id))
      continue;
    expect(personOf.has(each.device.id)).toBe(true);
  }
  // Only of their own accord can all be gone.
  if (people.size === 0) expect(left.size).toBeGreaterThan(0);
  for (const device of head.dropped) {
    const byOwn = all.some((each) => each.type === 'vote' && 'device' in each.on && each.on.device === device);
    const byOthers = all.some((each) => each.type === 'rebind' && each.device.id !== device);
    expect(byOwn || byOthers).toBe(true);
  }
};

const live = (seed: number): RandomCircle => {
  const circle = new RandomCircle(seed);
  for (let steps = 5 + circle.below(40); steps > 0; steps--) circle.step();
  return circle;
};

/** What the runs came to. */
const summary = { removals: 0, forks: 0, stuck: 0, settled: 0, steps: 0, drops: 0 };

describe('a circle of any people, once everybody knows everything', () => {
  test('[EP4] [EP5] [EP6] [EP8] agrees, whatever came first; nobody is out without a majority; it settles', () => {
    for (const seed of [...pinned, ...Array.from({ length: runs }, (_, n) => n + 1)]) {
      try {
        const circle = live(seed);
        const state = reduceCircle(circle.all);
        if (state.head === undefined) throw new Error('a circle has a beginning');
        const again = reduceCircle(circle.shuffled([...circle.all, ...circle.some(circle.all, 0.2)]));
        expect(again.head?.id).toBe(state.head.id);
        expect(again.roster).toEqual(state.roster);
        checkHead(circle.all, state.head);
        const settled = circle.settle(30);
        const { head } = reduceCircle(circle.all);
        if (head === undefined) throw new Error('a circle has a head');
        checkHead(circle.all, head);
        summary.forks += state.epochs.size > state.head.depth + 1 ? 1 : 0;
        summary.removals += head.removed.size;
        summary.drops += head.dropped.size;
        if (settled === undefined) {
          // Nobody may make what is due: every device that could is itself what goes, or belongs to somebody who left.
          const due = dueChanges(reduceCircle(circle.all));
          expect(isDue(due)).toBe(true);
          const { personOf, people } = head.members;
          for (const [device, person] of personOf)
            expect(due.dropped.includes(device) || due.removed.includes(person) || !people.has(person)).toBe(true);
          summary.stuck++;
        } else {
          summary.settled++;
          summary.steps = Math.max(summary.steps, settled.steps);
        }
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    // Or nothing of the above was about anything.
    expect(summary.removals).toBeGreaterThan(runs / 20);
    expect(summary.drops).toBeGreaterThan(runs / 20);
    expect(summary.forks).toBeGreaterThan(runs / 4);
    expect(summary.settled).toBeGreaterThan(runs / 2);
  });

  test('[EP5] never goes back, whoever comes or leaves later, and whatever those who are out say', () => {
    for (let seed = 1; seed <= runs / 4; seed++) {
      const circle = live(seed);
      const { head } = reduceCircle(circle.all);
      if (head === undefined) throw new Error('a circle has a beginning');
      circle.afterwards();
      const later = reduceCircle(circle.all);
      // It may go on, where others leave and so fewer voices are enough. It never goes back.
      expect([seed, later.epochs.get(head.id)?.counts]).toEqual([seed, true]);
      const gone = later.head?.removed ?? new Set();
      expect([seed, gone.size >= head.removed.size]).toEqual([seed, true]);
    }
  });
});
