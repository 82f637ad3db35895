/**
 * CBOR made of valid CBOR: its values changed as values, and written as no careful encoder would.
 *
 * The writer is our own, because the one under test can write neither what is not deterministic nor what is not CBOR.
 * Source: RFC 8949.
 */
import { decode } from 'cborg';
import { compareBytes, concatBytes, hexToBytes, utf8ToBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import type { Chance } from './chance.ts';
import { mutateBytes, oddLength } from './mutate-bytes.ts';
import { mutateTree, Raw } from './mutate-tree.ts';

/** Where one of `samples` is changed: three times in four as a value, else as bytes. */
export const mutateCbor = (chance: Chance, samples: readonly Bytes[]): Bytes => {
  if (chance.oneIn(4)) return mutateBytes(chance, samples);
  const value = mutateTree(chance, valueOf(chance.pick(samples)), [valueOf(chance.pick(samples))], hostileValue);
  const written = writeCbor(value, chance.oneIn(8) ? chance : undefined);
  return chance.oneIn(12) ? mutateBytes(chance, [written]) : written;
};

/** The bytes of a value; deterministic, unless `careless` says how not to be. */
export const writeCbor = (value: unknown, careless?: Chance): Bytes => {
  if (value instanceof Raw) return (value as Raw<Bytes>).written;
  if (careless?.oneIn(24)) return concatBytes(head(6, careless.below(300), careless), writeCbor(value));
  if (typeof value === 'boolean' || value === null) return Uint8Array.of(value === null ? 0xf6 : value ? 0xf5 : 0xf4);
  if (typeof value === 'number') return writeNumber(value, careless);
  if (typeof value === 'string') return concatBytes(head(3, utf8ToBytes(value).length, careless), utf8ToBytes(value));
  if (value instanceof Uint8Array) return concatBytes(head(2, value.length, careless), value);
  if (Array.isArray(value))
    return writeMany(
      4,
      (value as unknown[]).map((item) => writeCbor(item, careless)),
      careless
    );
  if (value instanceof Map) {
    const entries = [...(value as Map<unknown, unknown>)].map(
      ([key, entry]) => [writeCbor(key), writeCbor(entry, careless)] as const
    );
    const sorted = careless?.oneIn(2) ? careless.shuffled(entries) : entries.sort(([a], [b]) => compareBytes(a, b));
    return writeMany(
      5,
      sorted.map(([key, entry]) => concatBytes(key, entry)),
      careless
    );
  }
  return Uint8Array.of(0xf7);
};

const hostileHex = [
  'f7', // undefined
  'f97e00', // NaN
  'f97c00', // infinity
  'f98000', // minus zero
  'f93c00', // 1 as a float
  'fb3ff8000000000000', // 1.5, longer than it need be
  'f93e00', // 1.5
  '1b0020000000000000', // 2^53
  '1bffffffffffffffff', // 2^64 - 1
  '3bffffffffffffffff', // -2^64
  '1801', // 1 in two bytes
  '5b7fffffffffffffff00', // bytes that claim to be 2^63 - 1 long
  '7affffffff61', // text that claims 4 GB
  '9b001fffffffffffff', // a list that claims 2^53 - 1 items
  'ba7fffffff6161', // a map that claims 2^31 - 1 entries
  '9f01ff', // a list without a length
  'bf616101ff', // a map without one
  '5f4101ff', // bytes in pieces
  '7f6161ff', // text in pieces
  'ff', // an end of nothing
  'c11a514b67b0', // a tagged time
  'c249010000000000000000', // a tagged bignum
  'd9d9f7f6', // self-described
  'f8ff', // a simple value
  'f81f', // one that RFC 8949 forbids
  'fc', // reserved
  '1c',
  '62c328', // text that is no UTF-8
  '63eda080', // half a surrogate pair
  '64efbbbf61', // a byte order mark
  '60',
  '40',
  'a2616101616102', // a key twice
  'a1a080', // a map for a key
  'a1806161' // a list for one
].map((text) => new Raw(hexToBytes(text) as Bytes));

const numbers = [0, 1, -1, 100, 101, -101, 255, 256, 65_536, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1, 0.5, 1e300];
const words = [
  '',
  '__proto__',
  'constructor',
  'type',
  'ask',
  'wss://x',
  'ws://',
  'javascript:0',
  '\u202e',
  '\0',
  '\ufeff'
];

const hostileValue = (chance: Chance): unknown => {
  switch (chance.below(8)) {
    case 0:
      return chance.pick(numbers);
    case 1:
      return chance.pick(words);
    case 2:
      return chance.pick(['x', '\u00e9', '\u{1f642}']).repeat(oddLength(chance));
    case 3:
      return chance.bytes(oddLength(chance));
    case 4:
      return chance.pick<unknown>([null, true, false, [], new Map(), [[]], new Map([['', null]])]);
    case 5:
      return chance.oneIn(8) ? deep(chance) : Array.from({ length: Math.min(600, oddLength(chance)) }, () => 0);
    default:
      return chance.pick(hostileHex);
  }
};

/** Lists in lists, or maps in maps, as deep as an envelope or a letter has room for. */
const deep = (chance: Chance): Raw<Bytes> => {
  const [opening, depth] = [chance.pick(['81', 'a100', 'c1']), chance.pick([100, 5000, 15_000])];
  return new Raw(hexToBytes(`${opening.repeat(depth)}00`) as Bytes);
};

const writeNumber = (value: number, careless?: Chance): Bytes => {
  if (Number.isSafeInteger(value)) return value < 0 ? head(1, -1 - value, careless) : head(0, value, careless);
  const bytes = new Uint8Array(9);
  bytes[0] = 0xfb;
  new DataView(bytes.buffer).setFloat64(1, value);
  return bytes;
};

const writeMany = (major: number, items: readonly Bytes[], careless?: Chance): Bytes => {
  if (careless?.oneIn(16)) return concatBytes(Uint8Array.of((major << 5) | 31), ...items, Uint8Array.of(0xff));
  return concatBytes(head(major, items.length + (careless?.oneIn(24) ? 1 : 0), careless), ...items);
};

/** A head with its argument in the fewest bytes, or in more. */
const head = (major: number, argument: number, careless?: Chance): Bytes => {
  const least = argument < 24 ? 0 : argument < 256 ? 1 : argument < 65_536 ? 2 : argument < 2 ** 32 ? 4 : 8;
  const size = careless?.oneIn(12) ? careless.pick([1, 2, 4, 8].filter((each) => each >= least)) : least;
  if (size === 0) return Uint8Array.of((major << 5) | argument);
  const bytes = new Uint8Array(1 + size);
  bytes[0] = (major << 5) | (24 + Math.log2(size));
  for (let at = size, rest = argument; at > 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
};

const values = new WeakMap<Bytes, unknown>();
const valueOf = (sample: Bytes): unknown => {
  if (!values.has(sample)) values.set(sample, decode(sample, { useMaps: true }));
  return values.get(sample);
};
