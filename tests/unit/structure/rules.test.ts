/** Each rule refuses a small tree that breaks it and lets its lawful twin through. */
import { describe, expect, test } from 'vitest';
import { fileLinesMax, mayImport, readmeLinesMax, type Layer } from './layer-table.ts';
import { checkTree, type Violation } from './rules.ts';

/** What breaks in a tree given as path → text. Every layer's README is there unless the tree names it. */
const check = (tree: Readonly<Record<string, string>>, withReadmes = true): readonly Violation[] => {
  const layers = Object.keys(mayImport).filter((layer) => layer !== 'relay');
  const readmes = withReadmes ? ['src/relay', ...layers.map((layer) => `src/lib/${layer}`)] : [];
  const texts = { ...Object.fromEntries(readmes.map((folder) => [`${folder}/README.md`, '# it\n'])), ...tree };
  return checkTree(Object.entries(texts).map(([path, text]) => ({ path, text })));
};

const rulesBroken = (tree: Readonly<Record<string, string>>): readonly string[] =>
  check(tree).map(({ rule, path, line }) => `${rule} ${path}:${line}`);

describe('[LT1] a layer imports only layers beneath it', () => {
  const folderOf: Readonly<Record<Layer, string>> = {
    ...(Object.fromEntries(Object.keys(mayImport).map((layer) => [layer, `src/lib/${layer}`])) as Record<
      Layer,
      string
    >),
    routes: 'src/routes',
    relay: 'src/relay',
    'service-worker': 'src/service-worker'
  };
  const pairs = (Object.keys(mayImport) as Layer[]).flatMap((from) =>
    (Object.keys(mayImport) as Layer[]).filter((to) => to !== from).map((to) => [from, to] as const)
  );

  test.each(pairs)('%s → %s is as the table says', (from, to) => {
    const up = '../'.repeat(folderOf[from].split('/').length);
    const broken = rulesBroken({
      [`${folderOf[from]}/a.ts`]: `import type { B } from '${up}${folderOf[to]}/b.ts';`,
      [`${folderOf[to]}/b.ts`]: 'export type B = 1;'
    });
    const refused = broken.includes(`LT1 ${folderOf[from]}/a.ts:1`);
    expect(refused).toBe(!mayImport[from].includes(to));
  });

  test('sees every form of import', () => {
    const forms = [
      "import { b } from '../sync/b.ts';",
      "import type { B } from '../sync/b.ts';",
      "import '../sync/b.ts';",
      "export { b } from '../sync/b.ts';\nexport const a = 1;",
      "export const a = () => import('../sync/b.ts');",
      "export type A = import('../sync/b.ts').B;",
      "import { b } from '$lib/sync/b';"
    ];
    for (const form of forms) expect(rulesBroken({ 'src/lib/care/a.ts': form })).toContain('LT1 src/lib/care/a.ts:1');
  });

  test('sees both scripts of a component and its markup', () => {
    const component = [
      '<script module lang="ts">',
      "  import { a } from '../sync/a.ts';",
      '</script>',
      '<script lang="ts">',
      "  import type { B } from '../store/b.ts';",
      '</script>',
      '{#if true}',
      "  <button onclick={() => import('../crypto/c.ts')}>x</button>",
      '{/if}'
    ].join('\n');
    const path = 'src/lib/ui/card.svelte';
    expect(rulesBroken({ [path]: component })).toEqual([`LT1 ${path}:2`, `LT1 ${path}:5`, `LT1 ${path}:8`]);
  });

  test('does not take text or comments for imports', () => {
    const text = "// import { b } from '../sync/b.ts';\nexport const a = \"import '../sync/b.ts'\";";
    expect(rulesBroken({ 'src/lib/care/a.ts': text })).toEqual([]);
  });

  test('a new folder, or a file beside the folders, is refused until the table has it', () => {
    expect(rulesBroken({ 'src/lib/extra/a.ts': 'export const a = 1;' })).toEqual(['LT1 src/lib/extra/a.ts:1']);
    expect(rulesBroken({ 'src/lib/a.ts': 'export const a = 1;' })).toEqual(['LT1 src/lib/a.ts:1']);
  });
});

