/**
 * A browser that cannot, or will not: each ends in one sentence that says what happened, what was kept, and what to do.
 */
import type { Page } from '@playwright/test';
import { beginCircle, befriend, composer, expect, firstCheckIn, openComposer, say, seeWords, test } from './friends.ts';

/** Dexie counts in tens: this is its version 99. */
const newerVersion = 990;

/** What a browser may lack, and the words for it. */
const lacks: readonly (readonly [string, string, () => void])[] = [
  ['Ed25519', 'Ed25519 signatures', () => refuseKeys('Ed25519')],
  ['X25519', 'X25519 keys', () => refuseKeys('X25519')],
  [
    'IndexedDB',
    'a place to keep things (IndexedDB)',
    () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
  ],
  [
    'service workers',
    'a way to work offline (service workers)',
    () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker')
  ]
];

declare const refuseKeys: (name: string) => void;

for (const [name, words, take] of lacks) {
  test(`without ${name} it says what it needs and stores nothing`, async ({ app, phone }) => {
    const ana = await phone('Ana');
    await ana.context().addInitScript(() => {
      const generateKey = SubtleCrypto.prototype.generateKey;
      Object.assign(globalThis, {
        refuseKeys: (refused: string) => {
          SubtleCrypto.prototype.generateKey = function (this: SubtleCrypto, ...asked: unknown[]) {
            if (asked[0] === refused)
              return Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'));
            return Reflect.apply(generateKey, this, asked);
          } as typeof generateKey;
        }
      });
    });
    await ana.context().addInitScript(take);
    await ana.goto(app.url);
    await expect(ana.getByRole('heading', { name: 'Not in this browser yet' })).toBeVisible();
    await expect(ana.getByText(`It needs ${words}. Nothing was stored.`)).toBeVisible();
    await expect(composer(ana).sayIt).toHaveCount(0);
    expect(await storedHere(ana)).toEqual([]);
  });
}

test('a browser that refuses IndexedDB says so and loses nothing', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await ana.context().addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
  });
  await ana.goto(app.url);
  await expect(ana.getByRole('alert')).toHaveText(
    "This browser won't let Shoulder keep anything. Nothing was lost. Leave private browsing, or allow storage for this address, and open it again."
  );
  await expect(composer(ana).sayIt).toHaveCount(0);
});

test('a newer Shoulder has been here: it says so and touches nothing', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await firstCheckIn(ana, app, { words: 'A rough week.' });
  // What the newer one did: raised the version, kept something in a way of its own, and dropped what it no longer uses.
  await ana.evaluate(
    (version) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('shoulder', version);
        opening.onupgradeneeded = () => {
          opening.result.createObjectStore('letters').put('from the future', 1);
          opening.result.deleteObjectStore('presence');
        };
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
        opening.onerror = () => reject(new Error(opening.error?.message));
      }),
    newerVersion
  );
  await ana.goto(app.url);
  await expect(ana.getByRole('alert')).toHaveText(
    'A newer Shoulder has been used in this browser. Nothing was touched. Open it again in a moment, and this page will be newer too.'
  );
  const found = await ana.evaluate(
    () =>
      new Promise<unknown>((resolve, reject) => {
        const opening = indexedDB.open('shoulder');
        opening.onsuccess = () => {
          const { version, objectStoreNames } = opening.result;
          const reading = opening.result.transaction('letters').objectStore('letters').get(1);
          reading.onsuccess = () => resolve([version, objectStoreNames.contains('presence'), reading.result]);
        };
        opening.onerror = () => reject(new Error(opening.error?.message));
      })
  );
  expect(found).toEqual([newerVersion, false, 'from the future']);
});

test('a full phone says so, keeps the words in the box, and says them once there is room', async ({ app, phone }) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  const address = ana.url();
  const devtools = await ana.context().newCDPSession(ana);
  const { origin } = new URL(app.url);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  const problem = ana.getByText('This phone is full. What you wrote is still in the box above.');
  // Chromium asks what room is left anew only some seconds after the last tab of an app has gone.
  await expect(async () => {
    await ana.goto('about:blank');
    await ana.goto(address);
    await openComposer(ana);
    await composer(ana).words.fill('Too much for this phone.');
    await composer(ana).sayIt.click();
    await expect(problem.first()).toBeVisible({ timeout: 2000 });
  }).toPass({ intervals: [3000], timeout: 60_000 });
  await expect(composer(ana).words).toHaveValue('Too much for this phone.');

  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await composer(ana).sayIt.click();
  await seeWords(ana, 'You', 'Too much for this phone.');
  await seeWords(bob, 'Ana', 'Too much for this phone.');
  await say(bob, 'There you are.');
  await seeWords(ana, 'Bob', 'There you are.');
});

/** Names of everything this origin has put anywhere. */
const storedHere = (page: Page): Promise<string[]> =>
  page.evaluate(async () => [
    ...(globalThis.indexedDB === undefined ? [] : (await indexedDB.databases()).map(({ name }) => `database ${name}`)),
    ...(await caches.keys()).map((name) => `cache ${name}`),
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage).filter((name) => !name.startsWith('sveltekit:')),
    ...document.cookie.split(';').filter((cookie) => cookie !== '')
  ]);
