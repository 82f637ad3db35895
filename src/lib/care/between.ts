/**
 * Between two: letters, thoughts and reach-outs, which only these two people can open.
 */
import type { PersonId } from '../base/ids.ts';
import { personOfDevice, type Roster } from '../circle/roster.ts';
import { aboutKey, type About } from '../records/answer-bodies.ts';
import { inOrder, type AnswerOf, type AnswerRecord } from './answers.ts';

/** Answers to "Can we talk?", in the order they are offered. */
export const reachAnswers = ['now', 'tonight', 'not-today'] as const;
export type ReachAnswer = (typeof reachAnswers)[number];

interface Entry {
  readonly about: About;
  /** The other one of the two. */
  readonly person: PersonId;
  readonly name: string;
  /** Whether the one who looks said it. */
  readonly own: boolean;
  readonly saidAtMs: number;
  /** The slot it stands in: what taking it back speaks of. */
  readonly slot: string;
  /** One's own, said on another device: only that one can take it back. */
  readonly elsewhere?: true;
}

export interface ShownLetter extends Entry {
  readonly type: 'letter';
  readonly words: string;
}

export interface ShownThought extends Entry {
  readonly type: 'thought';
}

export interface ShownReachOut extends Entry {
  readonly type: 'reach-out';
  readonly words: string;
  /** What was answered, or `null` while it was not. */
  readonly answer: ReachAnswer | null;
  /** Whoever asked says that it is all right again. */
  readonly clear: boolean;
}

export type BetweenEntry = ShownLetter | ShownThought | ShownReachOut;

/** What the one who looks and `friend` said to each other alone, oldest first. */
export const betweenOf = (
  friend: PersonId,
  records: readonly AnswerRecord[],
  roster: Roster,
  viewer: PersonId | undefined
): BetweenEntry[] => {
  const name = roster.people.find(({ id }) => id === friend)?.name;
  if (viewer === undefined || name === undefined || friend === viewer) return [];
  const authorOf = (record: AnswerRecord): PersonId | undefined => personOfDevice(roster, record.device);
  const mine = inOrder(records.filter((record) => isBetween(authorOf(record), record.to, friend, viewer)));
  const answers = mine.filter((record): record is AnswerOf<'reachAnswer'> => record.type === 'reachAnswer');
  return mine.flatMap((record): BetweenEntry[] => {
    if (record.type !== 'letter' && record.type !== 'thought' && record.type !== 'reachOut') return [];
    const { device, slot, body, time } = record;
    const about = { device, id: body.id };
    const own = authorOf(record) === viewer;
    const entry: Entry = { about, person: friend, name, own, saidAtMs: time.ms, slot };
    if (record.type === 'letter') return [{ ...entry, type: 'letter', words: record.body.words }];
    if (record.type === 'thought') return [{ ...entry, type: 'thought' }];
    // Only the one who was asked answers; the newest answer is the answer.
    const answered = answers.findLast(
      (answer) => authorOf(answer) !== authorOf(record) && aboutKey(answer.body.about) === aboutKey(about)
    );
    const answer = reachAnswers.find((known) => known === answered?.body.answer) ?? null;
    return [{ ...entry, type: 'reach-out', words: record.body.words, answer, clear: record.body.clear }];
  });
};

/** Whether the second person is to be asked now: the time has come, and the first has not said that they can. */
export const isSecondDue = (
  { answer, clear }: Pick<ShownReachOut, 'answer' | 'clear'>,
  byMs: number,
  nowMs: number
): boolean => !clear && answer !== 'now' && answer !== 'tonight' && nowMs >= byMs;

/** Whether something was said by one of the two to the other and to nobody else. */
const isBetween = (
  author: PersonId | undefined,
  to: readonly PersonId[] | null,
  friend: PersonId,
  viewer: PersonId
): boolean => {
  if (to?.length !== 1) return false;
  return (author === viewer && to[0] === friend) || (author === friend && to[0] === viewer);
};
