/** A phone and a laptop of one person: what is said on either is theirs, and friends see one of them. */
import { kinds } from '../../src/lib/records/kinds.ts';
import {
  befriend,
  beginCircle,
  board,
  card,
  connected,
  expect,
  goToCircle,
  openComposer,
  reopen,
  say,
  sayHere,
  seeWords,
  test
} from './friends.ts';
import { openAudience, table } from './harness/three-friends.ts';
import { countKept, keptEnvelopes } from './kept.ts';
import { addLaptop, openDevices, outSentences, openPeople } from './people.ts';

const taken = 'This device was taken off by another of yours. What is on it stays here. It gets nothing new.';

test('Ana adds her laptop: her own words and her circle come along; taken off, it gets nothing new', async ({
  app,
  phone
}) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await say(bob, 'Tired, but here.');
  await seeWords(ana, 'Bob', 'Tired, but here.');
  const laptop = await phone('Ana’s laptop', { viewport: { width: 1280, height: 800 } });
  await addLaptop(ana, laptop, app);
  await goToCircle(laptop, 'Just me');
  await seeWords(laptop, 'You', 'A rough week.');
  await goToCircle(laptop, table);
  await seeWords(laptop, 'You', 'A rough week.');
  await seeWords(laptop, 'Bob', 'Tired, but here.');

  await ana.goto(app.url);
  await goToCircle(ana, table);
  await say(laptop, 'From the desk.');
  await seeWords(ana, 'You', 'From the desk.');
  await seeWords(bob, 'Ana', 'From the desk.');
  await say(ana, 'From the bus.');
  await seeWords(laptop, 'You', 'From the bus.');
  await seeWords(bob, 'Ana', 'From the bus.');
  await expect(board(bob).getByRole('article')).toHaveCount(2);
  await connected(bob, ['Ana']);

  await openDevices(ana, app);
  await ana.getByRole('button', { name: 'Take off a laptop' }).click();
  await ana.getByRole('button', { name: 'Take it off', exact: true }).click();
  await expect(ana.getByRole('listitem').filter({ hasText: 'a laptop' })).toHaveCount(0);
  await openPeople(laptop);
  await expect(laptop.getByRole('status')).toHaveText(outSentences['taken off']);
  const kept = await keptEnvelopes(laptop);
  await say(bob, 'Only for your phone.');
  await ana.goto(app.url);
  await goToCircle(ana, table);
  await seeWords(ana, 'Bob', 'Only for your phone.');
  await openDevices(laptop, app);
  await expect(laptop.getByRole('status')).toHaveText(taken);
  const isSaid = ({ kind }: { readonly kind: number }): boolean => kind === kinds.checkIn;
  expect((await keptEnvelopes(laptop)).filter(isSaid)).toEqual(kept.filter(isSaid));
  await laptop.goto(app.url);
  await expect(laptop.getByText('Only for your phone.')).toHaveCount(0);
});

test('what Ana says to Bob alone can be read on both of his devices, and on neither of Mia’s', async ({
  app,
  phone
}) => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await phone('Mia')];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await befriend(ana, mia, 'Mia');
  const laptop = await phone('Bob’s laptop', { viewport: { width: 1280, height: 800 } });
  await addLaptop(bob, laptop, app);
  await goToCircle(laptop, table);
  await seeWords(laptop, 'Ana', 'A rough week.');
  await expect.poll(() => countKept(ana, kinds.addDevice)).toBe(1);

  await openComposer(ana);
  const { who } = await openAudience(ana);
  await who.getByRole('button', { name: 'Bob', exact: true }).click();
  await sayHere(ana, { words: 'Only you know about the letter.' });
  await seeWords(ana, 'You', 'Only you know about the letter.');
  await seeWords(laptop, 'Ana', 'Only you know about the letter.');
  const bobsPhone = await reopen(bob, app.url);
  await goToCircle(bobsPhone, table);
  await seeWords(bobsPhone, 'Ana', 'Only you know about the letter.');
  await expect.poll(() => countKept(mia, kinds.private)).toBe(1);
  await seeWords(mia, 'Ana', 'A rough week.');
  await expect(card(mia, 'Ana')).not.toContainText('letter');
});
