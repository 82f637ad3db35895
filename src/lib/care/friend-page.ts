/**
 * One person's check-in, opened: what they said, what friends gave back, what they said before, and what is between the
 * two of them and nobody else. Oneself is a person too: one's own card, opened.
 */
import type { DeviceId, PersonId } from '../base/ids.ts';
import { personOfDevice } from '../circle/roster.ts';
import { answersTo, byTime, type About, type Answers } from './answers.ts';
import { betweenOf, type BetweenEntry } from './between.ts';
import { heardAnswers, saidOf, type BoardFacts, type CheckInRecord, type SaidCheckIn } from './board.ts';
import { withoutEnded } from './next-one.ts';

/** A check-in with what it was answered. */
export interface OpenedCheckIn {
  readonly record: CheckInRecord;
  readonly said: SaidCheckIn;
  readonly answers: Answers;
  /** One's own, said on another device: only that one can change it or take it back (AU4). */
  readonly elsewhere?: true;
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
  const { roster, ownDevice, answers, newer } = facts;
  const known = roster.people.find(({ id }) => id === person);
  if (known === undefined) return undefined;
  const viewer = personOfDevice(roster, ownDevice);
  // Whoever opens the page of somebody they muted wants to see it.
  const heard = facts.muted.has(person) ? answers : heardAnswers(facts);
  const [opened = null, ...before] = withoutEnded(facts.checkIns, roster)
    .filter(({ device }) => personOfDevice(roster, device) === person)
    .toSorted(byTime)
    .toReversed()
    .map((record): OpenedCheckIn => {
      const said = saidOf(record, facts);
      const answers = answersTo({ about: said.about, help: said.checkIn.help }, heard, roster, viewer);
      const replies = answers.replies.map((reply) => placed(reply, ownDevice));
      const isElsewhere = person === viewer && record.device !== ownDevice;
      return { record, said, answers: { ...answers, replies }, ...(isElsewhere ? { elsewhere: true } : {}) };
    });
  return {
    person,
    name: known.name,
    own: person === viewer,
    left: known.left,
    opened,
    before,
    between: betweenOf(person, answers, roster, viewer).map((entry) => placed(entry, ownDevice)),
    newer: newer.has(person)
  };
};

/** AU4: what one said on another device of one's own is for that one to take back. */
const placed = <T extends { readonly own: boolean; readonly about: About }>(entry: T, ownDevice: DeviceId): T =>
  entry.own && entry.about.device !== ownDevice ? { ...entry, elsewhere: true } : entry;
