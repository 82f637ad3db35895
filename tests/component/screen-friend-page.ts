/**
 * Opened check-ins for component tests: Ana's, answered by friends; one's own, answered too; and every other state.
 */
import { dayMs, hourMs, minuteMs } from '../../src/lib/base/clock.ts';
import type { DeviceId, PersonId, RecordHash, SaidId } from '../../src/lib/base/ids.ts';
import type { About, Answers, BeenThere, Gesture, ShownGesture, ShownReply } from '../../src/lib/care/answers.ts';
import type { Friend } from '../../src/lib/care/audience.ts';
import type { BetweenEntry, ReachAnswer, ShownReachOut } from '../../src/lib/care/between.ts';
import type { SaidCheckIn } from '../../src/lib/care/board.ts';
import type { CheckIn } from '../../src/lib/care/check-in.ts';
import type { FriendPage, OpenedCheckIn } from '../../src/lib/care/friend-page.ts';
import { nowMs, ownName } from './screen-friends.ts';

export const personOf = (name: string): PersonId => `person-${name}` as PersonId;
export const aboutOf = (name: string, id: string): About => ({
  device: `device-${name}` as DeviceId,
  id: `${id}-${name}` as SaidId
});
/** What names an `About` in `heard` and `putOff`. */
export const keyOf = ({ device, id }: About): string => `${device} ${id}`;

export const friends: readonly Friend[] = ['Ana', 'Jo', 'Mia'].map((name) => ({ person: personOf(name), name }));

export const gesture = (name: string, given: Gesture, helped = false): ShownGesture => ({
  about: aboutOf(name, 'gesture'),
  person: personOf(name),
  name,
  own: name === ownName,
  gesture: given,
  helped
});

export const reply = (name: string, words: string, agoMs: number, more: Partial<ShownReply> = {}): ShownReply => ({
  about: aboutOf(name, `reply${agoMs}`),
  person: personOf(name),
  name,
  own: name === ownName,
  words,
  advice: false,
  saidAtMs: nowMs - agoMs,
  helped: false,
  alone: false,
  slot: `reply-${name}-${agoMs}`,
  ...more
});

export const beenThere = (name: string, words: string): BeenThere => ({
  about: aboutOf(name, 'been'),
  person: personOf(name),
  name,
  words,
  helped: false
});

export const noAnswers: Answers = {
  gestures: [],
  ownGesture: null,
  replies: [],
  advice: 'closed',
  adviceAskedBy: [],
  askedAdvice: false,
  beenThere: [],
  ownBeenThere: null
};

export const openedBy = (
  name: string,
  checkIn: Partial<CheckIn>,
  { agoMs, said = {}, answers = {} }: { agoMs: number; said?: Partial<SaidCheckIn>; answers?: Partial<Answers> }
): OpenedCheckIn => {
  const about = aboutOf(name, `said${agoMs}`);
  return {
    record: {
      device: about.device,
      seq: 1,
      slot: `slot-${agoMs}`,
      time: { ms: nowMs - agoMs, count: 0 },
      hash: `hash-${agoMs}` as RecordHash,
      expMs: null,
      to: null,
      body: { id: about.id, feelings: [], words: '' }
    },
    said: {
      about,
      checkIn: { point: null, feelings: [], words: '', help: null, ...checkIn },
      saidAtMs: nowMs - agoMs,
      changed: false,
      delivery: null,
      seenBy: null,
      lasting: 'next',
      fadesAtMs: null,
      ...said
    },
    answers: { ...noAnswers, ...answers }
  };
};

export const pageOf = (name: string, opened: OpenedCheckIn | null, more: Partial<FriendPage> = {}): FriendPage => ({
  person: personOf(name),
  name,
  own: name === ownName,
  left: false,
  opened,
  before: [],
  between: [],
  newer: false,
  ...more
});

