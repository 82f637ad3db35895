/** Gentle: few taps, no counting, a truer sentence when somebody likes one, and words that leave only as they were shown. */
import type { Page } from '@playwright/test';
import { dayMs, systemClock } from '../../src/lib/base/clock.ts';
import {
  beginCircle,
  befriend,
  card,
  composer,
  connected,
  expect,
  firstCheckIn,
  openComposer,
  say,
  seeWords,
  test,
  type RunningApp
} from './friends.ts';
import { table } from './harness/three-friends.ts';
import { timePasses } from './later.ts';

const rough = "It's been a rough day, but I'm hanging in there.";
const field = (page: Page) => page.getByRole('group', { name: 'Mood field' });
const truer = (page: Page) => page.getByRole('button', { name: rough });

test('from icon to said in four taps at most', async ({ app, phone }) => {
  const ana = await phone('Ana', { hasTouch: true });
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  const bob = await phone('Bob');
  await befriend(ana, bob, 'Bob');
  const taps = await countTaps(ana);

  // Nothing but said.
  await ana.goto(app.url);
  await ana.getByRole('link', { name: 'How are you, really?' }).tap();
  await composer(ana).sayIt.tap();
  await expect(card(ana, 'You')).toContainText("I don't know");
  expect(taps.count).toBe(2);

  // With a place on the field and a feeling word.
  taps.count = 0;
  await ana.goto(app.url);
  await ana.getByRole('link', { name: 'How are you, really?' }).tap();
  const picture = (await field(ana).getByRole('slider', { name: 'Pleasantness' }).boundingBox())!;
  await ana.touchscreen.tap(picture.x + picture.width * 0.25, picture.y + picture.height * 0.75);
  await ana.getByRole('group', { name: 'Feeling words' }).getByRole('button').first().tap();
  const feeling = await ana.getByRole('group', { name: 'Feeling words' }).locator('[aria-pressed=true]').innerText();
  await composer(ana).sayIt.tap();
  await expect(card(ana, 'You')).toContainText(feeling);
  expect(taps.count).toBe(4);
  await expect(card(bob, 'Ana')).toContainText(feeling);
});

test('the very first time it is one tap', async ({ app, phone }) => {
  const ana = await phone('Ana', { hasTouch: true });
  const taps = await countTaps(ana);
  await ana.goto(app.url);
  await composer(ana).sayIt.tap();
  await expect(ana.getByRole('heading', { name: 'That stays with you. Who would you want to know?' })).toBeVisible();
  expect(taps.count).toBe(1);
});

test('"I\'m fine" is offered one truer sentence, which stays hers to change', async ({ app, phone }) => {
  const { ana, bob } = await gatherTwo(app, phone);
  await openComposer(ana);
  await composer(ana).words.fill("I'm fine");
  await expect(truer(ana)).toBeVisible();
  await truer(ana).click();
  await expect(composer(ana).words).toHaveValue(rough);
  await composer(ana).words.press('End');
  await composer(ana).words.pressSequentially(' Mostly.');
  await expect(ana.getByRole('button', { name: "Actually, I'm not doing okay." })).toHaveCount(0);
  await composer(ana).sayIt.click();
  await seeWords(bob, 'Ana', `${rough} Mostly.`);
});

test('after a no it is gone, and not there at the next check-in; a switch turns it off for good', async ({
  app,
  phone
}) => {
  const { ana } = await gatherTwo(app, phone);
  const offers = await watchOffers(ana);
  const saysFine = async (): Promise<void> => {
    await openComposer(ana);
    await composer(ana).words.pressSequentially("I'm fine");
    await composer(ana).sayIt.click();
    await seeWords(ana, 'You', "I'm fine");
  };
  await openComposer(ana);
  await composer(ana).words.fill("I'm fine");
  await ana.getByRole('button', { name: "No, that's how it is" }).click();
  await expect(truer(ana)).toHaveCount(0);
  await composer(ana).sayIt.click();
  await seeWords(ana, 'You', "I'm fine");
  expect(await offers()).toBe(1);
  await saysFine();
  expect(await offers()).toBe(1);
  await openComposer(ana);
  await composer(ana).words.fill("I'm fine");
  await expect(truer(ana)).toBeVisible();
  await composer(ana).words.fill('');
  await ana.getByRole('button', { name: 'Not now' }).click();
  expect(await offers()).toBe(2);

  await ana.getByRole('link', { name: 'Settings' }).click();
  const notch = ana.getByRole('switch', { name: 'A notch truer' });
  await expect(notch).toHaveAttribute('aria-checked', 'true');
  await notch.click();
  await expect(notch).toHaveAttribute('aria-checked', 'false');
  await ana.getByRole('link', { name: 'Back', exact: true }).click();
  await saysFine();
  await saysFine();
  expect(await offers()).toBe(2);
});

