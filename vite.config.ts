import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { browserLaunch } from './tests/tools/browser.ts';

const node = { environment: 'node', testTimeout: 60_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  plugins: [
    sveltekit(),
    paraglideVitePlugin({
      project: './src/i18n/project.inlang',
      outdir: './src/lib/i18n',
      strategy: ['preferredLanguage', 'baseLocale'],
      emitTsDeclarations: true
    })
  ],
  build: { target: 'es2023' },
  test: {
    projects: [
      { extends: true, test: { ...node, name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { ...node, name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
      { extends: true, test: { ...node, name: 'simulation', include: ['tests/simulation/**/*.test.ts'], testTimeout: 3_600_000 } },
      {
        extends: true,
        test: {
          name: 'component',
          include: ['tests/component/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
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
});
