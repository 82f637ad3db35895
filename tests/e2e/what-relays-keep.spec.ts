/**
 * What relays keep and hear, searched: four friends, two circles with one friend in both, two relays with their mail on
 * disk. Nothing that was said or that opens anything is there, and nothing by which two circles, or two relays, could be
 * told to belong together. What is there is what docs/threat-model.md says.
 */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { bytesToHex } from '../../src/lib/base/bytes.ts';
import { idToBytes } from '../../src/lib/base/ids.ts';
import { deriveInvitationKeys, readInvitation } from '../../src/lib/circle/invitation.ts';
import {
  askToJoin,
  backToBoard,
  beginCircle,
  board,
  card,
  change,
  expect,
  goToCircle,
  inviteLink,
  letIn,
  openCard,
  openComposer,
  reopen,
  reply,
  sayHere,
  seeWords,
  test as base,
  writeLetter
} from './friends.ts';
import { secretsOf, waitingForRelays } from './harness/phone-secrets.ts';
import { searchHeard, searchProfile } from './harness/profile-search.ts';
import { groupsOf, rowsIn, tells, trailOf, type Trail } from './harness/relay-search.ts';
import { startTwoRelays, type TwoRelays } from './harness/two-relays.ts';
import { openPhone, reportOf, type RunningApp } from './phone.ts';

const names = { ana: 'Annemoon-Quill', bob: 'Bartholomew-Kestrel', mia: 'Miraculix-Thorne', zoe: 'Zephyrine-Oakum' };
const circles = { house: 'Twilight Roundhouse', choir: 'Larkspur Assembly' };
const said = {
  'first check-in': 'Quillwort week, and nothing to show for it.',
  'check-in changed': 'Quillwort fortnight, to be exact.',
  'check-in of Bob': 'Saffron staircase, all the way down.',
  'check-in of Zoe': 'Hoarse as a corncrake.',
  'check-in in the other circle': 'Only for singers: verbena.',
  'own feeling word': 'Moonthreaded-Q',
  'listed feeling word': 'overwhelmed',
  reply: 'Thistledown, and I mean it kindly.',
  letter: 'Dearest, the tamarind tree has been cut down.',
  'said to nobody who is awake': 'Chrysanthemum, while you sleep.'
};

/** One socket of one phone to one relay. */
interface Socket {
  readonly phone: keyof typeof names;
  readonly url: string;
  readonly frames: string[];
}

interface Scene {
  readonly app: RunningApp;
  readonly two: TwoRelays;
  readonly sockets: Socket[];
  phone(name: keyof typeof names): Promise<Page>;
}

const test = base.extend<{ scene: Scene }>({
  scene: async ({ browser, folder }, use) => {
    const two = await startTwoRelays(folder);
    const [first] = two.relays;
    const sockets: Socket[] = [];
    const pages: Page[] = [];
    await use({
      app: { url: two.url, heard: first.heard, goDown: () => two.stop(), comeBack: async () => undefined },
      two,
      sockets,
      phone: async (phone) => {
        const page = await openPhone(browser, phone, { ignoreHTTPSErrors: true });
        pages.push(page);
        const watch = (one: Page): void =>
          void one.on('websocket', (socket) => {
            const frames: string[] = [];
            sockets.push({ phone, url: socket.url(), frames });
            socket.on('framesent', ({ payload }) => frames.push(payload.toString()));
          });
        watch(page);
        page.context().on('page', watch);
        return page;
      }
    });
    await Promise.all(pages.map((page) => page.context().close()));
    await two.stop();
    two.remove();
  }
});

