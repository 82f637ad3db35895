/**
 * The goal of `npm run simulate:reach`, guarded by a seed of each route that has one.
 */
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { watchFailures, type FailureWatch } from '../failures.ts';
import { countWork } from '../settling.ts';
import { failuresOf, reportReach } from './reach-report.ts';
import { playReach } from './reach-world.ts';
import { routes } from './routes.ts';

let stopCounting: () => void;
let failures: FailureWatch;

beforeAll(() => {
  stopCounting = countWork();
  failures = watchFailures();
  // y-dexie tells of every document it lets go.
  vi.spyOn(console, 'debug').mockReturnValue();
});

afterAll(() => {
  failures.stop();
  stopCounting();
  vi.restoreAllMocks();
});

test.each(routes.filter(({ hasGoal }) => hasGoal))(
  'by $name, what is said is there when the next phone wakes',
  async (route) => {
    const arrivals = await playReach({ route, seed: 3, sayings: 3, sayDays: 1, horizonDays: 3 });
    expect(arrivals).toHaveLength(3);
    expect([...failuresOf(reportReach(route, arrivals)), ...failures.take()]).toEqual([]);
  }
);
