/** What Ana and Bo say to each other and to nobody else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnswerRecord } from '../../../src/lib/care/answers.ts';
import { betweenOf, isSecondDue, reachAnswers, type BetweenEntry } from '../../../src/lib/care/between.ts';
import {
  aboutOf,
  ana,
  bo,
  bosTablet,
  everybody,
  jo,
  letter,
  mia,
  peopleOf,
  reachAnswer,
  reachOut,
  reply,
  rosterOf,
  table,
  thought,
  type Sitter
} from './kitchen-table.ts';

/** What `viewer` sees between themselves and `friend`. */
const between = (viewer: Sitter, friend: Sitter, records: readonly AnswerRecord[], roster = table): BetweenEntry[] =>
  betweenOf(friend.person, records, roster, viewer.person);
const typesOf = (entries: readonly BetweenEntry[]): string[] => entries.map(({ type }) => type);

describe('[AN8] between two', () => {
  const story = [
    letter(ana, [bo], 'I never thanked you.'),
    thought(bo, [ana]),
    letter(bo, [ana], 'You did.', { slot: 'private/1' })
  ];

  test('stands what they said to each other, oldest first, the same for both but for whose it is', () => {
    const [anas, bos] = [between(ana, bo, story.toReversed()), between(bo, ana, story)];
    expect(typesOf(anas)).toEqual(['letter', 'thought', 'letter']);
    expect(anas.map(({ own, name }) => [own, name])).toEqual([
      [true, 'Bo'],
      [false, 'Bo'],
      [false, 'Bo']
    ]);
    expect(bos).toEqual(anas.map((entry) => ({ ...entry, person: ana.person, name: 'Ana', own: !entry.own })));
    expect(anas[2]).toMatchObject({ words: 'You did.', slot: 'private/1' });
  });

  test('stands nothing that a third could read, nor what one of them said to a third, to all, or to nobody', () => {
    const records = [
      letter(ana, [bo, mia], 'for you two'),
      letter(ana, [mia], 'for you'),
      letter(mia, [ana], 'and back'),
      letter(ana, [], 'for nobody'),
      letter(ana, [ana], 'for me'),
      letter(ana, [bo], 'for all', { to: null }),
      letter(mia, [bo], 'from Mia'),
      thought(bo, [ana, jo])
    ];
    expect(between(ana, bo, records)).toEqual([]);
    expect(between(bo, ana, records)).toEqual([]);
  });

  test('stands no answer to a check-in, though it went to one alone', () => {
    const about = aboutOf(letter(ana, [bo], 'a check-in, once'));
    expect(between(ana, bo, [reply(bo.phone, about, 'mm', { to: peopleOf([ana]) })])).toEqual([]);
  });

  test('stands what came from any of their devices', () => {
    expect(between(ana, bo, [{ ...letter(bo, [ana], 'from the sofa'), device: bosTablet }])).toMatchObject([
      { own: false, words: 'from the sofa' }
    ]);
  });

  test('is nothing with oneself, with nobody, or for nobody', () => {
    expect(between(ana, ana, [letter(ana, [ana], 'hm')])).toEqual([]);
    expect(betweenOf(bo.person, story, table, undefined)).toEqual([]);
    expect(betweenOf(bo.person, story, rosterOf([ana, mia]), ana.person)).toEqual([]);
  });

  test('stays readable after one of them left', () => {
    expect(typesOf(between(ana, bo, story, rosterOf(everybody, [bo])))).toEqual(['letter', 'thought', 'letter']);
  });

  test('is the same in every order, and everything in it is for these two', () => {
    const sitter = fc.constantFrom(...everybody);
    const recipe = fc.record({ from: sitter, to: fc.subarray([...everybody]), atMs: fc.nat(3), type: fc.nat(3) });
    const records = fc.array(recipe, { maxLength: 14 }).map((list) =>
      list.map(({ from, to, atMs, type }, i): AnswerRecord => {
        if (type === 0) return letter(from, to, `letter ${i}`, { atMs });
        if (type === 1) return thought(from, to, { atMs });
        return reachOut(from, to, { atMs, clear: type === 3 });
      })
    );
    const shuffled = records.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))
    );
    fc.assert(
      fc.property(shuffled, sitter, sitter, ([list, other], viewer, friend) => {
        const entries = between(viewer, friend, list);
        expect(between(viewer, friend, other)).toEqual(entries);
        for (const entry of entries) {
          const record = list.find(({ slot }) => slot === entry.slot);
          expect([record?.device, ...(record?.to ?? [])].toSorted()).toEqual([viewer.phone, friend.phone].toSorted());
        }
      })
    );
  });
});

