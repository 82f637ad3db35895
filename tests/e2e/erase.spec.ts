/** Erasing everything: what is left on the phone, in other tabs, in the profile's files and with friends. */
import type { Page } from '@playwright/test';
import { base64UrlToBytes } from '../../src/lib/base/bytes.ts';
import { startServer } from '../../src/relay/server.ts';
import {
  befriend,
  beginCircle,
  board,
  composer,
  expect,
  firstCheckIn,
  openCard,
  openedCard,
  say,
  seeWords,
  test,
  type RunningApp
} from './friends.ts';
import { ProfilePhone } from './harness/profile.ts';
import { searchProfile, type Needle } from './harness/profile-search.ts';
import { circleIds, keptEnvelopes } from './kept.ts';
import { lockHeading, setLock } from './locking.ts';
import { reportOf } from './phone.ts';
import { fillTables } from './nowhere.ts';

const table = {
  name: 'Annemoon-Q',
  circle: 'Twilight Roundhouse',
  words: 'Marmalade sunrise, and I cried all the same.'
};

const openErase = async (page: Page, app: Pick<RunningApp, 'url'>): Promise<void> => {
  await page.goto(`${app.url}/settings`);
  await page.getByRole('link', { name: /^Erase everything/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Erase everything' })).toBeVisible();
};

/** Writes the word and presses the button. */
const eraseHere = async (page: Page, word = 'erase'): Promise<void> => {
  await page.getByRole('textbox', { name: 'Write “erase” here' }).fill(word);
  await page.getByRole('button', { name: 'Erase everything' }).click();
};

/** The first screen, as on a phone that has never seen Shoulder. */
const expectAsNew = async (page: Page): Promise<void> => {
  await expect(page.getByRole('heading', { name: 'How are you, really?' })).toBeVisible({ timeout: 15_000 });
  await expect(composer(page).words).toHaveValue('');
  await expect(board(page)).toHaveCount(0);
};

/** Every row of every database of this origin but for the fresh vault's key, and whatever else a page can keep. */
const leftOn = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const left: string[] = [
      ...Object.keys(localStorage),
      ...(await caches.keys()).filter((name) => !name.startsWith('shell-'))
    ];
    for (const { name } of await indexedDB.databases()) {
      const opening = indexedDB.open(name ?? '');
      const database = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
      for (const store of database.objectStoreNames) {
        const counting = database.transaction(store).objectStore(store).count();
        const count = await new Promise<number>((resolve) => (counting.onsuccess = () => resolve(counting.result)));
        if (count > 0) left.push(`${name}/${store}: ${count}`);
      }
      database.close();
    }
    return left;
  });

const asNew = ['shoulder/vault: 1'];

test('one word, and the phone is as new; friends keep what they were given and are not told', async ({
  app,
  phone
}) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await seeWords(bob, table.name, table.words);
  await ana.evaluate(async () => {
    await navigator.serviceWorker.ready;
    localStorage.setItem('something', 'of ours');
    await caches.open('something else');
  });
  await openErase(ana, app);
  await expect(ana.getByRole('radio', { name: /^Go quietly/ })).toBeChecked();
  await eraseHere(ana, 'yes');
  await expect(ana.getByText('Nothing happened yet. Write “erase” first.')).toBeVisible();
  await expect(ana.getByRole('textbox', { name: 'Write “erase” here' })).toBeFocused();
  expect(await circleIds(ana)).toHaveLength(2);

  await eraseHere(ana, ' Erase ');
  await expectAsNew(ana);
  await expect.poll(() => leftOn(ana)).toEqual(asNew);
  await seeWords(bob, table.name, table.words);
  await openCard(bob, table.name);
  await expect(openedCard(bob).getByText(`${table.name} has left the circle.`, { exact: false })).toHaveCount(0);
  // And it works as new.
  await firstCheckIn(ana, app, { words: 'A new page.' });
});

test('friends are told first where that is wished: on a relay is told', async ({ app, phone }) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await seeWords(bob, table.name, table.words);
  await openCard(bob, table.name);
  const herCard = bob.url();
  await bob.goto('about:blank');
  await openErase(ana, app);
  await ana.getByRole('radio', { name: /^Say that I leave/ }).check();
  await eraseHere(ana);
  await expectAsNew(ana);
  // Her card is no longer on the board once he hears of it.
  await bob.goto(herCard);
  await expect(openedCard(bob).getByText(`${table.name} has left the circle.`, { exact: false })).toBeVisible();
});

test('where nobody can be told it waits, says so, and need not be waited for', async ({ app, phone }) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await bob.goto('about:blank');
  await openErase(ana, app);
  await app.goDown();
  await ana.getByRole('radio', { name: /^Say that I leave/ }).check();
  await eraseHere(ana);
  await expect(ana.getByText('Nobody has it yet.')).toBeVisible();
  expect(await circleIds(ana)).toHaveLength(2);
  await app.comeBack();
  await expectAsNew(ana);
  await expect.poll(() => leftOn(ana)).toEqual(asNew);
});

/** A server whose relay keeps no mail: whoever is away can't be told. */
const alone = test.extend({
  app: async ({ folder }, use) => {
    const server = await startServer({ host: '127.0.0.1', port: 0, dir: folder, mail: 'nowhere' });
    await use({ url: server.url, heard: [], goDown: () => server.close(), comeBack: () => Promise.resolve() });
    await server.close();
  }
});

