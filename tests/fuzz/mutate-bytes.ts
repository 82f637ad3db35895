/**
 * Bytes made of valid ones: flipped, cut, spliced, repeated, stretched.
 */
import { concatBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import type { Chance } from './chance.ts';

const oddBytes = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
const oddLengths = [0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1023, 1024, 1025];
/** One of these now and then: what is longer than any limit must be refused as quickly as the rest. */
const greatLengths = [16 * 1024, 16 * 1024 + 1, 48 * 1024 + 1, 70_000];

/** One of `samples`, changed one to four times; now and then it is left as it is. */
export const mutateBytes = (chance: Chance, samples: readonly Bytes[]): Bytes => {
  let bytes = chance.pick(samples);
  for (let edits = chance.below(5); edits > 0; edits--) bytes = editBytes(chance, bytes, samples);
  return bytes;
};

/** A length that is just at, or just over, what something may have. */
export const oddLength = (chance: Chance): number => chance.pick(chance.oneIn(40) ? greatLengths : oddLengths);

const editBytes = (chance: Chance, bytes: Bytes, samples: readonly Bytes[]): Bytes => {
  const at = chance.below(bytes.length + 1);
  const to = at + chance.below(Math.min(64, bytes.length - at) + 1);
  switch (chance.below(10)) {
    case 0:
    case 1:
      return withByte(bytes, at, (byte) => byte ^ (1 << chance.below(8)));
    case 2:
      return withByte(bytes, at, () => chance.pick(oddBytes));
    case 3:
      return withByte(bytes, at, (byte) => byte + (chance.oneIn(2) ? 1 : 255));
    case 4:
      return bytes.slice(0, at);
    case 5:
      return concatBytes(bytes.subarray(0, at), bytes.subarray(to));
    case 6:
      return concatBytes(bytes.subarray(0, to), bytes.subarray(at));
    case 7: {
      const other = chance.pick(samples);
      const from = chance.below(other.length + 1);
      return concatBytes(bytes.subarray(0, at), other.subarray(from, from + chance.below(64)), bytes.subarray(to));
    }
    case 8:
      return concatBytes(bytes.subarray(0, at), chance.bytes(chance.below(24)), bytes.subarray(at));
    default:
      return concatBytes(bytes, new Uint8Array(oddLength(chance)).fill(chance.pick(oddBytes)));
  }
};

const withByte = (bytes: Bytes, at: number, change: (byte: number) => number): Bytes => {
  const changed = bytes.slice();
  if (at < changed.length) changed[at] = change(changed[at] as number);
  return changed;
};
