/** Signing in (NIP-42): with this connection's challenge, here, now, and with one's own key. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signInAgeMaxMs } from '../../../src/relay/limits.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../../src/relay/server.ts';
import { isOwnUrl } from '../../../src/relay/sign-in.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { connectClient, type NostrClient } from './nostr-client.ts';
import { keysOf, signEvent, signIn } from './signed-event.ts';

const keys = keysOf(1);

let clock: HandClock;
let server: RunningServer;
let client: NostrClient;

beforeEach(async () => {
  clock = createHandClock();
  await start();
});

afterEach(async () => stop());

const start = async (options: Partial<ServerOptions> = {}): Promise<void> => {
  server = await startServer({ host: '127.0.0.1', port: 0, clock, ...options });
  client = await connectClient(server.relayUrl);
};

const stop = async (): Promise<void> => {
  const closed = server.close();
  clock.advance(60_000);
  await closed;
};

/** Signs in with these words in place of the right ones; answers what the relay says. */
const attempt = async (wrong: Partial<Parameters<typeof signIn>[1]>, as = client): Promise<unknown[]> => {
  const right = { challenge: await as.challenge, relay: server.relayUrl, nowMs: clock.nowMs() };
  as.send(['AUTH', signIn(keys, { ...right, ...wrong })]);
  return as.next();
};

const isIn = async (as = client): Promise<boolean> =>
  (await as.ask('mine', { kinds: [1059], '#p': [keys.publicKey] })).closed === undefined;

test('opens the mailbox of the key, on this connection', async () => {
  expect(await isIn()).toBe(false);
  expect((await attempt({}))[2]).toBe(true);
  expect(await isIn()).toBe(true);
  expect(await isIn(await connectClient(server.relayUrl))).toBe(false);
});

test('has a challenge of its own on every connection, so that an answer can not be used again', async () => {
  const other = await connectClient(server.relayUrl);
  const challenge = await client.challenge;
  expect(await other.challenge).not.toBe(challenge);
  expect((await attempt({}))[2]).toBe(true);
  expect((await attempt({ challenge }, other))[3]).toMatch(/^invalid: the challenge/);
  expect(await isIn(other)).toBe(false);
});

test('is refused for another relay', async () => {
  expect((await attempt({ relay: 'wss://elsewhere.example/relay' }))[3]).toMatch(/^invalid: the relay tag/);
  expect(await isIn()).toBe(false);
});

test.each([-1, 1])('is refused %i × more than ten minutes from now, and says what time it is', async (sign) => {
  const nowMs = clock.nowMs() + sign * (signInAgeMaxMs + 1000);
  expect((await attempt({ nowMs }))[3]).toMatch(/^invalid: created_at .* 1700000000$/);
  expect((await attempt({ nowMs: clock.nowMs() + sign * signInAgeMaxMs }))[2]).toBe(true);
});

test('is refused under another kind, another signature, or two challenges', async () => {
  const challenge = await client.challenge;
  const right = signIn(keys, { challenge, relay: server.relayUrl, nowMs: clock.nowMs() });
  const tags = [...right.tags, ['challenge', 'another']];
  for (const event of [
    signEvent({ kind: 20_571, tags: right.tags }, keys),
    signEvent({ kind: 22_242, tags }, keys),
    { ...right, sig: signEvent({}, keys).sig },
    { ...right, pubkey: keysOf(2).publicKey }
  ]) {
    client.send(['AUTH', event]);
    expect(await client.next()).toEqual(['OK', event.id, false, expect.stringMatching(/^invalid: /)]);
  }
  expect(await isIn()).toBe(false);
});

test('is no event for others: as EVENT it is refused', async () => {
  const event = signIn(keys, { challenge: await client.challenge, relay: server.relayUrl, nowMs: clock.nowMs() });
  client.send(['EVENT', event]);
  expect(await client.next()).toEqual(['OK', event.id, false, expect.stringMatching(/^blocked: /)]);
  expect(await isIn()).toBe(false);
});

test('is for the host it was told it has, and then for no other', async () => {
  await stop();
  await start({ relayHost: 'relay.example' });
  expect((await attempt({}))[2]).toBe(false);
  expect((await attempt({ relay: 'wss://relay.example/other/path' }))[2]).toBe(true);
});

test('goes by what a proxy says was asked for, and by any name where the proxy hides it', async () => {
  await stop();
  await start({ isProxied: true });
  expect((await attempt({ relay: 'wss://any.example/relay' }))[2]).toBe(true);
  const headers = { 'X-Forwarded-Host': 'relay.example' };
  const proxied = await connectClient(server.relayUrl, { headers });
  expect((await attempt({ relay: 'wss://any.example/relay' }, proxied))[2]).toBe(false);
  expect((await attempt({ relay: 'wss://relay.example/relay' }, proxied))[2]).toBe(true);
  await stop();
  await start();
  const unproxied = await connectClient(server.relayUrl, { headers });
  expect((await attempt({ relay: 'wss://relay.example/relay' }, unproxied))[2]).toBe(false);
});

describe('isOwnUrl', () => {
  const certificate = new X509Certificate(readFileSync(join(import.meta.dirname, 'throw-away.cert.pem')));

  test.each<[string, Parameters<typeof isOwnUrl>[1], boolean]>([
    ['wss://relay.example/relay', { requestedHost: 'relay.example' }, true],
    ['ws://RELAY.example:8080', { requestedHost: 'relay.example' }, true],
    ['wss://relay.example.', { requestedHost: 'relay.example' }, true],
    ['wss://relay.example.evil.example', { requestedHost: 'relay.example' }, false],
    ['wss://relay.example@evil.example', { requestedHost: 'relay.example' }, false],
    ['https://relay.example', { requestedHost: 'relay.example' }, false],
    ['relay.example', { requestedHost: 'relay.example' }, false],
    ['', {}, false],
    ['ws://localhost:4173/relay', { requestedHost: '127.0.0.1' }, true],
    ['ws://[::1]:4173/relay', { requestedHost: 'localhost' }, true],
    ['wss://any.example', {}, true],
    ['wss://localhost', { certificate, requestedHost: 'any.example' }, true],
    ['wss://127.0.0.1', { certificate }, true],
    ['wss://any.example', { certificate, requestedHost: 'any.example' }, false],
    ['wss://any.example', { certificate, configuredHost: 'any.example' }, true],
    ['wss://localhost', { certificate, configuredHost: 'any.example' }, false]
  ])('%s, known as %o: %s', (url, names, expected) => {
    expect(isOwnUrl(url, names)).toBe(expected);
  });
});
