/**
 * `npm run simulate:reach`: how long until what one friend says has reached the others, by each route, next to the bound
 * (docs/bench.md, Reach). Takes `--seeds N`. Exit code 1 where a route misses its goal or something never arrived.
 */
import 'fake-indexeddb/auto';
import { parseArgs } from 'node:util';
import { watchFailures } from '../failures.ts';
import { countWork } from '../settling.ts';
import { failuresOf, reportReach, tableOf, type ReachReport } from './reach-report.ts';
import { playReach, type Arrival } from './reach-world.ts';
import { liveOnly, routes } from './routes.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '20' }, route: { type: 'string' } } });
const seeds = Number(values.seeds);
// y-dexie tells of every document it lets go.
console.debug = () => undefined;

const stopCounting = countWork();
const failures = watchFailures();
const reports: ReachReport[] = [];
const unseen: string[] = [];
for (const route of routes.filter(({ name }) => values.route === undefined || name === values.route)) {
  const arrivals: Arrival[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const horizonDays = route === liveOnly ? 120 : 6;
    arrivals.push(...(await playReach({ route, seed, sayings: 6, sayDays: 3, horizonDays })));
    unseen.push(...failures.take().map((failure) => `${route.name}, seed ${seed}: ${failure}`));
  }
  reports.push(reportReach(route, arrivals));
}
failures.stop();
stopCounting();

const wrong = [...reports.flatMap(failuresOf), ...unseen];
process.stdout.write(
  `5 friends, each there 3 times a day for 3 minutes; 6 check-ins in each of ${seeds} seeds\n\n${tableOf(reports)}\n\n`
);
process.stdout.write(wrong.length === 0 ? 'every goal is kept\n' : `${wrong.join('\n')}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