test('two relays hold nothing that tells what was said, by whom, or what belongs together', async ({ scene }) => {
  const {
    two: { relays, ...two },
    sockets
  } = scene;
  const { secrets, pages } = await live(scene);
  for (const page of pages) expect(reportOf(page).problems).toEqual([]);
  await Promise.all(pages.map((page) => page.context().close()));
  await two.stop();

  const addresses = relays.map(({ server }) => server.relayUrl);
  const needles = { ...names, ...circles, ...said };
  const mailboxes: { relay: number; mailbox: string; trail: Trail }[] = [];
  for (const [at, { heard, folder }] of relays.entries()) {
    const address = addresses[at] as string;
    const tables = rowsIn(join(folder, 'mail.db'));
    // It listened, and it kept.
    expect(heard.filter((text) => text.startsWith('["EVENT"')).length).toBeGreaterThan(10);
    expect(tables.get('event')?.length).toBeGreaterThan(5);

    const rows = [...tables.values()].flat();
    const everything = [...heard, ...rows.map((row) => JSON.stringify(row))];
    expect(searchHeard(everything, needles)).toEqual([]);
    expect(searchProfile(folder, needles)).toEqual([]);
    const trail = trailOf([...everything, ...rows], address);
    expect([...secrets].filter(([, secret]) => tells(trail, secret)).map(([what]) => what)).toEqual([]);

    expectOnlyWhatIsSaid(tables, heard);
    for (const row of tables.get('event') ?? []) {
      const told = [row.id, row.author, row.mailbox, row.text === null ? '' : JSON.parse(String(row.text))];
      mailboxes.push({ relay: at, mailbox: String(row.mailbox), trail: trailOf(told, address) });
    }
  }

  // No socket was overlooked: whoever said something the relays heard is known by what else they sent. The browser does
  // not tell of every frame that left while a page was closing.
  const frames = new Set(sockets.flatMap((socket) => socket.frames));
  const speakers = new Set([...frames].flatMap(speakerOf));
  const heardFrames = relays.flatMap(({ heard }) => heard.filter((text) => text.startsWith('[')));
  const overlooked = heardFrames.filter(
    (text) => !frames.has(text) && !speakerOf(text).some((key) => speakers.has(key))
  );
  expect(overlooked).toEqual([]);

  // Letters hang together by their mailbox, and mailboxes by nothing.
  for (const group of groupsOf(mailboxes.map(({ trail }) => trail))) {
    expect(new Set(group.map((i) => mailboxes[i]?.mailbox)).size).toBe(1);
  }
  for (const at of relays.keys()) {
    const here = mailboxes.filter(({ relay }) => relay === at).map(({ mailbox }) => mailbox);
    expect(new Set(here).size).toBeGreaterThanOrEqual(2);
  }

  // Connections hang together within one circle on one relay, and no further.
  expect(new Set(sockets.map(({ url }) => url))).toEqual(new Set(addresses));
  const trails = sockets.map(({ url, frames: sent }) =>
    trailOf(
      sent.map((text) => JSON.parse(text) as unknown),
      url
    )
  );
  const groups = groupsOf(trails).map((group) => group.map((i) => sockets[i] as Socket));
  for (const group of groups) {
    const phones = new Set(group.map(({ phone }) => phone));
    expect([...new Set(group.map(({ url }) => url))]).toHaveLength(1);
    expect(phones.has('zoe') && (phones.has('ana') || phones.has('mia'))).toBe(false);
  }
  for (const address of addresses) {
    for (const friends of [['ana', 'bob', 'mia'] as const, ['zoe', 'bob'] as const]) {
      const together = groups.some((group) =>
        friends.every((phone) => group.some((socket) => socket.phone === phone && socket.url === address))
      );
      expect(together).toBe(true);
    }
  }
});

/** The key that an event in a frame is signed with, if there is one. */
const speakerOf = (frame: string): string[] => {
  const [verb, event] = JSON.parse(frame) as [string, { pubkey?: string } | undefined];
  return verb === 'EVENT' && event?.pubkey !== undefined ? [event.pubkey] : [];
};

/** Lives through it all; ends when both relays have everything. */
const live = async (scene: Scene) => {
  const { app } = scene;
  let ana = await scene.phone('ana');
  const [bob, mia, zoe] = [await scene.phone('bob'), await scene.phone('mia'), await scene.phone('zoe')];
  await beginCircle(ana, app, { name: names.ana, circle: circles.house, words: said['first check-in'] });
  const links = [await admit(ana, bob, names.bob), await admit(ana, mia, names.mia)];
  await change(ana, said['check-in changed']);
  await beginCircle(zoe, app, { name: names.zoe, circle: circles.choir, words: said['check-in of Zoe'] });
  links.push(await admit(zoe, bob, names.bob));
  await sayInOwnWord(bob, said['check-in in the other circle']);
  await seeWords(zoe, names.bob, said['check-in in the other circle']);

  await goToCircle(bob, circles.house);
  await sayOverwhelmed(bob, said['check-in of Bob']);
  await openCard(bob, names.ana);
  await bob.getByRole('button', { name: 'sitting with you' }).click();
  await reply(bob, names.ana, said.reply);
  await writeLetter(bob, names.ana, said.letter);
  await seeWords(mia, names.ana, said['check-in changed']);
  await expect(card(ana, 'You')).toContainText(`${names.bob} is sitting with you.`);
  await backToBoard(bob);

  // Ana comes back, asks whether her letters are still there, and says something while the others sleep.
  await settled(ana, bob, mia, zoe);
  await bob.goto('about:blank');
  await mia.goto('about:blank');
  ana = await reopen(ana, app.url);
  await openComposer(ana);
  await sayHere(ana, { words: said['said to nobody who is awake'] });
  await settled(ana);
  await bob.goto(app.url);
  await goToCircle(bob, circles.house);
  await seeWords(bob, names.ana, said['said to nobody who is awake']);
  await mia.goto(app.url);
  await seeWords(mia, names.ana, said['said to nobody who is awake']);
  await settled(ana, bob, mia, zoe);

  const pages = [ana, bob, mia, zoe];
  const found = await Promise.all(pages.map((page, i) => secretsOf(page, Object.keys(names)[i] as string)));
  const secrets = new Map(found.flatMap((each) => [...each]));
  for (const link of links) {
    const invitation = await readInvitation(link);
    if (!invitation.ok) throw new Error('the link is not one');
    secrets.set(`invite secret ${bytesToHex(invitation.value.secret)}`, invitation.value.secret);
    const { id } = await deriveInvitationKeys(invitation.value.secret);
    secrets.set(`invite ${id}`, idToBytes(id));
  }
  expect(secrets.size).toBeGreaterThan(50);
  return { secrets, pages };
};

