/** "Only my own network": nothing leaves for a relay on another host, what is said waits, and goes when it is switched off. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page, WebSocket } from '@playwright/test';
import { startServer } from '../../src/relay/server.ts';
import { befriend, beginCircle, card, connected, expect, presence, say, startApp, test as base } from './friends.ts';
import { openPhone, reportOf } from './phone.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };

const keys = join(import.meta.dirname, '../unit/relay');
const tls = {
  cert: readFileSync(join(keys, 'throw-away.cert.pem'), 'utf8'),
  key: readFileSync(join(keys, 'throw-away.key.pem'), 'utf8')
};

/** The app with a relay of its own, at 127.0.0.1, and another relay at `localhost`, which to a browser is another host. */
const test = base.extend<{ awayHost: string }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
  awayHost: async ({}, use) => {
    const away = await startServer({ host: '127.0.0.1', port: 0, tls });
    await use(`localhost:${away.port}`);
    await away.close();
  },
  app: async ({ folder, awayHost }, use) => {
    const build = mkdtempSync(join(tmpdir(), 'shoulder-own-network-'));
    cpSync(folder, build, { recursive: true });
    writeFileSync(join(build, 'instance.json'), JSON.stringify({ relays: ['./relay', `wss://${awayHost}/relay`] }));
    const app = await startApp(build);
    await use(app);
    await app.goDown();
    rmSync(build, { recursive: true });
  }
});

/** The hosts that this page's sockets are open to now. */
const openSockets = (page: Page): (() => readonly string[]) => {
  const open = new Set<WebSocket>();
  page.on('websocket', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  return () => [...open].map((socket) => new URL(socket.url()).host);
};

const ownNetwork = (page: Page): Locator => page.getByRole('switch', { name: 'Only my own network' });

test('with it on nobody else is spoken to, from any tab; what waited goes when it is off', async ({
  app,
  awayHost,
  browser
}) => {
  const ana = await openPhone(browser, 'Ana', { ignoreHTTPSErrors: true });
  const bob = await openPhone(browser, 'Bob', { ignoreHTTPSErrors: true });
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  await expect.poll(() => [...reportOf(ana).hosts].sort()).toEqual([new URL(app.url).host, awayHost].sort());

  // Another tab is where it is switched, and the one that talks to others by then: it holds at once, without a reload.
  const settings = await ana.context().newPage();
  const spokenTo = openSockets(settings);
  await settings.goto(`${app.url}/settings`);
  await expect.poll(spokenTo).toContain(awayHost);
  await ownNetwork(settings).click();
  await expect(ownNetwork(settings)).toHaveAttribute('aria-checked', 'true');
  await expect.poll(spokenTo).not.toContain(awayHost);
  // On one machine, Bob is on Ana's own network, and over the relay that is left they find each other again.
  await connected(ana, ['Bob']);
  reportOf(ana).hosts.clear();
  await bob.context().close();
  await expect(presence(ana)).toHaveText('Connected to nobody right now');
  await expect(ana.getByText('Only your own network is used.')).toBeVisible();
  await say(ana, 'Said at home.');
  await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone. On 1 of 2 relays.");
  await ana.reload();
  await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone. On 1 of 2 relays.");
  expect([...reportOf(ana).hosts]).toEqual([new URL(app.url).host]);

  await ownNetwork(settings).click();
  await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone. On 2 of 2 relays.");
  expect([...reportOf(ana).hosts]).toContain(awayHost);
  await ana.context().close();
});
