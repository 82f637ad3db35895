/**
 * Backup and restore in the browser: made on one phone, brought back on another, twice, over something, cut off at moments
 * of chance, and refused where the file is not what it should be.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { sealBackupFile } from '../../src/lib/app/backup/backup-file.ts';
import type { Backup } from '../../src/lib/app/backup/format.ts';
import { bytesToBase64Url } from '../../src/lib/base/bytes.ts';
import {
  beginCircle,
  board,
  expect,
  firstCheckIn,
  foundCircle,
  keepFirst,
  openCard,
  openedCard,
  say,
  seeWords,
  test,
  type RunningApp
} from './friends.ts';
import { closeWithAge, inFolder, openWithAge } from './harness/age-command.ts';
import { circleIds, countKept, keptEnvelopes } from './kept.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };
const checkInKind = 32;

const backupPage = async (page: Page, app: RunningApp): Promise<void> => {
  await page.goto(new URL('settings/backup', app.url).href);
  await expect(page.getByRole('heading', { level: 1, name: 'Backup' })).toBeVisible();
};

const restoreRegion = (page: Page): Locator => page.getByRole('region', { name: 'Bring back a backup' });

/** On the backup page: makes one with the six words shown; where it was saved, and the words. */
const makeBackup = async (page: Page): Promise<{ readonly path: string; readonly passphrase: string }> => {
  const words = page.getByRole('group', { name: 'Six words for the backup' }).getByRole('listitem');
  await expect(words).toHaveCount(6);
  const passphrase = (await words.allInnerTexts()).join(' ').trim();
  await page.getByRole('button', { name: 'Make the backup' }).click();
  await expect(page.getByText('The backup is ready. Now choose where it goes.')).toBeVisible();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the file' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^shoulder-\d{4}-\d\d-\d\d\.age$/);
  await expect(page.getByText(/^Saved with your downloads\./)).toBeVisible();
  return { path: await saved.path(), passphrase };
};

/** On the backup page: chooses a file and opens it. */
const openBackup = async (page: Page, path: string, passphrase: string): Promise<void> => {
  await restoreRegion(page).getByLabel('The backup file').setInputFiles(path);
  await restoreRegion(page).getByRole('textbox', { name: 'Its passphrase' }).fill(passphrase);
  await restoreRegion(page).getByRole('button', { name: 'Open it' }).click();
};

const bringBack = async (page: Page, path: string, passphrase: string, told: string): Promise<void> => {
  await openBackup(page, path, passphrase);
  await restoreRegion(page).getByRole('button', { name: 'Bring it back' }).click();
  await expect(restoreRegion(page).getByRole('status')).toHaveText(told, { timeout: 60_000 });
};

/** A backup of a journal, made without a phone. */
const journalOf = (words: readonly string[]): Backup => {
  const id = (n: number): never =>
    bytesToBase64Url(Uint8Array.from({ length: 16 }, (_, i) => (n >> (8 * (i % 4))) & 255)) as never;
  return {
    format: 'shoulder-backup',
    version: 1,
    madeAt: '2026-03-05T12:00:00.000Z',
    settings: { notch: false, ownNetworkOnly: false },
    feelings: [],
    circles: [
      {
        ...{ id: id(1), own: true, name: '', people: [], relays: [] },
        said: words.map((text, i) => ({
          ...{ kind: 'checkIn', id: id(1000 + i), at: new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString() },
          ...{ record: { device: id(2), slot: `said/${i}`, version: 1 }, feelings: [], words: text, lasting: 'kept' }
        }))
      },
      {
        ...{ id: id(3), own: false, name: 'The kitchen table', relays: [], you: id(4) },
        people: [
          { id: id(4), name: 'Ana', left: false },
          { id: id(5), name: 'Bob', left: false }
        ],
        said: [
          {
            ...{
              kind: 'letter',
              id: id(6),
              at: '2026-03-04T12:00:00.000Z',
              to: [id(5)],
              words: 'What I could not say aloud.'
            },
            record: { device: id(4), slot: 'private/x', version: 1 }
          }
        ]
      }
    ]
  };
};

const saveJournal = async (folder: string, words: readonly string[], passphrase: string): Promise<string> => {
  const file = await sealBackupFile(new Blob([JSON.stringify(journalOf(words))]), passphrase, {
    madeAtMs: 0,
    onBytes: () => undefined,
    workFactor: 10
  });
  const path = join(folder, 'shoulder.age');
  await writeFile(path, new Uint8Array(await file.arrayBuffer()));
  return path;
};

