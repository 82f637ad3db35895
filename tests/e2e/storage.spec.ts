/** What is kept here: how much, whether it stays, said once and never again; and an older app that meets a newer database. */
import type { Page } from '@playwright/test';
import { board, beginCircle, expect, openComposer, reopen, test, type RunningApp } from './friends.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };
const reminder = 'This browser may let go of what Shoulder keeps here. There is something you can do about it.';

const openStorage = async (page: Page, app: RunningApp): Promise<void> => {
  await page.goto(`${app.url}/settings`);
  await page.getByRole('link', { name: /^What is kept here/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'What is kept here' })).toBeVisible();
};

test('each circle is listed with its room, without opening a word', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await ana.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await openStorage(ana, app);
  const list = ana.getByRole('region', { name: 'What there is' }).getByRole('listitem');
  await expect(list.nth(0)).toHaveText(/^Your own circle\s*less than 1 MB$/);
  await expect(list.nth(1)).toHaveText(/^The kitchen table\s*less than 1 MB$/);
  await expect(list.last()).toHaveText(/^Shoulder itself\s*(less than 1|[\d.]+) MB$/);
  await expect(ana.getByText(/^In all, this browser counts .* for Shoulder\.$/)).toBeVisible();
});

test('what the browser did not promise can be asked for', async ({ app, phone }) => {
  const ana = await phone('Ana');
  let isWilling = false;
  let promised = false;
  await ana.exposeFunction('promised', () => promised);
  // It promises when it is asked to, and not before.
  await ana.exposeFunction('askToPromise', () => (promised = isWilling));
  await ana.addInitScript(() => {
    const browser = window as unknown as { promised(): Promise<boolean>; askToPromise(): Promise<boolean> };
    if (isSecureContext)
      Object.assign(navigator.storage, { persisted: () => browser.promised(), persist: () => browser.askToPromise() });
  });
  await beginCircle(ana, app, table);
  await openStorage(ana, app);
  await expect(ana.getByText(/^This browser has not promised to keep it\./)).toBeVisible();
  await ana.getByRole('button', { name: 'Ask it to keep it' }).click();
  await expect(ana.getByText(/^It didn't promise\./)).toBeVisible();
  isWilling = true;
  await ana.getByRole('button', { name: 'Ask it to keep it' }).click();
  await expect(ana.getByText('This browser has promised to keep it.')).toBeVisible();
  await expect(ana.getByRole('button', { name: 'Ask it to keep it' })).toHaveCount(0);
});

test('it is said once, not on the first day, and never again once put away', async ({ app, phone }) => {
  let ana = await phone('Ana');
  await ana.context().addInitScript(() => {
    // A page that is not secure, such as an empty one, has none.
    if (isSecureContext) navigator.storage.persisted = () => Promise.resolve(false);
  });
  await beginCircle(ana, app, table);
  await ana.reload();
  await expect(board(ana)).toBeVisible();
  await expect(ana.getByText(reminder)).toHaveCount(0);

  await laterBy(ana, 2);
  ana = await reopen(ana, app.url);
  await expect(ana.getByText(reminder)).toBeVisible();
  // The server's time differs by now, which is said beside it.
  await ana.getByText(reminder).locator('..').getByRole('button', { name: 'All right' }).click();
  await expect(ana.getByText(reminder)).toHaveCount(0);
  await laterBy(ana, 40);
  ana = await reopen(ana, app.url);
  await expect(board(ana)).toBeVisible();
  await openComposer(ana);
  await ana.getByRole('button', { name: 'Not now' }).click();
  await expect(board(ana)).toBeVisible();
  await expect(ana.getByText(reminder)).toHaveCount(0);
});

test('on an iPhone that is not at home on its screen, what to do is said, and following it is the once', async ({
  app,
  phone
}) => {
  let ana = await phone('Ana', { hasTouch: true });
  await ana.context().addInitScript(() => {
    Object.defineProperty(navigator, 'standalone', { value: false });
    Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 });
  });
  await beginCircle(ana, app, table);
  await laterBy(ana, 2);
  ana = await reopen(ana, app.url);
  await ana.getByRole('link', { name: 'Have a look' }).click();
  await expect(ana.getByText(/^After a week without a visit, this phone lets go/)).toBeVisible();
  await expect(ana.getByRole('link', { name: 'Backup' })).toBeVisible();
  ana = await reopen(ana, app.url);
  await expect(board(ana)).toBeVisible();
  await expect(ana.getByText(reminder)).toHaveCount(0);
});

test('an older app says that a newer database is not its own, and touches nothing', async ({ app, phone }) => {
  const ana = await phone('Ana');
  // A file at the app's own address, where the app itself does not run.
  await ana.context().route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  await ana.goto(`${app.url}/manifest.webmanifest`);
  await ana.evaluate(async () => {
    const opening = indexedDB.open('shoulder', 400);
    opening.onupgradeneeded = () => {
      const envelopes = opening.result.createObjectStore('envelopes', { keyPath: 'id' });
      envelopes.createIndex('of a later day', 'when');
      envelopes.put({ id: 1, when: 2, bytes: Uint8Array.of(1, 2, 3) });
      opening.result.createObjectStore('unheard of', { autoIncrement: true }).put('words of a later day');
    };
    await new Promise((resolve) => (opening.onsuccess = resolve));
    opening.result.close();
  });
  const before = await dumpOf(ana);
  expect(before).toContain('"version":400');
  await ana.goto(app.url);
  await expect(ana.getByRole('alert')).toHaveText(
    'A newer Shoulder has been used in this browser. Nothing was touched. Open it again in a moment, and this page will be newer too.'
  );
  await ana.goto(`${app.url}/settings/erase`);
  await expect(ana.getByRole('alert')).toBeVisible();
  expect(await dumpOf(ana)).toBe(before);
});

/** Everything in the database, its shape and version included. */
const dumpOf = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('shoulder');
    const database = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const stores = await Promise.all(
      [...database.objectStoreNames].map(async (name) => {
        const store = database.transaction(name).objectStore(name);
        const [keys, rows] = await Promise.all(
          [store.getAllKeys(), store.getAll()].map(
            (reading) => new Promise<unknown>((resolve) => (reading.onsuccess = () => resolve(reading.result)))
          )
        );
        return { name, keyPath: store.keyPath, indexes: [...store.indexNames], keys, rows };
      })
    );
    const { version } = database;
    database.close();
    return JSON.stringify({ version, stores }, (_, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value
    );
  });

/** From the next page on, this phone's clock is so many days further. */
const laterBy = async (page: Page, days: number): Promise<void> => {
  await page.context().addInitScript((offset) => {
    const Real = Date;
    class Shifted extends Real {
      constructor(...parts: unknown[]) {
        super(...((parts.length === 0 ? [Real.now() + offset] : parts) as [number]));
      }
      static override now(): number {
        return Real.now() + offset;
      }
    }
    globalThis.Date = Shifted as DateConstructor;
  }, days * 86_400_000);
};
