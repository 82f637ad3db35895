/** What one does about who is in a circle, as one would say it: steps for the stories about leaving, removing and coming back. */
import type { Locator, Page } from '@playwright/test';
import { board, expect, sixWords, type RunningApp } from './friends.ts';

/** On the people's page, on one person's page, and on the page for removing: that this device is out, and why. */
export const outSentences = {
  removed: "You're no longer in this circle. What is on this phone stays yours to read.",
  left: 'You left this circle. What is on this phone stays yours to read.',
  'taken off': 'This device was taken off, and is no longer in this circle. What is on it stays yours to read.'
} as const;

/** On the board: what changed of people, said once. */
export const peopleNews = (page: Page): Locator => page.getByRole('region', { name: 'What changed here' });

/** On the page of everybody: one of them; oneself is "You". */
export const personRow = (page: Page, name: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });

export const comingBack = (page: Page, name: string): Locator =>
  page.getByRole('dialog', { name: `${name} asks to come back` });

export const deviceRequest = (page: Page): Locator =>
  page.getByRole('dialog', { name: 'Another device asks to be yours' });

/** From the board to everybody's page. */
export const openPeople = async (page: Page): Promise<void> => {
  // News of people has the same way there.
  await page.getByRole('link', { name: 'Who is here', exact: true }).last().click();
  await expect(page).toHaveURL(/\/people$/);
};

/** From the board to the page of one person. */
export const openPerson = async (page: Page, name: string): Promise<void> => {
  await openPeople(page);
  await page.getByRole('listitem').getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
};

/** From any page about people to the board. */
export const leavePeople = async (page: Page): Promise<void> => {
  while (/\/people/.test(page.url())) {
    const here = page.url();
    await page.getByRole('link', { name: 'Back', exact: true }).click();
    await expect(page).not.toHaveURL(here);
  }
  await expect(board(page)).toBeVisible();
};

/** From the board to the page for saying that somebody should go. */
export const openRemove = async (page: Page, name: string): Promise<void> => {
  await openPerson(page, name);
  await page.getByRole('link', { name: `Remove ${name} from this circle` }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Remove ${name} from this circle` })).toBeVisible();
};

/** From the board: says that somebody should go, and is told `how` far it is; ends on the board. */
export const sayShouldGo = async (page: Page, name: string, how: string): Promise<void> => {
  await openRemove(page, name);
  await sayGo(page, name);
  await expect(page.getByRole('status')).toHaveText(how);
  await leavePeople(page);
};

/** The last word that it took: ends on everybody's page, where they are no more. */
export const sayLastWord = async (page: Page, name: string): Promise<void> => {
  await openRemove(page, name);
  await sayGo(page, name);
  await expect(page.getByRole('heading', { level: 1, name: `Remove ${name} from this circle` })).toBeHidden();
  await leavePeople(page);
};

/** From the board: sees on everybody's page that this device is out, and why; ends there. */
export const seeOut = async (page: Page, why: keyof typeof outSentences): Promise<void> => {
  await openPeople(page);
  await expect(page.getByRole('status')).toHaveText(outSentences[why]);
};

/** From the board: one makes new keys for everybody; ends on the board. */
export const tidyUp = async (page: Page): Promise<void> => {
  await openPeople(page);
  await page.getByRole('button', { name: 'Tidy up', exact: true }).click();
  await page.getByRole('button', { name: 'Make new keys', exact: true }).click();
  await expect(page.getByText('New keys are made. Every phone gets them when it next connects.')).toBeVisible();
  await leavePeople(page);
};

/** Opens a link on a new phone and asks to come back; ends with the six words on this screen. */
export const askToComeBack = async (page: Page, link: string, name: string): Promise<readonly string[]> => {
  await page.goto(link);
  await page.getByRole('button', { name: "I've been here before" }).click();
  await page.getByRole('textbox', { name: 'Your name, as your friends know you here' }).fill(name);
  await page.getByRole('button', { name: 'Ask to come back' }).click();
  return sixWords(page);
};

/** "Yes, that's NAME", after the words were compared with the new phone's; ends when it is said, with how much is missing. */
export const vouch = async (page: Page, name: string, words: readonly string[], missing: string): Promise<void> => {
  await sayItIsThem(page, name, words);
  await expect(comingBack(page, name).getByRole('status')).toContainText(missing);
  await comingBack(page, name).getByRole('button', { name: 'Close', exact: true }).click();
  await expect(comingBack(page, name)).toBeHidden();
};

/** The voice that was missing: the question goes by itself once new keys are made. */
export const vouchLast = async (page: Page, name: string, words: readonly string[]): Promise<void> => {
  await sayItIsThem(page, name, words);
  await expect(comingBack(page, name)).toBeHidden();
};

/** To all devices of one's own, by the settings. */
export const openDevices = async (page: Page, app: Pick<RunningApp, 'url'>): Promise<void> => {
  await page.goto(`${app.url}/settings`);
  await page.getByRole('link', { name: /^Your devices/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your devices' })).toBeVisible();
};

/**
 * Adds `other` as a laptop: a link on the one, the same six words on both, yes on the one. Ends on the other's own board, and on
 * the first one's list of devices.
 */
export const addLaptop = async (page: Page, other: Page, app: Pick<RunningApp, 'url'>): Promise<void> => {
  const words = await askAsLaptop(other, await linkForDevice(page, app));
  await sayItIsMine(page, words);
  await expect(board(other)).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'a laptop' })).toBeVisible();
};

/** By the settings: a link for another device of one's own; ends on the list of devices. */
export const linkForDevice = async (page: Page, app: Pick<RunningApp, 'url'>): Promise<string> => {
  await openDevices(page, app);
  await page.getByRole('button', { name: 'Add a device' }).click();
  return page.getByRole('textbox', { name: 'Link for your other device' }).inputValue();
};

/** Opens such a link on a laptop, and asks; ends with the six words on its screen. */
export const askAsLaptop = async (page: Page, link: string): Promise<readonly string[]> => {
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1, name: 'Make this one of your devices' })).toBeVisible();
  await page.getByRole('button', { name: 'laptop', exact: true }).click();
  await page.getByRole('button', { name: 'Ask my other device' }).click();
  return sixWords(page);
};

/** "Yes, that's mine", after the words were compared with the laptop's. */
export const sayItIsMine = async (page: Page, words: readonly string[]): Promise<void> => {
  const request = deviceRequest(page);
  expect(await sixWords(request)).toEqual(words);
  await expect(request).toContainText('It says it is a laptop.');
  await request.getByRole('button', { name: "Yes, that's mine" }).click();
  await expect(request).toBeHidden();
};

const sayGo = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name: `Say that ${name} should go` }).click();

const sayItIsThem = async (page: Page, name: string, words: readonly string[]): Promise<void> => {
  const request = comingBack(page, name);
  expect(await sixWords(request)).toEqual(words);
  await request.getByRole('button', { name: `Yes, that's ${name}` }).click();
};
