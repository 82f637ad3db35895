/**
 * Friends and what they said, for component tests: fixed times, one awkward friend.
 */
import type { PersonId } from '../../src/lib/base/ids.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/base/clock.ts';
import type { Card } from '../../src/lib/care/board.ts';
import type { Help, MoodPoint } from '../../src/lib/care/check-in.ts';

/** A Thursday at half past eight in the evening, here. */
export const nowMs = new Date(2026, 4, 14, 20, 30).getTime();

const at = (pleasantness: number, energy: number): MoodPoint => ({ pleasantness, energy });

export const cardOf = (
  name: string,
  point: MoodPoint | null,
  words: string,
  agoMs: number,
  help: Help | null = null,
  more: { own?: boolean; changed?: boolean; reached?: string[]; waiting?: string[]; feelings?: string[] } = {}
): Card => ({
  person: `person-${name}` as PersonId,
  name,
  own: more.own ?? false,
  said: {
    checkIn: { point, words, help, feelings: more.feelings ?? [] },
    saidAtMs: nowMs - agoMs,
    changed: more.changed ?? false,
    delivery: more.reached || more.waiting ? { reached: more.reached ?? [], waiting: more.waiting ?? [] } : null
  }
});

export const silentCard = (name: string, own = false): Card => ({
  person: `person-${name}` as PersonId,
  name,
  own,
  said: null
});

export const ownCard = cardOf(
  'Sofie',
  at(-45, -55),
  'It’s been a rough week, but I’m hanging in there.',
  11 * hourMs,
  'be-near',
  { own: true, reached: ['Ana', 'Jo'], waiting: ['Mia'] }
);

export const friends: readonly Card[] = [
  cardOf('Ana', at(-85, 75), 'I’m falling apart a little. The scan is Thursday.', 70 * minuteMs, 'hear-me'),
  cardOf('Sam', at(85, 70), 'She walked! Three steps, then the sofa.', 4 * hourMs, 'just-know', {
    feelings: ['proud', 'glad']
  }),
  cardOf('Jo', at(70, -60), '', dayMs, 'just-know'),
  cardOf('Mia', null, 'I’m here. No words today.', 3 * dayMs),
  cardOf('يوسف', at(-20, -30), 'تعبت قليلاً، لكن القهوة معكم تكفي.', 2 * hourMs, 'be-near'),
  cardOf(
    'Bram',
    at(20, 40),
    'Halfway through the move. Boxes everywhere, cat offended.',
    5 * hourMs,
    'practical-hands'
  ),
  cardOf('Inés', at(-60, -85), 'Flat. Not sad, just flat.', 9 * hourMs, 'just-know', { changed: true }),
  cardOf('Tomasz', at(40, -10), 'Okay, I think. Ask me on Sunday.', 6 * dayMs),
  cardOf('Wren', at(-70, 20), 'Said a thing to my brother I can’t take back.', 30 * minuteMs, 'think-along'),
  cardOf('Lotte', at(95, 5), 'In love with this river.', 20 * minuteMs),
  silentCard('Noor')
];
