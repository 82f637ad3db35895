/** Messages of any size over a channel of small ones, and what a hostile sender can make of frames: nothing. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/lib/base/bytes.ts';
import { channelFrameBytes, channelMessageBytesMax } from '../../../src/lib/base/limits.ts';
import { FrameAssembler, framesOf, type FrameRefusal } from '../../../src/lib/sync/frame.ts';
import { FramedChannel, type RawChannel } from '../../../src/lib/sync/framed-channel.ts';

/** Bytes that differ from place to place, so that a swapped frame shows. */
const patterned = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) % 251);

describe('frames', () => {
  test('give back every sequence of messages', () => {
    const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 2, max: 40 }), (sent, frameBytesMax) => {
        const assembler = new FrameAssembler(frameBytesMax, 300);
        const received = sent.flatMap((message) =>
          Array.from(framesOf(message, frameBytesMax), (frame) => {
            expect(frame.length).toBeLessThanOrEqual(frameBytesMax);
            const joined = assembler.add(frame);
            return joined.ok ? joined.value : joined.error;
          }).filter((joined) => joined !== undefined)
        );
        expect(received).toEqual(sent.map((message) => new Uint8Array(message)));
      })
    );
  });

  test.each([
    ['an empty frame', []],
    ['a last frame without a payload', [1]],
    ['a frame that is neither more nor last', [2, 7]],
    ['a frame that is too long', [1, 1, 2, 3, 4, 5]],
    ['more to come in a frame that is not full', [0, 1, 2]]
  ])('%s is refused', (_name, frame) => {
    const refused = new FrameAssembler(5, 100).add(Uint8Array.from(frame));
    expect(refused).toEqual({ ok: false, error: { type: 'FrameMalformed' } });
  });

  test('a message that never ends is refused at the limit', () => {
    const assembler = new FrameAssembler(5, 10);
    const frame = Uint8Array.of(0, 1, 2, 3, 4);
    expect([assembler.add(frame).ok, assembler.add(frame).ok]).toEqual([true, true]);
    expect(assembler.add(frame)).toEqual({ ok: false, error: { type: 'MessageTooLarge' } });
  });

  test('arbitrary frames never make it hold more than the limit', () =>
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 6 })), (frames) => {
        const assembler = new FrameAssembler(5, 10);
        for (const frame of frames) {
          const joined = assembler.add(frame);
          if (joined.ok) expect(joined.value?.length ?? 0).toBeLessThanOrEqual(10);
        }
      })
    ));
});

/** A browser's channel as far as FramedChannel sees it, whose buffer a test empties by hand. */
class HandChannel implements RawChannel {
  readonly label = 'hand';
  readyState: RTCDataChannelState = 'open';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType: BinaryType = 'blob';
  onopen = null;
  onerror = null;
  onclose: RawChannel['onclose'] = null;
  onmessage: RawChannel['onmessage'] = null;
  onbufferedamountlow: RawChannel['onbufferedamountlow'] = null;
  readonly sent: Uint8Array<ArrayBuffer>[] = [];
  bufferedMax = 0;

  send(data: Uint8Array<ArrayBuffer>): void {
    this.sent.push(data);
    this.bufferedAmount += data.length;
    this.bufferedMax = Math.max(this.bufferedMax, this.bufferedAmount);
  }

  drain(): void {
    this.bufferedAmount = 0;
    this.onbufferedamountlow?.call(this as unknown as RTCDataChannel, new Event('bufferedamountlow'));
  }

  deliver(data: ArrayBuffer | string): void {
    this.onmessage?.call(this as unknown as RTCDataChannel, new MessageEvent('message', { data }));
  }

  close(): void {
    this.readyState = 'closed';
    this.onclose?.call(this as unknown as RTCDataChannel, new Event('close'));
  }
}

const createPair = () => {
  const raw = new HandChannel();
  const refusals: FrameRefusal[] = [];
  const channel = new FramedChannel(raw, (refusal) => refusals.push(refusal));
  const received: Uint8Array[] = [];
  channel.onmessage = ({ data }) => received.push(new Uint8Array(data));
  return { raw, channel, refusals, received };
};

describe('a framed channel', () => {
  test('carries five megabytes in small frames, waiting for the buffer, in order', () => {
    const { raw, channel, received } = createPair();
    const messages = [patterned(5 * 1024 * 1024 + 17), patterned(3), patterned(2 * channelFrameBytes)];
    for (const message of messages) channel.send(message);
    expect(channel.bufferedAmount).toBeGreaterThan(5 * 1024 * 1024);
    expect(raw.bufferedMax).toBeLessThan(1024 * 1024 + channelFrameBytes);
    let drains = 0;
    while (channel.bufferedAmount > 0 && drains < 100) {
      raw.drain();
      drains++;
    }
    expect(raw.bufferedMax).toBeLessThan(1024 * 1024 + channelFrameBytes);
    expect(Math.max(...raw.sent.map((frame) => frame.length))).toBe(channelFrameBytes);
    for (const frame of raw.sent) raw.deliver(frame.buffer);
    expect(received.map((message) => message.length)).toEqual(messages.map((message) => message.length));
    expect(concatBytes(...received)).toEqual(concatBytes(...messages));
  });

  test.each([
    ['a text', 'hello'],
    ['an empty frame', new ArrayBuffer(0)],
    ['a frame that is too long', new ArrayBuffer(channelFrameBytes + 1)]
  ])('closes on %s, says so, and hears nothing more', (_name, data) => {
    const { raw, channel, refusals, received } = createPair();
    let closes = 0;
    channel.onclose = () => closes++;
    raw.deliver(data);
    raw.deliver(Uint8Array.of(1, 42).buffer);
    expect(refusals).toEqual([{ type: 'FrameMalformed' }]);
    expect([raw.readyState, closes, received.length]).toEqual(['closed', 1, 0]);
  });

  test('closes rather than let a peer that does not read make us hold ever more', () => {
    const { channel, refusals } = createPair();
    const large = new Uint8Array(channelMessageBytesMax);
    channel.send(large);
    channel.send(large);
    expect(refusals).toEqual([]);
    channel.send(new Uint8Array(1));
    expect(refusals).toEqual([{ type: 'MessageTooLarge' }]);
    expect(channel.bufferedAmount).toBeLessThan(2 * 1024 * 1024);
  });

  test('throws while not open, as the browser does', () => {
    const { raw, channel } = createPair();
    raw.readyState = 'connecting';
    expect(() => channel.send(new Uint8Array(1))).toThrow(DOMException);
  });
});
