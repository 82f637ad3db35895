/** The relay's time, and what a relay's refusals mean. */
import { describe, expect, test } from 'vitest';
import { eventsPerSecondMax, RelayTime } from '../../../src/lib/sync/relay-time.ts';
import { readRefusal } from '../../../src/lib/sync/relay-refusal.ts';
import { createHandClock } from '../relay/hand-clock.ts';

const clock = createHandClock();
const phoneS = clock.nowMs() / 1000;

describe('[MB5] dating events', () => {
  test('by the phone, and never before the newest that was seen', () => {
    const time = new RelayTime(clock);
    expect(time.stampS()).toBe(phoneS);
    time.seen(phoneS - 50);
    expect(time.stampS()).toBe(phoneS);
    time.seen(phoneS + 50);
    expect([time.stampS(), time.newestS, time.nowS()]).toEqual([phoneS + 50, phoneS + 50, phoneS]);
  });

  test('no second is given to more events than a page holds', () => {
    const time = new RelayTime(clock);
    const stamps = Array.from({ length: 3 * eventsPerSecondMax }, () => time.stampS());
    for (const n of [0, 1, 2]) {
      expect(stamps.filter((stamp) => stamp === phoneS + n)).toHaveLength(eventsPerSecondMax);
    }
  });

  test.each([
    ["invalid: created_at is too far ahead; this relay's time is 1600000000", 1_600_000_000],
    ['invalid: created_at 1700000009 is after 1600000900, it is 1600000000', 1_600_000_000]
  ])('by the relay that says its time: %s', (reason, relayS) => {
    const time = new RelayTime(clock);
    time.seen(phoneS + 9);
    expect(time.learn(reason, time.stampS())).toBe(true);
    expect([time.nowS(), time.stampS()]).toEqual([relayS, relayS]);
    expect(time.learn("invalid: created_at; this relay's time is 1600000001", relayS)).toBe(false);
    time.forget();
    expect(time.nowS()).toBe(phoneS);
  });

  test('by the newest mail where the relay says no time', () => {
    const time = new RelayTime(clock);
    expect(time.learn('invalid: created_at too late', phoneS)).toBe(false);
    time.seen(phoneS - 5000);
    expect(time.learn('invalid: created_at too late', phoneS)).toBe(true);
    expect(time.stampS()).toBe(phoneS - 5000);
  });

  test('by the phone again where the newest mail was dated by a liar', () => {
    const time = new RelayTime(clock);
    time.seen(phoneS + 9_000_000);
    expect(time.stampS()).toBe(phoneS + 9_000_000);
    expect(time.learn('invalid: created_at too late', phoneS + 9_000_000)).toBe(true);
    expect([time.nowS(), time.stampS(), time.newestS]).toEqual([phoneS, phoneS, phoneS]);
  });

  test.each(['blocked: this relay is full; its oldest mail expires at no time known', 'restricted: not you', ''])(
    'not by what is said of something else: "%s"',
    (reason) => {
      const time = new RelayTime(clock);
      time.seen(phoneS - 5000);
      expect(time.learn(reason, phoneS)).toBe(false);
      expect(time.nowS()).toBe(phoneS);
    }
  );
});

test.each([
  ['auth-required: sign in', { type: 'AuthRequired', reason: 'auth-required: sign in' }],
  ['rate-limited: slow down', { type: 'RateLimited', reason: 'rate-limited: slow down' }],
  ['invalid: event too large: 70000', { type: 'TooLarge' }],
  ['invalid: an event is at most 65536 bytes', { type: 'TooLarge' }],
  ['blocked: not you', { type: 'Refused', reason: 'blocked: not you' }],
  ['something', { type: 'Refused', reason: 'something' }],
  [undefined, { type: 'Refused', reason: '' }],
  [{ toString: 7 }, { type: 'Refused', reason: '' }],
  ['a\u0000b\u202ec\u2028d', { type: 'Refused', reason: 'a b c d' }]
])('[MB9] reads the refusal %j', (reason, failure) => {
  expect(readRefusal(reason)).toEqual(failure);
});