test('joy is left as it is: a pleasant point is offered nothing', async ({ app, phone }) => {
  const { ana } = await gatherTwo(app, phone);
  await openComposer(ana);
  await composer(ana).words.fill('all good');
  await expect(truer(ana)).toBeVisible();
  await ana.getByRole('slider', { name: 'Pleasantness' }).fill('40');
  await expect(truer(ana)).toHaveCount(0);
  await ana.getByRole('slider', { name: 'Pleasantness' }).fill('-40');
  await expect(truer(ana)).toBeVisible();
});

test('Ana comes back after eight days: it is good to see her', async ({ app, phone }) => {
  const { ana, bob } = await gatherTwo(app, async (name) => {
    const page = await phone(name);
    await page.clock.install({ time: systemClock.nowMs() });
    return page;
  });
  await openComposer(ana);
  await expect(composer(ana).words).toBeVisible();
  await expect(ana.getByText('Good to see you.')).toHaveCount(0);
  await ana.getByRole('button', { name: 'Not now' }).click();

  await timePasses(app, [ana, bob], 8 * dayMs);
  await openComposer(ana);
  await expect(ana.getByText('Good to see you.')).toBeVisible();
  await composer(ana).words.fill('It was a lot.');
  await ana.getByRole('button', { name: "I went quiet. I'm here." }).click();
  await expect(composer(ana).words).toHaveValue("I went quiet. I'm here. It was a lot.");
  await expect(ana.getByText('Good to see you.')).toHaveCount(0);
  await composer(ana).sayIt.click();
  await seeWords(bob, 'Ana', "I went quiet. I'm here. It was a lot.");
  await openComposer(ana);
  await expect(composer(ana).words).toHaveValue('');
  await expect(ana.getByText('Good to see you.')).toHaveCount(0);
});

for (const { title, share } of [
  { title: 'where there is no share sheet', share: 'absent' },
  { title: 'where the share sheet is refused', share: 'refused' }
] as const) {
  test(`"Let them know" copies one neutral sentence ${title}`, async ({ app, phone }) => {
    const { ana } = await gatherTwo(app, async (name) => setShare(await phone(name), share));
    await say(ana, 'Something nobody else should read in a notification.');
    const know = ana.getByRole('region', { name: 'Let Bob know?' });
    await know.getByRole('button', { name: 'Let them know' }).click();
    await expect(know).toContainText('Copied. Paste it where you write to each other.');
    await know.getByRole('button', { name: 'Close' }).click();
    await expect(know).toHaveCount(0);
    const copied = await pasted(ana);
    expect(copied.startsWith(`I've said how I am, on Shoulder.\n${app.url}/`)).toBe(true);
    expect(copied).toMatch(/^[^\n]+\nhttp\S+$/);
  });
}

test('a share sheet gets the same sentence, and one that was closed is no failure', async ({ app, phone }) => {
  const { ana } = await gatherTwo(app, async (name) => setShare(await phone(name), 'taken'));
  await say(ana, 'Something nobody else should read in a notification.');
  const know = ana.getByRole('region', { name: 'Let Bob know?' });
  await know.getByRole('button', { name: 'Let them know' }).click();
  await expect(know).toContainText('Handed to the app you chose.');
  const handed = await ana.evaluate(() => window.handedOver);
  expect(handed.map(({ text }) => text)).toEqual(["I've said how I am, on Shoulder."]);
  expect(Object.keys(handed[0] ?? {})).toEqual(['text', 'url']);
  expect(handed[0]?.url?.startsWith(`${app.url}/`)).toBe(true);
  await ana.evaluate(() => (window.closesSheet = true));
  await know.getByRole('button', { name: 'Let them know' }).click();
  await expect(know).toContainText('Nothing was sent. What you said is still here.');
});

