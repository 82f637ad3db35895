/**
 * Our relay as an ordinary Nostr client meets it: what is kept and for whom, what passes by, and what goes away (NIP-09,
 * NIP-40, NIP-42, NIP-59). How questions are answered is in `nostr-client-answers.test.ts`.
 */
import type { Filter } from 'nostr-tools/filter';
import { createRumor, createSeal, createWrap, unwrapEvent } from 'nostr-tools/nip59';
import { SimplePool } from 'nostr-tools/pool';
import { finalizeEvent, getPublicKey, type Event, type EventTemplate } from 'nostr-tools/pure';
import { describe, expect, test, vi } from 'vitest';
import { dayMs, hourMs } from '../../src/lib/base/clock.ts';
import {
  ana,
  ask,
  bo,
  bos,
  forever,
  idsOf,
  jo,
  jos,
  refusal,
  signing,
  useNostrScene,
  type Sent
} from './nostr-scene.ts';

const scene = useNostrScene();

describe('a gift wrap', () => {
  test('is read by who signs in with its p key, and opens to what was said', async () => {
    const { event } = scene.wrap('Are you awake?', bos);
    expect(await (await scene.connect()).publish(event)).toBe('');
    const { events, closed } = await ask(await scene.connectAs(bo), { kinds: [1059], '#p': [bos] });
    expect(closed).toBeUndefined();
    expect(idsOf({ events })).toEqual([event.id]);
    expect(unwrapEvent(events[0] as Event, bo)).toMatchObject({
      content: 'Are you awake?',
      pubkey: getPublicKey(ana)
    });
  });

  test.each<[string, Filter]>([
    ['its mailbox', { kinds: [1059], '#p': [bos] }],
    ['everything', {}],
    ['what has its id', { ids: ['a'.repeat(64)] }],
    ['all of that kind', { kinds: [1059], limit: 10 }]
  ])('is shown to nobody who has not signed in and asks for %s', async (_name, filter) => {
    const { event } = scene.wrap('Are you awake?', bos);
    const stranger = await scene.connect();
    await stranger.publish(event);
    const asked = filter.ids === undefined ? filter : { ids: [event.id] };
    expect(await ask(stranger, asked)).toEqual({ events: [], closed: expect.stringMatching(/^auth-required: \S/) });
  });

  test('is shown to nobody who signed in as somebody else, stored or as it comes', async () => {
    const joAsking = await scene.connectAs(jo);
    const { event } = scene.wrap('Are you awake?', bos);
    const heard: Event[] = [];
    joAsking.subscribe([{ kinds: [1059], '#p': [jos] }, { kinds: [20_571] }], {
      onevent: (one) => heard.push(one),
      oninvalidevent: (one) => heard.push(one as Event)
    });
    await joAsking.publish(event);
    for (const filter of [{ kinds: [1059], '#p': [bos] }, { ids: [event.id] }, { kinds: [1059] }, {}]) {
      expect(await ask(joAsking, filter)).toEqual({ events: [], closed: expect.stringMatching(/^restricted: \S/) });
    }
    expect(await ask(joAsking, { kinds: [1059], '#p': [jos] })).toEqual({ events: [] });
    const after = scene.passing();
    await joAsking.publish(after);
    await vi.waitFor(() => expect(heard).not.toEqual([]));
    expect(heard.map(({ id }) => id)).toEqual([after.id]); // and the wrap, which came before it, did not
  });

  test('comes by itself to a pool that signs in when it is told to', async () => {
    const pool = new SimplePool();
    const heard: Event[] = [];
    let isStored = (): void => undefined;
    const stored = new Promise<void>((resolve) => (isStored = resolve));
    const [before, after] = [scene.wrap('Before.', bos).event, scene.wrap('After.', bos).event];
    await Promise.all(pool.publish([scene.server.relayUrl], before));
    const filter = { kinds: [1059], '#p': [bos] };
    const handlers = { onevent: (one: Event) => void heard.push(one), oneose: () => isStored(), maxWait: forever };
    pool.subscribe([scene.server.relayUrl], filter, { ...handlers, onauth: signing(bo) });
    await stored;
    expect(heard.map(({ id }) => id)).toEqual([before.id]);
    await Promise.all(pool.publish([scene.server.relayUrl], after));
    await vi.waitFor(() => expect(heard.map(({ id }) => id)).toEqual([before.id, after.id]));
    pool.destroy();
  });

  test('is refused in words where it would stay for ever, or is for several', async () => {
    const relay = await scene.connect();
    const seal = createSeal(createRumor({ kind: 14, content: 'For ever.' }, ana), ana, bos);
    expect(await refusal(relay, createWrap(seal, bos))).toMatch(/^invalid: .*expiration/);
    const { event, key } = scene.wrap('For two.', bos);
    const tags = [...event.tags, ['p', jos]];
    expect(await refusal(relay, finalizeEvent({ ...event, tags }, key))).toMatch(/^invalid: .*one p tag/);
  });
});

