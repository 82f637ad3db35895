/** The lock, end to end: set, open, wrong, changed, taken off, and what a page and a disk hold while it is on. */
import type { Page } from '@playwright/test';
import {
  beginCircle,
  board,
  card,
  composer,
  expect,
  firstCheckIn,
  openComposer,
  seeWords,
  startApp,
  test
} from './friends.ts';
import {
  addAuthenticator,
  lockHeading,
  lockNow,
  openLockPage,
  passphrase,
  setLock,
  tryPassphrase,
  unlock
} from './locking.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'Vermilion kites over the harbour.' };

/** On a server that is called by its name: passkeys refuse bare addresses. */
const testByName = test.extend({
  app: async ({ folder }, use) => {
    const app = await startApp(folder);
    await use({ ...app, url: app.url.replace('127.0.0.1', 'localhost') });
    await app.goDown();
  }
});

const alert = (page: Page) => page.getByRole('alert');

test('set, open, wrong; a page that loads anew is locked anew', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await openLockPage(ana, app);
  await ana.getByRole('button', { name: 'Set the lock' }).click();
  await expect(ana.getByText('Please say first that you have understood this.')).toBeVisible();
  await expect(ana.getByRole('checkbox', { name: 'I understand.' })).toBeFocused();
  await setLock(ana, app);
  await expect(ana.getByText(table.words)).toHaveCount(0);
  expect(await ana.title()).toBe('Shoulder');

  await tryPassphrase(ana, 'pears in the long grass');
  await expect(alert(ana)).toHaveText("That isn't the passphrase. Nothing is lost; try once more.");
  await unlock(ana);
  await ana.goto(`${app.url}/c/1`);
  // A page that loads anew is locked anew.
  await unlock(ana);
  await seeWords(ana, 'You', table.words);
  expect(await ana.title()).toBe('Shoulder');
});

test('the passphrase is changed, and the lock taken off, only by whoever knows it', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await setLock(ana, app);
  await unlock(ana);
  await ana.getByRole('button', { name: 'Change the passphrase' }).click();
  await ana.getByRole('textbox', { name: 'The passphrase as it is now' }).fill(passphrase);
  await ana.getByRole('textbox', { name: 'The new passphrase' }).fill('quite another one');
  await ana.getByRole('textbox', { name: 'The same once more' }).fill('quite another one');
  await ana.getByRole('button', { name: 'Change it' }).click();
  await expect(ana.getByText('The passphrase is changed.')).toBeVisible();
  await ana.getByRole('button', { name: 'Take the lock off' }).click();
  await ana.getByRole('textbox', { name: 'The passphrase as it is now' }).fill(passphrase);
  await ana.getByRole('button', { name: 'Take it off' }).click();
  await expect(alert(ana)).toHaveText("That isn't the passphrase. Nothing is lost; try once more.");
  await ana.getByRole('textbox', { name: 'The passphrase as it is now' }).fill('quite another one');
  await ana.getByRole('button', { name: 'Take it off' }).click();
  await expect(ana.getByRole('button', { name: 'Set the lock' })).toBeVisible();
  await ana.goto(app.url);
  await seeWords(ana, 'You', table.words);
});

test('after the third wrong one there is a pause, which a reload does not end', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await firstCheckIn(ana, app, { words: table.words });
  await setLock(ana, app);
  for (let i = 0; i < 3; i++) await tryPassphrase(ana, 'pears in the long grass');
  await expect(alert(ana)).toContainText('several times. Nothing is lost. Try again in');
  await ana.reload();
  await expect(alert(ana)).toContainText('several times');
  await expect(alert(ana)).toHaveCount(0);
  await unlock(ana);
});

test('what was being written when the lock fell is there when it opens', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await setLock(ana, app);
  await unlock(ana);
  await ana.getByRole('switch', { name: 'When I leave the app' }).click();
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await openComposer(ana);
  await composer(ana).words.pressSequentially('Half a sentence, and');
  await leave(ana);
  await expect(lockHeading(ana)).toBeVisible();
  await unlock(ana);
  await expect(composer(ana).words).toHaveValue('Half a sentence, and');
});

test('it falls by itself after a minute without a touch, not while one touches, and in every tab', async ({
  app,
  phone
}) => {
  const ana = await phone('Ana');
  await ana.clock.install();
  await beginCircle(ana, app, table);
  await setLock(ana, app);
  await unlock(ana);
  const after = ana.getByRole('radio', { name: 'After one minute without a touch' });
  await after.check();
  await expect(after).toBeChecked();
  const two = await ana.context().newPage();
  await two.goto(app.url);
  await unlock(two);
  await seeWords(two, 'You', table.words);
  for (let i = 0; i < 3; i++) {
    await ana.clock.fastForward(40_000);
    await ana.mouse.move(10 + i, 10);
    await expect(ana.getByRole('button', { name: 'Lock now' })).toBeVisible();
  }
  await ana.clock.fastForward(61_000);
  await expect(lockHeading(ana)).toBeVisible();
  await expect(lockHeading(two)).toBeVisible();
  await expect(two.getByText(table.words)).toHaveCount(0);
});

