/** The board: the same cards for everybody, whatever came first. */
import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../../src/lib/base/ids.ts';
import type { AnswerOf, AnswerRecord } from '../../../src/lib/care/answers.ts';
import { makeBoard, type Board, type BoardFacts, type Card, type CheckInRecord } from '../../../src/lib/care/board.ts';
import { lastings } from '../../../src/lib/care/audience.ts';
import {
  aboutOf,
  ana,
  bo,
  bosTablet,
  checkIn,
  everybody,
  facts as factsAtTable,
  gesture,
  jo,
  letter,
  mia,
  peopleOf,
  reachAnswer,
  reachOut,
  reply,
  rosterOf,
  stranger,
  table,
  thought,
  type Sitter
} from './kitchen-table.ts';

/** Jo has left. */
const roster = rosterOf(everybody, [jo]);
const said = (device: CheckInRecord['device'], ms: number, changes: Partial<CheckInRecord> = {}): CheckInRecord => ({
  ...checkIn(device, { words: `${device} at ${ms}` }, { atMs: ms, seq: ms, slot: 'now' }),
  ...changes
});
const facts = (checkIns: readonly CheckInRecord[], changes: Partial<BoardFacts> = {}): BoardFacts =>
  factsAtTable({ roster, checkIns, ...changes });
const wordsOn = (board: Board): (string | undefined)[] => board.cards.map((card) => card.said?.checkIn.words);
/** The card of one friend, as another sees it. */
const cardOf = (friend: Sitter, told: BoardFacts): Card => {
  const card = makeBoard(told).cards.find(({ person }) => person === friend.person);
  if (card === undefined) throw new Error(`${friend.name} is on the board`);
  return card;
};

describe('the board', () => {
  test('has mine first, then who spoke last, then the silent', () => {
    const board = makeBoard(facts([said(ana.phone, 1), said(mia.phone, 3)]));
    expect(board.cards.map(({ name, own }) => [name, own])).toEqual([
      ['Ana', true],
      ['Mia', false],
      ['Bo', false]
    ]);
    expect(board.cards[2]?.said).toBeNull();
  });

  test('shows the newest of all the devices of a friend', () => {
    const told = [said(bo.phone, 5), said(bosTablet, 6), said(bo.phone, 4)];
    expect(wordsOn(makeBoard(facts(told)))).toContain('tablet at 6');
  });

  test('has no card for whoever left, and none for whoever was never in', () => {
    const board = makeBoard(facts([said(jo.phone, 9), said(stranger, 9)]));
    expect(board.cards.map(({ name }) => name)).not.toContain('Jo');
    expect(wordsOn(board).filter((words) => words !== undefined)).toEqual([]);
  });

  test('a correction keeps the time of what it corrects, and says so', () => {
    const corrected = checkIn(mia.phone, { words: 'truer', said: 3 }, { atMs: 8 });
    expect(cardOf(mia, facts([corrected])).said).toMatchObject({ saidAtMs: 3, changed: true });
  });

  test('a correction cannot claim to be younger than it is', () => {
    expect(cardOf(mia, facts([checkIn(mia.phone, { said: 99 }, { atMs: 8 })])).said?.saidAtMs).toBe(8);
  });

  test('what "Change" and "Unsay" speak of is the record on my card', () => {
    const mine = said(ana.phone, 4);
    expect(makeBoard(facts([mine, said(bo.phone, 9)])).ownRecord).toBe(mine);
    expect(makeBoard(facts([said(bo.phone, 9)])).ownRecord).toBeNull();
  });

  test('for a device that is on no roster yet is a board of friends, none of them oneself', () => {
    const board = makeBoard(facts([said(bo.phone, 2)], { ownDevice: stranger, answers: [letter(bo, [ana], 'hm')] }));
    expect(board.cards.map(({ name, own }) => [name, own])).toEqual([
      ['Bo', false],
      ['Ana', false],
      ['Mia', false]
    ]);
    expect(board).toMatchObject({ ownRecord: null, reachOuts: [] });
  });

  test('tells how long something was meant to stay, and when it fades', () => {
    const staying = lastings.map((lasting) =>
      checkIn(mia.phone, { lasting }, { expMs: lasting === 'day' ? 77 : null })
    );
    expect(staying.map((each) => cardOf(mia, facts([each])).said)).toMatchObject([
      { lasting: 'next', fadesAtMs: null },
      { lasting: 'day', fadesAtMs: 77 },
      { lasting: 'week', fadesAtMs: null },
      { lasting: 'kept', fadesAtMs: null }
    ]);
    const later = checkIn(mia.phone, { lasting: 'until-spring' }, { expMs: 9 });
    expect(cardOf(mia, facts([later])).said).toMatchObject({ lasting: null, fadesAtMs: 9 });
  });

  test('says whose app is newer', () => {
    const board = makeBoard(facts([], { newer: new Set([mia.person]) }));
    expect(board.cards.filter(({ newer }) => newer).map(({ name }) => name)).toEqual(['Mia']);
  });
});

