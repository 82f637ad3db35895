/** Who is in the circle: the same for everybody, whatever came first. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DeviceId, RecordHash } from '../../../src/lib/base/ids.ts';
import { circlePeopleMax } from '../../../src/lib/base/limits.ts';
import {
  chainTo,
  currentPeople,
  emptyRoster,
  mayInvite,
  personOfDevice,
  type Roster
} from '../../../src/lib/circle/roster.ts';
import { reduceRoster } from '../../../src/lib/circle/epochs.ts';
import type { AddPerson, Statement } from '../../../src/lib/circle/statements.ts';
import { noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, friend, type Friend } from './friends.ts';

let circle: FoundedCircle;
let [ana, bo, mia, jo]: Friend[] = [];
/** Ana founds; Ana adds Bo, Bo adds Mia, Mia adds Jo; Bo leaves. */
let story: Statement[];

const at = (minutes: number) => ({ time: { ms: noonMs + minutes * 60_000, count: 0 } });
const namesIn = (roster: Roster): string[] => currentPeople(roster).map(({ name }) => name);

beforeAll(async () => {
  circle = await FoundedCircle.by();
  const friends = await Promise.all([0, 1, 2, 3].map(friend));
  [ana, bo, mia, jo] = friends;
  if (ana === undefined || bo === undefined || mia === undefined || jo === undefined) throw new Error('four friends');
  story = await Promise.all(
    [
      circle.genesis({ said: at(0) }),
      circle.addition(ana, bo, { inviteNumber: 1, said: at(1) }),
      circle.addition(bo, mia, { inviteNumber: 2, said: at(2) }),
      circle.addition(mia, jo, { inviteNumber: 3, said: at(3) }),
      circle.leave(bo, at(4))
    ].map(async (record) => circle.statement(await record))
  );
});

describe('the roster', () => {
  test('any order and any repetition of statements makes the same one', () => {
    const expected = reduceRoster(story);
    expect(namesIn(expected)).toEqual(['Ana', 'Mia', 'Jo']);
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), fc.array(fc.nat(4)), (order, repeated) => {
        const delivered = [...order, ...repeated].map((i) => story[i] as Statement);
        expect(reduceRoster(delivered)).toEqual(expected);
      })
    );
  });

  test('and so does any order of a part of them', () => {
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3, 4]), fc.nat(), (part, seed) => {
        const turned = part.toSorted((a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5) || b - a);
        const pick = (order: number[]): Roster => reduceRoster(order.map((i) => story[i] as Statement));
        expect(pick(turned)).toEqual(pick(part));
      })
    );
  });

  test('[RO1] without a genesis nobody is in', () => {
    expect(reduceRoster([])).toEqual(emptyRoster);
    expect(reduceRoster(story.slice(1))).toEqual(emptyRoster);
  });

  test('[RO2] an addition counts only if its author is in', () => {
    expect(namesIn(reduceRoster([story[0], story[2], story[3]] as Statement[]))).toEqual(['Ana']);
    expect(namesIn(reduceRoster([story[0], story[1], story[3]] as Statement[]))).toEqual(['Ana', 'Bo']);
  });

  test('[RO2] the time that an addition claims does not decide whether it counts', async () => {
    const backdated = await circle.statement(await circle.addition(mia as Friend, jo as Friend, { said: at(-1000) }));
    expect(namesIn(reduceRoster([...story.slice(0, 3), backdated]))).toEqual(
      ['Ana', 'Bo', 'Mia', 'Jo'].toSorted(byStory)
    );
  });

  test('[RO3] a founder who signed two beginnings is understood by the one with the lower hash', async () => {
    const other = await circle.statement(await circle.genesis({ body: { name: 'Them' }, said: at(0) }));
    const [first] = story as [Statement];
    const expected = first.hash < other.hash ? 'Us' : 'Them';
    expect(reduceRoster([first, other]).circleName).toBe(expected);
    expect(reduceRoster([other, first]).circleName).toBe(expected);
  });

  test('[RO4] whoever left stays known, with their devices, and is nobody who is here', () => {
    const roster = reduceRoster(story);
    const left = roster.people.find(({ name }) => name === 'Bo');
    expect(left).toMatchObject({ left: true, devices: [bo?.device.id] });
    expect(personOfDevice(roster, bo?.device.id as never)).toBe(left?.id);
  });

  test('[RO4] whom they had let in stays in', () => {
    expect(namesIn(reduceRoster(story))).toContain('Mia');
  });

  test('[RO5] additions that crossed in flight are kept past the limit; only invitations stop', async () => {
    const [genesis] = story as [Statement];
    const crowd = Array.from({ length: circlePeopleMax }, (_, i): AddPerson => {
      const id = `device ${i}`.padEnd(22, 'A') as AddPerson['device']['id'];
      const keys = { sign: new Uint8Array(32).fill(i), agree: new Uint8Array(32).fill(i) };
      const { author, time, epoch } = genesis;
      const hash = `hash ${i}` as RecordHash;
      const invite = `invite ${i}` as AddPerson['invite'];
      return {
        type: 'add-person',
        author,
        time,
        epoch,
        hash,
        invite,
        person: id as never,
        personName: `${i}`,
        device: { id, keys }
      };
    });
    const full = reduceRoster([genesis, ...crowd.slice(1)]);
    expect(currentPeople(full)).toHaveLength(circlePeopleMax);
    expect(mayInvite(full)).toBe(false);
    expect(mayInvite(reduceRoster([genesis, ...crowd.slice(2)]))).toBe(true);
    expect(currentPeople(reduceRoster([genesis, ...crowd]))).toHaveLength(circlePeopleMax + 1);
  });

  test('[IN7] an invitation that let somebody in is used, by whom, and no other is', () => {
    const roster = reduceRoster(story);
    expect([...roster.usedInvites.values()]).toEqual([bo, mia, jo].map((one) => [one?.device.id]));
    expect(reduceRoster([story[0], story[2]] as Statement[]).usedInvites.size).toBe(0);
  });

  test('[CI3] a person is named after their first device, and their names are as they said', () => {
    const { people, circleName } = reduceRoster(story);
    expect(circleName).toBe('Us');
    expect(people.map(({ id, name }) => [id as string, name])).toEqual(
      [ana, bo, mia, jo].map((one) => [one?.device.id, one?.name])
    );
  });
});

/** Jo claims to have come first of all but the founder, whose keys come first by rule. */
const byStory = (a: string, b: string): number =>
  ['Ana', 'Jo', 'Bo', 'Mia'].indexOf(a) - ['Ana', 'Jo', 'Bo', 'Mia'].indexOf(b);

describe('[IN8] the statements that let a newcomer see that they are in', () => {
  const roster = (hashes: ReadonlySet<RecordHash>): Roster =>
    reduceRoster(story.filter(({ hash }) => hashes.has(hash)));

  test('lead from the genesis to them, and leave out who does not stand between', () => {
    const miaId = mia?.device.id;
    if (miaId === undefined) throw new Error('four friends');
    const chain = chainTo(miaId, story.toReversed());
    expect(chain.size).toBe(3);
    expect(roster(chain).people.map(({ name }) => name)).toEqual(['Ana', 'Bo', 'Mia']);
  });

  test('are none for somebody who is not on the roster', () => {
    expect(chainTo('nobody' as DeviceId, story).size).toBe(0);
  });
});
