/** How screens are photographed, and how what is on them is found. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from '@playwright/test';

const folder = join(import.meta.dirname, '../../docs/screenshots');

const sizes = {
  phone: { width: 360, height: 740 },
  tablet: { width: 768, height: 1024 },
  desk: { width: 1280, height: 800 }
} as const;
export type Size = keyof typeof sizes;

/** What one looks at longest is shown in every size. */
export const allSizes: readonly Size[] = ['phone', 'tablet', 'desk'];

/** Throws away the pictures of another time. */
export const emptyFolder = async (): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
};

/** One picture for each size and scheme, of the screen as it stands; `settle` brings into view what it is about. */
export const shoot = async (
  page: Page,
  name: string,
  { settle, on = ['phone', 'desk'] }: { readonly settle?: () => Promise<void>; readonly on?: readonly Size[] } = {}
): Promise<void> => {
  // What was pressed last is not to look as if somebody were about to press it again.
  await page.mouse.move(0, 0);
  for (const size of on) {
    await page.setViewportSize(sizes[size]);
    await settle?.();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // A frame after the fonts are there and the browser has laid the new size out.
      await page.evaluate(() =>
        document.fonts.ready.then(() => new Promise((painted) => requestAnimationFrame(painted)))
      );
      // Colours that are still on their way from one scheme to the other are brought home.
      await page.screenshot({ animations: 'disabled', path: join(folder, `${name}-${size}-${colorScheme}.png`) });
    }
  }
  await page.setViewportSize(sizes.phone);
};

/** A phone with nothing on it. */
export const openPhone = async (browser: Browser): Promise<Page> => {
  const context = await browser.newContext({ viewport: sizes.phone, locale: 'en-GB', reducedMotion: 'reduce' });
  return context.newPage();
};

export const button = (on: Page | Locator, name: string): Locator => on.getByRole('button', { name, exact: true });
export const box = (on: Page | Locator, name: string): Locator => on.getByRole('textbox', { name });
export const card = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });

/** From the board to somebody's card, opened. */
export const openCard = async (page: Page, name: string): Promise<void> => {
  await card(page, name).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
};

export const toTop = (page: Page) => (): Promise<void> => page.evaluate(() => scrollTo(0, 0));

/** In the middle of the screen, as far as the page lets it. */
export const toMiddle = (what: Locator) => (): Promise<void> =>
  what.evaluate((element) => element.scrollIntoView({ block: 'center' }));
