/**
 * Randomness from a seed: the same seed and label give the same bytes, on every machine.
 *
 * Each device, link and choice draws from a stream of its own (`fork`), so that the order in which crypto threads finish
 * never shifts what somebody else draws. Not fit for keys outside a simulation. Source: sfc32, PractRand.
 */
import type { Bytes } from '../../src/lib/base/bytes.ts';
import type { Random } from '../../src/lib/base/random.ts';

export class SeededRandom implements Random {
  readonly #label: string;
  readonly #state: Uint32Array;

  constructor(label: string) {
    this.#label = label;
    this.#state = Uint32Array.from([hash(label, 1), hash(label, 2), hash(label, 3), 1]);
    for (let i = 0; i < 12; i++) this.#next();
  }

  /** A stream of its own, which depends on this one's label and never on what was drawn. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.#label}/${label}`);
  }

  bytes(length: number): Bytes {
    return Uint8Array.from({ length }, () => this.#next() >>> 24);
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor((this.#next() / 2 ** 32) * (to - from + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#next() / 2 ** 32 < probability;
  }

  /** One of them, or `undefined` where there are none. */
  pick<T>(among: readonly T[]): T | undefined {
    return among.length === 0 ? undefined : among[this.whole(0, among.length - 1)];
  }

  #next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const drawn = (a + b + counter) >>> 0;
    this.#state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + drawn, counter + 1]);
    return drawn;
  }
}

/** FNV-1a with a final mix. */
const hash = (text: string, salt: number): number => {
  let value = 2166136261 ^ Math.imul(salt, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
};
