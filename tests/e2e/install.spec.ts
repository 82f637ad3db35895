/** On the home screen, and kept there: what a browser asks of an app that is to be installed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { browserLaunch } from '../tools/browser.ts';
import { askToJoin, expect, firstCheckIn, foundCircle, inviteLink, keepFirst, letIn, say, test } from './friends.ts';
import { expectNothingWrong, phoneOptions, watchPhone } from './phone.ts';

test('Chromium finds nothing that keeps the app from being installed', async ({ app }) => {
  const profile = await mkdtemp(join(tmpdir(), 'shoulder-profile-'));
  const context = await chromium.launchPersistentContext(profile, { ...browserLaunch(), ...phoneOptions });
  try {
    await watchPhone(context, 'Ana');
    const ana = await context.newPage();
    await ana.goto(app.url);
    await ana.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const browser = await context.newCDPSession(ana);
    const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);

    const { url, errors, data } = await browser.send('Page.getAppManifest');
    expect(url).toBe(`${app.url}/manifest.webmanifest`);
    expect(errors).toEqual([]);
    const manifest = JSON.parse(data ?? '') as Manifest;
    expect(manifest.name).toBe('Shoulder');
    expect(manifest.display).toBe('standalone');
    const icons = await Promise.all(
      manifest.icons.map(async ({ src, sizes, type, purpose }) => {
        const answer = await ana.request.get(new URL(src, url).href);
        expect(answer.status()).toBe(200);
        expect(answer.headers()['content-type']).toContain(type);
        return `${sizes} ${purpose ?? 'any'}`;
      })
    );
    expect(icons).toEqual(expect.arrayContaining(['192x192 any', '512x512 any', '512x512 maskable']));
    expectNothingWrong(ana, app);
  } finally {
    await context.close();
    await rm(profile, { recursive: true });
  }
});

test('the browser is asked to keep things once there is something to lose, and once only', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  const askedOf = { ana: await tellWhenAsked(ana), bob: await tellWhenAsked(bob) };
  await ana.goto(app.url);
  await expect(ana.getByRole('heading', { name: 'How are you, really?' })).toBeVisible();
  expect(askedOf.ana).toHaveLength(0);
  await firstCheckIn(ana, app, { words: 'Something to lose.' });
  await expect.poll(() => askedOf.ana).toHaveLength(1);
  await foundCircle(ana, { name: 'Ana', circle: 'The kitchen table' });
  await keepFirst(ana, 'The kitchen table');
  await say(ana, 'More of it.');
  await ana.reload();
  await say(ana, 'And more.');
  expect(askedOf.ana).toHaveLength(1);

  // Whoever has only joined has the keys to lose.
  const words = await askToJoin(bob, await inviteLink(ana), 'Bob');
  expect(askedOf.bob).toHaveLength(0);
  await letIn(ana, 'Bob', words);
  await expect.poll(() => askedOf.bob).toHaveLength(1);
});

/** Counts how often this phone's browser is really asked for persistent storage, across loads. */
const tellWhenAsked = async (page: Page): Promise<readonly string[]> => {
  const asked: string[] = [];
  await page.exposeFunction('tellAsked', () => void asked.push('asked'));
  await page.addInitScript(() => {
    const ask = navigator.storage.persist.bind(navigator.storage);
    navigator.storage.persist = () => {
      (window as unknown as { tellAsked(): void }).tellAsked();
      return ask();
    };
  });
  return asked;
};

interface Manifest {
  readonly name: string;
  readonly display: string;
  readonly icons: readonly {
    readonly src: string;
    readonly sizes: string;
    readonly type: string;
    readonly purpose?: string;
  }[];
}
