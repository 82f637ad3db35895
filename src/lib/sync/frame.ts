/**
 * How a message of any size crosses a data channel: as frames that every browser carries.
 *
 * Frame: flag(1) ‖ payload. Flag 0 says that more follows and then the payload is full (`frameBytesMax - 1`); flag 1
 * says that this is the last and then it holds at least one byte. One message has therefore exactly one sequence of
 * frames, and a sender cannot make the receiver collect endless small pieces. Order and delivery are the channel's.
 * Source: docs/protocol.md SG5; docs/adr/0003-y-webrtc-adapter.md.
 */
import { concatBytes, type Bytes } from '../base/bytes.ts';
import { channelFrameBytes, channelMessageBytesMax } from '../base/limits.ts';
import { err, ok, type Result } from '../base/result.ts';

const flagBytes = 1;
const moreFlag = 0;
const lastFlag = 1;

/** Why a frame was refused; the channel it came by is then of no further use. */
export type FrameRefusal = { readonly type: 'FrameMalformed' } | { readonly type: 'MessageTooLarge' };

/** The frames of a message of at least one byte, made one at a time so that nothing is held twice. */
export function* framesOf(message: Uint8Array, frameBytesMax: number = channelFrameBytes): Generator<Bytes, void> {
  const payloadBytesMax = frameBytesMax - flagBytes;
  for (let at = 0; at < message.length; at += payloadBytesMax) {
    const isLast = at + payloadBytesMax >= message.length;
    yield concatBytes(Uint8Array.of(isLast ? lastFlag : moreFlag), message.subarray(at, at + payloadBytesMax));
  }
}

/** Joins frames back into messages, holding at most `messageBytesMax` of an unfinished one. */
export class FrameAssembler {
  readonly #frameBytesMax: number;
  readonly #messageBytesMax: number;
  #payloads: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(frameBytesMax: number = channelFrameBytes, messageBytesMax: number = channelMessageBytesMax) {
    this.#frameBytesMax = frameBytesMax;
    this.#messageBytesMax = messageBytesMax;
  }

  /**
   * Takes the next frame: a whole message where this was its last, else `undefined`.
   * Errors: `FrameMalformed`, `MessageTooLarge`; what was held is then forgotten.
   */
  add(frame: Uint8Array): Result<Bytes | undefined, FrameRefusal> {
    const flag = frame[0];
    const isFull = frame.length === this.#frameBytesMax;
    const isShaped = (flag === moreFlag && isFull) || (flag === lastFlag && frame.length > flagBytes);
    if (!isShaped || frame.length > this.#frameBytesMax) return this.#refuse({ type: 'FrameMalformed' });

    this.#heldBytes += frame.length - flagBytes;
    if (this.#heldBytes > this.#messageBytesMax) return this.#refuse({ type: 'MessageTooLarge' });
    this.#payloads.push(frame.subarray(flagBytes));
    if (flag === moreFlag) return ok(undefined);

    const message = concatBytes(...this.#payloads);
    this.clear();
    return ok(message);
  }

  /** Forgets an unfinished message. */
  clear(): void {
    this.#payloads = [];
    this.#heldBytes = 0;
  }

  #refuse(refusal: FrameRefusal): Result<undefined, FrameRefusal> {
    this.clear();
    return err(refusal);
  }
}
