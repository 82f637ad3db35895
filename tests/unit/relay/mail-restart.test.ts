/** Mail outlives the program: an ending, a crash in the middle of writing, and a second one that wants the same file. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/base/clock.ts';
import { connectClient } from './nostr-client.ts';
import { keysOf, signMail } from './signed-event.ts';

const program = join(import.meta.dirname, '../../../src/relay/main.ts');
const anaKeys = keysOf(1);
const anas = anaKeys.publicKey;

let folder: string;
let running: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoulder-restart-'));
  mkdirSync(join(folder, 'build'));
  writeFileSync(join(folder, 'build', 'index.html'), '');
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((child) => end(child, 'SIGKILL')));
  rmSync(folder, { recursive: true });
});

/** Resolves with the exit code, or null after a signal. */
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });

const end = (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  child.kill(signal);
  return ended(child);
};

/** Starts the program. Resolves with what it says first, which names its address. */
const run = (...words: string[]) => runAs(process.execPath, [], words);

/** The same, where no file can grow beyond a megabyte or so: as a disk that is full. */
const runOnFullDisk = (...words: string[]) =>
  runAs('sh', ['-c', 'ulimit -f 2000; trap "" XFSZ; exec "$0" "$@"', process.execPath], words);

const runAs = async (command: string, before: readonly string[], words: readonly string[]) => {
  const env = {
    ...process.env,
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'share'),
    LOCALAPPDATA: join(folder, 'share')
  };
  const all = [
    ...before,
    '--experimental-strip-types',
    '--no-warnings',
    program,
    '--dir',
    join(folder, 'build'),
    ...words
  ];
  const child = spawn(command, all, { env });
  running.push(child);
  const text = await new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.once('data', (bytes: Buffer) => resolve(bytes.toString()));
  });
  const port = /:(\d+)\//.exec(text)?.[1] ?? '';
  return { child, text, port, relayUrl: `ws://127.0.0.1:${port}/relay` };
};

/** Mail that the program, whose clock is the machine's, takes now. */
const mailNow = (content: string) => signMail(anas, { content, created_at: Math.floor(systemClock.nowMs() / 1000) });

const idsAt = async (relayUrl: string): Promise<string[]> => {
  const client = await connectClient(relayUrl);
  expect((await client.signIn(anaKeys, systemClock.nowMs()))[2]).toBe(true);
  const { events } = await client.ask('mine', { kinds: [1059], '#p': [anas] });
  client.close();
  return events.map(({ id }) => id);
};

test('loses nothing it said OK to when it is killed while writing', async () => {
  const first = await run('--port', '0', '--data', join(folder, 'mail'));
  const client = await connectClient(first.relayUrl);
  const events = Array.from({ length: 250 }, (_, n) => mailNow(`${n} ${'x'.repeat(3000)}`));
  for (const event of events) client.send(['EVENT', event]);
  const acknowledged: unknown[] = [];
  while (acknowledged.length < 100) {
    const [verb, id, isTaken] = await client.next();
    expect([verb, isTaken]).toEqual(['OK', true]);
    acknowledged.push(id);
  }
  const gone = client.closed;
  await end(first.child, 'SIGKILL');
  await gone;
  while (client.waiting > 0) acknowledged.push((await client.next())[1]);
  const second = await run('--port', '0', '--data', join(folder, 'mail'));
  const ids = await idsAt(second.relayUrl);
  expect(acknowledged.filter((id) => !ids.includes(id as string))).toEqual([]);
  expect(ids.filter((id) => !events.some((event) => event.id === id))).toEqual([]);
});

test('says so when the disk is full, keeps what it has, and goes on', async () => {
  const { relayUrl } = await runOnFullDisk('--port', '0', '--data', join(folder, 'mail'));
  const client = await connectClient(relayUrl);
  const acknowledged: unknown[] = [];
  let reason: unknown;
  for (let n = 0; reason === undefined; n++) {
    client.send(['EVENT', mailNow(`${n} ${'x'.repeat(30_000)}`)]);
    const [, id, isTaken, said] = await client.next();
    if (isTaken === true) acknowledged.push(id);
    else reason = said;
  }
  expect(reason).toBe('error: the disk of this relay is full');
  const ids = await idsAt(relayUrl);
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(new Set(ids)).toEqual(new Set(acknowledged));
});

test('keeps mail in the own folder of the person, by port, and says where and how much', async () => {
  const first = await run('--port', '0');
  expect(first.text).toContain('in memory');
  await end(first.child, 'SIGTERM');
  const port = first.port; // free a moment ago
  const second = await run('--port', port);
  const place = join(folder, process.platform === 'darwin' ? 'Library/Application Support/Shoulder' : 'share/shoulder');
  expect(second.text).toContain(`is kept in ${join(place, `relay-${port}`)} (none so far).`);
  const client = await connectClient(second.relayUrl);
  const event = mailNow('hello');
  client.send(['EVENT', event]);
  expect((await client.next())[2]).toBe(true);
  await end(second.child, 'SIGTERM');
  const third = await run('--port', port);
  expect(third.text).toContain('(1 pieces, 0.0 MB)');
  expect(await idsAt(third.relayUrl)).toEqual([event.id]);
});

test('keeps none where it is told to, and makes no folder', async () => {
  const { text } = await run('--port', '0', '--no-mail');
  expect(text).toContain('keeps no mail');
  expect(existsSync(join(folder, 'share'))).toBe(false);
});

test('says so where another one has the same mail', async () => {
  await run('--port', '0', '--data', join(folder, 'mail'));
  const { child, text } = await run('--port', '0', '--data', join(folder, 'mail'));
  expect(text).toMatch(/^The mail in "[^"]+" is in use by another Shoulder: [^\n]+\.\n$/);
  expect(await ended(child)).toBe(1);
});

test('says so where its folder is no folder', async () => {
  const { text } = await run('--port', '0', '--data', join(folder, 'build', 'index.html'));
  expect(text).toMatch(/^Mail can not be kept in "[^"]+": it is not open to you\. [^\n]+\n$/);
});

test('writes down addresses only when asked to', async () => {
  for (const words of [[], ['--verbose']]) {
    const { child, relayUrl } = await run('--port', '0', '--address-connections', '1', ...words);
    let text = '';
    child.stdout?.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const client = await connectClient(relayUrl);
    await expect(connectClient(relayUrl)).rejects.toThrow('HTTP 429');
    client.close();
    await end(child, 'SIGTERM');
    expect(text).toBe(words.length === 0 ? '' : 'Refused a connection from 127.0.0.1: Too Many Requests.\n');
  }
});
