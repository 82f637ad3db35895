/** The app with two relays to its name, each with its mail on disk: its own, and one elsewhere over TLS. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type RunningServer, type ServerOptions } from '../../../src/relay/server.ts';

export interface SearchedRelay {
  readonly server: RunningServer;
  /** Where its mail lies. */
  readonly folder: string;
  /** Each request's line and headers, each frame. */
  readonly heard: string[];
}

export interface TwoRelays {
  /** Of the app. Phones that open it must not mind a certificate that nobody vouches for. */
  readonly url: string;
  readonly relays: readonly [SearchedRelay, SearchedRelay];
  /** Ends both; their folders are there until `remove`. */
  stop(): Promise<void>;
  remove(): void;
}

/** `build`: a built app, which is copied, since its instance.json has to name the second relay. */
export const startTwoRelays = async (build: string): Promise<TwoRelays> => {
  const home = mkdtempSync(join(tmpdir(), 'shoulder-relays-'));
  const start = async (name: string, options: Partial<ServerOptions>): Promise<SearchedRelay> => {
    const [heard, folder] = [[] as string[], join(home, name)];
    const observe = (text: string): void => void heard.push(text);
    const server = await startServer({ host: '127.0.0.1', port: 0, mail: { folder }, observe, ...options });
    return { server, folder, heard };
  };
  const second = await start('second', { tls: { cert: readPem('cert'), key: readPem('key') } });
  const dir = join(home, 'app');
  cpSync(build, dir, { recursive: true });
  for (const packed of ['br', 'gz']) rmSync(join(dir, `instance.json.${packed}`), { force: true });
  writeFileSync(join(dir, 'instance.json'), JSON.stringify({ relays: ['./relay', second.server.relayUrl] }));
  const first = await start('first', { dir });
  let isStopped = false;
  return {
    url: first.server.url,
    relays: [first, second],
    stop: async () => {
      if (!isStopped) await Promise.all([first, second].map(({ server }) => server.close()));
      isStopped = true;
    },
    remove: () => rmSync(home, { recursive: true })
  };
};

const readPem = (kind: 'cert' | 'key'): string =>
  readFileSync(join(import.meta.dirname, `../../unit/relay/throw-away.${kind}.pem`), 'utf8');
