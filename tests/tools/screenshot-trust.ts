/** Who is here and what is kept: people and devices of a circle, who sees what, and the pages of the settings. */
import type { Page } from '@playwright/test';
import { allSizes, button, shoot, toMiddle, toTop } from './screenshot-camera.ts';

/** From a board with friends, everybody's page and the pages behind it; ends on the page for leaving. */
export const shootPeople = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Who is here', exact: true }).last().click();
  await heading(page, 'Who is here').waitFor();
  await shoot(page, '46-people', { settle: toTop(page), on: allSizes });
  await button(page, 'Tidy up').click();
  await shoot(page, '47-tidy-up', { settle: toMiddle(button(page, 'Make new keys')), on: ['phone'] });
  await page.getByRole('listitem').getByRole('link', { name: 'Mia', exact: true }).click();
  await heading(page, 'Mia').waitFor();
  await page.getByText('Mia lost their phone?').click();
  await shoot(page, '48-person', { settle: toTop(page), on: allSizes });
  await page.getByRole('link', { name: 'Remove Mia from this circle' }).click();
  await heading(page, 'Remove Mia from this circle').waitFor();
  await shoot(page, '49-remove', { settle: toTop(page) });
  await back(page, 'Mia');
  await back(page, 'Who is here');
  await page.getByRole('link', { name: 'Leave the circle' }).click();
  await page.getByRole('radio').first().waitFor();
  await shoot(page, '50-leave', { settle: toTop(page) });
};

/** What the settings lead to. */
export const shootSettings = async (page: Page, url: string): Promise<void> => {
  for (const [path, name] of [
    ['who-sees-what', '51-who-sees-what'],
    ['settings/devices', '52-devices'],
    ['settings/lock', '53-lock'],
    ['settings/backup', '54-backup'],
    ['settings/export', '55-export'],
    ['settings/storage', '56-storage'],
    ['settings/erase', '57-erase']
  ] as const) {
    await page.goto(`${url}/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await shoot(page, name, { settle: toTop(page) });
  }
};

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

const back = async (page: Page, to: string): Promise<void> => {
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await heading(page, to).waitFor();
};
