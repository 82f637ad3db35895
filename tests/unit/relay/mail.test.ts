/** Mail as an ordinary Nostr client meets it: kept for its owner, and handed to nobody else. */
import { describe, expect, test } from 'vitest';
import { filterLimitMax } from '../../../src/relay/limits.ts';
import { anas, joKeys, jos, nowSeconds, useMailboxScene } from './mailbox-scene.ts';
import { author, keysOf, signMail } from './signed-event.ts';

const scene = useMailboxScene();
const { restart, signAnaIn, leave, mine } = scene;

describe('keeps', () => {
  test('mail until its owner comes, unchanged', async () => {
    const event = signMail(anas, { content: 'é "quoted" \\ \n 🫶' });
    expect(await leave(event)).toEqual([true, '']);
    await signAnaIn();
    expect((await mine()).events).toEqual([event]);
    expect((await mine()).events).toEqual([event]);
  });

  test('and hands it on at once to its owner who listens, after EOSE', async () => {
    await signAnaIn();
    expect((await mine()).events).toEqual([]);
    const event = signMail(anas);
    await leave(event);
    expect(await scene.ana.next()).toEqual(['EVENT', 'mine', event]);
  });

  test('one copy of what comes twice, and says so', async () => {
    const event = signMail(anas);
    await leave(event);
    expect(await leave(event)).toEqual([true, expect.stringMatching(/^duplicate: /)]);
    await signAnaIn();
    expect((await mine()).events).toHaveLength(1);
  });

  test('newest first, and by id within a second', async () => {
    const events = [3, 1, 2, 2, 2].map((ago, n) =>
      signMail(anas, { created_at: nowSeconds - ago, content: String(n) })
    );
    for (const event of events) await leave(event);
    await signAnaIn();
    const expected = [...events].sort((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1));
    expect((await mine()).events).toEqual(expected);
    expect((await mine({ limit: 2 })).events).toEqual(expected.slice(0, 2));
    expect((await mine({ limit: 0 })).events).toEqual([]);
    const until = nowSeconds - 2;
    expect((await mine({ since: until, until })).events.map((event) => event.created_at)).toEqual(Array(3).fill(until));
    expect((await mine({ ids: [events[0]?.id] })).events).toEqual([events[0]]);
    expect((await mine({ authors: [anas] })).events).toEqual([]);
    expect((await mine({ authors: [author], limit: 1 })).events).toEqual([expected[0]]);
  });

  test('nothing that asks for another kind', async () => {
    await leave(signMail(anas));
    await signAnaIn();
    expect((await scene.ana.ask('other', { kinds: [1, 20_571], '#p': [anas] })).events).toEqual([]);
  });

  test('hands out megabytes without losing or repeating any, and no more than its limit at once', async () => {
    const count = filterLimitMax + 20;
    await restart({ messagesPerSecond: 100_000 });
    const content = 'x'.repeat(20_000);
    for (let n = 0; n < count; n++) scene.stranger.send(['EVENT', signMail(anas, { content: `${n} ${content}` })]);
    for (let n = 0; n < count; n++) expect((await scene.stranger.next())[2]).toBe(true);
    await signAnaIn();
    scene.ana.socket.pause(); // a slow phone: ten megabytes wait here, and none of them in the relay's memory
    scene.ana.send(['REQ', 'mine', { kinds: [1059], '#p': [anas] }]);
    await leave(signMail(jos));
    scene.ana.socket.resume();
    const ids = new Set<unknown>();
    for (let [verb, , event] = await scene.ana.next(); verb === 'EVENT'; [verb, , event] = await scene.ana.next()) {
      ids.add((event as { id: string }).id);
    }
    expect(ids.size).toBe(filterLimitMax);
  });

  test('a newer REQ of one id takes the place of one that is still being answered', async () => {
    await restart({ messagesPerSecond: 100_000 });
    for (let n = 0; n < 100; n++) await leave(signMail(anas, { content: `${n} ${'x'.repeat(50_000)}` }));
    await signAnaIn();
    scene.ana.socket.pause();
    scene.ana.send(['REQ', 'mine', { kinds: [1059], '#p': [anas] }]);
    scene.ana.send(['REQ', 'mine', { kinds: [1059], '#p': [anas], limit: 1 }]);
    scene.ana.socket.resume();
    let events = 0;
    for (let [verb] = await scene.ana.next(); verb === 'EVENT'; [verb] = await scene.ana.next()) events++;
    expect(events).toBeLessThan(100);
    scene.ana.send(['REQ', 'settled', { kinds: [1] }]);
    expect(await scene.ana.next()).toEqual(['EOSE', 'settled']);
  });
});

describe('hands mail to nobody', () => {
  test('who has not signed in, and says how', async () => {
    await leave(signMail(anas));
    for (const filter of [
      { kinds: [1059], '#p': [anas] },
      { kinds: [1059] },
      { '#p': [anas] },
      { ids: [signMail(anas).id] },
      {}
    ]) {
      expect(await scene.stranger.ask('all', filter)).toEqual({
        events: [],
        closed: expect.stringMatching(/^auth-required: /)
      });
    }
  });

  test('who signed in as somebody else, or names no mailbox', async () => {
    await leave(signMail(anas));
    expect((await scene.stranger.signIn(joKeys, scene.clock.nowMs()))[2]).toBe(true);
    for (const filter of [
      { kinds: [1059], '#p': [anas] },
      { kinds: [1059], '#p': [jos, anas] },
      { kinds: [1059] },
      { '#p': [anas], ids: [signMail(anas).id] },
      { ids: [signMail(anas).id] },
      {}
    ]) {
      expect(await scene.stranger.ask('all', filter)).toEqual({
        events: [],
        closed: expect.stringMatching(/^restricted: /)
      });
    }
  });

  test('beside a lawful filter: one wrong one ends the REQ', async () => {
    await leave(signMail(anas));
    await scene.stranger.signIn(joKeys, scene.clock.nowMs());
    const answer = await scene.stranger.ask('both', { kinds: [1059], '#p': [jos] }, { kinds: [1059], '#p': [anas] });
    expect(answer).toEqual({ events: [], closed: expect.stringMatching(/^restricted: /) });
  });

  test('by way of another tag', async () => {
    await signAnaIn();
    expect((await mine({ '#t': ['x'] })).closed).toMatch(/^unsupported: /);
  });

  test('of two mailboxes, but to who signed in to both', async () => {
    const [first, second] = [signMail(anas), signMail(jos)];
    await leave(first);
    await leave(second);
    await signAnaIn();
    expect((await scene.ana.signIn(joKeys, scene.clock.nowMs()))[2]).toBe(true);
    const { events } = await scene.ana.ask('both', { kinds: [1059], '#p': [anas, jos] });
    expect(new Set(events.map((event) => event.id))).toEqual(new Set([first.id, second.id]));
    for (let key = 3; key <= 8; key++) expect((await scene.ana.signIn(keysOf(key), scene.clock.nowMs()))[2]).toBe(true);
    expect((await scene.ana.signIn(keysOf(9), scene.clock.nowMs()))[3]).toMatch(/^blocked: at most 8 keys/);
    expect((await scene.ana.signIn(joKeys, scene.clock.nowMs()))[2]).toBe(true);
  });
});
