/**
 * Friends in one page, each with a document of their own, over real WebRTC and a signaling route that does as it is told.
 */
import * as Y from 'yjs';
import { utf8ToBytes } from '../../src/lib/base/bytes.ts';
import { systemClock, type Clock } from '../../src/lib/base/clock.ts';
import { bytesToId, type Topic } from '../../src/lib/base/ids.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { importAeadKey } from '../../src/lib/crypto/aead.ts';
import { generateDeviceSecrets, importDevice, type DeviceIdentity } from '../../src/lib/crypto/device.ts';
import { Handshake } from '../../src/lib/sync/handshake.ts';
import { PeerProver } from '../../src/lib/sync/peer-proof.ts';
import { openPeerRoom, type ConnectedPeer, type PeerRoom, type PeerRoomOptions } from '../../src/lib/sync/peer-room.ts';
import { SignalSealer } from '../../src/lib/sync/sealed-signal.ts';
import { SerialQueue } from '../../src/lib/sync/serial-queue.ts';
import { freshPeerId, type PeerSignal } from '../../src/lib/sync/signal-message.ts';
import type { SignalRefusal } from '../../src/lib/sync/signal-refusal.ts';
import type { SignalTransport } from '../../src/lib/sync/signal-transport.ts';
import { createInProcessNetwork } from '../contract/in-process-transport.ts';

/** Every connection that the page makes while watched, and the browser's own channels beneath the framing. */
export class WatchedConnections {
  static readonly native = globalThis.RTCPeerConnection;
  readonly made: RTCPeerConnection[] = [];
  readonly channels: RTCDataChannel[] = [];

  start(): void {
    const { made, channels } = this;
    made.length = 0;
    channels.length = 0;
    globalThis.RTCPeerConnection = class extends WatchedConnections.native {
      constructor(config?: RTCConfiguration) {
        super(config);
        made.push(this);
        this.addEventListener('datachannel', ({ channel }) => channels.push(channel));
      }

      override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
        const channel = super.createDataChannel(label, init);
        channels.push(channel);
        return channel;
      }
    };
  }

  stop(): void {
    globalThis.RTCPeerConnection = WatchedConnections.native;
  }
}

/** What is due now happens before anything else: a flood comes all at once. */
const promptClock: Clock = {
  nowMs: () => systemClock.nowMs(),
  after: (delayMs, then) => {
    if (delayMs > 0) return systemClock.after(delayMs, then);
    let isCancelled = false;
    queueMicrotask(() => {
      if (!isCancelled) then();
    });
    return () => (isCancelled = true);
  }
};

/** The route: the in-process network, with an ear on all that is said, and a hand on what arrives. */
export class Hub {
  readonly #network = createInProcessNetwork({ clock: promptClock, random: systemRandom });
  readonly #open = new Set<SignalTransport>();
  readonly said: { readonly topic: Topic; readonly data: string }[] = [];
  /** Whether a message arrives. */
  arrives: (message: { readonly data: string }) => boolean = () => true;

  get openTransports(): number {
    return this.#open.size;
  }

  createTransport(trickle = false): SignalTransport {
    const carrying = this.#network.createTransport();
    const transport: SignalTransport = {
      id: carrying.id,
      trickle,
      maxBytes: carrying.maxBytes,
      open: (handlers) => {
        this.#open.add(transport);
        carrying.open(handlers);
      },
      subscribe: (topics) => carrying.subscribe(topics),
      unsubscribe: (topics) => carrying.unsubscribe(topics),
      publish: async (topic, data) => {
        this.said.push({ topic, data });
        if (this.arrives({ data })) await carrying.publish(topic, data);
      },
      close: () => {
        this.#open.delete(transport);
        carrying.close();
      }
    };
    return transport;
  }

  deliver(topic: Topic, data: string): void {
    this.#network.inject(topic, data);
  }
}

export class Friend {
  readonly doc = new Y.Doc();
  readonly refusals: SignalRefusal[] = [];
  readonly synced: string[] = [];
  readonly device: DeviceIdentity;
  peers: readonly ConnectedPeer[] = [];
  #room: PeerRoom | undefined;
  #onChange: () => void = () => undefined;

