/** The protocol, as an ordinary Nostr client meets it: NIP-01. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  burstSeconds,
  defaultLimits,
  eventBytesMax,
  filtersMax,
  frameBytesMax,
  patienceMax,
  subscriptionsMax
} from '../../../src/relay/limits.ts';
import { startServer, type RunningServer } from '../../../src/relay/server.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { connectClient, type NostrClient } from './nostr-client.ts';
import { signEvent } from './signed-event.ts';

/** What a connection may say at once. */
const tokensMax = defaultLimits.messagesPerSecond * burstSeconds;

let clock: HandClock;
let server: RunningServer;
let seen: string[];
let ana: NostrClient;
let jo: NostrClient;

beforeEach(async () => {
  clock = createHandClock();
  seen = [];
  server = await startServer({ host: '127.0.0.1', port: 0, clock, observe: (text) => seen.push(text) });
  [ana, jo] = await Promise.all([connectClient(server.relayUrl), connectClient(server.relayUrl)]);
});

afterEach(async () => {
  const closed = server.close();
  clock.advance(60_000); // whoever does not answer the goodbye is cut off
  await closed;
});

const subscribe = async (client: NostrClient, id: string, ...filters: object[]): Promise<void> => {
  client.send(['REQ', id, ...filters]);
  expect(await client.next()).toEqual(['EOSE', id]);
};

/** Everything sent so far has been dealt with once this is answered. */
const settle = async (client: NostrClient): Promise<void> => {
  client.send(['REQ', 'settled', { kinds: [1] }]);
  expect(await client.next()).toEqual(['EOSE', 'settled']);
};

describe('delivers', () => {
  test('an ephemeral event to whoever asked, unchanged, and says OK to its sender', async () => {
    const event = signEvent({ content: 'é "quoted" \\ \n 🫶', tags: [['t', 'room'], ['x']] });
    await subscribe(jo, 'mine', { kinds: [20_571], '#t': ['room'], limit: 0 });
    ana.send(['EVENT', event]);
    expect(await ana.next()).toEqual(['OK', event.id, true, '']);
    expect(await jo.next()).toEqual(['EVENT', 'mine', event]);
  });

  test('to the sender as well, where they are subscribed', async () => {
    const event = signEvent();
    await subscribe(ana, 'own', { kinds: [20_571], '#t': ['room'] });
    ana.send(['EVENT', event]);
    expect([await ana.next(), await ana.next()]).toEqual([
      ['OK', event.id, true, ''],
      ['EVENT', 'own', event]
    ]);
  });

  test('once for each subscription, however many of its filters match', async () => {
    await subscribe(jo, 'two filters', { kinds: [20_571], '#t': ['room'] }, { kinds: [20_571] });
    await subscribe(jo, 'another', { kinds: [20_571] });
    const event = signEvent();
    ana.send(['EVENT', event]);
    expect([await jo.next(), await jo.next()]).toEqual([
      ['EVENT', 'two filters', event],
      ['EVENT', 'another', event]
    ]);
    await settle(jo);
  });

  test('to nobody who asked for something else', async () => {
    await subscribe(jo, 'elsewhere', { kinds: [20_571], '#t': ['other room'] });
    ana.send(['EVENT', signEvent()]);
    await ana.next();
    await settle(jo);
    expect(jo.waiting).toBe(0);
  });

  test('by the newest REQ of an id, and nothing after CLOSE', async () => {
    await subscribe(jo, 'mine', { kinds: [20_571], '#t': ['room'] });
    await subscribe(jo, 'mine', { kinds: [20_571], '#t': ['garden'] });
    ana.send(['EVENT', signEvent()]);
    const event = signEvent({ tags: [['t', 'garden']] });
    ana.send(['EVENT', event]);
    expect(await jo.next()).toEqual(['EVENT', 'mine', event]);
    jo.send(['CLOSE', 'mine']);
    await settle(jo);
    ana.send(['EVENT', event]);
    for (let n = 0; n < 3; n++) expect((await ana.next())[0]).toBe('OK');
    await settle(jo);
    expect(jo.waiting).toBe(0);
  });

  test('nothing that was said before: no event is kept', async () => {
    ana.send(['EVENT', signEvent()]);
    expect((await ana.next())[2]).toBe(true);
    await subscribe(jo, 'late', { kinds: [20_571], limit: 10 });
    await settle(jo);
    expect(jo.waiting).toBe(0);
  });

  test('keeps the subscriptions of two connections apart under one id', async () => {
    await subscribe(ana, 'same', { kinds: [20_571], '#t': ['garden'] });
    await subscribe(jo, 'same', { kinds: [20_571], '#t': ['room'] });
    ana.send(['CLOSE', 'same']);
    const event = signEvent();
    ana.send(['EVENT', event]);
    expect(await jo.next()).toEqual(['EVENT', 'same', event]);
  });
});

