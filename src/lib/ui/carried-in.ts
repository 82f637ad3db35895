/**
 * What came of bringing something in by hand, and each of its sentences.
 */
import { m } from '../i18n/messages.js';

/** A circle that something was for. */
export interface CarriedCircle {
  /** Its local ordinal. */
  readonly n: number;
  readonly name: string;
  /** Whose words came in that were not here yet, by name; nobody where all of it was here already. */
  readonly from: readonly string[];
  /** Whether anything came in that was not here yet. */
  readonly isNews: boolean;
}

/**
 * Why something, or a part of it, did not come in. `nothing`: no bundle was found at all. `waits`: it can come in later.
 * `hostile`: it was not signed by whom it says. `unopened`: a foreign circle, or changed on its way; nobody can tell which.
 */
export type CarriedProblem = 'nothing' | 'cut' | 'newer' | 'unopened' | 'waits' | 'hostile';

export interface CarriedIn {
  readonly circles: readonly CarriedCircle[];
  readonly problems: readonly CarriedProblem[];
}

export const carriedProblemSentence = (problem: CarriedProblem): string => sentences[problem]();

const sentences: Record<CarriedProblem, () => string> = {
  nothing: m.carry_nothing,
  cut: m.carry_cut,
  newer: m.carry_newer,
  unopened: m.carry_unopened,
  waits: m.carry_waits,
  hostile: m.notice_hostile_unknown
};
