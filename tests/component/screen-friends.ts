/**
 * Friends and what they said, for component tests: fixed times, one awkward friend.
 */
import type { DeviceId, PersonId, SaidId } from '../../src/lib/base/ids.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/base/clock.ts';
import type { About, Gesture, ShownGesture } from '../../src/lib/care/answers.ts';
import type { ReachAnswer, ShownReachOut } from '../../src/lib/care/between.ts';
import type { Card } from '../../src/lib/care/board.ts';
import type { Help, MoodPoint } from '../../src/lib/care/check-in.ts';

/** A Thursday at half past eight in the evening, here. */
export const nowMs = new Date(2026, 4, 14, 20, 30).getTime();

/** The name of the one who looks. */
export const ownName = 'Sofie';

const at = (pleasantness: number, energy: number): MoodPoint => ({ pleasantness, energy });
const aboutOf = (name: string, what: string): About => ({
  device: `device-${name}` as DeviceId,
  id: `${what}-of-${name}` as SaidId
});

interface More {
  own?: boolean;
  changed?: boolean;
  reached?: string[];
  waiting?: string[];
  feelings?: string[];
  seenBy?: string[];
  fadesInMs?: number;
  gestures?: readonly ShownGesture[];
  repliesFrom?: string[];
  youWrote?: boolean;
  thoughtOfYou?: boolean;
  newLetter?: boolean;
  newer?: boolean;
}

/** A friend's presence; under the own name it is one's own. */
export const gestureOf = (name: string, gesture: Gesture): ShownGesture => ({
  about: aboutOf(name, gesture),
  person: `person-${name}` as PersonId,
  name,
  own: name === ownName,
  gesture,
  helped: false
});

export const cardOf = (
  name: string,
  point: MoodPoint | null,
  words: string,
  agoMs: number,
  help: Help | null = null,
  more: More = {}
): Card => ({
  ...silentCard(name, more.own),
  said: {
    about: aboutOf(name, `said-${agoMs}`),
    checkIn: { point, words, help, feelings: more.feelings ?? [] },
    saidAtMs: nowMs - agoMs,
    changed: more.changed ?? false,
    delivery:
      more.reached || more.waiting
        ? { reached: more.reached ?? [], waiting: more.waiting ?? [], relays: { keeping: 2, of: 3 } }
        : null,
    seenBy: more.seenBy ?? null,
    lasting: more.fadesInMs === undefined ? 'next' : 'week',
    fadesAtMs: more.fadesInMs === undefined ? null : nowMs + more.fadesInMs
  },
  gestures: more.gestures ?? [],
  repliesFrom: more.repliesFrom ?? [],
  youWrote: more.youWrote ?? false,
  thoughtOfYou: more.thoughtOfYou ?? false,
  newLetter: more.newLetter ?? false,
  newer: more.newer ?? false
});

export const silentCard = (name: string, own = false): Card => ({
  person: `person-${name}` as PersonId,
  name,
  own,
  said: null,
  gestures: [],
  repliesFrom: [],
  youWrote: false,
  thoughtOfYou: false,
  newLetter: false,
  newer: false
});

/** "Can we talk?" with a friend; `own`: the one who looks asks. */
export const reachOutOf = (
  name: string,
  {
    own = false,
    words = 'Hey, can we talk?',
    answer = null
  }: { own?: boolean; words?: string; answer?: ReachAnswer | null }
): ShownReachOut => ({
  type: 'reach-out',
  about: aboutOf(own ? ownName : name, own ? `reach-out-to-${name}` : 'reach-out'),
  person: `person-${name}` as PersonId,
  name,
  own,
  saidAtMs: nowMs - 5 * minuteMs,
  slot: `reach-out-to-${name}`,
  words,
  answer,
  clear: false
});

export const ownCard = cardOf(
  ownName,
  at(-45, -55),
  'It’s been a rough week, but I’m hanging in there.',
  11 * hourMs,
  'be-near',
  {
    own: true,
    reached: ['Ana', 'Jo'],
    waiting: ['Mia'],
    feelings: ['worn out', 'hopeful'],
    gestures: [gestureOf('Jo', 'sitting-with-you')],
    repliesFrom: ['Jo', 'Mia']
  }
);

export const friends: readonly Card[] = [
  cardOf('Ana', at(-85, 75), 'I’m falling apart a little. The scan is Thursday.', 70 * minuteMs, 'hear-me', {
    feelings: ['scared'],
    gestures: [gestureOf(ownName, 'sitting-with-you'), gestureOf('Jo', 'sitting-with-you'), gestureOf('Mia', 'me-too')],
    seenBy: ['Jo', 'Mia'],
    fadesInMs: dayMs
  }),
  cardOf('Sam', at(85, 70), 'She walked! Three steps, then the sofa.', 4 * hourMs, 'just-know', {
    feelings: ['proud', 'glad'],
    thoughtOfYou: true
  }),
  cardOf('Jo', at(70, -60), '', dayMs, 'just-know', { newLetter: true }),
  cardOf('Mia', null, 'I’m here. No words today.', 3 * dayMs),
  cardOf('يوسف', at(-20, -30), 'تعبت قليلاً، لكن القهوة معكم تكفي.', 2 * hourMs, 'be-near', {
    gestures: [gestureOf(ownName, 'thinking-of-you'), gestureOf('Ana', 'i-see-you')],
    repliesFrom: ['Ana'],
    youWrote: true
  }),
  cardOf(
    'Bram',
    at(20, 40),
    'Halfway through the move. Boxes everywhere, cat offended.',
    5 * hourMs,
    'practical-hands',
    { newer: true }
  ),
  cardOf('Inés', at(-60, -85), 'Flat. Not sad, just flat.', 9 * hourMs, 'just-know', { changed: true }),
  cardOf('Tomasz', at(40, -10), 'Okay, I think. Ask me on Sunday.', 6 * dayMs),
  cardOf('Wren', at(-70, 20), 'Said a thing to my brother I can’t take back.', 30 * minuteMs, 'think-along', {
    seenBy: [],
    fadesInMs: 5 * dayMs
  }),
  cardOf('Lotte', at(95, 5), 'In love with this river.', 20 * minuteMs),
  silentCard('Noor')
];

/** What cards have to hold besides: very little, very much, no gaps, only emoji, the other direction. */
export const awkward: readonly Card[] = [
  cardOf('Li', at(10, -5), 'Ok', 3 * minuteMs),
  cardOf(
    'Ana',
    at(-40, 10),
    `${'All of it came at once, and none of it can wait. '.repeat(41)}`.slice(0, 2000),
    hourMs,
    'hear-me'
  ),
  cardOf('W'.repeat(60), at(-10, 60), 'https://example.org/'.padEnd(700, 'unbroken'), 2 * hourMs, null, {
    feelings: ['x'.repeat(40), 'y'.repeat(40)],
    gestures: [gestureOf('V'.repeat(60), 'i-see-you')],
    repliesFrom: ['V'.repeat(60)]
  }),
  cardOf('🌻🌻🌻', at(80, 80), '🌊'.repeat(900), 3 * hourMs, 'just-know'),
  cardOf('نور', at(-50, -50), 'اليوم كان طويلاً جداً. '.repeat(40), 4 * hourMs, 'be-near', {
    gestures: [gestureOf('Jo', 'me-too'), gestureOf('يوسف', 'me-too')]
  })
];
