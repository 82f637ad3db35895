/**
 * One circle's meeting place: finds the circle's other devices over a transport and keeps a replica the same with them.
 *
 *   transport ⇄ SignalSealer (sealed, once) ⇄ Handshake (fresh, proved, who dials) ⇄ PeerLinks (y-webrtc, guarded)
 *
 * What peers write into the document is not judged here: the inbox does that. What is promised: everyone connected holds
 * the circle's `signal` key and has proved which device it is; nothing is sent or heard but on the room's topic; nothing
 * a peer or a transport sends throws, makes memory grow without bound, or keeps the room from the others.
 */
import type * as Y from 'yjs';
import type { Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { DeviceId, Topic } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { DeviceIdentity } from '../crypto/device.ts';
import { Announcer } from './announcer.ts';
import { Handshake } from './handshake.ts';
import { PeerLinks } from './peer-links.ts';
import { PeerProver } from './peer-proof.ts';
import { SignalSealer } from './sealed-signal.ts';
import { SerialQueue } from './serial-queue.ts';
import { deviceOfPeer, freshPeerId, type PeerSignal, type SignalMessage } from './signal-message.ts';
import type { SignalRefusal } from './signal-refusal.ts';
import type { SignalTransport } from './signal-transport.ts';

/** Signals waiting to be opened; what a transport delivers beyond that is not worth it. */
const inboundMax = 256;

export interface PeerRoomOptions {
  /** The replica that is kept the same. */
  readonly doc: Y.Doc;
  /** The room's only topic: nothing else is sent or listened to. */
  readonly topic: Topic;
  /** AES-GCM: the circle's `signal` key. */
  readonly signalKey: CryptoKey;
  /** Binds a proof to circle and epoch; the same on all sides. */
  readonly context: Bytes;
  /** Signs our proofs. */
  readonly device: Pick<DeviceIdentity, 'id' | 'signKey' | 'publicKeys'>;
  /** One per circle; the room opens and closes it. */
  readonly transport: SignalTransport;
  /** May be empty: then only devices on one network, or with public addresses, find each other. */
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** What of a signal may be used or said here, in either direction; everything by default. */
  readonly admit?: (signal: PeerSignal) => PeerSignal | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** How many devices are worth waiting for; with as many connected we announce nothing. Without it: always more. */
  expectedPeers?(): number;
  /** Called with everyone connected whenever that changes. */
  onPeers(peers: readonly ConnectedPeer[]): void;
  /** The first Yjs sync with that peer is complete: what it had, we have. */
  onSynced(peerId: string): void;
  onRefused?(refusal: SignalRefusal): void;
}

/** A peer that is connected, and the device it proved to be. Whether that device belongs here is for the roster to say. */
export interface ConnectedPeer {
  readonly peerId: string;
  readonly device: DeviceId;
}

export interface PeerRoom {
  /** Looks for the others again: on resume, online, visible, pageshow. Cheap and safe to call often. */
  announce(): void;
  /** Ends connections, transport and timers. The same topic may be opened again at once. */
  close(): void;
}

/** Opens a room and begins to look for the others as soon as the transport is connected. */
export const openPeerRoom = (options: PeerRoomOptions): PeerRoom => {
  const room = new OpenRoom(options);
  return { announce: () => room.announce(), close: () => room.close() };
};

class OpenRoom {
  readonly #options: PeerRoomOptions;
  readonly #sealer: SignalSealer;
  readonly #handshake: Handshake;
  readonly #links: PeerLinks;
  readonly #announcer: Announcer;
  readonly #inbound = new SerialQueue();
  readonly #outbound = new SerialQueue();
  #isReachable = false;
  #isClosed = false;

  constructor(options: PeerRoomOptions) {
    this.#options = options;
    const { clock, context, device, doc, random, signalKey, topic, transport } = options;
    const peerId = freshPeerId(device.id, random);
    this.#sealer = new SignalSealer({ key: signalKey, topic, random, textBytesMax: transport.maxBytes });
    this.#announcer = new Announcer({
      clock,
      random,
      isNeeded: () => canConnect() && this.#isReachable && this.#isAnyoneMissing(),
      announce: () => this.#handshake.announce()
    });
    this.#links = new PeerLinks({
      doc,
      peerId,
      iceServers: options.iceServers,
      iceTransportPolicy: options.iceTransportPolicy ?? 'all',
      trickle: transport.trickle,
      admit: options.admit ?? ((signal) => signal),
      onSignal: (to, signal) => this.#handshake.describe(to, signal),
      onUp: (from) => this.#onUp(from),
      onDown: (from, misbehaved) => this.#onDown(from, misbehaved),
      onSynced: (from) => options.onSynced(from),
      onRefused: (refusal) => this.#refuse(refusal)
    });
    this.#handshake = new Handshake({
      peerId,
      prover: new PeerProver(device, context, topic),
      clock,
      random,
      effects: {
        send: (message) => this.#send(message),
        dial: (to) => this.#links.dial(to),
        accept: (from, offer) => this.#links.accept(from, offer),
        signal: (from, signal) => this.#links.signal(from, signal),
        drop: (from) => this.#drop(from),
        refuse: (refusal) => this.#refuse(refusal)
      }
    });
    transport.open({
      onMessage: (heardTopic, data) => this.#receive(heardTopic, data),
      onStatus: (connected) => this.#onStatus(connected)
    });
    transport.subscribe([topic]);
  }

  announce(): void {
    this.#announcer.hurry();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#announcer.stop();
    this.#handshake.close();
    this.#links.close();
    this.#options.transport.unsubscribe([this.#options.topic]);
    this.#options.transport.close();
  }

  #onStatus(connected: boolean): void {
    if (this.#isClosed) return;
    this.#isReachable = connected;
    if (connected) this.#announcer.hurry();
  }

  /** Opens and handles one message after the other, in the order they came. */
  #receive(topic: Topic, data: string): void {
    if (this.#isClosed || !canConnect()) return;
    if (topic !== this.#options.topic) return this.#refuse({ type: 'WrongTopic' });
    if (this.#inbound.waiting >= inboundMax) return this.#refuse({ type: 'Flooded' });
    this.#inbound.add(async () => {
      if (this.#isClosed) return;
      const message = await this.#sealer.open(data);
      if (this.#isClosed) return;
      if (message.ok) await this.#handshake.receive(message.value);
      else this.#refuse(message.error);
    });
  }

  /** Seals and sends one message after the other, in the order they were said. */
  #send(message: SignalMessage): void {
    this.#outbound.add(async () => {
      const text = await this.#sealer.seal(message);
      if (this.#isClosed) return;
      if (!text.ok) return this.#refuse(text.error);
      // Whatever keeps the transport from sending, announcing again is what mends it.
      await this.#options.transport
        .publish(this.#options.topic, text.value)
        .catch(() => this.#refuse({ type: 'NotSent' }));
    });
  }

  #onUp(peerId: string): void {
    this.#handshake.connected(peerId);
    // A device has one life: what we still hold of an earlier one is a connection whose end we have not noticed.
    for (const other of this.#links.upPeerIds) {
      if (other !== peerId && deviceOfPeer(other) === deviceOfPeer(peerId)) this.#handshake.drop(other);
    }
    this.#tellPeers();
  }

  #onDown(peerId: string, misbehaved: boolean): void {
    if (misbehaved) this.#handshake.shun(peerId);
    else this.#handshake.closed(peerId);
    this.#tellPeers();
    this.#announcer.restart();
  }

  #drop(peerId: string): void {
    const wasUp = this.#links.upPeerIds.includes(peerId);
    this.#links.drop(peerId);
    if (wasUp) this.#tellPeers();
    this.#announcer.restart();
  }

  #tellPeers(): void {
    if (this.#isClosed) return;
    this.#options.onPeers(this.#links.upPeerIds.map((peerId) => ({ peerId, device: deviceOfPeer(peerId) })));
  }

  #isAnyoneMissing(): boolean {
    const expected = this.#options.expectedPeers?.() ?? Infinity;
    return this.#links.upPeerIds.length < expected;
  }

  #refuse(refusal: SignalRefusal): void {
    if (!this.#isClosed) this.#options.onRefused?.(refusal);
  }
}

/** Some browsers have no WebRTC: there the room only watches its route, so that nobody dials it in vain. */
const canConnect = (): boolean => 'RTCPeerConnection' in globalThis;