const entry = (name: string, id: string, own: boolean, agoMs: number) => ({
  about: aboutOf(own ? ownName : name, id),
  person: personOf(name),
  name,
  own,
  saidAtMs: nowMs - agoMs,
  slot: `${id}-${own}-${agoMs}`
});
export const letter = (name: string, words: string, own: boolean, agoMs: number): BetweenEntry => ({
  ...entry(name, 'letter', own, agoMs),
  type: 'letter',
  words
});
export const thought = (name: string, own: boolean, agoMs: number): BetweenEntry => ({
  ...entry(name, 'thought', own, agoMs),
  type: 'thought'
});
export const reachOut = (
  name: string,
  own: boolean,
  more: { words?: string; answer?: ReachAnswer | null; clear?: boolean } = {}
): ShownReachOut => ({
  ...entry(name, 'reach', own, 20 * minuteMs),
  type: 'reach-out',
  words: more.words ?? 'Hey, can we talk?',
  answer: more.answer ?? null,
  clear: more.clear ?? false
});

const scared: Partial<CheckIn> = {
  point: { pleasantness: -85, energy: 75 },
  feelings: ['scared'],
  words: 'I’m falling apart a little. The scan is Thursday.',
  help: 'hear-me'
};

/** Ana an hour ago, with what friends gave back. */
export const anaOpened = (answers: Partial<Answers> = {}, said: Partial<SaidCheckIn> = {}): OpenedCheckIn =>
  openedBy('Ana', scared, {
    agoMs: 70 * minuteMs,
    said,
    answers: {
      gestures: [gesture('Jo', 'sitting-with-you'), gesture('Mia', 'me-too')],
      replies: [reply('Jo', 'I’ll drive you Thursday and we don’t have to talk.', 20 * minuteMs)],
      ...answers
    }
  });

export const anaBefore: readonly OpenedCheckIn[] = [
  openedBy(
    'Ana',
    { point: { pleasantness: -30, energy: 40 }, feelings: ['restless'], words: 'They called. Another test.' },
    { agoMs: 3 * dayMs, answers: { replies: [reply('Mia', 'Waiting is the worst part.', 2 * dayMs)] } }
  ),
  openedBy('Ana', { point: { pleasantness: 65, energy: -20 }, feelings: ['content'] }, { agoMs: 9 * dayMs })
];

export const anaBetween: readonly BetweenEntry[] = [
  letter(
    'Ana',
    'You never asked me for anything, and I noticed.\n\nCome by when you can. The key is where it was.',
    false,
    2 * dayMs
  ),
  thought('Ana', true, dayMs),
  letter('Ana', 'I’ll come on Sunday.', true, 3 * hourMs)
];

/** One's own, with gestures, a question at the gate, replies and "me too" words. */
export const ownOpened = (answers: Partial<Answers> = {}, said: Partial<SaidCheckIn> = {}): OpenedCheckIn =>
  openedBy(
    ownName,
    {
      point: { pleasantness: -45, energy: -55 },
      feelings: ['worn out', 'hopeful'],
      words: 'It’s been a rough week, but I’m hanging in there.',
      help: 'be-near'
    },
    {
      agoMs: 11 * hourMs,
      said: { delivery: { reached: ['Ana', 'Jo'], waiting: ['Mia'], relays: { keeping: 1, of: 1 } }, ...said },
      answers: {
        gestures: [gesture('Jo', 'sitting-with-you'), gesture('Ana', 'i-see-you', true)],
        replies: [
          reply('Ana', 'Soup is on the stairs.', 5 * hourMs, { helped: true }),
          reply(ownName, 'It was good soup.', 2 * hourMs),
          reply('Jo', 'I’m around all weekend.', 40 * minuteMs)
        ],
        adviceAskedBy: ['Jo'],
        beenThere: [beenThere('Mia', 'Last spring was like that for me. I slept on the floor for a month.')],
        ...answers
      }
    }
  );

const awkwardWords = `${'Everything at once and nothing in particular. '.repeat(38)}\n\n${'Ж'.repeat(180)}\n\nThe end.`;

