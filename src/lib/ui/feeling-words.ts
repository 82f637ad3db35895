/**
 * Feeling words as they are read, and which of them stand under the mood field.
 *
 * Definitions and search are in `feeling-list.ts`, which loads only when somebody asks for them.
 */
import { feelingsMax } from '../base/limits.ts';
import type { MoodPoint } from '../care/check-in.ts';
import { feelings, type FeelingId } from '../care/feelings.ts';
import { m } from '../i18n/messages.js';

/** What a feeling in a record reads as: a word of the list in the reader's language, anything else as it was written. */
export const feelingWord = (feeling: string): string => (isListed(feeling) ? words[feeling]() : feeling);

/** Whether it is a word of the list, by its id. */
export const isListed = (feeling: string): feeling is FeelingId => Object.hasOwn(words, feeling);

/** Every word of the list, the nearest to the point first; in the order of the list where there is no point. */
export const nearestFeelings = (point: MoodPoint | null): readonly FeelingId[] => {
  const ids = feelings.map(({ id }) => id);
  if (point === null) return ids;
  const awayById = new Map<string, number>(feelings.map((feeling) => [feeling.id, distance(feeling, point)]));
  return ids.sort((a, b) => (awayById.get(a) ?? 0) - (awayById.get(b) ?? 0));
};

/** A choice of feelings after one more was pressed: pressed again it is let go, and a third takes the oldest one's place. */
export const toggleFeeling = (
  chosen: readonly string[],
  feeling: string
): { readonly chosen: readonly string[]; readonly madeRoom: string | null } => {
  if (chosen.includes(feeling)) return { chosen: chosen.filter((word) => word !== feeling), madeRoom: null };
  const madeRoom = chosen.length < feelingsMax ? null : (chosen[0] ?? null);
  return { chosen: [...(madeRoom === null ? chosen : chosen.slice(1)), feeling], madeRoom };
};

/** The words under the field, and what they were chosen for. */
export interface ShownFeelings {
  readonly point: MoodPoint | null;
  readonly roomRem: number;
  readonly words: readonly string[];
}

/**
 * Which words stand under the field now, given those that stood there.
 *
 * About five that are near, and the chosen ones wherever they are. While the light is dragged a word keeps its place for as
 * long as it is among the nearer ones; a light that has gone elsewhere starts afresh, the nearest first. Choosing moves
 * nothing. `roomRem`: how wide the place is; words are left out until they fit on two lines, as well as that can be told.
 */
export const nextShownFeelings = (
  before: ShownFeelings | null,
  { point, chosen, roomRem }: { point: MoodPoint | null; chosen: readonly string[]; roomRem: number }
): ShownFeelings => {
  const fit = (words: readonly string[]): ShownFeelings => ({ point, roomRem, words: fitting(words, chosen, roomRem) });
  const sameRoom = before !== null && before.roomRem === roomRem;
  if (sameRoom && samePoint(before.point, point))
    return fit([...chosen.filter((word) => !before.words.includes(word)), ...before.words]);
  const nearest: readonly string[] = point === null ? handful : nearestFeelings(point);
  const places = sameRoom && isStep(before.point, point) ? before.words : [];
  const staying = new Set([...chosen, ...nearest.slice(0, stayingMax)]);
  const newcomers = nearest.filter((word) => !places.includes(word) && !chosen.includes(word));
  const inPlace = places.flatMap((word) => (staying.has(word) ? [word] : newcomers.splice(0, 1)));
  const missing = chosen.filter((word) => !places.includes(word));
  const room = nearMax + chosen.length - missing.length - inPlace.length;
  return fit([...missing, ...inPlace, ...newcomers.slice(0, Math.max(0, room))]);
};

const nearMax = 5;
/** A word that stood there stays until this many others are nearer. */
const stayingMax = 8;
/** Farther than this at once is no drag: the light was put elsewhere. */
const stepMax = 30;

/** Without a point: something from each quarter, so that none is suggested. */
const handful: readonly FeelingId[] = ['worn out', 'content', 'anxious', 'hopeful', 'sad'];

const distance = (a: MoodPoint, b: MoodPoint): number =>
  Math.hypot(a.pleasantness - b.pleasantness, a.energy - b.energy);

const samePoint = (a: MoodPoint | null, b: MoodPoint | null): boolean =>
  a === b || (a !== null && b !== null && distance(a, b) === 0);

const isStep = (from: MoodPoint | null, to: MoodPoint | null): boolean =>
  from !== null && to !== null && distance(from, to) <= stepMax;

/** Drops the last of the words that nobody chose, until all fit; three of them stay however narrow it is. */
const fitting = (all: readonly string[], chosen: readonly string[], roomRem: number): readonly string[] => {
  const shown = [...all];
  while (linesOf([...shown, m.feelings_other()].map(feelingWord), roomRem) > 2) {
    const last = shown.findLastIndex((word) => !chosen.includes(word));
    if (last === -1 || shown.length - chosen.length <= 3) break;
    shown.splice(last, 1);
  }
  return shown;
};

/** How many lines chips with these words take: by the average width of a letter, which is all that can be known here. */
const linesOf = (chips: readonly string[], roomRem: number): number => {
  let lines = 1;
  let usedRem = 0;
  for (const chip of chips) {
    const widthRem = 2.05 + 0.49 * chip.length;
    if (usedRem > 0 && usedRem + gapRem + widthRem > roomRem) {
      lines += 1;
      usedRem = 0;
    }
    usedRem += (usedRem > 0 ? gapRem : 0) + widthRem;
  }
  return lines;
};
const gapRem = 0.5;

const words: Record<FeelingId, () => string> = {
  scared: m.feeling_scared,
  angry: m.feeling_angry,
  anxious: m.feeling_anxious,
  overwhelmed: m.feeling_overwhelmed,
  frustrated: m.feeling_frustrated,
  restless: m.feeling_restless,
  panicked: m.feeling_panicked,
  jealous: m.feeling_jealous,
  hurt: m.feeling_hurt,
  sad: m.feeling_sad,
  'worn out': m.feeling_worn_out,
  lonely: m.feeling_lonely,
  numb: m.feeling_numb,
  ashamed: m.feeling_ashamed,
  heavy: m.feeling_heavy,
  hopeless: m.feeling_hopeless,
  empty: m.feeling_empty,
  guilty: m.feeling_guilty,
  content: m.feeling_content,
  calm: m.feeling_calm,
  grateful: m.feeling_grateful,
  relieved: m.feeling_relieved,
  safe: m.feeling_safe,
  tender: m.feeling_tender,
  rested: m.feeling_rested,
  peaceful: m.feeling_peaceful,
  accepted: m.feeling_accepted,
  glad: m.feeling_glad,
  excited: m.feeling_excited,
  proud: m.feeling_proud,
  hopeful: m.feeling_hopeful,
  playful: m.feeling_playful,
  loved: m.feeling_loved,
  alive: m.feeling_alive,
  curious: m.feeling_curious,
  moved: m.feeling_moved
};
