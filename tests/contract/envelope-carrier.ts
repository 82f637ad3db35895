/**
 * What every `EnvelopeCarrier` that is a `Mailbox` does: the port's contract, told as stories, run by each adapter.
 *
 * Run by the in-process mailbox, our relay and a stricter one. A bundle is no carrier: docs/adr/0010 says why.
 *
 * Ana and Bo hold the same keys and are never told of each other by anything but the mail. Where a carrier may hand
 * things out again, sets are compared.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bytesToHex } from '../../src/lib/base/bytes.ts';
import { hourMs, systemClock } from '../../src/lib/base/clock.ts';
import { envelopeBytesMax } from '../../src/lib/base/limits.ts';
import { unwrap } from '../../src/lib/base/result.ts';
import type {
  CarryFailure,
  Delivery,
  Mail,
  Mailbox,
  MailboxStatus,
  MailId
} from '../../src/lib/sync/envelope-carrier.ts';
import { seededRandom } from '../unit/base/seeded-random.ts';
import { asTexts, collect, cursorOf, letters, textsIn } from './letters.ts';

/** Somewhere mail is kept. */
export interface MailPlace {
  /** A mailbox with this epoch's keys, or the next one's; not yet opened. */
  createMailbox(epoch: 'this' | 'next'): Promise<Mailbox>;
  /** It goes away, and comes back where it was. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Goes away and comes back with nothing. */
  restartEmpty(): Promise<void>;
  /** The end of the test. */
  close(): Promise<void>;
}

export interface MailPlaceOptions {
  /** How many events are kept. */
  readonly eventsMax?: number;
}

interface Friend {
  readonly mailbox: Mailbox;
  readonly heard: string[];
  readonly statuses: string[];
  readonly refused: string[];
}

const patience = { timeout: 20_000, interval: 20 };

