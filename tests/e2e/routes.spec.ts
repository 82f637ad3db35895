/** How it gets there: what the page tells, and the one choice of relays, with real relays on other ports. */
import { ackDelayMaxMs } from '../../src/lib/base/limits.ts';
import {
  askToJoin,
  backToBoard,
  befriend,
  beginCircle,
  card,
  connected,
  inviteLink,
  letIn,
  openCard,
  presence,
  reopen,
  say,
  seeWords
} from './friends.ts';
import { choice, chooseOwn, chosen, expect, openWays, shownRelay, test, waysOf } from './harness/relay-stories.ts';
import { gatherThree, table } from './harness/three-friends.ts';

test('a friend who slept through a change of relay finds it by the old one, and goes on by the new one', async ({
  app,
  phone,
  relays
}) => {
  const old = new URL(app.url).host;
  const fresh = await relays.open();
  const { ana, bob, mia } = await gatherThree(app, phone);
  await say(mia, 'Going to sleep.');
  await seeWords(ana, 'Mia', 'Going to sleep.');
  await expect(card(mia, 'You')).toContainText('On its relay.');
  await mia.close();

  await openWays(ana);
  await expect(waysOf(ana, 'Bob')).toContainText('straight from phone to phone');
  await expect(waysOf(ana, 'Mia')).toContainText('this week.');
  await expect(ana.getByText('Connected to Bob', { exact: true })).toBeVisible();
  await expect(shownRelay(ana, old)).toContainText('Open.');
  await expect(choice(ana).getByRole('radio', { name: /^The ones this Shoulder names/ })).toBeChecked();
  await chooseOwn(ana, [fresh.url]);
  await expect(choice(ana).getByText(`${fresh.name} keeps letters, and gives them back.`)).toBeVisible();
  await chosen(ana);
  await expect(shownRelay(ana, fresh.name)).toContainText('Open.');
  await expect(shownRelay(ana, old)).toContainText(
    "Still looked at, until everyone's phone has heard of the change and no earlier link is open."
  );
  await expect(choice(ana).getByRole('textbox', { name: 'Addresses' })).toHaveValue(fresh.url);

  // Bob heard it at once, and is found by the new one.
  await openWays(bob);
  await expect(shownRelay(bob, fresh.name)).toContainText('Open.');
  await backToBoard(ana);
  await connected(ana, ['Bob']);
  await say(ana, 'We have moved.');
  await expect(card(ana, 'You')).toContainText('On 2 of 2 relays.');
  await ana.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ana.close();
  await bob.close();

  // Mia knows the old relay only, and nobody else is awake.
  const awake = await reopen(mia, app.url);
  await seeWords(awake, 'Ana', 'We have moved.');
  await openWays(awake);
  await expect(shownRelay(awake, fresh.name)).toContainText('Open.');
  await expect(waysOf(awake, 'Ana')).toContainText(`by ${old}`);
  await backToBoard(awake);
  await say(awake, 'Found you.');
  await expect(card(awake, 'You')).toContainText('On 2 of 2 relays.');
  await awake.close();

  // The old relay is gone for good, and with it the app's server.
  await app.goDown();
  const again = await reopen(ana, app.url);
  await seeWords(again, 'Mia', 'Found you.');
  await openWays(again);
  await expect(waysOf(again, 'Mia')).toContainText(`by ${fresh.name}`);
  await expect(shownRelay(again, old)).toContainText("Can't be reached right now.");
});

test('a link from before a change of relay still leads in: the old one is looked at as long as it is open', async ({
  app,
  phone,
  relays
}) => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await phone('Mia')];
  await bob.clock.install();
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  const link = await inviteLink(ana);
  const old = new URL(app.url).host;
  const fresh = await relays.open();
  await openWays(ana);
  await chooseOwn(ana, [fresh.url]);
  await chosen(ana);
  await backToBoard(ana);
  await connected(ana, ['Bob']);
  await say(ana, 'We have moved.');
  await seeWords(bob, 'Ana', 'We have moved.');
  await bob.clock.fastForward(ackDelayMaxMs + 1000);
  // Everybody has heard of it.
  await expect(card(ana, 'You')).toContainText('Reached Bob.');
  await openWays(ana);
  await expect(shownRelay(ana, old)).toContainText('Still looked at');

  const words = await askToJoin(mia, link, 'Mia');
  await letIn(ana, 'Mia', words);
  await seeWords(mia, 'Ana', 'We have moved.');
  await openWays(mia);
  await expect(shownRelay(mia, fresh.name)).toContainText('Open.');
});

