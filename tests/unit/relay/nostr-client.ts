/** An ordinary Nostr client, as bare as it gets: what it sends is up to the test, right or wrong. */
import { WebSocket, type ClientOptions } from 'ws';
import { signIn, type Keys } from './signed-event.ts';

export interface NostrClient {
  readonly socket: WebSocket;
  send(message: unknown): void;
  sendText(text: string): void;
  /** The next message from the relay, parsed; the challenge that it greets with is not among them. */
  next(): Promise<unknown[]>;
  /** What the relay greets with, if it does (NIP-42). */
  readonly challenge: Promise<string>;
  /** Signs in with these keys, as the relay at this address wants it. Resolves with the relay's answer. */
  signIn(keys: Keys, nowMs: number): Promise<unknown[]>;
  /** Asks, and resolves with what is stored: all EVENTs until EOSE, or the CLOSED that came instead. */
  ask(id: string, ...filters: object[]): Promise<{ readonly events: Stored[]; readonly closed?: unknown }>;
  /** How many came that `next` has not taken. */
  readonly waiting: number;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): void;
}

/** An event as it comes back. */
export interface Stored {
  readonly id: string;
  readonly created_at: number;
  readonly content: string;
}

/** Resolves when connected; rejects with the relay's HTTP status where it refuses. */
export const connectClient = (url: string, options: ClientOptions = {}): Promise<NostrClient> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    const inbox: unknown[][] = [];
    const takers: ((message: unknown[]) => void)[] = [];
    let hearChallenge = (_challenge: string): void => undefined;
    const challenge = new Promise<string>((hear) => (hearChallenge = hear));
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as unknown[];
      if (message[0] === 'AUTH') return hearChallenge(message[1] as string);
      const taker = takers.shift();
      if (taker === undefined) inbox.push(message);
      else taker(message);
    });
    const closed = new Promise<{ code: number; reason: string }>((hear) => {
      socket.on('close', (code, reason) => hear({ code, reason: reason.toString() }));
    });
    socket.on('unexpected-response', (_request, response) => {
      response.destroy();
      reject(new Error(`HTTP ${response.statusCode}`));
    });
    socket.on('error', (failure) => reject(failure));
    const next = (): Promise<unknown[]> => {
      const message = inbox.shift();
      return message === undefined ? new Promise((taker) => takers.push(taker)) : Promise.resolve(message);
    };
    socket.on('open', () =>
      resolve({
        socket,
        send: (message) => socket.send(JSON.stringify(message)),
        sendText: (text) => socket.send(text),
        next,
        challenge,
        async signIn(keys, nowMs) {
          socket.send(JSON.stringify(['AUTH', signIn(keys, { challenge: await challenge, relay: url, nowMs })]));
          return next();
        },
        async ask(id, ...filters) {
          socket.send(JSON.stringify(['REQ', id, ...filters]));
          const events: Stored[] = [];
          for (;;) {
            const [verb, , value] = await next();
            if (verb === 'EVENT') events.push(value as Stored);
            else return verb === 'CLOSED' ? { events, closed: value } : { events };
          }
        },
        get waiting() {
          return inbox.length;
        },
        closed,
        close: () => socket.close()
      })
    );
  });
