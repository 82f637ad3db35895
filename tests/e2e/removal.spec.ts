/**
 * Somebody has to go: more than half of the others say so, each on their own phone. Until then nothing happens, and who has spoken
 * is shown only to those who have. From then on nothing that is said reaches the one who was removed, whatever they keep open.
 */
import type { Page } from '@playwright/test';
import { bytesToHex } from '../../src/lib/base/bytes.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import {
  backToBoard,
  befriend,
  beginCircle,
  card,
  connected,
  expect,
  openCard,
  reply,
  say,
  seeWords,
  test,
  type OpenPhone,
  type RunningApp
} from './friends.ts';
import { readableWith } from './harness/opened-mail.ts';
import { secretsOf } from './harness/phone-secrets.ts';
import { ProfilePhone } from './harness/profile.ts';
import { searchProfile } from './harness/profile-search.ts';
import { metOnce } from './harness/relay-site.ts';
import { relayOf } from './harness/stories.ts';
import { shownReply, table } from './harness/three-friends.ts';
import { countKept, keptEnvelopes } from './kept.ts';
import { leavePeople, openPerson, openRemove, outSentences, sayLastWord, sayShouldGo, seeOut } from './people.ts';
import {
  allOnRelay,
  epochsHeld,
  sayAndSleep,
  sayOffline,
  sleep,
  sleepAfterNewKeys,
  sleepOnceKept,
  wake
} from './sleeping.ts';

const before = 'A rough week.';
const after = 'Saffron and quiet; only for those who are here.';

test('three of four say that Tom should go: he is out, and hears nothing more', async ({ app, phone }) => {
  const tomsPhone = await ProfilePhone.create('Tom');
  try {
    const tom = await tomsPhone.start();
    const { ana, bob, mia, jo } = await gatherFive(app, phone, tom);
    const all = [ana, bob, mia, jo];
    await openCard(tom, 'Ana');
    await reply(tom, 'Ana', 'Pull yourself together.');
    await backToBoard(tom);

    await sayShouldGo(ana, 'Tom', 'You have said so. 2 more are needed.');
    await expect.poll(() => countKept(bob, kinds.vote)).toBe(1);
    await seeNoVoices(bob);
    await sayShouldGo(bob, 'Tom', 'You and Ana have said so. One more is needed.');
    for (const page of [mia, jo, tom]) await expect.poll(() => countKept(page, kinds.vote)).toBe(2);
    await seeNoVoices(mia);
    await seeNoVoices(jo);
    for (const page of all) await expect(card(page, 'Tom')).toBeVisible();
    await seeNothingOfIt(tom);

    await sayLastWord(mia, 'Tom');
    await seeOut(tom, 'removed');
    for (const page of all) await expect(card(page, 'Tom')).toHaveCount(0);
    // What he said while he was here stays where he said it.
    await openCard(ana, 'You');
    await expect(shownReply(ana, 'Pull yourself together.')).toContainText('Tom');
    await backToBoard(ana);
    await connected(ana, ['Bob', 'Mia', 'Jo']);
    await say(ana, after);
    for (const page of [bob, mia, jo]) await seeWords(page, 'Ana', after);

    for (const page of all) await allOnRelay(page);
    await tom.reload();
    await expect(tom.getByRole('status')).toHaveText(outSentences.removed);
    await expectClosedTo(tom, bob, app);
    await tomsPhone.close();
    expect(searchProfile(tomsPhone.folder, { after })).toEqual([]);
  } finally {
    await tomsPhone.remove();
  }
});

