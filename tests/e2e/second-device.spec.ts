/** A phone and a laptop of one person: what is said on either is theirs, and friends see one of them. */
import type { Page } from '@playwright/test';
import { kinds } from '../../src/lib/records/kinds.ts';
import {
  backToBoard,
  befriend,
  beginCircle,
  board,
  card,
  connected,
  expect,
  goToCircle,
  openCard,
  openComposer,
  openedCard,
  reopen,
  reply,
  say,
  sayHere,
  seeWords,
  test,
  unsay,
  writeLetter
} from './friends.ts';
import { gatherThree, openAudience, shownReply, table } from './harness/three-friends.ts';
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

  await sayToBob(ana, 'Only you know about the letter.');
  await seeWords(laptop, 'Ana', 'Only you know about the letter.');
  const bobsPhone = await reopen(bob, app.url);
  await goToCircle(bobsPhone, table);
  await seeWords(bobsPhone, 'Ana', 'Only you know about the letter.');
  await expect.poll(() => countKept(mia, kinds.private)).toBe(1);
  await seeWords(mia, 'Ana', 'A rough week.');
  await expect(card(mia, 'Ana')).not.toContainText('letter');
});

test('what was private before Ana’s laptop came is read on it: her own words, an answer, a letter; not what she unsaid', async ({
  app,
  phone
}) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  await sayToBob(ana, 'Nobody needs to know this.');
  await seeWords(bob, 'Ana', 'Nobody needs to know this.');
  await unsay(ana, 'Nobody needs to know this.');
  await sayToBob(ana, 'Only you know about the letter.');
  await openCard(bob, 'Ana');
  await reply(bob, 'Ana', 'It is safe with me.');
  await writeLetter(bob, 'Ana', 'Dear Ana, keep the key.');
  await expect(card(ana, 'You')).toContainText('Bob wrote back.');
  await expect(card(ana, 'Bob')).toContainText('A letter for you.');
  const laptop = await phone('Ana’s laptop', { viewport: { width: 1280, height: 800 } });
  await addLaptop(ana, laptop, app);

  await goToCircle(laptop, table);
  await seeWords(laptop, 'You', 'Only you know about the letter.');
  await expect(card(laptop, 'You')).toContainText('Only you and Bob see this.');
  await openCard(laptop, 'You');
  await expect(shownReply(laptop, 'It is safe with me.')).toContainText('Bob');
  await backToBoard(laptop);
  await openCard(laptop, 'Bob');
  await expect(openedCard(laptop)).toContainText('Dear Ana, keep the key.');
  await expect(laptop.getByText('Nobody needs to know this.')).toHaveCount(0);
  // Mia has all of it closed, as before; and it stays read on the laptop when it is closed and opened again.
  await expect.poll(() => countKept(mia, kinds.private)).toBe(3);
  await seeWords(mia, 'Ana', 'A rough week.');
  await expect(mia.getByText('Only you know about the letter.')).toHaveCount(0);
  expect(await countKept(laptop, kinds.contentKeys)).toBe(1);
  expect(await countKept(bob, kinds.contentKeys)).toBe(0);
  const again = await reopen(laptop, app.url);
  await goToCircle(again, table);
  await seeWords(again, 'You', 'Only you know about the letter.');

  // Taken back on the phone, it goes from the laptop too, and with it the key that was handed over.
  await ana.goto(app.url);
  await goToCircle(ana, table);
  await unsay(ana, 'Only you know about the letter.');
  await expect(again.getByText('Only you know about the letter.')).toHaveCount(0);
  const handed = async (): Promise<number[]> =>
    (await keptEnvelopes(again)).flatMap(({ kind, ver }) => (kind === kinds.contentKeys ? [ver] : []));
  await expect.poll(handed).toEqual([2]);
});

const sayToBob = async (page: Page, words: string): Promise<void> => {
  await openComposer(page);
  const { who } = await openAudience(page);
  await who.getByRole('button', { name: 'Bob', exact: true }).click();
  await sayHere(page, { words });
  await seeWords(page, 'You', words);
};
