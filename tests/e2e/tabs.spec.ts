/** Two tabs of one person: both show the same at once, and only the one that is looked at talks to peers. */
import type { BrowserContext, Page } from '@playwright/test';
import {
  befriend,
  beginCircle,
  card,
  connected,
  expect,
  openComposer,
  say,
  seeWords,
  sayHere,
  test,
  unsay
} from './friends.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };

test('what Ana says in one tab is in the other at once, also before she has any circle', async ({ app, phone }) => {
  const one = await phone('Ana');
  await one.goto(app.url);
  const two = await one.context().newPage();
  await two.goto(app.url);
  await sayHere(one, { words: 'First.' });
  await one.getByRole('button', { name: 'Just me for now' }).click();
  await seeWords(one, 'You', 'First.');
  // The other tab was still asking; now it shows the board as well.
  await seeWords(two, 'You', 'First.');
  await say(two, 'Second.');
  await seeWords(one, 'You', 'Second.');
  await unsay(one, 'Second.');
  await expect(card(two, 'You')).toContainText("You haven't said anything here.");
});

test('only the visible tab talks to peers; the other takes over when it is looked at', async ({ app, phone }) => {
  const one = await phone('Ana');
  const bob = await phone('Bob');
  await countRoutes(one.context());
  await beginCircle(one, app, table);
  await befriend(one, bob, 'Bob');
  await connected(one, ['Bob']);

  const two = await one.context().newPage();
  await two.goto(app.url);
  await takeUp(two);
  await connected(two, ['Bob']);
  await expect.poll(() => openRoutes(one)).toEqual({ sockets: 0, connections: 0 });
  await expect.poll(async () => (await openRoutes(two)).connections).toBe(1);
  await say(bob, 'One of you hears me.');
  await seeWords(two, 'Bob', 'One of you hears me.');
  await seeWords(one, 'Bob', 'One of you hears me.');
  await takeUp(one);
  await expect.poll(() => openRoutes(two)).toEqual({ sockets: 0, connections: 0 });
  await expect.poll(async () => (await openRoutes(one)).connections).toBe(1);
  await connected(one, ['Bob']);
  await say(bob, 'And now the first.');
  await seeWords(one, 'Bob', 'And now the first.');
  await seeWords(two, 'Bob', 'And now the first.');

  // The tab that talks is closed: the one left behind goes on.
  await one.close();
  await takeUp(two);
  await connected(two, ['Bob']);
  await say(bob, 'Still with me?');
  await seeWords(two, 'Bob', 'Still with me?');
});

test('a tab that the browser has frozen does not keep its friends waiting', async ({ app, phone }) => {
  const one = await phone('Ana');
  const bob = await phone('Bob');
  await countRoutes(one.context());
  await beginCircle(one, app, table);
  await befriend(one, bob, 'Bob');
  await connected(one, ['Bob']);
  const two = await one.context().newPage();
  await two.goto(app.url);
  await expect.poll(async () => (await openRoutes(two)).connections).toBe(1);
  await takeUp(one);
  await expect.poll(async () => (await openRoutes(one)).connections).toBe(1);
  const browser = await one.context().newCDPSession(one);
  await browser.send('Page.setWebLifecycleState', { state: 'frozen' });

  await takeUp(two);
  await expect.poll(async () => (await openRoutes(two)).connections).toBe(1);
  await connected(bob, ['Ana']);
  await say(bob, 'Are you still there?');
  await seeWords(two, 'Bob', 'Are you still there?');
  await browser.send('Page.setWebLifecycleState', { state: 'active' });
  await seeWords(one, 'Bob', 'Are you still there?');
  await expect.poll(() => openRoutes(one)).toEqual({ sockets: 0, connections: 0 });
});

test('two tabs that speak at the same time lose nothing', async ({ app, phone }) => {
  const one = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(one, app, table);
  await befriend(one, bob, 'Bob');
  const two = await one.context().newPage();
  await two.goto(app.url);
  await connected(bob, ['Ana']);
  await Promise.all([openComposer(one), openComposer(two)]);
  await Promise.all([sayHere(one, { words: 'This one.' }), sayHere(two, { words: 'That one.' })]);
  // Which of the two was last is the lock's to say; both tabs, and Bob, come to show the same.
  const shown = (page: Page, name: string): Promise<string[]> =>
    card(page, name)
      .getByText(/^(This|That) one\.$/)
      .allInnerTexts();
  await expect
    .poll(async () => {
      const said = [await shown(one, 'You'), await shown(two, 'You'), await shown(bob, 'Ana')];
      return said.map((texts) => texts.length === 1 && texts[0] === said[0]?.[0]);
    })
    .toEqual([true, true, true]);
});

/**
 * Turns to this tab, as a click on it would. Playwright keeps every page focused; here the window's own focus counts.
 * A headless browser paints no tab strip and calls every tab visible, so focus is what moves.
 */
const takeUp = async (page: Page): Promise<void> => {
  for (const each of page.context().pages()) {
    const browser = await each.context().newCDPSession(each);
    await browser.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    await browser.detach();
  }
  const others = page
    .context()
    .pages()
    .filter((each) => each !== page);
  await others.at(0)?.bringToFront();
  await page.bringToFront();
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(true);
};

interface Routes {
  readonly sockets: number;
  readonly connections: number;
}

/** Counts the sockets and peer connections of each page from before it loads: real ones, as the page makes them. */
const countRoutes = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript(() => {
    const sockets: WebSocket[] = [];
    const connections: RTCPeerConnection[] = [];
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
    (window as unknown as { routes: () => Routes }).routes = () => ({
      sockets: sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length,
      connections: connections.filter(({ connectionState }) => connectionState === 'connected').length
    });
  });
};

const openRoutes = (page: Page): Promise<Routes> =>
  page.evaluate(() => (window as unknown as { routes: () => Routes }).routes());
