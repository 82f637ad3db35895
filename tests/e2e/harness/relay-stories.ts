/**
 * Stories with relays beside the app's own: real ones on other ports, over TLS as a page's policy asks for, and one that
 * takes nothing from anybody.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from '@playwright/test';
import { WebSocketServer } from 'ws';
import { startServer } from '../../../src/relay/server.ts';
import { expect, openPhone, test as base, type OpenPhone } from '../friends.ts';
import { reportOf } from '../phone.ts';

export interface OtherRelay {
  readonly url: string;
  /** What it is called on a screen. */
  readonly name: string;
}

export interface OtherRelays {
  /** The relay of `npm start`, without an app. */
  readonly open: () => Promise<OtherRelay>;
  /** One that answers everything with this sentence of its own. */
  readonly refusing: (sentence: string) => Promise<OtherRelay>;
}

/** Its phones take the throw-away certificate, and may speak to the relays that a story starts. */
export const test = base.extend<{ relays: OtherRelays; phone: OpenPhone }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs: nothing
  relays: async ({}, use) => {
    const closing: (() => Promise<void>)[] = [];
    await use({
      open: async () => {
        const relay = await startServer({ host: '127.0.0.1', port: 0, tls });
        closing.push(() => relay.close());
        return { url: relay.relayUrl, name: `127.0.0.1:${relay.port}` };
      },
      refusing: async (sentence) => {
        const { port, close } = await startRefusing(sentence);
        closing.push(close);
        const name = `127.0.0.1:${port}`;
        return { url: `wss://${name}`, name };
      }
    });
    await Promise.all(closing.map((each) => each()));
  },
  phone: async ({ browser }, use) => {
    const pages: Page[] = [];
    await use(async (name, options) => {
      const page = await openPhone(browser, name, { ignoreHTTPSErrors: true, ...options });
      pages.push(page);
      return page;
    });
    await Promise.all(pages.map((page) => page.context().close()));
    for (const page of pages) expect(reportOf(page).problems).toEqual([]);
  }
});

export { expect };

/** From the board to how it gets there. */
export const openWays = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'How it gets there' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'How it gets there' })).toBeVisible();
};

/** By which ways somebody was heard: one line of the list. */
export const waysOf = (page: Page, friend: string): Locator =>
  page
    .getByRole('region', { name: 'How friends were heard' })
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`^\\s*${friend}:`) });

/** One relay in the list, with how it is doing. */
export const shownRelay = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: 'Relays', exact: true }).getByRole('listitem').filter({ hasText: name });

export const choice = (page: Page): Locator => page.getByRole('region', { name: 'Which relays we use' });

/** On the page of how it gets there: asks to use these relays from now on. */
export const chooseOwn = async (page: Page, urls: readonly string[]): Promise<void> => {
  await choice(page)
    .getByRole('radio', { name: /^Our own/ })
    .check();
  await choice(page).getByRole('textbox', { name: 'Addresses' }).fill(urls.join('\n'));
  await choice(page).getByRole('button', { name: 'Use these', exact: true }).click();
};

export const chosen = (page: Page): Promise<void> =>
  expect(choice(page).getByText('Chosen. Every phone hears of it by the ways it knows.')).toBeVisible();

const certificate = (file: string): string =>
  readFileSync(new URL(`../../unit/relay/throw-away.${file}`, import.meta.url), 'utf8');
const tls = { cert: certificate('cert.pem'), key: certificate('key.pem') };

const startRefusing = async (sentence: string): Promise<{ port: number; close: () => Promise<void> }> => {
  const server = createServer(tls);
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const [verb, subject] = JSON.parse((data as Buffer).toString()) as [string, unknown];
      if (verb === 'REQ') socket.send(JSON.stringify(['CLOSED', subject, sentence]));
      if (verb === 'EVENT') socket.send(JSON.stringify(['OK', (subject as { id: string }).id, false, sentence]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets.clients) socket.terminate();
      server.close(() => resolve());
    });
  return { port: (server.address() as AddressInfo).port, close };
};
