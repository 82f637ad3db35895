/**
 * The app on a server of its own, and phones with nothing on them: what every end-to-end story stands on.
 *
 * A phone is a browser context with one page. What goes wrong on it is written down from before its first navigation.
 */
import { join } from 'node:path';
import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { startServer, type RunningServer, type ServerOptions } from '../../src/relay/server.ts';

/** The production build that is served. */
export const buildFolder = process.env.SHOULDER_BUILD ?? join(import.meta.dirname, '../../build');

/** The app on its own origin; it can go and come back at the same address. */
export interface RunningApp {
  readonly url: string;
  /** All that reached the server: each request's line and headers, each frame. */
  readonly heard: string[];
  /** The server dies; phones lose it at once. */
  goDown(): Promise<void>;
  /** The same address answers again. */
  comeBack(): Promise<void>;
}

/** What went wrong on a phone, and where it asked. */
export interface PhoneReport {
  /** Console errors, uncaught errors and policy violations; failed requests are told apart in `unanswered`. */
  readonly problems: string[];
  /** What the browser says about requests that nobody answered: right while the network or the server is gone. */
  readonly unanswered: string[];
  /** Hosts that were asked for anything, by request or by socket. */
  readonly hosts: Set<string>;
}

const reports = new WeakMap<BrowserContext, PhoneReport>();

/** A 360 × 740 phone in English. */
export const phoneOptions: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  locale: 'en-GB',
  reducedMotion: 'reduce'
};

/** A server of its own on a free port of this machine. */
export const startApp = async (dir = buildFolder, options: Partial<ServerOptions> = {}): Promise<RunningApp> => {
  const heard: string[] = [];
  const start = (port: number): Promise<RunningServer> =>
    startServer({ host: '127.0.0.1', port, dir, observe: (text) => void heard.push(text), ...options });
  const first = await start(0);
  let running: RunningServer | undefined = first;
  return {
    url: first.url,
    heard,
    goDown: async () => {
      await running?.close();
      running = undefined;
    },
    comeBack: async () => {
      running ??= await start(first.port);
    }
  };
};

/** A new phone with nothing on it. `reportOf` tells what went wrong on it. */
export const openPhone = async (browser: Browser, name: string, options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ ...phoneOptions, ...options });
  await watchPhone(context, name);
  return context.newPage();
};

/** Watches a context that was made in another way, such as a persistent one. Before its first navigation. */
export const watchPhone = async (context: BrowserContext, name: string): Promise<PhoneReport> => {
  const report: PhoneReport = { problems: [], unanswered: [], hosts: new Set() };
  reports.set(context, report);
  const hear = (url: string): void => {
    const { protocol, host } = new URL(url);
    if (protocol !== 'data:' && protocol !== 'blob:') report.hosts.add(host);
  };
  context.on('request', (request) => hear(request.url()));
  context.on('page', (page) => page.on('websocket', (socket) => hear(socket.url())));
  const note = (text: string): void =>
    void (isUnanswered(text) ? report.unanswered : report.problems).push(`${name}: ${text}`);
  context.on('weberror', (thrown) => note(thrown.error().stack ?? thrown.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error') note(`${message.text()} ${message.location().url}`);
  });
  // Not every browser writes a violation to the console that a test hears.
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`Content-Security-Policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  return report;
};

/** Throws for a page of a context that nobody watched. */
export const reportOf = (page: Page): PhoneReport => {
  const report = reports.get(page.context());
  if (report === undefined) throw new Error('this phone was not opened by openPhone');
  return report;
};

/** No error on this phone, and nobody but `app` was asked for anything. */
export const expectNothingWrong = (page: Page, app: Pick<RunningApp, 'url'>): void => {
  const { problems, hosts } = reportOf(page);
  expect(problems).toEqual([]);
  const own = new URL(app.url).host;
  expect([...hosts].filter((host) => host !== own)).toEqual([]);
};

/** How Chromium and Firefox put it that nobody answered. */
const isUnanswered = (text: string): boolean =>
  /net::ERR_(?!BLOCKED)|can’t establish a connection|connection to .* was interrupted/i.test(text);
