/**
 * From codes to sentences: what happened, what was kept, what to do.
 *
 * Errors elsewhere carry a code; the words live in the catalogue and are chosen here, exhaustively.
 */
import { unreachable } from '../base/assert.ts';
import type { CheckInProblem } from '../care/check-in.ts';
import { m } from '../i18n/messages.js';

/** Why something could not be kept or said. */
export type KeepProblem = 'storage-full' | 'storage-refused' | 'storage-lost' | 'not-said';

export const checkInProblemSentence = (problem: CheckInProblem): string => {
  switch (problem.type) {
    case 'WordsTooLong':
      return m.problem_words_too_long();
    case 'NotACheckIn':
      return m.problem_not_a_check_in();
    default:
      return unreachable(problem);
  }
};

export const keepProblemSentence = (problem: KeepProblem): string => {
  switch (problem) {
    case 'storage-full':
      return m.notice_storage_full();
    case 'storage-refused':
      return m.notice_storage_refused();
    case 'storage-lost':
      return m.notice_storage_lost();
    case 'not-said':
      return m.notice_not_said();
    default:
      return unreachable(problem);
  }
};
