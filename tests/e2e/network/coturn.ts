/**
 * coturn, as Debian ships it: the TURN and STUN server that friends' browsers meet on, started and ended by a test.
 *
 * It runs with docs/hosting/turnserver.conf: a shared secret, and passwords that run out. Only where everything is on one
 * machine it may speak to that machine.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';

export interface Coturn {
  readonly port: number;
  readonly secret: string;
  /** Path of a file that holds the secret. */
  readonly secretPath: string;
  stop(): Promise<void>;
}

export interface CoturnOptions {
  /** The address that it listens on and relays from. */
  readonly address: string;
  /** What a command line begins with, where it runs in a network of its own. */
  readonly within?: readonly string[];
}

const project = join(import.meta.dirname, '../../..');
const keys = join(project, 'tests/unit/relay');

/** It ends by itself after this, should nobody be left to end it. */
const lifetimeS = 300;

/** Resolves when it answers. */
export const startCoturn = async ({ address, within = [] }: CoturnOptions): Promise<Coturn> => {
  const folder = mkdtempSync(join(tmpdir(), 'shoulder-coturn-'));
  const secret = randomBytes(16).toString('hex');
  const secretPath = join(folder, 'secret');
  const port = within.length > 0 ? 3478 : await freeUdpPort();
  writeFileSync(secretPath, `${secret}\n`);
  writeFileSync(join(folder, 'turnserver.conf'), configuration({ address, port, secret, folder }));
  const command = [...within, 'timeout', `${lifetimeS}`, 'turnserver', '-c', join(folder, 'turnserver.conf')];
  const coturn = spawn(command[0] as string, command.slice(1), { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    await ended(coturn);
    rmSync(folder, { recursive: true, force: true });
  };
  const ask = [...within, 'turnutils_stunclient', '-p', `${port}`, address];
  const answers = (): boolean => spawnSync(ask[0] as string, ask.slice(1), { timeout: 2_000 }).status === 0;
  try {
    await expect.poll(answers, { message: 'coturn answers', timeout: 20_000 }).toBe(true);
  } catch (failure) {
    await stop();
    throw failure;
  }
  return { port, secret, secretPath, stop };
};

/** What docs/hosting/turnserver.conf says, at this address and with this secret. */
const configuration = (parts: { address: string; port: number; secret: string; folder: string }): string => {
  const isLoopback = parts.address.startsWith('127.');
  const own: Readonly<Record<string, string>> = {
    'listening-port': `${parts.port}`,
    'static-auth-secret': parts.secret,
    cert: join(keys, 'throw-away.cert.pem'),
    pkey: join(keys, 'throw-away.key.pem')
  };
  const lines = readFileSync(join(project, 'docs/hosting/turnserver.conf'), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#') && !(isLoopback && line.startsWith('denied-peer-ip=127.')))
    .map((line) => {
      const [name = ''] = line.split('=');
      return name in own ? `${name}=${own[name]}` : line;
    });
  const here = [
    `listening-ip=${parts.address}`,
    `relay-ip=${parts.address}`,
    `userdb=${join(parts.folder, 'turndb')}`,
    `pidfile=${join(parts.folder, 'turnserver.pid')}`,
    ...(isLoopback ? ['no-tls', 'no-dtls', 'allow-loopback-peers'] : [])
  ];
  return [...lines, ...here, ''].join('\n');
};

/** Ends a process that was started here, and waits until it has. */
export const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
};

/** A UDP port that nothing uses at this moment. */
export const freeUdpPort = async (): Promise<number> => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
};
