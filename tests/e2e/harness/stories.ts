/**
 * Stories with a scripted friend in them: `test` of friends.ts, and pages that hold Shoulder's modules instead of its
 * screens, served from another port of this machine. They meet the app's own phones over the app's relay.
 */
import type { BrowserContext, Page } from '@playwright/test';
import { startServer } from '../../../src/relay/server.ts';
import { board, expect, inviteLink, letIn, sixWords, test as base, type RunningApp } from '../friends.ts';
import { buildHarness } from './build.ts';
import type { HarnessPage } from './page.ts';

declare global {
  interface Window {
    harness: HarnessPage;
  }
}

export const test = base.extend<{ scripted: () => Promise<Page> }, { harnessFolder: string }>({
  harnessFolder: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
    async ({}, use) => {
      const { dir, remove } = await buildHarness();
      await use(dir);
      await remove();
    },
    { scope: 'worker' }
  ],
  scripted: async ({ app, browser, harnessFolder }, use) => {
    const server = await startServer({ host: '127.0.0.1', port: 0, dir: harnessFolder });
    const contexts: BrowserContext[] = [];
    const problems: string[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      context.on('weberror', (error) => problems.push(error.error().stack ?? error.error().message));
      const page = await context.newPage();
      await page.goto(server.url);
      await page.evaluate((relayUrl) => window.harness.open(relayUrl), relayOf(app));
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
    await server.close();
    expect(problems).toEqual([]);
  }
});

export { expect };

export const relayOf = (app: RunningApp): string => `${app.url.replace(/^http/, 'ws')}/relay`;

/** A person on a phone invites a scripted friend and lets them in; ends when the welcome has come. */
export const befriendScripted = async (member: Page, newcomer: Page, name: string): Promise<void> => {
  const link = await inviteLink(member);
  const words = await newcomer.evaluate(([link, name]) => window.harness.friend.ask(link, name), [link, name] as const);
  await letIn(member, name, words);
  await expect.poll(() => newcomer.evaluate(() => window.harness.friend.isIn())).toBe(true);
};

/** A scripted friend founds a circle; a phone joins it by a real invitation, and ends on its board. */
export const joinScripted = async (member: Page, phone: Page, app: RunningApp, name: string): Promise<void> => {
  const fragment = await member.evaluate(() => window.harness.friend.invite());
  await phone.goto(`${app.url}/join${fragment}`);
  await phone.getByRole('textbox', { name: 'Your name' }).fill(name);
  await phone.getByRole('button', { name: 'Ask to join' }).click();
  const shown = await sixWords(phone);
  await expect.poll(() => member.evaluate(() => window.harness.friend.letIn())).toEqual(shown);
  await expect(board(phone)).toBeVisible();
};

/** Waits until a scripted friend is connected to this many devices. */
export const connectedTo = (scripted: Page, devices: number): Promise<void> =>
  expect.poll(() => scripted.evaluate(() => window.harness.friend.connected())).toBe(devices);
