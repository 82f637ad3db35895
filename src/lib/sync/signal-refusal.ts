/**
 * What a room refuses from the signaling route or from a peer: counted, never dropped in silence.
 */
export type SignalRefusal =
  /** Not ours to hear: another topic than the room's. */
  | { readonly type: 'WrongTopic' }
  /** More bytes than a signal may have, coming or going. */
  | { readonly type: 'TooLarge' }
  /** More messages waiting than are worth opening. */
  | { readonly type: 'Flooded' }
  /** A wrong key and tampering alike. */
  | { readonly type: 'NotOpened' }
  /** A sealed message that was opened before. */
  | { readonly type: 'Repeated' }
  /** Opened, and not of a known shape. */
  | { readonly type: 'Malformed' }
  /** The transport did not take our message. */
  | { readonly type: 'NotSent' }
  /** Does not answer anything asked lately: old, replayed or meant for an earlier life of this page. */
  | { readonly type: 'WrongEcho'; readonly peerId: string }
  /** No valid signature of the device that the peer id names. */
  | { readonly type: 'BadProof'; readonly peerId: string }
  /** The higher id dialled. */
  | { readonly type: 'WrongRole'; readonly peerId: string }
  /** No room for another connection. */
  | { readonly type: 'TooManyPeers'; readonly peerId: string }
  /** This device misbehaved a moment ago. */
  | { readonly type: 'Shunned'; readonly peerId: string }
  /** A proved description or candidate that the browser cannot read. */
  | { readonly type: 'SignalMalformed'; readonly peerId: string }
  /** A connected peer broke the framing of the channel. */
  | { readonly type: 'FrameMalformed' | 'MessageTooLarge'; readonly peerId: string }
  /** A connected peer sent something that is not a Yjs sync message, or not one it may send. */
  | { readonly type: 'MessageMalformed' | 'MessageUnexpected'; readonly peerId: string }
  /** A connected peer sent a Yjs update that could not be applied; `detail` is the library's sentence. */
  | { readonly type: 'UpdateRefused'; readonly peerId: string; readonly detail: string };
