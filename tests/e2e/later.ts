/** Days that go by on a phone, and on the server it asks for the time: one without the other is a wrong clock. */
import type { Page } from '@playwright/test';
import type { RunningApp } from './phone.ts';

/** How far ahead each phone's server is by now. */
const aheadMs = new WeakMap<Page, number>();

/** The server that this phone asks is so much further on. The phone's own clock is another matter. */
export const serverLaterBy = async (page: Page, app: RunningApp, ms: number): Promise<void> => {
  const before = aheadMs.get(page);
  aheadMs.set(page, (before ?? 0) + ms);
  if (before !== undefined) return;
  const response = await page.context().request.get(`${app.url}/instance.json`);
  const body = await response.text();
  await page.context().route('**/instance.json', (route) => {
    const date = new Date(Date.now() + (aheadMs.get(page) ?? 0)).toUTCString();
    return route.fulfill({ body, headers: { ...response.headers(), date } });
  });
};

/** So much time goes by, on these phones, whose clocks are installed, and on the server. */
export const timePasses = async (app: RunningApp, pages: readonly Page[], ms: number): Promise<void> => {
  for (const page of pages) await serverLaterBy(page, app, ms);
  for (const page of pages) await page.clock.fastForward(ms);
};
