/**
 * Values changed as values: a field gone, doubled, renamed, exchanged with another sample's, or out of all proportion.
 *
 * For CBOR and JSON alike. Maps and objects are `Map`s here; what can be written but not held as a value is `Raw`.
 */
import type { Chance } from './chance.ts';

/** Stands for itself in whatever is written: bytes in CBOR, text in JSON. */
export class Raw<T> {
  readonly written: T;
  constructor(written: T) {
    this.written = written;
  }
}

/** A value that no decoder should have trouble with, and many have had. */
export type Hostile = (chance: Chance) => unknown;

interface Place {
  readonly value: unknown;
  /** Puts another value there; without one it is taken out of what holds it. */
  put(replacement?: readonly [unknown]): void;
}

/** A copy of `value`, changed one to three times. `donors`: values that a part may come from. */
export const mutateTree = (chance: Chance, value: unknown, donors: readonly unknown[], hostile: Hostile): unknown => {
  const root = { value: copyOf(value) };
  for (let edits = 1 + chance.below(3); edits > 0; edits--) editTree(chance, root, donors, hostile);
  return root.value;
};

const editTree = (chance: Chance, root: { value: unknown }, donors: readonly unknown[], hostile: Hostile): void => {
  const place = chance.pick(placesOf(root));
  const donated = (): unknown => copyOf(chance.pick(placesOf({ value: chance.pick(donors) })).value);
  switch (chance.below(9)) {
    case 0:
    case 1:
      return place.put([hostile(chance)]);
    case 2:
      return place.put();
    case 3:
      return place.put([donated()]);
    case 4:
    case 5:
      return place.put([tweaked(chance, place.value)]);
    case 6:
      return place.put([chance.oneIn(2) ? [place.value] : new Map([['a', place.value]])]);
    default:
      return grow(chance, place.value, chance.oneIn(2) ? donated() : hostile(chance));
  }
};

/** Something more in a list or a map: a copy of what is there, or under a name that means something to objects. */
const grow = (chance: Chance, value: unknown, more: unknown): void => {
  if (Array.isArray(value)) {
    const list = value as unknown[];
    list.splice(
      chance.below(list.length + 1),
      0,
      list.length > 0 && chance.oneIn(2) ? copyOf(chance.pick(list)) : more
    );
  } else if (value instanceof Map) {
    const map = value as Map<unknown, unknown>;
    const keys = [...map.keys()];
    const key = chance.pick<unknown>([
      ...keys,
      '__proto__',
      'constructor',
      'length',
      'toString',
      'type',
      '',
      0,
      -1,
      12
    ]);
    map.set(key, keys.length > 0 && chance.oneIn(3) ? copyOf(map.get(chance.pick(keys))) : more);
  }
};

/** The same, a little different. */
const tweaked = (chance: Chance, value: unknown): unknown => {
  if (typeof value === 'number') return value + chance.pick([-1, 1, 0.5, -value, 2 ** 32, 2 ** 53]);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') {
    const at = chance.below(value.length + 1);
    return (
      value.slice(0, at) + chance.pick(['', 'x', '\0', '\u{1f642}', '\ufeff', ' ']) + value.slice(at + chance.below(2))
    );
  }
  if (value instanceof Uint8Array) {
    const bytes = value.slice(0, value.length - chance.below(2));
    const at = chance.below(bytes.length);
    if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << chance.below(8));
    return bytes;
  }
  if (Array.isArray(value)) return chance.shuffled(value as unknown[]);
  if (value instanceof Map)
    return new Map(chance.shuffled([...value.keys()]).map((key, i) => [key, [...value.values()][i]]));
  return value;
};

/** Every value within, by where it stands. A key's place takes the key for its value. */
const placesOf = (root: { value: unknown }): Place[] => {
  const places: Place[] = [];
  const visit = (value: unknown, put: Place['put']): void => {
    places.push({ value, put });
    if (Array.isArray(value)) {
      const list = value as unknown[];
      list.forEach((item, i) => visit(item, (to) => void list.splice(i, 1, ...(to ?? []))));
    } else if (value instanceof Map) {
      const map = value as Map<unknown, unknown>;
      for (const [key, entry] of map) {
        visit(entry, (to) => void (to === undefined ? map.delete(key) : map.set(key, to[0])));
        places.push({ value: key, put: (to) => void (map.delete(key) && to !== undefined && map.set(to[0], entry)) });
      }
    }
  };
  visit(root.value, (to) => (root.value = to?.[0]));
  return places;
};

const copyOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return (value as unknown[]).map(copyOf);
  if (value instanceof Map) return new Map([...value].map(([key, entry]) => [copyOf(key), copyOf(entry)]));
  return value;
};
