/** What a browser gets from the server, and what it does not. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer, type RunningServer, type ServerOptions } from '../../../src/relay/server.ts';
import { connectClient } from './nostr-client.ts';

const tls = {
  cert: readFileSync(join(import.meta.dirname, 'throw-away.cert.pem'), 'utf8'),
  key: readFileSync(join(import.meta.dirname, 'throw-away.key.pem'), 'utf8')
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let dir: string;
let server: RunningServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoulder-server-'));
  dir = join(folder, 'build');
  build('');
  writeFileSync(join(folder, 'secret.txt'), 'not for anyone');
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** The outline of a build under a base path, as vite makes it. */
const build = (base: string): void => {
  const files = {
    'index.html': `<script>import("${base}/_app/immutable/entry/start.abc.js")</script>`,
    '_app/immutable/entry/start.abc.js': 'export const start = 1;',
    '_app/version.json': '{"version":"1"}',
    'service-worker.js': 'self;',
    'manifest.webmanifest': '{}',
    'instance.json': '{"relays":["./relay"],"iceServers":[]}'
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
};

const start = async (options: Partial<ServerOptions> = {}): Promise<RunningServer> => {
  server = await startServer({ host: '127.0.0.1', port: 0, dir, ...options });
  return server;
};

/** Asks for exactly this path: `fetch` would tidy it first. */
const ask = (path: string, options: RequestOptions & { ca?: string } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const send = options.ca === undefined ? httpRequest : httpsRequest;
    const asked = send({ host: '127.0.0.1', port: server?.port, path, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });

describe('the app', () => {
  test.each([
    ['/', 'text/html;charset=utf-8', 'no-cache'],
    ['/circle/of/friends', 'text/html;charset=utf-8', 'no-cache'],
    ['/join?x=1.5', 'text/html;charset=utf-8', 'no-cache'],
    ['/service-worker.js', 'text/javascript', 'no-cache'],
    ['/instance.json', 'application/json', 'no-cache'],
    ['/_app/version.json', 'application/json', 'no-cache'],
    ['/manifest.webmanifest', 'application/manifest+json', 'no-cache'],
    ['/_app/immutable/entry/start.abc.js', 'text/javascript', 'public, max-age=31536000, immutable']
  ])('%s is %s, cached as %s', async (path, type, cache) => {
    await start();
    const answer = await ask(path);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.headers['cache-control']).toBe(cache);
  });

  test('carries the headers that a page can not give itself', async () => {
    await start();
    for (const path of ['/', '/nothing.txt', '/%', '/relay', '/_app/immutable/entry/start.abc.js']) {
      const { headers } = await ask(path);
      expect(headers).toMatchObject({
        'content-security-policy': "frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin'
      });
      expect(headers['permissions-policy']).toMatch(/^microphone=\(self\), camera=\(self\), (\S+=\(\)(, |$))+$/);
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  test('and docs/hosting.md tells other hosts the same ones', async () => {
    await start();
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/hosting.md'), 'utf8');
    const { headers } = await ask('/');
    expect(guide).toContain(`add_header Permissions-Policy "${headers['permissions-policy'] as string}"`);
    expect(guide).toContain(`add_header Content-Security-Policy "${headers['content-security-policy'] as string}"`);
  });

  test('is not sent again where it has not changed', async () => {
    await start();
    const { headers } = await ask('/');
    const again = await ask('/', { headers: { 'If-None-Match': headers.etag } });
    expect(again).toMatchObject({ status: 304, body: '' });
  });

  test('answers HEAD without a body', async () => {
    await start();
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test('comes whole, whatever range is asked for', async () => {
    await start();
    for (const range of ['bytes=5-2', 'bytes=0-3', 'bytes=x', 'nonsense']) {
      const answer = await ask('/service-worker.js', { headers: { Range: range } });
      expect(answer).toMatchObject({ status: 200, body: 'self;' });
    }
  });

  test('follows a build that is replaced under it', async () => {
    await start();
    rmSync(dir, { recursive: true });
    build('');
    writeFileSync(join(dir, 'service-worker.js'), 'self.newer;');
    expect((await ask('/service-worker.js')).body).toBe('self.newer;');
    rmSync(dir, { recursive: true });
    expect((await ask('/')).status).toBe(404);
    build('');
    expect((await ask('/')).status).toBe(200);
  });

  test('lives under the base path it was built for', async () => {
    rmSync(dir, { recursive: true });
    build('/shoulder');
    const { url, relayUrl } = await start();
    expect(url).toMatch(/\/shoulder$/);
    expect(relayUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/shoulder\/relay$/);
    expect(await ask('/shoulder')).toMatchObject({ status: 308, headers: { location: '/shoulder/' } });
    for (const path of ['/shoulder/', '/shoulder/circle']) {
      expect(await ask(path)).toMatchObject({ status: 200, body: expect.stringContaining('start.abc.js') as string });
    }
    const asset = await ask('/shoulder/_app/immutable/entry/start.abc.js');
    expect(asset).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=31536000, immutable' } });
    for (const path of ['/', '/shoulders/', '/relay', '/service-worker.js']) expect((await ask(path)).status).toBe(404);
    (await connectClient(relayUrl)).close();
  });
});

describe('refuses', () => {
  test.each([
    ['/../secret.txt', 400],
    ['/_app/../../secret.txt', 400],
    ['/%2e%2e/secret.txt', 400],
    ['/..%2fsecret.txt', 400],
    ['/..%5csecret.txt', 400],
    ['/%252e%252e/secret.txt', 404],
    ['/%', 400],
    ['/%ff', 400],
    ['/a%00b', 400],
    ['http://elsewhere.example/', 400],
    ['*', 400],
    ['/nothing.js', 404],
    ['/_app/immutable/nothing', 404],
    ['/_app', 200],
    [`/${'a.'.repeat(200)}!`, 404]
  ])('%s with %i', async (path, status) => {
    await start();
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('not for anyone');
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])('%s', async (method) => {
    await start();
    expect(await ask('/', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test('what is no HTTP at all, and lives on', async () => {
    const { port } = await start();
    const answer = await new Promise<string>((resolve) => {
      const socket = connectTcp(port, '127.0.0.1', () => socket.write('HELLO\r\n\r\n'));
      socket.on('data', (bytes) => resolve(bytes.toString()));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await ask('/')).status).toBe(200);
  });

  test('a WebSocket anywhere but at the relay', async () => {
    const { port } = await start();
    await expect(connectClient(`ws://127.0.0.1:${port}/`)).rejects.toThrow('HTTP 404');
    await expect(connectClient(`ws://127.0.0.1:${port}/relay/x`)).rejects.toThrow('HTTP 404');
    await expect(connectClient(`ws://127.0.0.1:${port}/%`)).rejects.toThrow('HTTP 400');
  });

  test('an upgrade to anything else by answering without it', async () => {
    await start();
    const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABk' };
    expect((await ask('/', { headers })).status).toBe(200);
  });

  test('to listen on a network without TLS', async () => {
    await expect(startServer({ host: '0.0.0.0', port: 0 })).rejects.toThrow('loopback');
  });

  test('a port that is taken', async () => {
    const { port } = await start();
    await expect(startServer({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('the relay', () => {
  test('has its information document, for every origin (NIP-11)', async () => {
    await start();
    const answer = await ask('/relay', { headers: { Accept: 'application/nostr+json' } });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/nostr+json',
      'access-control-allow-origin': '*',
      'access-control-allow-headers': expect.any(String) as string,
      'access-control-allow-methods': expect.any(String) as string
    });
    expect(JSON.parse(answer.body)).toMatchObject({
      supported_nips: [1, 9, 11, 40, 42],
      limitation: { max_message_length: 131_072, max_limit: 500, auth_required: false },
      retention: [{ kinds: [1059], time: 200 * 86_400 }, { time: 0 }]
    });
    expect(await ask('/relay', { method: 'OPTIONS' })).toMatchObject({ status: 204, body: '' });
  });

  test('says there that it keeps nothing, where it was told to', async () => {
    await start({ mail: 'nowhere' });
    const answer = await ask('/relay', { headers: { Accept: 'application/nostr+json' } });
    expect(JSON.parse(answer.body)).toMatchObject({ supported_nips: [1, 11] });
  });

  test('says what it is to who comes with a browser', async () => {
    await start();
    expect(await ask('/relay')).toMatchObject({ status: 426, body: expect.stringContaining('relay') as string });
  });

  test('stands alone where there is no app', async () => {
    server = await startServer({ host: '127.0.0.1', port: 0, base: '/under' });
    expect(server.relayUrl).toMatch(/\/under\/relay$/);
    (await connectClient(server.relayUrl)).close();
    expect((await ask('/under/')).status).toBe(404);
    expect((await ask('/')).status).toBe(404);
  });
});

describe('with TLS', () => {
  test('serves https and wss to who trusts the certificate', async () => {
    const { url, relayUrl } = await start({ tls });
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const answer = await ask('/', { ca: tls.cert });
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
    const client = await connectClient(relayUrl, { ca: tls.cert });
    client.send(['REQ', 'x', { kinds: [1] }]);
    expect(await client.next()).toEqual(['EOSE', 'x']);
    await expect(connectClient(relayUrl)).rejects.toThrow('self-signed');
  });

  test('tells browsers on a network to stay with it, under a name the certificate has', async () => {
    const { url } = await start({ tls, host: '0.0.0.0' });
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    const { headers } = await ask('/', { ca: tls.cert });
    expect(headers['strict-transport-security']).toBe('max-age=15552000');
  });
});
