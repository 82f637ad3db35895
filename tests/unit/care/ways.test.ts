/** By which ways friends were heard, this week and longer ago. */
import { describe, expect, test } from 'vitest';
import { friendsWays, relayNames, type HeardWay, type Way } from '../../../src/lib/care/ways.ts';
import { ana, bo, bosTablet, everybody, jo, mia, rosterOf, stranger } from './kitchen-table.ts';

const today = 20_000;
const [direct, carried]: Way[] = [{ type: 'direct' }, { type: 'carried' }];
const relay = (name: string): Way => ({ type: 'relay', name });
const heard = (device: HeardWay['device'], way: Way, daysAgo: number): HeardWay => ({
  device,
  way,
  day: today - daysAgo
});

/** Jo has left; Ana looks. */
const ways = (rows: readonly HeardWay[], here: readonly HeardWay['device'][] = []) =>
  friendsWays(rosterOf(everybody, [jo]), ana.phone, { heard: rows, here: new Set(here), today });

describe('the ways of friends', () => {
  test('are told of everyone else who is in, in roster order, heard or not', () => {
    expect(
      ways([heard(mia.phone, direct as Way, 0), heard(stranger, direct as Way, 0), heard(ana.phone, carried as Way, 0)])
    ).toEqual([
      { person: bo.person, name: 'Bo', week: [], before: [] },
      { person: mia.person, name: 'Mia', week: [direct], before: [] }
    ]);
  });

  test('are of this week for today and the six days before it, and of longer ago after that', () => {
    const [, mias] = ways([
      heard(mia.phone, relay('a.example'), 6),
      heard(mia.phone, carried as Way, 7),
      heard(mia.phone, relay('b.example'), 400)
    ]);
    expect(mias).toMatchObject({ week: [relay('a.example')], before: [relay('b.example'), carried] });
  });

  test('are of this week where a clock was set back, and the day lies ahead', () => {
    expect(ways([heard(mia.phone, direct as Way, -30)])[1]).toMatchObject({ week: [direct], before: [] });
  });

  test('stand in one order, each once, whichever device it was and whenever before', () => {
    const [bos] = ways([
      heard(bo.phone, carried as Way, 1),
      heard(bosTablet, carried as Way, 30),
      heard(bo.phone, relay('b.example'), 2),
      heard(bosTablet, relay('a.example'), 3),
      heard(bo.phone, direct as Way, 20),
      heard(bosTablet, direct as Way, 10)
    ]);
    expect(bos).toMatchObject({ week: [relay('a.example'), relay('b.example'), carried], before: [direct] });
  });

  test('are straight ones this week while connected, however long that has lasted', () => {
    expect(ways([heard(bo.phone, direct as Way, 9)], [bosTablet])[0]).toMatchObject({ week: [direct], before: [] });
    expect(ways([heard(bo.phone, direct as Way, 9)])[0]).toMatchObject({ week: [], before: [direct] });
  });
});

describe('what relays are called', () => {
  const names = (...urls: string[]) => [...relayNames(urls).values()];

  test('is their host, with a port that is unusual', () => {
    expect(names('wss://relay.example.org', 'wss://other.example:8443/relay')).toEqual([
      'relay.example.org',
      'other.example:8443'
    ]);
  });

  test('has the path where two are on one host', () => {
    expect(names('wss://a.example/one', 'wss://b.example/x', 'wss://a.example')).toEqual([
      'a.example/one',
      'b.example',
      'a.example'
    ]);
  });

  test('is the address itself where it is none, and one name for one that is there twice', () => {
    expect(names('not an address')).toEqual(['not an address']);
    expect(names('wss://a.example/one', 'wss://a.example/one')).toEqual(['a.example']);
  });
});
