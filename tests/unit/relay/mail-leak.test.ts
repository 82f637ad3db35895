/**
 * No question, however it is put, brings another's mail to light: random filters from two people at one relay, against a
 * plain reading of NIP-01 over all that was said.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filterLimitMax } from '../../../src/relay/limits.ts';
import { startServer, type RunningServer } from '../../../src/relay/server.ts';
import { createHandClock } from './hand-clock.ts';
import { connectClient, type NostrClient, type Stored } from './nostr-client.ts';
import { keysOf, signMail } from './signed-event.ts';

const nowSeconds = 1_700_000_000;
const clock = createHandClock(nowSeconds * 1000);
const [anaKeys, joKeys, miaKeys] = [keysOf(1), keysOf(2), keysOf(3)];
const mailboxes = [anaKeys, joKeys, miaKeys].map(({ publicKey }) => publicKey);
const authors = [keysOf(7), keysOf(8)];
const everything = Array.from({ length: 60 }, (_, n) =>
  signMail(mailboxes[n % 3] ?? '', { created_at: nowSeconds - (n % 11), content: String(n) }, authors[n % 2])
);

let server: RunningServer;
let ana: NostrClient;
let nobody: NostrClient;

beforeAll(async () => {
  const limits = { messagesPerSecond: 1_000_000 };
  server = await startServer({ host: '127.0.0.1', port: 0, clock, limits });
  [ana, nobody] = await Promise.all([connectClient(server.relayUrl), connectClient(server.relayUrl)]);
  for (const event of everything) {
    nobody.send(['EVENT', event]);
    expect((await nobody.next())[2]).toBe(true);
  }
  expect((await ana.signIn(anaKeys, clock.nowMs()))[2]).toBe(true);
});

afterAll(async () => {
  const closed = server.close();
  clock.advance(60_000);
  await closed;
});

interface AskedFilter {
  readonly ids?: readonly string[];
  readonly authors?: readonly string[];
  readonly kinds?: readonly number[];
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
  readonly '#p'?: readonly string[];
}

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const time = fc.integer({ min: nowSeconds - 12, max: nowSeconds + 1 });
const fields = {
  ids: some(everything.map(({ id }) => id)),
  authors: some([...authors.map(({ publicKey }) => publicKey), ...mailboxes]),
  kinds: some([5, 1059, 20_571, 22_242]),
  since: time,
  until: time,
  limit: fc.integer({ min: 0, max: filterLimitMax + 1 })
};
const anyFilter: fc.Arbitrary<AskedFilter> = fc.record(
  {
    ...fields,
    '#p': some([...mailboxes, '0'.repeat(64)]),
    '#e': some(everything.map(({ id }) => id)),
    '#t': some(['x'])
  },
  { requiredKeys: [] }
);
const lawfulFilter: fc.Arbitrary<AskedFilter> = fc
  .record(fields, { requiredKeys: [] })
  .map((filter) => ({ ...filter, '#p': [anaKeys.publicKey] }));

/** NIP-01, read plainly. */
const expected = (filters: readonly AskedFilter[]): string[] => {
  const newestFirst = [...everything].sort((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1));
  const found = new Set(
    filters.flatMap((filter) =>
      newestFirst
        .filter(
          (event) =>
            (filter.ids?.includes(event.id) ?? true) &&
            (filter.authors?.includes(event.pubkey) ?? true) &&
            (filter.kinds?.includes(event.kind) ?? true) &&
            event.created_at >= (filter.since ?? 0) &&
            event.created_at <= (filter.until ?? Infinity) &&
            (filter['#p']?.some((mailbox) => event.tags.some(([name, value]) => name === 'p' && value === mailbox)) ??
              true)
        )
        .slice(0, filter.limit ?? filterLimitMax)
        .map(({ id }) => id)
    )
  );
  return newestFirst.map(({ id }) => id).filter((id) => found.has(id));
};

const mailboxOf = (event: Stored): string | undefined =>
  everything.find(({ id }) => id === event.id)?.tags.find(([name]) => name === 'p')?.[1];

test('lawful questions are answered as NIP-01 has it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(lawfulFilter, { minLength: 1, maxLength: 4 }), async (filters) => {
      const { events, closed } = await ana.ask('lawful', ...filters);
      expect(closed).toBeUndefined();
      expect(events.map(({ id }) => id)).toEqual(expected(filters));
    }),
    { numRuns: 300 }
  );
});

test('no filter shows mail to who is not signed in, or another mailbox to who is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFilter, { minLength: 1, maxLength: 4 }), async (filters) => {
      clock.advance(1000); // patience with refusals comes back
      expect((await nobody.ask('any', ...filters)).events).toEqual([]);
      const { events } = await ana.ask('any', ...filters);
      expect(events.filter((event) => mailboxOf(event) !== anaKeys.publicKey)).toEqual([]);
    }),
    { numRuns: 300 }
  );
});

test('and none brings it live', async () => {
  const filters = fc.sample(anyFilter, { numRuns: 200, seed: 4 });
  for (const [n, filter] of filters.entries()) {
    clock.advance(1000);
    await nobody.ask(`sub ${n % 15}`, filter);
    await ana.ask(`sub ${n % 15}`, filter);
    if (n % 15 !== 14) continue;
    // All fifteen that still stand hear mail for Jo and Mia, which is for neither.
    const sender = await connectClient(server.relayUrl);
    for (const [m, mailbox] of mailboxes.slice(1).entries()) {
      sender.send(['EVENT', signMail(mailbox, { content: `live ${n} ${m}` })]);
      expect((await sender.next())[2]).toBe(true);
    }
    sender.close();
    for (const client of [nobody, ana]) {
      client.send(['REQ', 'settled', { kinds: [1] }]);
      expect(await client.next()).toEqual(['EOSE', 'settled']);
    }
  }
});
