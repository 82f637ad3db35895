/** Which addresses are this machine's alone, and what connections are counted by. */
import { expect, test } from 'vitest';
import { hostInUrl, isLoopback, limitKey } from '../../../src/relay/address.ts';

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.20', false],
  ['127.evil.example', false],
  ['localhost.example', false]
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
  ['::1', '0:0:0:0']
])('%s counts as %s', (address, key) => {
  expect(limitKey(address)).toBe(key);
});

test('IPv6 stands in brackets in a URL', () => {
  expect([hostInUrl('::1'), hostInUrl('127.0.0.1')]).toEqual(['[::1]', '127.0.0.1']);
});
