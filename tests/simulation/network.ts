/**
 * All that lies between the devices: rooms, the signaling route, and somebody who reads along.
 */
import { createMailPost, type MailPost } from '../contract/in-process-carrier.ts';
import type { Clock } from '../../src/lib/base/clock.ts';
import { base64UrlToBytes, utf8ToBytes } from '../../src/lib/base/bytes.ts';
import type { Mailbox } from '../../src/lib/sync/envelope-carrier.ts';
import type { SignalTransport } from '../../src/lib/sync/signal-transport.ts';
import { createInProcessNetwork, type InProcessNetwork } from '../contract/in-process-transport.ts';
import { kindLinks, RoomNetwork } from './room-network.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Stands in every word that is said and in every name, and may be readable nowhere. */
export const secretMark = 'zwijgzaam';

export class SimulatedNetwork {
  readonly time: VirtualTime;
  readonly rooms: RoomNetwork;
  readonly signals: InProcessNetwork;
  /** Whether anybody is there to hear a signal; if not, people come in by mail alone. */
  hasSignals = true;
  readonly #posts: MailPost[] = [];
  readonly #clock: Pick<Clock, 'nowMs' | 'after'>;
  /** Messages in which the reader along found a secret. */
  leakedCount = 0;
  /** Bytes that travelled. */
  bytesCount = 0;
  /** Is shown every envelope that goes into a document or a mailbox, once at least, and into which: a room's topic, a mailbox's name. */
  onEnvelope: (bytes: Uint8Array, place: string) => void = () => undefined;

  constructor(time: VirtualTime, random: SeededRandom, hasPost: boolean) {
    this.time = time;
    this.rooms = new RoomNetwork(time, random.fork('rooms'), {
      onBytes: (bytes) => this.#read(bytes),
      onEntry: (bytes, topic) => this.onEnvelope(bytes, topic)
    });
    this.#clock = { nowMs: () => time.nowMs, after: time.after.bind(time) };
    this.signals = createInProcessNetwork({ clock: this.#clock, random: random.fork('signals') });
    if (hasPost) this.addPost('in-process');
  }

  /** Where mail waits; in some runs there is no such place. */
  get posts(): readonly MailPost[] {
    return this.#posts;
  }

  /** The first of them. */
  get post(): MailPost | undefined {
    return this.#posts[0];
  }

  /** One more place where mail waits. */
  addPost(id: string): void {
    this.#posts.push(createMailPost(this.#clock, id));
  }

  /** A mailbox of this name in each place. */
  createMailboxes(name: string): Mailbox[] {
    return this.#posts.map((post) => this.#tap(post.createMailbox(name), name));
  }

  /** A transport that the reader along hears too, kept in `transports` while it is open. */
  createTransport(owner: string, transports: Set<SignalTransport>): SignalTransport {
    const inner = this.signals.createTransport(owner);
    const transport: SignalTransport = {
      id: inner.id,
      trickle: inner.trickle,
      maxBytes: inner.maxBytes,
      open: (handlers) => inner.open(handlers),
      subscribe: (topics) => inner.subscribe(topics),
      unsubscribe: (topics) => inner.unsubscribe(topics),
      publish: (topic, data) => {
        this.#read(utf8ToBytes(data));
        this.#read(base64UrlToBytes(data) ?? new Uint8Array(0));
        return this.hasSignals ? inner.publish(topic, data) : Promise.resolve();
      },
      close: () => {
        transports.delete(transport);
        inner.close();
      }
    };
    transports.add(transport);
    return transport;
  }

  /** Losses, copies, delays, breaks: on every route. */
  beUnkind(random: SeededRandom): void {
    this.rooms.conditions = {
      lossRate: random.whole(0, 15) / 100,
      duplicateRate: random.whole(0, 15) / 100,
      breakRate: random.whole(0, 10) / 500,
      delayMaxMs: random.pick([200, 2000, 20_000]) ?? 200
    };
    this.signals.conditions = {
      lossRate: random.whole(0, 40) / 100,
      duplicateRate: random.whole(0, 20) / 100,
      replayRate: random.whole(0, 20) / 100,
      delayMinMs: 10,
      delayMaxMs: random.pick([100, 5000]) ?? 100
    };
  }

  /** Everything arrives, once and soon, between those who reach each other: no network is bad for days on end. */
  calmDown(): void {
    this.rooms.conditions = kindLinks;
    this.signals.conditions = { lossRate: 0, duplicateRate: 0, replayRate: 0, delayMinMs: 10, delayMaxMs: 100 };
  }

  /** Everything arrives, once and soon, and everybody reaches everybody. */
  beKind(): void {
    this.calmDown();
    this.rooms.partition(() => 0);
    this.#posts.forEach((post) => post.setUp(true));
    this.rooms.breakAll();
  }

  #tap(mailbox: Mailbox, name: string): Mailbox {
    const push: Mailbox['push'] = (mail, packing) => {
      mail.forEach(({ envelope }) => this.onEnvelope(envelope, name));
      return mailbox.push(mail, packing);
    };
    return {
      id: mailbox.id,
      push,
      open: (handlers) => mailbox.open(handlers),
      wake: () => mailbox.wake(),
      pull: (fromS) => mailbox.pull(fromS),
      has: (ids) => mailbox.has(ids),
      remove: (ids) => mailbox.remove(ids),
      probe: () => mailbox.probe(),
      close: () => mailbox.close()
    };
  }

  #read(bytes: Uint8Array): void {
    this.bytesCount += bytes.length;
    if (isReadable(bytes)) this.leakedCount++;
  }
}

/** Whether a secret stands in these bytes, as UTF-8 or as UTF-16. */
export const isReadable = (bytes: Uint8Array): boolean => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return readableForms.some((form) => buffer.includes(form));
};

/** Searched as bytes: Node's own search for UTF-16 text never ends on some buffers. */
const readableForms = [Buffer.from(secretMark, 'utf8'), Buffer.from(secretMark, 'utf16le')];