describe('who sees it', () => {
  const seenBy = (viewer: Sitter, to: readonly Sitter[] | null) => {
    const record = checkIn(ana.phone, {}, { to: to === null ? null : peopleOf(to) });
    return cardOf(ana, facts([record], { roster: table, ownDevice: viewer.phone })).said?.seenBy;
  };

  test('is said by name to whoever said it', () => {
    expect(seenBy(ana, [mia, bo])).toEqual(['Bo', 'Mia']);
    expect(seenBy(ana, [])).toEqual([]);
  });

  test('is said to each of them, without themselves and without the author', () => {
    expect(seenBy(bo, [bo, mia])).toEqual(['Mia']);
    expect(seenBy(mia, [bo, mia, jo])).toEqual(['Bo', 'Jo']);
  });

  test('is nobody else, where one is the only one', () => {
    expect(seenBy(bo, [bo])).toEqual([]);
  });

  test('is everybody where nobody was chosen', () => {
    for (const viewer of everybody) expect(seenBy(viewer, null)).toBeNull();
  });

  test('does not name the author, though they wrote themselves down', () => {
    expect(seenBy(bo, [ana, bo, mia])).toEqual(['Mia']);
  });

  test('does not name whoever left since, nor whoever was never in', () => {
    const to = [...peopleOf([mia, jo]), 'nobody' as PersonId];
    expect(cardOf(ana, facts([checkIn(ana.phone, {}, { to })])).said?.seenBy).toEqual(['Mia']);
  });

  test('what was said to one friend is the newest for these two; the others keep what they had', () => {
    const forAll = said(ana.phone, 1);
    const forBo = said(ana.phone, 2, { to: peopleOf([bo]) });
    const asSeenBy = (viewer: Sitter, held: readonly CheckInRecord[]) =>
      cardOf(ana, facts(held, { ownDevice: viewer.phone })).said;
    expect(asSeenBy(ana, [forAll, forBo])).toMatchObject({ saidAtMs: 2, seenBy: ['Bo'] });
    expect(asSeenBy(bo, [forBo, forAll])).toMatchObject({ saidAtMs: 2, seenBy: [] });
    // Mia's phone holds no key that opens it.
    expect(asSeenBy(mia, [forAll])).toMatchObject({ saidAtMs: 1, seenBy: null });
  });
});

describe('who is there', () => {
  const mias = said(mia.phone, 3);
  const about = aboutOf(mias);

  test('stands on the card by name: gestures, and who wrote a few words besides its own person', () => {
    const answers = [
      reply(bo.phone, about, 'one'),
      gesture(ana.phone, about, 'i-see-you'),
      reply(mia.phone, about, 'thank you'),
      reply(bo.phone, about, 'two'),
      reply(jo.phone, about, 'before I leave')
    ];
    const card = cardOf(mia, facts([mias], { answers }));
    expect(card.repliesFrom).toEqual(['Bo', 'Jo']);
    expect(card.gestures).toMatchObject([{ name: 'Ana', own: true, gesture: 'i-see-you' }]);
    expect(cardOf(bo, facts([mias], { answers }))).toMatchObject({ gestures: [], repliesFrom: [] });
  });

  test('goes with the check-in that was answered, when the next one comes', () => {
    const answers = [gesture(bo.phone, about, 'me-too'), reply(bo.phone, about, 'here')];
    expect(cardOf(mia, facts([mias, said(mia.phone, 4)], { answers }))).toMatchObject({
      gestures: [],
      repliesFrom: []
    });
  });

  test('stays through a correction, which keeps the id', () => {
    const truer = checkIn(mia.phone, { ...mias.body, words: 'truer', said: 3 }, { atMs: 5 });
    const card = cardOf(mia, facts([truer], { answers: [gesture(bo.phone, about, 'me-too')] }));
    expect(card.gestures).toMatchObject([{ name: 'Bo' }]);
  });

  test('advice that was not asked for does not stand there either', () => {
    const tip: AnswerRecord = reply(bo.phone, about, 'You should run.');
    const advice = { ...tip, body: { ...tip.body, advice: true } } as AnswerRecord;
    expect(cardOf(mia, facts([mias], { answers: [advice] })).repliesFrom).toEqual([]);
  });
});

