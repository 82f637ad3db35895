/**
 * Names that other people chose, put into our sentences without letting them out.
 *
 * A name may be long, empty, right-to-left, or full of controls that turn the rest of a line around. It is shown as text,
 * on one line, clipped, and in markup inside a `<bdi>` of its own (see Sentence.svelte).
 */
import { nameLengthMax } from '../base/limits.ts';
import { m } from '../i18n/messages.js';
import { getLocale } from '../i18n/runtime.js';

/** A piece of a sentence: ours, or somebody's name. */
export interface SentencePart {
  readonly text: string;
  readonly isName: boolean;
}

/**
 * A name fit to be read: controls and direction marks dropped, white space made one space, at most `nameLengthMax` letters
 * as a reader counts them. "Someone" where nothing is left.
 */
export const shownName = (name: string): string => {
  const plain = name.replaceAll(unprintable, '').replaceAll(/\s+/gu, ' ').trim();
  if (plain === '') return m.someone();
  if (plain.length <= nameLengthMax) return plain;
  let shown = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(plain)) {
    if (shown.length + segment.length > nameLengthMax - 1) break;
    shown += segment;
  }
  return `${shown}…`;
};

/**
 * A name for a sentence that is plain text and cannot hold a `<bdi>`: right-to-left names bring invisible isolates along,
 * others stay as they are, so that they can be found as written.
 */
export const plainName = (name: string): string => {
  const shown = shownName(name);
  return rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown;
};

/** "Ana, Jo and Mia", in the language of the interface. */
export const listNames = (names: readonly string[]): string =>
  new Intl.ListFormat(getLocale(), { type: 'conjunction' }).format(names);

/** "Ana, Jo": a plain row of names. */
export const rowNames = (names: readonly string[]): string =>
  new Intl.ListFormat(getLocale(), { type: 'unit', style: 'short' }).format(names);

/**
 * A sentence in parts, with each name on its own.
 *
 * `write` gets the text that stands for all names, already joined by `join`, and returns the sentence; names are put in
 * afterwards, so nothing in a name can be taken for a part of the sentence.
 */
export const sentenceParts = (
  write: (names: string) => string,
  names: readonly string[],
  join: (names: readonly string[]) => string = listNames
): SentencePart[] => {
  const sentence = write(join(names.map((_, index) => `${mark}${index}${mark}`)));
  return sentence
    .split(mark)
    .map((text, index) =>
      index % 2 === 0 ? { text, isName: false } : { text: shownName(names[Number(text)] ?? ''), isName: true }
    )
    .filter((part) => part.text !== '');
};

/** A private-use letter: it stands for a name while a sentence is built, and no sentence of ours contains it. */
const mark = '\uE000';
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
/** Controls, direction marks, overrides and isolates, line and paragraph separators are spaces, and our own mark. */
const unprintable = /(?!\s)[\p{Cc}]|[\u200B\u200E\u200F\u061C\u202A-\u202E\u2060\u2066-\u2069\uFEFF\uE000]/gu;