  constructor(device: DeviceIdentity) {
    this.device = device;
    this.doc.on('update', () => this.#onChange());
  }

  get room(): PeerRoom | undefined {
    return this.#room;
  }

  /** What the document says, as a friend would put it there. */
  get words(): Y.Map<Uint8Array> {
    return this.doc.getMap<Uint8Array>('envelopes');
  }

  open(options: Omit<PeerRoomOptions, 'doc' | 'device' | 'onPeers' | 'onSynced' | 'onRefused'>): void {
    this.#room = openPeerRoom({
      ...options,
      doc: this.doc,
      device: this.device,
      onPeers: (peers) => {
        this.peers = peers;
        this.#onChange();
      },
      onSynced: (peerId) => {
        this.synced.push(peerId);
        this.#onChange();
      },
      onRefused: (refusal) => {
        this.refusals.push(refusal);
        this.#onChange();
      }
    });
  }

  close(): void {
    this.#room?.close();
    this.#room = undefined;
    this.peers = [];
  }

  isWith(...friends: readonly Friend[]): boolean {
    return friends.every(({ device }) => this.peers.some((peer) => peer.device === device.id));
  }

  /** Resolves as soon as `condition` holds; looks whenever this friend hears of anything. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#onChange = () => undefined;
        resolve();
      };
      this.#onChange = look;
      look();
    });
  }
}

/** What all friends of a circle share. */
export class Circle {
  readonly hub = new Hub();
  readonly topic = bytesToId<Topic>(systemRandom.bytes(16));
  readonly friends: Friend[] = [];
  readonly #hostile: (() => void)[] = [];
  readonly #keyBytes = systemRandom.bytes(32);

  async createFriend(): Promise<Friend> {
    const friend = new Friend(await importDevice(await generateDeviceSecrets()));
    this.friends.push(friend);
    return friend;
  }

  async optionsFor(
    overrides: Partial<PeerRoomOptions> = {}
  ): Promise<Omit<PeerRoomOptions, 'doc' | 'device' | 'onPeers' | 'onSynced' | 'onRefused'>> {
    return {
      topic: this.topic,
      signalKey: await importAeadKey(this.#keyBytes),
      context: utf8ToBytes('a circle, an epoch'),
      transport: this.hub.createTransport(),
      iceServers: [],
      clock: systemClock,
      random: systemRandom,
      ...overrides
    };
  }

  /** A new friend whose room is open. */
  async join(overrides: Partial<PeerRoomOptions> = {}): Promise<Friend> {
    const friend = await this.createFriend();
    friend.open(await this.optionsFor(overrides));
    return friend;
  }

  /** A member with an app of its own: whoever answers it is sent these signals in place of a browser's. */
  async offer(device: DeviceIdentity, signals: readonly PeerSignal[]): Promise<void> {
    const { signalKey, context, topic, transport } = await this.optionsFor();
    const sealer = new SignalSealer({ key: signalKey, topic, random: systemRandom, textBytesMax: transport.maxBytes });
    const incoming = new SerialQueue();
    const outgoing = new SerialQueue();
    const handshake = new Handshake({
      peerId: freshPeerId(device.id, systemRandom),
      prover: new PeerProver(device, context, topic),
      clock: systemClock,
      random: systemRandom,
      effects: {
        send: (message) =>
          outgoing.add(async () => {
            const text = await sealer.seal(message);
            if (text.ok) await transport.publish(topic, text.value);
          }),
        dial: (to) => queueMicrotask(() => signals.forEach((signal) => handshake.describe(to, signal))),
        accept: () => undefined,
        signal: () => undefined,
        drop: () => undefined,
        refuse: () => undefined
      }
    });
    transport.open({
      onMessage: (_topic, data) =>
        incoming.add(async () => {
          const message = await sealer.open(data);
          if (message.ok) await handshake.receive(message.value);
        }),
      onStatus: () => handshake.announce()
    });
    transport.subscribe([topic]);
    this.#hostile.push(() => {
      handshake.close();
      transport.close();
    });
  }

  close(): void {
    for (const end of this.#hostile) end();
    for (const friend of this.friends) friend.close();
  }
}
