/**
 * The connections of one room, made and served by y-webrtc, and everything that keeps it from harm.
 *
 * Of y-webrtc this uses `WebrtcConn` (simple-peer, and the Yjs sync protocol over it) and `Room` (which hands changes of
 * the document to every connection). Not used, and why, is in docs/adr/0003-y-webrtc-adapter.md: its provider, which
 * publishes every room of the page on every signaling connection, talks to other tabs through BroadcastChannel or
 * localStorage, ends for good on `beforeunload`, and lets announcements make connections.
 */
import { Room, WebrtcConn, type RoomProvider } from 'y-webrtc';
import * as Y from 'yjs';
import { framedWrtc } from './framed-channel.ts';
import { bytesToPeerMessage } from './peer-message.ts';
import { toPeerSignal, type PeerSignal } from './signal-message.ts';
import type { SignalRefusal } from './signal-refusal.ts';

export interface PeerLinksOptions {
  readonly doc: Y.Doc;
  /** This page's peer id: also names the room towards y-webrtc. */
  readonly peerId: string;
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly trickle: boolean;
  /** What of a signal may be used or said here, in either direction. */
  admit(signal: PeerSignal): PeerSignal | undefined;
  /** A connection has something to tell its other side. */
  onSignal(peerId: string, signal: PeerSignal): void;
  onUp(peerId: string): void;
  /** A connection ended by itself; one that was dropped is not told again. `misbehaved`: because of what it sent. */
  onDown(peerId: string, misbehaved: boolean): void;
  onSynced(peerId: string): void;
  onRefused(refusal: SignalRefusal): void;
}

interface Link {
  readonly peerId: string;
  readonly connection: WebrtcConn;
  isUp: boolean;
  isSynced: boolean;
  hasAsked: boolean;
  hasMisbehaved: boolean;
}

/** Connections by peer id, one each. */
export class PeerLinks {
  readonly #options: PeerLinksOptions;
  readonly #room: Room;
  readonly #links = new Map<string, Link>();
  #peerOpts: object = {};
  #linksMade = 0;

