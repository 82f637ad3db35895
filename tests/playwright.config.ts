/**
 * End to end, on the built app, in real browsers. Each test starts its own server (`startServer` of src/relay), so that
 * one test can take a server away while another has its own.
 *
 * Projects: `chromium` runs everything but `@pair`. With `SHOULDER_FIREFOX=1`, `firefox` runs what is tagged `@firefox`,
 * and `pair` what is tagged `@pair`: tests that open both browsers themselves (`browserLaunch`, `firefoxLaunch`).
 */
import { join } from 'node:path';
import { defineConfig, type ReporterDescription } from '@playwright/test';
import { browserLaunch } from './tools/browser.ts';
import { firefoxLaunch } from './tools/firefox.ts';

const withFirefox = process.env.SHOULDER_FIREFOX === '1';
const reports = process.env.SHOULDER_REPORTS;
const json: ReporterDescription[] =
  reports === undefined ? [] : [['json', { outputFile: join(reports, `playwright-${process.pid}.json`) }]];

export default defineConfig({
  testDir: './e2e',
  outputDir: '../test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0, // a flaky test is a bug
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ...json],
  use: { trace: 'off', video: 'off', screenshot: 'off', locale: 'en-GB', reducedMotion: 'reduce' },
  projects: [
    {
      name: 'chromium',
      grepInvert: /@pair/,
      use: { browserName: 'chromium', launchOptions: browserLaunch() }
    },
    ...(withFirefox
      ? [
          {
            name: 'firefox',
            grep: /@firefox/,
            use: { browserName: 'firefox' as const, launchOptions: firefoxLaunch() }
          },
          { name: 'pair', grep: /@pair/, use: { browserName: 'chromium' as const, launchOptions: browserLaunch() } }
        ]
      : [])
  ]
});
