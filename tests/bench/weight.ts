/**
 * What the browser has to fetch before the first check-in, read from the built files: the page's own modules, the route
 * `/`, and everything these import, but nothing that is imported later by call.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** Bytes as they travel, brotli at its best, file by file. */
export interface Weight {
  readonly firstBytes: number;
  readonly firstFiles: number;
  readonly allBytes: number;
  readonly allFiles: number;
}

/** Weighs a build. Throws where it does not look like one. */
export const weighBuild = (folder: string): Weight => {
  const root = join(folder, '_app/immutable');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(js|wasm)$/.test(file));
  const first = closureOf(root, firstModules(root, files));
  const bytesOf = (file: string): number => brotliBytes(readFileSync(join(root, file)));
  const sum = (names: readonly string[]): number => names.reduce((total, name) => total + bytesOf(name), 0);
  return { firstBytes: sum(first), firstFiles: first.length, allBytes: sum(files), allFiles: files.length };
};

/** Both entries, the outermost layout (node 0), and the page that the router's own table names for `/`. */
const firstModules = (root: string, files: readonly string[]): string[] => {
  const entries = files.filter((file) => file.startsWith('entry/'));
  const app = entries.find((file) => file.startsWith('entry/app.')) ?? '';
  const home = /["'`]\/["'`]:\[(\d+)/.exec(readFileSync(join(root, app), 'utf8'))?.[1];
  const node = (n: string): string | undefined => files.find((file) => file.startsWith(`nodes/${n}.`));
  const [layout, page] = [node('0'), home === undefined ? undefined : node(home)];
  if (layout === undefined || page === undefined) throw new Error('this is no build of the app');
  return [...entries, layout, page];
};

const closureOf = (root: string, from: readonly string[]): string[] => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = readFileSync(join(root, file), 'utf8');
    for (const [, specifier = ''] of code.matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g))
      visit(posix.join(posix.dirname(file), specifier));
  };
  from.forEach(visit);
  return [...seen];
};

const brotliBytes = (bytes: Buffer): number =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
