/** Reading a mailbox page by page, from relays that cap, repeat, and lie. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { err, ok, unwrap, type Result } from '../../../src/lib/base/result.ts';
import type { CarryFailure, Delivery, MailId } from '../../../src/lib/sync/envelope-carrier.ts';
import type { StoredMail } from '../../../src/lib/sync/mail-event.ts';
import { readMailPages, type PageBounds } from '../../../src/lib/sync/mail-pages.ts';

const nowS = 1_700_000_000;
type Ask = (bounds: PageBounds) => Result<readonly StoredMail[], CarryFailure>;

const mailAt = (createdS: number, name = `${createdS}`): StoredMail => ({ eventId: name, createdS, content: name });

/** Everything read, by its name, and how it ended. */
const readAll = async (ask: Ask, fromS = 0) => {
  const pages: Result<Delivery, CarryFailure>[] = [];
  const asked: PageBounds[] = [];
  const openAll = async (mail: readonly StoredMail[]) =>
    mail.map(({ eventId }) => ({ id: eventId as MailId, envelope: Uint8Array.of(1) }));
  const askOnce = async (bounds: PageBounds) => {
    asked.push(bounds);
    return ask(bounds);
  };
  for await (const page of readMailPages({ fromS, nowS: () => nowS, ask: askOnce, openAll })) pages.push(page);
  const names = pages.flatMap((page) => (page.ok ? page.value.arrivals.map(({ id }) => id as string) : []));
  return { names, asked, pages, last: pages.at(-1) };
};

/** A relay as NIP-01 has it, which hands out at most `cap`. */
const relayOf =
  (stored: readonly StoredMail[], cap = 500): Ask =>
  ({ since = 0, until = Infinity }) =>
    ok(
      stored
        .filter(({ createdS }) => createdS >= since && createdS <= until)
        .toSorted((a, b) => b.createdS - a.createdS || (a.eventId < b.eventId ? -1 : 1))
        .slice(0, cap)
    );

describe('[MB7] pages', () => {
  test('everything is read once, however the relay caps, as long as a second is smaller than a page', async () => {
    const times = fc.array(fc.integer({ min: nowS - 300, max: nowS }), { maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 40 }), async (times, spare) => {
        const stored = times.map((createdS, n) => mailAt(createdS, `${n}`));
        const busiest = Math.max(0, ...times.map((s) => times.filter((t) => t === s).length));
        const { names, last } = await readAll(relayOf(stored, busiest + spare));
        expect(names.toSorted()).toEqual(stored.map(({ eventId }) => eventId).toSorted());
        expect(last && unwrap(last).cursorS).toBe(Math.max(0, ...times));
      })
    );
  });

  test('a few letters take three questions, and none takes one', async () => {
    expect((await readAll(relayOf([mailAt(nowS), mailAt(nowS - 5)]))).asked).toEqual([
      {},
      { until: nowS - 5 },
      { until: nowS - 6 }
    ]);
    expect((await readAll(relayOf([]))).asked).toEqual([{}]);
  });

  test('goes on an hour before the cursor, and no further', async () => {
    const stored = [mailAt(nowS), mailAt(nowS - 1800), mailAt(nowS - 5000)];
    const { names, asked } = await readAll(relayOf(stored), nowS - 60);
    expect(names).toEqual([`${nowS}`, `${nowS - 1800}`]);
    expect(asked[0]).toEqual({ since: nowS - 60 - 3600 });
    const idle = await readAll(relayOf([]), nowS);
    expect(idle.last && unwrap(idle.last).cursorS).toBe(nowS);
  });

  test('a failure ends it, and gives no cursor', async () => {
    let pages = 0;
    const { pages: read } = await readAll((bounds) =>
      ++pages === 2 ? err({ type: 'Offline' }) : relayOf([mailAt(nowS)])(bounds)
    );
    expect(read.map((page) => page.ok && page.value.cursorS)).toEqual([undefined, false]);
  });

  test('what was not asked for is ignored', async () => {
    const { names } = await readAll(
      ({ until = nowS }) => ok(until === nowS ? [mailAt(nowS - 10)] : [mailAt(nowS), mailAt(until + 1)]),
      nowS - 100
    );
    expect(names).toEqual([`${nowS - 10}`]);
  });

  test('a relay that makes up mail for ever is left', async () => {
    let n = 0;
    const inventing = ({ until = nowS }: PageBounds) => ok(Array.from({ length: 500 }, () => mailAt(until, `${n++}`)));
    expect((await readAll(inventing)).last).toEqual({ ok: false, error: { type: 'Endless' } });
    expect(n).toBeLessThanOrEqual(50_500);
    let second = nowS;
    expect((await readAll(() => ok([mailAt(second--)]))).last).toEqual({ ok: false, error: { type: 'Endless' } });
  });

  test('a relay that always says the same is read to its end', async () => {
    const { names, asked } = await readAll(() => ok([mailAt(nowS), mailAt(nowS - 1)]));
    expect(names).toHaveLength(2);
    expect(asked.length).toBeLessThan(6);
  });

  test('a date far ahead does not become the cursor', async () => {
    const { last } = await readAll(relayOf([mailAt(nowS + 9_000_000)]));
    expect(last && unwrap(last).cursorS).toBe(nowS + 900);
  });
});
