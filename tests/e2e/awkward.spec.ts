/** Words of every script and every trick: they arrive exactly as they were, and are never anything but words. */
import type { Page } from '@playwright/test';
import { awkwardStrings, brokenStrings, typedStrings } from './awkward-strings.ts';
import { beginCircle, befriend, board, composer, openComposer } from './friends.ts';
import { connectedTo, expect, joinScripted, test } from './harness/stories.ts';

test('five hundred awkward strings reach a friend unchanged, kept and read back', async ({ app, phone, scripted }) => {
  expect(awkwardStrings.length).toBeGreaterThanOrEqual(500);
  const [ana, bob, mia] = [await scripted(), await phone('Bob'), await scripted()];
  const all = JSON.stringify([...awkwardStrings, ...brokenStrings]);
  await ana.evaluate(async (all) => {
    await window.harness.friend.found('The kitchen table', 'Ana');
    await window.harness.friend.sayKept(JSON.parse(all) as string[]);
  }, all);
  await joinScripted(ana, bob, app, 'Bob');

  // Mia's device holds all of them, by way of the same inbox and store as the app's.
  const fragment = await ana.evaluate(() => window.harness.friend.invite());
  await mia.evaluate((link) => window.harness.friend.ask(link, 'Mia'), `${app.url}/join${fragment}`);
  await expect.poll(() => ana.evaluate(() => window.harness.friend.letIn())).not.toBeNull();
  const count = awkwardStrings.length + brokenStrings.length;
  await expect
    .poll(() =>
      mia.evaluate(
        async () => (await window.harness.friend.isIn()) && Object.keys(await window.harness.friend.heldWords()).length
      )
    )
    .toBe(count);
  const held = JSON.parse(
    await mia.evaluate(async () => JSON.stringify(await window.harness.friend.heldWords()))
  ) as Record<string, string>;
  const device = await ana.evaluate(() => window.harness.friend.deviceId());
  const arrived = Array.from({ length: count }, (_, i) => held[`${device}/kept/${i}`]);
  expect(arrived.slice(0, awkwardStrings.length)).toEqual(awkwardStrings);
  expect(arrived.slice(awkwardStrings.length)).toEqual(brokenStrings.map((words) => words.toWellFormed()));

  // And Bob's screen shows each of them as it is.
  await connectedTo(ana, 2);
  await watchWords(bob);
  const tags = await tagsOnBoard(bob);
  for (const words of [...awkwardStrings, ...brokenStrings]) {
    await ana.evaluate((text) => window.harness.friend.say(JSON.parse(text) as string), JSON.stringify(words));
    await bob.evaluate((text) => window.seeWords(text), JSON.stringify(words.toWellFormed()));
  }
  expect((await tagsOnBoard(bob)).filter((tag) => !tags.includes(tag) && !cardTags.includes(tag))).toEqual([]);
  await expectOnlyWords(bob);
});

test('what is typed into the box arrives as it was typed, and a draft comes back as it was', async ({ app, phone }) => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, { name: 'Ana', circle: 'The kitchen table', words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await watchWords(bob);
  for (const words of [...typedStrings, 'half a pair: \ud83d']) {
    await openComposer(ana);
    await typeExactly(ana, words);
    await composer(ana).sayIt.click();
    await bob.evaluate((text) => window.seeWords(text), JSON.stringify(words.toWellFormed()));
    await expect(board(ana)).toBeVisible();
  }
  await expectOnlyWords(ana);
  await expectOnlyWords(bob);

  await openComposer(ana);
  for (const words of ['\ufeffbefore\u0000after \u202e', '</textarea>{"words":"\\u0000"}']) {
    await typeExactly(ana, words);
    await ana.getByRole('button', { name: 'Not now' }).click();
    await openComposer(ana);
    await ana.reload();
    await expect(composer(ana).words).toBeVisible();
    expect(
      JSON.parse(await composer(ana).words.evaluate((box) => JSON.stringify((box as HTMLTextAreaElement).value)))
    ).toBe(words);
  }
});

declare global {
  interface Window {
    /** Resolves once some line on a friend's card is exactly this, given as JSON. */
    seeWords(text: string): Promise<void>;
    /** Set by whatever a string manages to run. */
    interpreted?: boolean;
  }
}

/** What a card with words may be made of. */
const cardTags = ['P', 'A', 'DIV', 'SPAN', 'BDI'];

const watchWords = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.seeWords = (text) => {
      const words = JSON.parse(text) as string;
      const lines = (): Element[] => [...document.querySelectorAll('article p')];
      return new Promise((resolve, reject) => {
        const look = (): void => {
          if (!lines().some(({ textContent }) => textContent === words)) return;
          watching.disconnect();
          clearTimeout(deadline);
          resolve();
        };
        const watching = new MutationObserver(look);
        const deadline = setTimeout(() => {
          watching.disconnect();
          reject(new Error(`never seen: ${text}; there is ${JSON.stringify(lines().map((line) => line.textContent))}`));
        }, 15_000);
        watching.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      });
    };
  });

const tagsOnBoard = (page: Page): Promise<string[]> =>
  board(page).evaluate((region) => [...new Set([...region.querySelectorAll('*')].map(({ tagName }) => tagName))]);

/** Nothing ran, nothing was fetched, and the house still stands. */
const expectOnlyWords = async (page: Page): Promise<void> => {
  expect(await page.evaluate(() => [window.interpreted, ({} as { interpreted?: boolean }).interpreted])).toEqual([
    undefined,
    undefined
  ]);
  await expect(
    page.locator('article :is(script, img, iframe, object, embed, b, style, link, meta, form, input, video)')
  ).toHaveCount(0);
  // Words are one text and nothing in it; what can be followed on a card leads to that card.
  await expect(page.locator('article .words')).not.toHaveCount(0);
  await expect(page.locator('article .words *')).toHaveCount(0);
  for (const link of await page.getByRole('article').getByRole('link').all())
    await expect(link).toHaveAttribute('href', /^\/c\/\d+\/friend\/\d+$/);
  await expect(page.getByRole('link', { name: 'How are you, really?' })).toBeVisible();
};

/** Types by way of the page, since not every string survives the way there as a key or a paste. */
const typeExactly = (page: Page, words: string): Promise<void> =>
  composer(page).words.evaluate((box, text) => {
    const area = box as HTMLTextAreaElement;
    area.value = JSON.parse(text) as string;
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, JSON.stringify(words));
