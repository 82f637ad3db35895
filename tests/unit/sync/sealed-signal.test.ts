/** What the signaling route can do to sealed messages: nothing but lose them. */
import * as fc from 'fast-check';
import { encode } from 'cborg';
import { describe, expect, test } from 'vitest';
import { base64UrlToBytes, bytesToBase64Url, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { idToBytes, type Topic } from '../../../src/lib/base/ids.ts';
import { signalBytesMax } from '../../../src/lib/base/limits.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { importAeadKey, nonceBytes, seal } from '../../../src/lib/crypto/aead.ts';
import { SignalSealer } from '../../../src/lib/sync/sealed-signal.ts';
import {
  bytesToMessage,
  bytesToSignal,
  freshNonce,
  freshPeerId,
  messageToBytes,
  signalToBytes,
  type AnnounceMessage,
  type SignalMessage
} from '../../../src/lib/sync/signal-message.ts';
import { createDevice, topic } from './handshake-meeting.ts';

const device = await createDevice();
const rawKey = systemRandom.bytes(32);
const key = await importAeadKey(rawKey);
const announce = (): AnnounceMessage => ({
  type: 'announce',
  from: freshPeerId(device.id, systemRandom),
  n: freshNonce(systemRandom)
});
const createSealer = (given: { key?: CryptoKey; topic?: Topic; textBytesMax?: number } = {}): SignalSealer =>
  new SignalSealer({ key, topic, random: systemRandom, textBytesMax: signalBytesMax, ...given });
const sealText = async (message: SignalMessage): Promise<string> => {
  const text = await createSealer().seal(message);
  if (!text.ok) throw new Error(text.error.type);
  return text.value;
};

describe('a sealed signal', () => {
  test('opens to what was sealed, once', async () => {
    const message = announce();
    const text = await sealText(message);
    const sealer = createSealer();
    expect(await sealer.open(text)).toEqual({ ok: true, value: message });
    expect(await sealer.open(text)).toEqual({ ok: false, error: { type: 'Repeated' } });
  });

  test('says nothing about what is inside', async () => {
    const message = announce();
    expect(await sealText(message)).not.toContain(message.n);
  });

  test('opens under no other key and on no other topic', async () => {
    const text = await sealText(announce());
    const otherKey = await importAeadKey(systemRandom.bytes(32));
    const otherTopic = 'BBBBBBBBBBBBBBBBBBBBBA' as Topic;
    for (const sealer of [createSealer({ key: otherKey }), createSealer({ topic: otherTopic })]) {
      expect(await sealer.open(text)).toEqual({ ok: false, error: { type: 'NotOpened' } });
    }
  });

  test('does not open with any byte changed', async () => {
    const box = base64UrlToBytes(await sealText(announce())) as Bytes;
    for (let i = 0; i < box.length; i++) {
      const altered = box.slice();
      altered[i] = (altered[i] ?? 0) ^ 1;
      expect((await createSealer().open(bytesToBase64Url(altered))).ok).toBe(false);
    }
  });

  test('is refused by its length before anything else, coming and going', async () => {
    expect(await createSealer().open('A'.repeat(signalBytesMax + 1))).toEqual({
      ok: false,
      error: { type: 'TooLarge' }
    });
    expect(await createSealer({ textBytesMax: 16 }).seal(announce())).toEqual({
      ok: false,
      error: { type: 'TooLarge' }
    });
  });

  test('is remembered only when it opened, so that garbage does not push out what we know', async () => {
    const sealer = createSealer();
    const text = await sealText(announce());
    await sealer.open(text);
    for (let i = 0; i < 5000; i++) await sealer.open('A'.repeat(60));
    expect(await sealer.open(text)).toEqual({ ok: false, error: { type: 'Repeated' } });
  });

  test('with the nonce of another that did not open still opens', async () => {
    const sealer = createSealer();
    const box = base64UrlToBytes(await sealText(announce())) as Bytes;
    const spoiled = box.slice();
    spoiled[nonceBytes] = (spoiled[nonceBytes] ?? 0) ^ 1;
    expect((await sealer.open(bytesToBase64Url(spoiled))).ok).toBe(false);
    expect((await sealer.open(bytesToBase64Url(box))).ok).toBe(true);
  });

  test('is Malformed where a member sealed something else', async () => {
    const valid = announce();
    const shapes: unknown[] = [
      null,
      [],
      'announce',
      { ...valid, type: 'hello' },
      { ...valid, extra: 1 },
      { ...valid, n: 'short' },
      { ...valid, from: 'nobody' },
      { ...valid, n: 7 },
      { type: 'announce', from: valid.from }
    ];
    for (const shape of shapes) {
      const box = await seal(key, encode(shape), idToBytes(topic), systemRandom);
      expect(await createSealer().open(bytesToBase64Url(box))).toEqual({ ok: false, error: { type: 'Malformed' } });
    }
  });

  test('of arbitrary text is refused, never thrown', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), async (text) => {
        expect((await createSealer().open(text)).ok).toBe(false);
      })
    ));
});

describe('the codec', () => {
  test('gives back every message', () => {
    const [from, to] = [freshPeerId(device.id, systemRandom), freshPeerId(device.id, systemRandom)];
    const bytes = (length: number) =>
      fc.uint8Array({ minLength: length, maxLength: length }).map((b) => new Uint8Array(b));
    const shape = fc.record({
      type: fc.constantFrom('reply', 'offer', 'answer', 'candidate'),
      from: fc.constant(from),
      to: fc.constant(to),
      n: fc.constant(freshNonce(systemRandom)),
      echo: fc.constant(freshNonce(systemRandom)),
      signal: fc.uint8Array().map((b) => new Uint8Array(b)),
      key: bytes(32),
      signature: bytes(64)
    });
    fc.assert(
      fc.property(shape, (message) => {
        expect(bytesToMessage(messageToBytes(message as SignalMessage))).toEqual(message);
      })
    );
  });

  test('reads arbitrary bytes without a throw', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        const bytes = new Uint8Array(raw);
        expect(bytesToMessage(bytes)).toBeUndefined();
        expect(bytesToSignal(bytes)).toBeUndefined();
      })
    ));

  test('lets through what opens a data channel, and no camera or microphone', () => {
    const data = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n';
    expect(bytesToSignal(signalToBytes({ type: 'offer', sdp: data }))).toEqual({ type: 'offer', sdp: data });
    for (const media of ['audio', 'video']) {
      const sdp = `${data}m=${media} 9 UDP/TLS/RTP/SAVPF 0\r\n`;
      expect(bytesToSignal(signalToBytes({ type: 'offer', sdp }))).toBeUndefined();
    }
    expect(bytesToSignal(encode({ type: 'renegotiate', renegotiate: true }))).toBeUndefined();
    expect(bytesToSignal(utf8ToBytes('{"type":"offer"}'))).toBeUndefined();
  });
});
