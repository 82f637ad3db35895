/**
 * What peers say to each other before they are connected, and how it is written: deterministic CBOR, read by strict shapes.
 *
 *   announce{from, n}                 I am here; n is fresh for this announcement
 *   reply{from, to, n, echo}          so am I; echo is your n, and n is what you must echo
 *   offer{from, to, n, echo, signal}  from the lower id only; its echo may be used once
 *   answer, candidate                 the same shape; echo is the offer's n
 *
 * All but the announcement carry a proof (peer-proof.ts). A nonce is 12 bytes, as base64url. A peer id is the device's
 * id, a dot and 12 random bytes: it names one life of one page, and nobody else can claim it.
 */
import { decode, encode } from 'cborg';
import * as v from 'valibot';
import { bytesToBase64Url, equalBytes, type Bytes } from '../base/bytes.ts';
import type { DeviceId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';

/** Ties a signature to one signal between two peers. */
export interface Proof {
  readonly key: Bytes;
  readonly signature: Bytes;
}

export interface AnnounceMessage {
  readonly type: 'announce';
  readonly from: string;
  readonly n: string;
}

/** A message to one peer, before it is signed. `signal` is empty in a reply. */
export interface AddressedStatement {
  readonly type: 'reply' | 'offer' | 'answer' | 'candidate';
  readonly from: string;
  readonly to: string;
  readonly n: string;
  readonly echo: string;
  readonly signal: Bytes;
}

export type AddressedMessage = AddressedStatement & Proof;
export type SignalMessage = AnnounceMessage | AddressedMessage;

/** What simple-peer makes and takes: a session description or one ICE candidate. */
export type PeerSignal =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | {
      readonly type: 'candidate';
      readonly candidate: {
        readonly candidate: string;
        readonly sdpMLineIndex: number | null;
        readonly sdpMid: string | null;
      };
    };

const nonceLength = 12;
const sdpLengthMax = 24 * 1024;
const candidateLengthMax = 1024;

export const freshNonce = (random: Random): string => bytesToBase64Url(random.bytes(nonceLength));

export const freshPeerId = (device: DeviceId, random: Random): string => `${device}.${freshNonce(random)}`;

/** The device that a peer id names; proved by whoever speaks under it. */
export const deviceOfPeer = (peerId: string): DeviceId => peerId.slice(0, peerId.indexOf('.')) as DeviceId;

export const messageToBytes = (message: SignalMessage): Bytes => encode(message);

/** The message, or `undefined` for anything that is not one. */
export const bytesToMessage = (bytes: Bytes): SignalMessage | undefined => {
  const parsed = v.safeParse(messageShape, decodeCbor(bytes));
  return parsed.success ? parsed.output : undefined;
};

export const signalToBytes = (signal: PeerSignal): Bytes => encode(signal);

/** The signal, or `undefined`: only what opens one data channel is let through, so no camera, microphone or tracks. */
export const bytesToSignal = (bytes: Bytes): PeerSignal | undefined => {
  const parsed = v.safeParse(signalShape, decodeCbor(bytes));
  return parsed.success ? parsed.output : undefined;
};

/** What simple-peer wants sent, where it is one of the signals a data channel needs. */
export const toPeerSignal = (signal: unknown): PeerSignal | undefined => {
  const parsed = v.safeParse(signalShape, signal);
  return parsed.success ? parsed.output : undefined;
};

const decodeOptions = { strict: true, allowIndefinite: false, allowUndefined: false, rejectDuplicateMapKeys: true };

const nonceShape = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16}$/));
const peerIdShape = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{16}$/));
const bytesShape = v.custom<Bytes>((input) => input instanceof Uint8Array);
const keyShape = v.custom<Bytes>((input) => input instanceof Uint8Array && input.length === 32);
const signatureShape = v.custom<Bytes>((input) => input instanceof Uint8Array && input.length === 64);

const messageShape = v.variant('type', [
  v.strictObject({ type: v.literal('announce'), from: peerIdShape, n: nonceShape }),
  v.strictObject({
    type: v.picklist(['reply', 'offer', 'answer', 'candidate']),
    from: peerIdShape,
    to: peerIdShape,
    n: nonceShape,
    echo: nonceShape,
    signal: bytesShape,
    key: keyShape,
    signature: signatureShape
  })
]);

const signalShape = v.variant('type', [
  v.strictObject({
    type: v.picklist(['offer', 'answer']),
    sdp: v.pipe(
      v.string(),
      v.maxLength(sdpLengthMax),
      v.check((sdp) => !/^m=(?!application )/m.test(sdp))
    )
  }),
  v.strictObject({
    type: v.literal('candidate'),
    candidate: v.strictObject({
      candidate: v.pipe(v.string(), v.maxLength(candidateLengthMax)),
      sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
      sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(64)))
    })
  })
]);

/** What the bytes hold, where they are exactly what `encode` makes of it: what was said has one form. */
const decodeCbor = (bytes: Bytes): unknown => {
  try {
    const value: unknown = decode(bytes, decodeOptions);
    return equalBytes(encode(value), bytes) ? value : undefined;
  } catch {
    return undefined; // the decoder's failures are all of them malformed input
  }
};
