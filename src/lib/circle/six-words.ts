/**
 * Six words that both sides read to each other: the first 66 bits of the transcript's hash, 11 bits a word.
 *
 * Somebody between the two would have to try about 2^66 keys to make both sides show the same words. The list is the
 * English one of BIP 39 (2048 words, no two alike in their first four letters), loaded only when words are shown.
 */
import type { Bytes } from '../base/bytes.ts';

export const sixWordsBits = 66;
const wordBits = 11n;

/** Six lower-case words from a hash of at least 9 bytes. */
export const sixWordsOf = async (hash: Bytes): Promise<string[]> => {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  let bits = 0n;
  for (const byte of hash.subarray(0, 9)) bits = (bits << 8n) | BigInt(byte);
  bits >>= 72n - BigInt(sixWordsBits);
  return Array.from({ length: 6 }, (_, i) => {
    const index = Number((bits >> (wordBits * BigInt(5 - i))) & 2047n);
    return wordlist[index] as string;
  });
};
