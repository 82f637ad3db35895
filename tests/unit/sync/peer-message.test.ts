/** What a connected peer may say: the Yjs sync protocol, exactly. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesToPeerMessage } from '../../../src/lib/sync/peer-message.ts';

test('reads the three messages of the sync protocol', () => {
  expect(bytesToPeerMessage(Uint8Array.of(0, 0, 1, 0))).toEqual({ type: 'request' });
  expect(bytesToPeerMessage(Uint8Array.of(0, 1, 2, 8, 9))).toEqual({ type: 'answer', update: Uint8Array.of(8, 9) });
  expect(bytesToPeerMessage(Uint8Array.of(0, 2, 1, 7))).toEqual({ type: 'change', update: Uint8Array.of(7) });
});

test('reads a length of several bytes', () => {
  const update = new Uint8Array(70_000).fill(5);
  const length = [(70_000 & 0x7f) | 0x80, ((70_000 >> 7) & 0x7f) | 0x80, 70_000 >> 14];
  expect(bytesToPeerMessage(Uint8Array.from([0, 2, ...length, ...update]))).toEqual({ type: 'change', update });
});

test.each([
  ['nothing', []],
  ['no kind', [0]],
  ['an unknown kind', [0, 3, 0]],
  ['no length', [0, 1]],
  ['too little', [0, 2, 2, 1]],
  ['too much', [0, 2, 1, 1, 1]],
  ['an endless number', [0, 2, 255, 255, 255, 255, 255, 255]],
  ['an unknown type', [5, 0]]
])('refuses %s', (_name, bytes) => {
  expect(bytesToPeerMessage(Uint8Array.from(bytes))).toBeUndefined();
});

test.each([1, 3, 4])("knows y-webrtc's message type %i and takes nothing from it", (type) => {
  expect(bytesToPeerMessage(Uint8Array.of(type, 1, 2, 3))).toEqual({ type: 'other' });
});

test('reads arbitrary bytes without a throw', () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const message = bytesToPeerMessage(bytes);
      if (message !== undefined && 'update' in message) expect(message.update.length).toBeLessThan(bytes.length);
    })
  ));
