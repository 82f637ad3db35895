/**
 * Searches everything a browser wrote into a profile folder, and everything a server heard, for what must not be there.
 *
 * A text is looked for as UTF-8, as UTF-16 in both orders, and as it stands in an address; in every file as it lies there
 * and, where it is a LevelDB table, in its blocks.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { tableBlocks } from './leveldb.ts';

/** Something to look for: a text in any of its forms, or bytes as they are. */
export type Needle = string | Uint8Array;

/** `what in which file`, for every needle that was found. */
export const searchProfile = (folder: string, needles: Readonly<Record<string, Needle>>): string[] => {
  const forms = Object.entries(needles).map(([name, needle]) => ({ name, forms: formsOf(needle) }));
  const found: string[] = [];
  for (const path of filesIn(folder)) {
    const file = whatStandsIn(path);
    const layers = /\.(ldb|sst)$/.test(path) ? [file, ...tableBlocks(file)] : [file];
    for (const { name, forms: each } of forms)
      if (layers.some((layer) => each.some((form) => layer.includes(form))))
        found.push(`${name} in ${relative(folder, path)}`);
  }
  return found;
};

/** What is found in the blocks of LevelDB tables alone: what a search through the bytes on disk may miss. */
export const inTables = (folder: string, needles: Readonly<Record<string, Needle>>): string[] => {
  const blocks = tablesIn(folder).flatMap((path) => tableBlocks(whatStandsIn(path)));
  return Object.entries(needles).flatMap(([name, needle]) =>
    blocks.some((block) => formsOf(needle).some((form) => block.includes(form))) ? [name] : []
  );
};

/** The same over texts that a server heard: as they came, and with whatever is base64 or hex in them decoded. */
export const searchHeard = (heard: readonly string[], needles: Readonly<Record<string, Needle>>): string[] => {
  const layers = heard.flatMap((text) => [
    Buffer.from(text),
    ...(text.match(/[\w+/-]{16,}/g) ?? []).flatMap((run) =>
      [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64url'))
    ),
    ...(text.match(/(?:[0-9a-f]{2}){8,}/gi) ?? []).map((run) => Buffer.from(run, 'hex'))
  ]);
  return Object.entries(needles).flatMap(([name, needle]) => {
    const forms = formsOf(needle);
    return layers.some((layer) => forms.some((form) => layer.includes(form))) ? [name] : [];
  });
};

/** How many files there are to be searched, and how many of them LevelDB tables. */
export const profileSize = (folder: string): { readonly files: number; readonly tables: number } => {
  return { files: filesIn(folder).length, tables: tablesIn(folder).length };
};

/** A browser that is open still moves its files about: one that went since it was listed holds nothing any more. */
const whatStandsIn = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
};

const tablesIn = (folder: string): string[] => filesIn(folder).filter((path) => /\.(ldb|sst)$/.test(path));

const formsOf = (needle: Needle): Buffer[] => {
  if (typeof needle !== 'string') return [Buffer.from(needle)];
  const wide = Buffer.from(needle, 'utf16le');
  return [Buffer.from(needle), wide, Buffer.from(wide).swap16(), Buffer.from(encodeURIComponent(needle))];
};

/** Plain files only: a profile also holds sockets and locks. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
