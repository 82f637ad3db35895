/**
 * The part of y-webrtc 10.3.0 that we use, as read in its source: the package's own types are hidden behind the order
 * of its `exports`. The version is pinned; docs/adr/0003-y-webrtc-adapter.md says what to read again when it changes.
 */
declare module 'y-webrtc' {
  import type { Doc } from 'yjs';

  /** What y-webrtc asks of the provider that owns a room. */
  export interface RoomProvider {
    readonly doc: Doc;
    readonly awareness: { getStates(): Map<number, unknown> };
    readonly peerOpts: object;
    readonly maxConns: number;
    readonly filterBcConns: boolean;
    emit(event: string, args: unknown[]): void;
  }

  /** What y-webrtc asks of a signaling connection once it has made a peer. */
  export interface SignalSender {
    send(message: { readonly type: string; readonly data?: { readonly signal?: unknown } }): void;
  }

  /** simple-peer's `Peer`, a Node stream. */
  export interface SimplePeer {
    on(event: 'connect' | 'close', listener: () => void): void;
    on(event: 'data', listener: (data: Uint8Array) => void): void;
    listeners(event: 'data'): ((data: Uint8Array) => void)[];
    removeAllListeners(event: 'data'): void;
    signal(signal: object): void;
    destroy(): void;
  }

  export class Room {
    constructor(doc: Doc, provider: RoomProvider, name: string, key: CryptoKey | null);
    readonly webrtcConns: Map<string, WebrtcConn>;
    readonly _docUpdateHandler: (update: Uint8Array, origin: unknown) => void;
    readonly _beforeUnloadHandler: () => void;
  }

  export class WebrtcConn {
    constructor(signaling: SignalSender, initiator: boolean, remotePeerId: string, room: Room);
    readonly peer: SimplePeer;
    destroy(): void;
  }
}
