/**
 * A notch truer: the one sentence to offer to somebody who wrote "I'm fine" (docs: VOICE, "A notch truer").
 *
 * A pure rule over one text box. Which phrases count and what the truer sentences are belongs to each language's
 * catalogue; nothing that is written is kept, counted or sent. It lives here because components may not call the domain.
 */
import type { MoodPoint } from '../care/check-in.ts';
import { m } from '../i18n/messages.js';

/** What one language brings along. Case, accents, punctuation and apostrophes in it do not matter. */
export interface NotchLanguage {
  /** "fine", "can't complain": what says that all is well, and nothing else. */
  readonly phrases: readonly string[];
  /** "I'm", "everything is": what may stand before a phrase. */
  readonly openings: readonly string[];
  /** "just", "thank you": what may stand anywhere and changes nothing. */
  readonly smallWords: readonly string[];
  /** From a little truer to all of it. */
  readonly ladder: readonly string[];
}

/** The text as it stands, and where the light is; `null` is "I don't know". */
export interface NotchFacts extends NotchLanguage {
  readonly words: string;
  readonly point: MoodPoint | null;
}

/**
 * The next truer sentence, or `null` where there is none to offer.
 *
 * Only a text that is nothing but such a phrase gets the first rung, and only one that is a rung gets the next: never two
 * at once. A pleasant point gets none: joy is shared too.
 */
export const notchFor = ({ words, point, phrases, openings, smallWords, ladder }: NotchFacts): string | null => {
  if (point !== null && point.pleasantness > 0) return null;
  const text = plain(words);
  if (text === '') return null;
  const rung = ladder.findIndex((sentence) => plain(sentence) === text);
  if (rung !== -1) return ladder[rung + 1] ?? null;
  const whole = new Set(phrases.map(plain));
  const starts = openings.map((opening) => `${plain(opening)} `);
  const saysFine = (said: string): boolean =>
    whole.has(said) || starts.some((start) => said.startsWith(start) && whole.has(said.slice(start.length)));
  return saysFine(text) || saysFine(without(smallWords.map(plain), text)) ? (ladder[0] ?? null) : null;
};

/** The phrases and the ladder of the interface's language. */
export const notchLanguage = (): NotchLanguage => ({
  phrases: m.notch_phrases().split('|'),
  openings: m.notch_openings().split('|'),
  smallWords: m.notch_small_words().split('|'),
  ladder: [m.notch_1(), m.notch_2(), m.notch_3()]
});

/** Small letters and digits with one space between words: "I’m  FINE." and "im fine" are the same. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{Cf}'’‘ʼ`´]/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Both are plain already, so nothing in them means anything to a pattern. */
const without = (smallWords: readonly string[], text: string): string =>
  text
    .replaceAll(new RegExp(`(?<=^| )(?:${smallWords.join('|')})(?= |$)`, 'gu'), '')
    .replaceAll(/ +/g, ' ')
    .trim();
