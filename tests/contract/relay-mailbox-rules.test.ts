/** The relay mailbox, frame by frame: what it says to a relay, and how it takes a relay's ways. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SignedEvent } from '../../src/lib/sync/nostr-key.ts';
import { verifyEvent } from '../../src/relay/event.ts';
import { createScriptedMailbox, envelope, hourS, idOf, type Frame, type ScriptedMailbox } from './scripted-mailbox.ts';

describe('a mailbox, frame by frame', () => {
  let at: ScriptedMailbox;

  beforeEach(async () => {
    at = await createScriptedMailbox();
  });

  afterEach(() => at.close());

  test('[MB2] [MB4] [MB6] speaks as the NIPs have it', async () => {
    await at.openThere();
    expect(at.framesOf('REQ')).toEqual([['REQ', expect.any(String), { kinds: [1059], '#p': [at.address], limit: 1 }]]);
    const { each } = await at.mailbox.push([{ envelope, expiresMs: at.clock.nowMs() + 1000 }, { envelope }], 'single');
    const events = at.eventsSaid();
    for (const event of events) {
      expect(verifyEvent(event).ok).toBe(true);
      expect(event).toMatchObject({
        kind: 1059,
        created_at: at.nowS,
        tags: [
          ['p', at.address],
          ['expiration', expect.any(String)]
        ]
      });
      expect(event.pubkey).not.toBe(at.address);
    }
    expect(new Set(events.map(({ pubkey }) => pubkey)).size).toBe(2);
    const ends = events.map(({ tags }) => Number(tags[1]?.[1])).sort((a, b) => a - b);
    expect(ends.every((end) => end % hourS === 0)).toBe(true);
    expect(ends[0]).toBeLessThanOrEqual(at.nowS + hourS);
    expect(ends[1]).toBeLessThanOrEqual(at.nowS + 180 * 24 * hourS + hourS);
    const [first] = each.map((one) => (one.ok ? one.value : undefined));
    if (first !== undefined) await at.mailbox.remove([first]);
    const deletion = at.eventsSaid().at(-1) as SignedEvent;
    expect(verifyEvent(deletion).ok).toBe(true);
    const deleted = events.find(({ id }) => first?.startsWith(id));
    expect(deletion).toMatchObject({ kind: 5, pubkey: deleted?.pubkey, content: '' });
    expect(deletion.tags).toEqual([
      ['e', deleted?.id],
      ['k', '1059'],
      ['expiration', expect.any(String)]
    ]);
  });

  test('[MB6] signs in when it is asked to, and asks again', async () => {
    let isSignedIn = false;
    at.answer = ([verb, subject]) => {
      if (verb === 'AUTH') isSignedIn = true;
      if (verb === 'REQ' && !isSignedIn)
        return [
          ['CLOSED', subject, 'auth-required: who is there?'],
          ['AUTH', 'riddle']
        ];
      if (verb === 'EVENT' && at.eventsSaid().length === 1)
        return [['OK', idOf(subject), false, 'auth-required: again?']];
      return undefined;
    };
    await at.openThere();
    const [[, event]] = at.framesOf('AUTH') as [[string, SignedEvent]];
    expect(verifyEvent(event).ok).toBe(true);
    expect(event).toMatchObject({
      kind: 22_242,
      pubkey: at.address,
      tags: [
        ['relay', at.keys.url],
        ['challenge', 'riddle']
      ]
    });
    expect((await at.push()).confirmed).toBe(1);
    expect(at.framesOf('AUTH')).toHaveLength(1);
  });

  test('[MB5] learns the time from the relay that refuses for it', async () => {
    const relayS = at.nowS - 5 * hourS;
    const isRight = (event: unknown) => Math.abs((event as SignedEvent).created_at - relayS) < 60;
    at.answer = ([verb, subject]) => {
      if (verb === 'REQ' && at.framesOf('REQ').length === 1)
        return [
          ['AUTH', 'riddle'],
          ['CLOSED', subject, 'auth-required:']
        ];
      if ((verb === 'AUTH' || verb === 'EVENT') && !isRight(subject)) {
        return [['OK', idOf(subject), false, `invalid: created_at is off; this relay's time is ${relayS}`]];
      }
      return undefined;
    };
    await at.openThere();
    expect(at.framesOf('AUTH')).toHaveLength(2);
    expect((await at.push(3)).confirmed).toBe(3);
    expect(at.eventsSaid()).toHaveLength(3);
  });

  test('[MB5] dates by the newest mail where the relay does not tell its time', async () => {
    const relayS = at.nowS - 5 * hourS;
    const newest = await at.mailEvent([], relayS);
    at.answer = ([verb, subject]) => {
      if (verb === 'REQ')
        return [
          ['EVENT', subject, newest],
          ['EOSE', subject]
        ];
      const isLate = verb === 'EVENT' && (subject as SignedEvent).created_at > relayS + 900;
      return isLate ? [['OK', idOf(subject), false, 'invalid: created_at too late']] : undefined;
    };
    await at.openThere();
    expect((await at.push(2)).confirmed).toBe(2);
    expect(at.eventsSaid().at(-1)?.created_at).toBe(relayS);
  });

  test('[MB5] a date that nothing mends is refused', async () => {
    at.answer = ([verb, subject]) =>
      verb === 'EVENT' ? [['OK', idOf(subject), false, 'invalid: created_at 1600000000']] : undefined;
    await at.openThere();
    expect(await at.push()).toMatchObject({ each: [{ error: { type: 'Refused' } }] });
    expect(at.eventsSaid()).toHaveLength(2);
  });

  test('[MB3] sends one by one what a relay finds too large together', async () => {
    at.answer = ([verb, subject]) =>
      verb === 'EVENT' && (subject as SignedEvent).content.length > 2000
        ? [['OK', idOf(subject), false, 'invalid: event too large']]
        : undefined;
    await at.openThere();
    const mail = Array.from({ length: 5 }, () => ({ envelope: new Uint8Array(900).fill(1) }));
    const { confirmed, each } = await at.mailbox.push(mail, 'packed');
    expect(confirmed).toBe(5);
    expect(new Set(each.map((one) => one.ok && one.value)).size).toBe(5);
    expect(at.eventsSaid()).toHaveLength(6);
  });

  test.each([
    ['has lost it', 'NotKept', () => undefined],
    [
      'does not take it',
      'NotWritten',
      ([verb, subject]: Frame) =>
        verb === 'EVENT' ? [['OK', idOf(subject), false, 'blocked: no mail here']] : undefined
    ],
    [
      'does not hand it out',
      'NotRead',
      ([verb, subject]: Frame) =>
        verb === 'REQ' && at.told.length > 1 ? [['CLOSED', subject, 'restricted: no']] : undefined
    ]
  ] as const)('[MB10] a probe finds out that a relay %s', async (_, type, saying) => {
    at.answer = saying;
    await at.openThere();
    expect(await at.mailbox.probe()).toMatchObject({ ok: false, error: { type } });
  });

  test('[MB10] a probe finds out that a relay deletes nothing', async () => {
    at.answer = ([verb, subject]) => {
      if (verb !== 'REQ' || at.framesOf('EVENT').length === 0) return undefined;
      return [
        ['EVENT', subject, at.eventsSaid()[0]],
        ['EOSE', subject]
      ];
    };
    await at.openThere();
    expect(await at.mailbox.probe()).toEqual({ ok: true, value: { removes: false } });
    expect(at.heard).toEqual([]);
  });

  test('[MB4] where the author may not delete, the mailbox key asks', async () => {
    at.answer = ([verb, subject]) => {
      const isByStranger =
        verb === 'EVENT' && (subject as SignedEvent).kind === 5 && (subject as SignedEvent).pubkey !== at.address;
      return isByStranger ? [['OK', idOf(subject), false, 'blocked: I do not know you']] : undefined;
    };
    await at.openThere();
    const [one] = (await at.push()).each;
    expect((await at.mailbox.remove(one?.ok === true ? [one.value] : [])).confirmed).toBe(1);
    expect(at.eventsSaid().map(({ pubkey }) => pubkey === at.address)).toEqual([false, false, true]);
  });

  test('[MR4] asks again for what an answer lacks, since a relay may cap its answers', async () => {
    const kept = new Set<string>();
    let askedMost = 0;
    at.answer = ([verb, subject, filter]) => {
      if (verb === 'EVENT') kept.add(idOf(subject));
      if (verb !== 'REQ') return undefined;
      const { ids = [] } = filter as { ids?: string[] };
      askedMost = Math.max(askedMost, ids.length);
      const found = at.eventsSaid().filter(({ id }) => ids.includes(id) && kept.has(id));
      return [...found.slice(0, 10).map((event) => ['EVENT', subject, event]), ['EOSE', subject]];
    };
    await at.openThere();
    const ids = (await at.push(40)).each.flatMap((one) => (one.ok ? [one.value] : []));
    const all = await at.mailbox.has(ids);
    expect(all.ok && all.value.size).toBe(40);
    expect(askedMost).toBe(40);
    kept.delete(ids[3]?.slice(0, 64) ?? '');
    const before = at.framesOf('REQ').length;
    const fewer = await at.mailbox.has(ids);
    expect(fewer.ok && fewer.value.size).toBe(39);
    expect(at.framesOf('REQ').length - before).toBe(5); // ten at a time, and once for the one that is not there
  });

  test('[MB6] a relay that grants and takes back is asked ever more seldom', async () => {
    at.answer = ([verb, subject]) =>
      verb === 'REQ'
        ? [
            ['EOSE', subject],
            ['CLOSED', subject, 'error: idle ones are closed']
          ]
        : undefined;
    at.open();
    const asked = () => at.framesOf('REQ').length;
    await vi.waitFor(() => expect(at.statuses.at(-1)?.type).toBe('Closed'));
    const from = at.clock.nowMs();
    await vi.waitFor(
      () => {
        at.clock.advance(500);
        expect(asked()).toBeGreaterThan(6);
      },
      { timeout: 20_000, interval: 5 }
    );
    // 1 + 2 + 4 + 8 + 16 + 32 seconds, half to whole.
    expect(at.clock.nowMs() - from).toBeGreaterThan(31_000);
  });
});
