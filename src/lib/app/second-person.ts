/**
 * Whom to ask next, where the first did not answer by the time one had in mind. Kept on the asker's own device and told to
 * nobody; asking is still their own tap.
 */
import type { About } from '../care/answers.ts';
import { isSecondDue, type ShownReachOut } from '../care/between.ts';
import { aboutKey } from '../records/answer-bodies.ts';
import type { LocalCircle, Shoulder } from './shoulder.ts';
import { notesOf, without, type SecondPerson, type SideNotes } from './side-notes.ts';

export type { SecondPerson } from './side-notes.ts';

export interface DueSecond {
  readonly first: ShownReachOut;
  readonly second: SecondPerson;
}

export const keepSecond = (app: Shoulder, circle: LocalCircle, about: About, second: SecondPerson): Promise<void> =>
  notesOf(app, circle).update((notes) => ({ ...notes, seconds: { ...notes.seconds, [aboutKey(about)]: second } }));

/** They were asked, or need not be any more. */
export const forgetSecond = (app: Shoulder, circle: LocalCircle, about: About): Promise<void> =>
  notesOf(app, circle).update((notes) => ({ ...notes, seconds: without(notes.seconds, aboutKey(about)) }));

/** Those whose time has come. */
export const dueSeconds = (
  seconds: SideNotes['seconds'],
  reachOuts: readonly ShownReachOut[],
  nowMs: number
): DueSecond[] =>
  reachOuts.flatMap((first): DueSecond[] => {
    const second = first.own ? seconds[aboutKey(first.about)] : undefined;
    return second !== undefined && isSecondDue(first, second.byMs, nowMs) ? [{ first, second }] : [];
  });
