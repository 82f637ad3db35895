/**
 * The rules that keep the layer table, each a pure function from the whole tree to what breaks it.
 *
 * LT1 A layer imports only layers beneath it, and every folder in src/lib is a layer.
 * LT2 Components take only types and constants from the domain.
 * LT3 Files do not import each other in a circle, types included.
 * LT4 A package is named only where the table has it.
 * LT5 Only `base` asks the machine for time, timers and randomness.
 * LT6 No file is over `fileLinesMax` lines.
 * LT7 Names say something: no `utils`, `helpers`, `manager`, `common`, `misc`.
 * LT8 No barrels: no `index` files, no file that only passes on.
 * LT9 Each layer has a README.md of at most `readmeLinesMax` lines.
 * LT10 What Node runs imports with `.ts` and without aliases.
 */
import { posix } from 'node:path';
import {
  clockAndChance,
  emptyNames,
  fileLinesMax,
  layerOf,
  mayImport,
  needReadme,
  packageRules,
  readmeLinesMax,
  runByNode,
  typesAndConstantsOnly
} from './layer-table.ts';
import { parseSource, type Import, type ParsedSource, type SourceFile } from './source.ts';

export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly sentence: string;
}

/** Everything in these files that breaks a rule, in the order of the rules. Paths start at the project's top. */
export const checkTree = (files: readonly SourceFile[]): readonly Violation[] => {
  const code = files.filter(({ path }) => /\.(ts|js|svelte)$/.test(path));
  const sources = code.filter(({ path }) => path.startsWith('src/')).map(parseSource);
  const tree: Tree = { files, code, sources, byPath: new Map(sources.map((source) => [source.path, source])) };
  return [layers, constantsOnly, cycles, packages, machine, sizes, names, barrels, readmes, nodeImports].flatMap(
    (rule) => rule(tree)
  );
};

/** One line a person can act on. */
export const describeViolation = ({ rule, path, line, sentence }: Violation): string =>
  `[${rule}] ${path}:${line} ${sentence}`;

interface Tree {
  readonly files: readonly SourceFile[];
  readonly code: readonly SourceFile[];
  readonly sources: readonly ParsedSource[];
  readonly byPath: ReadonlyMap<string, ParsedSource>;
}

type Rule = (tree: Tree) => readonly Violation[];

/** An import of our own: the file meant, with or without its extension. */
const targetOf = (source: ParsedSource, { specifier }: Import): string | undefined => {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(source.path), specifier));
  return specifier === '$lib' || specifier.startsWith('$lib/') ? `src/lib${specifier.slice(4)}` : undefined;
};

const resolved = (tree: Tree, target: string): ParsedSource | undefined =>
  ['', '.ts', '.svelte.ts', '.js', '/index.ts'].map((end) => tree.byPath.get(target + end)).find(Boolean);

const violation = (rule: string, path: string, line: number, sentence: string): Violation => ({
  rule,
  path,
  line,
  sentence
});

const eachImport = (
  tree: Tree,
  visit: (source: ParsedSource, found: Import) => readonly Violation[] | Violation | undefined
): readonly Violation[] =>
  tree.sources.flatMap((source) => source.imports.flatMap((found) => visit(source, found) ?? []));

const layers: Rule = (tree) => [
  ...tree.sources
    .filter(({ path }) => path.startsWith('src/lib/') && layerOf(path) === undefined)
    .map(({ path }) => violation('LT1', path, 1, 'is in no layer of the table')),
  ...eachImport(tree, (source, found) => {
    const target = targetOf(source, found);
    const from = layerOf(source.path);
    if (target === undefined || from === undefined) return undefined;
    const to = layerOf(target);
    if (to === from || (to !== undefined && mayImport[from].includes(to))) return undefined;
    return violation('LT1', source.path, found.line, `${from} may not import ${to ?? target} (${found.specifier})`);
  })
];

const constantsOnly: Rule = (tree) =>
  eachImport(tree, (source, found) => {
    const target = targetOf(source, found);
    if (target === undefined || found.typeOnly) return undefined;
    const bound = typesAndConstantsOnly.some(([from, to]) => from === layerOf(source.path) && to === layerOf(target));
    if (!bound) return undefined;
    const constants = resolved(tree, target)?.constants ?? new Set<string>();
    return found.valueNames
      .filter((name) => !constants.has(name))
      .map((name) => violation('LT2', source.path, found.line, `takes ${name}, which is neither type nor constant`));
  });

