/**
 * How far the relay of `npm start` goes on this machine, for docs/scaling.md. Not part of `npm run bench`: nothing is
 * compared, and the figures mean little on a machine that does other things.
 *
 *   node --experimental-strip-types --no-warnings tests/bench/relay-load.ts
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectClient, type NostrClient } from '../unit/relay/nostr-client.ts';
import { keysOf, signEvent, signMail } from '../unit/relay/signed-event.ts';

const folder = mkdtempSync(join(tmpdir(), 'shoulder-load-'));
writeFileSync(join(folder, 'index.html'), '');
const program = join(import.meta.dirname, '../../src/relay/main.ts');
const nodeWords = ['--experimental-strip-types', '--no-warnings', program];
const words = ['--dir', folder, '--port', '0', '--data', join(folder, 'mail')];
const roomy = [
  '--messages',
  '1000000',
  '--address-mb',
  '100000',
  '--mailbox-events',
  '1000000',
  '--address-connections',
  '2000'
];
const relay = spawn(process.execPath, [...nodeWords, ...words, ...roomy, '--mailbox-mb', '1000']);
const relayUrl = await new Promise<string>((resolve) =>
  relay.stdout.once('data', (bytes: Buffer) =>
    resolve(`ws://127.0.0.1:${/:(\d+)\//.exec(bytes.toString())?.[1]}/relay`)
  )
);

const say = (what: string, figure: string): void => void process.stdout.write(`${what.padEnd(66)} ${figure}\n`);
/** Processor time of the relay, which other programs on the machine do not lengthen. Linux counts it in 10 ms. */
const busyMs = (): number => {
  const fields = readFileSync(`/proc/${relay.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
const start = () => ({ ms: performance.now(), busy: busyMs() });
const rate = (count: number, { ms, busy }: ReturnType<typeof start>): string => {
  const perSecond = Math.round(count / ((performance.now() - ms) / 1000));
  return `${perSecond} a second; ${((busyMs() - busy) / count).toFixed(2)} ms of processor time each`;
};
const memory = (): string => {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${relay.pid}/status`, 'utf8'))?.[1];
  return `${Math.round(Number(kilobytes) / 1024)} MB`;
};
const nowSeconds = Math.floor(Date.now() / 1000);
const ana = keysOf(1);
const mail = (content: string, n: number) => signMail(ana.publicKey, { content, created_at: nowSeconds - n });
const accepted = async (client: NostrClient, count: number): Promise<void> => {
  for (let n = 0; n < count; n++) {
    const answer = await client.next();
    if (answer[2] !== true) throw new Error(JSON.stringify(answer));
  }
};

say('memory, just started', memory());
const sender = await connectClient(relayUrl);

const small = Array.from({ length: 4000 }, (_, n) => mail(`${n} ${'x'.repeat(1000)}`, n));
let started = start();
for (const event of small.slice(0, 1000)) {
  sender.send(['EVENT', event]);
  await accepted(sender, 1);
}
say('mail of 1 KB stored, each waited for', rate(1000, started));
started = start();
for (const event of small.slice(1000)) sender.send(['EVENT', event]);
await accepted(sender, 3000);
say('mail of 1 KB stored, one after the other without waiting', rate(3000, started));

const large = Array.from({ length: 128 }, (_, n) => mail(`${n} ${'x'.repeat(54_600)}`, 5000 + n));
started = start();
for (const event of large) sender.send(['EVENT', event]);
await accepted(sender, 128);
say('mail of 54 KB stored (7 MB of a circle, packed)', rate(128, started));
say('memory', memory());

const reader = await connectClient(relayUrl);
await reader.signIn(ana, Date.now());
started = start();
let served = 0;
for (let until = nowSeconds; ;) {
  const { events } = await reader.ask('mine', { kinds: [1059], '#p': [ana.publicKey], until });
  served += events.length;
  const last = events.at(-1);
  if (last === undefined) break;
  until = last.created_at - 1;
}
say(`mail served, ${served} pieces, 500 a page`, rate(served, started));

const listeners = await Promise.all(Array.from({ length: 1000 }, () => connectClient(relayUrl)));
for (const [n, listener] of listeners.entries())
  await listener.ask('topic', { kinds: [20_571], '#t': [`topic ${n % 100}`] });
say('memory with 1,000 connections that listen', memory());
const signals = Array.from({ length: 1000 }, (_, n) =>
  signEvent({ tags: [['t', `topic ${n % 100}`]], created_at: nowSeconds, content: 'x'.repeat(2000) })
);
started = start();
for (const event of signals) sender.send(['EVENT', event]);
await accepted(sender, 1000);
await Promise.all(
  listeners.map(async (listener) => {
    for (let n = 0; n < 10; n++) await listener.next();
  })
);
say('signals of 2 KB passed on, each to 10 of 1,000 who listen', rate(1000, started));
say('memory', memory());
say('the file on disk', `${(statSync(join(folder, 'mail', 'mail.db')).size / 1024 / 1024).toFixed(1)} MB`);

for (const client of [sender, reader, ...listeners]) client.close();
relay.once('exit', () => rmSync(folder, { recursive: true }));
relay.kill('SIGTERM');
