/** The relay adapter: over the real relay on loopback, then with a relay that misbehaves. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocketServer, type WebSocket as RelaySocket } from 'ws';
import { systemClock } from '../../src/lib/base/clock.ts';
import type { Topic } from '../../src/lib/base/ids.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { createRelayTransport, topicsMax, type RelayTransport } from '../../src/lib/sync/relay-transport.ts';
import { verifyEvent, type NostrEvent } from '../../src/relay/event.ts';
import { startServer } from '../../src/relay/server.ts';
import { createHandClock, type HandClock } from '../unit/relay/hand-clock.ts';
import { signEvent } from '../unit/relay/signed-event.ts';
import { describeSignalTransport } from './signal-transport.ts';

describeSignalTransport('relay', async () => {
  let server = await startServer({ host: '127.0.0.1', port: 0 });
  const { port, relayUrl } = server;
  return {
    createTransport: () => createRelayTransport({ url: relayUrl, clock: systemClock, random: systemRandom }),
    stop: () => server.close(),
    start: async () => {
      server = await startServer({ host: '127.0.0.1', port });
    },
    close: () => server.close()
  };
});

describe('with a relay that says what the test tells it to', () => {
  const room = 'room' as Topic;
  let relay: WebSocketServer;
  let url: string;
  let sockets: RelaySocket[];
  /** Everything the relay was told, parsed. */
  let told: unknown[][];
  /** How the relay answers a REQ. */
  let answerReq: (socket: RelaySocket) => void;
  let clock: HandClock;
  let transport: RelayTransport;
  let heard: string[];
  let statuses: boolean[];

  beforeEach(async () => {
    [sockets, told, heard, statuses] = [[], [], [], []];
    answerReq = (socket) => socket.send('["EOSE","signal"]');
    relay = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    relay.on('connection', (socket) => {
      sockets.push(socket);
      socket.on('message', (data) => {
        const message = JSON.parse((data as Buffer).toString()) as unknown[];
        told.push(message);
        if (message[0] === 'REQ') answerReq(socket);
      });
    });
    await once(relay, 'listening');
    url = `ws://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    clock = createHandClock();
    transport = createRelayTransport({ url, clock, random: systemRandom });
  });

  afterEach(() => {
    transport.close();
    for (const socket of relay.clients) socket.terminate();
    relay.close();
  });

  const open = (on = transport): void =>
    on.open({
      onMessage: (_topic, data) => heard.push(data),
      onStatus: (connected) => statuses.push(connected)
    });

  const openInRoom = async (): Promise<void> => {
    transport.subscribe([room]);
    open();
    await vi.waitFor(() => expect(reqs()).toHaveLength(1));
    expect(statuses[0]).toBe(true);
  };

  const reqs = (): unknown[][] => told.filter(([verb]) => verb === 'REQ');
  const say = (message: unknown): void => sockets.at(-1)?.send(JSON.stringify(message));

  test('speaks as NIP-01 has it', async () => {
    transport.subscribe([room]);
    transport.subscribe(['hall' as Topic]);
    await openInRoom();
    expect(reqs()).toEqual([['REQ', 'signal', { kinds: [20_571], '#t': ['room', 'hall'], limit: 0 }]]);
    await transport.publish(room, 'hello');
    await vi.waitFor(() => expect(told).toHaveLength(2));
    const event = told[1]?.[1] as NostrEvent;
    expect(verifyEvent(event).ok).toBe(true);
    expect(event).toMatchObject({ kind: 20_571, tags: [['t', 'room']], content: 'hello' });
    expect(event.created_at).toBe(clock.nowMs() / 1000 + 5);
    transport.unsubscribe([room]);
    transport.unsubscribe(['hall' as Topic]);
    await vi.waitFor(() => expect(told.at(-1)).toEqual(['CLOSE', 'signal']));
    expect(reqs()).toHaveLength(1);
  });

  test('has a key of its own, the same for one transport and another for the next', async () => {
    const second = createRelayTransport({ url, clock, random: systemRandom });
    await openInRoom();
    open(second);
    await vi.waitFor(() => expect(statuses).toEqual([true, true]));
    for (const from of [transport, transport, second]) await from.publish(room, 'hello');
    await vi.waitFor(() => expect(told).toHaveLength(4));
    const authors = told.slice(1).map(([, event]) => (event as NostrEvent).pubkey);
    expect(new Set(authors).size).toBe(2);
    second.close();
  });

  test('survives notices, refusals, nonsense and events that are not for it', async () => {
    await openInRoom();
    say(['NOTICE', 'signal']);
    say(['OK', '0'.repeat(64), false, 'blocked: not you']);
    say(['AUTH', 'challenge']);
    for (const odd of [
      null,
      7,
      {},
      [],
      ['EVENT'],
      ['EVENT', 'signal'],
      ['EVENT', 'signal', null],
      [['EVENT'], 'signal']
    ]) {
      say(odd);
    }
    sockets[0]?.send('no JSON');
    sockets[0]?.send(Buffer.from(JSON.stringify(['EVENT', 'signal', signEvent()])));
    say(['EVENT', 'another', signEvent()]);
    say(['EVENT', 'signal', signEvent({ kind: 20_572 })]);
    say(['EVENT', 'signal', signEvent({ tags: [] })]);
    say(['EVENT', 'signal', signEvent({ tags: [['t']] })]);
    say(['EVENT', 'signal', signEvent({ tags: [['t', 'a room never entered']] })]);
    say(['EVENT', 'signal', { ...signEvent(), tags: ['t', { toString: 'room' }] }]);
    say(['EVENT', 'signal', { ...signEvent(), content: 7 }]);
    say(['EVENT', 'signal', signEvent({ content: 'x'.repeat(transport.maxBytes + 1) })]);
    say(['EVENT', 'signal', signEvent({ content: 'for the room' })]);
    await vi.waitFor(() => expect(heard).toEqual(['for the room']));
    expect(statuses).toEqual([true]);
  });

  test('subscribes again, later and later, where the relay ends the subscription', async () => {
    answerReq = (socket) => socket.send('["CLOSED","signal","rate-limited: slow down"]');
    await openInRoom();
    for (const [fromMs, toMs] of [
      [500, 1000],
      [1000, 2000],
      [2000, 4000]
    ] as const) {
      await vi.waitFor(() => expect(clock.nextMs()).toBeLessThanOrEqual(toMs));
      expect(clock.nextMs()).toBeGreaterThanOrEqual(fromMs);
      expect(statuses).toEqual([true, false]);
      const before = reqs().length;
      clock.advance(toMs);
      await vi.waitFor(() => expect(reqs()).toHaveLength(before + 1));
      await vi.waitFor(() => expect(clock.nextMs()).toBeLessThan(10_000));
    }
    answerReq = (socket) => socket.send('["EOSE","signal"]');
    clock.advance(8000);
    await vi.waitFor(() => expect(statuses).toEqual([true, false, true]));
    expect(sockets).toHaveLength(1);
  });

  test('tries again after 1 s, doubling to 60 s, and at once when woken', async () => {
    await openInRoom();
    relay.close();
    sockets[0]?.terminate();
    for (const fullMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      await vi.waitFor(() =>
        expect([...statuses, clock.nextMs()]).toEqual([true, false, expect.toSatisfy(isIn(fullMs))])
      );
      clock.advance(clock.nextMs() ?? 0);
      expect(clock.nextMs()).toBe(20_000); // the deadline of the next attempt
      await vi.waitFor(() => expect(clock.nextMs()).not.toBe(20_000));
    }
    relay = new WebSocketServer({ host: '127.0.0.1', port: Number(new URL(url).port) });
    await once(relay, 'listening');
    transport.wake();
    await vi.waitFor(() => expect(statuses).toEqual([true, false, true]));
  });

  test('gives up a relay that has fallen silent, and finds it again', async () => {
    await openInRoom();
    answerReq = () => undefined;
    clock.advance(60_000);
    await vi.waitFor(() => expect(reqs()).toHaveLength(2));
    expect(statuses).toEqual([true]);
    clock.advance(10_000);
    expect(statuses).toEqual([true, false]);
    clock.advance(1000);
    await vi.waitFor(() => expect(statuses).toEqual([true, false, true]));
    expect(sockets).toHaveLength(2);
  });

  test('asks at once when woken, and stays where it is answered', async () => {
    await openInRoom();
    transport.wake();
    await vi.waitFor(() => expect(reqs()).toHaveLength(2));
    await vi.waitFor(() => expect(clock.nextMs()).toBe(60_000)); // no deadline of an answer is left
    clock.advance(59_000);
    expect(statuses).toEqual([true]);
    expect(sockets).toHaveLength(1);
  });

  test('gives up on a server that never answers', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const waiting = createRelayTransport({ url, clock, random: systemRandom });
    open(waiting);
    await once(silent, 'connection');
    clock.advance(20_000);
    expect(clock.nextMs()).toBeLessThanOrEqual(1000);
    clock.advance(1000);
    const [second] = (await once(silent, 'connection')) as [{ destroy(): void }];
    waiting.close();
    second.destroy();
    silent.close();
    expect(statuses).toEqual([]);
  });

  test.each(['', 'relay', 'gopher://x', 'ws://'])('bears an address that is none: "%s"', async (url) => {
    const lost = createRelayTransport({ url, clock, random: systemRandom });
    open(lost);
    await lost.publish(room, 'into the void');
    await vi.waitFor(() => expect(clock.nextMs()).toBeLessThanOrEqual(1000));
    lost.wake();
    lost.close();
    expect(clock.nextMs()).toBeUndefined();
    expect(statuses).toEqual([]);
  });

  test('leaves no timer and no connection behind', async () => {
    await openInRoom();
    const gone = once(sockets[0] as RelaySocket, 'close');
    transport.close();
    await gone;
    expect(clock.nextMs()).toBeUndefined();
    transport.wake();
    expect(clock.nextMs()).toBeUndefined();
  });

  test('is opened once, and holds no more topics than fit a frame', () => {
    open();
    expect(() => open()).toThrow('opened once');
    const topics = Array.from({ length: topicsMax + 1 }, (_, n) => `${n}` as Topic);
    expect(() => transport.subscribe(topics)).toThrow('at most');
  });

  test('has the largest subscription taken by the real relay', async () => {
    const server = await startServer({ host: '127.0.0.1', port: 0 });
    const full = createRelayTransport({ url: server.relayUrl, clock, random: systemRandom });
    const topics = Array.from({ length: topicsMax }, (_, n) => `${n}`.padEnd(22, '-') as Topic);
    full.subscribe(topics);
    open(full);
    await vi.waitFor(() => expect(statuses).toEqual([true]));
    await vi.waitFor(async () => {
      await full.publish(topics.at(-1) as Topic, 'in the last one');
      expect(heard).toContain('in the last one');
    });
    full.close();
    await server.close();
  });
});

/** Between half of a delay and all of it. */
const isIn = (fullMs: number) => (ms: unknown) => typeof ms === 'number' && ms >= fullMs / 2 && ms <= fullMs;
