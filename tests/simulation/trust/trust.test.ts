/**
 * Who is in, under everything that can go wrong at once, by seed.
 *
 * `SHOULDER_SEEDS=300` plays exactly that many seeds, `SHOULDER_SEED=17` only that one; without either, as many as fit
 * the time. Seeds that once failed are pinned and always come first.
 */
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { countWork } from '../settling.ts';
import { watchFailures, type FailureWatch } from '../failures.ts';
import { TrustWorld } from './trust-world.ts';

const shortRunMs = 22_000;

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

test('trust', async () => {
  const only = process.env.SHOULDER_SEED;
  const most = process.env.SHOULDER_SEEDS;
  const startMs = performance.now();
  const played: number[] = [];
  const bad: string[] = [];
  const from = Number(process.env.SHOULDER_FROM ?? 1);
  const mayPlay = (): boolean =>
    most === undefined ? performance.now() - startMs < shortRunMs : played.length < Number(most);
  const seeds = only === undefined ? allSeeds(from) : [Number(only)].values();
  for (const seed of seeds) {
    if (played.length > 0 && !mayPlay()) break;
    const world = new TrustWorld(seed);
    const seedMs = performance.now();
    let broken: string[];
    try {
      await world.comeTogether();
      await world.live();
      await world.heal();
      broken = [...(await world.judge()), ...failures.take()];
    } catch (error) {
      broken = [error instanceof Error ? `${error.message}\n${error.stack}` : String(error), ...failures.take()];
    } finally {
      await world.end();
    }
    failures.take();
    played.push(seed);
    process.stdout.write(`seed ${seed}: ${broken.length} broken, ${Math.round(performance.now() - seedMs)} ms\n`);
    if (broken.length > 0) {
      bad.push(`seed ${seed}: ${broken.slice(0, 5).join(' | ')}`);
      if (only !== undefined) process.stdout.write(`${world.story.join('\n')}\n${broken.slice(0, 30).join('\n')}\n`);
    }
  }
  process.stdout.write(`simulated seeds: ${played.join(' ')} (${Math.round(performance.now() - startMs)} ms)\n`);
  expect(bad).toEqual([]);
});

function* allSeeds(from: number): Generator<number> {
  for (let seed = from; ; seed++) yield seed;
}
