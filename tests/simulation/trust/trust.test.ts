/**
 * Who is in, under everything that can go wrong at once, by seed.
 *
 * `npm run verify` plays short seeds: twenty at least, always the same, and as many more as fit the time. The long simulation plays
 * short ones for half of `SHOULDER_SEEDS`, the board the other half, and the full-size ones that once failed, as they were then and with WebCrypto as it is.
 * `SHOULDER_TRUST_SEEDS=40` plays exactly that many short ones, with `SHOULDER_TRUST_SIZE=full` full-size ones instead, from the
 * `SHOULDER_FIRST`-th on; `SHOULDER_SEED=17` only that one. `known-limits.ts` names those that are left out, and why.
 */
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { playSeeds, playWorld, type Programme } from '../playing.ts';
import { Stage } from '../stage.ts';
import { knownLimits } from './known-limits.ts';
import { shortSeedsFrom, TrustWorld } from './trust-world.ts';

/** Full-size seeds that found something, quick ones first. */
const pinnedSeeds: readonly number[] = [
  55, // who left was the only one that both halves of the circle ever reached
  56, // a traitor hands out later seals in an epoch that the circle went past
  49, // what a device had said that was out for a newcomer was never taken in, and what proved that it had been in with it
  12, // who knew of three epochs at once and had the keys of the first waited for ever
  69, // from one epoch the circle went on two ways, and further on both
  96, // keys are tidied up beside a traitor's longer chain of epochs
  25 // what was noted of an epoch's mailbox just after the circle had moved on kept a ledger out of the next one's
];

/** Seeds that found something since runs have clocks and calendars. */
const laterPinnedSeeds: readonly number[] = [
  10_252 // who heard late of a device had heard that its person left and took their words along, and never took it in
];

/** Short seeds that take as long as several others: they are left to the long simulation. */
const slowSeeds: readonly number[] = [
  10_001, 10_004, 10_010, 10_012, 10_015, 10_016, 10_021, 10_022, 10_026, 10_027, 10_032, 10_035
];

let stage: Stage;

beforeAll(() => {
  stage = new Stage();
  vi.spyOn(console, 'debug').mockReturnValue();
});

afterAll(() => {
  stage.strike();
  vi.restoreAllMocks();
});

test('who is in agrees on it, and nobody else reads or decides anything', async () => {
  const told = await playSeeds(programmeOf(process.env), stage, (seed) =>
    playWorld(new TrustWorld(seed, { asFound: isAsFound(seed) }), stage)
  );
  expect(told).toEqual([]);
});

/** What once failed, before there were clocks and calendars, is played as it was then. */
const isAsFound = (seed: number): boolean => pinnedSeeds.includes(seed);

const programmeOf = (env: NodeJS.ProcessEnv): Programme => {
  const { SHOULDER_SEED, SHOULDER_SEEDS, SHOULDER_TRUST_SEEDS, SHOULDER_TRUST_SIZE, SHOULDER_FIRST } = env;
  const exactly = (seeds: readonly number[]): Programme => ({ isAsFound, seeds, least: seeds.length, forMs: 0 });
  if (SHOULDER_SEED !== undefined) return exactly([Number(SHOULDER_SEED)]);
  const first = Number(SHOULDER_FIRST ?? 1);
  if (SHOULDER_TRUST_SEEDS !== undefined) {
    const count = Number(SHOULDER_TRUST_SEEDS);
    return exactly(SHOULDER_TRUST_SIZE === 'full' ? fullSeeds(count, first) : shortSeeds(count, first));
  }
  if (SHOULDER_SEEDS !== undefined)
    return exactly([...shortSeeds(Number(SHOULDER_SEEDS) / 2, 1), ...laterPinnedSeeds, ...pinnedSeeds]);
  const quick = shortSeeds(200, 1).filter((seed) => !slowSeeds.includes(seed));
  return { isAsFound, seeds: quick, least: 20, forMs: 14_000 };
};

const shortSeeds = (count: number, first: number): number[] => playable(count, shortSeedsFrom + first, []);

const fullSeeds = (count: number, first: number): number[] => playable(count, first, first > 1 ? [] : pinnedSeeds);

/** So many seeds from one on, `before` before them, without those that are known to end badly. */
const playable = (count: number, first: number, before: readonly number[]): number[] => {
  const seeds = before.slice(0, count);
  for (let seed = first; seeds.length < count; seed++)
    if (!before.includes(seed) && !knownLimits.has(seed)) seeds.push(seed);
  return seeds;
};
