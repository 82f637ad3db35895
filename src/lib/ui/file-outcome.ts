/** What came of handing a file over, as one sentence. */
import { m } from '../i18n/messages.js';

/** `shared`: given to an app the person chose. `saved`: it lies with the downloads. `cancelled`: the sheet was closed. */
export type FileOutcome = 'shared' | 'saved' | 'cancelled';

export const fileOutcomeSentence = (outcome: FileOutcome): string => sentences[outcome]();

const sentences: Record<FileOutcome, () => string> = {
  shared: m.share_passed,
  saved: m.carry_saved,
  cancelled: m.carry_cancelled
};
