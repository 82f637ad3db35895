/** Being there for Ana: what one check-in was answered, as each friend may see it. */
import { describe, expect, test } from 'vitest';
import { answersTo, type Answers, type AnswerRecord } from '../../../src/lib/care/answers.ts';
import type { Help } from '../../../src/lib/care/check-in.ts';
import type { Roster } from '../../../src/lib/circle/roster.ts';
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

/** Ana's check-in. She asked to be heard. */
const anas = aboutOf(checkIn(ana.phone));
/** What `viewer` sees on it. */
const seenBy = (
  viewer: Sitter | undefined,
  records: readonly AnswerRecord[],
  { help = 'hear-me', roster = table, about = anas }: { help?: Help | null; roster?: Roster; about?: typeof anas } = {}
): Answers => answersTo({ about, help }, records, roster, viewer?.person);
const gesturesOf = (answers: Answers): string[][] => answers.gestures.map(({ name, gesture: which }) => [name, which]);
const wordsOf = (answers: Answers): string[][] => answers.replies.map(({ name, words }) => [name, words]);

describe('[AN2] gestures', () => {
  test('are shown by name, in the order they were given', () => {
    const records = [gesture(mia.phone, anas, 'me-too'), gesture(bo.phone, anas, 'sitting-with-you')];
    const answers = seenBy(mia, records);
    expect(gesturesOf(answers)).toEqual([
      ['Mia', 'me-too'],
      ['Bo', 'sitting-with-you']
    ]);
    expect(answers.gestures.map(({ own }) => own)).toEqual([true, false]);
    expect(answers.ownGesture).toBe('me-too');
    expect(seenBy(jo, records).ownGesture).toBeNull();
    expect(seenBy(undefined, records)).toMatchObject({ ownGesture: null, gestures: [{ own: false }, { own: false }] });
  });

  test('the newest of each friend is theirs, from whichever of their devices', () => {
    const records = [gesture(bo.phone, anas, 'i-see-you'), gesture(bosTablet, anas, 'thinking-of-you')];
    expect(gesturesOf(seenBy(ana, records))).toEqual([['Bo', 'thinking-of-you']]);
    expect(gesturesOf(seenBy(ana, records.toReversed()))).toEqual([['Bo', 'thinking-of-you']]);
    expect(seenBy(bo, records).ownGesture).toBe('thinking-of-you');
  });

  test('one that was undone is gone without a trace', () => {
    const [mias, bos] = [gesture(mia.phone, anas, 'me-too'), gesture(bo.phone, anas, 'i-see-you')];
    expect(gesturesOf(seenBy(bo, [mias, bos]))).toHaveLength(2);
    expect(gesturesOf(seenBy(bo, [mias]))).toEqual([['Mia', 'me-too']]);
    expect(seenBy(bo, [mias]).ownGesture).toBeNull();
  });

  test('of somebody who left are not shown; their words stay', () => {
    const records = [gesture(jo.phone, anas, 'i-see-you'), reply(jo.phone, anas, 'I am so sorry.')];
    const left = seenBy(ana, records, { roster: rosterOf(everybody, [jo]) });
    expect(gesturesOf(left)).toEqual([]);
    expect(wordsOf(left)).toEqual([['Jo', 'I am so sorry.']]);
  });

  test('by the author of the check-in are not shown', () => {
    expect(seenBy(ana, [gesture(ana.phone, anas, 'i-see-you')])).toMatchObject({ gestures: [], ownGesture: null });
  });

  test('of a later version are not shown, and stand in the place of what was there before', () => {
    const records = [gesture(bo.phone, anas, 'i-see-you'), gesture(bo.phone, anas, 'holding-your-coat')];
    expect(gesturesOf(seenBy(ana, records))).toEqual([]);
    expect(seenBy(bo, records).ownGesture).toBeNull();
  });

  test('of nobody on the roster are not shown, nor are their words', () => {
    const records = [gesture(stranger, anas, 'i-see-you'), reply(stranger, anas, 'hello')];
    expect(seenBy(ana, records)).toMatchObject({ gestures: [], replies: [] });
  });
});

