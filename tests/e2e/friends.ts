/**
 * What Ana, Bob and Mia do, as they would say it: every end-to-end story is told in these steps.
 *
 * Things are found by role and accessible name only, and a step that changes something ends when the person can see
 * that it has. `test` hands a story its own `app` and any number of phones, and closes them. After every story each
 * phone must have had no error of any kind, no violation of the Content-Security-Policy, and no request that left the
 * app's origin.
 */
import { test as base, expect, type BrowserContextOptions, type Locator, type Page } from '@playwright/test';
import { buildFolder, expectNothingWrong, openPhone, startApp, type RunningApp } from './phone.ts';

/** How one is: a place on the field from -100 to 100, words, what would help. All of it may be left out. */
export interface Saying {
  readonly words?: string;
  readonly pleasantness?: number;
  readonly energy?: number;
  readonly help?: 'just know' | 'hear me' | 'be near' | 'think along' | 'practical hands';
}

export type OpenPhone = (name: string, options?: BrowserContextOptions) => Promise<Page>;

/** Stories begin with a server of their own and phones with nothing on them. */
export const test = base.extend<{ folder: string; app: RunningApp; phone: OpenPhone }>({
  folder: [buildFolder, { option: true }],
  app: async ({ folder }, use) => {
    const app = await startApp(folder);
    await use(app);
    await app.goDown();
  },
  phone: async ({ app, browser }, use) => {
    const pages: Page[] = [];
    await use(async (name, options) => {
      const page = await openPhone(browser, name, options);
      pages.push(page);
      return page;
    });
    await Promise.all(pages.map((page) => page.context().close()));
    pages.forEach((page) => expectNothingWrong(page, app));
  }
});

export { expect };
export { openPhone, startApp, expectNothingWrong, type RunningApp } from './phone.ts';

// What one sees.

export const board = (page: Page): Locator => page.getByRole('region', { name: 'Board' });

/** A friend's card by their name; one's own is "You". */
export const card = (page: Page, friend: string): Locator =>
  board(page).getByRole('article', { name: friend, exact: true });

/** All that is on somebody's card, once it has been opened. */
export const openedCard = (page: Page): Locator => page.getByRole('main');

/** On an opened card, what they said last, without the answers; one's own is "You". */
export const newestOf = (page: Page, friend: string): Locator =>
  openedCard(page).getByRole('article', { name: friend, exact: true });

export const changeDialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Change what you said' });

export const composer = (page: Page): { words: Locator; help: Locator; sayIt: Locator } => ({
  words: page.getByRole('textbox', { name: 'In your own words' }),
  help: page.getByRole('group', { name: 'What would help' }),
  sayIt: page.getByRole('button', { name: 'Say it' })
});

export const joinRequest = (page: Page, name: string): Locator =>
  page.getByRole('dialog', { name: `${name} would like to join` });

/** The sentence in the header: who is here right now. */
export const presence = (page: Page): Locator => page.getByRole('status');

// What one expects to see.

export const seeWords = (page: Page, friend: string, words: string): Promise<void> =>
  expect(card(page, friend).getByText(words, { exact: true })).toBeVisible();

/** "Connected to …", the names in roster order. */
export const connected = (page: Page, names: readonly string[]): Promise<void> =>
  expect(presence(page)).toHaveText(`Connected to ${names.join(', ')}`);

/** The six words on this screen, in order; ends when there are six. */
export const sixWords = async (scope: Page | Locator): Promise<readonly string[]> => {
  const words = scope.getByRole('group', { name: 'Six words' }).getByRole('listitem');
  await expect(words).toHaveCount(6);
  return words.allInnerTexts();
};

// What one does.

/** Says how one is on whatever composer is open, and presses "Say it". */
export const sayHere = async (page: Page, { words, pleasantness, energy, help }: Saying): Promise<void> => {
  if (pleasantness !== undefined) await page.getByRole('slider', { name: 'Pleasantness' }).fill(`${pleasantness}`);
  if (energy !== undefined) await page.getByRole('slider', { name: 'Energy' }).fill(`${energy}`);
  if (words !== undefined) await composer(page).words.fill(words);
  if (help !== undefined) await composer(page).help.getByRole('button', { name: help }).click();
  await composer(page).sayIt.click();
};