export const describeEnvelopeCarrier = (
  name: string,
  createPlace: (options: MailPlaceOptions) => Promise<MailPlace>
): void => {
  describe(`EnvelopeCarrier: ${name}`, () => {
    let place: MailPlace;
    let friends: Friend[];

    const createFriend = async (epoch: 'this' | 'next' = 'this'): Promise<Friend> => {
      const friend: Friend = { mailbox: await place.createMailbox(epoch), heard: [], statuses: [], refused: [] };
      friend.mailbox.open({
        onMail: ({ arrivals }) => friend.heard.push(...arrivals.map(({ envelope }) => bytesToHex(envelope))),
        onStatus: (status) => friend.statuses.push(statusName(status)),
        onRefused: (type) => friend.refused.push(type)
      });
      friends.push(friend);
      return friend;
    };

    beforeEach(async () => {
      place = await createPlace({});
      friends = [];
    });

    afterEach(async () => {
      for (const { mailbox } of friends) mailbox.close();
      await place.close();
    });

    test('Ana leaves words and goes; Bo, who was never online with her, finds them', async () => {
      const ana = await createFriend();
      const words = letters(3);
      expect(await ana.mailbox.push(words, 'single')).toMatchObject({ confirmed: 3, each: [kept, kept, kept] });
      ana.mailbox.close();
      const bo = await createFriend();
      expect(await pullAll(bo)).toEqual(asTexts(words));
      expect(bo.heard).toEqual([]);
      expect(bo.refused).toEqual([]);
    });

    test('an empty mailbox is read to its end, and nothing pushed is nothing', async () => {
      const ana = await createFriend();
      expect(await collect(ana.mailbox.pull())).toEqual([
        { ok: true, value: { arrivals: [], cursorS: expect.any(Number) } }
      ]);
      expect(await ana.mailbox.push([], 'packed')).toEqual({ confirmed: 0, each: [] });
      expect(await ana.mailbox.remove([])).toEqual({ confirmed: 0, each: [] });
      expect(unwrap(await ana.mailbox.has([]))).toEqual(new Set());
    });

    test('what was left twice, in any order and by anyone, is there all the same', async () => {
      const [ana, bo, mia] = [await createFriend(), await createFriend(), await createFriend()];
      const words = letters(6);
      await ana.mailbox.push(words, 'single');
      await bo.mailbox.push(words.toReversed(), 'packed');
      await ana.mailbox.push(words.slice(2, 4), 'single');
      expect(await pullAll(mia)).toEqual(asTexts(words));
    });

    test('comes by itself to whoever is there', async () => {
      const [ana, bo] = [await createFriend(), await createFriend()];
      await vi.waitFor(() => expect(bo.statuses).toEqual(['Open']), patience);
      const words = letters(2);
      await ana.mailbox.push(words, 'single');
      await vi.waitFor(() => expect(new Set(bo.heard)).toEqual(asTexts(words)), patience);
    });

    test('goes on from a cursor, and misses nothing that came since', async () => {
      const [ana, bo] = [await createFriend(), await createFriend()];
      const [before, after] = [letters(3), letters(3, 9)];
      await ana.mailbox.push(before, 'single');
      const first = await collect(bo.mailbox.pull());
      expect(first.slice(0, -1).every((page) => cursorOf(page) === undefined)).toBe(true);
      const cursorS = cursorOf(first.at(-1));
      expect(cursorS).toBeTypeOf('number');
      await ana.mailbox.push(after, 'single');
      const second = await collect(bo.mailbox.pull(cursorS));
      expect(textsIn(second).isSupersetOf(asTexts(after))).toBe(true);
      expect(cursorOf(second.at(-1))).toBeGreaterThanOrEqual(cursorS ?? 0);
    });

    test('tells how far live mail brought a reader who has pulled, and no other', async () => {
      const [ana, bo] = [await createFriend(), await place.createMailbox('this')];
      const deliveries: Delivery[] = [];
      bo.open({ onMail: (one) => deliveries.push(one), onStatus: () => undefined, onRefused: () => undefined });
      await collect((await createFriend()).mailbox.pull());
      expect(unwrap(await bo.has([]))).toEqual(new Set()); // it is open
      await ana.mailbox.push(letters(1), 'single');
      await vi.waitFor(() => expect(deliveries).toHaveLength(1), patience);
      expect(deliveries[0]?.cursorS).toBeUndefined();
      const cursorS = cursorOf((await collect(bo.pull())).at(-1));
      await ana.mailbox.push(letters(1, 9), 'single');
      await vi.waitFor(() => expect(deliveries).toHaveLength(2), patience);
      expect(deliveries[1]?.cursorS).toBeGreaterThanOrEqual(cursorS ?? Infinity);
      bo.close();
    });

    test('a history of 3,000 goes there packed, and all of it comes back', async () => {
      const [ana, bo] = [await createFriend(), await createFriend()];
      const history = letters(3000);
      const pushed = await ana.mailbox.push(history, 'packed');
      expect(pushed.confirmed).toBe(3000);
      expect(await pullAll(bo)).toEqual(asTexts(history));
    });

    test('more single letters than a page holds are read page by page', async () => {
      const [ana, bo] = [await createFriend(), await createFriend()];
      const words = letters(620);
      const pushed = await ana.mailbox.push(words, 'single');
      expect(pushed.confirmed).toBe(620);
      expect(new Set(pushed.each.map(unwrap)).size).toBe(620);
      expect(await pullAll(bo)).toEqual(asTexts(words));
    });

    test('who stops reading in the middle harms nothing', async () => {
      const [ana, bo] = [await createFriend(), await createFriend()];
      const words = letters(5);
      await ana.mailbox.push(words, 'single');
      for await (const page of bo.mailbox.pull()) {
        expect(page.ok).toBe(true);
        break;
      }
      expect(await pullAll(bo)).toEqual(asTexts(words));
    });

    test('carries the largest envelope, and tells of one that is larger, beside others that were kept', async () => {
      const [ana, bo] = [await createFriend(), await createFriend()];
      const [small] = letters(1);
      const large = { envelope: seededRandom(5).bytes(envelopeBytesMax) };
      const tooLarge = { envelope: new Uint8Array(envelopeBytesMax + 1) };
      const gone = { envelope: Uint8Array.of(1, 2, 3), expiresMs: systemClock.nowMs() - hourMs };
      for (const packing of ['single', 'packed'] as const) {
        const pushed = await ana.mailbox.push([small as Mail, tooLarge, large, gone], packing);
        expect(pushed).toMatchObject({ confirmed: 2, each: [kept, failed('TooLarge'), kept, failed('Expired')] });
      }
      expect(await pullAll(bo)).toEqual(asTexts([small as Mail, large]));
    });

    test('what is refused is told envelope by envelope, and the others are there', async () => {
      await place.close();
      place = await createPlace({ eventsMax: 3 });
      const [ana, bo] = [await createFriend(), await createFriend()];
      const words = letters(5);
      const pushed = await ana.mailbox.push(words, 'single');
      expect(pushed.confirmed).toBe(3);
      expect(pushed.each.filter(({ ok }) => !ok)).toEqual([failed('Refused'), failed('Refused')]);
      expect(await pullAll(bo)).toEqual(asTexts(words.filter((_, i) => pushed.each[i]?.ok)));
    });

    test('what has been replaced can be removed by anyone who holds the keys', async () => {
      const [ana, bo, mia] = [await createFriend(), await createFriend(), await createFriend()];
      const words = letters(4);
      const [first, second] = (await ana.mailbox.push(words, 'single')).each.map(unwrap);
      const third = await idOf(bo, words[2]);
      expect((await ana.mailbox.remove([first as MailId])).confirmed).toBe(1);
      expect((await bo.mailbox.remove([third])).confirmed).toBe(1);
      expect(await pullAll(mia)).toEqual(asTexts([words[1] as Mail, words[3] as Mail]));
      expect(unwrap(await mia.mailbox.has([first, second, third] as MailId[]))).toEqual(new Set([second]));
    });

    test('a place that was emptied is noticed, and filled again', async () => {
      const ana = await createFriend();
      const words = letters(3);
      const ids = (await ana.mailbox.push(words, 'single')).each.map(unwrap);
      expect(unwrap(await ana.mailbox.has(ids))).toEqual(new Set(ids));
      await place.restartEmpty();
      await vi.waitFor(() => expect(ana.statuses).toEqual(['Open', 'Closed: Offline', 'Open']), patience);
      expect(unwrap(await ana.mailbox.has(ids))).toEqual(new Set());
      expect((await ana.mailbox.push(words, 'packed')).confirmed).toBe(3);
      expect(await pullAll(await createFriend())).toEqual(asTexts(words));
    });

    test('offline is said at once, and over when the place is back', async () => {
      const ana = await createFriend();
      await vi.waitFor(() => expect(ana.statuses).toEqual(['Open']), patience);
      await place.stop();
      await vi.waitFor(() => expect(ana.statuses).toEqual(['Open', 'Closed: Offline']), patience);
      const words = letters(2);
      expect(await ana.mailbox.push(words, 'single')).toEqual({
        confirmed: 0,
        each: [failed('Offline'), failed('Offline')]
      });
      expect(await collect(ana.mailbox.pull())).toEqual([failed('Offline')]);
      expect(await ana.mailbox.has([])).toEqual(failed('Offline'));
      expect(await ana.mailbox.probe()).toEqual({
        ok: false,
        error: { type: 'NotWritten', why: { type: 'Offline' } }
      });
      await place.start();
      ana.mailbox.wake();
      await vi.waitFor(() => expect(ana.statuses.at(-1)).toBe('Open'), patience);
      expect((await ana.mailbox.push(words, 'single')).confirmed).toBe(2);
    });

    test('closing in the middle of a push says of every envelope what became of it', async () => {
      const [ana, bo] = [await createFriend(), await createFriend()];
      const words = letters(60);
      const pushing = ana.mailbox.push(words, 'single');
      await vi.waitFor(() => expect(bo.heard.length).toBeGreaterThan(0), patience);
      ana.mailbox.close();
      const { confirmed, each } = await pushing;
      expect(each).toHaveLength(60);
      expect(confirmed).toBe(each.filter(({ ok }) => ok).length);
      for (const one of each) expect([kept, failed('Closed')]).toContainEqual(one);
      const there = await pullAll(bo);
      expect(there.isSupersetOf(asTexts(words.filter((_, i) => each[i]?.ok)))).toBe(true);
    });

    test('closed, it answers everything and hears nothing', async () => {
      const [ana, bo, mia] = [await createFriend(), await createFriend(), await createFriend()];
      for (const friend of [bo, mia]) await vi.waitFor(() => expect(friend.statuses).toEqual(['Open']), patience);
      bo.mailbox.close();
      bo.mailbox.close();
      bo.mailbox.wake();
      const words = letters(1);
      expect((await ana.mailbox.push(words, 'single')).confirmed).toBe(1);
      await vi.waitFor(() => expect(new Set(mia.heard)).toEqual(asTexts(words)), patience);
      expect(await bo.mailbox.push(words, 'packed')).toEqual({ confirmed: 0, each: [failed('Closed')] });
      expect(await collect(bo.mailbox.pull())).toEqual([failed('Closed')]);
      expect(await bo.mailbox.has([])).toEqual(failed('Closed'));
      expect(bo.heard).toEqual([]);
      expect(bo.statuses).toEqual(['Open']);
    });

    test('mail of another epoch is never seen', async () => {
      const [ana, later] = [await createFriend(), await createFriend('next')];
      const [old, young] = [letters(3), letters(3, 9)];
      const ids = (await ana.mailbox.push(old, 'single')).each.map(unwrap);
      await later.mailbox.push(young, 'single');
      expect(await pullAll(later)).toEqual(asTexts(young));
      expect(await pullAll(ana)).toEqual(asTexts(old));
      expect(unwrap(await later.mailbox.has(ids))).toEqual(new Set());
      await later.mailbox.remove(ids);
      expect(unwrap(await ana.mailbox.has(ids))).toEqual(new Set(ids));
      expect(later.refused).toEqual([]);
    });

    test('a probe is written, read back and removed, and is no mail to anyone', async () => {
      const [ana, bo] = [await createFriend(), await createFriend()];
      expect(await ana.mailbox.probe()).toEqual({ ok: true, value: { removes: true } });
      expect(await pullAll(bo)).toEqual(new Set());
      expect([...bo.heard, ...bo.refused]).toEqual([]);
    });
  });
};

const kept = { ok: true, value: expect.any(String) as string };
const failed = (type: CarryFailure['type']) => ({
  ok: false,
  error: expect.objectContaining({ type }) as CarryFailure
});

const statusName = (status: MailboxStatus): string => (status.type === 'Open' ? 'Open' : `Closed: ${status.why.type}`);

/** Everything there is, read to its end. */
const pullAll = async ({ mailbox }: Friend): Promise<ReadonlySet<string>> => {
  const pages = await collect(mailbox.pull());
  expect(cursorOf(pages.at(-1))).toBeTypeOf('number');
  return textsIn(pages);
};

/** What an envelope is kept as, for a friend who did not leave it. */
const idOf = async ({ mailbox }: Friend, mail: Mail | undefined): Promise<MailId> => {
  const arrivals = (await collect(mailbox.pull())).flatMap((page) => unwrap(page).arrivals);
  const found = arrivals.find(
    ({ envelope }) => mail !== undefined && bytesToHex(envelope) === bytesToHex(mail.envelope)
  );
  expect(found).toBeDefined();
  return found?.id as MailId;
};
