/**
 * Why a link leads nowhere: what happened, what was kept, what to do. Apart from the other sentences, because the first screen needs
 * none of these.
 */
import { unreachable } from '../base/assert.ts';
import { m } from '../i18n/messages.js';

/** Why an invitation leads nowhere. */
export type InviteProblem =
  'mangled' | 'used' | 'expired' | 'refused' | 'own' | 'member' | 'device-member' | 'full' | 'name-missing';

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
