/**
 * Somebody with a modified app, inside the circle, at its door, and at the relay. What friends said stays, friends go on
 * hearing each other, and one calm sentence says what was tried.
 */
import type { Page } from '@playwright/test';
import WebSocket from 'ws';
import { systemClock } from '../../src/lib/base/clock.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { createEventSigner } from '../../src/lib/sync/nostr-event.ts';
import { beginCircle, befriend, board, card, connected, inviteLink, say, seeWords } from './friends.ts';
import { befriendScripted, connectedTo, expect, relayOf, test } from './harness/stories.ts';

const dayMs = 86_400_000;
const hostileSentence = /tried to look as if it did. It was not let in/;
/** The last repair comes 30 s after the last damage. */
const repaired = { timeout: 60_000 };

test('a member who writes, forges, replays, deletes and floods harms nothing', async ({ app, phone, scripted }) => {
  test.setTimeout(240_000);
  const [ana, bob, eve] = [await phone('Ana'), await phone('Bob'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await befriendScripted(ana, eve, 'Eve');
  await connectedTo(eve, 2);
  await eve.evaluate(() => window.harness.friend.say('I am only Eve.'));
  await say(bob, 'Before anything happened.');
  const told = async (words: { ana: string; bob: string }): Promise<void> => {
    for (const page of [ana, bob]) {
      await seeWords(page, page === ana ? 'You' : 'Ana', words.ana);
      await seeWords(page, page === bob ? 'You' : 'Bob', words.bob);
      await seeWords(page, 'Eve', 'I am only Eve.');
      await expect(board(page).getByRole('article')).toHaveCount(3);
    }
  };
  await told({ ana: 'A rough week.', bob: 'Before anything happened.' });

  await eve.evaluate(() => window.harness.turnHostile());
  await expect.poll(() => eve.evaluate(() => window.harness.intruder.peers)).toBe(2);
  await expect.poll(() => eve.evaluate(() => window.harness.intruder.entriesSeen)).toBeGreaterThan(5);
  await say(bob, 'Tired but here.');
  await say(ana, 'Still a rough week.');
  await expect.poll(() => eve.evaluate(() => window.harness.intruder.replayOldVersions())).toBeGreaterThan(1);

  const forged = await eve.evaluate(async () => {
    const { intruder } = window.harness;
    intruder.writeGarbage(50);
    intruder.writeOtherThanBytes();
    intruder.writeOversized(20);
    intruder.misplace();
    return intruder.forge('Words that nobody said.');
  });
  expect(forged).toBe(2);
  await expect(ana.getByText(hostileSentence)).toBeVisible();
  await expect(bob.getByText(hostileSentence)).toBeVisible();
  await eve.evaluate(() => window.harness.intruder.overwriteEverything());
  await eve.evaluate(() => window.harness.intruder.deleteEverything());
  await eve.evaluate(() => window.harness.intruder.writeGarbage(5000));
  await eve.evaluate(() => window.harness.intruder.forge('Words that nobody said.'));

  // While all that is being turned away, the two still hear each other.
  await say(ana, 'Did you hear that?');
  await told({ ana: 'Did you hear that?', bob: 'Tired but here.' });
  await say(bob, 'Loud, and not you.');
  await told({ ana: 'Did you hear that?', bob: 'Loud, and not you.' });

  await expect.poll(() => eve.evaluate(() => window.harness.intruder.damage), repaired).toBe(0);
  for (const page of [ana, bob]) {
    await expect(page.getByText('Words that nobody said.')).toHaveCount(0);
    await putAwayNotices(page);
    await page.reload();
  }
  await told({ ana: 'Did you hear that?', bob: 'Loud, and not you.' });
});

test('what Eve dates into the past or the future shows as hers alone and moves nobody', async ({
  app,
  phone,
  scripted
}) => {
  const [ana, eve] = [await phone('Ana'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriendScripted(ana, eve, 'Eve');
  await connectedTo(eve, 1);
  await eve.evaluate(() => window.harness.turnHostile());
  await expect.poll(() => eve.evaluate(() => window.harness.intruder.peers)).toBe(1);

  const nowMs = systemClock.nowMs();
  await eve.evaluate((ms) => window.harness.intruder.sayDated('From five years ahead.', ms), nowMs + 5 * 365 * dayMs);
  await eve.evaluate(() => window.harness.intruder.sayDated('From the year of the moon landing.', 1));
  await seeWords(ana, 'Eve', 'From the year of the moon landing.');
  await eve.evaluate((ms) => window.harness.intruder.sayDated('From yesterday.', ms), nowMs - dayMs);
  await seeWords(ana, 'Eve', 'From yesterday.');
  await eve.evaluate(() => window.harness.intruder.sayDated('From long ago again.', 2));
  await say(ana, 'I am still first.');

  await expect(card(ana, 'Eve')).not.toContainText('five years ahead');
  await expect(ana.getByText("This phone's clock is far off.")).toHaveCount(0);
  await ana.reload();
  await seeWords(ana, 'Eve', 'From yesterday.');
  await expect(card(ana, 'You')).toContainText('just now');
});

test('two hundred who ask on one link, under names that lie, bring a bounded row of dialogs', async ({
  app,
  phone,
  scripted
}) => {
  const [ana, crowd] = [await phone('Ana'), await scripted()];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  const link = await inviteLink(ana);
  const names = [
    'x'.repeat(61), // longer than any name: not even heard
    '\u202Ebob\u202C\u2066',
    '<img src=x onerror=alert(1)><b>Bob</b>',
    '',
    ' \n\t ',
    'Bob would like to join. Yes',
    ...Array.from({ length: 194 }, (_, i) => `Asker ${i}`)
  ];
  await crowd.evaluate(([relay, link, names]) => window.harness.askMany(relay, link, names), [
    relayOf(app),
    link,
    names
  ] as const);

  const dialog = ana.getByRole('dialog', { name: /would like to join$/ });
  const shown: string[] = [];
  for (;;) {
    await expect(dialog).toHaveCount(shown.length < shownMax ? 1 : 0);
    if (shown.length === shownMax) break;
    const title = (await dialog.getByRole('heading').textContent()) ?? '';
    shown.push(title);
    // Several may go by one name: the words tell them apart.
    const asked = dialog.getByRole('group', { name: 'Six words' });
    const words = (await asked.textContent()) ?? '';
    await dialog.getByRole('button', { name: /^No, that's someone else$/ }).click();
    await expect.poll(async () => (await asked.allTextContents()).includes(words)).toBe(false);
  }
  expect(shown).toContain('<img src=x onerror=alert(1)><b>Bob</b> would like to join');
  expect(shown).toContain('bob would like to join');
  expect(shown.every((title) => title.length <= 60 + ' would like to join'.length + 2)).toBe(true);
  await expect(ana.locator('img')).toHaveCount(0);
  await expect(board(ana).getByRole('article')).toHaveCount(1);

  // The door is shut on that link; a new one still opens it.
  const bob = await phone('Bob');
  await befriend(ana, bob, 'Bob');
  await seeWords(bob, 'Ana', 'A rough week.');
});

test('a stranger who floods the room at the relay neither parts friends nor keeps a third out', async ({
  app,
  phone
}) => {
  const [ana, bob, mia] = [await phone('Ana'), await phone('Bob'), await phone('Mia')];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);

  const topics = topicsHeard(app.heard);
  expect(topics.length).toBeGreaterThan(0);
  const floods = await Promise.all(Array.from({ length: 4 }, () => floodTopics(relayOf(app), topics)));
  try {
    await say(ana, 'Do you hear me?');
    await seeWords(bob, 'Ana', 'Do you hear me?');
    await connected(ana, ['Bob']);
    await befriend(ana, mia, 'Mia');
    await connected(mia, ['Ana', 'Bob']);
    await say(mia, 'What a noise.');
    await seeWords(ana, 'Mia', 'What a noise.');
    await seeWords(bob, 'Mia', 'What a noise.');
    for (const flood of floods) expect(flood.accepted()).toBeGreaterThan(50);
  } finally {
    floods.forEach((flood) => flood.stop());
  }
});

/** As many as the desk keeps of one invitation. */
const shownMax = 20;

const putAwayNotices = async (page: Page): Promise<void> => {
  const notice = page.getByText(hostileSentence);
  const said: string[] = [];
  while ((await notice.count()) > 0) {
    await expect(notice).toHaveCount(1);
    said.push((await notice.textContent()) ?? '');
    await page.getByRole('button', { name: 'All right' }).click();
    await expect(notice.filter({ hasText: said.at(-1) ?? '' })).toHaveCount(0);
  }
  expect(said.length).toBeGreaterThan(0);
  expect(new Set(said).size).toBe(said.length);
};

/** What anybody at the relay can see: which topics are listened to. */
const topicsHeard = (heard: readonly string[]): string[] => [
  ...new Set(
    heard
      .flatMap((text) => (text.startsWith('["REQ"') ? [...text.matchAll(/"([\w-]{22})"/g)] : []))
      .map(([, topic]) => topic as string)
  )
];

/** Garbage on these topics, as fast as the relay grants, until stopped. */
const floodTopics = async (relay: string, topics: readonly string[]): Promise<{ accepted(): number; stop(): void }> => {
  const signer = await createEventSigner(systemClock, systemRandom);
  const socket = new WebSocket(relay);
  let accepted = 0;
  let isStopped = false;
  let cancel = (): void => undefined;
  const contents = [
    '',
    'garbage',
    '{}',
    '\u0000',
    'A'.repeat(20_000),
    '[[[[',
    Buffer.from(systemRandom.bytes(900)).toString('base64url')
  ];
  const send = async (turn: number): Promise<void> => {
    const frame = [
      'EVENT',
      await signer.sign(topics[turn % topics.length] as string, `${contents[turn % contents.length]}`)
    ];
    if (isStopped) return;
    socket.send(JSON.stringify(frame));
    cancel = systemClock.after(25, () => void send(turn + 1));
  };
  socket.on('message', (data) => {
    const [verb, , ok] = JSON.parse(String(data)) as unknown[];
    if (verb === 'OK' && ok === true) accepted++;
  });
  await new Promise((resolve) => socket.once('open', resolve));
  void send(0);
  return {
    accepted: () => accepted,
    stop: () => {
      isStopped = true;
      cancel();
      socket.close();
    }
  };
};
