/** Friends who never learn each other's address: whatever goes from browser to browser goes through coturn. */
import type { Page } from '@playwright/test';
import { offeredTypes, statesOf, watchConnections, waysOf } from './connections.ts';
import { startCoturn, type Coturn } from './coturn.ts';
import {
  befriend,
  beginCircle,
  card,
  connected,
  expect,
  presence,
  say,
  seeWords,
  startApp,
  test as base
} from '../friends.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };
const relayedBothWays = [{ local: 'relay', remote: 'relay' }];

/** Where `isMailKept` is false, browsers have nothing but each other. */
const test = base.extend<{ isMailKept: boolean; coturn: Coturn }>({
  isMailKept: [true, { option: true }],
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
  coturn: async ({}, use) => {
    const coturn = await startCoturn({ address: '127.0.0.1' });
    await use(coturn);
    await coturn.stop();
  },
  app: async ({ folder, coturn: { port, secret: turnSecret }, isMailKept }, use) => {
    const turnUrls = [`turn:127.0.0.1:${port}`];
    const ice = { stunUrls: [], turnUrls, turnSecret, isRelayedOnly: true };
    const app = await startApp(folder, { ice, mail: isMailKept ? 'memory' : 'nowhere' });
    await use(app);
    await app.goDown();
  }
});

/** Ends when a connection was tried and given up, on one side or the other. */
const triedInVain = (pages: readonly Page[]): Promise<void> =>
  expect
    .poll(async () => (await Promise.all(pages.map(statesOf))).flat(), { timeout: 60_000 })
    .toEqual(expect.arrayContaining([expect.stringMatching(/closed|failed/)]));

test.describe('without mail', () => {
  test.use({ isMailKept: false });

  test('two friends hear each other through coturn alone, and neither offers an address of their own', async ({
    app,
    phone
  }) => {
    const [ana, bob] = [await phone('Ana'), await phone('Bob')];
    await Promise.all([ana, bob].map((page) => watchConnections(page.context())));
    await beginCircle(ana, app, table);
    await befriend(ana, bob, 'Bob');
    await connected(ana, ['Bob']);
    await connected(bob, ['Ana']);
    await seeWords(bob, 'Ana', 'A rough week.');
    for (const page of [ana, bob]) {
      expect(await waysOf(page)).toEqual(relayedBothWays);
      expect(new Set(await offeredTypes(page))).toEqual(new Set(['relay']));
    }
    // Once they are connected they need nobody else.
    await app.goDown();
    await say(bob, 'I hear you.');
    await seeWords(ana, 'Bob', 'I hear you.');
    await say(ana, 'And I you.');
    await seeWords(bob, 'Ana', 'And I you.');
    expect(await waysOf(ana)).toEqual(relayedBothWays);
  });

  test('where coturn is gone nothing is said to have reached anybody, and nothing has', async ({
    app,
    coturn,
    phone
  }) => {
    await coturn.stop();
    const [ana, bob] = [await phone('Ana'), await phone('Bob')];
    await Promise.all([ana, bob].map((page) => watchConnections(page.context())));
    await beginCircle(ana, app, table);
    await befriend(ana, bob, 'Bob');
    await triedInVain([ana, bob]);
    expect(await waysOf(ana)).toEqual([]);
    for (const page of [ana, bob]) await expect(presence(page)).toHaveText('Connected to nobody right now');
    await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone.");
    await expect(card(ana, 'You')).not.toContainText(/Reached|relay/);
    await expect(card(bob, 'Ana')).toHaveCount(1);
    await expect(card(bob, 'Ana')).not.toContainText('A rough week.');
  });
});

test('where coturn is gone words still arrive by mail, and say where they wait until then', async ({
  app,
  coturn,
  phone
}) => {
  await coturn.stop();
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await Promise.all([ana, bob].map((page) => watchConnections(page.context())));
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await triedInVain([ana, bob]);
  await say(ana, 'By mail, then.');
  await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone. On its relay.");
  await seeWords(bob, 'Ana', 'By mail, then.');
  expect(await waysOf(ana)).toEqual([]);
  await expect(presence(ana)).toHaveText('Connected to nobody right now');
});
