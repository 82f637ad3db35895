/**
 * The boards that are photographed: friends in every state there is.
 */
import { dayMs, hourMs, minuteMs } from '../../src/lib/base/clock.ts';
import type { Story, ToldFriend } from '../bench/pages/story.ts';

const friend = (name: string, newest: ToldFriend['newest'], reached = true): ToldFriend => ({
  name,
  newest,
  kept: 3,
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

/** Four friends and oneself. */
export const boardOfFive: Story = {
  circleName: 'The kitchen table',
  ownName: 'Ana',
  own,
  friends: [mia, jo, sam, noor],
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
  otherCircles: ['Choir']
};
