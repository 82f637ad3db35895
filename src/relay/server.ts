/**
 * The server: the built app and the relay on one origin.
 *
 * `startServer` is what `main.ts` and the tests call. Errors of the machine (a port that is taken, a folder that is not
 * there) reject as Node gives them; `main.ts` has the sentences for them.
 */
import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isBuiltin } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { assert } from '../lib/base/assert.ts';
import { systemClock, type Clock } from '../lib/base/clock.ts';
import { systemRandom, type Random } from '../lib/base/random.ts';
import { err, ok, type Result } from '../lib/base/result.ts';
import { everyInterface, hostInUrl, isLoopback, reachableHost } from './address.ts';
import { noIceServers, withIceServers, type IceOptions } from './ice-servers.ts';
import { defaultLimits, goodbyeMs, type RelayLimits } from './limits.ts';
import type { DatabaseFailure } from './mail-database.ts';
import type { MailStore, MailUsage } from './mail-store.ts';
import { startMailSweep } from './mail-sweep.ts';
import { createInformation, type InformationHandler } from './relay-information.ts';
import { createRelaySockets, refuseUpgrade } from './relay-sockets.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { createStaticSite, readBasePath, type SiteHandler } from './static-site.ts';

export interface ServerOptions {
  /** An address of this machine, or `everyInterface`. Anything but loopback needs `tls`. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Folder of the built app; without it the relay stands alone. */
  readonly dir?: string;
  /** Base path where there is no build to read it from: '' or such as '/shoulder'. */
  readonly base?: string;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Whether a proxy on this machine stands in front and writes X-Forwarded-For. */
  readonly isProxied?: boolean;
  /** Where mail is kept: a folder, memory (as long as the server runs), or nowhere. In memory by default. */
  readonly mail?: MailPlace;
  /** The one host that the relay goes by, where the machine can't know it. */
  readonly relayHost?: string;
  /** STUN and TURN servers to hand out besides those of the build's `instance.json`. */
  readonly ice?: IceOptions;
  readonly limits?: Partial<RelayLimits>;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Is handed sentences for whoever runs the server. None holds a key, an address or anything that was said. */
  readonly log?: (sentence: string) => void;
  /** Is handed sentences that hold the address of a connection that was refused or ended. */
  readonly logVisitor?: (sentence: string) => void;
  /**
   * Is handed, as text, everything that reaches the server: each request's line and headers, and each frame. For tests
   * that search it for what must never be there; it cannot be turned on from the command line.
   */
  readonly observe?: (text: string) => void;
}

export type MailPlace = 'memory' | 'nowhere' | { readonly folder: string };

/** Thrown by `startServer` where mail can't be kept as asked. */
export class MailNotOpened extends Error {
  readonly failure: DatabaseFailure | 'no SQLite';

  constructor(failure: DatabaseFailure | 'no SQLite') {
    super(`mail can not be kept: ${failure}`);
    this.failure = failure;
  }
}

export interface RunningServer {
  /** Where a browser opens the app, without a slash at the end. */
  readonly url: string;
  /** ws: or wss: address of the relay. */
  readonly relayUrl: string;
  readonly port: number;
  /** How much mail is kept now, or undefined where none is. */
  mailUsage(): MailUsage | undefined;
  /** Says goodbye to all connections; resolves when the port and the mail's file are free again. */
  close(): Promise<void>;
}

