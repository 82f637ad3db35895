/** What `instance.json` may name as STUN and TURN, tried on a real browser: it throws on what it does not take. */
import { expect, test } from 'vitest';
import { toConfiguration } from '../../src/lib/app/instance.ts';

const addresses = [
  'stun:stun.example',
  'stun:stun.example:3478',
  'stuns:stun.example:5349',
  'stun:192.0.2.7:65535',
  'stun:[2001:db8::7]:3478',
  'turn:turn.example',
  'turn:turn.example:3478?transport=udp',
  'turns:turn.example:443?transport=tcp',
  'turn:[2001:db8::7]:3478?transport=tcp'
];
const login = { username: 'x'.repeat(508), credential: 'secret' };
const open = (iceServers: readonly RTCIceServer[]): void =>
  new RTCPeerConnection({ iceServers: [...iceServers], iceTransportPolicy: 'relay' }).close();

test.each(addresses)('a browser takes %s as it is handed on', (urls) => {
  const { iceServers } = toConfiguration({ iceServers: [{ urls, ...login }] }, new URL('https://friends.example/'));
  expect(iceServers).toHaveLength(1);
  expect(() => open(iceServers)).not.toThrow();
});

test('one that it throws on is passed over', () => {
  const half = { urls: 'turn:turn.example' };
  expect(() => open([half])).toThrow();
  const { iceServers } = toConfiguration({ iceServers: [half] }, new URL('https://friends.example/'));
  expect(() => open(iceServers)).not.toThrow();
});
