/** Two homes, each behind a router that translates addresses: by which way friends in them reach each other. */
import { chromium, test as base, type Browser, type Page } from '@playwright/test';
import { chromiumArgs } from '../../tools/browser.ts';
import { befriend, beginCircle, card, connected, expect, presence, say, seeWords } from '../friends.ts';
import { buildFolder, expectNothingWrong, openPhone } from '../phone.ts';
import { statesOf, watchConnections, waysOf } from './connections.ts';
import { startCoturn, type Coturn } from './coturn.ts';
import { startHubApp, type HubApp } from './hub-app.ts';
import { createNetworks, type Home, type Nat, type Networks } from './networks.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };

/** What stands between two friends, and what helps against it. */
interface Scene {
  readonly nat: Nat;
  readonly turn?: 'udp' | 'tcp';
  readonly mail?: boolean;
}

interface Fixtures {
  readonly scene: Scene;
  readonly app: HubApp;
  readonly friends: { readonly ana: Page; readonly bob: Page };
}

interface WorkerFixtures {
  readonly networks: Networks;
  readonly coturn: Coturn;
  readonly browsers: Readonly<Record<Home, Browser>>;
}

const test = base.extend<Fixtures, WorkerFixtures>({
  networks: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const networks = createNetworks();
      try {
        await use(networks);
      } finally {
        networks.remove();
      }
    },
    { scope: 'worker' }
  ],
  coturn: [
    async ({ networks }, use) => {
      const coturn = await startCoturn({ address: networks.hubAddress, within: networks.inHub });
      await use(coturn);
      await coturn.stop();
    },
    { scope: 'worker' }
  ],
  browsers: [
    async ({ networks }, use) => {
      // The certificate is one of the tests' own.
      const args = [...chromiumArgs, '--ignore-certificate-errors'];
      const launch = (home: Home): Promise<Browser> =>
        chromium.launch({ args, executablePath: networks.browserPath(home) });
      const [ana, bob] = [await launch('ana'), await launch('bob')];
      await use({ ana, bob });
      await Promise.all([ana.close(), bob.close()]);
    },
    { scope: 'worker' }
  ],
  scene: [{ nat: 'plain' }, { option: true }],
  app: async ({ networks, coturn, scene }, use) => {
    networks.setNat(scene.nat);
    const app = await startHubApp({ networks, coturn, dir: buildFolder, turn: scene.turn, mail: scene.mail === true });
    await use(app);
    await app.stop();
  },
  friends: async ({ browsers, app }, use) => {
    const [ana, bob] = [await openPhone(browsers.ana, 'Ana'), await openPhone(browsers.bob, 'Bob')];
    await Promise.all([ana, bob].map((page) => watchConnections(page.context())));
    await use({ ana, bob });
    await Promise.all([ana, bob].map((page) => page.context().close()));
    [ana, bob].forEach((page) => expectNothingWrong(page, app));
  }
});

/** They become friends, and hear each other with nothing but each other; answers by which way. */
const hearEachOther = async ({ ana, bob }: Fixtures['friends'], app: HubApp) => {
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  await connected(bob, ['Ana']);
  await app.stop();
  await say(ana, 'From my home to yours.');
  await seeWords(bob, 'Ana', 'From my home to yours.');
  await say(bob, 'I hear you.');
  await seeWords(ana, 'Bob', 'I hear you.');
  const [way] = await waysOf(ana);
  return [way?.local, way?.remote];
};

test.describe('behind plain NAT', () => {
  test.use({ scene: { nat: 'plain' } });

  test('STUN is enough: they reach each other directly @nat', async ({ friends, app }) => {
    const way = await hearEachOther(friends, app);
    expect(way).not.toContain('relay');
    expect(way.some((type) => type === 'srflx' || type === 'prflx')).toBe(true);
  });
});

test.describe('behind symmetric NAT', () => {
  test.use({ scene: { nat: 'symmetric', turn: 'udp' } });

  test('STUN is of no use, and they reach each other through TURN @nat', async ({ friends, app }) => {
    expect(await hearEachOther(friends, app)).toContain('relay');
  });
});

test.describe('where no UDP leaves', () => {
  test.describe('and TURN takes TCP', () => {
    test.use({ scene: { nat: 'no UDP', turn: 'tcp' } });

    test('they reach each other through it @nat', async ({ friends, app }) => {
      expect(await hearEachOther(friends, app)).toContain('relay');
    });
  });

  test.describe('and TURN takes only that', () => {
    test.use({ scene: { nat: 'no UDP', turn: 'udp', mail: true } });

    test('mail gets there, and nobody is said to be connected @nat', async ({ friends: { ana, bob }, app }) => {
      await beginCircle(ana, app, table);
      await befriend(ana, bob, 'Bob');
      await say(ana, 'By mail, then.');
      await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone. On its relay.");
      await seeWords(bob, 'Ana', 'By mail, then.');
      await expect
        .poll(async () => [...(await statesOf(ana)), ...(await statesOf(bob))], { timeout: 60_000 })
        .toEqual(expect.arrayContaining([expect.stringMatching(/closed|failed/)]));
      for (const page of [ana, bob]) {
        await expect(presence(page)).toHaveText('Connected to nobody right now');
        expect(await waysOf(page)).toEqual([]);
      }
    });
  });
});
