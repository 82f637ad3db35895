/**
 * The relay's WebSockets: who may connect, who is still there, and who reads too slowly.
 */
import type { X509Certificate } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Clock } from '../lib/base/clock.ts';
import { clientAddress, isLoopback, limitKey } from './address.ts';
import { createAddressAllowances, type AddressAllowance } from './address-allowance.ts';
import { bufferedBytesMax, frameBytesMax, goodbyeMs, heartbeatMs, streamBytes, sweepMs } from './limits.ts';
import { createNostrRelay, type RelayParts } from './nostr-relay.ts';
import { hostOf, type OwnNames } from './sign-in.ts';

export interface RelaySockets {
  /** Takes over a connection that asks for an upgrade at the relay's path, or refuses it politely. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says goodbye to everyone, and cuts off who has not gone after `goodbyeMs`. */
  close(): void;
}

export interface RelaySocketsParts extends RelayParts {
  /** Whether the last hop of X-Forwarded-For is the client's address, and X-Forwarded-Host the name it asked for. */
  readonly isProxied: boolean;
  readonly certificate: X509Certificate | undefined;
  /** The one host this relay goes by, where whoever runs it has said. */
  readonly relayHost: string | undefined;
  /** Is handed every frame that comes in, as text. */
  readonly observe: ((text: string) => void) | undefined;
  /** Is handed a sentence, with the address, for each connection that was refused or ended for what it did. */
  readonly logVisitor: ((sentence: string) => void) | undefined;
}

export const createRelaySockets = (parts: RelaySocketsParts): RelaySockets => {
  const { clock, limits, isProxied, observe, logVisitor } = parts;
  const server = new WebSocketServer({ noServer: true, maxPayload: frameBytesMax, perMessageDeflate: false });
  const relay = createNostrRelay(parts);
  const allowances = createAddressAllowances(clock, limits);
  const alive = new WeakSet<WebSocket>();
  const cancelBeat = every(clock, heartbeatMs, () => {
    for (const socket of server.clients) {
      if (!alive.has(socket)) socket.terminate();
      alive.delete(socket);
      socket.ping();
    }
  });
  const cancelTidy = every(clock, sweepMs, () => void allowances.tidy());

  const serve = (socket: WebSocket, request: IncomingMessage, address: string, allowance: AddressAllowance): void => {
    const connection = relay.connect({
      wire: {
        send: (text) => sendBounded(socket, text),
        stream: (next) => stream(socket, next, () => alive.add(socket)),
        close: (reason) => {
          logVisitor?.(`Closed a connection from ${address}: ${reason}.`);
          socket.close(1008, reason);
          clock.after(goodbyeMs, () => socket.terminate());
        }
      },
      allowance,
      names: namesOn(request, parts)
    });
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
    socket.on('message', (data, isBinary) => {
      alive.add(socket);
      const bytes = rawBytes(data);
      observe?.(bytes.toString());
      if (isBinary) connection.receiveBinary(bytes.length);
      else connection.receive(bytes.toString(), bytes.length);
    });
    socket.on('close', () => connection.end());
    socket.on('error', () => socket.terminate()); // a broken or oversized frame: ws has already said which to the client
  };

  const refuse = (socket: Duplex, status: number, address: string): void => {
    logVisitor?.(`Refused a connection from ${address}: ${STATUS_CODES[status]}.`);
    refuseUpgrade(socket, status);
  };

  return {
    accept(request, socket, head) {
      const address = clientAddress(request, isProxied);
      const key = limitKey(address);
      if (server.clients.size >= limits.connectionsMax) return refuse(socket, 503, address);
      const allowance = allowances.enter(key);
      if (allowance === undefined) return refuse(socket, 429, address);
      socket.once('close', () => allowances.leave(key));
      server.handleUpgrade(request, socket, head, (accepted) => serve(accepted, request, address, allowance));
    },
    close() {
      cancelBeat();
      cancelTidy();
      for (const socket of server.clients) {
        socket.close(1001, 'the relay is going away');
        const cancel = clock.after(goodbyeMs, () => socket.terminate());
        socket.once('close', cancel);
      }
    }
  };
};

/** Runs a task again and again; the returned function ends it. */
const every = (clock: Clock, periodMs: number, task: () => void): (() => void) => {
  const run = (): void => {
    task();
    cancel = clock.after(periodMs, run);
  };
  let cancel = clock.after(periodMs, run);
  return () => cancel();
};

/** Answers an upgrade that is not granted, and ends the connection. */
export const refuseUpgrade = (socket: Duplex, status: number): void => {
  socket.on('error', () => socket.destroy()); // it may be gone before it hears the answer
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** What this relay goes by on a connection. A proxy on this machine may put its own address for the one asked for. */
const namesOn = ({ headers }: IncomingMessage, { isProxied, certificate, relayHost }: RelaySocketsParts): OwnNames => {
  const forwarded = isProxied ? [headers['x-forwarded-host'] ?? ''].flat().join(',').split(',').at(-1)?.trim() : '';
  const asked = hostOf(`ws://${forwarded === '' || forwarded === undefined ? (headers.host ?? '') : forwarded}`);
  const requestedHost = asked !== undefined && isProxied && isLoopback(asked) ? undefined : (asked ?? '');
  return {
    ...(relayHost === undefined ? {} : { configuredHost: relayHost }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(requestedHost === undefined ? {} : { requestedHost })
  };
};

const sendBounded = (socket: WebSocket, text: string): void => {
  if (socket.readyState !== socket.OPEN) return;
  // Who does not read would fill this machine's memory; after reconnecting they ask again for what was kept.
  if (socket.bufferedAmount > bufferedBytesMax) return socket.terminate();
  socket.send(text);
};

/**
 * Sends text after text while less than `streamBytes` waits, and goes on when the system has taken what waited: a phone
 * on a slow network gets its half year of mail without a line of it piling up here. `progressed` hears of each such
 * step, since a reader who reads is there, even where the answer to our ping waits behind megabytes.
 */
const stream = (socket: WebSocket, next: () => string | undefined, progressed: () => void): void => {
  while (socket.readyState === socket.OPEN) {
    const text = next();
    if (text === undefined) return;
    if (socket.bufferedAmount + text.length >= streamBytes) {
      return socket.send(text, () => {
        progressed();
        stream(socket, next, progressed);
      });
    }
    socket.send(text);
  }
};

const rawBytes = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
