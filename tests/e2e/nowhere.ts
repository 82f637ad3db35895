/** What must be nowhere on a phone's disk, looked for whenever a browser may have written it down. */
import { expect, type Page } from '@playwright/test';
import type { ProfilePhone } from './harness/profile.ts';
import { profileSize, searchProfile, type Needle } from './harness/profile-search.ts';

/**
 * As it lies there now, after a kill, after an orderly end, and after LevelDB has tidied up; `again` opens what was there
 * before, and sees that it still is.
 */
export const expectNowhere = async (
  phone: ProfilePhone,
  needles: Readonly<Record<string, Needle>>,
  again: () => Promise<Page>
): Promise<void> => {
  expect(searchProfile(phone.folder, needles)).toEqual([]);
  await phone.kill();
  expect(searchProfile(phone.folder, needles)).toEqual([]);
  await fillTables(await again());
  await phone.close();
  expect(searchProfile(phone.folder, needles)).toEqual([]);
  expect(profileSize(phone.folder).tables).toBeGreaterThan(0);
};

/**
 * Writes so much beside the app’s own database that LevelDB, which keeps one log for both, moves all of it into tables.
 * Values of 64 KB and more would go into files of their own.
 */
export const fillTables = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('ballast', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    for (let i = 0; i < 160; i++) {
      const writing = opening.result.transaction('rows', 'readwrite');
      writing.objectStore('rows').put(crypto.getRandomValues(new Uint8Array(60_000)), i);
      await new Promise((resolve) => (writing.oncomplete = resolve));
    }
    opening.result.close();
  });
