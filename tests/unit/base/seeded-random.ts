/** Chance that is the same every time: for vectors and for tests that must be able to fail twice. */
import type { Random } from '../../../src/lib/base/random.ts';

/** Mulberry32 over a 32-bit seed. Never for keys that anybody relies on. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const nextByte = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) & 0xff;
  };
  return { bytes: (length) => Uint8Array.from({ length }, nextByte) };
};
