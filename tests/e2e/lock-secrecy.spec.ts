/** What is left of the keys and the words once the lock has fallen: in the page's memory, in the database, on the disk. */
import type { CDPSession, Page } from '@playwright/test';
import { beginCircle, befriend, connected, expect, reopen, say, seeWords, test as stories } from './friends.ts';
import { ProfilePhone } from './harness/profile.ts';
import { keysAtRest, updatesInReplicas } from './locked-phone.ts';
import { lockHeading, lockNow, passphrase, setLock, unlock } from './locking.ts';
import { expectNowhere } from './nowhere.ts';
import { startServer } from '../../src/relay/server.ts';

const table = {
  name: 'Annemoon-Q',
  circle: 'Twilight Roundhouse',
  words: 'Marmalade sunrise, and I cried all the same.'
};

/** A server whose relay keeps no mail: what arrives has come from phone to phone. */
const test = stories.extend({
  app: async ({ folder }, use) => {
    const server = await startServer({ host: '127.0.0.1', port: 0, dir: folder, mail: 'nowhere' });
    await use({ url: server.url, heard: [], goDown: () => server.close(), comeBack: () => Promise.resolve() });
    await server.close();
  }
});

test('after locking neither the words nor a key that reads them is anywhere in the page', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await setLock(ana, app);
  await unlock(ana);
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await seeWords(ana, 'You', table.words);
  const browser = await ana.context().newCDPSession(ana);
  // The search itself is tested first: it finds what is on screen, and the keys that read it.
  expect(await heapHolds(browser, table.words)).toBe(true);
  expect(await keysInPage(browser)).toEqual(
    expect.arrayContaining(['AES-GCM secret', 'HKDF secret', 'X25519 private'])
  );

  await openLockPageInApp(ana);
  await lockNow(ana);
  for (const needle of [table.words, table.name, table.circle, passphrase])
    expect(await heapHolds(browser, needle), needle).toBe(false);
  // The carrier's two and no other: one signs, one seals signals.
  await expect.poll(() => keysInPage(browser)).toEqual(['AES-GCM secret', 'Ed25519 private']);
  expect(await keysAtRest(ana)).toEqual(['carriers AES-GCM decrypt,encrypt', 'carriers Ed25519 sign']);
  expect(await reachableFromWindow(ana)).toEqual([]);
});

test('a profile with a lock holds no word, no name, no passphrase, locked or open', async ({ app }) => {
  const ana = await ProfilePhone.create('Ana');
  try {
    let page = await ana.start();
    await beginCircle(page, app, table);
    await setLock(page, app);
    await expectNowhere(ana, { ...table, passphrase }, async () => {
      page = await ana.start();
      await page.goto(app.url);
      await unlock(page);
      await seeWords(page, 'You', table.words);
      return page;
    });
  } finally {
    await ana.remove();
  }
});

test('a locked phone still carries between two friends who are never there together', async ({ app, phone }) => {
  const [mia, ana, bob] = [await phone('Mia'), await phone('Ana'), await phone('Bob')];
  await beginCircle(mia, app, { name: 'Mia', circle: 'The kitchen table', words: 'Tea is on.' });
  await befriend(mia, ana, 'Ana');
  await befriend(mia, bob, 'Bob');
  await connected(ana, ['Mia', 'Bob']);
  await bob.close();
  await setLock(mia, app);
  await connected(ana, ['Mia']);
  const before = await updatesInReplicas(mia);
  await say(ana, 'For whoever wakes.');
  await expect.poll(() => updatesInReplicas(mia)).toBeGreaterThan(before);
  await ana.close();

  const bobAwake = await reopen(bob, app.url);
  await seeWords(bobAwake, 'Ana', 'For whoever wakes.');
  await expect(lockHeading(mia)).toBeVisible();
  // And when Mia opens it, what was carried is hers to read.
  await bobAwake.close();
  await mia.goto(`${app.url}/c/2`);
  await unlock(mia);
  await seeWords(mia, 'Ana', 'For whoever wakes.');
});

/** The heap as it is after everything that can go has gone, searched as text. */
const heapHolds = async (browser: CDPSession, needle: string): Promise<boolean> => {
  await browser.send('HeapProfiler.enable');
  await browser.send('HeapProfiler.collectGarbage');
  const parts: string[] = [];
  const hear = ({ chunk }: { chunk: string }): void => void parts.push(chunk);
  browser.on('HeapProfiler.addHeapSnapshotChunk', hear);
  await browser.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  browser.off('HeapProfiler.addHeapSnapshotChunk', hear);
  return parts.join('').includes(needle);
};

/** Every secret or private key object in the page's memory, whoever holds it. */
const keysInPage = async (browser: CDPSession): Promise<string[]> => {
  await browser.send('HeapProfiler.enable');
  await browser.send('HeapProfiler.collectGarbage');
  const prototype = await browser.send('Runtime.evaluate', { expression: 'CryptoKey.prototype' });
  const { objects } = await browser.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.result.objectId as string
  });
  const { result } = await browser.send('Runtime.callFunctionOn', {
    objectId: objects.objectId as string,
    functionDeclaration: `function () {
      return [...new Set([...this].filter((key) => key.type !== 'public').map((key) => key.algorithm.name + ' ' + key.type))].sort();
    }`,
    returnByValue: true
  });
  return result.value as string[];
};

/** Texts and keys that script can walk to from the window, where they should not be: by property, as any script would. */
const reachableFromWindow = (page: Page): Promise<string[]> =>
  page.evaluate(
    (needles) => {
      const found: string[] = [];
      const seen = new Set<unknown>();
      const queue: [string, unknown][] = [['window', window]];
      for (let next = queue.pop(); next !== undefined && seen.size < 200_000; next = queue.pop()) {
        const [path, value] = next;
        if (typeof value === 'string' && needles.some((needle) => value.includes(needle))) found.push(path);
        if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
        seen.add(value);
        if (value instanceof CryptoKey) found.push(path);
        for (const name of Object.getOwnPropertyNames(value)) {
          const property = Object.getOwnPropertyDescriptor(value, name);
          queue.push([`${path}.${name}`, property?.value]);
        }
      }
      if (needles.some((needle) => document.documentElement.textContent.includes(needle))) found.push('document');
      return found;
    },
    [table.words, table.name, table.circle, passphrase]
  );

/** By links, so that the page is the same one. */
const openLockPageInApp = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: /^Lock/ }).click();
  await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible();
};
