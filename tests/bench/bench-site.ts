/**
 * What is measured, on one origin: the production build, and beside it, under `/bench/`, the pages that fill its
 * database and those that do by hand what Shoulder does.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { chromium, type Browser, type BrowserContext } from '@playwright/test';
import { build } from 'vite';
import { startApp, type RunningApp } from '../e2e/phone.ts';
import { browserLaunch } from '../tools/browser.ts';

/** The production build; `npm run build` makes it. */
export const buildFolder = process.env.SHOULDER_BUILD ?? join(import.meta.dirname, '../../build');

export interface BenchSite {
  readonly app: RunningApp;
  readonly url: string;
  readonly browser: Browser;
  /** Address of one of the pages under tests/bench/pages. */
  page(name: 'filled' | 'raw' | 'empty' | 'picture'): string;
  close(): Promise<void>;
}

/** Serves build and pages with the real relay, and starts the browser. */
export const openBenchSite = async (): Promise<BenchSite> => {
  const dir = await mkdtemp(join(tmpdir(), 'shoulder-bench-'));
  await cp(buildFolder, dir, { recursive: true });
  await buildPages(join(dir, 'bench'));
  const app = await startApp(dir);
  const browser = await chromium.launch(browserLaunch());
  return {
    app,
    url: app.url,
    browser,
    page: (name) => `${app.url}/bench/${name}.html`,
    close: async () => {
      await browser.close();
      await app.goDown();
      await rm(dir, { recursive: true, force: true });
    }
  };
};

/** A phone with nothing on it. */
export const newPhone = (browser: Browser): Promise<BrowserContext> =>
  browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en-GB', reducedMotion: 'reduce' });

const pagesFolder = join(import.meta.dirname, 'pages');

const buildPages = async (outDir: string): Promise<void> => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: pagesFolder,
    base: './',
    plugins: [svelte({ configFile: false })],
    resolve: {
      alias: [
        { find: '$lib', replacement: join(import.meta.dirname, '../../src/lib') },
        { find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.mjs' }
      ]
    },
    build: {
      outDir,
      target: 'es2023',
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: ['filled', 'raw', 'empty', 'picture'].map((name) => join(pagesFolder, `${name}.html`))
      }
    }
  });
};
