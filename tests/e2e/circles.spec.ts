/** Circles: three friends see each other, two circles never mix, and what was said can be changed and taken back. */
import {
  askToJoin,
  backToBoard,
  befriend,
  beginCircle,
  board,
  card,
  changeDialog,
  connected,
  expect,
  goToCircle,
  inviteLink,
  keepFirst,
  letIn,
  openCard,
  openedCard,
  foundCircle,
  reopen,
  say,
  seeWords,
  test,
  unsay
} from './friends.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };

test('three friends: Bob, online later, lets Mia in with an invite that Ana made @firefox', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  const mia = await phone('Mia');
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  const link = await inviteLink(ana);
  // Bob's phone has heard of the invite once it shows what was said after it.
  await say(ana, 'Mia should sit here too.');
  await seeWords(bob, 'Ana', 'Mia should sit here too.');
  await bob.close();
  await ana.close();

  const words = await askToJoin(mia, link, 'Mia');
  const bobAgain = await reopen(bob, app.url);
  await letIn(bobAgain, 'Mia', words);
  await seeWords(mia, 'Ana', 'Mia should sit here too.');
  await expect(card(mia, 'Bob')).toContainText('Nothing said for a while.');
  await connected(mia, ['Bob']);
  await say(mia, 'I brought soup.');
  await seeWords(bobAgain, 'Mia', 'I brought soup.');

  const anaAgain = await reopen(ana, app.url);
  await seeWords(anaAgain, 'Mia', 'I brought soup.');
  await connected(anaAgain, ['Bob', 'Mia']);
  await connected(bobAgain, ['Ana', 'Mia']);
  await connected(mia, ['Ana', 'Bob']);
  await say(bobAgain, 'Soup helps.');
  await seeWords(anaAgain, 'Bob', 'Soup helps.');
  await seeWords(mia, 'Bob', 'Soup helps.');
  for (const friend of [anaAgain, bobAgain, mia]) await expect(board(friend).getByRole('article')).toHaveCount(3);
});

test('Bob is in two circles, and they never mix', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const mia = await phone('Mia');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  await beginCircle(mia, app, { name: 'Mia', circle: 'Choir', words: 'My voice is gone.' });
  await befriend(ana, bob, 'Bob');
  await befriend(mia, bob, 'Bob');

  const circles = bob.getByRole('navigation', { name: 'Circles' }).getByRole('link');
  await expect(circles).toHaveText(['The kitchen table', 'Choir']);
  await connected(bob, ['Mia']);
  await say(bob, 'Only for the choir.');
  await seeWords(mia, 'Bob', 'Only for the choir.');

  await goToCircle(bob, 'The kitchen table');
  await connected(bob, ['Ana']);
  await expect(board(bob).getByRole('article')).toHaveCount(2);
  await seeWords(bob, 'Ana', 'A rough week.');
  await expect(bob.getByText('My voice is gone.')).toHaveCount(0);
  await expect(bob.getByText('Only for the choir.')).toHaveCount(0);
  await say(bob, 'Only for the table.');
  await seeWords(ana, 'Bob', 'Only for the table.');
  await seeWords(mia, 'Bob', 'Only for the choir.');
  await expect(ana.getByText('Only for the choir.')).toHaveCount(0);
  await expect(mia.getByText('Only for the table.')).toHaveCount(0);

  await goToCircle(bob, 'Choir');
  await seeWords(bob, 'Mia', 'My voice is gone.');
  await seeWords(bob, 'You', 'Only for the choir.');
  await expect(bob.getByText('A rough week.')).toHaveCount(0);
});

test('Ana starts a second circle; her own and the first stay where they are', async ({ app, phone }) => {
  const ana = await phone('Ana');
  await beginCircle(ana, app, table);
  await foundCircle(ana, { name: 'Ana', circle: 'Choir' });
  await keepFirst(ana, 'Choir');
  await expect(card(ana, 'You')).toContainText("You haven't said anything here.");
  const circles = ana.getByRole('navigation', { name: 'Circles' }).getByRole('link');
  await expect(circles).toHaveText(['Just me', 'The kitchen table', 'Choir']);
  await goToCircle(ana, 'The kitchen table');
  await seeWords(ana, 'You', 'A rough week.');
  // It opens where she looked last.
  await ana.goto(app.url);
  await seeWords(ana, 'You', 'A rough week.');
});

test('a correction reaches Bob in its own place, and so does taking it back @firefox', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, { ...table, words: "I'm fien.", help: 'hear me' });
  await befriend(ana, bob, 'Bob');
  await seeWords(bob, 'Ana', "I'm fien.");
  await connected(bob, ['Ana']);

  await (await openCard(ana, 'You')).getByRole('button', { name: 'Change' }).click();
  const change = changeDialog(ana);
  await expect(change.getByRole('button', { name: 'hear me' })).toHaveAttribute('aria-pressed', 'true');
  await change.getByRole('textbox', { name: 'In your own words' }).fill("I'm not fine.");
  await change.getByRole('button', { name: 'Save' }).click();
  await expect(change).toHaveCount(0);
  await expect(openedCard(ana).getByText("I'm not fine.", { exact: true })).toBeVisible();
  await backToBoard(ana);
  await seeWords(ana, 'You', "I'm not fine.");
  await seeWords(bob, 'Ana', "I'm not fine.");
  await expect(card(bob, 'Ana')).toContainText('changed');
  await expect(bob.getByText("I'm fien.")).toHaveCount(0);

  const own = await openCard(ana, 'You');
  await own.getByRole('button', { name: 'Unsay' }).click();
  await expect(own).toContainText('Someone may have read it already.');
  await own.getByRole('button', { name: 'Keep it' }).click();
  await expect(own.getByText("I'm not fine.", { exact: true })).toBeVisible();
  await backToBoard(ana);
  await seeWords(bob, 'Ana', "I'm not fine.");
  await unsay(ana, "I'm not fine.");
  await expect(card(ana, 'You')).toContainText("You haven't said anything here.");
  await expect(card(bob, 'Ana')).toContainText('Nothing said for a while.');
  await expect(bob.getByText("I'm not fine.")).toHaveCount(0);

  // What was taken back stays so, and the next word comes as ever.
  await bob.reload();
  await expect(card(bob, 'Ana')).toContainText('Nothing said for a while.');
  await say(ana, 'Start again.');
  await seeWords(bob, 'Ana', 'Start again.');
});

test("the newest word stands first after one's own", async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  const mia = await phone('Mia');
  await beginCircle(ana, app, table);
  await befriend(ana, bob, 'Bob');
  await befriend(ana, mia, 'Mia');
  await connected(ana, ['Bob', 'Mia']);
  const names = board(ana).getByRole('heading', { level: 2 });
  await say(mia, 'First.');
  await seeWords(ana, 'Mia', 'First.');
  await expect(names).toHaveText(['You', 'Mia', 'Bob']);
  await say(bob, 'Second.');
  await seeWords(ana, 'Bob', 'Second.');
  await expect(names).toHaveText(['You', 'Bob', 'Mia']);
});
