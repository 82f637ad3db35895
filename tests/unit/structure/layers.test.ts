/** The whole tree against the layer table and the habits that a parser can see; the rules stand in `rules.ts`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkTree, describeViolation } from './rules.ts';
import type { SourceFile } from './source.ts';

const top = join(import.meta.dirname, '../../..');
const generated = 'src/lib/i18n/';

const readTree = (folder: string): SourceFile[] =>
  readdirSync(join(top, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|svelte|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(top.length + 1).replaceAll('\\', '/'), full: path }))
    .filter(({ path }) => !path.startsWith(generated))
    .map(({ path, full }) => ({ path, text: readFileSync(full, 'utf8') }));

test('[LT1–LT10] the tree keeps the layer table', () => {
  const files = [...readTree('src'), ...readTree('tests')];
  expect(files.map(({ path }) => path)).toContain('src/lib/base/clock.ts');
  expect(checkTree(files).map(describeViolation)).toEqual([]);
});