const cycles: Rule = (tree) => {
  const violations: Violation[] = [];
  const state = new Map<ParsedSource, 'open' | 'done'>();
  const walk = (source: ParsedSource, trail: readonly ParsedSource[]): void => {
    state.set(source, 'open');
    const here = [...trail, source];
    for (const found of source.imports) {
      const target = targetOf(source, found);
      const next = target === undefined ? undefined : resolved(tree, target);
      if (next === undefined || state.get(next) === 'done') continue;
      if (state.get(next) === undefined) walk(next, here);
      else {
        const loop = [...here.slice(here.indexOf(next)), next].map(({ path }) => path).join(' → ');
        violations.push(violation('LT3', source.path, found.line, `closes a circle: ${loop}`));
      }
    }
    state.set(source, 'done');
  };
  for (const source of tree.sources) if (!state.has(source)) walk(source, []);
  return violations;
};

const packages: Rule = (tree) =>
  eachImport(tree, (source, found) => {
    const layer = layerOf(source.path);
    if (layer === undefined) return undefined;
    const broken = packageRules.some(
      (rule) =>
        rule.packages.some((name) => isPackage(found.specifier, name)) &&
        !rule.layers.includes(layer) &&
        !rule.files.includes(source.path)
    );
    return broken ? violation('LT4', source.path, found.line, `${layer} may not import ${found.specifier}`) : undefined;
  });

const isPackage = (specifier: string, name: string): boolean =>
  name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name;

const machine: Rule = (tree) =>
  tree.sources
    .filter(({ path }) => {
      const layer = layerOf(path);
      return layer === undefined || !clockAndChance.includes(layer);
    })
    .flatMap(({ path, machineUses }) =>
      machineUses.map(({ what, line }) => violation('LT5', path, line, `uses ${what}; take a Clock or a Random`))
    );

const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length;

const sizes: Rule = (tree) =>
  tree.code
    .filter(({ text }) => linesOf(text) > fileLinesMax)
    .map(({ path, text }) => violation('LT6', path, fileLinesMax, `has ${linesOf(text)} lines: find the second noun`));

const names: Rule = (tree) =>
  tree.code
    .filter(({ path }) => path.split(/[/.-]/).some((word) => emptyNames.includes(word)))
    .map(({ path }) => violation('LT7', path, 1, 'has a name that says nothing'));

const barrels: Rule = (tree) => [
  ...tree.code
    .filter(({ path }) => /\/index\.(ts|js)$/.test(path))
    .map(({ path }) => violation('LT8', path, 1, 'is a barrel: name the file for what it holds')),
  ...tree.sources
    .filter(({ onlyReExports }) => onlyReExports)
    .map(({ path }) => violation('LT8', path, 1, 'only passes on what others export'))
];

const readmes: Rule = (tree) =>
  needReadme.flatMap((layer) => {
    if (!tree.sources.some(({ path }) => layerOf(path) === layer)) return [];
    const path = layer === 'relay' ? 'src/relay/README.md' : `src/lib/${layer}/README.md`;
    const readme = tree.files.find((file) => file.path === path);
    if (readme === undefined)
      return [violation('LT9', path, 1, 'is missing: what the layer is for, imports, never does')];
    const lines = linesOf(readme.text);
    return lines > readmeLinesMax ? [violation('LT9', path, lines, `has ${lines} lines; ten are enough`)] : [];
  });

const nodeImports: Rule = (tree) =>
  eachImport(tree, (source, found) => {
    const layer = layerOf(source.path);
    if (layer === undefined || !runByNode.includes(layer)) return undefined;
    const target = targetOf(source, found);
    const runs = target === undefined ? !found.specifier.startsWith('$') : /^\..*\.ts$/.test(found.specifier);
    return runs
      ? undefined
      : violation('LT10', source.path, found.line, `Node cannot run ${found.specifier}: write ./file.ts`);
  });