test('where there is a lock, a screen that nobody looks at is covered', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await setLock(ana, app);
  await unlock(ana);
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await seeWords(ana, 'You', table.words);
  const before = await ana.screenshot();
  await setVisibility(ana, 'hidden');
  const covered = await ana.screenshot();
  const paper = await ana.evaluate(() => {
    const at = document.elementFromPoint(180, 300);
    return at?.className;
  });
  expect(paper).toContain('cover');
  expect(covered.length).toBeLessThan(before.length / 4);
  await setVisibility(ana, 'visible');
  await seeWords(ana, 'You', table.words);
});

testByName('a passkey opens it, beside a passphrase and alone', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await addAuthenticator(ana);
  await beginCircle(ana, app, table);
  await openLockPage(ana, app);
  await ana.getByRole('checkbox', { name: 'I understand.' }).check();
  await ana.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(lockHeading(ana)).toBeVisible();
  await expect(ana.getByRole('textbox')).toHaveCount(0);
  await ana.getByRole('button', { name: 'Open with the passkey' }).click();
  await expect(ana.getByRole('button', { name: 'Lock now' })).toBeVisible();
  await ana.getByRole('button', { name: 'Add a passphrase' }).click();
  await ana.getByRole('textbox', { name: 'The new passphrase' }).fill(passphrase);
  await ana.getByRole('textbox', { name: 'The same once more' }).fill(passphrase);
  await ana.getByRole('form', { name: 'Add a passphrase' }).getByRole('button', { name: 'Add a passphrase' }).click();
  await expect(ana.getByRole('button', { name: 'Change the passphrase' })).toBeVisible();
  await lockNow(ana);
  await unlock(ana);
  await lockNow(ana);
  await ana.getByRole('button', { name: 'Open with the passkey' }).click();
  await ana.getByRole('button', { name: 'Take the passkey away' }).click();
  await ana.getByRole('textbox', { name: 'The passphrase as it is now' }).fill(passphrase);
  await ana
    .getByRole('form', { name: 'Take the passkey away' })
    .getByRole('button', { name: 'Take the passkey away' })
    .click();
  await expect(ana.getByText('The passkey opens it no more.')).toBeVisible();
  await lockNow(ana);
  await expect(ana.getByRole('button', { name: 'Open with the passkey' })).toHaveCount(0);
  await unlock(ana);
  await ana.goto(app.url);
  await unlock(ana);
  await seeWords(ana, 'You', table.words);
});

testByName('a passkey that can hold no key changes nothing', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await addAuthenticator(ana, { hasPrf: false });
  await firstCheckIn(ana, app, { words: table.words });
  await openLockPage(ana, app);
  await ana.getByRole('checkbox', { name: 'I understand.' }).check();
  await ana.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(alert(ana)).toHaveText(/^This passkey can't hold a key\. Nothing was changed/);
  await ana.reload();
  await expect(ana.getByRole('button', { name: 'Set the lock' })).toBeVisible();
});

test('another tab that is open when the lock is set is locked with it', async ({ app, phone }) => {
  const one = await phone('Ana');
  await beginCircle(one, app, table);
  const two = await one.context().newPage();
  await two.goto(app.url);
  await seeWords(two, 'You', table.words);
  await setLock(one, app);
  await expect(lockHeading(two)).toBeVisible();
  await expect(two.getByText(table.words)).toHaveCount(0);
  await unlock(two);
  await seeWords(two, 'You', table.words);
  await unlock(one);
  await one.getByRole('button', { name: 'Take the lock off' }).click();
  await one.getByRole('textbox', { name: 'The passphrase as it is now' }).fill(passphrase);
  await one.getByRole('button', { name: 'Take it off' }).click();
  await expect(one.getByRole('button', { name: 'Set the lock' })).toBeVisible();
  await expect(board(two)).toBeVisible();
  await expect(card(two, 'You')).toContainText(table.words);
});

/** A headless browser calls every tab visible: here the page is told otherwise, as the browser of a phone tells it. */
const setVisibility = (page: Page, state: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

/** Leaves the app; the page may be gone before that has returned. */
const leave = async (page: Page): Promise<void> => {
  const gone = page.waitForEvent('load');
  await setVisibility(page, 'hidden').catch(() => undefined);
  await gone;
};
