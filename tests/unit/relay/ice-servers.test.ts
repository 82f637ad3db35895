/** STUN and TURN servers from the command line, as they are handed out; coturn itself: tests/e2e/network. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { toConfiguration } from '../../../src/lib/app/instance.ts';
import { noIceServers, type IceOptions } from '../../../src/relay/ice-servers.ts';
import { startServer, type RunningServer } from '../../../src/relay/server.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';

const stunUrls = ['stun:stun.example:3478'];
const turnUrls = ['turn:turn.example:3478', 'turns:turn.example:443?transport=tcp'];

let dir: string;
let clock: HandClock;
let server: RunningServer | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shoulder-ice-'));
  clock = createHandClock(20_000 * dayMs);
  writeFileSync(join(dir, 'index.html'), '<script>import("/_app/immutable/entry/start.abc.js")</script>');
  writeInstance('{"relays":["./relay"],"iceServers":[{"urls":"stun:own.example"}],"more":1}');
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(dir, { recursive: true });
});

const writeInstance = (text: string): void => writeFileSync(join(dir, 'instance.json'), text);

const ask = async (ice?: IceOptions): Promise<Response> => {
  await server?.close();
  const options = { host: '127.0.0.1', port: 0, dir, mail: 'nowhere', clock } as const;
  server = await startServer({ ...options, ...(ice === undefined ? {} : { ice }) });
  return fetch(`${server.url}/instance.json`);
};

test('come after those of the file, which stays as it is otherwise', async () => {
  expect(await (await ask({ ...noIceServers, stunUrls })).json()).toEqual({
    relays: ['./relay'],
    iceServers: [{ urls: 'stun:own.example' }, { urls: stunUrls }],
    more: 1
  });
  expect(await (await ask()).json()).toMatchObject({ iceServers: [{ urls: 'stun:own.example' }] });
});

test('what somebody writes into the file counts, whatever compressed copies a build has left beside it', async () => {
  writeFileSync(join(dir, 'instance.json.gz'), gzipSync('{"relays":["wss://old.example"]}'));
  writeInstance('{"relays":["wss://new.example"]}');
  expect(await (await ask()).json()).toMatchObject({ relays: ['wss://new.example'] });
});

test('TURN has a name that is the time when it ends, and a password that the secret makes of it', async () => {
  clock.advance(dayMs / 3);
  const turn = { ...noIceServers, turnUrls, turnSecret: 'between us' };
  const handedOut = async () => ((await (await ask(turn)).json()) as { iceServers: RTCIceServer[] }).iceServers[1];
  const first = await handedOut();
  const endsMs = Number(first?.username) * 1000;
  expect(first).toEqual({
    urls: turnUrls,
    username: first?.username,
    credential: createHmac('sha1', 'between us')
      .update(`${endsMs / 1000}`)
      .digest('base64')
  });
  expect(endsMs - clock.nowMs()).toBeGreaterThan(2 * dayMs);
  expect(endsMs - clock.nowMs()).toBeLessThanOrEqual(3 * dayMs);
  // The same for everybody who asks that day, and another the next.
  clock.advance(dayMs / 3);
  expect(await handedOut()).toEqual(first);
  clock.advance(dayMs);
  expect((await handedOut())?.username).toBe(`${(endsMs + dayMs) / 1000}`);
});

test('is asked for anew each time, is JSON, and is what the app reads', async () => {
  const answer = await ask({ stunUrls, turnUrls, turnSecret: 'between us', isRelayedOnly: true });
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const read = toConfiguration(await answer.json(), new URL('https://friends.example/'));
  expect(read).toMatchObject({ relays: ['wss://friends.example/relay'], iceTransportPolicy: 'relay' });
  expect(read.iceServers.map(({ urls }) => urls)).toEqual([['stun:own.example'], stunUrls, turnUrls]);
});

test.each(['', '[]', '{"iceServers":"none"}', 'null'])('are there also where the file is %j', async (text) => {
  writeInstance(text);
  expect(await (await ask({ ...noIceServers, stunUrls })).json()).toEqual({ iceServers: [{ urls: stunUrls }] });
});
