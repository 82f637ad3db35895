/** The board: the same cards for everybody, whatever came first. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceId, PersonId, RecordHash } from '../../../src/lib/base/ids.ts';
import { makeBoard, orderCards, type BoardFacts, type CheckInRecord } from '../../../src/lib/care/board.ts';
import { deliveryOf } from '../../../src/lib/care/delivery.ts';
import type { Roster, RosterPerson } from '../../../src/lib/circle/roster.ts';

const [ana, bo, mia, jo] = ['ana', 'bo', 'mia', 'jo'].map((id) => id as DeviceId) as [
  DeviceId,
  DeviceId,
  DeviceId,
  DeviceId
];
const tablet = 'tablet' as DeviceId;
const keys = { sign: new Uint8Array(32), agree: new Uint8Array(32) };
const person = (device: DeviceId, name: string, devices: DeviceId[] = [device], left = false): RosterPerson => ({
  id: device as string as PersonId,
  name,
  devices,
  left
});
const rosterOf = (people: readonly RosterPerson[]): Roster => ({
  circleName: 'Us',
  people,
  devicesById: new Map(
    people.flatMap(({ id, devices }) => devices.map((device) => [device, { id: device, person: id, keys }]))
  ),
  usedInvites: new Map()
});
const roster = rosterOf([
  person(ana, 'Ana'),
  person(bo, 'Bo', [bo, tablet]),
  person(mia, 'Mia'),
  person(jo, 'Jo', [jo], true)
]);

const said = (device: DeviceId, ms: number, changes: Partial<CheckInRecord> = {}): CheckInRecord => ({
  device,
  seq: ms,
  slot: 'now',
  time: { ms, count: 0 },
  hash: `${device} ${ms}` as RecordHash,
  body: { feelings: [], words: `${device} at ${ms}` },
  ...changes
});
const facts = (checkIns: readonly CheckInRecord[], changes: Partial<BoardFacts> = {}): BoardFacts => ({
  ...{ roster, ownDevice: ana, checkIns, acks: new Map() },
  ...changes
});
const wordsOn = (board: ReturnType<typeof makeBoard>): (string | undefined)[] =>
  board.cards.map((card) => card.said?.checkIn.words);

describe('the board', () => {
  test('is the same in every order', () => {
    const records = fc.array(
      fc.record({
        device: fc.constantFrom(ana, bo, tablet, mia, jo),
        ms: fc.nat(5),
        letter: fc.constantFrom('A', 'a', '_')
      }),
      { maxLength: 12 }
    );
    fc.assert(
      fc.property(records, fc.nat(), (list, turn) => {
        const made = list.map(({ device, ms, letter }) =>
          said(device, ms, { hash: letter as RecordHash, body: { feelings: [], words: letter } })
        );
        const distinct = made.filter(
          (one, i) =>
            made.findIndex(
              (other) => other.device === one.device && other.time.ms === one.time.ms && other.hash === one.hash
            ) === i
        );
        const turned = [
          ...distinct.slice(turn % (distinct.length || 1)),
          ...distinct.slice(0, turn % (distinct.length || 1))
        ].toReversed();
        const [one, other] = [makeBoard(facts(distinct)), makeBoard(facts(turned))];
        expect(wordsOn(other)).toEqual(wordsOn(one));
        expect(other.cards).toEqual(one.cards);
      })
    );
  });

  test('has mine first, then who spoke last, then the silent', () => {
    const board = makeBoard(facts([said(ana, 1), said(mia, 3)]));
    expect(board.cards.map(({ name, own }) => [name, own])).toEqual([
      ['Ana', true],
      ['Mia', false],
      ['Bo', false]
    ]);
    expect(board.cards[2]?.said).toBeNull();
  });

  test('shows the newest of all the devices of a friend', () => {
    expect(wordsOn(makeBoard(facts([said(bo, 5), said(tablet, 6), said(bo, 4)])))).toContain('tablet at 6');
  });

  test('has no card for whoever left, and none for whoever was never in', () => {
    const board = makeBoard(facts([said(jo, 9), said('stranger' as DeviceId, 9)]));
    expect(board.cards.map(({ name }) => name)).not.toContain('Jo');
    expect(wordsOn(board).filter((words) => words !== undefined)).toEqual([]);
  });

  test('a correction keeps the time of what it corrects, and says so', () => {
    const corrected = said(mia, 8, { body: { feelings: [], words: 'truer', said: 3 } });
    const card = makeBoard(facts([corrected])).cards.find(({ name }) => name === 'Mia');
    expect(card?.said).toMatchObject({ saidAtMs: 3, changed: true });
  });

  test('a correction cannot claim to be younger than it is', () => {
    const card = makeBoard(facts([said(mia, 8, { body: { feelings: [], words: '', said: 99 } })])).cards.find(
      ({ name }) => name === 'Mia'
    );
    expect(card?.said?.saidAtMs).toBe(8);
  });

  test('what "Change" and "Unsay" speak of is the record on my card', () => {
    const mine = said(ana, 4);
    expect(makeBoard(facts([mine, said(bo, 9)])).ownRecord).toBe(mine);
    expect(makeBoard(facts([said(bo, 9)])).ownRecord).toBeNull();
  });

  test('ties are ordered by person, so that every device agrees', () => {
    const card = (id: string) => ({ person: id as PersonId, name: id, own: false, said: null });
    expect(orderCards([card('b'), card('c'), card('a')]).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});

describe('[LA6] reached', () => {
  const acks = new Map([
    [tablet, new Map([[ana, 7]])],
    [mia, new Map([[ana, 6]])],
    [jo, new Map([[ana, 9]])]
  ]);

  test('is whoever acked a ledger at or past the record, on any device', () => {
    expect(deliveryOf({ seq: 7, author: ana }, roster, acks)).toEqual({ reached: ['Bo'], waiting: ['Mia'] });
    expect(deliveryOf({ seq: 6, author: ana }, roster, acks)).toEqual({ reached: ['Bo', 'Mia'], waiting: [] });
    expect(deliveryOf({ seq: 8, author: ana }, roster, acks)).toEqual({ reached: [], waiting: ['Bo', 'Mia'] });
  });

  test("says nothing of oneself, and asks nobody who left; another author's acks do not count", () => {
    expect(deliveryOf({ seq: 1, author: mia }, roster, acks)).toEqual({ reached: [], waiting: ['Ana', 'Bo'] });
  });

  test("is told on one's own card alone, and only where there are others", () => {
    const board = makeBoard(facts([said(ana, 7), said(bo, 7)], { acks }));
    expect(board.cards.map((card) => card.said?.delivery)).toEqual([
      { reached: ['Bo'], waiting: ['Mia'] },
      null,
      undefined
    ]);
    const alone = makeBoard(facts([said(ana, 7)], { roster: rosterOf([person(ana, 'Ana')]) }));
    expect(alone.cards[0]?.said?.delivery).toBeNull();
  });
});
