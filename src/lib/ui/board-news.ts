/**
 * What is new on the board since a moment ago, as sentences for those who listen: said once, by name, without hurry.
 *
 * Only what somebody did is news. What goes away, pales or is put in another order is not.
 */
import type { Card } from '../care/board.ts';
import type { ShownReachOut } from '../care/between.ts';
import { m } from '../i18n/messages.js';
import { gestureSentences, partsText } from './gesture-words.ts';
import { plainName } from './names.ts';
import { reachAnsweredParts, reachText } from './reach-words.ts';

/** What came to the cards between `before` and `after`, in the order of the cards. */
export const boardNews = (before: readonly Card[], after: readonly Card[]): string[] => {
  const known = new Map(before.map((card) => [card.person, card]));
  return after.flatMap((card) => {
    const was = known.get(card.person);
    return card.own ? givenToYou(was, card) : saidByFriend(was, card);
  });
};

/** What came to the reach-outs: somebody asks, or somebody whom one asked has answered. */
export const reachOutNews = (before: readonly ShownReachOut[], after: readonly ShownReachOut[]): string[] => {
  const known = new Map(before.map((entry) => [keyOf(entry), entry]));
  return after.flatMap((entry) => {
    const was = known.get(keyOf(entry));
    if (!entry.own) return was === undefined ? [reachText(entry)] : [];
    return entry.answer === null || was?.answer === entry.answer ? [] : [partsText(reachAnsweredParts(entry))];
  });
};

const keyOf = ({ about }: ShownReachOut): string => `${about.device} ${about.id}`;

const saidByFriend = (was: Card | undefined, card: Card): string[] => {
  const name = plainName(card.name);
  // An older one that stands there again, because a newer one was taken back, is not news.
  const said = card.said !== null && card.said.saidAtMs > (was?.said?.saidAtMs ?? -Infinity);
  return [
    ...(said ? [m.board_new({ name })] : []),
    ...(card.thoughtOfYou && was?.thoughtOfYou !== true ? [m.card_thought({ name })] : []),
    ...(card.newLetter && was?.newLetter !== true ? [m.board_new_letter({ name })] : [])
  ];
};

const givenToYou = (was: Card | undefined, card: Card): string[] => {
  const same = was?.said?.about.id === card.said?.about.id;
  const gestures = card.gestures.filter(
    (given) => !given.own && !(same && was?.gestures.some((old) => isSame(old, given)))
  );
  const replies = card.repliesFrom.filter((name) => !(same && was?.repliesFrom.includes(name)));
  return [
    ...gestureSentences(gestures, card).map(({ parts }) => partsText(parts)),
    ...replies.map((name) => m.card_wrote({ names: plainName(name) }))
  ];
};

const isSame = (a: Card['gestures'][number], b: Card['gestures'][number]): boolean =>
  a.person === b.person && a.gesture === b.gesture;
