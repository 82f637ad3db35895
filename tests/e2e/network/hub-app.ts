/** The app as `npm start` runs it, over https, in the hub of a small internet (networks.ts). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { RunningApp } from '../phone.ts';
import { ended, type Coturn } from './coturn.ts';
import type { Networks } from './networks.ts';

export type HubApp = Pick<RunningApp, 'url'> & {
  /** As often as one likes. */
  stop(): Promise<void>;
};

export interface HubAppOptions {
  readonly networks: Networks;
  readonly coturn: Coturn;
  readonly dir: string;
  /** How phones speak to coturn as a TURN server, where they may; it is their STUN server in any case. */
  readonly turn: 'udp' | 'tcp' | undefined;
  /** Whether mail is kept; without it phones have nothing but each other. */
  readonly mail: boolean;
}

const port = 4173;
const project = join(import.meta.dirname, '../../..');
const keys = join(project, 'tests/unit/relay');

/** Resolves when it says where it is. */
export const startHubApp = async ({ networks, coturn, dir, turn, mail }: HubAppOptions): Promise<HubApp> => {
  const host = networks.hubAddress;
  const command = [
    ...networks.inHub,
    ...[process.execPath, '--experimental-strip-types', '--no-warnings', join(project, 'src/relay/main.ts')],
    ...['--host', host, '--port', `${port}`, '--dir', dir, mail ? '--memory' : '--no-mail'],
    ...['--cert', join(keys, 'throw-away.cert.pem'), '--key', join(keys, 'throw-away.key.pem')],
    ...['--relay-url', `wss://${host}:${port}/relay`, '--stun-url', `stun:${host}:${coturn.port}`],
    ...(turn === undefined ? [] : ['--turn-url', `turn:${host}:${coturn.port}?transport=${turn}`]),
    ...(turn === undefined ? [] : ['--turn-secret-file', coturn.secretPath])
  ];
  const app = spawn(command[0] as string, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [app.stdout, app.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  const stop = (): Promise<void> => ended(app);
  try {
    await expect.poll(() => said, { message: 'npm start is up' }).toContain('Shoulder is at https://');
  } catch (failure) {
    await stop();
    throw failure;
  }
  return { url: `https://${host}:${port}`, stop };
};
