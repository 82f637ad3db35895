/**
 * Why something could not be said or kept, as the catalogue's sentence.
 */
import type { AnswerError } from '$lib/app/commands/answers.ts';
import type { CheckInError } from '$lib/app/commands/check-ins.ts';
import { m } from '$lib/i18n/messages';
import { plainName } from '$lib/ui/names.ts';
import { checkInProblemSentence, keepProblemSentence } from '$lib/ui/sentences.ts';

export const sayErrorSentence = (error: CheckInError | AnswerError): string => {
  switch (error.type) {
    case 'StorageFull':
      return keepProblemSentence('storage-full');
    case 'StorageRefused':
      return keepProblemSentence('storage-refused');
    case 'NewerDatabase':
      return keepProblemSentence('storage-lost');
    case 'TooLarge':
    case 'WordsTooLong':
      return m.problem_words_too_long();
    case 'NotACheckIn':
      return checkInProblemSentence(error);
    case 'Retired':
      return m.problem_retired();
    case 'HasLeft':
      return m.problem_has_left({ name: plainName(error.name) });
    case 'NoKeyYet':
      return m.problem_no_key_yet({ name: plainName(error.name) });
    case 'NoLongerThere':
      return m.problem_no_longer_there();
    case 'AdviceClosed':
      return m.problem_advice_closed();
    case 'NothingToSay':
      return m.problem_no_words();
  }
};
