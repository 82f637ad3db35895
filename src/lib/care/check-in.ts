/**
 * A check-in: how I am, in a point, in words, and in what would help.
 *
 * Everything but the saying itself is optional: no point means "I don't know", no words means "no words today". Both are
 * full answers.
 */
import { idToBytes, type SaidId } from '../base/ids.ts';
import type { Result } from '../base/result.ts';
import { err, ok } from '../base/result.ts';
import { feelingLengthMax, feelingsMax, wordsLengthMax } from '../base/limits.ts';
import { wholeCircle, type Audience, type Lasting } from './audience.ts';

/** What would help, in the order it is offered. Only `think-along` opens advice. */
export const helps = ['just-know', 'hear-me', 'be-near', 'think-along', 'practical-hands'] as const;
export type Help = (typeof helps)[number];

/** A place on the mood field: two whole numbers from -100 to 100. */
export interface MoodPoint {
  /** -100 very unpleasant … 100 very pleasant. */
  readonly pleasantness: number;
  /** -100 hardly any energy … 100 lots of energy. */
  readonly energy: number;
}

export interface CheckIn {
  /** `null`: "I don't know". */
  readonly point: MoodPoint | null;
  /** Feeling words, at most two. */
  readonly feelings: readonly string[];
  /** Their own words, or the empty string: kept exactly as typed. */
  readonly words: string;
  readonly help: Help | null;
}

/** Why a check-in cannot be said as it is; the message catalogue owns the sentence. */
export type CheckInProblem =
  { readonly type: 'WordsTooLong'; readonly lengthMax: number } | { readonly type: 'NotACheckIn' };

export const emptyCheckIn: CheckIn = { point: null, feelings: [], words: '', help: null };

/** A check-in being written: what will be said, to whom, and for how long. */
export interface CheckInDraft extends CheckIn {
  readonly audience: Audience;
  readonly lasting: Lasting;
}

export const emptyDraft: CheckInDraft = { ...emptyCheckIn, audience: wholeCircle, lasting: 'next' };

const onAxis = (value: number): boolean => Number.isInteger(value) && value >= -100 && value <= 100;

/** The check-in, fit to be said, or why it is not. Changes nothing about the words. */
export const checkCheckIn = (draft: CheckIn): Result<CheckIn, CheckInProblem> => {
  if (draft.words.length > wordsLengthMax) return err({ type: 'WordsTooLong', lengthMax: wordsLengthMax });
  const pointFits = draft.point === null || (onAxis(draft.point.pleasantness) && onAxis(draft.point.energy));
  const feelingsFit =
    draft.feelings.length <= feelingsMax && draft.feelings.every((word) => word.length <= feelingLengthMax);
  return pointFits && feelingsFit ? ok(draft) : err({ type: 'NotACheckIn' });
};

/** What a check-in keeps through its corrections. */
export interface CheckInMark {
  readonly id: SaidId;
  readonly lasting: string | undefined;
  /** Where this corrects something: when that was said. */
  readonly saidAtMs: number | null;
}

/** A check-in as a record's body holds it. */
export const checkInToBody = (checkIn: CheckIn, { id, lasting, saidAtMs }: CheckInMark): Record<string, unknown> => ({
  id: idToBytes(id),
  ...(lasting === undefined ? {} : { lasting }),
  ...(checkIn.point === null ? {} : { point: [checkIn.point.pleasantness, checkIn.point.energy] }),
  feelings: [...checkIn.feelings],
  words: checkIn.words,
  ...(checkIn.help === null ? {} : { help: checkIn.help }),
  ...(saidAtMs === null ? {} : { said: saidAtMs })
});
