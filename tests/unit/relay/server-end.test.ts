/** The server ends when it is told to, whoever happens to be at the door. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from '../../../src/relay/server.ts';

test('whoever was connected, and asks for the relay only while it ends, does not keep it from ending', async () => {
  const server = await startServer({ host: '127.0.0.1', port: 0, mail: 'nowhere' });
  const late = connect(server.port, '127.0.0.1');
  let answer = '';
  late.on('data', (data) => (answer += data.toString()));
  // The server knows of it once it has answered something; then half a question lies there.
  late.write('GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\nGET /relay HTTP/1.1\r\nHost: localhost\r\n');
  await expect.poll(() => answer).toContain('404');
  const ended = server.close();
  late.write('Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n');
  late.write('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  await expect(ended).resolves.toBeUndefined();
}, 8_000);

test('nor does whoever has not said a word of TLS yet', async () => {
  const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
  const tls = { cert: read('throw-away.cert.pem'), key: read('throw-away.key.pem') };
  const server = await startServer({ host: '127.0.0.1', port: 0, mail: 'nowhere', tls });
  const silent = connect(server.port, '127.0.0.1');
  const gone = new Promise((resolve) => silent.once('close', resolve));
  await new Promise((resolve) => silent.once('connect', resolve));
  await expect(server.close()).resolves.toBeUndefined();
  await gone;
}, 8_000);
