/**
 * Signaling over a Nostr relay: the `SignalTransport` port on NIP-01.
 *
 * One transport is one WebSocket and one key, both its own, so that a relay cannot tell that two circles are the same
 * person's. One subscription holds all topics and is replaced whole when they change. `limit: 0` asks for nothing from
 * before, since some relays keep even ephemeral events for minutes.
 *
 * What a relay says is not verified here: whoever runs it could say anything, and the handshake above opens only what
 * the circle's key has sealed. Source: NIP-01; docs/protocol.md SG1.
 */
import { assert } from '../base/assert.ts';
import { utf8ToBytes } from '../base/bytes.ts';
import { minuteMs, secondMs, type Clock } from '../base/clock.ts';
import type { Topic } from '../base/ids.ts';
import { connectDeadlineMs, signalBytesMax } from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';
import {
  createEventSigner,
  nostrFrameBytesMax,
  readSignalEvent,
  signalFilters,
  type EventSigner
} from './nostr-event.ts';
import type { SignalHandlers, SignalTransport } from './signal-transport.ts';

export interface RelayTransportOptions {
  /** wss: or, on loopback, ws:. An address that no socket can be opened to is tried again like one that is down. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How a socket is made; the platform's own by default. */
  readonly socket?: (url: string) => WebSocket;
}

export interface RelayTransport extends SignalTransport {
  /**
   * The network or the person may be back: connects at once if not connected, else makes sure that the relay still
   * answers. For `online`, `visibilitychange`, `pageshow` and `resume`, which the caller listens to.
   */
  wake(): void;
}

/** Not connected until `open`. Data that JSON has to escape counts as what it grows to: see `nostrFrameBytesMax`. */
export const createRelayTransport = (options: RelayTransportOptions): RelayTransport => new NostrTransport(options);

/** Topics of one transport. A circle has a handful; what is beyond would not fit one frame. */
export const topicsMax = 1000;

const retryMinMs = secondMs;
const retryMaxMs = minuteMs;
/** A connection that lasted this long was a good one: the next failure starts counting anew. */
const steadyMs = 10 * secondMs;
/** A silent relay is asked this often whether it is there: a phone that changed networks is told by nobody. */
const probeEveryMs = minuteMs;
const answerDeadlineMs = 10 * secondMs;
const subscriptionId = 'signal';

class NostrTransport implements RelayTransport {
  readonly id: string;
  readonly trickle = false;
  readonly maxBytes = signalBytesMax;

  readonly #options: RelayTransportOptions;
  readonly #topics = new Set<Topic>();
  #handlers: SignalHandlers | undefined;
  #socket: WebSocket | undefined;
  #signer: Promise<EventSigner> | undefined;
  #isClosed = false;
  #isConnected = false;
  #isSubscribed = false;
  #isRenewing = false;
  #connectedAtMs = 0;
  /** Failures in a row: of connecting, and of subscribing. */
  #failures = 0;
  #refusals = 0;
  /** One timer at a time drives the socket: the deadline of connecting, the next try, or the next probe. */
  #cancelTimer = (): void => undefined;
  #cancelAnswerDeadline = (): void => undefined;

  constructor(options: RelayTransportOptions) {
    this.#options = options;
    this.id = options.url;
  }