  constructor(options: PeerLinksOptions) {
    this.#options = options;
    const peerOpts = (): object => this.#peerOpts;
    const provider: RoomProvider = {
      doc: options.doc,
      // Inert: whoever is connected has proved which device it is, and a member cannot make this grow.
      awareness: { getStates: () => new Map() },
      get peerOpts() {
        return peerOpts();
      },
      maxConns: Infinity,
      filterBcConns: false,
      emit: () => undefined
    };
    this.#room = new Room(options.doc, provider, options.peerId, null);
    // It would end the connections of a page that may yet stay, or come back from the back-forward cache.
    globalThis.removeEventListener('beforeunload', this.#room._beforeUnloadHandler);
    // The half of Room.connect() that is wanted: the other half opens a BroadcastChannel and posts the document on it.
    options.doc.on('update', this.#room._docUpdateHandler);
  }

  /** Peers whose connection is up. */
  get upPeerIds(): string[] {
    return Array.from(this.#links.values(), (link) => (link.isUp ? link.peerId : undefined)).filter(
      (peerId) => peerId !== undefined
    );
  }

  /** Starts a connection as the side that offers. */
  dial(peerId: string): void {
    this.#open(peerId, true);
  }

  /** Starts a connection with the offer that the peer made. */
  accept(peerId: string, offer: PeerSignal): void {
    this.#open(peerId, false);
    this.signal(peerId, offer);
  }

  /** Hands on what the other side says. Without a connection to that peer it is too late, and nothing happens. */
  signal(peerId: string, signal: PeerSignal): void {
    const link = this.#links.get(peerId);
    const admitted = this.#options.admit(signal);
    if (admitted === undefined) return;
    try {
      link?.connection.peer.signal(admitted);
    } catch {
      // The browser's constructors throw on a description or candidate that is well shaped and means nothing.
      if (link !== undefined) this.#refuse(link, { type: 'SignalMalformed', peerId });
    }
  }

  /** Ends the connection to a peer, if there is one; `onDown` is not called. */
  drop(peerId: string): void {
    const link = this.#links.get(peerId);
    if (link === undefined) return;
    this.#links.delete(peerId);
    link.connection.destroy();
  }

  /** Ends every connection and lets go of the document. */
  close(): void {
    this.#options.doc.off('update', this.#room._docUpdateHandler);
    for (const peerId of Array.from(this.#links.keys())) this.drop(peerId);
  }

  #open(peerId: string, isInitiator: boolean): void {
    this.drop(peerId);
    // y-webrtc keeps connections by name and forgets by name: a name used twice would let the old one's end remove the new.
    const name = `${peerId}#${this.#linksMade++}`;
    const refuse = (refusal: { readonly type: 'FrameMalformed' | 'MessageTooLarge' }): void => {
      const link = this.#links.get(peerId);
      if (link?.connection === connection) this.#refuse(link, { ...refusal, peerId });
    };
    const { iceServers, iceTransportPolicy, trickle } = this.#options;
    // Always both: simple-peer's own defaults name two public STUN servers.
    const config: RTCConfiguration = { iceServers: [...iceServers], iceTransportPolicy };
    this.#peerOpts = { config, trickle, wrtc: framedWrtc(refuse) };
    const signaling = {
      send: ({ data }: { readonly data?: { readonly signal?: unknown } }): void => {
        const signal = toPeerSignal(data?.signal);
        const admitted = signal === undefined ? undefined : this.#options.admit(signal);
        if (admitted !== undefined && this.#isCurrent(link)) this.#options.onSignal(peerId, admitted);
      }
    };
    const connection = new WebrtcConn(signaling, isInitiator, name, this.#room);
    const link: Link = { peerId, connection, isUp: false, isSynced: false, hasAsked: false, hasMisbehaved: false };
    this.#links.set(peerId, link);
    this.#room.webrtcConns.set(name, connection);
    this.#watch(link);
  }

  #watch(link: Link): void {
    const { peer } = link.connection;
    peer.on('connect', () => {
      if (!this.#isCurrent(link)) return;
      link.isUp = true;
      this.#options.onUp(link.peerId);
    });
    peer.on('close', () => {
      if (!this.#isCurrent(link)) return;
      this.#links.delete(link.peerId);
      this.#options.onDown(link.peerId, link.hasMisbehaved);
    });
    const answerThroughYWebrtc = peer.listeners('data');
    peer.removeAllListeners('data');
    peer.on('data', (data) => {
      if (this.#isCurrent(link)) this.#receive(link, data, answerThroughYWebrtc);
    });
  }

  /** Every message of a peer passes here, so nothing that it sends can throw out of an event handler. */
  #receive(link: Link, data: Uint8Array, answer: readonly ((data: Uint8Array) => void)[]): void {
    const { peerId } = link;
    const message = bytesToPeerMessage(data);
    if (message === undefined) return this.#refuse(link, { type: 'MessageMalformed', peerId });
    if (message.type === 'other') return this.#refuse(link, { type: 'MessageUnexpected', peerId });
    try {
      if (message.type === 'request') {
        // y-webrtc asks once; asking often would make us encode and queue the whole document each time.
        if (link.hasAsked) return this.#refuse(link, { type: 'MessageUnexpected', peerId });
        link.hasAsked = true;
        for (const listener of answer) listener(data);
        return;
      }
      // y-webrtc would apply it just so, and swallow the failure.
      Y.applyUpdate(this.#options.doc, message.update, this.#room);
    } catch (error) {
      this.#refuse(link, { type: 'UpdateRefused', peerId, detail: error instanceof Error ? error.message : 'unknown' });
      return;
    }
    if (message.type === 'answer' && !link.isSynced) {
      link.isSynced = true;
      this.#options.onSynced(peerId);
    }
  }

  #refuse(link: Link, refusal: SignalRefusal): void {
    link.hasMisbehaved = true;
    this.#options.onRefused(refusal);
    link.connection.destroy();
  }

  #isCurrent(link: Link): boolean {
    return this.#links.get(link.peerId) === link;
  }
}