describe('[LT2] components take only types and constants from the domain', () => {
  const domain = [
    "export const helps = ['hear-me'] as const;",
    'export type Help = (typeof helps)[number];',
    'export const isHelp = (text: string) => text in helps;',
    'export function orderHelps() {}'
  ].join('\n');
  const breaks = (text: string): readonly string[] =>
    rulesBroken({ 'src/lib/care/help.ts': domain, 'src/lib/ui/a.ts': text });

  test.each(['{ isHelp }', '{ orderHelps as sort }', '* as help'])('refuses import %s', (names) => {
    expect(breaks(`import ${names} from '../care/help.ts';`)).toEqual(['LT2 src/lib/ui/a.ts:1']);
  });

  test.each(['{ helps }', '{ helps, type Help }', 'type { Help }', 'type { isHelp }'])('allows import %s', (names) => {
    expect(breaks(`import ${names} from '../care/help.ts';`)).toEqual([]);
  });

  test('follows the alias', () => {
    expect(breaks("import { isHelp } from '$lib/care/help';")).toEqual(['LT2 src/lib/ui/a.ts:1']);
    expect(breaks("import { helps } from '$lib/care/help';")).toEqual([]);
  });
});

describe('[LT3] no circles', () => {
  test('refuses two files that import each other, types included', () => {
    const broken = rulesBroken({
      'src/lib/care/a.ts': "import type { B } from './b.ts';\nexport type A = B;",
      'src/lib/care/b.ts': "import type { A } from './a.ts';\nexport type B = A;"
    });
    expect(broken).toEqual(['LT3 src/lib/care/b.ts:1']);
  });

  test('names the whole loop', () => {
    const [found] = check({
      'src/lib/care/a.ts': "export * as b from './b.ts';\nexport const a = 1;",
      'src/lib/care/b.ts': "export const b = () => import('./c.ts');",
      'src/lib/care/c.ts': "export type A = typeof import('./a.ts');"
    });
    expect(found?.sentence).toContain('src/lib/care/a.ts → src/lib/care/b.ts → src/lib/care/c.ts → src/lib/care/a.ts');
  });

  test('allows two ways to one file', () => {
    const broken = rulesBroken({
      'src/lib/care/a.ts': "import './b.ts';\nimport './c.ts';",
      'src/lib/care/b.ts': "import './c.ts';",
      'src/lib/care/c.ts': 'export const c = 1;'
    });
    expect(broken).toEqual([]);
  });
});

describe('[LT4] packages stay where the table has them', () => {
  test.each([
    ['svelte', 'src/lib/sync/a.ts'],
    ['svelte/store', 'src/lib/care/a.ts'],
    ['$app/navigation', 'src/lib/ui/a.ts'],
    ['$service-worker', 'src/lib/app/a.ts'],
    ['dexie', 'src/lib/app/a.ts'],
    ['dexie', 'src/lib/sync/engine.ts'],
    ['y-dexie', 'src/lib/store/a.ts'],
    ['yjs', 'src/lib/store/a.ts'],
    ['y-webrtc', 'src/lib/app/a.ts'],
    ['y-protocols/awareness', 'src/lib/app/a.ts'],
    ['lib0/encoding', 'src/lib/records/a.ts'],
    ['simple-peer/simplepeer.min.js', 'src/lib/ui/a.ts'],
    ['node:fs', 'src/lib/base/a.ts'],
    ['ws', 'src/lib/sync/a.ts'],
    ['sirv', 'src/lib/app/a.ts']
  ])('refuses %s in %s', (name, path) => {
    expect(rulesBroken({ [path]: `import type { A } from '${name}';` })).toContain(`LT4 ${path}:1`);
  });

  test.each([
    ['svelte', 'src/routes/+page.ts'],
    ['$app/navigation', 'src/routes/+page.ts'],
    ['dexie', 'src/lib/store/a.ts'],
    ['dexie', 'src/lib/sync/replica-store.ts'],
    ['y-dexie', 'src/lib/sync/replica-store.ts'],
    ['yjs', 'src/lib/sync/a.ts'],
    ['node:fs', 'src/relay/a.ts'],
    ['valibot', 'src/lib/records/a.ts'],
    ['svelte-like', 'src/lib/records/a.ts']
  ])('allows %s in %s', (name, path) => {
    expect(rulesBroken({ [path]: `import type { A } from '${name}';` })).toEqual([]);
  });
});