describe('[AN7] "Can we talk?"', () => {
  const asked = reachOut(ana, [bo]);
  const about = aboutOf(asked);
  const shown = (...answers: AnswerRecord[]) => between(ana, bo, [asked, ...answers]);

  test('waits until it is answered', () => {
    expect(shown()).toMatchObject([
      { type: 'reach-out', words: 'Can we talk?', answer: null, clear: false, own: true, about }
    ]);
  });

  test.each(reachAnswers)('is answered: %s', (answer) => {
    expect(shown(reachAnswer(bo.phone, [ana], about, answer))).toMatchObject([{ answer }]);
  });

  test('has the newest answer, whatever came first, from any device of the one who was asked', () => {
    const answers = [reachAnswer(bo.phone, [ana], about, 'not-today'), reachAnswer(bosTablet, [ana], about, 'now')];
    expect(shown(...answers)).toMatchObject([{ answer: 'now' }]);
    expect(shown(...answers.toReversed())).toMatchObject([{ answer: 'now' }]);
  });

  test('is answered by nobody but the one who was asked', () => {
    expect(shown(reachAnswer(ana.phone, [bo], about, 'now'))).toMatchObject([{ answer: null }]);
    expect(shown(reachAnswer(mia.phone, [ana], about, 'now'))).toMatchObject([{ answer: null }]);
    expect(shown(reachAnswer(bo.phone, [ana, mia], about, 'now'))).toMatchObject([{ answer: null }]);
  });

  test('has no answer that was given to another one, or to one under a borrowed id', () => {
    const other = aboutOf(reachOut(ana, [bo]));
    for (const named of [other, { device: bo.phone, id: about.id }])
      expect(shown(reachAnswer(bo.phone, [ana], named, 'now'))).toMatchObject([{ answer: null }]);
  });

  test('answered as only a later version knows has no answer yet that this one could show', () => {
    expect(shown(reachAnswer(bo.phone, [ana], about, 'on the roof'))).toMatchObject([{ answer: null }]);
  });

  test('is all right again once whoever asked says so', () => {
    const cleared = reachOut(ana, [bo], { id: about.id, clear: true, slot: asked.slot });
    expect(between(bo, ana, [cleared, reachAnswer(bo.phone, [ana], about, 'tonight')])).toMatchObject([
      { type: 'reach-out', clear: true, answer: 'tonight', own: false }
    ]);
  });
});

describe('[AN7] the second person', () => {
  const open = { answer: null, clear: false } as const;

  test('is asked when the time has come and the first has not said when they can', () => {
    expect([99, 100, 101].map((nowMs) => isSecondDue(open, 100, nowMs))).toEqual([false, true, true]);
    expect(isSecondDue({ ...open, answer: 'not-today' }, 100, 100)).toBe(true);
  });

  test('is left in peace where the first can, or all is right again', () => {
    expect(isSecondDue({ ...open, answer: 'now' }, 100, 200)).toBe(false);
    expect(isSecondDue({ ...open, answer: 'tonight' }, 100, 200)).toBe(false);
    expect(isSecondDue({ ...open, clear: true }, 100, 200)).toBe(false);
    expect(isSecondDue({ answer: 'not-today', clear: true }, 100, 200)).toBe(false);
  });
});
