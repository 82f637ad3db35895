/**
 * The port through which devices find each other: small texts on topics, delivered to whoever listens now.
 *
 * A transport knows nothing of circles: it is opened for one circle (or one invitation) and sees only its topics, so
 * that two circles of one person never share a connection (docs/protocol.md SG1). It may lose, repeat and reorder
 * messages and may deliver our own; the handshake above it expects all four. Adapters: `relay-transport.ts`, and an
 * in-process one in tests. Every adapter passes `tests/contract/signal-transport.ts`.
 */
import type { Topic } from '../base/ids.ts';

export interface SignalHandlers {
  /** A text on a topic subscribed to. May be anything at all: opened and checked above. */
  onMessage(topic: Topic, data: string): void;
  /** Reachable or not; called on every change, first when the transport first connects. */
  onStatus(connected: boolean): void;
}

export interface SignalTransport {
  /** Which route this is, for the person's own eyes: a relay's address. */
  readonly id: string;
  /** Whether ICE candidates may trickle as messages of their own. */
  readonly trickle: boolean;
  /** Largest `data` in UTF-8 bytes. */
  readonly maxBytes: number;
  /** Connects and keeps connected, backing off while it fails, until `close`. Called once. */
  open(handlers: SignalHandlers): void;
  /** Listens on these topics from now on, also after reconnecting. */
  subscribe(topics: readonly Topic[]): void;
  unsubscribe(topics: readonly Topic[]): void;
  /** Sends once; resolves when handed over. A message said while not connected is dropped: the sender says it again. */
  publish(topic: Topic, data: string): Promise<void>;
  /** Ends everything; nothing is delivered after it. */
  close(): void;
}