test('without any relay there is only what is carried by hand, and everything says so', async ({ app, phone }) => {
  const isCopying = { permissions: ['clipboard-read', 'clipboard-write'] };
  const [ana, bob] = [await phone('Ana', isCopying), await phone('Bob')];
  await bob.clock.install();
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  await openWays(ana);
  await choice(ana)
    .getByRole('radio', { name: /^None, only by hand/ })
    .check();
  await choice(ana).getByRole('button', { name: 'Use these', exact: true }).click();
  await chosen(ana);
  const own = new URL(app.url).host;
  await expect(shownRelay(ana, own)).toContainText(
    "Still looked at, until everyone's phone has heard of the change and no earlier link is open."
  );
  await openWays(bob);
  await expect(choice(bob).getByRole('radio', { name: /^None, only by hand/ })).toBeChecked();
  await bob.clock.fastForward(ackDelayMaxMs + 1000);
  await expect(ana.getByText('This circle uses no relay. Only what is carried by hand gets through.')).toBeVisible();
  await expect(bob.getByText('This circle uses no relay. Only what is carried by hand gets through.')).toBeVisible();

  await backToBoard(ana);
  await expect(presence(ana)).toHaveText('Connected to nobody right now');
  await expect(ana.getByText(/^This circle uses no relay\. What you say is kept here/)).toBeVisible();
  await ana.getByRole('button', { name: 'Invite a friend' }).click();
  await expect(ana.getByRole('alert')).toHaveText(/^Somebody new has to be found over a relay/);
  await ana.getByRole('button', { name: 'Close' }).click();
  await say(ana, 'By hand, then.');
  await expect(card(ana, 'You')).toContainText("Waiting for Bob's phone.");
  await expect(card(ana, 'You')).not.toContainText('relay');
  await ana.getByRole('button', { name: 'Let them know' }).click();
  const message = await ana.evaluate(() => navigator.clipboard.readText());

  await backToBoard(bob);
  await expect(card(bob, 'Ana')).not.toContainText('By hand, then.');
  await bob.goto(/https?:\S+/.exec(message)?.[0] ?? '');
  await expect(bob.getByRole('status')).toHaveText(`From Ana, for ${table}.`);
  await bob.getByRole('link', { name: `Open ${table}` }).click();
  await seeWords(bob, 'Ana', 'By hand, then.');
  await openWays(bob);
  await expect(waysOf(bob, 'Ana')).toContainText(/straight from phone to phone.* and by hand, this week\./);
});

test('a relay that refuses, or is not there, is said in words, and nothing is changed until one says so', async ({
  app,
  phone,
  relays
}) => {
  const closed = await relays.refusing('restricted: members only');
  const ana = await phone('Ana');
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await openWays(ana);
  const own = new URL(app.url).host;
  await chooseOwn(ana, ['ws://relay.example.org']);
  await expect(choice(ana).getByText(/^A browser goes only to a relay whose address begins with wss\./)).toBeVisible();
  await chooseOwn(ana, [closed.url, 'wss://127.0.0.1:9']);
  const question = choice(ana).getByRole('group', { name: 'Nothing has been changed yet.' });
  await expect(question).toBeVisible();
  await expect(choice(ana).getByRole('status')).toContainText(
    `${closed.name} takes nothing from us: restricted: members only`
  );
  await expect(choice(ana).getByRole('status')).toContainText('127.0.0.1:9 could not be reached.');
  await question.getByRole('button', { name: 'Go back' }).click();
  await expect(choice(ana).getByRole('button', { name: 'Use these', exact: true })).toBeVisible();
  await expect(shownRelay(ana, own)).toContainText('Open.');
  await expect(shownRelay(ana, closed.name)).toHaveCount(0);

  // It may be chosen all the same: then it says on the page what it says to everybody.
  await chooseOwn(ana, [closed.url]);
  await question.getByRole('button', { name: 'Use these all the same' }).click();
  await chosen(ana);
  await expect(shownRelay(ana, closed.name)).toContainText('It says no: restricted: members only');
  await backToBoard(ana);
  await openCard(ana, 'You');
});