/** A phone with a check-in of its own and a circle. */
const livedPhone = async (page: Page, app: RunningApp): Promise<void> => {
  await firstCheckIn(page, app, { words: 'Only for me.', pleasantness: -40, energy: 20 });
  await foundCircle(page, table);
  await keepFirst(page, table.circle);
  await say(page, table.words);
};

test('from one phone to a new one: the journal is there, the circle is shown as it was', async ({ app, phone }) => {
  const old = await phone('Ana');
  await livedPhone(old, app);
  await backupPage(old, app);
  await expect(old.getByText('No backup was made from this phone yet.')).toBeVisible();
  const { path, passphrase } = await makeBackup(old);
  await expect(old.getByText(/^The last backup from this phone: /)).toBeVisible();
  const bytes = await readFile(path, 'latin1');
  for (const secret of [table.words, 'Only for me.', 'kitchen', 'Ana', ...(await circleIds(old))])
    expect(bytes).not.toContain(secret);

  const fresh = await phone('Ana, new');
  await backupPage(fresh, app);
  await expect(fresh.getByText('There is nothing to back up yet.')).toBeVisible();
  await openBackup(fresh, path, passphrase);
  await expect(restoreRegion(fresh).getByText('In it is your own circle.')).toBeVisible();
  await expect(restoreRegion(fresh).getByText('In it are your words from The kitchen table.')).toBeVisible();
  expect(await circleIds(fresh)).toEqual([]);
  await restoreRegion(fresh).getByRole('button', { name: 'Bring it back' }).click();
  await expect(restoreRegion(fresh).getByRole('status')).toHaveText('It is back.');

  await fresh.getByRole('link', { name: table.circle }).click();
  await expect(fresh.getByRole('heading', { level: 1, name: table.circle })).toBeVisible();
  await expect(fresh.getByText(table.words, { exact: true })).toBeVisible();
  await expect(fresh.getByText(/^To be in this circle, ask a friend there for an invite\./)).toBeVisible();
  await fresh.goto(app.url);
  await seeWords(fresh, 'You', 'Only for me.');
  expect(await circleIds(fresh)).toHaveLength(1);

  // Its own backup holds all of it.
  await backupPage(fresh, app);
  const second = await makeBackup(fresh);
  const third = await phone('Ana, third');
  await backupPage(third, app);
  await bringBack(third, second.path, second.passphrase, 'It is back.');
  await third.getByRole('link', { name: table.circle }).click();
  await expect(third.getByText(table.words, { exact: true })).toBeVisible();
});

test('over something, and twice: nothing that was there changes, nothing comes double', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, { name: 'Ana', circle: 'Elsewhere', words: 'Said here.' });
  await inFolder(async (folder) => {
    const path = await saveJournal(folder, ['One.', 'Two.', 'Three.'], 'ten letters');
    const before = await keptEnvelopes(ana);
    await backupPage(ana, app);
    await bringBack(ana, path, 'ten letters', 'It is back.');
    const after = await keptEnvelopes(ana);
    expect(after).toHaveLength(before.length + 3);
    for (const row of before) expect(after).toContainEqual(row);
    await backupPage(ana, app);
    await bringBack(ana, path, 'ten letters', 'Nothing new: all of it was here already.');
    expect(await keptEnvelopes(ana)).toEqual(after);
    // The newest is still what was said last, and the others are before it.
    await ana.goto(app.url);
    await expect(board(ana)).toBeVisible();
    await seeWords(ana, 'You', 'Said here.');
  });
});