test('Send one in Just me: what leaves is what was shown, letter for letter', async ({ app, phone }) => {
  const ana = await setShare(await phone('Ana'), 'absent');
  const words = 'I keep  losing things.\nYesterday: the keys — today, me.';
  await firstCheckIn(ana, app, { words, pleasantness: -60, energy: -40, help: 'be near' });
  await ana.getByRole('button', { name: 'Just me for now' }).click();
  await ana.getByRole('button', { name: 'Send this to one person' }).click();
  const dialog = ana.getByRole('dialog', { name: 'Send this to one person' });
  await expect(dialog).toContainText(
    "This leaves Shoulder. Whoever carries it can read it, and it can't be taken back."
  );
  const preview = dialog.getByRole('group', { name: 'What leaves, word for word' }).getByText('I keep');
  for (const leftOut of [null, 'what would help', 'how I feel']) {
    if (leftOut !== null) await dialog.getByRole('button', { name: leftOut }).click();
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(dialog).toContainText('Copied. Paste it where you write to each other.');
    const shown = (await preview.textContent()) ?? '';
    expect(shown).toContain(words);
    expect(shown.includes('It would help to have you near.')).toBe(leftOut === null);
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await pasted(ana)).toBe(shown);
    await ana.getByRole('button', { name: 'Send this to one person' }).click();
    if (leftOut === 'what would help') await dialog.getByRole('button', { name: leftOut }).click();
  }
  await dialog.getByRole('button', { name: 'my words' }).click();
  await expect(dialog.getByText('I keep')).toHaveCount(0);
});

declare global {
  interface Window {
    /** What the share sheet of `setShare` was given. */
    handedOver: ShareData[];
    /** Whether the person closes it. */
    closesSheet: boolean;
    /** What `watchOffers` has counted. */
    offers: number;
  }
}

/** This phone's share sheet: none, one that the browser refuses, or one that takes what it is given. */
const setShare = async (page: Page, share: 'absent' | 'refused' | 'taken'): Promise<Page> => {
  await page.context().addInitScript((share) => {
    window.handedOver = [];
    const sheet = (data: ShareData): Promise<void> => {
      if (share === 'refused') return Promise.reject(new DOMException('not here', 'NotAllowedError'));
      if (window.closesSheet) return Promise.reject(new DOMException('closed', 'AbortError'));
      window.handedOver.push(data);
      return Promise.resolve();
    };
    Object.defineProperty(navigator, 'share', { value: share === 'absent' ? undefined : sheet, configurable: true });
  }, share);
  return page;
};

/** What is in the clipboard, found out as a person does: pasted into the composer, and taken out again. */
const pasted = async (page: Page): Promise<string> => {
  await openComposer(page);
  await composer(page).words.fill('');
  await composer(page).words.focus();
  await page.keyboard.press('ControlOrMeta+v');
  await expect(composer(page).words).not.toHaveValue('');
  const text = await composer(page).words.inputValue();
  await composer(page).words.fill('');
  await page.getByRole('button', { name: 'Not now' }).click();
  return text;
};

/** Counts what a thumb does on this phone, from its next navigation on. */
const countTaps = async (page: Page): Promise<{ count: number }> => {
  const taps = { count: 0 };
  await page.exposeFunction('tapped', () => void taps.count++);
  await page.addInitScript(() => {
    const { tapped } = window as unknown as { tapped: () => void };
    addEventListener('pointerdown', ({ isTrusted }) => isTrusted && tapped(), { capture: true });
  });
  return taps;
};

/** How often a truer sentence has come onto this page from now on, however short. */
const watchOffers = async (page: Page): Promise<() => Promise<number>> => {
  await page.evaluate((rough) => {
    const isThere = (): boolean => [...document.querySelectorAll('button')].some((b) => b.textContent.includes(rough));
    let was = isThere();
    window.offers = 0;
    new MutationObserver(() => {
      const is = isThere();
      if (is && !was) window.offers++;
      was = is;
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, rough);
  return () => page.evaluate(() => window.offers);
};

const gatherTwo = async (
  app: RunningApp,
  phone: (name: string) => Promise<Page>
): Promise<{ ana: Page; bob: Page }> => {
  const [ana, bob] = [await phone('Ana'), await phone('Bob')];
  await beginCircle(ana, app, { name: 'Ana', circle: table, words: 'A rough week.' });
  await befriend(ana, bob, 'Bob');
  await connected(ana, ['Bob']);
  await connected(bob, ['Ana']);
  return { ana, bob };
};
