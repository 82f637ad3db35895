/**
 * The whole list of feeling words: what each one means, and how to find one.
 */
import { feelingLengthMax } from '../base/limits.ts';
import type { MoodPoint } from '../care/check-in.ts';
import type { FeelingId } from '../care/feelings.ts';
import { m } from '../i18n/messages.js';
import { getLocale } from '../i18n/runtime.js';
import { feelingWord, isListed, nearestFeelings } from './feeling-words.ts';

/** What was found for what somebody typed. */
export interface FoundFeelings {
  /** Own words first written by this person, as they were remembered. */
  readonly own: readonly string[];
  /** Ids of the list, the nearest to the point first. */
  readonly listed: readonly FeelingId[];
  /** What was typed, fit to be an own word; `null` where it is empty or already there. */
  readonly offer: string | null;
  /** The one that pressing Enter means, if there is only one it can mean. */
  readonly meant: string | null;
}

/** One line about a word of the list; "your own word" for any other. */
export const feelingMeaning = (feeling: string): string => (isListed(feeling) ? meanings[feeling]() : m.feelings_own());

/** Words that begin with, contain or are explained by what was typed, in that order; all of them where nothing was. */
export const findFeelings = (typed: string, own: readonly string[], point: MoodPoint | null): FoundFeelings => {
  const wanted = fold(typed);
  const rank = (feeling: string): number => {
    const word = fold(feelingWord(feeling));
    if (word.startsWith(wanted)) return 0;
    if (word.includes(wanted)) return 1;
    return isListed(feeling) && fold(feelingMeaning(feeling)).includes(wanted) ? 2 : 3;
  };
  const find = <Word extends string>(words: readonly Word[]): readonly Word[] =>
    words.filter((word) => rank(word) < 3).sort((a, b) => rank(a) - rank(b));
  const found = { own: find(own), listed: find(nearestFeelings(point)) };
  const all: readonly string[] = [...found.own, ...found.listed];
  const exact = all.find((feeling) => fold(feelingWord(feeling)) === wanted);
  const offer = wanted === '' || exact !== undefined ? null : tidy(typed);
  return { ...found, offer, meant: meantBy(wanted, all, exact) ?? (all.length === 0 ? offer : null) };
};

const meantBy = (wanted: string, found: readonly string[], exact: string | undefined): string | null =>
  wanted === '' ? null : (exact ?? (found.length === 1 ? (found[0] ?? null) : null));

/** On one line, and no longer than a feeling may be, between letters as a reader counts them. */
const tidy = (typed: string): string => {
  const line = typed.trim().replaceAll(/\s+/gu, ' ');
  let kept = '';
  for (const { segment } of new Intl.Segmenter(getLocale(), { granularity: 'grapheme' }).segment(line)) {
    if (kept.length + segment.length > feelingLengthMax) break;
    kept += segment;
  }
  return kept;
};

/** For comparing: without accents, capitals and stray space. */
const fold = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/gu, ' ').trim().toLocaleLowerCase(getLocale());

const meanings: Record<FeelingId, () => string> = {
  scared: m.feeling_scared_means,
  angry: m.feeling_angry_means,
  anxious: m.feeling_anxious_means,
  overwhelmed: m.feeling_overwhelmed_means,
  frustrated: m.feeling_frustrated_means,
  restless: m.feeling_restless_means,
  panicked: m.feeling_panicked_means,
  jealous: m.feeling_jealous_means,
  hurt: m.feeling_hurt_means,
  sad: m.feeling_sad_means,
  'worn out': m.feeling_worn_out_means,
  lonely: m.feeling_lonely_means,
  numb: m.feeling_numb_means,
  ashamed: m.feeling_ashamed_means,
  heavy: m.feeling_heavy_means,
  hopeless: m.feeling_hopeless_means,
  empty: m.feeling_empty_means,
  guilty: m.feeling_guilty_means,
  content: m.feeling_content_means,
  calm: m.feeling_calm_means,
  grateful: m.feeling_grateful_means,
  relieved: m.feeling_relieved_means,
  safe: m.feeling_safe_means,
  tender: m.feeling_tender_means,
  rested: m.feeling_rested_means,
  peaceful: m.feeling_peaceful_means,
  accepted: m.feeling_accepted_means,
  glad: m.feeling_glad_means,
  excited: m.feeling_excited_means,
  proud: m.feeling_proud_means,
  hopeful: m.feeling_hopeful_means,
  playful: m.feeling_playful_means,
  loved: m.feeling_loved_means,
  alive: m.feeling_alive_means,
  curious: m.feeling_curious_means,
  moved: m.feeling_moved_means
};
