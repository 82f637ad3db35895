/**
 * The boards that are photographed: friends in every state there is, and what they gave one another.
 */
import { dayMs, hourMs, minuteMs } from '../../src/lib/base/clock.ts';
import type { Story, ToldAnswer, ToldFriend } from '../bench/pages/story.ts';

const earlier = ['Nothing new. I went out for bread and it rained.', 'I slept, and woke, and slept.'];

const friend = (name: string, newest: ToldFriend['newest'], reached = true): ToldFriend => ({
  name,
  newest,
  kept: earlier.length,
  earlier,
  reached
});

const mia = friend('Mia', {
  agoMs: 20 * minuteMs,
  point: [-75, 80],
  feelings: ['scared'],
  words: 'Waiting for the call from the hospital. Every minute is an hour.',
  help: 'be-near'
});
const jo = friend('Jo', {
  agoMs: 3 * hourMs,
  point: [80, 70],
  feelings: ['alive', 'proud'],
  words: 'I got it. I got the job. I screamed in the lift.',
  help: 'just-know'
});
const sam = friend(
  'Sam',
  {
    agoMs: 3 * dayMs,
    point: [-65, -60],
    feelings: ['heavy'],
    words: "Didn't get out of bed until two. Not asking for anything, only saying it.",
    help: 'hear-me'
  },
  false
);
const noor = friend(
  'نور',
  {
    agoMs: 26 * hourMs,
    point: [60, -50],
    feelings: ['هادئة'],
    words: 'كان يوماً طويلاً، لكنني جلست في الشرفة حتى غابت الشمس. أشتاق إليكم.',
    help: 'just-know'
  },
  false
);
const quiet = friend('Ida', null, false);

const own = {
  agoMs: 2 * hourMs,
  point: [10, -35] as const,
  feelings: ['tender'],
  words: 'Better than yesterday. I slept.',
  help: 'just-know'
};

const gesture = (from: string, to: string, words: string): ToldAnswer => ({
  type: 'gesture',
  from,
  to,
  agoMs: 10 * minuteMs,
  words
});
const said = (
  type: ToldAnswer['type'],
  from: string,
  to: string,
  words: string,
  agoMs = 12 * minuteMs
): ToldAnswer => ({
  type,
  from,
  to,
  agoMs,
  words
});

/** What went to and fro among the five. */
const answers: readonly ToldAnswer[] = [
  gesture('Mia', 'Ana', 'i-see-you'),
  gesture('Jo', 'Ana', 'me-too'),
  gesture('Sam', 'Mia', 'sitting-with-you'),
  gesture('Jo', 'Mia', 'sitting-with-you'),
  gesture('Ana', 'Mia', 'sitting-with-you'),
  gesture('نور', 'Jo', 'thinking-of-you'),
  gesture('Ana', 'Jo', 'i-see-you'),
  gesture('Mia', 'Sam', 'me-too'),
  said('beenThere', 'Jo', 'Ana', 'The year after my father died I slept four hours a night. It did come back.'),
  said('reply', 'Mia', 'Ana', 'Sleep is half of it. I am glad.', 70 * minuteMs),
  said('reply', 'Sam', 'Mia', 'I have the car. Say the word and I drive you.', 15 * minuteMs),
  said('reply', 'Jo', 'Mia', 'My phone is on my pillow.'),
  said(
    'letter',
    'Sam',
    'Ana',
    'Ana, I did not want this on the board.\n\nThank you for the soup. I ate it standing up, at two in the morning, and it was the first thing in days that tasted of anything.',
    5 * hourMs
  ),
  said(
    'letter',
    'Ana',
    'Sam',
    'There is more of it. I can leave it at your door, and you need not open.',
    100 * minuteMs
  ),
  said('thought', 'Sam', 'Ana', '', 20 * minuteMs),
  said('reachOut', 'Sam', 'Ana', 'Hey, can we talk?', 6 * minuteMs)
];

/** Four friends and oneself. */
export const boardOfFive: Story = {
  circleName: 'The kitchen table',
  ownName: 'Ana',
  own,
  friends: [mia, jo, sam, noor],
  answers,
  otherCircles: []
};

/** Eleven friends and oneself, and a second circle beside it. */
export const boardOfTwelve: Story = {
  circleName: 'The kitchen table',
  ownName: 'Ana',
  own,
  friends: [
    mia,
    jo,
    sam,
    noor,
    friend('Leo', { agoMs: 5 * hourMs, point: null, feelings: [], words: '', help: 'just-know' }),
    friend('Priya', {
      agoMs: 8 * hourMs,
      point: [-50, 50],
      feelings: ['frustrated'],
      words: '',
      help: 'practical-hands'
    }),
    friend('Tomás', {
      agoMs: 2 * dayMs,
      point: [-20, 10],
      feelings: [],
      words:
        'Long one. We sold the house on Monday. I thought I would feel lighter, and instead I walked through the rooms ' +
        'and every one of them had a Christmas in it.\n\nThe new people are kind. They have a dog. They asked about the ' +
        'pear tree and I could not speak for a moment, so I showed them how to pick without breaking the branch.\n\nMum ' +
        'is with my sister now. She asks every morning when we are going home. I have stopped explaining. I say soon, ' +
        'and make tea, and we sit.\n\nI do not need anything from you. I only wanted somebody to know about the tree.',
      help: 'hear-me'
    }),
    friend('Wren Featherstonehaugh-Oyelaran', {
      agoMs: 9 * dayMs,
      point: [70, 10],
      feelings: ['grateful'],
      words: 'Back from the coast. Windburnt, and glad of you.',
      help: 'just-know'
    }),
    friend(
      'Ben',
      { agoMs: 40 * dayMs, point: [0, -90], feelings: ['numb'], words: 'Still here.', help: 'just-know' },
      false
    ),
    friend('Yuki', { agoMs: 50 * minuteMs, point: [30, 30], feelings: ['curious'], words: '雨の音を聞いています。' }),
    quiet
  ],
  answers: [
    ...answers,
    gesture('Leo', 'Tomás', 'i-see-you'),
    gesture('Priya', 'Tomás', 'i-see-you'),
    gesture('Wren Featherstonehaugh-Oyelaran', 'Tomás', 'i-see-you'),
    gesture('Mia', 'Tomás', 'sitting-with-you'),
    gesture('Jo', 'Tomás', 'me-too'),
    gesture('Yuki', 'Tomás', 'thinking-of-you'),
    said('reply', 'Leo', 'Tomás', 'I know about the tree now. So does everybody who reads this.', 26 * hourMs),
    said('reply', 'Yuki', 'Tomás', '梨の木のこと、忘れません。'),
    said('letter', 'Ida', 'Ana', 'I read everything. I am only not saying much.')
  ],
  otherCircles: ['Choir']
};
