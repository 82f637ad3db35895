/**
 * Friends in one page, each with a document of their own, over real WebRTC and a signaling route that does as it is told.
 */
import * as Y from 'yjs';
import { utf8ToBytes } from '../../src/lib/base/bytes.ts';
import { systemClock } from '../../src/lib/base/clock.ts';
import { bytesToId, type Topic } from '../../src/lib/base/ids.ts';
import { signalBytesMax } from '../../src/lib/base/limits.ts';
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
import type { SignalHandlers, SignalTransport } from '../../src/lib/sync/signal-transport.ts';

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

/** The route: everyone hears everything on a topic, their own words too. */
export class Hub {
  readonly #open = new Map<SignalTransport, { readonly handlers: SignalHandlers; readonly topics: Set<Topic> }>();
  readonly said: { readonly topic: Topic; readonly data: string }[] = [];
  /** Whether a message arrives. */
  arrives: (message: { readonly data: string }) => boolean = () => true;

  get openTransports(): number {
    return this.#open.size;
  }

  createTransport(trickle = false): SignalTransport {
    const transport: SignalTransport = {
      id: 'hub',
      trickle,
      maxBytes: signalBytesMax,
      open: (handlers) => {
        this.#open.set(transport, { handlers, topics: new Set() });
        queueMicrotask(() => {
          if (this.#open.has(transport)) handlers.onStatus(true);
        });
      },
      subscribe: (topics) => topics.forEach((topic) => this.#open.get(transport)?.topics.add(topic)),
      unsubscribe: (topics) => topics.forEach((topic) => this.#open.get(transport)?.topics.delete(topic)),
      publish: async (topic, data) => {
        this.said.push({ topic, data });
        if (this.arrives({ data })) this.deliver(topic, data);
      },
      close: () => this.#open.delete(transport)
    };
    return transport;
  }

  deliver(topic: Topic, data: string): void {
    for (const { handlers, topics } of this.#open.values()) {
      if (topics.has(topic)) queueMicrotask(() => handlers.onMessage(topic, data));
    }
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
