/** An ordinary Nostr client, as bare as it gets: what it sends is up to the test, right or wrong. */
import { WebSocket, type ClientOptions } from 'ws';

export interface NostrClient {
  readonly socket: WebSocket;
  send(message: unknown): void;
  sendText(text: string): void;
  /** The next message from the relay, parsed. */
  next(): Promise<unknown[]>;
  /** How many came that `next` has not taken. */
  readonly waiting: number;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): void;
}

/** Resolves when connected; rejects with the relay's HTTP status where it refuses. */
export const connectClient = (url: string, options: ClientOptions = {}): Promise<NostrClient> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    const inbox: unknown[][] = [];
    const takers: ((message: unknown[]) => void)[] = [];
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as unknown[];
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
    socket.on('open', () =>
      resolve({
        socket,
        send: (message) => socket.send(JSON.stringify(message)),
        sendText: (text) => socket.send(text),
        next: () => {
          const message = inbox.shift();
          return message === undefined ? new Promise((taker) => takers.push(taker)) : Promise.resolve(message);
        },
        get waiting() {
          return inbox.length;
        },
        closed,
        close: () => socket.close()
      })
    );
  });
