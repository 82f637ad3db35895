/**
 * The last line of `.ci/run`: "N passed, M failed", added up from the JSON reports that Vitest and Playwright left.
 *
 * Called with the folder of reports and the number of steps that failed. A step can fail with no test failing (a lint
 * error, a file that does not load), so that M is then the number of such steps rather than a comforting zero.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
}

const tallyOf = (report: VitestReport | PlaywrightReport): Tally =>
  'stats' in report
    ? { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky }
    : { passed: report.numPassedTests, failed: report.numFailedTests };

const [folder = '', failedSteps = '0'] = process.argv.slice(2);
const tallies = readdirSync(folder).map((name) =>
  tallyOf(JSON.parse(readFileSync(join(folder, name), 'utf8')) as VitestReport | PlaywrightReport)
);
const passed = tallies.reduce((total, tally) => total + tally.passed, 0);
const failedTests = tallies.reduce((total, tally) => total + tally.failed, 0);
process.stdout.write(`${passed} passed, ${Math.max(failedTests, Number(failedSteps))} failed\n`);
