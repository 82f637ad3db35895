/** What one does with a lock, as one would say it: steps for the stories about it. */
import { expect, type Page } from '@playwright/test';
import type { RunningApp } from './phone.ts';

export const passphrase = 'apples in the long grass';

export const lockHeading = (page: Page) => page.getByRole('heading', { name: 'Shoulder is locked' });

/** From anywhere in an open app to the lock's own page, by settings. */
export const openLockPage = async (page: Page, app: RunningApp): Promise<void> => {
  await page.goto(`${app.url}/settings`);
  await page.getByRole('link', { name: /^Lock/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Lock' })).toBeVisible();
};

/** Sets a passphrase; ends locked. */
export const setLock = async (page: Page, app: RunningApp, words = passphrase): Promise<void> => {
  await openLockPage(page, app);
  await page.getByRole('checkbox', { name: 'I understand.' }).check();
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(words);
  await page.getByRole('textbox', { name: 'The same once more' }).fill(words);
  await page.getByRole('button', { name: 'Set the lock' }).click();
  await expect(lockHeading(page)).toBeVisible();
};

/** Writes a passphrase on the lock screen and presses "Open". */
export const tryPassphrase = async (page: Page, words = passphrase): Promise<void> => {
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(words);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
};

/** Opens the lock; ends when the lock screen is gone. */
export const unlock = async (page: Page, words = passphrase): Promise<void> => {
  await tryPassphrase(page, words);
  await expect(lockHeading(page)).toBeHidden();
};

/** On the lock's page. */
export const lockNow = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Lock now' }).click();
  await expect(lockHeading(page)).toBeVisible();
};

/** The phone's own passkeys, as Chromium pretends to have them: fingers always fit. */
export const addAuthenticator = async (page: Page, options: { readonly hasPrf?: boolean } = {}): Promise<void> => {
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: options.hasPrf ?? true,
      isUserVerified: true,
      automaticPresenceSimulation: true
    }
  });
};
