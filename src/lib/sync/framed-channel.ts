/**
 * A data channel without the size limit: stands where simple-peer expects an `RTCDataChannel`.
 *
 * y-webrtc hands each message to `send` in one piece, and beyond 256 KB browsers drop it without a word (y-webrtc issue
 * 20). Here each is cut into frames that wait in a queue until the channel's own buffer has room, and the other side
 * joins them. Whatever does not fit the framing closes the channel: after a lost frame nothing later can be trusted.
 */
import { channelFrameBytes, channelMessageBytesMax } from '../base/limits.ts';
import { FrameAssembler, framesOf, type FrameRefusal } from './frame.ts';

/** The browser's own buffer is filled up to here and refilled once it has fallen to the second. */
const bufferedBytesHigh = 1024 * 1024;
const bufferedBytesLow = 256 * 1024;
/** What may wait for a slow peer: one message of the largest size and as much again. */
const queuedBytesMax = 2 * channelMessageBytesMax;

/** What the wrapper needs of the browser's channel; tests pass one without a browser. */
export type RawChannel = Pick<
  RTCDataChannel,
  | 'label'
  | 'readyState'
  | 'bufferedAmount'
  | 'bufferedAmountLowThreshold'
  | 'binaryType'
  | 'onopen'
  | 'onclose'
  | 'onerror'
  | 'onmessage'
  | 'onbufferedamountlow'
  | 'close'
> & { send(data: Uint8Array<ArrayBuffer>): void };

/** The part of `RTCDataChannel` that simple-peer 9 touches. */
export class FramedChannel {
  onopen: ((event: Event) => void) | null = null;
  onclose: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null;
  onbufferedamountlow: ((event: Event) => void) | null = null;
  /** simple-peer sets both; frames are always buffers, and the browser's threshold is ours. */
  binaryType: BinaryType = 'arraybuffer';
  bufferedAmountLowThreshold = bufferedBytesLow;

  readonly #raw: RawChannel;
  readonly #onRefused: (refusal: FrameRefusal) => void;
  readonly #assembler = new FrameAssembler(channelFrameBytes, channelMessageBytesMax);
  #queue: { readonly frames: Iterator<Uint8Array<ArrayBuffer>>; readonly bytes: number }[] = [];
  #queuedBytes = 0;
  #isEnded = false;

  constructor(raw: RawChannel, onRefused: (refusal: FrameRefusal) => void) {
    this.#raw = raw;
    this.#onRefused = onRefused;
    raw.binaryType = 'arraybuffer';
    raw.bufferedAmountLowThreshold = bufferedBytesLow;
    raw.onopen = (event) => this.onopen?.(event);
    raw.onerror = (event) => this.onerror?.(event);
    raw.onclose = (event) => {
      this.#end();
      this.onclose?.(event);
    };
    raw.onmessage = (event) => this.#receive(event.data);
    raw.onbufferedamountlow = (event) => {
      this.#pump();
      if (this.#queue.length === 0) this.onbufferedamountlow?.(event);
    };
  }

  get label(): string {
    return this.#raw.label;
  }

  get readyState(): RTCDataChannelState {
    return this.#raw.readyState;
  }

  /** Bytes not yet sent, here and in the browser. */
  get bufferedAmount(): number {
    return this.#queuedBytes + this.#raw.bufferedAmount;
  }

  /** Queues one message, which must not change afterwards. Throws as the browser's channel does while not open. */
  send(message: Uint8Array): void {
    if (this.#raw.readyState !== 'open') throw new DOMException('the channel is not open', 'InvalidStateError');
    if (message.length > channelMessageBytesMax || this.#queuedBytes + message.length > queuedBytesMax) {
      this.#refuse({ type: 'MessageTooLarge' });
      return;
    }
    this.#queue.push({ frames: framesOf(message), bytes: message.length });
    this.#queuedBytes += message.length;
    this.#pump();
  }

  close(): void {
    this.#end();
    this.#raw.close();
  }

  #pump(): void {
    while (this.#raw.readyState === 'open' && this.#raw.bufferedAmount < bufferedBytesHigh) {
      const message = this.#queue[0];
      if (message === undefined) return;
      const frame = message.frames.next();
      if (frame.done === true) {
        this.#queue.shift();
        this.#queuedBytes -= message.bytes;
      } else {
        this.#raw.send(frame.value);
      }
    }
  }

  #receive(data: unknown): void {
    if (this.#isEnded) return;
    if (!(data instanceof ArrayBuffer)) {
      this.#refuse({ type: 'FrameMalformed' });
      return;
    }
    const message = this.#assembler.add(new Uint8Array(data));
    if (!message.ok) this.#refuse(message.error);
    else if (message.value !== undefined) this.onmessage?.({ data: message.value.buffer });
  }

  #refuse(refusal: FrameRefusal): void {
    this.#onRefused(refusal);
    this.close();
  }

  #end(): void {
    this.#isEnded = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#assembler.clear();
  }
}

/** The constructors that simple-peer takes as `wrtc`. */
export interface FramedWrtc {
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  readonly RTCSessionDescription: typeof RTCSessionDescription;
  readonly RTCIceCandidate: typeof RTCIceCandidate;
}

/**
 * The browser's WebRTC with framed channels, made and received. One per connection, so that a refusal has a name.
 * A peer may open one channel; more are closed as they come.
 */
export const framedWrtc = (onRefused: (refusal: FrameRefusal) => void): FramedWrtc => {
  // simple-peer uses only what FramedChannel has; the DOM's type asks for all of RTCDataChannel.
  const frame = (raw: RTCDataChannel): RTCDataChannel => new FramedChannel(raw, onRefused) as unknown as RTCDataChannel;

  class FramedPeerConnection extends RTCPeerConnection {
    #onDataChannel: RTCPeerConnection['ondatachannel'] = null;
    #hasChannel = false;

    constructor(config?: RTCConfiguration) {
      super(config);
      // On both sides: simple-peer listens only where it did not make the channel, and a peer may open more on either.
      this.addEventListener('datachannel', (event) => this.#receiveChannel(event.channel));
    }

    override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
      this.#hasChannel = true;
      return frame(super.createDataChannel(label, init));
    }

    override get ondatachannel(): RTCPeerConnection['ondatachannel'] {
      return this.#onDataChannel;
    }

    override set ondatachannel(handler: RTCPeerConnection['ondatachannel']) {
      this.#onDataChannel = handler;
    }

    #receiveChannel(raw: RTCDataChannel): void {
      // Lossy or unordered channels would break the framing, and simple-peer would let a second replace the first.
      if (this.#hasChannel || !raw.ordered || raw.maxRetransmits !== null || raw.maxPacketLifeTime !== null) {
        onRefused({ type: 'FrameMalformed' });
        raw.close();
        return;
      }
      this.#hasChannel = true;
      const framed = { channel: frame(raw) };
      this.#onDataChannel?.call(this, framed as unknown as RTCDataChannelEvent);
    }
  }
  return { RTCPeerConnection: FramedPeerConnection, RTCSessionDescription, RTCIceCandidate };
};
