/** What `instance.json` may say, and what becomes of what it may not. */
import { describe, expect, test } from 'vitest';
import { toConfiguration } from '../../../src/lib/app/instance.ts';

const base = new URL('https://friends.example/shoulder/');
const read = (text: unknown) => toConfiguration(text, base);
const iceServersOf = (...iceServers: unknown[]) => read({ iceServers }).iceServers;
const login = { username: 'ana', credential: 'secret' };
const nothing = { relays: [], iceServers: [], iceTransportPolicy: 'all' };

test.each([
  [null],
  [7],
  ['relays'],
  [[]],
  [{}],
  [{ relays: 'wss://relay.example' }],
  [{ iceServers: { urls: 'stun:a' } }]
])('%j says nothing', (text) => {
  expect(read(text)).toEqual({ ...read(text), ...nothing });
});

describe('relays', () => {
  test('are absolute, in one form, once each, and relative ones start at the app', () => {
    const relays = ['./relay', 'wss://Relay.Example/', 'https://friends.example/shoulder/relay', '/other'];
    expect(read({ relays }).relays).toEqual([
      'wss://friends.example/shoulder/relay',
      'wss://relay.example',
      'wss://friends.example/other'
    ]);
    expect(toConfiguration({ relays: ['./relay'] }, new URL('http://localhost:4173/')).relays).toEqual([
      'ws://localhost:4173/relay'
    ]);
  });

  test('one that is none is passed over, and the others count', () => {
    const broken = [
      7,
      null,
      'ftp://relay.example',
      'wss://ana:secret@relay.example',
      'wss://',
      'https://[',
      ['./relay']
    ];
    expect(read({ relays: [...broken, 'wss://relay.example'] }).relays).toEqual(['wss://relay.example']);
    expect(read({ relays: [`wss://relay.example/${'x'.repeat(200)}`] }).relays).toEqual([]);
  });

  test('are eight at most', () => {
    const relays = Array.from({ length: 12 }, (_, i) => `wss://relay${i}.example`);
    expect(read({ relays }).relays).toEqual(relays.slice(0, 8));
  });
});

/** Also tried on real browsers: tests/component/ice-servers.test.ts. */
describe('ICE servers', () => {
  test.each([
    ['stun:stun.example'],
    ['stun:stun.example:3478'],
    ['stuns:stun.example:5349'],
    ['stun:192.0.2.7:65535'],
    ['stun:[2001:db8::7]:3478'],
    ['stun:[2001:db8::7]']
  ])('%s is asked where we are', (url) => {
    expect(iceServersOf({ urls: url, ...login })).toEqual([{ urls: [url] }]);
  });

  test.each([
    ['turn:turn.example'],
    ['turn:turn.example:3478?transport=udp'],
    ['turns:turn.example:443?transport=tcp'],
    ['turn:[2001:db8::7]:3478?transport=tcp']
  ])('%s takes name and password', (url) => {
    expect(iceServersOf({ urls: url, ...login })).toEqual([{ urls: [url], ...login }]);
  });

  test.each([
    ['https://stun.example'],
    ['stun://stun.example'],
    ['stun:'],
    ['stun:stun.example:0'],
    ['stun:stun.example:65536'],
    ['stun:stun.example:'],
    ['stun:stun.example?transport=udp'],
    ['turn:turn.example?transport=tls'],
    ['turn:turn.example?transport=udp&x=1'],
    ['turn:ana@turn.example'],
    ['turn:turn.example/path'],
    [' turn:turn.example'],
    ['turn:turn.example\n'],
    ['TURN:turn.example'],
    [`stun:${'x'.repeat(300)}`],
    [7],
    [{}]
  ])('%j is passed over, and the others count', (url) => {
    expect(iceServersOf({ urls: [url, 'stun:a.example'], ...login })).toEqual([{ urls: ['stun:a.example'] }]);
    expect(iceServersOf({ urls: url, ...login }, { urls: 'stun:a.example' })).toEqual([{ urls: ['stun:a.example'] }]);
  });

  test.each([
    [{}],
    [{ username: 'ana' }],
    [{ credential: 'secret' }],
    [{ username: '', credential: 'secret' }],
    [{ username: 'x'.repeat(509), credential: 'secret' }],
    [{ username: 7, credential: 'secret' }]
  ])('TURN with %j is passed over, since a browser would throw', (half) => {
    expect(iceServersOf({ urls: ['turn:turn.example', 'stun:stun.example'], ...half })).toEqual([
      { urls: ['stun:stun.example'] }
    ]);
    expect(iceServersOf({ urls: 'turn:turn.example', ...half })).toEqual([]);
  });

  test('entries that are no objects are passed over; eight of four addresses at most', () => {
    const server = { urls: Array.from({ length: 6 }, (_, i) => `stun:stun${i}.example`) };
    const servers = iceServersOf(null, 'stun:a.example', 7, {}, ...Array.from({ length: 10 }, () => server));
    expect(servers).toHaveLength(8);
    expect(servers[0]?.urls).toEqual(server.urls.slice(0, 4));
  });
});

test.each([
  [undefined, 'all'],
  ['all', 'all'],
  ['relay', 'relay'],
  ['relayed', 'relay'],
  [true, 'relay'],
  [null, 'relay']
])('iceTransportPolicy %j is %s: what is misspelt shows no address', (iceTransportPolicy, policy) => {
  expect(read({ iceTransportPolicy }).iceTransportPolicy).toBe(policy);
});
