/** By which ways a friend was heard, in words; and relays, in words. */
import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../../src/lib/base/ids.ts';
import type { FriendWays } from '../../../src/lib/care/ways.ts';
import { probeSentence, relaySentence } from '../../../src/lib/ui/shown-relays.ts';
import { friendWaysParts } from '../../../src/lib/ui/way-words.ts';

const said = (ways: Partial<FriendWays>): string[] =>
  friendWaysParts({ person: 'mia' as PersonId, name: 'Mia', week: [], before: [], ...ways }).map((parts) =>
    parts.map(({ text }) => text).join('')
  );

describe('a friend', () => {
  test('was heard by several ways, and longer ago by others', () => {
    expect(
      said({ week: [{ type: 'direct' }, { type: 'relay', name: 'relay.example.org' }], before: [{ type: 'carried' }] })
    ).toEqual(['Mia: straight from phone to phone and by relay.example.org, this week.', 'Longer ago by hand.']);
  });

  test('was heard longer ago, or not yet', () => {
    expect(said({ before: [{ type: 'carried' }] })).toEqual(['Mia: by hand, longer ago.']);
    expect(said({})).toEqual(["Nothing of Mia's has come in yet."]);
  });

  test('has a name that stays a name', () => {
    const [parts] = friendWaysParts({
      person: 'x' as PersonId,
      name: '\u202Elive, this week.',
      week: [{ type: 'direct' }],
      before: []
    });
    expect(parts?.[0]).toEqual({ text: 'live, this week.', isName: true });
  });
});

describe('a relay', () => {
  test('says no in its own words, or without any', () => {
    expect(relaySentence({ state: 'refused', reason: 'blocked: members only' })).toEqual({
      sentence: 'It says no:',
      quote: 'blocked: members only'
    });
    expect(relaySentence({ state: 'refused', reason: '' })).toEqual({
      sentence: 'It says no, and not why.',
      quote: ''
    });
    expect(relaySentence({ state: 'open', reason: 'left from before' })).toEqual({ sentence: 'Open.', quote: '' });
  });

  test('that was tried is named, and quoted only where it said no', () => {
    const probe = { name: 'relay.example.org', reason: 'because' };
    expect(probeSentence({ ...probe, state: 'refused' })).toEqual({
      sentence: 'relay.example.org takes nothing from us:',
      quote: 'because'
    });
    expect(probeSentence({ ...probe, state: 'refused', reason: '' }).sentence).toBe(
      "relay.example.org takes nothing from us, and doesn't say why."
    );
    expect(probeSentence({ ...probe, state: 'loses' })).toEqual({
      sentence: 'relay.example.org takes letters and loses them.',
      quote: ''
    });
  });
});