/** Listens; resolves when a browser can come. Rejects with `MailNotOpened`, or with what Node says of the port. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { host, tls, dir, observe, clock = systemClock } = options;
  assert(tls !== undefined || isLoopback(host), 'a server without TLS listens on loopback only');
  const base = dir === undefined ? (options.base ?? '') : readBasePath(dir);
  const relayPath = `${base}/relay`;
  const limits = { ...defaultLimits, ...options.limits };
  const certificate = tls === undefined ? undefined : new X509Certificate(tls.cert);
  const opened = await openMail(options.mail ?? 'memory', clock, limits);
  if (!opened.ok) throw new MailNotOpened(opened.error);
  const mail = opened.value;
  const answer = createAnswer({
    base,
    relayPath,
    site:
      dir === undefined
        ? sayNothingHere
        : withIceServers(createStaticSite(dir), dir, options.ice ?? noIceServers, clock),
    information: createInformation(mail === undefined ? undefined : limits),
    // Kept to https for half a year, a computer's own `localhost` would lose its other servers.
    isStrictTls: tls !== undefined && !isLoopback(host),
    observe
  });
  const { isProxied = false, relayHost, logVisitor, random = systemRandom } = options;
  const socketsParts = { clock, random, limits, mail, isProxied, certificate, relayHost, observe, logVisitor };
  const server = listener(tls, answer);
  const sockets = createRelaySockets(socketsParts);
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    observe?.(requestText(request));
    const path = pathOf(request);
    if (path !== undefined && isAt(path, relayPath)) sockets.accept(request, socket, head);
    else refuseUpgrade(socket, path === undefined ? 400 : 404);
  });
  try {
    await listen(server, host, options.port);
  } catch (failure) {
    sockets.close();
    mail?.close();
    throw failure;
  }
  const swept = (events: number): void => options.log?.(`Taken out, since it had expired: ${events} pieces of mail.`);
  const endSweep = mail === undefined ? undefined : startMailSweep(mail, clock, swept);

  const { port } = server.address() as AddressInfo;
  const name = host === everyInterface || host === '0.0.0.0' ? reachableHost(certificate) : host;
  const authority = `${hostInUrl(name)}:${port}${base}`;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${authority}`,
    relayUrl: `${tls === undefined ? 'ws' : 'wss'}://${authority}/relay`,
    port,
    mailUsage: () => mail?.usage(),
    close: () =>
      new Promise((resolve) => {
        endSweep?.();
        sockets.close();
        // Node closes those that it knows to speak HTTP: neither one in the middle of TLS, nor one that asked for the relay just now.
        const cancel = clock.after(goodbyeMs, () => connections.forEach((socket) => socket.destroy()));
        server.close(() => {
          cancel();
          mail?.close();
          resolve();
        });
      })
  };
};

/** SQLite is loaded only here: an older Node has none, and who keeps no mail needs none. */
const openMail = async (
  place: MailPlace,
  clock: Clock,
  limits: RelayLimits
): Promise<Result<MailStore | undefined, DatabaseFailure | 'no SQLite'>> => {
  if (place === 'nowhere') return ok(undefined);
  if (!isBuiltin('node:sqlite')) return err('no SQLite');
  const { openMailStore } = await import('./mail-store.ts');
  return openMailStore(place === 'memory' ? undefined : place.folder, clock, limits);
};

interface AnswerParts {
  readonly base: string;
  readonly relayPath: string;
  readonly site: SiteHandler;
  readonly information: InformationHandler;
  readonly isStrictTls: boolean;
  readonly observe: ServerOptions['observe'];
}

const createAnswer =
  ({ base, relayPath, site, information, isStrictTls, observe }: AnswerParts) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    observe?.(requestText(request));
    setSecurityHeaders(response, isStrictTls);
    const path = pathOf(request);
    if (path === undefined) return say(response, 400, 'This address is not one that a browser would ask for.');
    const isRelay = isAt(path, relayPath);
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading && !(isRelay && request.method === 'OPTIONS')) {
      response.setHeader('Allow', 'GET, HEAD');
      return say(response, 405, 'This server only hands things out.');
    }
    if (isRelay) return information(request, response);
    if (base === '' || path.startsWith(`${base}/`)) {
      request.url = (request.url ?? '').slice(base.length);
      return site(request, response);
    }
    if (path !== base) return sayNothingHere(request, response);
    // What follows a # stays with the browser and survives the redirect.
    response.writeHead(308, { Location: `${base}/` }).end();
  };

const listener = (tls: ServerOptions['tls'], answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  // Other upgrades, such as h2c that some clients offer, are answered as if they had not been asked for.
  const shouldUpgradeCallback = (request: IncomingMessage): boolean =>
    request.headers.upgrade?.toLowerCase() === 'websocket';
  return tls === undefined
    ? createServer({ shouldUpgradeCallback }, answer)
    : createTlsServer({ shouldUpgradeCallback, cert: tls.cert, key: tls.key }, answer);
};

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    // Without a host Node takes every interface, with IPv4 alone where a machine has no IPv6.
    server.listen({ port, ...(host === everyInterface ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** The path as it was asked for, or undefined for one that climbs out of its folder or is no path at all. */
const pathOf = (request: IncomingMessage): string | undefined => {
  const [path = ''] = (request.url ?? '').split('?');
  if (!path.startsWith('/')) return undefined;
  try {
    const decoded = decodeURIComponent(path);
    const climbs = decoded.split(/[/\\]/).some((part) => part === '..' || part === '.');
    return climbs || decoded.includes('\0') ? undefined : path;
  } catch {
    return undefined; // a broken percent code is the only failure
  }
};

const isAt = (path: string, place: string): boolean => path === place || path === `${place}/`;

const sayNothingHere: SiteHandler = (_request, response) => say(response, 404, 'There is nothing at this address.');

const say = (response: ServerResponse, status: number, sentence: string): void => {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
};

const requestText = (request: IncomingMessage): string =>
  `${request.method} ${request.url}\n${request.rawHeaders.join('\n')}`;
