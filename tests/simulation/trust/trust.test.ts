/**
 * Who is in, under everything that can go wrong at once, by seed.
 *
 * `npm run verify` plays a few short seeds, the same every time: about ten seconds on two cores. The long simulation plays a short seed
 * for every fifth of `SHOULDER_SEEDS`, which is how many the board plays, and the full-size ones that once failed.
 * `SHOULDER_TRUST_SEEDS=40` plays exactly that many short ones, with `SHOULDER_TRUST_SIZE=full` full-size ones instead, and
 * `SHOULDER_SEED=17` only that one. `known-limits.ts` names those that are left out, and why.
 */
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { countWork } from '../settling.ts';
import { watchFailures, type FailureWatch } from '../failures.ts';
import { knownLimits } from './known-limits.ts';
import { shortSeedsFrom, TrustWorld } from './trust-world.ts';

/** Full-size seeds that found something, quick ones first. */
const pinnedSeeds: readonly number[] = [
  49, // what a device had said that was out for a newcomer was never taken in, and what proved that it had been in with it
  12, // who knew of three epochs at once and had the keys of the first waited for ever
  96, // keys are tidied up beside a traitor's longer chain of epochs
  25 // what was noted of an epoch's mailbox just after the circle had moved on kept a ledger out of the next one's
];

/** Short seeds that take a second or two, and in which most of what can happen does. */
const quickSeeds: readonly number[] = [
  10_011, // crashes, a parted network, lies and forged votes
  10_040, // somebody is voted out, and a puppet let in
  10_012, // a phone is lost, and its owner vouched for
  10_038, // by mail alone, with a flood
  10_039, // keys are tidied up, and old things said again
  10_013, // somebody leaves, and a device is taken off
  10_035 // a newcomer is to read nothing from before, beside a rival epoch
];

let stopCounting: () => void;
let failures: FailureWatch;

beforeAll(() => {
  stopCounting = countWork();
  failures = watchFailures();
  vi.spyOn(console, 'debug').mockReturnValue();
});

afterAll(() => {
  failures.stop();
  stopCounting();
  vi.restoreAllMocks();
});

test('who is in agrees on it, and nobody else reads or decides anything', async () => {
  const only = process.env.SHOULDER_SEED;
  const startMs = performance.now();
  const seeds = only === undefined ? seedsOf(process.env) : [Number(only)];
  for (const seed of seeds) {
    const { broken, story } = await play(seed);
    const story30 = only === undefined ? story.slice(-30) : story;
    expect(broken.slice(0, 12), `seed ${seed} (SHOULDER_SEED=${seed} plays it again)\n${story30.join('\n')}`).toEqual(
      []
    );
  }
  process.stdout.write(`simulated seeds: ${seeds.join(' ')} (${Math.round(performance.now() - startMs)} ms)\n`);
});

const play = async (seed: number): Promise<{ broken: readonly string[]; story: readonly string[] }> => {
  const world = new TrustWorld(seed);
  try {
    await world.comeTogether();
    await world.live();
    await world.heal();
    return { broken: [...(await world.judge()), ...failures.take()], story: world.story };
  } catch (error) {
    const why = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    return { broken: [why, ...failures.take()], story: world.story };
  } finally {
    await world.end();
  }
};

const seedsOf = ({
  SHOULDER_SEEDS,
  SHOULDER_TRUST_SEEDS,
  SHOULDER_TRUST_SIZE
}: NodeJS.ProcessEnv): readonly number[] => {
  if (SHOULDER_TRUST_SEEDS !== undefined) {
    const count = Number(SHOULDER_TRUST_SEEDS);
    return SHOULDER_TRUST_SIZE === 'full' ? fullSeeds(count) : shortSeeds(count);
  }
  if (SHOULDER_SEEDS === undefined) return quickSeeds;
  return [...shortSeeds(Math.ceil(Number(SHOULDER_SEEDS) / 5)), ...pinnedSeeds];
};

const shortSeeds = (count: number): number[] => playable(count, shortSeedsFrom, []);

const fullSeeds = (count: number): number[] => playable(count, 0, pinnedSeeds);

/** So many seeds after one, `first` first, without those that are known to end badly. */
const playable = (count: number, from: number, first: readonly number[]): number[] => {
  const seeds = first.slice(0, count);
  for (let seed = from + 1; seeds.length < count; seed++)
    if (!first.includes(seed) && !knownLimits.has(seed)) seeds.push(seed);
  return seeds;
};
