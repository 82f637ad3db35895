/** Coming back on the phone that one left with: by a new link, as somebody who was here before and is new here. */
import type { Page } from '@playwright/test';
import { systemClock } from '../../src/lib/base/clock.ts';
import {
  askToJoin,
  beginCircle,
  befriend,
  board,
  card,
  connected,
  expect,
  goToCircle,
  inviteLink,
  letIn,
  openCard,
  openedCard,
  reopen,
  reply,
  say,
  seeWords,
  test
} from './friends.ts';
import { gatherThree, shownReply, table, withClock } from './harness/three-friends.ts';
import {
  addLaptop,
  askToComeBack,
  leavePeople,
  openDevices,
  openPeople,
  openPerson,
  outSentences,
  personRow,
  seeOut,
  vouch,
  vouchLast
} from './people.ts';
import { epochsHeld, newKeysInAWhile } from './sleeping.ts';

test('Mia left, and is let in again by a new link: her board works, and words go to and fro', async ({
  app,
  phone
}) => {
  const { ana, bob, mia } = await gatherThree(app, withClock(phone, systemClock.nowMs()));
  await say(mia, 'I found a flat.');
  for (const page of [ana, bob]) await seeWords(page, 'Mia', 'I found a flat.');
  await leave(mia);
  await seeOut(mia, 'left');
  await newKeysInAWhile(ana, app, 2);
  await expect.poll(() => epochsHeld(bob)).toBe(2);
  await say(bob, 'While you were away.');
  await seeWords(ana, 'Bob', 'While you were away.');

  await letIn(bob, 'Mia', await askToJoin(mia, await inviteLink(bob), 'Mia'));
  await expect(board(mia)).toBeVisible();
  await expect(mia.getByText(outSentences.left)).toHaveCount(0);
  await expect(board(mia).getByRole('article')).toHaveCount(3);
  await seeWords(mia, 'Ana', 'A rough week.');
  // What the circle still keeps, she reads like anybody who comes.
  await seeWords(mia, 'Bob', 'While you were away.');
  await connected(mia, ['Ana', 'Bob']);
  await say(mia, 'Back at the table.');
  for (const page of [ana, bob]) {
    await seeWords(page, 'Mia', 'Back at the table.');
    await expect(board(page).getByRole('article')).toHaveCount(3);
  }
  await say(ana, 'Good that you are here.');
  await seeWords(mia, 'Ana', 'Good that you are here.');
  await openCard(bob, 'Mia');
  await reply(bob, 'Mia', 'We kept your chair.');
  await openCard(mia, 'You');
  await expect(shownReply(mia, 'We kept your chair.')).toContainText('Bob');

  // And so it is when she closes the app and opens it again.
  const again = await reopen(mia, app.url);
  await seeWords(again, 'You', 'Back at the table.');
  await expect(card(again, 'You')).toContainText('Bob wrote back.');
  await say(again, 'Still here.');
  await seeWords(ana, 'Mia', 'Still here.');
  await openPeople(again);
  await expect(personRow(again, 'You')).toHaveCount(1);
  await expect(personRow(again, 'Mia')).toHaveCount(0);
  await leavePeople(again);
});

test('Ana finds the phone that she had lost, and asks to come back on it: it is hers again, and the other is out', async ({
  app,
  phone
}) => {
  const { ana: first, bob, mia } = await gatherThree(app, phone);
  await seeWords(mia, 'Ana', 'A rough week.');
  const second = await phone('Ana’s new phone');
  await comeBack(second, [bob, mia]);
  await say(second, 'On a new phone.');
  for (const page of [bob, mia]) await seeWords(page, 'Ana', 'On a new phone.');
  await putOff(first);
  await seeOut(first, 'taken off');

  await comeBack(first, [bob, mia]);
  await expect(board(first).getByRole('article')).toHaveCount(3);
  await expect(first.getByText(outSentences['taken off'])).toHaveCount(0);
  // What a phone says that is out by then comes to nobody any more who did not have it (EP9); her own from before is here.
  await seeWords(first, 'You', 'A rough week.');
  await say(first, 'It was under the seat.');
  for (const page of [bob, mia]) {
    await seeWords(page, 'Ana', 'It was under the seat.');
    await expect(board(page).getByRole('article')).toHaveCount(3);
  }
  await say(bob, 'What luck.');
  await seeWords(first, 'Bob', 'What luck.');
  await openPeople(first);
  await expect(personRow(first, 'You')).toContainText('Bob and Mia said that this is your new phone.');
  await leavePeople(first);
  await putOff(second);
  await seeOut(second, 'taken off');
  await leavePeople(second);
  await expect(second.getByText('It was under the seat.')).toHaveCount(0);
});

test('Ana is at the table twice, with her phone and her laptop: told how, she is one person there', async ({
  app,
  phone
}) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  const laptop = await phone('Ana’s laptop', { viewport: { width: 1280, height: 800 } });
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await befriend(ana, laptop, 'Ana at her desk');
  await say(laptop, 'From the desk.');
  await seeWords(bob, 'Ana at her desk', 'From the desk.');
  await addLaptop(ana, laptop, app);
  await openDevices(laptop, app);
  for (const page of [ana, laptop])
    await expect(
      page.getByText(
        `In ${table} your friends see you as one person on this device, and as another on one of your others.`
      )
    ).toBeVisible();

  await laptop.goto(app.url);
  await goToCircle(laptop, table);
  await leave(laptop);
  await expect(board(laptop).getByRole('article')).toHaveCount(2);
  await seeWords(laptop, 'You', 'A rough week.');
  await say(laptop, 'As one of us.');
  await seeWords(bob, 'Ana', 'As one of us.');
  await expect(board(bob).getByRole('article')).toHaveCount(2);
  await expect(card(bob, 'Ana at her desk')).toHaveCount(0);
  await openDevices(ana, app);
  await expect(ana.getByText(/your friends see you as one person/)).toHaveCount(0);
  await ana.goto(app.url);
  await goToCircle(ana, table);
  await seeWords(ana, 'You', 'As one of us.');
  await openCard(bob, 'Ana');
  await reply(bob, 'Ana', 'There you are.');
  for (const page of [ana, laptop]) {
    await openCard(page, 'You');
    await expect(shownReply(page, 'There you are.')).toContainText('Bob');
    await expect(openedCard(page)).toContainText('As one of us.');
  }
});

/** From the board: leaves, with all that was said staying there; ends on the board. */
const leave = async (page: Page): Promise<void> => {
  await openPeople(page);
  await page.getByRole('link', { name: 'Leave the circle' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(board(page)).toBeVisible();
};

/** Bob invites Ana again, she asks on this phone, and Bob and Mia say that it is her; ends on her board. */
const comeBack = async (page: Page, [bob, mia]: readonly [Page, Page]): Promise<void> => {
  await openPerson(bob, 'Ana');
  await bob.getByText('Ana lost their phone?').click();
  await bob.getByRole('button', { name: 'Invite Ana again' }).click();
  const link = await bob.getByRole('textbox', { name: 'Invite link' }).inputValue();
  await leavePeople(bob);
  const words = await askToComeBack(page, link, 'Ana');
  await vouch(bob, 'Ana', words, 'One more of you has to say so.');
  await vouchLast(mia, 'Ana', words);
  await expect(board(page)).toBeVisible();
};

/** Whoever has a phone that is being replaced is asked like everyone else, until it is out. */
const putOff = async (page: Page): Promise<void> => {
  const later = page.getByRole('dialog').getByRole('button', { name: 'Decide later' });
  await expect(later.or(board(page)).first()).toBeVisible();
  if (await later.isVisible()) await later.click();
};
