/** Muting: whose cards and answers the one who looks does not see, and that nothing else changes by it. */
import { describe, expect, test } from 'vitest';
import { makeBoard, type BoardFacts, type Card, type CheckInRecord } from '../../../src/lib/care/board.ts';
import { makeFriendPage } from '../../../src/lib/care/friend-page.ts';
import {
  aboutOf,
  ana,
  bo,
  checkIn,
  everybody,
  facts as factsAtTable,
  gesture,
  jo,
  letter,
  mia,
  reachAnswer,
  reachOut,
  reply,
  rosterOf,
  type Sitter
} from './kitchen-table.ts';

/** Jo has left. */
const roster = rosterOf(everybody, [jo]);
const said = (device: CheckInRecord['device'], ms: number): CheckInRecord => checkIn(device, {}, { atMs: ms, seq: ms });
const facts = (checkIns: readonly CheckInRecord[], changes: Partial<BoardFacts> = {}): BoardFacts =>
  factsAtTable({ roster, checkIns, ...changes });
const cardOf = (friend: Sitter, told: BoardFacts): Card => {
  const card = makeBoard(told).cards.find(({ person }) => person === friend.person);
  if (card === undefined) throw new Error(`${friend.name} is on the board`);
  return card;
};

describe('muting', () => {
  const muted = new Set([mia.person]);
  const mine = said(ana.phone, 4);
  const others = [said(bo.phone, 9), said(mia.phone, 8)];

  test('takes the card of whoever is muted off my board, and says who it is', () => {
    const board = makeBoard(facts([mine, ...others], { muted }));
    expect(board.cards.map(({ name }) => name)).toEqual(['Ana', 'Bo']);
    expect(board.muted).toEqual(['Mia']);
    expect(makeBoard(facts([mine, ...others])).muted).toEqual([]);
  });

  test('takes their answers off every card, and nobody else’s', () => {
    const answers = [mine, said(bo.phone, 9)].flatMap((record) => [
      gesture(mia.phone, aboutOf(record), 'i-see-you'),
      reply(mia.phone, aboutOf(record), 'from Mia'),
      gesture(jo.phone, aboutOf(record), 'i-see-you')
    ]);
    const about = aboutOf(mine);
    const heard = [gesture(bo.phone, about, 'me-too'), reply(bo.phone, about, 'from Bo')];
    const own = cardOf(ana, facts([mine], { answers: [...answers, ...heard], muted }));
    expect(own.gestures.map(({ name }) => name)).toEqual(['Bo']);
    expect(own.repliesFrom).toEqual(['Bo']);
    const loud = cardOf(ana, facts([mine], { answers: [...answers, ...heard] }));
    expect(loud.gestures.map(({ name }) => name)).toContain('Mia');
    expect(loud.repliesFrom).toContain('Mia');
  });

  test('changes nothing of what is known: whoever answered has what was said', () => {
    const answers = [reply(mia.phone, aboutOf(mine), 'from Mia')];
    expect(cardOf(ana, facts([mine], { answers, muted })).said?.delivery?.reached).toEqual(['Mia']);
  });

  test('keeps a question of theirs away, and not one’s own to them with its answer', () => {
    const asks = reachOut(mia, [ana]);
    const asked = reachOut(ana, [mia]);
    const answered = reachAnswer(mia.phone, [ana], aboutOf(asked), 'now');
    const other = reachOut(bo, [ana]);
    const answers = [asks, asked, answered, other];
    const { reachOuts } = makeBoard(facts([], { answers, muted }));
    expect(reachOuts.map(({ name, own, answer }) => [name, own, answer])).toEqual([
      ['Mia', true, 'now'],
      ['Bo', false, null]
    ]);
    expect(makeBoard(facts([], { answers })).reachOuts).toHaveLength(3);
  });

  test('oneself is not possible, and whoever has left is not said to be muted', () => {
    const board = makeBoard(facts([mine], { muted: new Set([ana.person, jo.person]) }));
    expect(board.cards.map(({ name }) => name)).toContain('Ana');
    expect(board.muted).toEqual([]);
  });

  test('holds on an opened card too, but not on theirs', () => {
    const [bos, hers] = others as [CheckInRecord, CheckInRecord];
    const answers = [
      gesture(mia.phone, aboutOf(bos), 'i-see-you'),
      reply(mia.phone, aboutOf(bos), 'from Mia'),
      reply(mia.phone, aboutOf(hers), 'one more thing'),
      letter(mia, [ana], 'dear Ana')
    ];
    const told = facts(others, { answers, muted });
    expect(makeFriendPage(bo.person, told)?.opened?.answers).toMatchObject({ gestures: [], replies: [] });
    const page = makeFriendPage(mia.person, told);
    expect(page?.opened?.answers.replies.map(({ words }) => words)).toEqual(['one more thing']);
    expect(page?.between).toHaveLength(1);
  });
});
