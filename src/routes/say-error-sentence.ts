/**
 * Why something could not be said or kept, as the catalogue's sentence.
 */
import type { CheckInError } from '$lib/app/commands/check-ins.ts';
import { checkInProblemSentence, keepProblemSentence } from '$lib/ui/sentences.ts';

export const sayErrorSentence = (error: CheckInError): string => {
  switch (error.type) {
    case 'StorageFull':
      return keepProblemSentence('storage-full');
    case 'StorageRefused':
      return keepProblemSentence('storage-refused');
    case 'NewerDatabase':
      return keepProblemSentence('storage-lost');
    case 'TooLarge':
      return checkInProblemSentence({ type: 'WordsTooLong', lengthMax: 0 });
    case 'WordsTooLong':
    case 'NotACheckIn':
      return checkInProblemSentence(error);
  }
};
