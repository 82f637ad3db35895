/**
 * One person's check-in, opened: what they said, what friends gave back, what they said before, and what is between the
 * two of them and nobody else. Oneself is a person too: one's own card, opened.
 */
import type { PersonId } from '../base/ids.ts';
import { personOfDevice } from '../circle/roster.ts';
import { answersTo, byTime, type Answers } from './answers.ts';
import { betweenOf, type BetweenEntry } from './between.ts';
import { heardAnswers, saidOf, type BoardFacts, type CheckInRecord, type SaidCheckIn } from './board.ts';

/** A check-in with what it was answered. */
export interface OpenedCheckIn {
  readonly record: CheckInRecord;
  readonly said: SaidCheckIn;
  readonly answers: Answers;
}

export interface FriendPage {
  readonly person: PersonId;
  readonly name: string;
  readonly own: boolean;
  readonly left: boolean;
  /** The newest check-in, or `null` where nothing was said. */
  readonly opened: OpenedCheckIn | null;
  /** What was said before and is still kept, newest first. */
  readonly before: readonly OpenedCheckIn[];
  /** Oldest first; empty for oneself. */
  readonly between: readonly BetweenEntry[];
  readonly newer: boolean;
}

/** `undefined` where nobody by that id is on the roster. */
export const makeFriendPage = (person: PersonId, facts: BoardFacts): FriendPage | undefined => {
  const { roster, ownDevice, checkIns, answers, newer } = facts;
  const known = roster.people.find(({ id }) => id === person);
  if (known === undefined) return undefined;
  const viewer = personOfDevice(roster, ownDevice);
  // Whoever opens the page of somebody they muted wants to see it.
  const heard = facts.muted.has(person) ? answers : heardAnswers(facts);
  const [opened = null, ...before] = checkIns
    .filter(({ device }) => personOfDevice(roster, device) === person)
    .toSorted(byTime)
    .toReversed()
    .map((record): OpenedCheckIn => {
      const said = saidOf(record, facts);
      return {
        record,
        said,
        answers: answersTo({ about: said.about, help: said.checkIn.help }, heard, roster, viewer)
      };
    });
  return {
    person,
    name: known.name,
    own: person === viewer,
    left: known.left,
    opened,
    before,
    between: betweenOf(person, answers, roster, viewer),
    newer: newer.has(person)
  };
};
