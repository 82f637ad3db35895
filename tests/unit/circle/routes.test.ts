/** Which relays a circle uses: the same for everybody, and no friend is left behind on an old one. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DeviceId, RecordHash } from '../../../src/lib/base/ids.ts';
import { reduceRoster } from '../../../src/lib/circle/epochs.ts';
import type { Roster } from '../../../src/lib/circle/roster.ts';
import { chooseRelays, routesOf, type RoutesRecord } from '../../../src/lib/circle/routes.ts';
import type { Ack } from '../../../src/lib/records/ledger.ts';
import { readRoutesBody } from '../../../src/lib/records/routes-body.ts';
import { noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, friend, type Friend } from './friends.ts';

const [here, there, elsewhere] = ['wss://here.example', 'wss://there.example', 'wss://elsewhere.example'];

let ana: Friend;
let bo: Friend;
let mia: Friend;
let roster: Roster;

beforeAll(async () => {
  const circle = await FoundedCircle.by();
  [ana, bo, mia] = (await Promise.all([0, 1, 2].map(friend))) as [Friend, Friend, Friend];
  const said = (minutes: number) => ({ time: { ms: noonMs + minutes * 60_000, count: 0 } });
  const records = await Promise.all([
    circle.genesis({ said: said(0) }),
    circle.addition(ana, bo, { inviteNumber: 1, said: said(1) }),
    circle.addition(ana, mia, { inviteNumber: 2, said: said(2) })
  ]);
  roster = reduceRoster(await Promise.all(records.map((record) => circle.statement(record))));
});

const choice = (
  author: Friend,
  { at = 0, hash = 'h', relays = [there], left = [here], seq = 7 }: Partial<Choice> = {}
): RoutesRecord => ({
  device: author.device.id,
  seq,
  time: { ms: noonMs + at, count: 0 },
  hash: hash as RecordHash,
  body: { relays, left }
});
interface Choice {
  at: number;
  hash: string;
  relays: string[];
  left: string[];
  seq: number;
}

/** Who has said that they have everything of Ana's up to a number. */
const acksOf = (...heard: (readonly [Friend, number])[]): Map<DeviceId, Ack> =>
  new Map(heard.map(([{ device }, upTo]) => [device.id, new Map([[ana.device.id, upTo]])]));

test('[RT2] where nobody chose, nothing is chosen', () => {
  expect(routesOf([], roster, new Map(), [])).toEqual({ chosen: null, left: [] });
});

test('[RT2] the latest choice counts, in any order of arrival; of two at one moment the higher hash', () => {
  const all = [
    choice(ana, { at: 1, relays: [here] }),
    choice(bo, { at: 3, hash: 'a', relays: [there] }),
    choice(mia, { at: 3, hash: 'b', relays: [elsewhere] })
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: 3 }), (records) => {
      expect(routesOf(records, roster, new Map(), []).chosen).toEqual([elsewhere]);
    })
  );
});

test('[RT2] no relay at all is a choice', () => {
  expect(routesOf([choice(ana, { relays: [], left: [] })], roster, new Map(), [])).toEqual({ chosen: [], left: [] });
});

describe('[RT3] what was left', () => {
  test('is served until everybody else has heard', () => {
    const records = [choice(ana, { seq: 7 })];
    expect(routesOf(records, roster, new Map(), []).left).toEqual([here]);
    expect(routesOf(records, roster, acksOf([bo, 7]), []).left).toEqual([here]);
    expect(routesOf(records, roster, acksOf([bo, 7], [mia, 6]), []).left).toEqual([here]);
    expect(routesOf(records, roster, acksOf([bo, 9], [mia, 7]), []).left).toEqual([]);
  });

  test('is not waited for by those who have left the circle', async () => {
    const gone = { ...roster, people: roster.people.map((one) => ({ ...one, left: one.name === 'Mia' })) };
    expect(routesOf([choice(ana)], gone, acksOf([bo, 7]), []).left).toEqual([]);
  });

  test('is served as long as an invitation stands that was made before: its link leads there', () => {
    const at = (ms: number) => ({ ms: noonMs + ms, count: 0 });
    const left = (...invited: { ms: number; count: number }[]): readonly string[] =>
      routesOf([choice(ana, { at: 5 })], roster, acksOf([bo, 7], [mia, 7]), invited).left;
    expect(left(at(4))).toEqual([here]);
    expect(left(at(9), at(4))).toEqual([here]);
    expect(left(at(5))).toEqual([]);
    expect(left(at(9))).toEqual([]);
  });

  test('is never served twice, where it was chosen again', () => {
    expect(routesOf([choice(ana, { relays: [here], left: [here, there] })], roster, new Map(), []).left).toEqual([
      there
    ]);
  });
});

describe('[RT1] a choice', () => {
  test('leaves whatever was served and is not chosen', () => {
    expect(chooseRelays([there], [here, there, elsewhere])).toEqual({ relays: [there], left: [here, elsewhere] });
    expect(chooseRelays([], [here])).toEqual({ relays: [], left: [here] });
  });

  test('however often it changes, its body stays readable', () => {
    const many = Array.from({ length: 9 }, (_, n) => `wss://relay-${n}.example`);
    expect(readRoutesBody({ ...chooseRelays([here], many) })).toBeDefined();
  });

  test.each([
    ['four relays', { relays: [here, there, elsewhere, `${here}/4`], left: [] }],
    ['no address', { relays: ['https://here.example'], left: [] }],
    ['an endless one', { relays: [`wss://${'a'.repeat(300)}`], left: [] }],
    ['nothing left said', { relays: [here] }],
    ['a word', { relays: here, left: [] }]
  ])('is refused with %s', (_, body) => {
    expect(readRoutesBody(body)).toBeUndefined();
  });

  test('may say more in a later version', () => {
    expect(readRoutesBody({ relays: [here], left: [], later: 1 })).toEqual({ relays: [here], left: [] });
  });
});
