/**
 * Randomness as an argument. The only place that asks the machine for it.
 */
import type { Bytes } from './bytes.ts';

export interface Random {
  /** `length` bytes, fit for keys when it is `systemRandom`. */
  bytes(length: number): Bytes;
}

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length))
};

/** A number in [0, 1), for jitter. */
export const randomFraction = (random: Random): number => {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
  return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32;
};

/** A whole number of milliseconds between `fromMs` and `toMs`, for spreading devices out in time. */
export const jitterMs = (random: Random, fromMs: number, toMs: number): number =>
  Math.round(fromMs + randomFraction(random) * (toMs - fromMs));
