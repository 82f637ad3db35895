/**
 * The layer table of docs/architecture.md as data: who may import whom, and where each package may be named.
 *
 * A new layer, package or exception is a line here and an ADR. `rules.ts` reads this table and nothing else.
 */

/** A row of the table. `routes`, `relay` and `service-worker` are layers too; `i18n` is the generated catalogue. */
export type Layer =
  | 'base'
  | 'crypto'
  | 'records'
  | 'circle'
  | 'care'
  | 'store'
  | 'sync'
  | 'ui'
  | 'app'
  | 'routes'
  | 'relay'
  | 'service-worker'
  | 'i18n';

/** What each layer may import, written out in full: everything beneath, nothing beside or above. */
export const mayImport: Readonly<Record<Layer, readonly Layer[]>> = {
  base: [],
  crypto: ['base'],
  records: ['crypto', 'base'],
  circle: ['records', 'crypto', 'base'],
  care: ['circle', 'records', 'crypto', 'base'],
  store: ['circle', 'records', 'crypto', 'base'],
  sync: ['store', 'circle', 'records', 'crypto', 'base'],
  ui: ['care', 'i18n', 'base'],
  app: ['ui', 'sync', 'store', 'care', 'circle', 'records', 'crypto', 'base', 'i18n'],
  routes: ['app', 'ui', 'care', 'base', 'i18n'],
  relay: ['base'],
  'service-worker': [],
  i18n: []
};

/** Layers that Node runs as they are (the relay, simulations): their imports carry `.ts` and use no alias. */
export const runByNode: readonly Layer[] = ['base', 'crypto', 'records', 'circle', 'care', 'store', 'sync', 'relay'];

/** Imports whose first layer may name only types and constants of the second: components never decide. */
export const typesAndConstantsOnly: ReadonlyArray<readonly [from: Layer, to: Layer]> = [
  ['ui', 'care'],
  ['routes', 'care']
];

/** A package, or a family ending in `*`, and where it may be named. `files` are exceptions, one file each. */
export interface PackageRule {
  readonly packages: readonly string[];
  readonly layers: readonly Layer[];
  readonly files: readonly string[];
}

export const packageRules: readonly PackageRule[] = [
  { packages: ['svelte', 'svelte/*'], layers: ['ui', 'app', 'routes'], files: [] },
  { packages: ['$app/*'], layers: ['app', 'routes'], files: [] },
  { packages: ['$service-worker'], layers: ['service-worker'], files: [] },
  // y-dexie keeps the replicas, in a database of their own that must not load with the board.
  { packages: ['dexie'], layers: ['store'], files: ['src/lib/sync/replica-store.ts'] },
  { packages: ['y-dexie'], layers: [], files: ['src/lib/sync/replica-store.ts'] },
  {
    packages: ['yjs', 'y-webrtc', 'y-webrtc/*', 'y-protocols/*', 'lib0', 'lib0/*', 'simple-peer', 'simple-peer/*'],
    layers: ['sync'],
    files: []
  },
  { packages: ['node:*', 'ws', 'sirv'], layers: ['relay'], files: [] }
];

/** Files that hold the machine's clock and chance: everything else is given a `Clock` and a `Random`. */
export const clockAndChance: readonly Layer[] = ['base'];

/** Layers that need a README.md: their contract, in at most `readmeLinesMax` lines. */
export const needReadme: readonly Layer[] = [
  'base',
  'crypto',
  'records',
  'circle',
  'care',
  'store',
  'sync',
  'ui',
  'app',
  'relay'
];

export const readmeLinesMax = 15;
export const fileLinesMax = 400;

/** Words that name nothing; no file or folder carries them. */
export const emptyNames: readonly string[] = [
  'util',
  'utils',
  'helper',
  'helpers',
  'manager',
  'managers',
  'common',
  'misc'
];

/** The layer a source file belongs to, or undefined for one outside the table (src/app.d.ts). */
export const layerOf = (path: string): Layer | undefined => {
  const inLib = /^src\/lib\/([^/]+)\/./.exec(path)?.[1];
  const folder = inLib ?? /^src\/(routes|relay)\//.exec(path)?.[1];
  if (folder !== undefined) return folder in mayImport ? (folder as Layer) : undefined;
  return /^src\/service-worker(\.ts|\/)/.test(path) ? 'service-worker' : undefined;
};
