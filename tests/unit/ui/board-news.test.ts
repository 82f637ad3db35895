import { describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../../src/lib/base/clock.ts';
import { boardNews, reachOutNews } from '../../../src/lib/ui/board-news.ts';
import {
  cardOf,
  friends,
  gestureOf,
  ownCard,
  ownName,
  reachOutOf,
  silentCard
} from '../../component/screen-friends.ts';

const board = [ownCard, ...friends];

describe('news of the cards', () => {
  test('the same board is none, and neither is the same in another order or with less on it', () => {
    expect(boardNews(board, board)).toEqual([]);
    expect(boardNews(board, board.toReversed())).toEqual([]);
    expect(boardNews(board, board.slice(3))).toEqual([]);
    expect(
      boardNews(
        board,
        board.map(({ name, own }) => silentCard(name, own))
      )
    ).toEqual([]);
  });

  test('a friend who says something new, by name', () => {
    const again = cardOf('Ana', null, 'Better.', 0);
    expect(boardNews(board, [ownCard, again])).toEqual(['Ana said how they are.']);
    expect(boardNews([ownCard, again], board).filter((news) => news.startsWith('Ana'))).toEqual([]);
  });

  test('what one says oneself is none, and what it was answered before is not said again', () => {
    const before = cardOf(ownName, null, 'A', dayMs, null, { own: true });
    const after = cardOf(ownName, null, 'B', hourMs, null, { own: true });
    expect(boardNews([before], [after])).toEqual([]);
    expect(boardNews([ownCard], [{ ...ownCard, said: ownCard.said && { ...ownCard.said, changed: true } }])).toEqual(
      []
    );
  });

  test('who comes to be with one, and who writes', () => {
    const after = {
      ...ownCard,
      gestures: [...ownCard.gestures, gestureOf('Ana', 'me-too'), gestureOf('Sam', 'me-too')],
      repliesFrom: [...ownCard.repliesFrom, 'Ana']
    };
    expect(boardNews([ownCard], [after])).toEqual(['Ana and Sam: me too.', 'Ana wrote back.']);
  });

  test('another gesture of the same friend', () => {
    const after = { ...ownCard, gestures: [gestureOf('Jo', 'thinking-of-you')] };
    expect(boardNews([ownCard], [after])).toEqual(['Jo is thinking of you.']);
  });

  test('what friends give each other is theirs', () => {
    const ana = cardOf('Ana', null, 'Here.', hourMs);
    expect(boardNews([ana], [{ ...ana, gestures: [gestureOf('Jo', 'me-too')], repliesFrom: ['Jo'] }])).toEqual([]);
  });

  test('a thought and a letter', () => {
    const ana = silentCard('Ana');
    expect(boardNews([ana], [{ ...ana, thoughtOfYou: true, newLetter: true }])).toEqual([
      'Ana thought of you.',
      'A letter from Ana.'
    ]);
  });
});

describe('news of reach-outs', () => {
  const asked = reachOutOf('Ana', {});
  const mine = reachOutOf('Jo', { own: true });

  test('somebody asks; what one asks or answers oneself is none', () => {
    expect(reachOutNews([], [asked])).toEqual(['Ana asks: can we talk?']);
    expect(reachOutNews([], [mine])).toEqual([]);
    expect(reachOutNews([asked], [reachOutOf('Ana', { answer: 'now' })])).toEqual([]);
  });

  test('an answer to one’s own, and another one', () => {
    const answered = reachOutOf('Jo', { own: true, answer: 'tonight' });
    expect(reachOutNews([mine], [answered])).toEqual(['Jo: tonight.']);
    expect(reachOutNews([answered], [answered])).toEqual([]);
    expect(reachOutNews([answered], [reachOutOf('Jo', { own: true, answer: 'not-today' })])).toEqual([
      'Jo: not today, but I see you.'
    ]);
  });
});