describe('replies', () => {
  test('stand oldest first, all of them, with when they were said', () => {
    const records = [
      reply(bo.phone, anas, 'second', { atMs: 5 }),
      reply(mia.phone, anas, 'first', { atMs: 4 }),
      reply(bo.phone, anas, 'third', { atMs: 6 })
    ];
    const { replies } = seenBy(bo, records);
    expect(replies.map(({ words, saidAtMs, own }) => [words, saidAtMs, own])).toEqual([
      ['first', 4, false],
      ['second', 5, true],
      ['third', 6, true]
    ]);
  });

  test('tell what takes them back, and what names them', () => {
    const said = reply(bo.phone, anas, 'here', { slot: 'said/1' });
    expect(seenBy(bo, [said]).replies).toMatchObject([{ slot: 'said/1', about: aboutOf(said), advice: false }]);
  });

  test('that only the author can read say so', () => {
    const records = [
      reply(bo.phone, anas, 'for you', { to: peopleOf([ana]) }),
      reply(bo.phone, anas, 'for some', { to: peopleOf([ana, mia]) }),
      reply(bo.phone, anas, 'for all')
    ];
    expect(seenBy(ana, records).replies.map(({ alone }) => alone)).toEqual([true, false, false]);
  });
});

describe('[AN1] what is answered', () => {
  test('is what its author named: an answer about another check-in, or under a borrowed id, does not appear', () => {
    const before = { ...anas, id: newId() };
    const borrowed = { device: bo.phone, id: anas.id };
    for (const about of [before, borrowed]) {
      const records = [
        gesture(mia.phone, about, 'me-too'),
        reply(mia.phone, about, 'elsewhere'),
        askAdvice(mia.phone, about),
        openAdvice(ana.phone, about),
        beenThere(mia.phone, about, 'me too, once')
      ];
      expect(seenBy(ana, records)).toEqual(seenBy(ana, []));
      expect(seenBy(mia, records)).toEqual(seenBy(mia, []));
    }
  });
});

describe('[AN4] the gate of advice', () => {
  const tip = advice(bo.phone, anas, 'Have you tried sleeping?');

  test('is closed where the author asked for anything but thinking along: what came through is shown to nobody', () => {
    const records = [tip, reply(mia.phone, anas, 'I am here.')];
    for (const help of ['just-know', 'hear-me', 'be-near', 'practical-hands', null] as const) {
      for (const viewer of everybody) {
        const answers = seenBy(viewer, records, { help });
        expect(answers.advice).toBe('closed');
        expect(wordsOf(answers)).toEqual([['Mia', 'I am here.']]);
      }
    }
  });

  test('is open where the check-in asks for it', () => {
    const answers = seenBy(mia, [tip], { help: 'think-along' });
    expect(answers).toMatchObject({ advice: 'asked', replies: [{ name: 'Bo', advice: true }] });
  });

  test('opens with the yes of the author, whenever it comes, also for what was said before it', () => {
    const yes = openAdvice(ana.phone, anas);
    expect(seenBy(mia, [tip, yes])).toMatchObject({ advice: 'opened', replies: [{ words: tip.body.words }] });
    expect(seenBy(mia, [yes, tip])).toEqual(seenBy(mia, [tip, yes]));
  });

  test('opens from any device of the author', () => {
    const bos = aboutOf(checkIn(bo.phone));
    expect(seenBy(mia, [openAdvice(bosTablet, bos)], { about: bos }).advice).toBe('opened');
  });

  test('is opened by nobody else', () => {
    for (const device of [bo.phone, mia.phone, stranger]) {
      const answers = seenBy(ana, [openAdvice(device, anas), tip]);
      expect(answers).toMatchObject({ advice: 'closed', replies: [] });
    }
  });

  test('never stands before the author, who may think along with themselves', () => {
    const own = advice(ana.phone, anas, 'Maybe I should call the doctor.');
    for (const viewer of everybody) expect(wordsOf(seenBy(viewer, [own]))).toEqual([['Ana', own.body.words]]);
  });
});