describe('[LT5] only base asks the machine for time and chance', () => {
  test.each([
    'export const at = Date.now();',
    'export const at = new Date();',
    'export const at = new Date;',
    'export const at = performance.now();',
    'export const luck = Math.random();',
    'export const key = crypto.getRandomValues(new Uint8Array(1));',
    'export const key = globalThis.crypto.randomUUID();',
    'setTimeout(() => undefined, 5);',
    'window.setInterval(() => undefined, 5);',
    'export const later = { after: setTimeout };'
  ])('refuses %s', (text) => {
    expect(rulesBroken({ 'src/lib/sync/a.ts': text })).toEqual(['LT5 src/lib/sync/a.ts:1']);
    expect(rulesBroken({ 'src/service-worker.ts': text })).toEqual(['LT5 src/service-worker.ts:1']);
    expect(rulesBroken({ 'src/lib/base/clock.ts': text })).toEqual([]);
  });

  test.each([
    'export const day = (atMs: number) => new Date(atMs).getDay();',
    'export interface Timers { setTimeout(): void }',
    "export const name = 'Math.random';",
    'export const at = (clock: { now(): number }) => clock.now();',
    'export type Timer = ReturnType<typeof setTimeout>;'
  ])('allows %s', (text) => {
    expect(rulesBroken({ 'src/lib/sync/a.ts': text })).toEqual([]);
  });

  test('sees the markup of a component', () => {
    const component = '<p>x</p>\n<button onclick={() => setTimeout(() => undefined, 1)}>{Date.now()}</button>';
    const path = 'src/lib/ui/a.svelte';
    expect(rulesBroken({ [path]: component })).toEqual([`LT5 ${path}:2`, `LT5 ${path}:2`]);
  });
});

test('[LT6] a file over the limit is refused, in src and in tests', () => {
  const lines = (count: number): string => '//\n'.repeat(count);
  for (const path of ['src/lib/base/a.ts', 'tests/unit/a.test.ts', 'src/lib/ui/a.svelte']) {
    const text = path.endsWith('svelte') ? (count: number) => '<br />\n'.repeat(count) : lines;
    expect(rulesBroken({ [path]: text(fileLinesMax) })).toEqual([]);
    expect(rulesBroken({ [path]: text(fileLinesMax + 1) })).toEqual([`LT6 ${path}:${fileLinesMax}`]);
  }
});

test.each(['src/lib/base/utils.ts', 'src/lib/sync/peer-manager.ts', 'tests/helpers/a.ts', 'src/lib/ui/misc/a.svelte'])(
  '[LT7] refuses the name %s',
  (path) => {
    expect(rulesBroken({ [path]: '\n' })).toEqual([`LT7 ${path}:1`]);
  }
);

test('[LT8] barrels are refused', () => {
  expect(rulesBroken({ 'src/lib/base/index.ts': 'export const a = 1;' })).toEqual(['LT8 src/lib/base/index.ts:1']);
  const inner = { 'src/lib/base/a.ts': 'export const a = 1;' };
  for (const text of ["export * from './a.ts';", "import { a } from './a.ts';\nexport { a };"])
    expect(rulesBroken({ ...inner, 'src/lib/base/all.ts': text })).toEqual(['LT8 src/lib/base/all.ts:1']);
  const lawful = "import { a } from './a.ts';\nexport const b = a + 1;\nexport { a };";
  expect(rulesBroken({ ...inner, 'src/lib/base/b.ts': lawful })).toEqual([]);
});

test('[LT9] a layer without a short README is refused', () => {
  const path = 'src/relay/README.md';
  expect(check({ 'src/relay/a.ts': 'export const a = 1;' }, false).map(({ rule }) => rule)).toEqual(['LT9']);
  const tree = (lines: number) => ({ 'src/relay/a.ts': 'export const a = 1;', [path]: 'x\n'.repeat(lines) });
  expect(rulesBroken(tree(readmeLinesMax))).toEqual([]);
  expect(rulesBroken(tree(readmeLinesMax + 1))).toEqual([`LT9 ${path}:${readmeLinesMax + 1}`]);
});

test('[LT10] what Node runs says its imports in full', () => {
  const inner = { 'src/lib/base/b.ts': 'export const b = 1;' };
  const breaks = (path: string, specifier: string): readonly string[] =>
    rulesBroken({ ...inner, [path]: `import { b } from '${specifier}';` });
  for (const specifier of ['../base/b', '../base/b.js', '$lib/base/b.ts'])
    expect(breaks('src/lib/crypto/a.ts', specifier)).toEqual(['LT10 src/lib/crypto/a.ts:1']);
  expect(breaks('src/lib/crypto/a.ts', '../base/b.ts')).toEqual([]);
  expect(breaks('src/lib/ui/a.ts', '$lib/base/b')).toEqual([]);
});