/** Opens the app for the first time and says how one is; ends at the three choices. */
export const firstCheckIn = async (page: Page, app: Pick<RunningApp, 'url'>, saying: Saying): Promise<void> => {
  await page.goto(app.url);
  await expect(page.getByRole('heading', { name: 'How are you, really?' })).toBeVisible();
  await sayHere(page, saying);
  await expect(page.getByRole('button', { name: 'Just me for now' })).toBeVisible();
};

/** From the board: opens the composer, says it, and is back on the board with one's own card. */
export const say = async (page: Page, words: string, saying: Saying = {}): Promise<void> => {
  await openComposer(page);
  await sayHere(page, { ...saying, words });
  await seeWords(page, 'You', words);
};

/** From the board to the composer. */
export const openComposer = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'How are you, really?' }).click();
  await expect(composer(page).words).toBeVisible();
};

/** From the board to somebody's card, opened; one's own is "You". */
export const openCard = async (page: Page, friend: string): Promise<Locator> => {
  await card(page, friend).getByRole('link', { name: friend, exact: true }).click();
  await expect(openedCard(page).getByRole('heading', { level: 1, name: friend, exact: true })).toBeVisible();
  return openedCard(page);
};

/** From an opened card to the board it is on. */
export const backToBoard = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await expect(board(page)).toBeVisible();
};

/** From the board, corrects the words of one's newest check-in, and is back on the board with them. */
export const change = async (page: Page, words: string): Promise<void> => {
  await openCard(page, 'You');
  await newestOf(page, 'You').getByRole('button', { name: 'Change' }).click();
  await changeDialog(page).getByRole('textbox', { name: 'In your own words' }).fill(words);
  await changeDialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(changeDialog(page)).toBeHidden();
  await backToBoard(page);
  await seeWords(page, 'You', words);
};

/** From the board, takes back `words`, which one said last, and is back on the board without them. */
export const unsay = async (page: Page, words: string): Promise<void> => {
  const own = await openCard(page, 'You');
  await newestOf(page, 'You').getByRole('button', { name: 'Unsay' }).click();
  await newestOf(page, 'You').getByRole('button', { name: 'Unsay it' }).click();
  await expect(own.getByText(words, { exact: true })).toHaveCount(0);
  await backToBoard(page);
  await expect(card(page, 'You').getByText(words, { exact: true })).toHaveCount(0);
};

/**
 * On an opened card: unfolds the box behind `opener`, writes, sends, and ends when it has folded again, which is when the
 * words are said.
 */
export const write = async (
  page: Page,
  {
    opener,
    box,
    words,
    send
  }: { readonly opener: string; readonly box: string; readonly words: string; readonly send: string }
): Promise<void> => {
  await openedCard(page).getByRole('button', { name: opener, exact: true }).click();
  await openedCard(page).getByRole('textbox', { name: box, exact: true }).fill(words);
  await openedCard(page).getByRole('button', { name: send, exact: true }).click();
  await expect(openedCard(page).getByRole('textbox', { name: box, exact: true })).toHaveCount(0);
};

/** On a friend's opened card. */
export const reply = (page: Page, friend: string, words: string): Promise<void> =>
  write(page, { opener: 'A few words …', box: `A few words to ${friend}`, words, send: 'Say it' });

/** On a friend's opened card. */
export const writeLetter = (page: Page, friend: string, words: string): Promise<void> =>
  write(page, { opener: 'Write a letter', box: `A letter to ${friend}`, words, send: `Send to ${friend}` });

/** On a friend's opened card. */
export const askToTalk = (page: Page, friend: string, words: string): Promise<void> =>
  write(page, { opener: 'Hey, can we talk?', box: `To ${friend} alone`, words, send: `Send to ${friend}` });

