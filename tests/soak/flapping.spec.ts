/**
 * Three friends whose networks flap, whose tabs freeze and whose relay dies, while they go on saying how they are: no
 * connection is left over, nothing leaks, nothing said is lost.
 *
 * Real pages, relay and peer connections; only their packets and sockets pass through here, to be lost. What each friend
 * does comes from `SHOULDER_SOAK_SEED`; how it falls together is the machine's. Each chapter ends in calm and a reading.
 */
import { setTimeout as pass } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { kinds } from '../../src/lib/records/kinds.ts';
import { backToBoard, card, connected, expect, openCard, openedCard, test, type RunningApp } from '../e2e/friends.ts';
import { gatherThree } from '../e2e/harness/three-friends.ts';
import { keptEnvelopes } from '../e2e/kept.ts';
import { SeededRandom } from '../simulation/seeded-random.ts';
import { leaksOf, median } from './leak.ts';
import { PhoneProxy } from './phone-proxy.ts';
import { readPage, routesOf, watchRoutes, type Reading } from './reading.ts';
import { chapterCount, chapterMs } from './soak-time.ts';
import { SoakingFriend } from './soaking-friend.ts';
import { UdpPassage } from './udp-passage.ts';

/** Signaling of the room, the door of the circle, its mailbox, and a mailbox for each of two links: one socket each on the one relay. */
const socketsAtRest = 5;
const firstWords = 'A rough week.';
const names = ['Ana', 'Bob', 'Mia'] as const;

test('flapping networks leave nothing behind and lose nothing', async ({ app, phone }) => {
  const seed = process.env.SHOULDER_SOAK_SEED ?? '1';
  const friends: SoakingFriend[] = [];
  const passage = new UdpPassage((name) => friends.every((friend) => friend.name !== name || friend.hasPeers));
  const proxies = new Map<string, PhoneProxy>();
  const pages = await gatherThree(
    app,
    async (name) => {
      const proxy = await PhoneProxy.open();
      proxies.set(name, proxy);
      const page = await phone(name, { proxy: { server: proxy.address } });
      await watchRoutes(page.context(), (sdp) => passage.through(name, sdp));
      return page;
    },
    { words: firstWords }
  );
  for (const [i, page] of [pages.ana, pages.bob, pages.mia].entries()) {
    const name = names[i] as (typeof names)[number];
    const options = {
      name,
      page,
      browser: await page.context().newCDPSession(page),
      proxy: proxies.get(name) as PhoneProxy,
      random: new SeededRandom(`soak ${seed} ${name}`),
      reloads: name === 'Mia'
    };
    friends.push(new SoakingFriend(options, name === 'Ana' ? firstWords : undefined));
    // From here on the app opens without the server.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  }

  const readings = new Map<string, Reading[]>(names.map((name) => [name, []]));
  for (let chapter = 0; chapter <= chapterCount; chapter++) {
    // The first is a warming up: what is loaded and remembered once has been by its end.
    const endMs = performance.now() + (chapter === 0 ? chapterMs / 2 : chapterMs);
    const random = new SeededRandom(`soak ${seed} relay ${chapter}`);
    await Promise.all([...friends.map((friend) => friend.liveUntil(endMs)), flapRelay(app, random, endMs)]);
    await comeToRest(friends);
    if (chapter === 0) continue;
    for (const { name, page, browser } of friends) readings.get(name)?.push(await readPage(page, browser));
    tell(`chapter ${chapter} of ${chapterCount}`, readings);
  }

  await expectNothingLost(friends);
  for (const { name, happened } of friends) process.stdout.write(`${name}: ${[...happened].flat().join(' ')}\n`);
  // Who loads anew begins anew: nothing can pile up there.
  expect(['Ana', 'Bob'].flatMap((name) => leaksOf(name, readings.get(name) ?? []))).toEqual([]);
  await passage.close();
  await Promise.all(friends.map(({ page }) => page.close()));
  await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
});

/** The relay dies and comes back with what it kept in memory gone. */
const flapRelay = async (app: RunningApp, random: SeededRandom, endMs: number): Promise<void> => {
  while (performance.now() < endMs) {
    await pass(Math.max(0, Math.min(random.whole(4000, 20_000), endMs - performance.now())));
    await app.goDown();
    await pass(random.whole(0, 4000));
    await app.comeBack();
  }
};

/** Everybody is connected to everybody, by as many connections and sockets as that takes and no more. */
const comeToRest = async (friends: readonly SoakingFriend[]): Promise<void> => {
  for (const friend of friends) await friend.comeHome();
  for (const { name, page } of friends)
    await connected(
      page,
      names.filter((other) => other !== name)
    );
  for (const { name, page } of friends) {
    const routes = async (): Promise<object> => {
      const { connections, sockets } = await routesOf(page);
      return { connections, sockets };
    };
    // Attempts that crossed the last trouble may take their whole deadline to be given up.
    await expect
      .poll(routes, { message: `connections and sockets of ${name}'s` })
      .toEqual({ connections: names.length - 1, sockets: socketsAtRest });
  }
};

/** Every board shows the newest of everybody, every opened card the rest, and every disk holds the same records. */
const expectNothingLost = async (friends: readonly SoakingFriend[]): Promise<void> => {
  for (const { page, name: viewer } of friends) {
    for (const { name, standing } of friends) {
      const shown = name === viewer ? 'You' : name;
      const newest = standing.at(-1);
      if (newest === undefined) await expect(card(page, shown).getByText(`${name} `)).toHaveCount(0);
      else await expect(card(page, shown).getByText(newest, { exact: true })).toBeVisible();
      await openCard(page, shown);
      for (const words of standing) await expect(openedCard(page).getByText(words, { exact: true })).toBeVisible();
      await backToBoard(page);
    }
  }
  // As text, so that a difference names the records.
  const held = async (): Promise<string[]> => (await sharedRecords(friends.map(({ page }) => page))).map(String);
  await expect.poll(async () => new Set(await held()).size, { message: 'all hold the same' }).toBe(1);
};

/** What each phone holds of the circle, by device, slot and version. What phones say about what they hold may still be on its way. */
const sharedRecords = async (pages: readonly Page[]): Promise<string[][]> => {
  const held = await Promise.all(pages.map(keptEnvelopes));
  // One's own circle is on one phone only.
  const isShared = (device: string): boolean =>
    held.filter((rows) => rows.some((row) => row.device === device)).length > 1;
  return held.map((rows) =>
    rows
      .filter(({ kind, device }) => kind !== kinds.ack && isShared(device))
      .map(({ device, key, ver }) => `${device} ${key} ${ver}`)
      .toSorted()
  );
};

const tell = (when: string, readings: ReadonlyMap<string, readonly Reading[]>): void => {
  const lines = [...readings].map(([name, each]) => {
    const { connections, sockets, heapBytes, nodes, listeners, documents } = each.at(-1) as Reading;
    const heap = `${(heapBytes / 1e6).toFixed(2)} MB (median ${(median(each.map((one) => one.heapBytes)) / 1e6).toFixed(2)})`;
    return `  ${name}: ${connections} connections, ${sockets} sockets, heap ${heap}, ${nodes} nodes, ${listeners} listeners, ${documents} documents`;
  });
  process.stdout.write(`${when}\n${lines.join('\n')}\n`);
};
