/** Ana loses her phone: those who know her say that it is her, and the phone she lost is shut out. */
import type { Page } from '@playwright/test';
import { card, board, expect, say, seeWords, test } from './friends.ts';
import { metOnce } from './harness/relay-site.ts';
import { gatherThree } from './harness/three-friends.ts';
import {
  askToComeBack,
  comingBack,
  leavePeople,
  openPeople,
  openPerson,
  peopleNews,
  personRow,
  seeOut,
  vouch,
  vouchLast
} from './people.ts';
import { sayAndSleep, sleep, sleepAfterNewKeys, wake } from './sleeping.ts';

const oneMore = 'One more of you has to say so.';

test('Bob and Mia both say that it is her: Ana is back as herself, and the lost phone is out', async ({
  app,
  phone
}) => {
  const { ana: lost, bob, mia } = await gatherThree(app, phone);
  await seeWords(mia, 'Ana', 'A rough week.');
  const link = await inviteAgain(bob, 'Ana');
  const ana = await phone('Ana’s new phone');
  const words = await askToComeBack(ana, link, 'Ana');

  await vouch(bob, 'Ana', words, oneMore);
  // One voice of two is not enough.
  await expect(comingBack(mia, 'Ana')).toContainText("Bob said that this is Ana's new phone.");
  await expect(ana.getByRole('heading', { name: 'Asking to come back' })).toBeVisible();
  await seeWords(lost, 'You', 'A rough week.');
  await vouchLast(mia, 'Ana', words);

  await expect(board(ana)).toBeVisible();
  await expect(board(ana).getByRole('article')).toHaveCount(3);
  await say(ana, 'On a new phone.');
  for (const [page, voices] of [[bob, 'You and Mia'] as const, [mia, 'You and Bob'] as const]) {
    await seeWords(page, 'Ana', 'On a new phone.');
    await expect(peopleNews(page)).toContainText('Ana uses a new phone now.');
    await expect(board(page).getByRole('article', { name: 'Ana', exact: true })).toHaveCount(1);
    await expect(board(page).getByRole('article')).toHaveCount(3);
    await openPeople(page);
    await expect(personRow(page, 'Ana')).toContainText(`${voices} said that this is Ana's new phone.`);
    await leavePeople(page);
  }
  await openPeople(ana);
  await expect(personRow(ana, 'You')).toContainText('Bob and Mia said that this is your new phone.');

  await putOff(lost);
  await seeOut(lost, 'taken off');
  await leavePeople(lost);
  await expect(lost.getByText('On a new phone.')).toHaveCount(0);
});

test('by relay alone: each of them is awake by themselves, and Ana is back', async ({ app, phone }) => {
  const [lost, bob, mia] = (await metOnce(app, phone)) as [Page, Page, Page];
  const bobInvites = await wake(bob, app);
  const link = await inviteAgain(bobInvites, 'Ana');
  await sleep(bobInvites);
  const ana = await phone('Ana’s new phone');
  const words = await askToComeBack(ana, link, 'Ana');
  await expect(ana.getByRole('status')).toContainText('Your question is kept for them: you can close this');
  await ana.close();

  const bobAwake = await wake(bob, app);
  await vouch(bobAwake, 'Ana', words, oneMore);
  await sleep(bobAwake);
  const miaAwake = await wake(mia, app);
  await vouchLast(miaAwake, 'Ana', words);
  await expect(peopleNews(miaAwake)).toContainText('Ana uses a new phone now.');
  await sleepAfterNewKeys(miaAwake);

  const anaAgain = await wake(ana, app);
  await expect(card(anaAgain, 'Bob')).toBeVisible();
  await sayAndSleep(anaAgain, 'On a new phone.');
  const bobLast = await wake(bob, app);
  await seeWords(bobLast, 'Ana', 'On a new phone.');
  await expect(board(bobLast).getByRole('article')).toHaveCount(3);
  await bobLast.close();
  const found = await wake(lost, app);
  await putOff(found);
  await seeOut(found, 'taken off');
  await leavePeople(found);
  await expect(card(found, 'You')).toBeVisible();
  await expect(found.getByText('On a new phone.')).toHaveCount(0);
});

/** From the board: on the page of somebody who lost their phone, a link for them; ends on the board. */
const inviteAgain = async (page: Page, name: string): Promise<string> => {
  await openPerson(page, name);
  await page.getByText(`${name} lost their phone?`).click();
  await page.getByRole('button', { name: `Invite ${name} again` }).click();
  const link = await page.getByRole('textbox', { name: 'Invite link' }).inputValue();
  await leavePeople(page);
  return link;
};

/** Whoever has the lost phone is asked like everyone else, until it is out. */
const putOff = async (page: Page): Promise<void> => {
  const later = page.getByRole('dialog').getByRole('button', { name: 'Decide later' });
  await expect(later.or(board(page)).first()).toBeVisible();
  if (await later.isVisible()) await later.click();
};
