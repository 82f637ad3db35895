/** What the relay takes in as mail, what it refuses, and what it lets go of. */
import { describe, expect, test } from 'vitest';
import { eventOverheadBytes, mailAgeMaxMs, mailAheadMaxMs, sweepMs } from '../../../src/relay/limits.ts';
import { startServer } from '../../../src/relay/server.ts';
import { anaKeys, anas, joKeys, jos, nowSeconds, useMailboxScene } from './mailbox-scene.ts';
import { connectClient } from './nostr-client.ts';
import { keysOf, signDeletion, signEvent, signMail } from './signed-event.ts';

const scene = useMailboxScene();
const { later, signAnaIn, leave, mine } = scene;

describe('refuses', () => {
  const tags = (...list: string[][]) => signEvent({ kind: 1059, tags: list });
  const expiration = ['expiration', String(nowSeconds + 60)];

  test.each<[string, object, RegExp]>([
    ['without a mailbox', tags(expiration), /^invalid: .*p tag/],
    ['for two mailboxes', tags(['p', anas], ['p', jos], expiration), /^invalid: .*p tag/],
    ['for what is no key', tags(['p', 'ana'], expiration), /^invalid: .*p tag/],
    ['without an expiration', tags(['p', anas]), /^invalid: .*expiration tag/],
    ['with two', tags(['p', anas], expiration, expiration), /^invalid: .*expiration tag/],
    ['with one that is no time', tags(['p', anas], ['expiration', 'soon']), /^invalid: .*expiration tag/],
    ['that has expired', signMail(anas, { expiresAt: nowSeconds }), /^invalid: .*expired.* 1700000000$/],
    [
      'that would stay too long',
      signMail(anas, { expiresAt: nowSeconds + 200 * 86_400 + 1 }),
      /^invalid: .*at most 200 days.* 1700000000$/
    ],
    [
      'from too far ahead',
      signMail(anas, { created_at: nowSeconds + mailAheadMaxMs / 1000 + 1 }),
      /^invalid: created_at .*ahead.* 1700000000$/
    ],
    [
      'from too long ago',
      signMail(anas, { created_at: nowSeconds - mailAgeMaxMs / 1000 - 1, expiresAt: nowSeconds + 60 }),
      /^invalid: created_at .*ago.* 1700000000$/
    ],
    ['that was altered', { ...signMail(anas), content: 'altered' }, /^invalid: id /],
    ['under another signature', { ...signMail(anas), sig: signMail(jos).sig }, /^invalid: the signature/],
    ['that is too large', signMail(anas, { content: 'x'.repeat(65_536) }), /^invalid: .*65536/]
  ])('mail %s', async (_name, event, reason) => {
    expect(await leave(event)).toEqual([false, expect.stringMatching(reason)]);
    await signAnaIn();
    expect((await mine()).events).toEqual([]);
    expect(scene.server.mailUsage()).toMatchObject({ events: 0, bytes: 0 });
  });

  test('nothing right at the limits of time', async () => {
    expect(await leave(signMail(anas, { expiresAt: nowSeconds + 200 * 86_400 }))).toEqual([true, '']);
    expect(await leave(signMail(anas, { created_at: nowSeconds + mailAheadMaxMs / 1000 }))).toEqual([true, '']);
    const created_at = nowSeconds - mailAgeMaxMs / 1000;
    expect(await leave(signMail(anas, { created_at, expiresAt: nowSeconds + 1 }))).toEqual([true, '']);
  });

  test('mail and signing in, where it was told to keep none', async () => {
    const mailless = await startServer({ host: '127.0.0.1', port: 0, clock: scene.clock, mail: 'nowhere' });
    const client = await connectClient(mailless.relayUrl);
    expect(await leave(signMail(anas), client)).toEqual([false, expect.stringMatching(/^blocked: /)]);
    expect(await leave(signDeletion([signMail(anas).id], anaKeys), client)).toEqual([
      false,
      expect.stringMatching(/^blocked: /)
    ]);
    expect((await client.ask('all', {})).closed).toBeUndefined();
    expect(mailless.mailUsage()).toBeUndefined();
    await mailless.close();
  });
});

describe('lets go of', () => {
  test.each([
    ['its author', keysOf(7)],
    ['its owner', anaKeys]
  ])('mail that %s deletes, for good', async (_name, keys) => {
    const [event, other] = [signMail(anas), signMail(anas, { content: 'another' })];
    await leave(event);
    await leave(other);
    expect(await leave(signDeletion([event.id], keys))).toEqual([true, '']);
    await signAnaIn();
    expect((await mine()).events).toEqual([other]);
    expect(await leave(event)).toEqual([false, expect.stringMatching(/^blocked: .*deleted/)]);
    expect((await mine()).events).toEqual([other]);
  });

  test('nothing that anybody else asks to delete, whom it tells no more than of what was never here', async () => {
    const event = signMail(anas);
    await leave(event);
    expect(await leave(signDeletion([event.id], joKeys))).toEqual([true, '']);
    expect(await leave(signDeletion([signMail(jos).id], joKeys))).toEqual([true, '']);
    await signAnaIn();
    expect((await mine()).events).toEqual([event]);
  });

  test('nothing for a deletion that was altered, or names nothing', async () => {
    const event = signMail(anas);
    await leave(event);
    const deletion = { ...signDeletion([signMail(jos).id], anaKeys), tags: [['e', event.id]] };
    expect(await leave(deletion)).toEqual([false, expect.stringMatching(/^invalid: id /)]);
    expect(await leave(signDeletion([], anaKeys))).toEqual([false, expect.stringMatching(/^invalid: /)]);
    expect(await leave(signDeletion(['x'], anaKeys))).toEqual([false, expect.stringMatching(/^invalid: /)]);
    await signAnaIn();
    expect((await mine()).events).toEqual([event]);
  });

  test('what has expired: never served, and taken out when it is swept', async () => {
    await leave(signMail(anas, { expiresAt: nowSeconds + 60 }));
    const event = signMail(anas, { expiresAt: nowSeconds + 6000 });
    await leave(event);
    await signAnaIn();
    expect((await mine()).events).toHaveLength(2);
    await later(60_000);
    await signAnaIn();
    expect((await mine()).events).toEqual([event]);
    expect(scene.server.mailUsage()).toMatchObject({ events: 2 });
    scene.clock.advance(sweepMs - 60_000);
    expect(scene.server.mailUsage()).toMatchObject({ events: 1 });
    expect(scene.said).toEqual(['Taken out, since it had expired: 1 pieces of mail.']);
  });

  test('what was deleted, altogether, once it would have expired', async () => {
    const event = signMail(anas, { expiresAt: nowSeconds + 60 });
    await leave(event);
    await leave(signDeletion([event.id], anaKeys));
    expect(scene.server.mailUsage()).toMatchObject({ events: 0, bytes: eventOverheadBytes });
    scene.clock.advance(sweepMs);
    expect(scene.server.mailUsage()).toMatchObject({ events: 0, bytes: 0 });
  });
});
