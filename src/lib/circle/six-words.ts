/**
 * Six words that both sides read to each other: the first 66 bits of a hash, 11 bits a word. While somebody joins it is the
 * transcript's, later that of two people's devices.
 *
 * Somebody between the two at joining would have to try about 2^66 keys to make both sides show the same words. The list is the
 * English one of BIP 39 (2048 words, no two alike in their first four letters), loaded only when words are shown.
 */
import { compareBytes, concatBytes, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import { idToBytes, type CircleId, type DeviceId, type PersonId } from '../base/ids.ts';
import { sha256 } from '../crypto/hash.ts';

/** A person by the devices they are in with. */
export interface PersonDevices {
  readonly id: PersonId;
  readonly devices: readonly DeviceId[];
}

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

/**
 * The six words of two people in a circle, the same on both their phones as long as both know the same devices of each.
 *
 * From SHA-256 over a label, the circle, and of each of the two, the one with the lower id first, how many devices they have (one
 * byte) and these devices' ids, sorted. Without the number a device could be one's own on one phone and the other's on the other,
 * and the words would be the same all the same. Order is by bytes. SW1.
 */
export const safetyWords = async (circle: CircleId, one: PersonDevices, other: PersonDevices): Promise<string[]> => {
  const both = [one, other].toSorted((a, b) => compareBytes(idToBytes(a.id), idToBytes(b.id)));
  const parts = both.flatMap(({ devices }) => {
    const ids = devices.map(idToBytes).toSorted(compareBytes);
    return [Uint8Array.of(ids.length), ...ids];
  });
  return sixWordsOf(await sha256(concatBytes(utf8ToBytes('shoulder/1 safety'), idToBytes(circle), ...parts)));
};
