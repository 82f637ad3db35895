/**
 * Writing what was worked out from the disk as it was: crypto has no place in a transaction, and another tab may write meanwhile.
 */
import { assert } from '../base/assert.ts';

/** Somebody would have to write all the while. */
const attemptsMax = 50;

/**
 * Tries until an attempt says that it is done: each looks, in the transaction in which it writes, whether the disk is as it was when it
 * began, and writes nothing where it is not. Throws what an attempt throws.
 */
export const untilWritten = async (attempt: () => Promise<boolean>): Promise<void> => {
  for (let attempts = 0; attempts < attemptsMax; attempts++) if (await attempt()) return;
  assert(false, 'the disk rests now and then');
};
