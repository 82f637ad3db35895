/**
 * How our relay answers an ordinary Nostr client (NIP-01, NIP-11): by the book, or with a prefix that programs know and a
 * sentence that people do.
 */
import type { Filter } from 'nostr-tools/filter';
import { fetchRelayInformation } from 'nostr-tools/nip11';
import { finalizeEvent } from 'nostr-tools/pure';
import { describe, expect, test, vi } from 'vitest';
import { defaultLimits, frameBytesMax, subscriptionsMax } from '../../src/relay/limits.ts';
import { ana, ask, bo, bos, forever, idsOf, prefixed, refusal, useNostrScene } from './nostr-scene.ts';

const scene = useNostrScene();

describe('a question', () => {
  test('is answered newest first, within limit, since, until, ids and authors, and ended with EOSE', async () => {
    const asking = await scene.connectAs(bo);
    const ages = [4, 3, 2, 1, 0].map((minutes) => scene.nowS() - minutes * 60);
    const sent = ages.map((createdS, n) => scene.wrap(`Letter ${n}`, bos, { createdS }));
    const [oldest, second, third, fourth, newest] = sent.map(({ event }) => event.id);
    for (const { event } of sent.toSorted((a, b) => (a.event.id < b.event.id ? -1 : 1))) await asking.publish(event);
    const mine = { kinds: [1059], '#p': [bos] };
    const [, from = 0, , to = 0] = ages;
    expect(idsOf(await ask(asking, mine))).toEqual([newest, fourth, third, second, oldest]);
    expect(idsOf(await ask(asking, { ...mine, limit: 2 }))).toEqual([newest, fourth]);
    expect(idsOf(await ask(asking, { ...mine, limit: 0 }))).toEqual([]);
    expect(idsOf(await ask(asking, { ...mine, since: from, until: to }))).toEqual([fourth, third, second]);
    expect(idsOf(await ask(asking, { ...mine, until: from, limit: 1 }))).toEqual([second]);
    expect(idsOf(await ask(asking, { ...mine, ids: [oldest ?? '', newest ?? ''] }))).toEqual([newest, oldest]);
    expect(idsOf(await ask(asking, { ...mine, authors: [sent[2]?.event.pubkey ?? ''] }))).toEqual([third]);
    const either: Filter[] = [
      { ...mine, ids: [oldest ?? ''] },
      { ...mine, limit: 1 }
    ];
    expect(new Set(idsOf(await ask(asking, ...either)))).toEqual(new Set([oldest, newest]));
    // What a relay has never heard of is no reason to hand out less, or to refuse.
    expect(idsOf(await ask(asking, { ...mine, limit: 1, search: 'Letter' }))).toEqual([newest]);
  });

  test('about what it does not keep has an empty answer', async () => {
    expect(await ask(await scene.connect(), { kinds: [0, 1, 3, 10_002, 30_023], authors: [bos] })).toEqual({
      events: []
    });
  });

  test('it can not answer is CLOSED with the reason, also one that only counts (NIP-45)', async () => {
    const asking = await scene.connectAs(bo);
    const closed = async (filter: object): Promise<string | undefined> => (await ask(asking, filter as Filter)).closed;
    expect(await closed({ ids: ['short'] })).toMatch(/^invalid: \S/);
    expect(await closed({ kinds: [1059], '#p': [bos], '#t': ['room'] })).toMatch(/^unsupported: \S/);
    await expect(asking.count([{ kinds: [1059], '#p': [bos] }], {})).rejects.toThrow(/^unsupported: \S/);
  });

  test('too many at once is CLOSED, and the connection goes on', async () => {
    const asking = await scene.connect();
    const opened = Array.from(
      { length: subscriptionsMax },
      () =>
        new Promise<void>((resolve) => {
          asking.subscribe([{ kinds: [20_571] }], { oneose: resolve, eoseTimeout: forever, onevent: () => undefined });
        })
    );
    await Promise.all(opened);
    expect((await ask(asking, { kinds: [20_571] })).closed).toMatch(/^blocked: \S/);
    expect(await asking.publish(scene.passing())).toBe('');
  });
});

describe('OK', () => {
  test('is true for what is here already, and says so', async () => {
    const relay = await scene.connect();
    const { event } = scene.wrap('Twice.', bos);
    expect(await relay.publish(event)).toBe('');
    expect(await relay.publish(event)).toMatch(/^duplicate: \S/);
  });

  test('is false, with a reason, for an altered event or a signature that is not its author’s', async () => {
    const relay = await scene.connectAs(bo);
    const { event } = scene.wrap('Mine.', bos);
    const other = scene.wrap('Another.', bos).event;
    for (const original of [event, scene.passing()]) {
      expect(await refusal(relay, { ...original, content: 'altered' })).toMatch(/^invalid: \S/);
      expect(await refusal(relay, { ...original, sig: other.sig })).toMatch(/^invalid: \S/);
      expect(await refusal(relay, { ...original, pubkey: other.pubkey })).toMatch(/^invalid: \S/);
    }
    expect(await ask(relay, { kinds: [1059], '#p': [bos] })).toEqual({ events: [] });
  });

  test.each([0, 1, 3, 4, 7, 13, 1058, 1060, 10_002, 22_242, 30_000, 30_023])(
    'is false for kind %i, which is not kept here, and says what is',
    async (kind) => {
      const event = finalizeEvent({ kind, created_at: scene.nowS(), tags: [], content: '' }, ana);
      expect(await refusal(await scene.connect(), event)).toMatch(/^blocked: .*1059/);
    }
  );

  test('is false for who says too much at once, and true again a little later', async () => {
    await scene.restart({ messagesPerSecond: 1 });
    const relay = await scene.connect();
    let answer = '';
    for (let n = 0; n < 40 && answer === ''; n++) {
      answer = await relay.publish(scene.passing({ content: String(n) })).catch(({ message }: Error) => message);
    }
    expect(answer).toMatch(/^rate-limited: \S/);
    scene.turn(60_000);
    expect(await relay.publish(scene.passing())).toBe('');
  });
});

test('says of itself what holds (NIP-11)', async () => {
  const told = await fetchRelayInformation(scene.server.relayUrl);
  expect(told).toMatchObject({
    name: expect.stringMatching(/\S/) as string,
    description: expect.stringMatching(/1059/) as string,
    supported_nips: [1, 9, 11, 40, 42],
    limitation: {
      max_message_length: frameBytesMax,
      max_subscriptions: subscriptionsMax,
      max_limit: 500,
      auth_required: false,
      payment_required: false,
      restricted_writes: true
    },
    retention: [{ kinds: [1059], time: defaultLimits.mailLifetimeMaxMs / 1000 }, { time: 0 }]
  });
});

test('tells in a NOTICE what it can not make sense of', async () => {
  const relay = await scene.connect();
  const notices: string[] = [];
  relay.onnotice = (notice) => void notices.push(notice);
  await relay.send('["HELLO"]');
  await relay.send('{"REQ":');
  await vi.waitFor(() => expect(notices).toHaveLength(2));
  for (const notice of notices) expect(notice).toMatch(prefixed);
});