test('what does not open says why, and touches nothing', async ({ app, phone }) => {
  const page = await phone('Ana');
  await inFolder(async (folder) => {
    const path = await saveJournal(folder, ['One.'], 'ten letters');
    const whole = await readFile(path);
    const [cut, other] = [join(folder, 'cut.age'), join(folder, 'other.age')];
    const told = restoreRegion(page).getByRole('alert');
    await backupPage(page, app);
    await openBackup(page, path, 'ten lettres');
    await expect(told).toHaveText(/^That passphrase doesn't open this file\. Nothing was changed\./);
    await writeFile(cut, whole.subarray(0, whole.length - 100));
    await openBackup(page, cut, 'ten letters');
    await expect(told).toHaveText(/^This file is not whole/);
    await writeFile(other, 'See you at eight.');
    await openBackup(page, other, 'ten letters');
    await expect(told).toHaveText(/^This is not a backup file\./);
    await writeFile(other, 'See you at nine, or a little after.');
    await restoreRegion(page).getByRole('button', { name: 'Open it' }).click();
    await expect(told).toHaveText(/^This file could not be read/);
    expect(await circleIds(page)).toEqual([]);
    // The right one opens all the same.
    await bringBack(page, path, 'ten letters', 'It is back.');
    expect(await countKept(page, checkInKind)).toBe(1);
  });
});

test('the tab is killed at moments of chance while it comes back: nothing is lost, nothing comes twice', async ({
  app,
  phone
}) => {
  test.setTimeout(240_000);
  const many = Array.from({ length: 900 }, (_, i) => `Page ${i} of a long year.`);
  await inFolder(async (folder) => {
    const path = await saveJournal(folder, many, 'ten letters');
    let page = await phone('Ana');
    let held = 0;
    let interrupted = 0;
    for (let round = 0; round < 4; round++) {
      await backupPage(page, app);
      await openBackup(page, path, 'ten letters');
      await restoreRegion(page).getByRole('button', { name: 'Bring it back' }).click();
      const until = held + 1 + Math.floor(Math.random() * 180);
      await expect.poll(() => countKept(page, checkInKind), { intervals: [5] }).toBeGreaterThanOrEqual(until);
      page = await crashTab(page);
      await page.goto(app.url);
      const kept = await countKept(page, checkInKind);
      expect(kept, `killed at ${until}`).toBeGreaterThanOrEqual(until);
      if (kept < many.length) interrupted++;
      held = Math.min(kept, many.length - 200);
    }
    expect(interrupted).toBeGreaterThan(0);
    await backupPage(page, app);
    await openBackup(page, path, 'ten letters');
    await restoreRegion(page).getByRole('button', { name: 'Bring it back' }).click();
    await expect(restoreRegion(page).getByRole('status')).toHaveText(/^(It is back|Nothing new)/, { timeout: 60_000 });
    const rows = (await keptEnvelopes(page)).filter(({ kind }) => kind === checkInKind);
    expect(rows).toHaveLength(many.length);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(many.length);
    expect(rows.every(({ ver }) => ver === 1)).toBe(true);
    await page.goto(app.url);
    await seeWords(page, 'You', 'Page 899 of a long year.');
    await openCard(page, 'You');
    await expect(openedCard(page).getByText('Page 898 of a long year.', { exact: true })).toBeVisible();
    await page.context().close();
  });
});

test('stopped by hand, and offline: the worker is part of what is kept for offline', async ({ app, phone }) => {
  const page = await phone('Ana');
  await livedPhone(page, app);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await backupPage(page, app);
  await page.context().setOffline(true);
  await app.goDown();
  await page.reload();
  await page.getByRole('button', { name: 'Make the backup' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped. No file was made.')).toBeVisible();
  const { path, passphrase } = await makeBackup(page);
  await bringBack(page, path, passphrase, 'Nothing new: all of it was here already.');
});

test('@age the age command opens a backup, and what it closed comes back', async ({ app, phone }) => {
  const old = await phone('Ana');
  await livedPhone(old, app);
  await backupPage(old, app);
  const { path, passphrase } = await makeBackup(old);
  const opened = (await openWithAge(path, passphrase)) as Backup;
  expect(opened).toMatchObject({ format: 'shoulder-backup', version: 1 });
  expect(opened.circles.flatMap(({ said }) => said.map((entry) => ('words' in entry ? entry.words : '')))).toEqual(
    expect.arrayContaining(['Only for me.', table.words])
  );
  await expect(openWithAge(path, 'something else')).rejects.toThrow(/incorrect passphrase/);

  const fresh = await phone('Ana, new');
  await inFolder(async (folder) => {
    const byHand = join(folder, 'by-hand.age');
    await closeWithAge(opened, 'closed by hand', byHand);
    await backupPage(fresh, app);
    await bringBack(fresh, byHand, 'closed by hand', 'It is back.');
  });
  await fresh.goto(app.url);
  await seeWords(fresh, 'You', 'Only for me.');
});

/** The renderer goes; a new tab of the same phone. */
const crashTab = async (page: Page): Promise<Page> => {
  const context = page.context();
  const gone = page.waitForEvent('crash');
  const devtools = await context.newCDPSession(page);
  devtools.send('Page.crash').catch(() => undefined); // its answer never comes
  await gone;
  await page.close();
  return context.newPage();
};
