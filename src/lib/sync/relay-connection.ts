/**
 * One WebSocket to a Nostr relay, kept up: connecting, backing off, and noticing that nobody is there any more.
 *
 * It knows messages (JSON arrays) and not what they say. Shared by signaling and mailboxes; each has a connection of its
 * own, so that a relay cannot tell that two circles are the same person's. Source: NIP-01; docs/protocol.md SG1, MB6.
 */
import { assert } from '../base/assert.ts';
import { utf8ToBytes } from '../base/bytes.ts';
import { minuteMs, secondMs, type Clock } from '../base/clock.ts';
import { connectDeadlineMs } from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';

export interface RelayConnectionOptions {
  /** wss: or, on loopback, ws:. An address that no socket can be opened to is tried again like one that is down. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How a socket is made; the platform's own by default. */
  readonly socket?: (url: string) => WebSocket;
  /** Messages longer than this are dropped unread, and never sent: letters coming in, bytes going out. */
  readonly frameBytesMax: number;
}

export interface RelayConnectionHandlers {
  onOpen(): void;
  /** An attempt or a connection has ended; the next attempt is made later, unless this closes the connection. */
  onLost(): void;
  onMessage(message: readonly unknown[]): void;
  /** Asks something that every relay answers; false where there is nothing to ask now. */
  onProbe(): boolean;
}

/** What a relay is given to answer: then it counts as gone, or what it was asked as refused. */
export const answerDeadlineMs = 10 * secondMs;

const retryMinMs = secondMs;
/** A connection that lasted this long was a good one: the next failure starts counting anew. */
const steadyMs = 10 * secondMs;
/** A silent relay is asked this often whether it is there: a phone that changed networks is told by nobody. */
const probeEveryMs = minuteMs;

/** 1 s, doubling to `maxMs`, and anything from half of it to all of it: friends do not come back in one wave. */
export const backOffMs = (random: Random, failures: number, maxMs = minuteMs): number => {
  const fullMs = Math.min(maxMs, retryMinMs * 2 ** Math.min(failures, 16));
  return jitterMs(random, fullMs / 2, fullMs);
};

export class RelayConnection {
  readonly #options: RelayConnectionOptions;
  readonly #handlers: RelayConnectionHandlers;
  #socket: WebSocket | undefined;
  #listening = new AbortController();
  #visit = 0;
  #isClosed = false;
  #openedAtMs: number | undefined;
  #failures = 0;
  /** One timer at a time drives the socket: the deadline of connecting, the next try, or the next probe. */
  #cancelTimer = (): void => undefined;
  #cancelAnswerDeadline = (): void => undefined;

  constructor(options: RelayConnectionOptions, handlers: RelayConnectionHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** Whether something that is sent now goes out. */
  get isOpen(): boolean {
    return this.#socket?.readyState === 1;
  }

  /** Counts the sockets: what was begun on one visit means nothing on the next. */
  get visit(): number {
    return this.#visit;
  }

  open(): void {
    this.#abandon();
    if (this.#isClosed) return;
    const { clock, url, socket: makeSocket = (address) => new WebSocket(address) } = this.#options;
    let socket: WebSocket;
    try {
      socket = makeSocket(url);
    } catch {
      return this.#lost(); // malformed, or not allowed from this page: it may be a circle's own mistake
    }
    this.#socket = socket;
    this.#visit++;
    // A socket that was abandoned may still speak, and in a network that fell silent it takes long to close: it is not
    // heard, and holds nothing of ours meanwhile.
    const { signal } = (this.#listening = new AbortController());
    socket.addEventListener('open', () => this.#opened(), { signal });
    socket.addEventListener('close', () => this.#lost(), { signal });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#receive(data), { signal });
    this.#cancelTimer = clock.after(connectDeadlineMs, () => this.#lost());
  }

  /** Sends where connected, and answers whether it did. */
  send(message: readonly unknown[]): boolean {
    const socket = this.#socket;
    if (socket === undefined || !this.isOpen) return false;
    const frame = JSON.stringify(message);
    assert(utf8ToBytes(frame).length <= this.#options.frameBytesMax, 'a message fits a frame');
    socket.send(frame);
    return true;
  }

  /** Connects at once where it is not connected, else makes sure that the relay still answers. */
  wake(): void {
    if (this.#isClosed) return;
    if (this.#socket === undefined) this.open();
    else if (this.isOpen) this.#probe();
  }

  /** Gives a connection up that is of no use, as if it had been lost. */
  drop(): void {
    if (this.#socket !== undefined) this.#lost();
  }

  /** Ends it for good; no handler is called after this. */
  close(): void {
    this.#isClosed = true;
    this.#abandon();
  }

  #opened(): void {
    this.#openedAtMs = this.#options.clock.nowMs();
    this.#scheduleProbe();
    this.#handlers.onOpen();
  }

  #lost(): void {
    const { clock, random } = this.#options;
    const lastedMs = this.#openedAtMs === undefined ? 0 : clock.nowMs() - this.#openedAtMs;
    if (lastedMs >= steadyMs) this.#failures = 0;
    this.#abandon();
    this.#handlers.onLost();
    // Whoever heard that may have closed it, or woken it.
    if (this.#isClosed || this.#socket !== undefined) return;
    this.#cancelTimer = clock.after(backOffMs(random, this.#failures++), () => this.open());
  }

  /** Lets go of the socket, if there is one, and of every timer. */
  #abandon(): void {
    this.#cancelTimer();
    this.#cancelAnswerDeadline();
    this.#openedAtMs = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#listening.abort();
    socket?.close();
  }

  #receive(data: unknown): void {
    if (typeof data !== 'string' || data.length > this.#options.frameBytesMax) return;
    this.#cancelAnswerDeadline();
    this.#handlers.onMessage(parseArray(data));
  }

  #scheduleProbe(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(probeEveryMs, () => {
      this.#scheduleProbe();
      this.#probe();
    });
  }

  /** Gives the connection up where nothing at all comes back. */
  #probe(): void {
    if (!this.#handlers.onProbe()) return;
    this.#cancelAnswerDeadline();
    this.#cancelAnswerDeadline = this.#options.clock.after(answerDeadlineMs, () => this.#lost());
  }
}

const parseArray = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // what is no JSON says nothing to us
  }
};
