/**
 * Words that open a backup: six, by chance, from the list that friends compare words by. 66 bits: whoever tries has to run
 * scrypt some 10^19 times.
 */
import type { Random } from '../../base/random.ts';
import { sixWordsOf } from '../../circle/six-words.ts';

/** Six lower-case English words, with a space between. */
export const sixWordPassphrase = async (random: Random): Promise<string> =>
  (await sixWordsOf(random.bytes(wordsBytes))).join(' ');

/** 66 bits of them are used. */
const wordsBytes = 9;
