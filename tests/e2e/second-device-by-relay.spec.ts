/** By relay alone: a phone and a laptop of one person that are never awake together, and a friend who is awake with neither. */
import type { Page } from '@playwright/test';
import { kinds } from '../../src/lib/records/kinds.ts';
import { board, expect, goToCircle, seeWords, test } from './friends.ts';
import { metOnce } from './harness/relay-site.ts';
import { table } from './harness/three-friends.ts';
import { countKept, countLeft } from './kept.ts';
import { askAsLaptop, linkForDevice, sayItIsMine } from './people.ts';
import { sayAndSleep, sleep, wake } from './sleeping.ts';

test('Ana’s laptop comes in while her phone sleeps: her words are on it, and what it says reaches Bob', async ({
  app,
  phone
}) => {
  const [ana, bob] = (await metOnce(app, phone, ['Bob'])) as [Page, Page];
  const anaLinks = await wake(ana, app);
  const link = await linkForDevice(anaLinks, app);
  await sleep(anaLinks);
  const laptop = await phone('Ana’s laptop', { viewport: { width: 1280, height: 800 } });
  const words = await askAsLaptop(laptop, link);
  await expect(laptop.getByRole('status')).toContainText('Your question is kept');
  await laptop.close();

  const anaSaysYes = await wake(ana, app);
  await sayItIsMine(anaSaysYes, words);
  // Here and in the circle.
  await expect.poll(() => countLeft(anaSaysYes, kinds.checkIn)).toBe(2);
  await sleep(anaSaysYes);
  const laptopAsks = await wake(laptop, app);
  await goToCircle(laptopAsks, 'Just me');
  await seeWords(laptopAsks, 'You', 'A rough week.');
  // It asks for her circles there.
  await expect.poll(() => countKept(laptopAsks, kinds.deviceAsk)).toBe(1);
  await sleep(laptopAsks);
  const anaLetsIn = await wake(ana, app);
  await expect.poll(() => countKept(anaLetsIn, kinds.deviceWelcome)).toBe(1);
  await sleep(anaLetsIn);

  const laptopIsIn = await wake(laptop, app);
  await goToCircle(laptopIsIn, table);
  await seeWords(laptopIsIn, 'You', 'A rough week.');
  await expect(board(laptopIsIn).getByRole('article')).toHaveCount(2);
  await sayAndSleep(laptopIsIn, 'From the desk.');
  const bobAwake = await wake(bob, app);
  await seeWords(bobAwake, 'Ana', 'From the desk.');
  await expect(board(bobAwake).getByRole('article')).toHaveCount(2);
  const anaLast = await wake(ana, app);
  await goToCircle(anaLast, table);
  await seeWords(anaLast, 'You', 'From the desk.');
});
