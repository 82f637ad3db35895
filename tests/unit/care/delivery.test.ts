/** Whom something has reached, by their devices' own word. */
import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../../src/lib/base/ids.ts';
import { makeBoard, type CheckInRecord } from '../../../src/lib/care/board.ts';
import { deliveryOf } from '../../../src/lib/care/delivery.ts';
import {
  aboutOf,
  ana,
  bo,
  bosTablet,
  checkIn,
  everybody,
  facts,
  gesture,
  jo,
  mia,
  peopleOf,
  rosterOf
} from './kitchen-table.ts';

/** Jo has left. */
const roster = rosterOf(everybody, [jo]);
const said = (device: CheckInRecord['device'], ms: number, changes: Partial<CheckInRecord> = {}): CheckInRecord => ({
  ...checkIn(device, {}, { atMs: ms, seq: ms, slot: 'now' }),
  ...changes
});

describe('[LA6] reached', () => {
  const acks = new Map([
    [bosTablet, new Map([[ana.phone, 7]])],
    [mia.phone, new Map([[ana.phone, 6]])],
    [jo.phone, new Map([[ana.phone, 9]])]
  ]);
  const reached = (
    seq: number,
    author = ana.phone,
    to: readonly PersonId[] | null = null,
    answeredBy: ReadonlySet<PersonId> = new Set()
  ) => deliveryOf({ seq, author, to, answeredBy, relays: null }, roster, acks);

  test('is whoever acked a ledger at or past the record, on any device', () => {
    expect(reached(7)).toEqual({ reached: ['Bo'], waiting: ['Mia'], relays: null });
    expect(reached(6)).toEqual({ reached: ['Bo', 'Mia'], waiting: [], relays: null });
    expect(reached(8)).toEqual({ reached: [], waiting: ['Bo', 'Mia'], relays: null });
  });

  test('is whoever answered, also while their phone has not acked', () => {
    expect(reached(8, ana.phone, null, new Set([mia.person]))).toEqual({
      reached: ['Mia'],
      waiting: ['Bo'],
      relays: null
    });
    const anas = said(ana.phone, 8);
    const [own] = makeBoard(
      facts({ roster, checkIns: [anas], acks, answers: [gesture(mia.phone, aboutOf(anas), 'me-too')] })
    ).cards;
    expect(own?.said?.delivery).toEqual({ reached: ['Mia'], waiting: ['Bo'], relays: null });
  });

  test('says how many relays keep what somebody is waited for with', () => {
    const mine = said(ana.phone, 8);
    const relays = new Map([[mine.hash, { keeping: 2, of: 3 }]]);
    const [own] = makeBoard(facts({ roster, checkIns: [mine], acks, relays })).cards;
    expect(own?.said?.delivery?.relays).toEqual({ keeping: 2, of: 3 });
  });

  test("says nothing of oneself, and asks nobody who left; another author's acks do not count", () => {
    expect(reached(1, mia.phone)).toEqual({ reached: [], waiting: ['Ana', 'Bo'], relays: null });
  });

  test('is told only of those it is for, though everybody carries it', () => {
    expect(reached(7, ana.phone, peopleOf([mia]))).toEqual({ reached: [], waiting: ['Mia'], relays: null });
    expect(reached(6, ana.phone, peopleOf([mia, jo]))).toEqual({ reached: ['Mia'], waiting: [], relays: null });
    expect(reached(6, ana.phone, [])).toEqual({ reached: [], waiting: [], relays: null });
    const checkIns = [said(ana.phone, 7, { to: peopleOf([bo]) })];
    const [own] = makeBoard(facts({ roster, checkIns, acks })).cards;
    expect(own?.said?.delivery).toEqual({ reached: ['Bo'], waiting: [], relays: null });
  });

  test("is told on one's own card alone, and only where there are others", () => {
    const board = makeBoard(facts({ roster, checkIns: [said(ana.phone, 7), said(bo.phone, 7)], acks }));
    expect(board.cards.map((card) => card.said?.delivery)).toEqual([
      { reached: ['Bo'], waiting: ['Mia'], relays: null },
      null,
      undefined
    ]);
    const alone = makeBoard(facts({ roster: rosterOf([ana]), checkIns: [said(ana.phone, 7)] }));
    expect(alone.cards[0]?.said?.delivery).toBeNull();
  });
});
