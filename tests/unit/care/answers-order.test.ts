/** What Ana's check-in was answered: the same for everybody who looks, whatever came first and however often. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answersTo, type Answers, type AnswerRecord } from '../../../src/lib/care/answers.ts';
import type { Help } from '../../../src/lib/care/check-in.ts';
import {
  aboutOf,
  advice,
  ana,
  askAdvice,
  beenThere,
  bo,
  bosTablet,
  checkIn,
  everybody,
  gesture,
  helped,
  jo,
  mia,
  newId,
  openAdvice,
  peopleOf,
  reply,
  rosterOf,
  stranger,
  table,
  type Sitter
} from './kitchen-table.ts';

const anas = aboutOf(checkIn(ana.phone));
/** What `viewer` sees on it. */
const seenBy = (
  viewer: Sitter | undefined,
  records: readonly AnswerRecord[],
  { help = null, roster = table }: { help?: Help | null; roster?: typeof table } = {}
): Answers => answersTo({ about: anas, help }, records, roster, viewer?.person);

describe('what was answered', () => {
  const device = fc.constantFrom(ana.phone, bo.phone, bosTablet, mia.phone, jo.phone, stranger);
  const recipe = fc.record({
    device,
    type: fc.constantFrom(
      'gesture',
      'unknown',
      'reply',
      'advice',
      'openAdvice',
      'askAdvice',
      'beenThere',
      'helped',
      'off'
    ),
    atMs: fc.nat(4),
    index: fc.nat(20),
    to: fc.option(fc.subarray(peopleOf(everybody)))
  });
  type Recipe = typeof recipe extends fc.Arbitrary<infer R> ? R : never;

  /** What these recipes make; "That helped" speaks of one of those before it. */
  const made = (recipes: readonly Recipe[]): AnswerRecord[] => {
    const records: AnswerRecord[] = [];
    for (const { device: by, type, atMs, index, to } of recipes) {
      const place = { atMs, to };
      const answerable = records.filter((record) => 'id' in record.body);
      const answered = answerable[index % (answerable.length || 1)];
      records.push(
        {
          gesture: () => gesture(by, anas, index % 2 === 0 ? 'me-too' : 'i-see-you', place),
          unknown: () => gesture(by, anas, 'later', place),
          reply: () => reply(by, anas, `words ${index}`, place),
          advice: () => advice(by, anas, `advice ${index}`, place),
          openAdvice: () => openAdvice(by, anas, place),
          askAdvice: () => askAdvice(by, anas, place),
          beenThere: () => beenThere(by, anas, `there ${index}`, place),
          helped: () =>
            helped(by, answered === undefined ? anas : aboutOf(answered as ReturnType<typeof reply>), place),
          off: () => reply(by, { ...anas, id: newId() }, 'about something else', place)
        }[type]()
      );
    }
    return records;
  };
  const story = fc
    .array(recipe, { maxLength: 14 })
    .map(made)
    .chain((records) =>
      fc.record({
        records: fc.constant(records),
        shuffled: fc.shuffledSubarray(records, { minLength: records.length }),
        again: fc.shuffledSubarray(records)
      })
    );
  const viewers = [...everybody, undefined];
  const rosters = [table, rosterOf(everybody, [jo])];

  test('is the same in any order of arrival, for everybody who looks', () => {
    fc.assert(
      fc.property(story, fc.constantFrom<Help | null>('hear-me', 'think-along', null), (told, help) => {
        for (const viewer of viewers)
          for (const roster of rosters)
            expect(seenBy(viewer, told.shuffled, { help, roster })).toEqual(
              seenBy(viewer, told.records, { help, roster })
            );
      })
    );
  });

  test('is the same however often it arrives', () => {
    fc.assert(
      fc.property(story, ({ records, again }) => {
        for (const viewer of viewers) expect(seenBy(viewer, [...again, ...records])).toEqual(seenBy(viewer, records));
      })
    );
  });

  test('never shows advice through a closed gate, nor what is not for the one who looks', () => {
    fc.assert(
      fc.property(story, ({ records }) => {
        for (const viewer of viewers) {
          const seen = seenBy(viewer, records);
          if (seen.advice === 'closed')
            expect(seen.replies.filter((each) => each.advice && each.person !== ana.person)).toEqual([]);
          if (viewer !== ana) expect([...seen.beenThere, ...seen.adviceAskedBy]).toEqual([]);
          expect(new Set(seen.gestures.map(({ person }) => person)).size).toBe(seen.gestures.length);
        }
      })
    );
  });
});
