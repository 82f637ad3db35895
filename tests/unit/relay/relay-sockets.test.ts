/** Who may connect, who is still there, who reads too slowly. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultLimits, heartbeatMs } from '../../../src/relay/limits.ts';
import { startServer, type RunningServer } from '../../../src/relay/server.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { connectClient, type NostrClient } from './nostr-client.ts';
import { signEvent } from './signed-event.ts';

const { connectionsPerAddressMax } = defaultLimits;

let clock: HandClock;
let server: RunningServer;

beforeEach(() => {
  clock = createHandClock();
});

afterEach(async () => {
  const closed = server.close();
  clock.advance(60_000);
  await closed;
});

const start = async (isProxied = false): Promise<void> => {
  server = await startServer({ host: '127.0.0.1', port: 0, clock, isProxied });
};

const from = (address: string): Promise<NostrClient> =>
  connectClient(server.relayUrl, { headers: { 'X-Forwarded-For': address } });

const fill = async (address: string): Promise<NostrClient[]> =>
  Promise.all(Array.from({ length: connectionsPerAddressMax }, () => from(address)));

test('takes so many connections from one address, and one more when one has gone', async () => {
  await start();
  const [first] = await fill('192.0.2.1');
  await expect(from('192.0.2.1')).rejects.toThrow('HTTP 429');
  // Without a proxy the header is only a claim: everyone here is 127.0.0.1.
  await expect(from('192.0.2.2')).rejects.toThrow('HTTP 429');
  first?.close();
  await first?.closed;
  await vi.waitFor(() => from('192.0.2.1'));
});

test('behind a proxy counts by the last hop, which the proxy wrote', async () => {
  await start(true);
  await fill('192.0.2.1');
  await expect(from('192.0.2.1')).rejects.toThrow('HTTP 429');
  await expect(from('192.0.2.99, 192.0.2.1')).rejects.toThrow('HTTP 429');
  await from('192.0.2.1, 192.0.2.2');
  await fill('2001:db8:1:2::1');
  await expect(from('2001:db8:1:2:ffff::9')).rejects.toThrow('HTTP 429');
  await from('2001:db8:1:3::1');
});

test('drops a connection that shows no life, and keeps one that does', async () => {
  await start();
  const dead = await connectClient(server.relayUrl, { autoPong: false });
  const alive = await connectClient(server.relayUrl);
  const pinged = new Promise((resolve) => dead.socket.once('ping', resolve));
  clock.advance(heartbeatMs);
  await pinged;
  alive.send(['REQ', 'here', { kinds: [1] }]);
  await alive.next();
  clock.advance(heartbeatMs);
  expect((await dead.closed).code).toBe(1006);
  alive.send(['REQ', 'here', { kinds: [1] }]);
  expect(await alive.next()).toEqual(['EOSE', 'here']);
});

test('drops a reader who lets everything pile up, and nobody else', async () => {
  await start();
  const slow = await connectClient(server.relayUrl);
  const speaker = await connectClient(server.relayUrl);
  for (let n = 0; n < 20; n++) {
    slow.send(['REQ', `sub ${n}`, { kinds: [20_571] }]);
    await slow.next();
  }
  slow.socket.pause();
  const event = signEvent({ content: 'x'.repeat(48 * 1024) });
  // Twenty copies of each: about 1 MB; what the system buffers for both ends is passed after some.
  for (let n = 0; n < 40; n++) {
    speaker.send(['EVENT', event]);
    expect((await speaker.next())[2]).toBe(true);
    clock.advance(1000);
  }
  slow.socket.resume();
  expect((await slow.closed).code).toBe(1006);
});

test('says goodbye when it goes', async () => {
  await start();
  const client = await connectClient(server.relayUrl);
  await server.close();
  expect(await client.closed).toEqual({ code: 1001, reason: 'the relay is going away' });
  await start();
});
