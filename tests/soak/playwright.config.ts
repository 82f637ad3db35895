/**
 * The soak: the built app on a network that comes and goes, for as long as `SHOULDER_SOAK_MINUTES` says (2 by default).
 * A config of its own, since it takes minutes and says nothing that a story of tests/e2e would.
 */
import { join } from 'node:path';
import { defineConfig, type ReporterDescription } from '@playwright/test';
import { browserLaunch } from '../tools/browser.ts';
import { soakMinutes } from './soak-time.ts';

const reports = process.env.SHOULDER_REPORTS;
const json: ReporterDescription[] =
  reports === undefined ? [] : [['json', { outputFile: join(reports, `soak-${process.pid}.json`) }]];

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  workers: 1,
  forbidOnly: true,
  retries: 0, // a flaky test is a bug
  // Coming together, the soak itself, the last calm.
  timeout: (2 * soakMinutes + 6) * 60_000,
  expect: { timeout: 60_000 },
  reporter: [['list'], ...json],
  // Without these, a step that never ends would end with the whole soak, and say nothing.
  use: {
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    browserName: 'chromium',
    launchOptions: browserLaunch()
  }
});
