/** "Until my next one", when the next one is said on another device. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeBoard, type CheckInRecord } from '../../../src/lib/care/board.ts';
import { makeFriendPage } from '../../../src/lib/care/friend-page.ts';
import { withoutEnded } from '../../../src/lib/care/next-one.ts';
import { ana, bo, bosTablet, checkIn, everybody, facts, jo, mia, peopleOf, stranger, table } from './kitchen-table.ts';

const next = { lasting: 'next' } as const;
const at = (atMs: number, to: CheckInRecord['to'] = null) => ({ atMs, to });

describe('[AN9] "until my next one" on one device', () => {
  const onPhone = checkIn(bo.phone, { ...next, words: 'on the phone' }, at(10));

  test('is over once there is a next one on another of the same person, whatever that one lasts', () => {
    for (const lasting of ['next', 'day', 'week', 'kept', undefined]) {
      const onTablet = checkIn(bosTablet, lasting === undefined ? {} : { lasting }, at(20));
      expect(withoutEnded([onPhone, onTablet], table)).toEqual([onTablet]);
      expect(withoutEnded([onTablet, onPhone], table)).toEqual([onTablet]);
    }
  });

  test('stands as long as there is none: not by what was said before, by somebody else, or by nobody who is here', () => {
    const others = [checkIn(bosTablet, next, at(5)), checkIn(mia.phone, next, at(20)), checkIn(stranger, next, at(20))];
    expect(withoutEnded([onPhone, ...others], table)).toEqual([onPhone, ...others.slice(1)]);
  });

  test('what stays for a day, a week, for good, or as a later version means it, is ended by nothing', () => {
    const kept = ['day', 'week', 'kept', 'until-spring'].map((lasting) => checkIn(bo.phone, { lasting }, at(10)));
    const all = [...kept, checkIn(bosTablet, next, at(20))];
    expect(withoutEnded(all, table)).toEqual(all);
  });

  test('is ended only by what everybody can read who can read it', () => {
    const toAll = checkIn(bo.phone, next, at(8));
    const toBoth = checkIn(bo.phone, next, at(9, peopleOf([mia, jo])));
    const toMia = checkIn(bo.phone, next, at(10, peopleOf([mia])));
    const said = [toAll, toBoth, toMia];
    const left = (to: CheckInRecord['to']) => {
      const later = checkIn(bosTablet, {}, at(20, to));
      return withoutEnded([...said, later], table).filter((each) => each !== later);
    };
    expect(left(peopleOf([mia]))).toEqual([toAll, toBoth]);
    expect(left(peopleOf([mia, jo, ana]))).toEqual([toAll]);
    expect(left(peopleOf([ana]))).toEqual(said);
    expect(left(null)).toEqual([]);
  });

  test('is not ended by a correction of what came before it, nor is it later for being corrected', () => {
    const corrected = checkIn(bosTablet, { ...next, said: 5 }, at(30));
    expect(withoutEnded([onPhone, corrected], table)).toEqual([onPhone]);
    const truer = checkIn(bo.phone, { ...next, said: 10 }, at(40));
    const onTablet = checkIn(bosTablet, next, at(20));
    expect(withoutEnded([truer, onTablet], table)).toEqual([onTablet]);
  });

  test('[HT4] is not ended where a backup brought it back', () => {
    const broughtBack = checkIn(bo.phone, { ...next, said: 10 }, at(10));
    const onTablet = checkIn(bosTablet, next, at(20));
    expect(withoutEnded([broughtBack, onTablet], table)).toEqual([broughtBack, onTablet]);
  });

  test('is over on cards and on opened cards alike', () => {
    const corrected = checkIn(bo.phone, { ...next, words: 'truer', said: 10 }, at(40));
    const onTablet = checkIn(bosTablet, { ...next, words: 'on the tablet' }, at(20));
    const told = facts({ checkIns: [corrected, onTablet] });
    expect(makeBoard(told).cards.find(({ name }) => name === 'Bo')?.said?.checkIn.words).toBe('on the tablet');
    const page = makeFriendPage(bo.person, told);
    expect(page?.opened?.record).toBe(onTablet);
    expect(page?.before).toEqual([]);
  });

  test('leaves one of each person at least, the same in whatever order they came', () => {
    const devices = [ana.phone, bo.phone, bosTablet, mia.phone];
    const said = fc.record({
      device: fc.constantFrom(...devices),
      lasting: fc.constantFrom('next', 'day'),
      atMs: fc.integer({ min: 1, max: 6 }),
      to: fc.option(fc.subarray(peopleOf(everybody)))
    });
    const many = fc
      .array(said, { maxLength: 8 })
      .map((all) => all.map(({ device, lasting, atMs, to }) => checkIn(device, { lasting }, { atMs, to })));
    fc.assert(
      fc.property(many, (records) => {
        const left = withoutEnded(records, table);
        const personOf = ({ device }: CheckInRecord) => table.devicesById.get(device)?.person;
        expect(new Set(left.map(personOf))).toEqual(new Set(records.map(personOf)));
        expect(new Set(withoutEnded(records.toReversed(), table))).toEqual(new Set(left));
        // What is left ends nothing more.
        expect(withoutEnded(left, table)).toEqual(left);
      })
    );
  });
});
