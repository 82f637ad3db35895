import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { browserLaunch } from './tests/tools/browser.ts';

const node = { environment: 'node', testTimeout: 60_000, hookTimeout: 60_000 } as const;

/** Where `.ci/run` wants a report to add up; unset everywhere else. */
const reports = process.env.SHOULDER_REPORTS;
const reporters: { reporters?: Array<'default' | ['json', { outputFile: string }]> } =
  reports === undefined
    ? {}
    : { reporters: ['default', ['json', { outputFile: join(reports, `vitest-${process.pid}.json`) }]] };

/** The first screen: whatever these two import, and nothing that they load later, comes in one file. */
const firstScreen = /src\/routes\/\+(layout|page)\.svelte$/;

/** `--mode long` is `npm run simulate`: as many seeds as CI runs, where `npm run verify` takes a few. */
export default defineConfig(({ mode }) => ({
  plugins: [
    sveltekit(),
    paraglideVitePlugin({
      project: './src/i18n/project.inlang',
      outdir: './src/lib/i18n',
      strategy: ['preferredLanguage', 'baseLocale'],
      // As `npm run generate` has it; left out, development and build would write different files.
      outputStructure: 'message-modules',
      emitTsDeclarations: true
    })
  ],
  // Dexie's main entry is its ES5 build; the modern one is the same code, a fifth smaller.
  resolve: { alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.mjs' }] },
  build: {
    target: 'es2023',
    // Twenty small files compress a tenth worse than one: 91 KB before the first check-in instead of 84.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', test: firstScreen }] } } }
  },
  // `npm run dev` beside a running `npm start` borrows its relay.
  server: { proxy: { '/relay': { target: 'http://127.0.0.1:4173', ws: true } } },
  test: {
    ...reporters,
    // On two cores one of them would rest.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { extends: true, test: { ...node, name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { ...node, name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          ...node,
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
          testTimeout: 3_600_000,
          env: mode === 'long' ? { SHOULDER_SEEDS: process.env.SHOULDER_SEEDS ?? '300' } : {}
        }
      },
      {
        extends: true,
        // Found only while a test runs, they would be prepared then, and the page loaded anew under it.
        optimizeDeps: { include: ['age-encryption', 'axe-core', 'cborg', 'qr', 'valibot', 'y-webrtc', 'yjs'] },
        test: {
          name: 'component',
          include: ['tests/component/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          // As in playwright.config.ts.
          retry: process.env.CI === undefined ? 0 : 1,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: browserLaunch() }),
            instances: [{ browser: 'chromium' }]
          }
        }
      }
    ]
  }
}));
