/**
 * End to end, on the built app, in real browsers. Each test starts its own server (`startServer` of src/relay), so that
 * one test can take a server away while another has its own.
 *
 * Projects: `chromium` runs everything but `@pair` and `@age`. With `SHOULDER_FIREFOX=1`, `firefox` runs what is tagged
 * `@firefox`, and `pair` what is tagged `@pair`: tests that open both browsers themselves (`browserLaunch`, `firefoxLaunch`).
 * With `SHOULDER_AGE=1`, `age` runs what is tagged `@age`, which needs Debian's `age`. With `SHOULDER_NETWORK=1`, `network`
 * runs what is in e2e/network, which needs coturn; and root, for networks of its own.
 */
import { join } from 'node:path';
import { defineConfig, type ReporterDescription } from '@playwright/test';
import { browserLaunch } from './tools/browser.ts';
import { whyNoNetworks } from './e2e/network/networks.ts';
import { firefoxLaunch } from './tools/firefox.ts';

const withFirefox = process.env.SHOULDER_FIREFOX === '1';
const withAge = process.env.SHOULDER_AGE === '1';
const withNetwork = process.env.SHOULDER_NETWORK === '1';
const lack = withNetwork ? whyNoNetworks() : undefined;
// This file is read again for each worker; it is said once.
if (lack !== undefined && process.env.TEST_WORKER_INDEX === undefined) {
  process.stdout.write(`Without the tests behind NAT: ${lack}\n`);
}
const reports = process.env.SHOULDER_REPORTS;
const json: ReporterDescription[] =
  reports === undefined ? [] : [['json', { outputFile: join(reports, `playwright-${process.pid}.json`) }]];

export default defineConfig({
  testDir: './e2e',
  outputDir: '../test-results',
  // Stories wait for each other's phones more than they work: two at once keep two cores busy.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // A test that fails now and then has found something. In CI it is named in the closing lines, so that nothing else waits for it.
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ...json],
  use: { trace: 'off', video: 'off', screenshot: 'off', locale: 'en-GB', reducedMotion: 'reduce' },
  projects: [
    {
      name: 'chromium',
      grepInvert: /@pair|@age/,
      testIgnore: 'network/**',
      use: { browserName: 'chromium', launchOptions: browserLaunch() }
    },
    ...(withFirefox
      ? [
          {
            name: 'firefox',
            workers: 1,
            grep: /@firefox/,
            use: { browserName: 'firefox' as const, launchOptions: firefoxLaunch() }
          },
          {
            name: 'pair',
            workers: 1,
            grep: /@pair/,
            use: { browserName: 'chromium' as const, launchOptions: browserLaunch() }
          }
        ]
      : []),
    ...(withAge
      ? [{ name: 'age', grep: /@age/, use: { browserName: 'chromium' as const, launchOptions: browserLaunch() } }]
      : []),
    ...(withNetwork
      ? [
          {
            name: 'network',
            // They share the machine's networks.
            workers: 1,
            testDir: './e2e/network',
            ...(lack === undefined ? {} : { grepInvert: /@nat/ }),
            use: { browserName: 'chromium' as const, launchOptions: browserLaunch() }
          }
        ]
      : [])
  ]
});