alone('"Erase without waiting" erases without waiting', async ({ app, phone }) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await bob.goto('about:blank');
  await openErase(ana, app);
  await ana.getByRole('radio', { name: /^Say that I leave/ }).check();
  await eraseHere(ana);
  await expect(ana.getByText('Nobody has it yet.')).toBeVisible();
  await ana.getByRole('button', { name: 'Erase without waiting' }).click();
  await expectAsNew(ana);
  await expect.poll(() => leftOn(ana)).toEqual(asNew);
});

test('a tab that is open elsewhere becomes new as well, and writes nothing back', async ({ app, phone }) => {
  const one = await phone('Ana');
  await beginCircle(one, app, table);
  const two = await one.context().newPage();
  await two.goto(app.url);
  await seeWords(two, 'You', table.words);
  await two.getByRole('link', { name: 'How are you, really?' }).click();
  await composer(two).words.fill('Not said yet.');
  await openErase(one, app);
  await eraseHere(one);
  await expectAsNew(one);
  await expectAsNew(two);
  await expect.poll(() => leftOn(one)).toEqual(asNew);
});

test('a tab that is frozen keeps nothing from being erased', async ({ app, phone }) => {
  const one = await phone('Ana');
  await beginCircle(one, app, table);
  const two = await one.context().newPage();
  await two.goto(app.url);
  await seeWords(two, 'You', table.words);
  await one.bringToFront();
  const browser = await two.context().newCDPSession(two);
  await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
  await openErase(one, app);
  await eraseHere(one);
  await expectAsNew(one);
  await expect.poll(() => leftOn(one)).toEqual(asNew);
  await browser.send('Page.setWebLifecycleState', { state: 'active' });
  await two.goto(app.url);
  await expectAsNew(two);
  await expect.poll(() => leftOn(one)).toEqual(asNew);
});

test('a page that is killed while it erases goes on where it was, before anything opens', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  // Decided, and not a row gone yet.
  await ana.evaluate(() => localStorage.setItem('shoulder-erase', ''));
  await ana.goto(`${app.url}/settings`);
  await expectAsNew(ana);
  await expect.poll(() => leftOn(ana)).toEqual(asNew);
});

test('what the browser holds on to is said, and goes with the next opening', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await openErase(ana, app);
  // Only the page that erases, and only once: a name outlives a page, and storage does not.
  await ana.addInitScript(() => {
    if (localStorage.getItem('shoulder-erase') === null || window.name === 'refused once') return;
    window.name = 'refused once';
    CacheStorage.prototype.keys = () => Promise.reject(new Error('the browser holds on to it'));
  });
  await eraseHere(ana);
  await expect(ana.getByRole('alert')).toContainText('Not everything is erased yet');
  reportOf(ana).problems.length = 0;
  await ana.goto(app.url);
  await expectAsNew(ana);
  await expect.poll(() => leftOn(ana)).toEqual(asNew);
});

test('whoever forgot the passphrase can begin anew without it', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await setLock(ana, app);
  await ana.getByText("I can't open it").click();
  await ana.getByRole('button', { name: 'Erase everything on this phone' }).click();
  await expect(ana.getByRole('radio')).toHaveCount(0);
  await ana.getByRole('button', { name: 'Back' }).click();
  await expect(lockHeading(ana)).toBeVisible();
  await ana.getByText("I can't open it").click();
  await ana.getByRole('button', { name: 'Erase everything on this phone' }).click();
  await eraseHere(ana);
  await expectAsNew(ana);
  await expect.poll(() => leftOn(ana)).toEqual(asNew);
});

test('a profile’s files hold no word, no name and no secret, before and after', async ({ app, phone }) => {
  const [ana, bob] = [await ProfilePhone.create('Ana'), await phone('Bob')];
  try {
    const page = await ana.start();
    await beginCircle(page, app, table);
    await befriend(page, bob, 'Bartholomew-K');
    await say(bob, 'Juniper smoke; come over whenever you like.');
    await seeWords(page, 'Bartholomew-K', 'Juniper smoke; come over whenever you like.');
    const needles: Record<string, Needle> = {
      ...table,
      friend: 'Bartholomew-K',
      heard: 'Juniper smoke; come over whenever you like.'
    };
    const devices = (await keptEnvelopes(page)).map(({ device }) => device);
    const ids = [...new Set([...(await circleIds(page)), ...devices])];
    await openErase(page, app);
    await eraseHere(page);
    await expectAsNew(page);
    await fillTables(page);
    await ana.close();
    expect(searchProfile(ana.folder, needles)).toEqual([]);
    // Ids are what stood in clear (AT1). What LevelDB still has of them is between its own leftovers: docs/threat-model.md.
    const left = searchProfile(ana.folder, idNeedles(ids)).map((place) => place.replace(/^.* in /, ''));
    expect(left.filter((place) => !/IndexedDB\/.*\.leveldb\/\d+\.(log|ldb)$/.test(place))).toEqual([]);
    const again = await ana.start();
    await again.goto(app.url);
    await expectAsNew(again);
  } finally {
    await ana.remove();
  }
});

const idNeedles = (ids: readonly string[]): Record<string, Needle> =>
  Object.fromEntries(
    ids.flatMap((id): [string, Needle][] => [
      [`id ${id}`, id],
      [`bytes of id ${id}`, base64UrlToBytes(id) as Uint8Array]
    ])
  );
