/**
 * The closing lines of `.ci/run`: each test that failed or passed only when tried again, by name and with the first lines of why; then
 * "N passed, M failed". Added up from the JSON reports that Vitest and Playwright left.
 *
 * Called with the folder of reports and the number of steps that failed. A step can fail with no test failing (a lint
 * error, a file that does not load), so that M is then the number of such steps rather than a comforting zero.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

interface Outcome {
  readonly name: string;
  readonly end: 'passed' | 'failed' | 'passed when tried again';
  /** Of the first try that failed. */
  readonly why: string;
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      /** Of a test that passed when tried again, what the tries before it failed of. */
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs: readonly {
    readonly file: string;
    readonly title: string;
    readonly tests: readonly {
      readonly projectName: string;
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped';
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
}

interface PlaywrightReport {
  readonly suites: readonly PlaywrightSuite[];
}

/** Enough lines to see what was expected and what came. */
const whyLines = 12;

const ofVitest = ({ testResults }: VitestReport): Outcome[] =>
  testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages: [why = ''] }): Outcome => {
      const passed = why === '' ? 'passed' : 'passed when tried again';
      return { name: `${relative('.', file)} › ${fullName}`, end: status === 'passed' ? passed : 'failed', why };
    })
  );

const playwrightEnds = { expected: 'passed', flaky: 'passed when tried again', unexpected: 'failed' } as const;

const ofPlaywright = ({ specs, suites = [] }: PlaywrightSuite): Outcome[] => [
  ...specs.flatMap(({ file, title, tests }) =>
    tests.flatMap(({ projectName, status, results }): Outcome[] => {
      if (status === 'skipped') return [];
      const why = results.find(({ error }) => error !== undefined)?.error?.message ?? '';
      return [{ name: `${projectName} › ${file} › ${title}`, end: playwrightEnds[status], why }];
    })
  ),
  ...suites.flatMap(ofPlaywright)
];

const outcomesOf = (report: VitestReport | PlaywrightReport): Outcome[] =>
  'suites' in report ? report.suites.flatMap(ofPlaywright) : ofVitest(report);

const [folder = '', failedSteps = '0'] = process.argv.slice(2);
const outcomes = readdirSync(folder).flatMap((name) =>
  outcomesOf(JSON.parse(readFileSync(join(folder, name), 'utf8')) as VitestReport | PlaywrightReport)
);
for (const { name, end, why } of outcomes.filter((outcome) => outcome.end !== 'passed')) {
  const told = stripVTControlCharacters(why).split('\n');
  const lines = told.filter((line) => !line.includes('node_modules')).slice(0, whyLines);
  process.stdout.write(`== ${end}: ${name}\n${lines.map((line) => `   ${line}\n`).join('')}\n`);
}
const failed = outcomes.filter(({ end }) => end === 'failed').length;
process.stdout.write(`${outcomes.length - failed} passed, ${Math.max(failed, Number(failedSteps))} failed\n`);