describe('refuses', () => {
  test.each<[string, object, RegExp]>([
    ['a wrong id', { id: '0'.repeat(64) }, /^invalid: id /],
    ['a bad signature', { sig: signEvent({ content: 'another' }).sig }, /^invalid: the signature/],
    ['altered content', { content: 'altered' }, /^invalid: id /],
    ['a broken shape', { tags: 'none' }, /^invalid: tags/]
  ])('an event with %s', async (_name, fields, reason) => {
    await subscribe(jo, 'all', { kinds: [20_571] });
    const event = { ...signEvent(), ...fields };
    ana.send(['EVENT', event]);
    expect(await ana.next()).toEqual(['OK', event.id, false, expect.stringMatching(reason)]);
    await settle(jo);
    expect(jo.waiting).toBe(0);
  });

  test.each([0, 1, 4, 1060, 10_002, 19_999, 22_242, 30_000])(
    'kind %i, which is neither ephemeral nor mail',
    async (kind) => {
      const event = signEvent({ kind });
      ana.send(['EVENT', event]);
      expect(await ana.next()).toEqual(['OK', event.id, false, expect.stringMatching(/^blocked: /)]);
    }
  );

  test.each<[string, string]>([
    ['what is no JSON', 'EVENT'],
    ['half a message', '["EVENT",{"id":'],
    ['JSON that is no array', '{"verb":"EVENT"}'],
    ['an empty array', '[]'],
    ['an unknown verb', '["HELLO","x"]'],
    ['a verb that is none', '[["REQ"]]'],
    ['a verb from every prototype', '["constructor","x"]'],
    ['an event that is none', '["EVENT"]'],
    ['an event without an id', '["EVENT",{"kind":20571}]'],
    ['a REQ without an id', '["REQ"]'],
    ['an empty subscription id', '["REQ","",{}]'],
    ['a long subscription id', `["REQ","${'x'.repeat(65)}",{}]`],
    ['a subscription id that is no text', '["REQ",7,{}]'],
    ['a CLOSE without an id', '["CLOSE"]']
  ])('%s with a NOTICE, and goes on', async (_name, text) => {
    ana.sendText(text);
    expect(await ana.next()).toEqual(['NOTICE', expect.stringMatching(/^(invalid|unsupported): /)]);
    await settle(ana);
  });

  test('bytes with a NOTICE', async () => {
    ana.socket.send(Buffer.from('["REQ","x",{}]'));
    expect(await ana.next()).toEqual(['NOTICE', expect.stringMatching(/^invalid: /)]);
  });

  test.each<[string, unknown[]]>([
    ['no filter', []],
    ['a filter that is none', ['all']],
    ['a broken filter beside a good one', [{}, { kinds: 'all' }]],
    ['too many filters', Array.from({ length: filtersMax + 1 }, () => ({}))]
  ])('a REQ with %s, and ends the one of that id', async (_name, filters) => {
    await subscribe(jo, 'mine', { kinds: [20_571] });
    jo.send(['REQ', 'mine', ...filters]);
    expect(await jo.next()).toEqual(['CLOSED', 'mine', expect.stringMatching(/^invalid: /)]);
    ana.send(['EVENT', signEvent()]);
    await ana.next();
    await settle(jo);
    expect(jo.waiting).toBe(0);
  });

  test('one subscription too many, until another is closed', async () => {
    for (let n = 0; n < subscriptionsMax; n++) await subscribe(ana, `sub ${n}`, { kinds: [n] });
    ana.send(['REQ', 'one more', { kinds: [1] }]);
    expect(await ana.next()).toEqual(['CLOSED', 'one more', expect.stringMatching(/^blocked: /)]);
    await subscribe(ana, 'sub 3', { kinds: [1] });
    ana.send(['CLOSE', 'sub 3']);
    await subscribe(ana, 'one more', { kinds: [1] });
  });

  test('an event over its limit, in a frame under its own', async () => {
    const event = signEvent({ content: 'x'.repeat(eventBytesMax) });
    ana.send(['EVENT', event]);
    expect(await ana.next()).toEqual(['OK', event.id, false, expect.stringMatching(/^invalid: .*65536/)]);
  });

  test('a frame over the limit, by closing', async () => {
    ana.sendText(`["NOTE","${'x'.repeat(frameBytesMax)}"]`);
    expect((await ana.closed).code).toBe(1009);
    await settle(jo);
  });

  test('a frame just under the limit only for what it says', async () => {
    const shell = '["NOTE",""]'.length;
    ana.sendText(`["NOTE","${'x'.repeat(frameBytesMax - shell)}"]`);
    expect(await ana.next()).toEqual(['NOTICE', expect.stringMatching(/^unsupported: /)]);
  });
});

describe('slows down', () => {
  test('who says too much at once, and hears them again a little later', async () => {
    const event = signEvent();
    for (let n = 0; n < tokensMax; n++) ana.send(['EVENT', event]);
    for (let n = 0; n < tokensMax; n++) expect((await ana.next())[2]).toBe(true);
    ana.send(['EVENT', event]);
    expect(await ana.next()).toEqual(['OK', event.id, false, expect.stringMatching(/^rate-limited: /)]);
    ana.send(['REQ', 'x', {}]);
    expect(await ana.next()).toEqual(['CLOSED', 'x', expect.stringMatching(/^rate-limited: /)]);
    await settle(jo);
    clock.advance(1000);
    await settle(ana);
  });

  test('who says long things sooner', async () => {
    const event = signEvent({ content: 'x'.repeat(48 * 1024) });
    const answers: unknown[] = [];
    for (let n = 0; n < 100; n++) ana.send(['EVENT', event]);
    for (let n = 0; n < 100; n++) answers.push((await ana.next())[2]);
    expect(answers.filter((taken) => taken === true)).toHaveLength(Math.floor(tokensMax / 7));
  });

  test('and closes on who does not stop', async () => {
    for (let n = 0; n < tokensMax + patienceMax + 1; n++) ana.send(['CLOSE', 'x']);
    expect(await ana.closed).toEqual({ code: 1008, reason: 'too many refused messages' });
    await settle(jo);
  });

  test('and closes on who talks nonsense', async () => {
    for (let n = 0; n <= patienceMax; n++) ana.sendText('nonsense');
    expect((await ana.closed).code).toBe(1008);
  });
});

test('lets an observer of the program see everything that came in, and nothing else does', async () => {
  ana.sendText('["NOTE","a sentence"]');
  await ana.next();
  expect(seen.some((text) => text.startsWith('GET /relay'))).toBe(true);
  expect(seen).toContain('["NOTE","a sentence"]');
});
