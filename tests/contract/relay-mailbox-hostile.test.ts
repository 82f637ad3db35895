/** The relay mailbox with a relay that is in its way, or out of its mind. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WebSocket as RelaySocket } from 'ws';
import { bytesToBase64Url } from '../../src/lib/base/bytes.ts';
import type { MailId } from '../../src/lib/sync/envelope-carrier.ts';
import { createScriptedMailbox, envelope, idOf, offline, type ScriptedMailbox } from './scripted-mailbox.ts';

describe('a mailbox on a relay that means no good', () => {
  let at: ScriptedMailbox;

  beforeEach(async () => {
    at = await createScriptedMailbox();
  });

  afterEach(() => at.close());

  test('[MB6] says that it was not let in, and tries again later and later', async () => {
    at.answer = ([verb, subject]) => {
      if (verb === 'REQ')
        return [
          ['AUTH', 'riddle'],
          ['CLOSED', subject, 'auth-required: who is there?']
        ];
      if (verb === 'AUTH') return [['OK', idOf(subject), false, 'restricted: not you']];
      return undefined;
    };
    at.open();
    const why = { type: 'AuthRequired', reason: 'restricted: not you' };
    for (const fullMs of [1000, 2000, 4000]) {
      await vi.waitFor(() => expect(at.statuses).toEqual([{ type: 'Closed', why }]));
      await vi.waitFor(() => expect(at.clock.nextMs()).toBeLessThanOrEqual(fullMs));
      expect(at.clock.nextMs()).toBeGreaterThanOrEqual(fullMs / 2);
      const asked = at.framesOf('REQ').length;
      at.clock.advance(fullMs);
      await vi.waitFor(() => expect(at.framesOf('REQ')).toHaveLength(asked + 1));
    }
    expect(await at.push()).toEqual({ confirmed: 0, each: [{ ok: false, error: why }] });
  });

  test('[MB6] does not wait for ever for a challenge that never comes', async () => {
    at.answer = ([verb, subject]) => (verb === 'REQ' ? [['CLOSED', subject, 'auth-required: guess']] : undefined);
    at.open();
    await vi.waitFor(() => expect(at.framesOf('REQ')).toHaveLength(1));
    await vi.waitFor(() => expect(at.clock.nextMs()).toBe(5000));
    at.clock.advance(5000);
    expect(await at.push()).toMatchObject({ each: [{ error: { type: 'AuthRequired' } }] });
  });

  test('[MB8] survives nonsense, and takes in what stands between', async () => {
    const seal = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const stranger = await at.mailEvent([envelope], at.nowS, { ...at.keys, seal });
    await at.openThere();
    const good = await at.mailEvent();
    for (const odd of [
      null,
      7,
      {},
      [],
      ['EVENT'],
      ['OK'],
      ['OK', good.id],
      ['AUTH'],
      ['AUTH', 7],
      ['CLOSED'],
      ['EOSE', 'm99'],
      ['NOTICE', 'hm'],
      ['EVENT', 'another', good],
      ['OK', '0'.repeat(64), true, ''],
      ['EOSE', at.liveId],
      ['CLOSED', 'm99', 'auth-required: x'],
      ['COUNT', at.liveId, { count: 3 }]
    ])
      at.say(odd);
    at.sockets[0]?.send('no JSON');
    at.sockets[0]?.send(Buffer.from(JSON.stringify(['EVENT', at.liveId, good])));
    at.sockets[0]?.send(JSON.stringify(['EVENT', at.liveId, { ...good, content: 'A'.repeat(128 * 1024) }]));
    const wrong = [
      null,
      'mail',
      { ...good, kind: 1 },
      { ...good, id: 7 },
      { ...good, id: 'ABC' },
      { ...good, created_at: -1 },
      { ...good, created_at: 1.5 },
      { ...good, tags: [] },
      { ...good, tags: 'p' },
      { ...good, tags: [['p', 'f'.repeat(64)]] },
      { ...good, tags: [null, 'p'] },
      { ...good, content: 7 }
    ];
    for (const event of wrong) at.say(['EVENT', at.liveId, event]);
    at.say(['EVENT', at.liveId, { ...good, content: 'A'.repeat(41 * 1024) }]);
    at.say(['EVENT', at.liveId, { ...good, content: '?' }]);
    at.say(['EVENT', at.liveId, { ...good, content: bytesToBase64Url(new Uint8Array(9)) }]);
    at.say(['EVENT', at.liveId, stranger]);
    at.say(['EVENT', at.liveId, good]);
    await vi.waitFor(() => expect(at.heard).toEqual([envelope]));
    expect(at.refused.toSorted()).toEqual(
      [...wrong.map(() => 'NotMail'), 'NotMail', 'NotOpened', 'NotOpened', 'TooLarge'].toSorted()
    );
    expect(at.statuses).toEqual([{ type: 'Open' }]);
  });

  test('[MB9] waits when it is told to slow down, and gives up when it goes on', async () => {
    at.answer = ([verb, subject]) =>
      verb === 'EVENT' ? [['OK', idOf(subject), false, 'rate-limited: slow down']] : undefined;
    await at.openThere();
    const pushing = at.push(20);
    for (const fullMs of [1000, 2000, 4000, 8000]) {
      await vi.waitFor(() => expect(at.clock.nextMs()).toBeLessThanOrEqual(fullMs));
      await vi.waitFor(() => expect(at.framesOf('EVENT').length % 8).toBe(0));
      at.clock.advance(fullMs);
    }
    const { confirmed, each } = await pushing;
    expect(confirmed).toBe(0);
    for (const one of each)
      expect(one).toMatchObject({ error: { type: 'RateLimited', reason: 'rate-limited: slow down' } });
    expect(at.eventsSaid()).toHaveLength(40); // eight at a time, five times, and the other twelve never
  });

  test('[MB9] goes on where it was, once the relay has had its pause', async () => {
    at.answer = ([verb, subject]) => {
      if (verb === 'EVENT' && at.eventsSaid().length <= 8)
        return [['OK', idOf(subject), false, 'rate-limited: slow down']];
      if (verb === 'REQ' && at.framesOf('REQ').length === 2) return [['CLOSED', subject, 'rate-limited: slow down']];
      return undefined;
    };
    await at.openThere();
    const pushing = at.push(20);
    await vi.waitFor(() => expect(at.eventsSaid()).toHaveLength(8));
    await vi.waitFor(() => expect(at.clock.nextMs()).toBeLessThanOrEqual(1000));
    at.clock.advance(1000);
    expect((await pushing).confirmed).toBe(20);
    const reading = at.pull();
    await vi.waitFor(() => expect(at.framesOf('REQ')).toHaveLength(2));
    await vi.waitFor(() => expect(at.clock.nextMs()).toBeLessThanOrEqual(2000));
    at.clock.advance(2000);
    expect(await reading).toEqual([{ ok: true, value: { arrivals: [], cursorS: 0 } }]);
  });

  test('[MB9] gives up an answer that never comes, and sends no more of that push', async () => {
    at.answer = ([verb]) => (verb === 'EVENT' ? [] : undefined);
    await at.openThere();
    const pushing = at.push(20);
    await vi.waitFor(() => expect(at.eventsSaid()).toHaveLength(8));
    at.clock.advance(10_000);
    const { each } = await pushing;
    for (const one of each) expect(one).toEqual({ ok: false, error: { type: 'TimedOut' } });
    expect(at.eventsSaid()).toHaveLength(8);
  });

  test('[MB7] gives up a page that never ends', async () => {
    await at.openThere();
    const good = await at.mailEvent();
    at.answer = ([verb, subject]) => (verb === 'REQ' ? [['EVENT', subject, good]] : undefined);
    const reading = at.pull();
    await vi.waitFor(() => expect(at.framesOf('REQ')).toHaveLength(2));
    await vi.waitFor(() => {
      at.clock.advance(1000);
      expect(at.framesOf('CLOSE')).toHaveLength(1);
    });
    expect(await reading).toEqual([{ ok: false, error: { type: 'TimedOut' } }]);
  });

  test('[MB8] a flood of live mail ends the connection, and the memory of it', async () => {
    await at.openThere();
    const good = await at.mailEvent();
    for (let n = 0; n < 2000; n++) at.say(['EVENT', at.liveId, good]);
    await vi.waitFor(() => expect(at.statuses).toEqual([{ type: 'Open' }, offline]));
  });

  test('what a relay says of itself is shortened, and cannot turn the line', async () => {
    const reason = `blocked: \u202e${'x'.repeat(5000)}\n`;
    at.answer = ([verb, subject]) => (verb === 'EVENT' ? [['OK', idOf(subject), false, reason]] : undefined);
    await at.openThere();
    const [one] = (await at.push()).each;
    const said = one?.ok === false && one.error.type === 'Refused' ? one.error.reason : '';
    expect(said).toMatch(/^blocked: {2}x{189,190}$/);
  });

  test('[MB6] asks a silent relay whether it is there, and gives it up when it is not', async () => {
    await at.openThere();
    at.clock.advance(60_000);
    await vi.waitFor(() => expect(at.framesOf('CLOSE')).toHaveLength(1));
    expect(at.framesOf('REQ').at(-1)?.[2]).toMatchObject({ limit: 1, since: expect.any(Number) });
    at.answer = () => [];
    at.mailbox.wake();
    await vi.waitFor(() => expect(at.framesOf('REQ')).toHaveLength(3));
    at.clock.advance(10_000);
    expect(at.statuses).toEqual([{ type: 'Open' }, offline]);
  });

  test('leaves no timer and no connection behind, in the middle of everything', async () => {
    await at.openThere();
    at.answer = () => [];
    const pending = [at.push(30), at.mailbox.has(['0'.repeat(88) as MailId]), at.mailbox.probe()];
    const reading = at.pull();
    await vi.waitFor(() => expect(at.framesOf('REQ').length).toBeGreaterThanOrEqual(3));
    const gone = once(at.sockets[0] as RelaySocket, 'close');
    at.mailbox.close();
    await gone;
    expect(JSON.stringify(await Promise.all(pending))).not.toMatch(/Offline|TimedOut/);
    expect(await reading).toEqual([{ ok: false, error: { type: 'Closed' } }]);
    expect(at.clock.nextMs()).toBeUndefined();
    at.mailbox.wake();
    expect(at.clock.nextMs()).toBeUndefined();
  });
});
