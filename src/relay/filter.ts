/**
 * A Nostr filter: which events a subscription asks for.
 *
 * All conditions of one filter must hold; several filters in a REQ are alternatives. Fields that NIP-01 does not name
 * are ignored, as clients expect of a relay that lacks an extension. Source: NIP-01.
 */
import { err, ok, type Result } from '../lib/base/result.ts';
import { isHex32, isKind, isObject, isWhole, type NostrEvent } from './event.ts';
import { filterTagsMax, filterValuesMax, tagValueLengthMax } from './limits.ts';

/** `since` and `until` in seconds since 1970, both inclusive. `limit` bounds stored events and never live ones. */
export interface Filter {
  readonly ids?: ReadonlySet<string>;
  readonly authors?: ReadonlySet<string>;
  readonly kinds?: ReadonlySet<number>;
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
  /** Wanted values by tag letter. */
  readonly valuesByTag: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The filter in a parsed frame. Limits: `filterValuesMax`, `filterTagsMax`. The error is a sentence for the sender. */
export const parseFilter = (value: unknown): Result<Filter, string> => {
  if (!isObject(value)) return err('a filter is an object');
  const ids = parseList(value.ids, 'ids', isHex32);
  if (!ids.ok) return ids;
  const authors = parseList(value.authors, 'authors', isHex32);
  if (!authors.ok) return authors;
  const kinds = parseList(value.kinds, 'kinds', isKind);
  if (!kinds.ok) return kinds;
  const valuesByTag = parseTags(value);
  if (!valuesByTag.ok) return valuesByTag;
  const { since, until, limit } = value;
  if (since !== undefined && !isWhole(since)) return err('since is a whole number of seconds');
  if (until !== undefined && !isWhole(until)) return err('until is a whole number of seconds');
  if (limit !== undefined && !isWhole(limit)) return err('limit is a whole number');
  return ok({
    ...(ids.value === undefined ? {} : { ids: ids.value }),
    ...(authors.value === undefined ? {} : { authors: authors.value }),
    ...(kinds.value === undefined ? {} : { kinds: kinds.value }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(limit === undefined ? {} : { limit }),
    valuesByTag: valuesByTag.value
  });
};

/** Whether every condition of the filter holds for the event, `limit` aside. */
export const matchesFilter = (filter: Filter, event: NostrEvent): boolean =>
  (filter.ids?.has(event.id) ?? true) &&
  (filter.authors?.has(event.pubkey) ?? true) &&
  (filter.kinds?.has(event.kind) ?? true) &&
  event.created_at >= (filter.since ?? 0) &&
  event.created_at <= (filter.until ?? Infinity) &&
  [...filter.valuesByTag].every(([letter, wanted]) => event.tags.some((tag) => isTagWanted(tag, letter, wanted)));

const isTagWanted = (tag: readonly string[], letter: string, wanted: ReadonlySet<string>): boolean =>
  tag[0] === letter && tag[1] !== undefined && wanted.has(tag[1]);

const isTagValue = (value: unknown): value is string => typeof value === 'string' && value.length <= tagValueLengthMax;

const parseTags = (fields: Readonly<Record<string, unknown>>): Result<Filter['valuesByTag'], string> => {
  const valuesByTag = new Map<string, ReadonlySet<string>>();
  for (const [name, list] of Object.entries(fields)) {
    if (!/^#[a-zA-Z]$/.test(name)) continue;
    const values = parseList(list, name, name === '#e' || name === '#p' ? isHex32 : isTagValue);
    if (!values.ok) return values;
    if (values.value !== undefined) valuesByTag.set(name.slice(1), values.value);
  }
  return valuesByTag.size > filterTagsMax ? err(`at most ${filterTagsMax} tag conditions`) : ok(valuesByTag);
};

const parseList = <T>(
  list: unknown,
  name: string,
  isItem: (item: unknown) => item is T
): Result<ReadonlySet<T> | undefined, string> => {
  if (list === undefined) return ok(undefined);
  if (!Array.isArray(list) || list.length === 0) return err(`${name} is a list of one or more values`);
  if (list.length > filterValuesMax) return err(`at most ${filterValuesMax} values in ${name}`);
  return list.every(isItem) ? ok(new Set(list)) : err(`${name} holds a value of another form`);
};