/** A friend invites, the other asks, and is let in; the link that did it. */
const admit = async (member: Page, newcomer: Page, name: string): Promise<string> => {
  const link = await inviteLink(member);
  await letIn(member, name, await askToJoin(newcomer, link, name));
  await expect(board(newcomer)).toBeVisible();
  return link;
};

/** A check-in with a feeling word of the list. */
const sayOverwhelmed = async (page: Page, words: string): Promise<void> => {
  await openComposer(page);
  await page.getByRole('slider', { name: 'Pleasantness' }).fill('-60');
  await page.getByRole('slider', { name: 'Energy' }).fill('50');
  const feelings = page.getByRole('group', { name: 'Feeling words' });
  await feelings.getByRole('button', { name: said['listed feeling word'], exact: true }).click();
  await sayHere(page, { words });
  await seeWords(page, 'You', words);
};

/** A check-in with a word for a feeling that no list has. */
const sayInOwnWord = async (page: Page, words: string): Promise<void> => {
  await openComposer(page);
  await page.getByRole('button', { name: 'other …' }).click();
  const list = page.getByRole('dialog', { name: 'More words' });
  await list.getByRole('textbox').fill(said['own feeling word']);
  await list.getByRole('button', { name: `Use “${said['own feeling word']}”` }).click();
  await sayHere(page, { words });
  await seeWords(page, 'You', words);
  await expect(card(page, 'You')).toContainText(said['own feeling word']);
};

/** Both relays have confirmed everything that these phones owe them. */
const settled = async (...pages: readonly Page[]): Promise<void> => {
  for (const page of pages) await expect.poll(() => waitingForRelays(page), { timeout: 60_000 }).toBe(0);
};

/** What docs/threat-model.md says a relay sees of mail, and not a field more. */
const expectOnlyWhatIsSaid = (
  tables: ReadonlyMap<string, Record<string, unknown>[]>,
  heard: readonly string[]
): void => {
  const fields = (table: string): string[] => Object.keys(tables.get(table)?.[0] ?? {});
  expect([...tables.keys()].toSorted()).toEqual(['event', 'usage']);
  expect(fields('event')).toEqual(['row', 'id', 'mailbox', 'author', 'created_at', 'expires_at', 'bytes', 'text']);
  expect(fields('usage')).toEqual(['mailbox', 'events', 'bytes']);
  const events = heard
    .filter((text) => text.startsWith('["EVENT"'))
    .map((text) => (JSON.parse(text) as [string, Mail])[1]);
  const mail = events.filter(({ kind }) => kind === 1059);
  expect(new Set(events.map(({ kind }) => kind)).isSubsetOf(new Set([5, 1059, 20_571]))).toBe(true);
  expect(new Set(mail.map(({ pubkey }) => pubkey)).size).toBe(new Set(mail.map(({ id }) => id)).size);
  for (const { tags, content } of mail) {
    expect(tags.map(([name]) => name)).toEqual(['p', 'expiration']);
    expect(Number(tags[1]?.[1]) % 3600).toBe(0);
    expect((Buffer.from(content, 'base64url').length - 28) % 1024).toBe(0);
  }
  const upgrades = heard.filter((text) => /^GET \S*relay\n/.test(text)).map((text) => text.toLowerCase().split('\n'));
  expect(upgrades.length).toBeGreaterThan(3);
  const headers = new Set(upgrades.flatMap(([, ...lines]) => lines.filter((_, i) => i % 2 === 0)));
  expect([...headers.difference(everyUpgradeHas)]).toEqual([]);
};

interface Mail {
  readonly id: string;
  readonly pubkey: string;
  readonly kind: number;
  readonly tags: readonly string[][];
  readonly content: string;
}

/** What a browser says whenever it opens a socket: its own name and languages, and which app it came from. No cookie. */
const everyUpgradeHas = new Set([
  ...['host', 'connection', 'upgrade', 'pragma', 'cache-control', 'origin', 'user-agent', 'accept-encoding'],
  ...['accept-language', 'sec-websocket-version', 'sec-websocket-key', 'sec-websocket-extensions']
]);
