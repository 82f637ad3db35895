/** How long something stays, and what the next check-in takes with it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import type { PersonId } from '../../../src/lib/base/ids.ts';
import { endedByNext, fadesAtMs, lastings, type Standing } from '../../../src/lib/care/audience.ts';
import { noonMs } from '../base/hand-clock.ts';
import { bo, everybody, jo, mia, peopleOf } from './kitchen-table.ts';

test('what stays a day or a week fades by time; the rest does not', () => {
  expect(lastings.map((lasting) => [lasting, fadesAtMs(lasting, noonMs)])).toEqual([
    ['next', null],
    ['day', noonMs + dayMs],
    ['week', noonMs + 7 * dayMs],
    ['kept', null]
  ]);
});

describe("[AN9] Ana's next check-in", () => {
  const standing = (to: readonly PersonId[] | null, lasting: string | undefined = 'next'): Standing => ({
    slot: 'said/1',
    to,
    body: { lasting }
  });
  const forAll = standing(null);
  const forBo = standing(peopleOf([bo]));
  const forBoAndMia = standing(peopleOf([bo, mia]));
  const forNobody = standing([]);
  const all = [forAll, forBo, forBoAndMia, forNobody];

  test('to everybody ends whatever was to stay until then', () => {
    expect(endedByNext(null, all)).toEqual(all);
  });

  test('to some ends only what nobody else could read', () => {
    expect(endedByNext(peopleOf([bo, mia]), all)).toEqual([forBo, forBoAndMia, forNobody]);
    expect(endedByNext(peopleOf([bo]), all)).toEqual([forBo, forNobody]);
    expect(endedByNext(peopleOf([jo]), all)).toEqual([forNobody]);
    expect(endedByNext([], all)).toEqual([forNobody]);
  });

  test('never ends what stays for a day, a week, for good, or for as long as a later version means', () => {
    for (const lasting of ['day', 'week', 'kept', 'until-spring'])
      expect(endedByNext(null, [standing(null, lasting), standing([], lasting)])).toEqual([]);
    expect(endedByNext(null, [{ slot: 'said/1', to: null, body: {} }])).toEqual([]);
  });

  test('ends nothing on the board of anybody who cannot read it', () => {
    const audience = fc.option(fc.subarray(peopleOf(everybody)));
    const standings = fc.array(
      fc.record({ to: audience, lasting: fc.constantFrom(...lastings) }).map(({ to, lasting }) => standing(to, lasting))
    );
    const reads = (person: PersonId, to: readonly PersonId[] | null): boolean => to === null || to.includes(person);
    fc.assert(
      fc.property(audience, standings, (to, before) => {
        const ended = endedByNext(to, before);
        for (const each of ended) {
          expect(each.body.lasting).toBe('next');
          for (const { person } of everybody) if (reads(person, each.to)) expect(reads(person, to)).toBe(true);
        }
        // And whatever could be ended so, is.
        for (const each of before.filter((one) => !ended.includes(one) && one.body.lasting === 'next'))
          expect(each.to === null ? to !== null : each.to.some((person) => !reads(person, to))).toBe(true);
      })
    );
  });
});
