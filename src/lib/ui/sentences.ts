/**
 * From codes to sentences: what happened, what was kept, what to do.
 *
 * Errors elsewhere carry a code; the words live in the catalogue and are chosen here, exhaustively.
 */
import { unreachable } from '../base/assert.ts';
import type { CheckInProblem } from '../care/check-in.ts';
import { m } from '../i18n/messages.js';

/** Why an invitation leads nowhere. */
export type InviteProblem =
  'mangled' | 'used' | 'expired' | 'refused' | 'own' | 'member' | 'device-member' | 'full' | 'name-missing';

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

export const inviteProblemSentence = (problem: InviteProblem): string => {
  switch (problem) {
    case 'mangled':
      return m.join_mangled();
    case 'used':
      return m.join_used();
    case 'expired':
      return m.join_expired();
    case 'refused':
      return m.join_refused();
    case 'own':
      return m.join_own();
    case 'member':
      return m.join_member();
    case 'device-member':
      return m.device_member();
    case 'full':
      return m.invite_full();
    case 'name-missing':
      return m.join_name_missing();
    default:
      return unreachable(problem);
  }
};

/** Why a link from another device of one's own leads nowhere. */
export const deviceLinkProblemSentence = (problem: InviteProblem): string => {
  switch (problem) {
    case 'used':
      return m.device_used();
    case 'expired':
      return m.device_expired();
    case 'refused':
      return m.device_refused();
    default:
      return inviteProblemSentence(problem);
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