describe('[AN4] "Would thinking along help?"', () => {
  const asked = [askAdvice(bo.phone, anas), askAdvice(mia.phone, anas), askAdvice(bosTablet, anas)];

  test('is heard by the author, by name, once for each friend', () => {
    expect(seenBy(ana, asked).adviceAskedBy).toEqual(['Bo', 'Mia']);
  });

  test("is nobody else's to see; whoever asked knows that they did", () => {
    for (const viewer of [bo, mia, jo]) expect(seenBy(viewer, asked).adviceAskedBy).toEqual([]);
    expect([bo, mia, jo].map((viewer) => seenBy(viewer, asked).askedAdvice)).toEqual([true, true, false]);
    expect(seenBy(undefined, asked)).toMatchObject({ adviceAskedBy: [], askedAdvice: false });
  });

  test('is answered once advice is open, and not shown any more', () => {
    expect(seenBy(ana, [...asked, openAdvice(ana.phone, anas)]).adviceAskedBy).toEqual([]);
  });
});

describe('[AN5] "me too", with words', () => {
  const words = [beenThere(bo.phone, anas, 'My father, last year.'), beenThere(mia.phone, anas, 'Twice.')];

  test('are for the author alone', () => {
    expect(seenBy(ana, words).beenThere).toMatchObject([
      { name: 'Bo', words: 'My father, last year.', about: aboutOf(words[0] as (typeof words)[number]) },
      { name: 'Mia', words: 'Twice.' }
    ]);
    for (const viewer of [bo, mia, jo, undefined]) expect(seenBy(viewer, words).beenThere).toEqual([]);
  });

  test('are known to whoever attached them, in their newest form', () => {
    const truer = beenThere(bosTablet, anas, 'My father. It was winter.');
    expect(seenBy(bo, [...words, truer]).ownBeenThere).toEqual({
      words: 'My father. It was winter.',
      helped: false
    });
    expect(seenBy(ana, [...words, truer]).beenThere.map((each) => each.words)).toEqual([
      'Twice.',
      'My father. It was winter.'
    ]);
    expect(seenBy(jo, words).ownBeenThere).toBeNull();
  });

  test('of the author to themselves are not offered to them', () => {
    expect(seenBy(ana, [beenThere(ana.phone, anas, 'again')]).beenThere).toEqual([]);
  });
});

describe('[AN6] "That helped"', () => {
  const [first, second] = [reply(bo.phone, anas, 'I hear you.'), reply(bo.phone, anas, 'Still here.')];
  const presence = gesture(mia.phone, anas, 'me-too');
  const story = beenThere(mia.phone, anas, 'Same, in May.');
  const answers = [first, second, presence, story];
  const helpedIn = (seen: Answers): boolean[] =>
    [...seen.replies, ...seen.gestures, ...seen.beenThere].map((each) => each.helped);

  test('is about the one answer that it names', () => {
    expect(helpedIn(seenBy(ana, answers))).toEqual([false, false, false, false]);
    expect(helpedIn(seenBy(ana, [...answers, helped(ana.phone, aboutOf(second))]))).toEqual([
      false,
      true,
      false,
      false
    ]);
    expect(helpedIn(seenBy(ana, [...answers, helped(ana.phone, aboutOf(presence))]))).toEqual([
      false,
      false,
      true,
      false
    ]);
    expect(helpedIn(seenBy(ana, [...answers, helped(ana.phone, aboutOf(story))]))).toEqual([false, false, false, true]);
  });

  test('counts from the author of the check-in and from nobody else', () => {
    for (const device of [bo.phone, mia.phone, jo.phone, stranger])
      expect(helpedIn(seenBy(ana, [...answers, helped(device, aboutOf(first))]))).not.toContain(true);
  });

  test('does not count for an answer of somebody else under the same id', () => {
    const borrowed = { device: mia.phone, id: first.body.id };
    expect(helpedIn(seenBy(ana, [...answers, helped(ana.phone, borrowed)]))).not.toContain(true);
  });
});