  open(handlers: SignalHandlers): void {
    assert(this.#handlers === undefined && !this.#isClosed, 'a transport is opened once');
    this.#handlers = handlers;
    this.#connect();
  }

  subscribe(topics: readonly Topic[]): void {
    for (const topic of topics) this.#topics.add(topic);
    assert(this.#topics.size <= topicsMax, `a transport listens on at most ${topicsMax} topics`);
    this.#renewSoon();
  }

  unsubscribe(topics: readonly Topic[]): void {
    for (const topic of topics) this.#topics.delete(topic);
    this.#renewSoon();
  }

  async publish(topic: Topic, data: string): Promise<void> {
    assert(utf8ToBytes(data).length <= this.maxBytes, 'a message is no longer than maxBytes');
    const socket = this.#socket;
    if (socket === undefined || !isOpen(socket)) return;
    const signer = await this.#loadSigner();
    if (signer === undefined) return;
    const frame = JSON.stringify(['EVENT', await signer.sign(topic, data)]);
    assert(utf8ToBytes(frame).length <= nostrFrameBytesMax, 'a message fits a frame');
    // The connection may have gone meanwhile; another one has other listeners, and the sender says it again.
    if (socket === this.#socket && isOpen(socket)) socket.send(frame);
  }

  wake(): void {
    if (this.#isClosed || this.#handlers === undefined) return;
    if (this.#socket === undefined) this.#connect();
    else if (isOpen(this.#socket)) this.#probe();
  }

  close(): void {
    this.#isClosed = true;
    this.#abandon();
    this.#handlers = undefined;
    this.#signer = undefined;
  }

  #connect(): void {
    this.#abandon();
    const { clock, url, socket: makeSocket = (address) => new WebSocket(address) } = this.#options;
    let socket: WebSocket;
    try {
      socket = makeSocket(url);
    } catch {
      return this.#retryLater(); // malformed, or not allowed from this page: it may be a circle's own mistake
    }
    this.#socket = socket;
    // A socket that was abandoned may still speak; whoever is not the current one is not heard.
    const whenCurrent = (task: () => void) => () => {
      if (socket === this.#socket) task();
    };
    socket.addEventListener(
      'open',
      whenCurrent(() => this.#opened())
    );
    socket.addEventListener(
      'close',
      whenCurrent(() => this.#lost())
    );
    socket.addEventListener('message', (message: MessageEvent<unknown>) => {
      if (socket === this.#socket) this.#receive(message.data);
    });
    this.#cancelTimer = clock.after(connectDeadlineMs, () => this.#lost());
  }

  #opened(): void {
    this.#connectedAtMs = this.#options.clock.nowMs();
    void this.#loadSigner(); // so that the first message does not wait for it
    this.#renew();
    this.#scheduleProbe();
    this.#report(true);
  }

  #lost(): void {
    const lastedMs = this.#isConnected ? this.#options.clock.nowMs() - this.#connectedAtMs : 0;
    if (lastedMs >= steadyMs) this.#failures = 0;
    this.#abandon();
    this.#report(false);
    // The person may have closed the transport on hearing that.
    if (!this.#isClosed) this.#retryLater();
  }

  #retryLater(): void {
    const delayMs = backOffMs(this.#options.random, this.#failures++);
    this.#cancelTimer = this.#options.clock.after(delayMs, () => this.#connect());
  }

  /** Lets go of the socket, if there is one, and of every timer. */
  #abandon(): void {
    this.#cancelTimer();
    this.#cancelAnswerDeadline();
    this.#isSubscribed = false;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #receive(data: unknown): void {
    if (typeof data !== 'string' || data.length > nostrFrameBytesMax) return;
    const [verb, id, value] = parseArray(data);
    if (id !== subscriptionId) return; // NOTICE and OK: for people and for logs, and there is nothing to mend
    if (verb === 'EVENT') this.#heard(value);
    else if (verb === 'EOSE') this.#answered();
    else if (verb === 'CLOSED') this.#refused();
  }

  #heard(value: unknown): void {
    const signal = readSignalEvent(value);
    if (signal === undefined || !this.#topics.has(signal.topic as Topic)) return;
    if (utf8ToBytes(signal.content).length > this.maxBytes) return;
    this.#handlers?.onMessage(signal.topic as Topic, signal.content);
  }

  #answered(): void {
    this.#cancelAnswerDeadline();
    this.#refusals = 0;
    this.#report(true);
  }

  /** The relay ended the subscription: we would hear nothing, so that is as good as not connected. */
  #refused(): void {
    this.#cancelAnswerDeadline();
    this.#isSubscribed = false;
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(backOffMs(this.#options.random, this.#refusals++), () => {
      this.#renew();
      this.#scheduleProbe();
    });
    this.#report(false);
  }

  /** Topics often change several at a time; the relay hears of them once. */
  #renewSoon(): void {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    queueMicrotask(() => {
      this.#isRenewing = false;
      this.#renew();
    });
  }

  #renew(): void {
    const socket = this.#socket;
    if (socket === undefined || !isOpen(socket)) return;
    if (this.#topics.size === 0) {
      if (this.#isSubscribed) socket.send(JSON.stringify(['CLOSE', subscriptionId]));
      this.#isSubscribed = false;
      this.#cancelAnswerDeadline();
      return this.#report(true); // nothing is asked, so nothing is refused
    }
    this.#isSubscribed = true;
    socket.send(JSON.stringify(['REQ', subscriptionId, ...signalFilters([...this.#topics])]));
  }

  #scheduleProbe(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(probeEveryMs, () => {
      this.#probe();
      this.#scheduleProbe();
    });
  }

  /** Subscribes again, which every relay answers, and gives the connection up where this one does not. */
  #probe(): void {
    this.#renew();
    if (!this.#isSubscribed) return;
    this.#cancelAnswerDeadline();
    this.#cancelAnswerDeadline = this.#options.clock.after(answerDeadlineMs, () => this.#lost());
  }

  #report(isConnected: boolean): void {
    if (this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    this.#handlers?.onStatus(isConnected);
  }

  /** Undefined where the curve could not be loaded; the next message tries again. */
  async #loadSigner(): Promise<EventSigner | undefined> {
    this.#signer ??= createEventSigner(this.#options.clock, this.#options.random);
    const loading = this.#signer;
    try {
      return await loading;
    } catch {
      // The only failure is a part of the app that could not be fetched: offline, before it was ever cached.
      if (this.#signer === loading) this.#signer = undefined;
      return undefined;
    }
  }
}

const isOpen = (socket: WebSocket): boolean => socket.readyState === 1;

/** 1 s, doubling to 60 s, and anything from half of it to all of it: friends do not come back in one wave. */
const backOffMs = (random: Random, failures: number): number => {
  const fullMs = Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(failures, 16));
  return jitterMs(random, fullMs / 2, fullMs);
};

const parseArray = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // what is no JSON says nothing to us
  }
};
