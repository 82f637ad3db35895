/** The lamp: one device that is always on carries between friends who are never awake together, and shows nothing. */
import type { Page } from '@playwright/test';
import { startServer } from '../../src/relay/server.ts';
import { askToJoin, card, connected, expect, inviteLink, reopen, say, seeWords, test as base } from './friends.ts';
import { gatherThree, table } from './harness/three-friends.ts';
import { openWays } from './harness/relay-stories.ts';
import { countKept } from './kept.ts';

/** An app whose relay brings phones together and keeps nothing for anybody. */
const test = base.extend({
  app: async ({ folder }, use) => {
    const heard: string[] = [];
    const observe = (text: string): void => void heard.push(text);
    const running = await startServer({ host: '127.0.0.1', port: 0, dir: folder, mail: 'nowhere', observe });
    const stay = (): Promise<void> => Promise.resolve();
    await use({ url: running.url, heard, goDown: () => running.close(), comeBack: stay });
    await running.close();
  }
});

const checkInKind = 32;

/** All that can be read on a page, seen or heard, with what only its markup says. */
const readable = (page: Page): Promise<string> =>
  page.evaluate(() => `${document.title} ${location.href} ${new XMLSerializer().serializeToString(document)}`);

const asksKept = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('shoulder');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const counting = opening.result.transaction('asks').objectStore('asks').count();
    await new Promise((resolve) => (counting.onsuccess = resolve));
    opening.result.close();
    return counting.result;
  });

test('what Bob says while Mia sleeps is there when she wakes and he is gone, by the lamp alone', async ({
  app,
  phone
}) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  const link = await inviteLink(ana);
  await mia.close();
  await ana.context().addInitScript(() => {
    const asked: string[] = [];
    const { request } = WakeLock.prototype;
    WakeLock.prototype.request = function (this: WakeLock, type?: WakeLockType) {
      asked.push(type ?? '');
      return request.call(this, type);
    };
    Object.assign(window, { asked });
  });
  await openWays(ana);
  await ana.getByRole('link', { name: 'Have an old tablet? It can keep a light on.' }).click();
  const heading = ana.getByRole('heading', { level: 1, name: 'Lamp' });
  await expect(heading).toBeVisible();
  await ana.reload();
  await expect(heading).toBeVisible();
  await expect.poll(() => ana.evaluate(() => (window as unknown as { asked: string[] }).asked)).toEqual(['screen']);
  const state = ana.getByRole('status');
  await expect(state).toContainText('Someone is here now.');
  await expect(state).toContainText('Something waits here until a relay takes it.');

  await connected(bob, ['Ana']);
  const before = await countKept(ana, checkInKind);
  await say(bob, 'Nobody else is up.');
  await expect.poll(() => countKept(ana, checkInKind)).toBe(before + 1);
  await expect(card(bob, 'You')).not.toContainText('relay');
  await bob.close();
  await expect(state).toContainText('Nobody is here right now.');

  const awake = await reopen(mia, app.url);
  await connected(awake, ['Ana']);
  await seeWords(awake, 'Bob', 'Nobody else is up.');
  await expect(state).toContainText('Someone is here now.');

  // Whoever asks to be let in is not shown to whoever walks by, and nobody can say yes here.
  const jo = await phone('Jo');
  await askToJoin(jo, link, 'Josephine');
  await expect.poll(() => asksKept(ana)).toBe(1);
  const page = await readable(ana);
  for (const secret of ['Ana', 'Bob', 'Mia', 'Josephine', table, 'Nobody else is up.', 'A rough week.'])
    expect(page).not.toContain(secret);
  await expect(ana.getByRole('dialog')).toHaveCount(0);
});
