/** `npm start` as a person runs it: a program with words, an exit code and an end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer } from '../../../src/relay/server.ts';
import { connectClient } from './nostr-client.ts';

const program = join(import.meta.dirname, '../../../src/relay/main.ts');
const cert = join(import.meta.dirname, 'throw-away.cert.pem');
const key = join(import.meta.dirname, 'throw-away.key.pem');

let dir: string;
let running: ChildProcess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shoulder-main-'));
  writeFileSync(join(dir, 'index.html'), '<script>import("/_app/immutable/entry/start.js")</script>');
  running = [];
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(dir, { recursive: true });
});

/** Starts the program; `said` resolves with its first words, `ended` with all it said and how it ended. */
const run = (...words: string[]) => {
  // Where nothing else is said, mail goes to this person's own folder: here, the test's.
  const env = { ...process.env, HOME: dir, XDG_DATA_HOME: join(dir, 'data'), LOCALAPPDATA: join(dir, 'data') };
  const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', program, ...words], { env });
  running.push(child);
  let text = '';
  const said = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        text += bytes.toString();
        resolve(text);
      });
    }
  });
  const ended = new Promise<{ code: number | null; text: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, text }));
  });
  return { child, said, ended };
};

test.each(['SIGINT', 'SIGTERM'] as const)('says where it is, serves, and ends on %s with a goodbye', async (signal) => {
  const { child, said, ended } = run('--dir', dir, '--port', '0');
  const url = /^Shoulder is at (http:\/\/127\.0\.0\.1:\d+\/) \(Ctrl\+C ends it\)\.\n/.exec(await said)?.[1] ?? '';
  expect((await fetch(url)).status).toBe(200);
  const client = await connectClient(`${url.replace('http', 'ws')}relay`);
  child.kill(signal);
  expect((await client.closed).code).toBe(1001);
  expect((await ended).code).toBe(0);
});

test('serves https with a certificate', async () => {
  const { said } = run('--dir', dir, '--port', '0', '--host', '127.0.0.1', '--cert', cert, '--key', key);
  expect(await said).toMatch(/https:\/\/127\.0\.0\.1:\d+\//);
});

test('lists what it can do', async () => {
  expect(await run('--help').ended).toEqual({ code: 0, text: expect.stringContaining('--cert FILE') as string });
});

test.each<[string, () => string[], RegExp]>([
  ['a network address without a certificate', () => ['--dir', dir, '--host'], /plain http/],
  ['a folder without a build', () => ['--dir', join(dir, 'none')], /npm run build/],
  ['a word it does not know', () => ['--dir', dir, '--hots'], /--hots/],
  ['a certificate that is not there', () => ['--dir', dir, '--cert', 'none.pem', '--key', key], /none\.pem/],
  ['a certificate that is none', () => ['--dir', dir, '--cert', program, '--key', key], /PEM/],
  [
    'an address that is not ours',
    () => ['--dir', dir, '--host', '192.0.2.1', '--cert', cert, '--key', key],
    /192\.0\.2\.1/
  ]
])('ends with one sentence and code 1: %s', async (_name, words, sentence) => {
  const { code, text } = await run(...words()).ended;
  expect(code).toBe(1);
  expect(text).toMatch(sentence);
  expect(text).toMatch(/^[^\n]+\n$/);
});

test('says so when the port is taken', async () => {
  const other = await startServer({ host: '127.0.0.1', port: 0 });
  const { code, text } = await run('--dir', dir, '--port', `${other.port}`).ended;
  await other.close();
  expect(code).toBe(1);
  expect(text).toBe(`Port ${other.port} is taken: something else is running there (try --port 0).\n`);
});
