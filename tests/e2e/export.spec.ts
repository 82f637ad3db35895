/** A readable copy: made on a phone, opened by hand, and read. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import {
  backToBoard,
  befriend,
  beginCircle,
  expect,
  firstCheckIn,
  openCard,
  reply,
  say,
  seeWords,
  test,
  writeLetter,
  type RunningApp
} from './friends.ts';
import { entriesOf } from '../unit/app/export/archive.ts';

const openExport = async (page: Page, app: RunningApp): Promise<void> => {
  await page.goto(`${app.url}/settings`);
  await page.getByRole('link', { name: /^A readable copy/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'A readable copy' })).toBeVisible();
};

/** The texts in the archive that was saved. */
const saveCopy = async (page: Page): Promise<Map<string, string>> => {
  await page.getByRole('button', { name: 'Make the copy' }).click();
  await expect(page.getByRole('status')).toHaveText('The copy is ready. Now choose where it goes.');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the copy' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^shoulder-\d{4}-\d\d-\d\d\.zip$/);
  await expect(page.getByRole('status')).toHaveText('Saved with your downloads. Whoever opens it there can read it.');
  return entriesOf(new Blob([await readFile(await saved.path())]));
};

test('everything Ana can read is in the copy, and what is not for her is not', async ({ app, phone }) => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await phone('Mia')];
  await beginCircle(ana, app, {
    ...{ name: 'Ana', circle: 'The kitchen table', words: '=1+1, and "nothing" <b>adds</b> up.' },
    ...{ pleasantness: -60, energy: -40, help: 'hear me' }
  });
  await befriend(ana, bob, 'Bob');
  await befriend(ana, mia, 'Mia');
  await say(bob, 'לא טוב היום\nאבל אני כאן 👋');
  await seeWords(mia, 'Bob', 'לא טוב היום\nאבל אני כאן 👋');
  await openCard(bob, 'Ana');
  await reply(bob, 'Ana', 'I hear you.');
  await writeLetter(bob, 'Ana', 'Only for Ana.');
  await backToBoard(bob);
  await openCard(bob, 'Mia');
  await writeLetter(bob, 'Mia', 'Only for Mia.');
  await expect(ana.getByText('A letter for you.')).toBeVisible();
  await expect(ana.getByText('Bob wrote back.')).toBeVisible();

  await openExport(ana, app);
  await expect(
    ana.getByText("It is not closed. Whoever has this file can read it, your friends' words too.")
  ).toBeVisible();
  const copy = await saveCopy(ana);
  expect([...copy.keys()]).toEqual([
    '1 Your own circle.md',
    '2 The kitchen table.md',
    'check-ins.csv',
    'shoulder.json'
  ]);
  const page = copy.get('2 The kitchen table.md') ?? '';
  expect(page).toContain('> \\=1+1, and "nothing" \\<b>adds\\</b> up.');
  expect(page).toMatch(/rather unpleasant, low energy · What would help: hear me/);
  expect(page).toContain('> לא טוב היום  \n> אבל אני כאן 👋\n');
  expect(page).toMatch(/- Bob, .*: a few words\n\n {2}> I hear you\.\n/);
  expect(page).toContain('> Only for Ana.');
  const csv = copy.get('check-ins.csv') ?? '';
  expect(csv).toContain(`,The kitchen table,You,-60,-40,,"'=1+1, and ""nothing"" <b>adds</b> up.",hear me,`);
  expect(JSON.parse(copy.get('shoulder.json') ?? '')).toMatchObject({ format: 'shoulder-export', version: 1 });
  for (const text of copy.values()) expect(text).not.toContain('Only for Mia.');
});

test('before anything was said there is nothing to take along', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await openExport(ana, app);
  await expect(ana.getByText('There is nothing to read here yet.')).toBeVisible();
  await expect(ana.getByRole('button', { name: 'Make the copy' })).toHaveCount(0);
  await firstCheckIn(ana, app, { words: 'Now there is.' });
  await openExport(ana, app);
  expect((await saveCopy(ana)).get('1 Your own circle.md')).toContain('> Now there is.');
});
