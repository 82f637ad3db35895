/** "Only my own network": which relays may be spoken to, and which addresses two devices may meet at. */
import { describe, expect, test } from 'vitest';
import { isOnHost, socketsTo, withinOwnNetwork } from '../../../src/lib/sync/own-network.ts';

test.each([
  ['wss://friends.example/relay', 'friends.example', true],
  ['wss://FRIENDS.example:7000', 'friends.example', true],
  ['ws://127.0.0.1:4173/relay', '127.0.0.1', true],
  ['ws://localhost:4173/relay', '127.0.0.1', false],
  ['wss://[2001:db8::7]/relay', '[2001:db8::7]', true],
  ['wss://relay.friends.example', 'friends.example', false],
  ['wss://friends.example.evil.example', 'friends.example', false],
  ['wss://evil.example/friends.example', 'friends.example', false],
  ['wss://friends.example@evil.example', 'friends.example', false],
  ['friends.example', 'friends.example', false],
  ['', '', false]
])('%s is on %s: %s', (relay, host, expected) => {
  expect(isOnHost(relay, host)).toBe(expected);
});

test('a socket to another host is never made', () => {
  expect(() => socketsTo('friends.example')('wss://relay.example')).toThrow('only the own network');
});

const candidate = (address: string, type = 'host'): string =>
  `candidate:842163049 1 udp 2122260223 ${address} 53705 typ ${type} generation 0 ufrag abcd network-cost 999`;

const within = [
  candidate('192.168.1.20'),
  candidate('10.0.0.7'),
  candidate('172.16.0.1'),
  candidate('172.31.255.255'),
  candidate('169.254.3.4'),
  candidate('127.0.0.1'),
  candidate('1f4712db-ea17-4bcf-a596-105139dfd8bf.local'),
  candidate('fe80::1'),
  candidate('fd12:3456:789a::1'),
  candidate('::1'),
  'candidate:3 1 tcp 1518280447 192.168.1.20 9 typ host tcptype active'
];
const outside = [
  candidate('192.0.2.7'),
  candidate('172.32.0.1'),
  candidate('172.15.0.1'),
  candidate('100.64.0.1'),
  candidate('2001:db8::7'),
  candidate('::ffff:192.0.2.7'),
  candidate('friend.example'),
  candidate('10.0.0.7.evil.example'),
  candidate('192.168.1.20.5'),
  candidate('local'),
  candidate('192.168.1.20', 'srflx raddr 0.0.0.0 rport 0'),
  candidate('192.168.1.20', 'relay raddr 0.0.0.0 rport 0'),
  candidate('192.168.1.20', 'prflx'),
  'candidate:1',
  'candidate:nonsense'
];

describe('one candidate', () => {
  const trickled = (text: string) =>
    ({ type: 'candidate', candidate: { candidate: text, sdpMLineIndex: 0, sdpMid: '0' } }) as const;

  test.each(within)('%s is used', (text) => {
    expect(withinOwnNetwork(trickled(text))).toEqual(trickled(text));
  });

  test.each(outside)('%s is not', (text) => {
    expect(withinOwnNetwork(trickled(text))).toBeUndefined();
  });

  test('"there are no more" is passed on', () => {
    expect(withinOwnNetwork(trickled(''))).toEqual(trickled(''));
  });
});

test.each(['\r\n', '\n', '\r'])('a description loses every address that is outside, and nothing else (%j)', (end) => {
  const described = (candidates: readonly string[], by: string) => {
    const lines = ['v=0', 'c=IN IP4 0.0.0.0', ...candidates.map((text) => `a=${text}`), 'a=ice-ufrag:abcd', ''];
    return { type: 'offer', sdp: lines.join(by) } as const;
  };
  const mixed = within.flatMap((text, i) => [text, outside[i] ?? 'candidate:2']).concat(outside.slice(within.length));
  expect(withinOwnNetwork(described(mixed, end))).toEqual(described(within, '\r\n'));
});