test('by relay alone: nobody is awake with anybody, and Tom is out all the same', async ({ app, phone }) => {
  const [ana, bob, mia, tom] = (await metOnce(app, phone, ['Bob', 'Mia', 'Tom'])) as [Page, Page, Page, Page];
  await sayOffline(mia, app, 'From the train.');

  const anaSays = await wake(ana, app);
  await sayShouldGo(anaSays, 'Tom', 'You have said so. One more is needed.');
  await sleep(anaSays);
  const bobSays = await wake(bob, app);
  await expect.poll(() => countKept(bobSays, kinds.vote)).toBe(1);
  await sayLastWord(bobSays, 'Tom');
  await expect(card(bobSays, 'Tom')).toHaveCount(0);
  await sleepAfterNewKeys(bobSays);

  const anaAgain = await wake(ana, app);
  await expect.poll(() => epochsHeld(anaAgain)).toBe(2);
  await expect(card(anaAgain, 'Tom')).toHaveCount(0);
  await sayAndSleep(anaAgain, after);
  const tomAwake = await wake(tom, app);
  await seeOut(tomAwake, 'removed');
  await leavePeople(tomAwake);
  await seeWords(tomAwake, 'Ana', before);
  await tomAwake.close();

  const miaBack = await wake(mia, app);
  await seeWords(miaBack, 'Ana', after);
  await expect(card(miaBack, 'Tom')).toHaveCount(0);
  await seeWords(miaBack, 'You', 'From the train.');
  await sleepOnceKept(miaBack);
  const bobBack = await wake(bob, app);
  await seeWords(bobBack, 'Mia', 'From the train.');
  const tomBack = await wake(tom, app);
  await seeOut(tomBack, 'removed');
  await expectClosedTo(tomBack, bobBack, app);
});

const gatherFive = async (app: RunningApp, phone: OpenPhone, tom: Page) => {
  const [ana, bob, mia, jo] = [await phone('Ana'), await phone('Bob'), await phone('Mia'), await phone('Jo')];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: before });
  const others = [['Bob', bob] as const, ['Mia', mia] as const, ['Jo', jo] as const, ['Tom', tom] as const];
  for (const [name, page] of others) await befriend(ana, page, name);
  await connected(ana, ['Bob', 'Mia', 'Jo', 'Tom']);
  await connected(tom, ['Ana', 'Bob', 'Mia', 'Jo']);
  return { ana, bob, mia, jo };
};

/** Whoever has not spoken sees what saying so would do, and nobody's name. */
const seeNoVoices = async (page: Page): Promise<void> => {
  await openRemove(page, 'Tom');
  await expect(page.getByRole('main')).not.toContainText(/Ana|Bob|have said so/);
  await leavePeople(page);
};

/** Tom is told nothing of voices that are not enough. */
const seeNothingOfIt = async (page: Page): Promise<void> => {
  await openPerson(page, 'You');
  await expect(page.getByRole('main')).not.toContainText('said');
  await leavePeople(page);
  await seeWords(page, 'Ana', before);
};

/** Nothing on Tom's phone, and nothing that the relay ever heard, opens with what he has; with what a friend has it does. */
const expectClosedTo = async (tom: Page, friend: Page, app: RunningApp): Promise<void> => {
  const mail = { heard: app.heard, relayUrl: relayOf(app) };
  const [his, theirs] = [await readableWith(tom, mail), await readableWith(friend, mail)];
  expect([theirs.has(after), his.has(after)]).toEqual([true, false]);
  expect(his.has(before)).toBe(true);
  const [hisRows, theirRows] = [await keptEnvelopes(tom), await keptEnvelopes(friend)];
  const isSaid = ({ kind }: { readonly kind: number }): boolean => kind === kinds.checkIn;
  const said = theirRows.filter(isSaid).map(({ device, key, ver }) => `${device} ${key} ${ver}`);
  const has = hisRows.filter(isSaid).map(({ device, key, ver }) => `${device} ${key} ${ver}`);
  expect(said.filter((row) => !has.includes(row))).not.toEqual([]);
  // The newest epoch of each keyring comes first: its id, its secret, its lighthouse.
  const newest = [...(await secretsOf(friend, 'friend'))].filter(([what]) => /epochs\.0\.[12]$/.test(what));
  const held = new Set([...(await secretsOf(tom, 'Tom')).values()].map(bytesToHex));
  expect(newest.length).toBeGreaterThan(0);
  expect(newest.filter(([, secret]) => held.has(bytesToHex(secret)))).toEqual([]);
};
