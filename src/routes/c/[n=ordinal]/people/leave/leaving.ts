/**
 * Leaving with a last word or without: the word is a check-in like any other, and is said first.
 */
import { sayCheckIn, type CheckInError } from '$lib/app/commands/check-ins.ts';
import { leaveCircle } from '$lib/app/commands/people.ts';
import type { LocalCircle, Shoulder } from '$lib/app/shoulder.ts';
import type { WordsDraft } from '$lib/app/words-draft.svelte.ts';
import type { Result } from '$lib/base/result.ts';
import { wholeCircle } from '$lib/care/audience.ts';

/**
 * Where words go, a last word would go with them, and none is said. Where it could not be said, nothing is left. Once it is said it
 * is gone from its box, so that trying again never says it twice.
 */
export const leaveWith = async (
  app: Shoulder,
  circle: LocalCircle,
  words: 'stay' | 'go',
  lastWord: Pick<WordsDraft, 'words' | 'forget'>
): Promise<Result<void, CheckInError>> => {
  if (words === 'stay' && lastWord.words.trim() !== '') {
    const checkIn = { point: null, feelings: [], words: lastWord.words, help: null };
    const said = await sayCheckIn(app, circle, { ...checkIn, audience: wholeCircle, lasting: 'kept' });
    if (!said.ok) return said;
    await lastWord.forget();
  }
  return leaveCircle(app, circle, { words });
};
