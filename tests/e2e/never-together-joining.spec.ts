/** Invited, asked, let in and in: by people who are never online together. A relay keeps each word for the next to wake. */
import type { Page } from '@playwright/test';
import {
  askToJoin,
  beginCircle,
  board,
  card,
  expect,
  inviteLink,
  joinRequest,
  letIn,
  reopen,
  say,
  seeWords,
  test,
  type RunningApp
} from './friends.ts';

const table = { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' };
const kept = 'Your question is kept for them: you can close this';

test('Ana invites and goes, Bob asks and goes, Ana says yes and goes: Bob is in @firefox', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await ana.close();

  const { words, mailbox } = await askAndGo(bob, app, link, 'Bob');
  await sayYesAndGo(ana, app, { name: 'Bob', words, mailbox });

  const bobIn = await reopen(bob, app.url);
  await seeWords(bobIn, 'Ana', 'Bob is one of us.');
  await sayAndGo(bobIn, 'Tired, but here.');

  const anaAwake = await reopen(ana, app.url);
  await seeWords(anaAwake, 'Bob', 'Tired, but here.');
  await sayAndGo(anaAwake, 'Good that you are here.');
  const bobAwake = await reopen(bob, app.url);
  await seeWords(bobAwake, 'Ana', 'Good that you are here.');
  // One question and one answer, however often each of them looked.
  expect(lettersIn(app, mailbox)).toBe(2);
});

test('closed right after yes: the welcome is left when Ana is back, once', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await ana.close();
  const { words, mailbox } = await askAndGo(bob, app, link, 'Bob');

  const anaAwake = await reopen(ana, app.url);
  await letIn(anaAwake, 'Bob', words);
  const anaAgain = await reopen(anaAwake, app.url);
  await expect.poll(() => lettersIn(app, mailbox)).toBe(2);
  await expect(card(anaAgain, 'Bob')).toBeVisible();
  await expect(joinRequest(anaAgain, 'Bob')).toHaveCount(0);
  await anaAgain.close();

  await seeWords(await reopen(bob, app.url), 'Ana', 'A rough week.');
  expect(lettersIn(app, mailbox)).toBe(2);
});

test('Ana invites, and Bob, whom she never met online, lets Mia in', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  const mia = await phone('Mia');
  await beginCircle(ana, app, table);
  const forBob = await inviteLink(ana);
  await ana.close();
  const asked = await askAndGo(bob, app, forBob, 'Bob');
  const anaAwake = await sayYes(ana, app, { name: 'Bob', ...asked });
  const forMia = await inviteLink(anaAwake);
  await sayAndGo(anaAwake, 'There is room for one more.');

  const { words, mailbox } = await askAndGo(mia, app, forMia, 'Mia');
  await sayYesAndGo(bob, app, { name: 'Mia', words, mailbox });

  const miaIn = await reopen(mia, app.url);
  await seeWords(miaIn, 'Ana', 'There is room for one more.');
  await expect(card(miaIn, 'Bob')).toBeVisible();
  await sayAndGo(miaIn, 'Thank you for having me.');

  const anaLast = await reopen(ana, app.url);
  await seeWords(anaLast, 'Mia', 'Thank you for having me.');
  await expect(joinRequest(anaLast, 'Mia')).toHaveCount(0);
});

test('the relay loses everything after the question, and again after the answer: Bob still comes in', async ({
  app,
  phone
}) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await ana.close();
  const { words, mailbox } = await askAndGo(bob, app, link, 'Bob');

  // Ana hears the question and puts it off. What she has heard is kept on her phone.
  const anaHears = await reopen(ana, app.url);
  await expect(joinRequest(anaHears, 'Bob')).toBeVisible();
  await anaHears.close();
  await loseAllMail(app);
  await sayYesAndGo(ana, app, { name: 'Bob', words, mailbox });
  await loseAllMail(app);

  // Bob finds nothing, and asks once more.
  const bobAgain = await reopen(bob, app.url);
  await expect.poll(() => lettersIn(app, mailbox)).toBe(3);
  await bobAgain.close();
  const anaBack = await reopen(ana, app.url);
  await expect.poll(() => lettersIn(app, mailbox)).toBe(4);
  await anaBack.close();
  const bobIn = await reopen(bob, app.url);
  await expect(board(bobIn)).toBeVisible();
  await expect(card(bobIn, 'Ana')).toBeVisible();
});

test('told no while asleep, Bob hears it when he is back', async ({ app, phone }) => {
  const ana = await phone('Ana');
  const bob = await phone('Bob');
  await beginCircle(ana, app, table);
  const link = await inviteLink(ana);
  await ana.close();
  const { mailbox } = await askAndGo(bob, app, link, 'Bob');
  const anaAwake = await reopen(ana, app.url);
  await joinRequest(anaAwake, 'Bob').getByRole('button', { name: "No, that's someone else" }).click();
  await expect.poll(() => lettersIn(app, mailbox)).toBe(2);
  await anaAwake.close();
  const bobAgain = await reopen(bob, `${app.url}/join`);
  await expect(bobAgain.getByRole('alert')).toHaveText(/^They said the words did not match/);
});

/** Opens a link, asks, and closes once a relay keeps the question; the six words, and the mailbox that it lies in. */
const askAndGo = async (
  page: Page,
  app: RunningApp,
  link: string,
  name: string
): Promise<{ readonly words: readonly string[]; readonly mailbox: string }> => {
  const words = await askToJoin(page, link, name);
  await expect(page.getByRole('status')).toContainText(kept);
  await page.close();
  // Nobody else was awake: it was the last letter that came in.
  const mailbox = lettersOf(app).at(-1);
  if (mailbox === undefined) throw new Error('the question lies in a mailbox');
  return { words, mailbox };
};

interface Request {
  readonly name: string;
  readonly words: readonly string[];
  readonly mailbox: string;
}

/** Wakes, compares the words, says yes; ends when the welcome was left. */
const sayYes = async (page: Page, app: RunningApp, { name, words, mailbox }: Request): Promise<Page> => {
  const before = lettersIn(app, mailbox);
  const awake = await reopen(page, app.url);
  await letIn(awake, name, words);
  await expect.poll(() => lettersIn(app, mailbox)).toBe(before + 1);
  return awake;
};

const sayYesAndGo = async (page: Page, app: RunningApp, request: Request): Promise<void> => {
  const awake = await sayYes(page, app, request);
  // What says that they are in has to be on its way too.
  await sayAndGo(awake, `${request.name} is one of us.`);
};

const sayAndGo = async (page: Page, words: string): Promise<void> => {
  await say(page, words);
  await expect(card(page, 'You')).toContainText('On its relay.');
  await page.close();
};

/** The server's mail is in memory: it comes back without any. */
const loseAllMail = async (app: RunningApp): Promise<void> => {
  await app.goDown();
  await app.comeBack();
};

const lettersIn = (app: RunningApp, mailbox: string): number =>
  lettersOf(app).filter((address) => address === mailbox).length;

/** The mailboxes of all letters that the relay was given, in the order they came. */
const lettersOf = ({ heard }: RunningApp): string[] =>
  heard
    .filter((text) => text.startsWith('["EVENT",'))
    .map((text) => (JSON.parse(text) as [string, { kind: number; tags: [string, string][] }])[1])
    .filter(({ kind }) => kind === 1059)
    .flatMap(({ tags }) => tags.find(([name]) => name === 'p')?.[1] ?? []);
