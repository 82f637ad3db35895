/**
 * The app on a site whose relays a test can break, and phones to open it on: `test` of stories.ts with `relays`.
 *
 * All are on one origin, so that phones ask nobody else for anything: the relays at `/relay`, `/relay/2`, ….
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { setSecurityHeaders } from '../../../src/relay/security-headers.ts';
import { createStaticSite } from '../../../src/relay/static-site.ts';
import { befriend, beginCircle, connected, openPhone, type OpenPhone, type RunningApp } from '../friends.ts';
import { reportOf } from '../phone.ts';
import { expect, test as base } from './stories.ts';
import { TroubledRelay } from './troubled-relay.ts';

export interface RelayStoryOptions {
  readonly relayCount: number;
  /** Whether relays are as strict as strfry. */
  readonly isStrict: boolean;
}

export const test = base.extend<RelayStoryOptions & { relays: readonly TroubledRelay[]; relay: TroubledRelay }>({
  relayCount: [1, { option: true }],
  isStrict: [false, { option: true }],
  relays: async ({ relayCount, isStrict }, use) => {
    const relays = await Promise.all(Array.from({ length: relayCount }, () => TroubledRelay.start(isStrict)));
    await use(relays);
    await Promise.all(relays.map((relay) => relay.remove()));
  },
  relay: async ({ relays }, use) => use(relays[0] as TroubledRelay),
  app: async ({ folder, relays }, use) => {
    const { app, close } = await startSite(folder, relays);
    await use(app);
    await close();
  },
  phone: async ({ app, browser }, use) => {
    const pages: Page[] = [];
    await use(async (name, options) => {
      const page = await openPhone(browser, name, options);
      pages.push(page);
      return page;
    });
    await Promise.all(pages.map((page) => page.context().close()));
    for (const page of pages) {
      const { problems, hosts } = reportOf(page);
      // That a relay is away is what these stories are about, and Chromium says so each time it is tried.
      expect(problems.filter((problem) => !/WebSocket connection to .* failed/.test(problem))).toEqual([]);
      expect([...hosts]).toEqual([new URL(app.url).host]);
    }
  }
});

export { expect };

export const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };

/** Ana's circle with everybody in it; they met once, and are all asleep. */
export const metOnce = async (
  app: RunningApp,
  phone: OpenPhone,
  names: readonly string[] = ['Bob', 'Mia']
): Promise<readonly Page[]> => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  const friends: Page[] = [];
  for (const name of names) {
    const friend = await phone(name);
    await befriend(ana, friend, name);
    friends.push(friend);
  }
  await connected(ana, names);
  for (const [i, friend] of friends.entries()) {
    await connected(friend, ['Ana', ...names.filter((_, other) => other !== i)]);
  }
  await Promise.all([ana, ...friends].map((page) => page.close()));
  return [ana, ...friends];
};

/** Keeps phones from reaching each other directly, as some networks do: whatever they exchange goes by the relays. */
export const apart =
  (phone: OpenPhone): OpenPhone =>
  async (name, options) => {
    const page = await phone(name, options);
    await page.context().addInitScript(() => {
      const Connection = RTCPeerConnection;
      // Only by way of a TURN server, of which there is none.
      window.RTCPeerConnection = class extends Connection {
        constructor(configuration?: RTCConfiguration) {
          super({ ...configuration, iceTransportPolicy: 'relay' });
        }
      };
    });
    return page;
  };

const startSite = async (
  folder: string,
  relays: readonly TroubledRelay[]
): Promise<{ app: RunningApp; close: () => Promise<void> }> => {
  const site = createStaticSite(folder);
  const instance = JSON.stringify({ relays: relays.map((_, i) => `.${placeOf(i)}`), iceServers: [] });
  const server = createServer((request, response) => {
    setSecurityHeaders(response, false);
    if (request.url !== '/instance.json') return void site(request, response);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' }).end(instance);
  });
  server.on('upgrade', (request, socket, head) => {
    const relay = relays.find((_, i) => placeOf(i) === request.url);
    if (relay === undefined) socket.destroy();
    else relay.accept(request, socket, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const app: RunningApp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: [],
    goDown: () => Promise.reject(new Error('here it is the relays that go down')),
    comeBack: () => Promise.resolve()
  };
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { app, close };
};

/** The first one's place is where the app has its own. */
const placeOf = (i: number): string => (i === 0 ? '/relay' : `/relay/${i + 1}`);