describe('signing in', () => {
  test('is refused for another relay, another challenge, or an hour ago', async () => {
    const relayTag = ['relay', scene.server.relayUrl];
    for (const change of [
      { tags: [['relay', 'wss://elsewhere.example/']] },
      { tags: [relayTag, ['challenge', 'another']] },
      { created_at: scene.nowS() - 3600 }
    ]) {
      const relay = await scene.connect();
      const sign = async (template: EventTemplate) => {
        const tags = [...(change.tags ?? []), ...template.tags];
        const kept = tags.filter(([name], at) => tags.findIndex((tag) => tag[0] === name) === at);
        return finalizeEvent({ ...template, ...change, tags: kept }, bo);
      };
      await expect(vi.waitFor(() => relay.auth(sign), { timeout: 300 })).rejects.toThrow(/^invalid: \S/);
      expect((await ask(relay, { kinds: [1059], '#p': [bos] })).closed).toMatch(/^auth-required: /);
    }
  });
});

describe('an ephemeral event', () => {
  test.each([20_000, 20_571, 29_999])('of kind %i is passed on to who listens, and is not stored', async (kind) => {
    const [sender, listener] = [await scene.connect(), await scene.connect()];
    const heard: Event[] = [];
    await new Promise<void>((resolve) => {
      const onevent = (event: Event) => void heard.push(event);
      listener.subscribe([{ kinds: [kind], '#t': ['room'] }], { onevent, oneose: resolve, eoseTimeout: forever });
    });
    const [elsewhere, event] = [scene.passing({ kind, tags: [['t', 'garden']] }), scene.passing({ kind })];
    expect(await sender.publish(elsewhere)).toBe('');
    expect(await sender.publish(event)).toBe('');
    await vi.waitFor(() => expect(heard).not.toEqual([]));
    expect(heard.map(({ id }) => id)).toEqual([event.id]);
    expect(await ask(await scene.connect(), { kinds: [kind] })).toEqual({ events: [] });
    expect(scene.server.mailUsage()).toEqual({ events: 0, bytes: 0 });
  });

  test('that has expired is refused (NIP-40)', async () => {
    const gone = scene.passing({ tags: [['expiration', String(scene.nowS() - 1)]] });
    expect(await refusal(await scene.connect(), gone)).toMatch(/^invalid: it has expired; .*\d{10}$/);
    const lasting = scene.passing({ tags: [['expiration', String(scene.nowS() + 60)]] });
    expect(await (await scene.connect()).publish(lasting)).toBe('');
  });
});

describe('expiry (NIP-40)', () => {
  test('what has expired is refused, what expires later is gone then, and its room with it', async () => {
    const asking = await scene.connectAs(bo);
    expect(await refusal(asking, scene.wrap('Too late.', bos, { expiresS: scene.nowS() - 1 }).event)).toMatch(
      /^invalid: /
    );
    const [soon, later] = [
      scene.wrap('For an hour.', bos, { expiresS: scene.nowS() + hourMs / 1000 }).event,
      scene.wrap('For a day.', bos).event
    ];
    for (const event of [soon, later]) await asking.publish(event);
    const filter = { kinds: [1059], '#p': [bos] };
    expect(new Set(idsOf(await ask(asking, filter)))).toEqual(new Set([soon.id, later.id]));
    scene.turn(hourMs);
    expect(idsOf(await ask(asking, filter))).toEqual([later.id]);
    expect(idsOf(await ask(asking, { ...filter, ids: [soon.id] }))).toEqual([]);
    scene.turn(dayMs);
    expect(idsOf(await ask(asking, filter))).toEqual([]);
    await scene.restart();
    expect(scene.server.mailUsage()).toEqual({ events: 0, bytes: 0 }); // swept at the start
  });
});

describe('deletion (NIP-09)', () => {
  test.each<[string, (sent: Sent) => Uint8Array]>([
    ['its author', ({ key }) => key],
    ['who it is for (NIP-59)', () => bo]
  ])('by %s takes it away for good', async (_name, keyOf) => {
    const asking = await scene.connectAs(bo);
    const [sent, other] = [scene.wrap('Forget this.', bos), scene.wrap('Keep this.', bos)];
    for (const { event } of [sent, other]) await asking.publish(event);
    expect(await asking.publish(scene.deletion([sent.event.id], keyOf(sent)))).toBe('');
    expect(idsOf(await ask(asking, { kinds: [1059], '#p': [bos] }))).toEqual([other.event.id]);
    expect(await refusal(asking, sent.event)).toMatch(/^blocked: it was deleted/);
    // It would tell a stranger which mail there was: it is acted on, and shown to nobody.
    expect(await ask(asking, { kinds: [5] })).toEqual({ events: [] });
  });

  test('by anybody else changes nothing', async () => {
    const asking = await scene.connectAs(bo);
    const { event } = scene.wrap('Keep this.', bos);
    await asking.publish(event);
    for (const key of [ana, jo]) await asking.publish(scene.deletion([event.id], key));
    expect(idsOf(await ask(asking, { kinds: [1059], '#p': [bos] }))).toEqual([event.id]);
  });
});