/** On a friend's opened card: "me too", with words that only they get. */
export const sayBeenThere = async (page: Page, friend: string, words: string): Promise<void> => {
  await openedCard(page).getByRole('button', { name: 'me too', exact: true }).click();
  const opener = `Add words that only ${friend} gets`;
  await write(page, { opener, box: `Words that only ${friend} gets`, words, send: `Send to ${friend}` });
};

/** From the three choices or the board; ends on the new circle's page, perhaps with "Share this with …?" on it. */
export const foundCircle = async (
  page: Page,
  { name, circle }: { readonly name: string; readonly circle: string }
): Promise<void> => {
  await page
    .getByRole('button', { name: 'Start a circle' })
    .or(page.getByRole('link', { name: 'Start a circle' }))
    .click();
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('textbox', { name: 'Circle name' }).fill(circle);
  await page.getByRole('button', { name: 'Create circle' }).click();
  await expect(board(page).or(shareDialog(page, circle)).first()).toBeVisible();
};

/** The question whether a check-in that was only one's own goes to this circle. */
export const shareDialog = (page: Page, circle: string): Locator =>
  page.getByRole('dialog', { name: `Share this with ${circle}?` });

export const shareFirst = (page: Page, circle: string): Promise<void> => answerShare(page, circle, 'Share');
export const keepFirst = (page: Page, circle: string): Promise<void> => answerShare(page, circle, 'Not now');

/** First check-in, a new circle, and the check-in shared with it: how most stories begin. */
export const beginCircle = async (
  page: Page,
  app: Pick<RunningApp, 'url'>,
  { name, circle, ...saying }: { readonly name: string; readonly circle: string } & Saying
): Promise<void> => {
  await firstCheckIn(page, app, saying);
  await foundCircle(page, { name, circle });
  await shareFirst(page, circle);
};

/** Makes a new link for one friend, and closes the panel again. */
export const inviteLink = async (page: Page): Promise<string> => {
  await page.getByRole('button', { name: 'Invite a friend' }).click();
  const link = await page.getByRole('textbox', { name: 'Invite link' }).inputValue();
  await page.getByRole('button', { name: 'Close' }).click();
  return link;
};

/** Opens a link and asks to be let in; ends with the six words on this screen. */
export const askToJoin = async (page: Page, link: string, name: string): Promise<readonly string[]> => {
  await page.goto(link);
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('button', { name: 'Ask to join' }).click();
  return sixWords(page);
};

/** "Yes, that's NAME", after the words shown there were compared with the asker's. */
export const letIn = async (page: Page, name: string, words: readonly string[]): Promise<void> => {
  const request = joinRequest(page, name);
  expect(await sixWords(request)).toEqual(words);
  await request.getByRole('button', { name: `Yes, that's ${name}` }).click();
  await expect(request).toBeHidden();
};

/** A member invites, the newcomer asks, the words are equal, the member says yes; ends on the newcomer's board. */
export const befriend = async (member: Page, newcomer: Page, name: string): Promise<void> => {
  const link = await inviteLink(member);
  const words = await askToJoin(newcomer, link, name);
  await letIn(member, name, words);
  await expect(board(newcomer)).toBeVisible();
};

/** Closes the tab, if it is still open, and opens an address in a new one of the same phone. */
export const reopen = async (page: Page, address: string): Promise<Page> => {
  await page.close();
  const again = await page.context().newPage();
  await again.goto(address);
  return again;
};

/** From one circle's board to another's. */
export const goToCircle = async (page: Page, circle: string): Promise<void> => {
  const link = page.getByRole('navigation', { name: 'Circles' }).getByRole('link', { name: circle, exact: true });
  await link.click();
  await expect(link).toHaveAttribute('aria-current', 'page');
  await expect(board(page)).toBeVisible();
};

const answerShare = async (page: Page, circle: string, answer: 'Share' | 'Not now'): Promise<void> => {
  const dialog = shareDialog(page, circle);
  await dialog.getByRole('button', { name: answer, exact: true }).click();
  await expect(dialog).toBeHidden();
};
