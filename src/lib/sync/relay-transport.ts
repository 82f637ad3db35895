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
import type { Topic } from '../base/ids.ts';
import { signalBytesMax } from '../base/limits.ts';
import {
  createEventSigner,
  nostrFrameBytesMax,
  readSignalEvent,
  signalFilters,
  type EventSigner
} from './nostr-event.ts';
import { backOffMs, RelayConnection, type RelayConnectionOptions } from './relay-connection.ts';
import type { SignalHandlers, SignalTransport } from './signal-transport.ts';

export type RelayTransportOptions = Omit<RelayConnectionOptions, 'frameBytesMax'>;

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

const subscriptionId = 'signal';

class NostrTransport implements RelayTransport {
  readonly id: string;
  readonly trickle = false;
  readonly maxBytes = signalBytesMax;

  readonly #options: RelayTransportOptions;
  readonly #connection: RelayConnection;
  readonly #topics = new Set<Topic>();
  #handlers: SignalHandlers | undefined;
  #signer: Promise<EventSigner> | undefined;
  #isClosed = false;
  #isConnected = false;
  #isSubscribed = false;
  #isRenewing = false;
  /** Refusals in a row of the subscription, and what waits to ask for it again. */
  #refusals = 0;
  #cancelRenewal: (() => void) | undefined;

  constructor(options: RelayTransportOptions) {
    this.#options = options;
    this.id = options.url;
    this.#connection = new RelayConnection(
      { ...options, frameBytesMax: nostrFrameBytesMax },
      {
        onOpen: () => this.#opened(),
        onLost: () => this.#lost(),
        onMessage: (message) => this.#receive(message),
        onProbe: () => this.#probe()
      }
    );
  }

  open(handlers: SignalHandlers): void {
    assert(this.#handlers === undefined && !this.#isClosed, 'a transport is opened once');
    this.#handlers = handlers;
    this.#connection.open();
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
    if (!this.#connection.isOpen) return;
    const { visit } = this.#connection;
    const signer = await this.#loadSigner();
    const event = await signer?.sign(topic, data);
    // The connection may have gone meanwhile; another one has other listeners, and the sender says it again.
    if (event !== undefined && visit === this.#connection.visit) this.#connection.send(['EVENT', event]);
  }

  wake(): void {
    if (this.#isClosed || this.#handlers === undefined) return;
    if (this.#cancelRenewal !== undefined) this.#renew();
    this.#connection.wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#forgetSubscription();
    this.#connection.close();
    this.#handlers = undefined;
    this.#signer = undefined;
  }

  #opened(): void {
    void this.#loadSigner(); // so that the first message does not wait for it
    this.#renew();
    this.#report(true);
  }

  #lost(): void {
    this.#forgetSubscription();
    this.#report(false);
  }

  #forgetSubscription(): void {
    this.#isSubscribed = false;
    this.#cancelRenewal?.();
    this.#cancelRenewal = undefined;
  }

  #receive([verb, id, value]: readonly unknown[]): void {
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
    this.#refusals = 0;
    this.#report(true);
  }

  /** The relay ended the subscription: we would hear nothing, so that is as good as not connected. */
  #refused(): void {
    const { clock, random } = this.#options;
    this.#forgetSubscription();
    this.#cancelRenewal = clock.after(backOffMs(random, this.#refusals++), () => this.#renew());
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
    if (!this.#connection.isOpen) return;
    const wasSubscribed = this.#isSubscribed;
    this.#forgetSubscription();
    if (this.#topics.size === 0) {
      if (wasSubscribed) this.#connection.send(['CLOSE', subscriptionId]);
      return this.#report(true); // nothing is asked, so nothing is refused
    }
    this.#isSubscribed = this.#connection.send(['REQ', subscriptionId, ...signalFilters([...this.#topics])]);
  }

  /** Subscribes again, which every relay answers; not where it has just said no, for it is asked again soon. */
  #probe(): boolean {
    if (this.#isSubscribed) this.#renew();
    return this.#isSubscribed;
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
