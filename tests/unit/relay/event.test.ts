/** What is an event: its shape, its id, its signature. */
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/lib/base/result.ts';
import { isEphemeral, parseEvent, verifyEvent } from '../../../src/relay/event.ts';
import { eventTagsMax, tagValueLengthMax, tagValuesMax } from '../../../src/relay/limits.ts';
import { signEvent } from './signed-event.ts';

const good = signEvent({ content: 'é "quoted" \\ \n\t 🫶 \u2028' });

describe('parseEvent', () => {
  test('takes a good event, and only the fields it knows', () => {
    expect(unwrap(parseEvent({ ...good, extra: 'left out' }))).toEqual(good);
  });

  test.each<[string, object]>([
    ['an id that is no hex', { id: 'x'.repeat(64) }],
    ['an id in capitals', { id: good.id.toUpperCase() }],
    ['a short pubkey', { pubkey: 'ab' }],
    ['a missing sig', { sig: undefined }],
    ['a time that is text', { created_at: '1' }],
    ['a negative time', { created_at: -1 }],
    ['a time in parts of a second', { created_at: 1.5 }],
    ['a kind over 65535', { kind: 65_536 }],
    ['content that is no text', { content: {} }],
    ['tags that are no list', { tags: {} }],
    ['a tag that is no list', { tags: ['t'] }],
    ['an empty tag', { tags: [[]] }],
    ['a tag that holds a number', { tags: [['t', 1]] }],
    ['too many tags', { tags: Array.from({ length: eventTagsMax + 1 }, () => ['t', 'x']) }],
    ['a tag with too many values', { tags: [Array.from({ length: tagValuesMax + 1 }, () => 'x')] }],
    ['too long a tag value', { tags: [['t', 'x'.repeat(tagValueLengthMax + 1)]] }]
  ])('refuses %s', (_name, fields) => {
    expect(parseEvent({ ...good, ...fields }).ok).toBe(false);
  });

  test.each([null, 'text', 7, [good]])('refuses %o', (value) => {
    expect(parseEvent(value).ok).toBe(false);
  });
});

describe('verifyEvent', () => {
  test('knows a good one', () => {
    expect(verifyEvent(good).ok).toBe(true);
  });

  test.each<[string, Partial<typeof good>]>([
    ['other content', { content: 'something else' }],
    ['another time', { created_at: good.created_at + 1 }],
    ['another topic', { tags: [['t', 'elsewhere']] }],
    ['another id', { id: '0'.repeat(64) }],
    ['the signature of another event', { sig: signEvent({ content: 'another' }).sig }],
    ['an author that is no point of the curve', { pubkey: 'f'.repeat(64) }]
  ])('refuses %s', (_name, fields) => {
    expect(verifyEvent({ ...good, ...fields }).ok).toBe(false);
  });

  test('does not mistake a right id for a right signature', () => {
    const forged = signEvent({ content: 'forged' });
    expect(verifyEvent({ ...forged, sig: good.sig })).toEqual({ ok: false, error: 'the signature does not fit' });
  });
});

test.each([
  [19_999, false],
  [20_000, true],
  [22_242, false],
  [29_999, true],
  [30_000, false]
])('kind %i is ephemeral: %s', (kind, expected) => {
  expect(isEphemeral(kind)).toBe(expected);
});