/** Every state the page can be in, by name: the page, then what differs from the usual around it. */
export const states: readonly [
  string,
  FriendPage,
  { alone?: boolean; isOut?: boolean; heard?: string[]; putOff?: string[] }?
][] = [
  ['answered', pageOf('Ana', anaOpened(), { before: anaBefore, between: anaBetween })],
  [
    'me-too',
    pageOf(
      'Ana',
      anaOpened({
        gestures: [gesture(ownName, 'me-too', true), gesture('Jo', 'me-too')],
        ownGesture: 'me-too',
        ownBeenThere: { words: 'The week before my own, I could not eat either.', helped: true },
        askedAdvice: true,
        replies: [reply(ownName, 'Thursday I’m yours.', 10 * minuteMs, { helped: true })]
      })
    )
  ],
  ['me-too-bare', pageOf('Ana', anaOpened({ gestures: [gesture(ownName, 'me-too')], ownGesture: 'me-too' }))],
  [
    'advice-open',
    pageOf(
      'Ana',
      anaOpened({
        advice: 'opened',
        replies: [reply('Jo', 'Could they do it a day earlier if you call at eight?', 3 * minuteMs, { advice: true })]
      })
    )
  ],
  ['to-you-alone', pageOf('Ana', anaOpened({ gestures: [], replies: [] }, { seenBy: [], fadesAtMs: nowMs + dayMs }))],
  ['silent', pageOf('Ana', null)],
  ['silent-between', pageOf('Ana', null, { between: anaBetween })],
  [
    'asked-to-talk',
    pageOf('Ana', anaOpened(), { between: [reachOut('Ana', false, { words: 'Are you up? It’s bad.' })] })
  ],
  ['asking-to-talk', pageOf('Ana', anaOpened(), { between: [reachOut('Ana', true)] })],
  [
    'talked',
    pageOf('Ana', anaOpened(), {
      between: [
        reachOut('Ana', true, { answer: 'tonight', clear: true }),
        { ...reachOut('Ana', false, { answer: 'not-today', clear: true }), slot: 'theirs' }
      ]
    })
  ],
  ['left', pageOf('Ana', anaOpened(), { left: true, before: anaBefore, between: anaBetween })],
  ['left-silent', pageOf('Ana', null, { left: true })],
  ['out', pageOf('Ana', anaOpened(), { before: anaBefore, between: anaBetween }), { isOut: true }],
  ['newer', pageOf('Ana', null, { newer: true })],
  ['own', pageOf(ownName, ownOpened(), { before: [{ ...anaBefore[0]!, said: { ...anaBefore[0]!.said } }] })],
  [
    'own-heard',
    pageOf(
      ownName,
      ownOpened({ advice: 'opened', adviceAskedBy: [] }, { seenBy: ['Ana', 'Jo'], fadesAtMs: nowMs + 7 * dayMs })
    ),
    { heard: [keyOf(aboutOf('Mia', 'been'))] }
  ],
  [
    'own-put-off',
    pageOf(ownName, ownOpened({ adviceAskedBy: ['Jo', 'Mia'] })),
    { putOff: [keyOf(aboutOf('Mia', 'been')), keyOf(aboutOf(ownName, `said${11 * hourMs}`))] }
  ],
  ['own-silent', pageOf(ownName, null)],
  ['alone', pageOf(ownName, ownOpened(noAnswers, { delivery: null })), { alone: true }],
  [
    'awkward',
    pageOf(
      `W${'ö'.repeat(58)}w`,
      openedBy(
        'Ana',
        { point: null, feelings: ['x'.repeat(40), 'ض'.repeat(40)], words: awkwardWords, help: 'practical-hands' },
        {
          agoMs: 2 * dayMs,
          said: { changed: true },
          answers: {
            gestures: ['Jo', 'يوسف', 'M'.repeat(60), ownName].map((name) => gesture(name, 'sitting-with-you')),
            ownGesture: 'sitting-with-you',
            replies: [
              reply('يوسف', 'أنا هنا، لا حاجة للكلام.\nنلتقي غداً.', 9 * hourMs),
              reply('M'.repeat(60), 'https://example.org/'.padEnd(200, 'aé'), hourMs)
            ]
          }
        }
      ),
      {
        before: [openedBy('Ana', { words: awkwardWords }, { agoMs: 5 * dayMs })],
        between: [letter('Ana', awkwardWords, false, dayMs), letter('Ana', 'x', true, hourMs)]
      }
    )
  ]
];
