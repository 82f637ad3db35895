/** Filters by the book: NIP-01. */
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/lib/base/result.ts';
import { matchesFilter, parseFilter } from '../../../src/relay/filter.ts';
import { filterTagsMax, filterValuesMax, tagValueLengthMax } from '../../../src/relay/limits.ts';
import { author, signEvent } from './signed-event.ts';

const event = signEvent({
  created_at: 1000,
  tags: [['t', 'room', 'more'], ['t', 'second'], ['p', 'a'.repeat(64)], ['alone'], ['x']]
});
const other = 'f'.repeat(64);

describe('matches', () => {
  test.each<[string, object, boolean]>([
    ['everything without conditions', {}, true],
    ['its id', { ids: [other, event.id] }, true],
    ['not another id', { ids: [other] }, false],
    ['its author', { authors: [author] }, true],
    ['not another author', { authors: [other] }, false],
    ['its kind', { kinds: [1, 20_571] }, true],
    ['not another kind', { kinds: [1] }, false],
    ['a tag value', { '#t': ['elsewhere', 'room'] }, true],
    ['a later tag of the same letter', { '#t': ['second'] }, true],
    ['not a third value of a tag', { '#t': ['more'] }, false],
    ['not a tag value under another letter', { '#x': ['room'] }, false],
    ['letters of either case apart', { '#T': ['room'] }, false],
    ['two tags that both fit', { '#t': ['room'], '#p': ['a'.repeat(64)] }, true],
    ['not two tags of which one fits', { '#t': ['room'], '#p': [other] }, false],
    ['since its second', { since: 1000 }, true],
    ['not since a second later', { since: 1001 }, false],
    ['until its second', { until: 1000 }, true],
    ['not until a second earlier', { until: 999 }, false],
    ['live events whatever the limit', { limit: 0 }, true],
    ['all conditions together', { ids: [event.id], kinds: [20_571], '#t': ['room'], since: 1, until: 2000 }, true],
    ['not where one of them fails', { ids: [event.id], kinds: [20_571], '#t': ['room'], since: 1, until: 2 }, false],
    ['beside fields of extensions it does not know', { search: 'sun', '#long': ['x'], '&t': ['y'] }, true]
  ])('%s', (_name, filter, expected) => {
    expect(matchesFilter(unwrap(parseFilter(filter)), event)).toBe(expected);
  });
});

describe('refuses', () => {
  const letters = 'abcdfghijklmn'.split('');
  test.each<[string, unknown]>([
    ['what is no object', 'all'],
    ['null', null],
    ['a list', []],
    ['an empty list', { ids: [] }],
    ['a list that is none', { authors: author }],
    ['a short id', { ids: ['ab'] }],
    ['an id in capitals', { ids: ['A'.repeat(64)] }],
    ['an author that is no text', { authors: [7] }],
    ['a kind that is text', { kinds: ['1'] }],
    ['a kind over 65535', { kinds: [65_536] }],
    ['a negative kind', { kinds: [-1] }],
    ['a tag value that is no text', { '#t': [1] }],
    ['an e tag that is no id', { '#e': ['room'] }],
    ['a p tag that is no key', { '#p': ['room'] }],
    ['since as text', { since: '1000' }],
    ['until in parts of a second', { until: 1.5 }],
    ['a negative limit', { limit: -1 }],
    ['too many values', { kinds: Array.from({ length: filterValuesMax + 1 }, (_, kind) => kind) }],
    ['too long a value', { '#t': ['x'.repeat(tagValueLengthMax + 1)] }],
    ['too many tags', Object.fromEntries(letters.slice(0, filterTagsMax + 1).map((letter) => [`#${letter}`, ['x']]))]
  ])('%s', (_name, filter) => {
    expect(parseFilter(filter).ok).toBe(false);
  });

  test('nothing that is just within its limits', () => {
    const values = Array.from({ length: filterValuesMax }, (_, n) => `${n}`.padEnd(tagValueLengthMax, '.'));
    expect(parseFilter({ '#t': values }).ok).toBe(true);
  });
});