describe('what is only for me', () => {
  const boWith = (answers: readonly AnswerRecord[], changes: Partial<BoardFacts> = {}): Card =>
    cardOf(bo, facts([], { answers, ...changes }));

  test('a thought of me stands on the card of whoever had it', () => {
    expect(boWith([thought(bo, [ana])]).thoughtOfYou).toBe(true);
    expect(boWith([]).thoughtOfYou).toBe(false);
    expect(boWith([thought(ana, [bo]), thought(bo, [mia]), thought(mia, [ana])]).thoughtOfYou).toBe(false);
  });

  test('a letter is new until its card is opened, and again when another one comes', () => {
    const having = (...letters: readonly AnswerOf<'letter'>[]) => ({
      seen: new Map([[bo.person, new Set(letters.map(({ body }) => body.id))]])
    });
    const [first, second] = [letter(bo, [ana], 'one', { atMs: 10 }), letter(bo, [ana], 'two', { atMs: 20 })];
    expect(boWith([first]).newLetter).toBe(true);
    expect(boWith([first], having()).newLetter).toBe(true);
    expect(boWith([first], having(first)).newLetter).toBe(false);
    expect(boWith([first, second], having(first)).newLetter).toBe(true);
    // What was said before may come after: an older letter is new too.
    expect(boWith([second, first], having(second)).newLetter).toBe(true);
    expect(boWith([second, first], having(first, second)).newLetter).toBe(false);
    expect(boWith([first], { seen: new Map([[mia.person, new Set([first.body.id])]]) }).newLetter).toBe(true);
  });

  test("one's own letter is no news, and a thought is no letter", () => {
    expect(boWith([letter(ana, [bo], 'dear Bo'), thought(bo, [ana]), letter(bo, [ana, mia], 'to two')]).newLetter).toBe(
      false
    );
  });

  test("one's own card has neither", () => {
    const answers = [letter(ana, [ana], 'dear me'), thought(ana, [ana])];
    expect(cardOf(ana, facts([], { answers }))).toMatchObject({ thoughtOfYou: false, newLetter: false });
  });
});

describe('[AN7] open reach-outs', () => {
  const reachOutsOf = (viewer: Sitter, answers: readonly AnswerRecord[], changes: Partial<BoardFacts> = {}) =>
    makeBoard(facts([], { ownDevice: viewer.phone, answers, ...changes })).reachOuts;
  const [toBo, fromMia] = [reachOut(ana, [bo], { atMs: 2 }), reachOut(mia, [ana], { atMs: 1 })];

  test("are mine and those to me, oldest first, and nobody else's", () => {
    const answers = [toBo, fromMia, reachOut(bo, [mia], { atMs: 0 }), reachOut(bo, [ana, mia], { atMs: 0 })];
    expect(reachOutsOf(ana, answers).map(({ name, own }) => [name, own])).toEqual([
      ['Mia', false],
      ['Bo', true]
    ]);
    expect(reachOutsOf(bo, [toBo]).map(({ name, own }) => [name, own])).toEqual([['Ana', false]]);
    expect(reachOutsOf(mia, [toBo])).toEqual([]);
  });

  test('stay with their answer until they are cleared', () => {
    const answer = reachAnswer(bo.phone, [ana], aboutOf(toBo), 'tonight');
    expect(reachOutsOf(ana, [toBo, answer])).toMatchObject([{ answer: 'tonight', clear: false }]);
    const cleared = reachOut(ana, [bo], { id: toBo.body.id, slot: toBo.slot, clear: true });
    expect(reachOutsOf(ana, [cleared, answer])).toEqual([]);
    expect(reachOutsOf(bo, [cleared, answer])).toEqual([]);
  });

  test('to somebody who left meanwhile are not on the board', () => {
    expect(reachOutsOf(ana, [reachOut(ana, [jo])])).toEqual([]);
  });
});
