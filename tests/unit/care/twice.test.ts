/** In one circle by two devices: as one person, or as two. */
import { expect, test } from 'vitest';
import { isInTwice } from '../../../src/lib/care/people.ts';
import { ana, bo, bosTablet, everybody, jo, mia, rosterOf, stranger } from './kitchen-table.ts';

/** Jo has left. */
const roster = rosterOf(everybody, [jo]);

test('is in it twice whose two devices are two people there', () => {
  expect(isInTwice(roster, ana.phone, [mia.phone])).toBe(true);
  expect(isInTwice(roster, bosTablet, [bo.phone, ana.phone])).toBe(true);
});

test('is not whose devices are one person there, who has one, or of whose devices one is not in', () => {
  expect(isInTwice(roster, bo.phone, [bosTablet])).toBe(false);
  expect(isInTwice(roster, ana.phone, [])).toBe(false);
  expect(isInTwice(roster, ana.phone, [jo.phone, stranger])).toBe(false);
  expect(isInTwice(roster, jo.phone, [ana.phone])).toBe(false);
  expect(isInTwice(roster, stranger, [ana.phone])).toBe(false);
});
