/** Ana in Chromium, Bob in Firefox. */
import { firefox } from '@playwright/test';
import { firefoxLaunch } from '../tools/firefox.ts';
import {
  askToJoin,
  beginCircle,
  card,
  connected,
  expect,
  inviteLink,
  letIn,
  say,
  seeWords,
  test,
  unsay
} from './friends.ts';
import { expectNothingWrong, openPhone } from './phone.ts';

test('a friend in the other browser is a friend like any @pair', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const other = await firefox.launch(firefoxLaunch());
  try {
    const bob = await openPhone(other, 'Bob');
    await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
    await letIn(ana, 'Bob', await askToJoin(bob, await inviteLink(ana), 'Bob'));
    await seeWords(bob, 'Ana', 'A rough week.');
    await connected(ana, ['Bob']);
    await connected(bob, ['Ana']);
    await say(bob, 'From the other side.');
    await seeWords(ana, 'Bob', 'From the other side.');
    await app.goDown();
    await say(ana, 'Still here.');
    await seeWords(bob, 'Ana', 'Still here.');
    await unsay(bob, 'From the other side.');
    await expect(card(ana, 'Bob')).toContainText('Nothing said for a while.');
    await app.comeBack();

    // The other way round: whoever is in Firefox invites, and lets in.
    const mia = await phone('Mia');
    await letIn(bob, 'Mia', await askToJoin(mia, await inviteLink(bob), 'Mia'));
    await connected(mia, ['Ana', 'Bob']);
    await connected(bob, ['Ana', 'Mia']);
    await say(mia, 'Three of us.');
    await seeWords(bob, 'Mia', 'Three of us.');
    expectNothingWrong(bob, app);
  } finally {
    await other.close();
  }
});
