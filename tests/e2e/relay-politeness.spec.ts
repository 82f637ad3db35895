/** What one ordinary opening costs a relay, counted in the frames that the browser sends. */
import type { Page } from '@playwright/test';
import { minuteMs } from '../../src/lib/base/clock.ts';
import { card, connected, expect, reopen, say, seeWords } from './friends.ts';
import { metOnce, test } from './harness/relay-site.ts';

/** Frames that went out, by what they begin with; and how many connections there were. */
interface Cost {
  readonly sockets: number;
  readonly EVENT: number;
  readonly REQ: number;
  readonly CLOSE: number;
  readonly AUTH: number;
}

/** Counts all that a phone sends from now on, on every connection of every page. */
const countFrames = (page: Page): (() => Cost) => {
  const frames: string[] = [];
  let sockets = 0;
  page.context().on('page', (each) =>
    each.on('websocket', (socket) => {
      sockets++;
      socket.on('framesent', ({ payload }) => frames.push(String(payload)));
    })
  );
  const count = (verb: string): number => frames.filter((frame) => frame.startsWith(`["${verb}"`)).length;
  return () => {
    const cost = { sockets, EVENT: count('EVENT'), REQ: count('REQ'), CLOSE: count('CLOSE'), AUTH: count('AUTH') };
    expect(cost.EVENT + cost.REQ + cost.CLOSE + cost.AUTH).toBe(frames.length);
    return cost;
  };
};

const tell = (what: string, { sockets, EVENT, REQ, CLOSE, AUTH }: Cost): void =>
  console.info(`${what}: ${sockets} connections, ${EVENT} events, ${REQ} questions, ${CLOSE} ended, ${AUTH} signed in`);

test('an opening costs a relay a handful of events and questions', async ({ app, phone, relay }) => {
  const [ana, bob] = (await metOnce(app, phone, ['Bob'])) as [Page, Page];

  // What the first meeting left to do is done: nothing is new from here on.
  await ana.context().clock.install();
  const settled = await reopen(ana, app.url);
  await expect.poll(() => relay.said.filter(([verb]) => verb === 'REQ').length).toBeGreaterThan(0);
  await settled.clock.fastForward(minuteMs);
  await say(settled, 'Said before one counts.');
  await expect(card(settled, 'You')).toContainText('On its relay.');
  await settled.close();

  const ofNothing = countFrames(ana);
  const alone = await reopen(ana, app.url);
  await expect.poll(() => ofNothing().CLOSE).toBeGreaterThanOrEqual(2); // it has read what there is
  const opened = ofNothing();
  tell('opened alone, nothing new', opened);
  // The room and the mailbox, and for who asks to join the door and its mailbox: while the link stands, seven days.
  expect(opened.sockets).toBe(4);
  expect(opened.EVENT).toBeLessThanOrEqual(4);
  expect(opened.REQ).toBeLessThanOrEqual(14);

  await say(alone, 'One check-in.');
  await expect(card(alone, 'You')).toContainText('On its relay.');
  await expect.poll(() => ofNothing().EVENT - opened.EVENT).toBeGreaterThanOrEqual(2);
  const saidOne = ofNothing();
  tell('and said one thing', saidOne);
  expect(saidOne.sockets).toBe(4);
  expect(saidOne.EVENT - opened.EVENT).toBeLessThanOrEqual(7);
  expect(saidOne.REQ - opened.REQ).toBeLessThanOrEqual(2);
  await alone.close();

  const ofReading = countFrames(bob);
  const reader = await reopen(bob, app.url);
  await seeWords(reader, 'Ana', 'One check-in.');
  await expect.poll(() => ofReading().CLOSE).toBeGreaterThanOrEqual(2);
  tell('opened alone, one thing to read', ofReading());
  expect(ofReading().sockets).toBe(4);
  expect(ofReading().EVENT).toBeLessThanOrEqual(5);
  expect(ofReading().REQ).toBeLessThanOrEqual(15);

  // Both are here now, and nothing happens for ten minutes.
  const ofTogether = countFrames(ana);
  const together = await reopen(ana, app.url);
  await connected(together, ['Bob']);
  await connected(reader, ['Ana']);
  await expect.poll(() => ofTogether().CLOSE).toBeGreaterThanOrEqual(2);
  const met = ofTogether();
  tell('opened while a friend is here', met);
  expect(met.EVENT).toBeLessThanOrEqual(8);
  expect(met.REQ).toBeLessThanOrEqual(15);
  for (let minutes = 0; minutes < 10; minutes++) await together.clock.fastForward(minuteMs);
  const stayed = minus(ofTogether(), met);
  tell('ten minutes connected, nothing new', stayed);
  expect(stayed.sockets).toBe(0);
  // An ack, its ledger, and what they replace; once a minute each connection asks whether the relay is still there.
  expect(stayed.EVENT).toBeLessThanOrEqual(8);
  expect(stayed.REQ).toBeLessThanOrEqual(4 * 10 + 2);
  expect(relay.kept()).toBeLessThan(40);
});

const minus = (later: Cost, before: Cost): Cost => ({
  sockets: later.sockets - before.sockets,
  EVENT: later.EVENT - before.EVENT,
  REQ: later.REQ - before.REQ,
  CLOSE: later.CLOSE - before.CLOSE,
  AUTH: later.AUTH - before.AUTH
});
