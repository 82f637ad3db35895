/**
 * Builds the harness page into a folder of its own, outside the app: once for each run of tests.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

/** The folder to serve, and what removes it again. */
export const buildHarness = async (): Promise<{ dir: string; remove: () => Promise<void> }> => {
  const dir = await mkdtemp(join(tmpdir(), 'shoulder-harness-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    build: { outDir: dir, emptyOutDir: true, target: 'es2023', minify: false, modulePreload: { polyfill: false } }
  });
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
};
