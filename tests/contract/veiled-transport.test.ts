/** A veiled transport is a transport like any other, and no relay learns from it what another one hears. */
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/lib/base/clock.ts';
import type { Topic } from '../../src/lib/base/ids.ts';
import { signalBytesMax } from '../../src/lib/base/limits.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { createRelayTransport } from '../../src/lib/sync/relay-transport.ts';
import type { SignalTransport } from '../../src/lib/sync/signal-transport.ts';
import { createVeiledTransport } from '../../src/lib/sync/veiled-transport.ts';
import { startServer, type RunningServer } from '../../src/relay/server.ts';
import { linkBetween, trailOf } from '../e2e/harness/relay-search.ts';
import { describeSignalTransport } from './signal-transport.ts';

const parts = { clock: systemClock, random: systemRandom };
const bare = (url: string): SignalTransport => createRelayTransport({ url, ...parts });
const veiled = (url: string): SignalTransport => createVeiledTransport(bare(url), url, systemRandom);

describeSignalTransport('relay, veiled', async () => {
  let server = await startServer({ host: '127.0.0.1', port: 0 });
  const { port, relayUrl } = server;
  return {
    createTransport: () => veiled(relayUrl),
    stop: () => server.close(),
    start: async () => {
      server = await startServer({ host: '127.0.0.1', port });
    },
    close: () => server.close()
  };
});

describe('[SG7] the same words over two relays', () => {
  const room = 'cm9vbS1vZi1hbmEtYW5kLQ' as Topic;
  const words = 'The same words, said by way of two relays at once. '.repeat(20);

  /** Ana says it on each relay until Jo, on the second, has heard it; what either relay heard. */
  const sayOnBoth = async (create: (url: string) => SignalTransport): Promise<readonly unknown[][]> => {
    const heard: string[][] = [[], []];
    const start = (at: number): Promise<RunningServer> =>
      startServer({ host: '127.0.0.1', port: 0, observe: (text) => void heard[at]?.push(text) });
    const servers = [await start(0), await start(1)];
    const atJos: string[] = [];
    const anas = servers.map(({ relayUrl }) => create(relayUrl));
    const jos = servers.map(({ relayUrl }) => create(relayUrl));
    for (const transport of [...anas, ...jos]) {
      transport.open({ onMessage: (_topic, data) => void atJos.push(data), onStatus: () => undefined });
    }
    for (const transport of jos) transport.subscribe([room]);
    await vi.waitFor(async () => {
      for (const transport of anas) await transport.publish(room, words);
      expect(atJos.length).toBeGreaterThan(3);
    });
    expect(new Set(atJos)).toEqual(new Set([words]));
    for (const transport of [...anas, ...jos]) transport.close();
    await Promise.all(servers.map((server) => server.close()));
    return heard.map((texts) =>
      texts.filter((text) => text.startsWith('[')).map((text) => JSON.parse(text) as unknown)
    );
  };

  test('have nothing in common by which the relays could find each other, though they would without the veil', async () => {
    const linked = (heard: readonly unknown[][]): string | undefined => {
      const [a, b] = heard.map((frames) => trailOf(frames, '')) as [ReadonlySet<string>, ReadonlySet<string>];
      expect(a.size).toBeGreaterThan(100);
      return linkBetween(a, b);
    };
    expect(linked(await sayOnBoth(bare))).toBeDefined();
    expect(linked(await sayOnBoth(veiled))).toBeUndefined();
  });

  test('leave room for what a signal needs', () => {
    expect(veiled('ws://127.0.0.1:9/').maxBytes).toBeGreaterThan(signalBytesMax * 0.7);
  });
});

test('[SG7] what was not sealed for this relay is dropped', async () => {
  const server = await startServer({ host: '127.0.0.1', port: 0 });
  const room = 'cm9vbS1vZi1hbmEtYW5kLQ' as Topic;
  const heard: string[] = [];
  const jo = veiled(server.relayUrl);
  jo.open({ onMessage: (_topic, data) => void heard.push(data), onStatus: () => undefined });
  jo.subscribe([room]);
  // Somebody who passes on what another relay was told: the name here, and a box for elsewhere.
  const names: string[] = [];
  const spy: SignalTransport = { ...silent, subscribe: (topics) => void names.push(...topics) };
  const boxes: string[] = [];
  const elsewhere: SignalTransport = { ...silent, publish: async (_topic, data) => void boxes.push(data) };
  createVeiledTransport(spy, server.relayUrl, systemRandom).subscribe([room]);
  await createVeiledTransport(elsewhere, 'wss://elsewhere.example/', systemRandom).publish(room, 'replayed');
  await vi.waitFor(() => expect([names.length, boxes.length]).toEqual([1, 1]));
  const [stranger, ana] = [bare(server.relayUrl), veiled(server.relayUrl)];
  for (const one of [stranger, ana]) one.open({ onMessage: () => undefined, onStatus: () => undefined });
  await vi.waitFor(async () => {
    for (const data of [boxes[0] as string, 'no box', '']) await stranger.publish(names[0] as Topic, data);
    await ana.publish(room, 'true');
    expect(heard.length).toBeGreaterThan(2);
  });
  expect(new Set(heard)).toEqual(new Set(['true']));
  for (const one of [jo, stranger, ana]) one.close();
  await server.close();
});

const silent: SignalTransport = {
  id: 'silent',
  trickle: false,
  maxBytes: signalBytesMax,
  open: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  publish: async () => undefined,
  close: () => undefined
};
