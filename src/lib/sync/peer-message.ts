/**
 * What a connected peer may say: the three messages of the Yjs sync protocol, and nothing else.
 *
 * Message: 0 ‖ kind ‖ length ‖ body, numbers as unsigned LEB128 (y-protocols, PROTOCOL.md). Kind 0 asks for what is
 * missing, 1 answers it in full, 2 is a change. y-webrtc knows three more message types (awareness, its query, tab ids);
 * each would let a peer grow our memory or silence another peer, and we have no use for any.
 */

export type PeerMessage =
  | { readonly type: 'request' }
  | { readonly type: 'answer' | 'change'; readonly update: Uint8Array }
  /** Well-known to y-webrtc, of no use here. */
  | { readonly type: 'other' };

const kinds = ['request', 'answer', 'change'] as const;
const otherTypesMax = 4;

/** The message, or `undefined` where the bytes are not exactly one. `update` is a view, not a copy. */
export const bytesToPeerMessage = (bytes: Uint8Array): PeerMessage | undefined => {
  const type = readNumber(bytes, 0);
  if (type === undefined) return undefined;
  if (type.value !== 0) return type.value <= otherTypesMax ? { type: 'other' } : undefined;

  const kind = readNumber(bytes, type.next);
  const name = kind === undefined ? undefined : kinds[kind.value];
  const length = kind === undefined ? undefined : readNumber(bytes, kind.next);
  if (name === undefined || length === undefined) return undefined;
  if (bytes.length - length.next !== length.value) return undefined;
  return name === 'request' ? { type: name } : { type: name, update: bytes.subarray(length.next) };
};

interface ReadNumber {
  readonly value: number;
  readonly next: number;
}

/** Up to five groups of seven bits: more than any message here can be long. */
const readNumber = (bytes: Uint8Array, from: number): ReadNumber | undefined => {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: from + i + 1 };
  }
  return undefined;
};
