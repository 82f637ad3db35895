/**
 * Shuffling: every order is as likely as any other.
 */
import type { Random } from './random.ts';

/** Fisher and Yates, so that a place says nothing about whose it is. For at most 256 items. */
export const shuffled = <T>(items: readonly T[], random: Random): T[] => {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = randomBelow(last + 1, random);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
};

/** A whole number under `limit` (at most 256). Bytes past the last full turn are thrown away: a remainder would favour low ones. */
const randomBelow = (limit: number, random: Random): number => {
  for (;;) {
    const [byte = 0] = random.bytes(1);
    if (byte < 256 - (256 % limit)) return byte % limit;
  }
};
