/** What came of handing words over, as one sentence. */
import { m } from '../i18n/messages.js';
import type { ShareOutcome } from './share.ts';

export const shareOutcomeSentence = (outcome: ShareOutcome): string => sentences[outcome]();

const sentences: Record<ShareOutcome, () => string> = {
  shared: m.share_passed,
  copied: m.share_copied,
  cancelled: m.share_cancelled,
  refused: m.share_refused
};
