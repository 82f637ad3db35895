/**
 * The in-process `SignalTransport`: a network in one process, as unkind as a test asks for.
 *
 * Everything that happens is decided by the clock and the randomness given, so that a seed repeats a run exactly.
 * Losses, copies and delays are drawn for each receiver, as on a real network; messages overtake each other when their
 * delays differ. The sender hears itself where it is subscribed, as over a relay.
 */
import { assert } from '../../src/lib/base/assert.ts';
import { utf8ToBytes } from '../../src/lib/base/bytes.ts';
import type { Clock } from '../../src/lib/base/clock.ts';
import type { Topic } from '../../src/lib/base/ids.ts';
import { signalBytesMax } from '../../src/lib/base/limits.ts';
import { jitterMs, randomFraction, type Random } from '../../src/lib/base/random.ts';
import type { SignalHandlers, SignalTransport } from '../../src/lib/sync/signal-transport.ts';

/** Rates from 0 to 1, each for one receiver of one message. */
export interface NetworkConditions {
  readonly lossRate: number;
  readonly duplicateRate: number;
  /** How often, beside a message, one of the last `replayMemory` is delivered to everyone again. */
  readonly replayRate: number;
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
}

export const kindConditions: NetworkConditions = {
  lossRate: 0,
  duplicateRate: 0,
  replayRate: 0,
  delayMinMs: 0,
  delayMaxMs: 0
};

export interface InProcessNetwork {
  /** What happens to messages said from now on. */
  conditions: NetworkConditions;
  /** A new transport, not yet opened. */
  createTransport(id?: string): SignalTransport;
  /** The whole network goes or comes back. */
  setUp(isUp: boolean): void;
  /** One transport loses the network or finds it again. */
  setReachable(transport: SignalTransport, isReachable: boolean): void;
  /** Says something that no transport said, as a hostile relay could. */
  inject(topic: Topic, data: string): void;
}

export interface InProcessNetworkOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly conditions?: Partial<NetworkConditions>;
}

const replayMemory = 256;

export const createInProcessNetwork = (options: InProcessNetworkOptions): InProcessNetwork => new Network(options);

interface Message {
  readonly topic: Topic;
  readonly data: string;
}

class Network implements InProcessNetwork {
  conditions: NetworkConditions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #transports = new Set<InProcessTransport>();
  readonly #said: Message[] = [];
  #isUp = true;

  constructor({ clock, random, conditions }: InProcessNetworkOptions) {
    this.#clock = clock;
    this.#random = random;
    this.conditions = { ...kindConditions, ...conditions };
  }

  createTransport(id = `in-process:${this.#transports.size + 1}`): SignalTransport {
    const transport = new InProcessTransport(id, (message) => this.#carry(message));
    transport.setConnectable(this.#isUp);
    this.#transports.add(transport);
    return transport;
  }

  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    for (const transport of this.#transports) transport.setConnectable(isUp);
  }

  setReachable(transport: SignalTransport, isReachable: boolean): void {
    assert(transport instanceof InProcessTransport, 'the transport is of this network');
    transport.setConnectable(isReachable && this.#isUp);
  }

  inject(topic: Topic, data: string): void {
    this.#carry({ topic, data });
  }

  #carry(message: Message): void {
    this.#deliver(message);
    if (this.#said.length > 0 && this.#chance(this.conditions.replayRate)) {
      const old = this.#said[Math.floor(randomFraction(this.#random) * this.#said.length)];
      if (old !== undefined) this.#deliver(old);
    }
    this.#said.push(message);
    if (this.#said.length > replayMemory) this.#said.shift();
  }

  #deliver({ topic, data }: Message): void {
    const { lossRate, duplicateRate, delayMinMs, delayMaxMs } = this.conditions;
    for (const transport of this.#transports) {
      if (!transport.listensOn(topic) || this.#chance(lossRate)) continue;
      const copies = this.#chance(duplicateRate) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        this.#clock.after(jitterMs(this.#random, delayMinMs, delayMaxMs), () => transport.hear(topic, data));
      }
    }
  }

  #chance(rate: number): boolean {
    return rate > 0 && randomFraction(this.#random) < rate;
  }
}

class InProcessTransport implements SignalTransport {
  readonly id: string;
  readonly trickle = false;
  readonly maxBytes = signalBytesMax;
  readonly #carry: (message: Message) => void;
  readonly #topics = new Set<Topic>();
  #handlers: SignalHandlers | undefined;
  #isClosed = false;
  #isConnectable = false;
  #isConnected = false;

  constructor(id: string, carry: (message: Message) => void) {
    this.id = id;
    this.#carry = carry;
  }

  open(handlers: SignalHandlers): void {
    assert(this.#handlers === undefined && !this.#isClosed, 'a transport is opened once');
    this.#handlers = handlers;
    // Later, as a real one: who opens it has not finished setting itself up.
    queueMicrotask(() => this.#settle());
  }

  subscribe(topics: readonly Topic[]): void {
    for (const topic of topics) this.#topics.add(topic);
  }

  unsubscribe(topics: readonly Topic[]): void {
    for (const topic of topics) this.#topics.delete(topic);
  }

  async publish(topic: Topic, data: string): Promise<void> {
    assert(utf8ToBytes(data).length <= this.maxBytes, 'a message is no longer than maxBytes');
    if (this.#isConnected) this.#carry({ topic, data });
  }

  close(): void {
    this.#isClosed = true;
    this.#isConnected = false;
    this.#handlers = undefined;
    this.#topics.clear();
  }

  setConnectable(isConnectable: boolean): void {
    this.#isConnectable = isConnectable;
    this.#settle();
  }

  listensOn(topic: Topic): boolean {
    return this.#isConnected && this.#topics.has(topic);
  }

  /** A message arrives, if this transport still listens by then. */
  hear(topic: Topic, data: string): void {
    if (this.listensOn(topic)) this.#handlers?.onMessage(topic, data);
  }

  #settle(): void {
    if (this.#handlers === undefined || this.#isConnected === this.#isConnectable) return;
    this.#isConnected = this.#isConnectable;
    this.#handlers.onStatus(this.#isConnected);
  }
}
