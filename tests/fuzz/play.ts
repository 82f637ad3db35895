/**
 * Feeding a target: so many inputs, each with a seed of its own, and what came of them.
 */
import type { Bytes } from '../../src/lib/base/bytes.ts';
import { Chance, seedOfInput } from './chance.ts';
import type { Target } from './target.ts';

/** An input that a decoder did not stand. */
export interface Failure {
  readonly target: string;
  readonly runSeed: number;
  /**
   * Which of the run's inputs of this target; with the seed it makes the input again. Not where a sample holds an HPKE box,
   * which is new in every run: there the bytes are what counts.
   */
  readonly input: number;
  readonly bytes: Bytes;
  readonly problem: string;
}

export interface Tally {
  readonly target: string;
  inputs: number;
  taken: number;
  refused: number;
  readonly failures: Failure[];
}

export interface Play {
  readonly runSeed: number;
  readonly inputs: number;
  /** Inputs begin at this number. */
  readonly from?: number;
  /** Called before each: whoever watches knows what hangs. */
  onInput?(input: number): void;
}

/** Inputs under way at a time: WebCrypto works beside us. */
const together = 8;
/** One is enough to know, and a few tell whether they are one. */
const failuresMax = 5;

export const inputOf = (target: Target, runSeed: number, input: number): Bytes =>
  target.make(new Chance(seedOfInput(runSeed, target.name, input)));

export const playTarget = async (target: Target, { runSeed, inputs, from = 0, onInput }: Play): Promise<Tally> => {
  const tally: Tally = { target: target.name, inputs: 0, taken: 0, refused: 0, failures: [] };
  const one = async (input: number): Promise<void> => {
    onInput?.(input);
    const bytes = inputOf(target, runSeed, input);
    tally.inputs++;
    try {
      tally[await target.feed(bytes)]++;
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      tally.failures.push({ target: target.name, runSeed, input, bytes, problem });
    }
  };
  for (let at = from; at < from + inputs && tally.failures.length < failuresMax; at += together) {
    const batch = Array.from({ length: Math.min(together, from + inputs - at) }, (_, i) => one(at + i));
    await Promise.all(batch);
  }
  return tally;
};

/** How many of `total` inputs each target gets: by its share, and a few at least. */
export const inputsOf = (all: readonly Target[], total: number): ReadonlyMap<Target, number> => {
  const shares = all.reduce((sum, { share }) => sum + share, 0);
  return new Map(all.map((target) => [target, Math.max(8, Math.round((total * target.share) / shares))]));
};
