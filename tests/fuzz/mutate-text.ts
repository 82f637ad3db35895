/**
 * Text made of valid text, and JSON made of valid JSON.
 */
import type { Chance } from './chance.ts';
import { mutateTree, Raw } from './mutate-tree.ts';

const odd = [
  '\0',
  ' ',
  '\n',
  '\u00ad',
  '\u200b',
  '\ufeff',
  '\ud800',
  '\udc00',
  '\u{1f642}',
  '%23c',
  '#c=',
  '#i=',
  '=',
  '+',
  '/',
  '-',
  '_'
];

/** One of `samples`, changed up to four times. */
export const mutateText = (chance: Chance, samples: readonly string[]): string => {
  let text = chance.pick(samples);
  for (let edits = chance.below(5); edits > 0; edits--) {
    const at = chance.below(text.length + 1);
    const to = at + chance.below(Math.min(40, text.length - at) + 1);
    text = editText(chance, text, at, to, samples);
  }
  return text;
};

/** The JSON of one of `samples`, changed as a value, or as text one time in five. */
export const mutateJson = (chance: Chance, samples: readonly unknown[]): string => {
  const sample = toTree(chance.pick(samples));
  if (chance.oneIn(12)) return mutateText(chance, [writeJson(sample)]);
  const written = writeJson(mutateTree(chance, sample, [toTree(chance.pick(samples))], hostileJson));
  return chance.oneIn(10) ? mutateText(chance, [written]) : written;
};

const editText = (chance: Chance, text: string, at: number, to: number, samples: readonly string[]): string => {
  const [before, after] = [text.slice(0, at), text.slice(to)];
  switch (chance.below(8)) {
    case 0:
      return before;
    case 1:
      return before + after;
    case 2:
      return text.slice(0, to) + text.slice(at);
    case 3: {
      const other = chance.pick(samples);
      const from = chance.below(other.length + 1);
      return before + other.slice(from, from + chance.below(200)) + after;
    }
    case 4:
      return before + String.fromCharCode(chance.below(65_536)) + text.slice(at + 1);
    case 5:
      return chance.oneIn(30)
        ? before + chance.pick(odd).repeat(20_000) + after
        : before + chance.pick(odd).repeat(3) + after;
    case 6:
      return `${chance.pick(samples)}${chance.pick(odd)}${text}`;
    default:
      return before + chance.pick(odd) + text.slice(at);
  }
};

const rawJson = [
  '1e999',
  '-0',
  '-1',
  '1e21',
  '9007199254740992',
  '1.5',
  '"\\ud800"',
  '"\\u0000"',
  '{"__proto__":1}',
  ''
].map((text) => new Raw(text));
const words = [
  '',
  '__proto__',
  '\u202e',
  '\0',
  'auth-required: x',
  'ws://[::1',
  '0'.repeat(64),
  '2'.repeat(10),
  'x'.repeat(1025)
];
const lengths = [0, 1, 16, 17, 64, 65, 500, 501];

const hostileJson = (chance: Chance): unknown => {
  switch (chance.below(7)) {
    case 0:
      return chance.pick([0, 1, -1, 5, 1059, 20_571, 65_535, 65_536, 2 ** 31, 2 ** 53 - 1, 1_700_000_000]);
    case 1:
      return chance.pick(words);
    case 2:
      return chance.pick<unknown>([null, true, false, [], new Map(), [[]], [null]]);
    case 3:
      return Array.from({ length: chance.pick(lengths) }, () => chance.pick(words));
    case 4:
      return chance.oneIn(12) ? new Raw('['.repeat(20_000) + ']'.repeat(20_000)) : 'y'.repeat(chance.pick(lengths));
    default:
      return chance.pick(rawJson);
  }
};

const toTree = (value: unknown): unknown => {
  if (Array.isArray(value)) return (value as unknown[]).map(toTree);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, entry]) => [key, toTree(entry)]));
};

const writeJson = (value: unknown): string => {
  if (value instanceof Raw) return (value as Raw<string>).written;
  if (Array.isArray(value)) return `[${(value as unknown[]).map(writeJson).join(',')}]`;
  if (!(value instanceof Map)) return JSON.stringify(value) ?? 'null';
  return `{${[...value].map(([key, entry]) => `${JSON.stringify(String(key))}:${writeJson(entry)}`).join(',')}}`;
};
