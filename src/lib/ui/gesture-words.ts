/**
 * Presence in words: on the button that gives it, and by name under the card it was given to.
 *
 * Several friends with one gesture share a sentence; nobody is counted, and nobody comes first for having been faster.
 */
import { gestures as offered, type Gesture, type ShownGesture } from '../care/answers.ts';
import { m } from '../i18n/messages.js';
import { plainName, sentenceParts, shownName, type SentencePart } from './names.ts';

/** Whose check-in it is, as the one who looks knows them: a card, or an opened page. */
export interface CheckInOwner {
  readonly name: string;
  readonly own: boolean;
}

/** One sentence of who is with somebody, names apart, so that each can stand in a `<bdi>`. */
export interface GestureSentence {
  readonly gesture: Gesture;
  readonly parts: readonly SentencePart[];
}

/** What stands on the button: "I see you", "me too", "sitting with you", "thinking of you". */
export const gestureWords = (gesture: Gesture): string => buttonWords[gesture]();

/**
 * "You and Jo are sitting with Ana.", "Mia: me too.": one sentence a gesture, in the order gestures are offered; within
 * one, whoever looks comes first and the others in the order given.
 */
export const gestureSentences = (gestures: readonly ShownGesture[], owner: CheckInOwner): GestureSentence[] =>
  offered.flatMap((gesture): GestureSentence[] => {
    const given = gestures.filter((shown) => shown.gesture === gesture);
    if (given.length === 0) return [];
    const you = given.some(({ own }) => own);
    const others = given.filter(({ own }) => !own).map(({ name }) => name);
    const form = formOf(you, others.length, owner.own);
    const names = you ? [m.card_own(), ...others] : others;
    const parts = sentenceParts((list) => sentences[gesture][form]({ names: list, friend: friendMark }), names);
    return [{ gesture, parts: parts.flatMap((part) => (part.isName ? [part] : putFriend(part.text, owner.name))) }];
  });

/** A sentence in parts as plain text, for where no `<bdi>` can stand. */
export const partsText = (parts: readonly SentencePart[]): string =>
  parts.map(({ text, isName }) => (isName ? plainName(text) : text)).join('');

/** Who it is said of: languages give each of these a verb of its own. */
type Form = 'one-to-you' | 'many-to-you' | 'one' | 'many' | 'you' | 'you-and';
type Write = (names: { readonly names: string; readonly friend: string }) => string;

const formOf = (you: boolean, others: number, ownCard: boolean): Form => {
  if (ownCard) return others === 1 ? 'one-to-you' : 'many-to-you';
  if (you) return others === 0 ? 'you' : 'you-and';
  return others === 1 ? 'one' : 'many';
};

/** A private-use letter of its own: it stands for the friend's name, which is put in after the list of names. */
const friendMark = '\uE001';

const putFriend = (text: string, friend: string): SentencePart[] =>
  text
    .split(friendMark)
    .flatMap((piece, index): SentencePart[] => [
      ...(index === 0 ? [] : [{ text: shownName(friend), isName: true }]),
      ...(piece === '' ? [] : [{ text: piece, isName: false }])
    ]);

const buttonWords: Record<Gesture, () => string> = {
  'i-see-you': m.gesture_i_see_you,
  'me-too': m.gesture_me_too,
  'sitting-with-you': m.gesture_sitting_with_you,
  'thinking-of-you': m.gesture_thinking_of_you
};

const sentences: Record<Gesture, Record<Form, Write>> = {
  'i-see-you': {
    'one-to-you': m.with_seen_you_one,
    'many-to-you': m.with_seen_you_many,
    one: m.with_seen_one,
    many: m.with_seen_many,
    you: m.with_seen_by_you,
    'you-and': m.with_seen_by_you_and
  },
  'me-too': {
    'one-to-you': m.with_me_too,
    'many-to-you': m.with_me_too,
    one: m.with_me_too,
    many: m.with_me_too,
    you: m.with_me_too,
    'you-and': m.with_me_too
  },
  'sitting-with-you': {
    'one-to-you': m.with_sitting_you_one,
    'many-to-you': m.with_sitting_you_many,
    one: m.with_sitting_one,
    many: m.with_sitting_many,
    you: m.with_sitting_by_you,
    'you-and': m.with_sitting_by_you_and
  },
  'thinking-of-you': {
    'one-to-you': m.with_thinking_you_one,
    'many-to-you': m.with_thinking_you_many,
    one: m.with_thinking_one,
    many: m.with_thinking_many,
    you: m.with_thinking_by_you,
    'you-and': m.with_thinking_by_you_and
  }
};
