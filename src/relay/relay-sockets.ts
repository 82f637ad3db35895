/**
 * The relay's WebSockets: who may connect, who is still there, and who reads too slowly.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Clock } from '../lib/base/clock.ts';
import { clientAddress, limitKey } from './address.ts';
import {
  bufferedBytesMax,
  connectionsMax,
  connectionsPerAddressMax,
  frameBytesMax,
  goodbyeMs,
  heartbeatMs
} from './limits.ts';
import { createNostrRelay } from './nostr-relay.ts';

export interface RelaySockets {
  /** Takes over a connection that asks for an upgrade at the relay's path, or refuses it politely. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says goodbye to everyone, and cuts off who has not gone after `goodbyeMs`. */
  close(): void;
}

/**
 * `isProxied`: whether the last hop of X-Forwarded-For is the client's address. `observe` is handed every frame that
 * comes in, as text.
 */
export const createRelaySockets = (
  clock: Clock,
  isProxied: boolean,
  observe: ((text: string) => void) | undefined
): RelaySockets => {
  const server = new WebSocketServer({ noServer: true, maxPayload: frameBytesMax, perMessageDeflate: false });
  const relay = createNostrRelay(clock);
  const openByAddress = new Map<string, number>();
  const alive = new WeakSet<WebSocket>();
  let cancelHeartbeat = clock.after(heartbeatMs, beat);

  function beat(): void {
    for (const socket of server.clients) {
      if (!alive.has(socket)) socket.terminate();
      alive.delete(socket);
      socket.ping();
    }
    cancelHeartbeat = clock.after(heartbeatMs, beat);
  }

  const serve = (socket: WebSocket): void => {
    const connection = relay.connect({
      send: (text) => sendBounded(socket, text),
      close: (reason) => {
        socket.close(1008, reason);
        clock.after(goodbyeMs, () => socket.terminate());
      }
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

  return {
    accept(request, socket, head) {
      const key = limitKey(clientAddress(request, isProxied));
      const open = openByAddress.get(key) ?? 0;
      if (server.clients.size >= connectionsMax) return refuseUpgrade(socket, 503);
      if (open >= connectionsPerAddressMax) return refuseUpgrade(socket, 429);
      openByAddress.set(key, open + 1);
      socket.once('close', () => {
        const left = (openByAddress.get(key) ?? 1) - 1;
        if (left === 0) openByAddress.delete(key);
        else openByAddress.set(key, left);
      });
      server.handleUpgrade(request, socket, head, serve);
    },
    close() {
      cancelHeartbeat();
      for (const socket of server.clients) {
        socket.close(1001, 'the relay is going away');
        const cancel = clock.after(goodbyeMs, () => socket.terminate());
        socket.once('close', cancel);
      }
    }
  };
};

/** Answers an upgrade that is not granted, and ends the connection. */
export const refuseUpgrade = (socket: Duplex, status: number): void => {
  socket.on('error', () => socket.destroy()); // it may be gone before it hears the answer
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

const sendBounded = (socket: WebSocket, text: string): void => {
  if (socket.readyState !== socket.OPEN) return;
  // Who does not read would fill this machine's memory; after reconnecting they have missed what was for now anyway.
  if (socket.bufferedAmount > bufferedBytesMax) return socket.terminate();
  socket.send(text);
};

const rawBytes = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
