/**
 * A check-in as plain sentences that anybody can read, for sending it to one person by any messenger.
 *
 * What comes out is exactly what leaves: no link, no name, nothing about the app.
 */
import type { CheckIn, Help } from '../care/check-in.ts';
import { m } from '../i18n/messages.js';
import { feelingWord } from './feeling-words.ts';
import { listNames } from './names.ts';
import { pointWords } from './point-words.ts';

/** What can be sent or left out, in the order it is read. `feelings`: the words for them, or the place on the field. */
export const readableParts = ['feelings', 'words', 'help'] as const;
export type ReadablePart = (typeof readableParts)[number];

/** The parts this check-in has. One that says nothing at all still says "I don't know". */
export const partsOf = (checkIn: CheckIn): ReadablePart[] =>
  readableParts.filter((part) => sentenceOf(part, checkIn) !== '');

/** The chosen parts as paragraphs, own words exactly as typed; the empty string where none was chosen. */
export const readableCheckIn = (checkIn: CheckIn, parts: readonly ReadablePart[]): string =>
  partsOf(checkIn)
    .filter((part) => parts.includes(part))
    .map((part) => sentenceOf(part, checkIn))
    .join('\n\n');

const sentenceOf = (part: ReadablePart, checkIn: CheckIn): string => {
  if (part === 'feelings') return feelingsSentence(checkIn);
  if (part === 'words') return checkIn.words.trim() === '' ? '' : checkIn.words;
  return checkIn.help === null ? '' : helpSentences[checkIn.help]();
};

const feelingsSentence = ({ feelings, point, words }: CheckIn): string => {
  if (feelings.length > 0)
    return m.send_feelings({ feelings: listNames(feelings.map((text) => isolate(feelingWord(text)))) });
  if (point !== null) return m.send_point({ point: pointWords(point) });
  // Somebody who wrote words and left the light alone has not said that they don't know.
  return words.trim() === '' ? m.send_unknown() : '';
};

/** A right-to-left word inside our sentence keeps to itself; others go as they are, with no invisible marks. */
const isolate = (word: string): string => (rightToLeft.test(word) ? `\u2068${word}\u2069` : word);

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u;

const helpSentences: Record<Help, () => string> = {
  'just-know': m.send_help_just_know,
  'hear-me': m.send_help_hear_me,
  'be-near': m.send_help_be_near,
  'think-along': m.send_help_think_along,
  'practical-hands': m.send_help_practical_hands
};
