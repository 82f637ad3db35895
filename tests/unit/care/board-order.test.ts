/** The same cards for everybody, whatever came first. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordHash, SaidId } from '../../../src/lib/base/ids.ts';
import type { AnswerRecord } from '../../../src/lib/care/answers.ts';
import { makeBoard, orderCards, type CheckInRecord } from '../../../src/lib/care/board.ts';
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
  letter,
  mia,
  peopleOf,
  reachOut,
  reply,
  rosterOf,
  stranger,
  thought
} from './kitchen-table.ts';

/** Jo has left. */
const roster = rosterOf(everybody, [jo]);
const said = (device: CheckInRecord['device'], ms: number, changes: Partial<CheckInRecord> = {}): CheckInRecord => ({
  ...checkIn(device, {}, { atMs: ms, seq: ms, slot: 'now' }),
  ...changes
});

describe('any order of arrival', () => {
  const devices = [ana.phone, bo.phone, bosTablet, mia.phone, jo.phone];
  const audience = fc.option(fc.subarray(peopleOf(everybody)));
  const checkIns = fc
    .array(fc.record({ device: fc.constantFrom(...devices), ms: fc.nat(5), to: audience }), { maxLength: 10 })
    .map((list) => list.map(({ device, ms, to }) => said(device, ms, { to })));
  const sitter = fc.constantFrom(...everybody);
  const answersAbout = (records: readonly CheckInRecord[]) =>
    fc
      .array(fc.record({ from: sitter, to: sitter, type: fc.nat(5), atMs: fc.nat(3), index: fc.nat(9) }), {
        maxLength: 12
      })
      .map((list) =>
        list.flatMap(({ from, to, type, atMs, index }, i): AnswerRecord[] => {
          if (type === 0) return [letter(from, [to], `letter ${i}`, { atMs })];
          if (type === 1) return [thought(from, [to], { atMs })];
          if (type === 2) return [reachOut(from, [to], { atMs, clear: index === 0 })];
          const answered = records[index % (records.length || 1)];
          if (answered === undefined) return [];
          const about = aboutOf(answered);
          return type === 3
            ? [gesture(from.phone, about, index % 2 === 0 ? 'me-too' : 'i-see-you', { atMs })]
            : [reply(from.phone, about, `reply ${i}`, { atMs })];
        })
      );
  const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
  const story = checkIns.chain((records) =>
    answersAbout(records).chain((answers) =>
      fc.record({
        records: fc.constant(records),
        answers: fc.constant(answers),
        otherRecords: shuffled(records),
        otherAnswers: shuffled(answers)
      })
    )
  );

  test('gives the same board, whole, for everybody who looks', () => {
    fc.assert(
      fc.property(story, ({ records, answers, otherRecords, otherAnswers }) => {
        for (const { phone } of everybody) {
          const told = { roster, ownDevice: phone, seen: new Map([[bo.person, new Set<SaidId>()]]) };
          const one = facts({ ...told, checkIns: records, answers });
          const other = facts({ ...told, checkIns: otherRecords, answers: otherAnswers });
          expect(makeBoard(other)).toEqual(makeBoard(one));
        }
      })
    );
  });

  test('of two that were said at one time shows the same one, by their hashes', () => {
    const records = ['A', 'a'].map((hash) => said(mia.phone, 3, { hash: hash as RecordHash }));
    const shown = [records, records.toReversed()].map(
      (checkIns) => makeBoard(facts({ checkIns })).cards.find(({ person }) => person === mia.person)?.said?.about
    );
    expect(shown).toEqual([aboutOf(records[1] as CheckInRecord), aboutOf(records[1] as CheckInRecord)]);
  });

  test('of cards that spoke at one time is by person, so that every device agrees', () => {
    const checkIns = [said(mia.phone, 3), said(bo.phone, 3)];
    const { cards } = makeBoard(facts({ roster, ownDevice: stranger, checkIns }));
    expect(cards.map(({ name }) => name)).toEqual(['Bo', 'Mia', 'Ana']);
    expect(orderCards(cards.toReversed())).toEqual(cards);
  });
});
