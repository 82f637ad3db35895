/** The nonce handshake, by its rules: tests/unit/sync/handshake-meeting.ts is the network. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectDeadlineMs, reannounceMinMs, replyPauseMs } from '../../../src/lib/base/limits.ts';
import { connectionsMax, shunMs } from '../../../src/lib/sync/handshake.ts';
import { signalToBytes, type AddressedMessage, type SignalMessage } from '../../../src/lib/sync/signal-message.ts';
import { Meeting, type Friend } from './handshake-meeting.ts';

const addressed = (friend: Friend, type: AddressedMessage['type']): AddressedMessage => {
  const found = friend.said.find((message) => message.type === type);
  if (found === undefined || found.type === 'announce') throw new Error(`nobody said ${type}`);
  return found;
};

const count = (friend: Friend, type: SignalMessage['type']): number =>
  friend.said.filter((message) => message.type === type).length;

describe('two friends', () => {
  test.each(['lower', 'higher', 'both'])('connect with one connection each when %s announces', async (who) => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    if (who !== 'higher') low.handshake.announce();
    if (who !== 'lower') high.handshake.announce();
    await meeting.settle();
    expect(meeting.areConnected(low, high)).toBe(true);
    expect([low.dialled.length, low.accepted.length, high.dialled.length, high.accepted.length]).toEqual([1, 0, 0, 1]);
    expect([...low.refusals, ...high.refusals]).toEqual([]);
  });

  test('[HS1] eight replays of an old announcement make no connection', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    high.handshake.announce();
    const old = high.said[0] as SignalMessage;
    meeting.wire.length = 0;
    high.handshake.close();
    for (let i = 0; i < 8; i++) await low.handshake.receive(old);
    await meeting.settle();
    expect(low.connections.size + low.dialled.length).toBe(0);
    expect(count(low, 'reply')).toBe(1);
  });

  test('[HS1] one announced nonce is replied to again only after the pause', async () => {
    const meeting = new Meeting();
    meeting.copies = () => 0;
    const [low, high] = await meeting.joinPair();
    high.handshake.announce();
    const announced = high.said[0] as SignalMessage;
    for (const waitMs of [0, replyPauseMs - 1, 1, replyPauseMs]) {
      meeting.clock.advance(waitMs);
      await low.handshake.receive(announced);
    }
    await meeting.settle();
    expect(count(low, 'reply')).toBe(3);
  });

  test('[HS2] a reply to an announcement before the last two is refused', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    meeting.copies = (message) => (message.type === 'reply' ? 0 : 1);
    low.handshake.announce();
    await meeting.settle();
    const late = addressed(high, 'reply');
    meeting.copies = () => 0;
    low.handshake.announce();
    low.handshake.announce();
    await low.handshake.receive(late);
    expect(low.refused('WrongEcho')).toBe(1);
    expect(low.dialled).toEqual([]);
  });

  test('[HS3] an offer from the higher id is refused', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    meeting.copies = (message) => (message.type === 'announce' ? 1 : 0);
    high.handshake.announce();
    await meeting.settle();
    const { n: echo, to, from } = addressed(low, 'reply');
    const signal = signalToBytes({ type: 'offer', sdp: 'v=0' });
    const offer = await high.prover.prove({ type: 'offer', from: to, to: from, n: 'A'.repeat(16), echo, signal });
    await low.handshake.receive(offer);
    expect(low.refused('WrongRole')).toBe(1);
    expect(low.accepted).toEqual([]);
  });

  test('[HS4] an offer counts once, also when a member sealed it again', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    low.handshake.announce();
    await meeting.settle();
    for (let i = 0; i < 8; i++) await high.handshake.receive(addressed(low, 'offer'));
    await meeting.settle();
    expect(high.accepted.length).toBe(1);
    expect(high.refused('WrongEcho')).toBe(8);
    expect(meeting.areConnected(low, high)).toBe(true);
  });

  test('[HS5] an answer counts once, and only within its attempt', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    low.handshake.announce();
    await meeting.settle();
    const answer = addressed(high, 'answer');
    await low.handshake.receive(answer);
    expect(low.refused('WrongEcho')).toBe(1);
    low.handshake.closed(high.peerId);
    await low.handshake.receive(answer);
    expect(low.refused('WrongEcho')).toBe(2);
  });

  test('[HS5] an answer without any attempt is refused and nothing breaks', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    const signal = signalToBytes({ type: 'answer', sdp: 'v=0' });
    const statement = { type: 'answer', from: high.peerId, to: low.peerId, signal } as const;
    await low.handshake.receive(await high.prover.prove({ ...statement, n: 'A'.repeat(16), echo: 'B'.repeat(16) }));
    expect(low.refused('WrongEcho')).toBe(1);
  });

  test.each(['signal', 'n', 'signature', 'key'] as const)(
    '[HS6] an offer with another %s is refused',
    async (field) => {
      const meeting = new Meeting();
      const [low, high] = await meeting.joinPair();
      meeting.copies = (message) => (message.type === 'offer' ? 0 : 1);
      low.handshake.announce();
      await meeting.settle();
      const offer = addressed(low, 'offer');
      const other = { signal: signalToBytes({ type: 'offer', sdp: 'v=1' }), n: 'A'.repeat(16) };
      const forged = {
        ...offer,
        ...{ signal: { signal: other.signal }, n: { n: other.n } }[field as 'signal' | 'n'],
        ...(field === 'signature' ? { signature: new Uint8Array(64) } : {}),
        ...(field === 'key' ? { key: addressed(high, 'reply').key } : {})
      };
      await high.handshake.receive(forged);
      expect(high.refused('BadProof')).toBe(1);
      await high.handshake.receive(offer);
      expect(high.accepted).toEqual([low.peerId]);
    }
  );

  test('[HS6] a member cannot speak under the peer id of another', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    const mallory = await meeting.join();
    meeting.copies = (message) => (message.type === 'announce' ? 1 : 0);
    low.handshake.announce();
    await meeting.settle();
    const reply = addressed(high, 'reply');
    await low.handshake.receive(await mallory.prover.prove(reply));
    expect(low.refused('BadProof')).toBe(1);
    expect(low.dialled).toEqual([]);
  });

  test('[HS7] a lost offer is given up at the deadline, and announcing again mends it', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    meeting.copies = (message) => (message.type === 'offer' ? 0 : 1);
    low.handshake.announce();
    await meeting.settle();
    expect(low.connections.size).toBe(1);
    meeting.copies = () => 1;
    meeting.clock.advance(connectDeadlineMs);
    expect(low.dropped).toEqual([high.peerId]);
    expect(low.connections.size).toBe(0);
    low.handshake.announce();
    await meeting.settle();
    expect(meeting.areConnected(low, high)).toBe(true);
    meeting.clock.advance(connectDeadlineMs);
    expect(meeting.areConnected(low, high)).toBe(true);
  });

  test.each(['low', 'high'])('[HS8] a %s side that lost its connection gets a new one at once', async (who) => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    low.handshake.announce();
    await meeting.settle();
    const [lost, other] = who === 'low' ? [low, high] : [high, low];
    lost.handshake.closed(other.peerId);
    lost.connections.delete(other.peerId);
    expect(meeting.areConnected(low, high)).toBe(false);
    lost.handshake.announce();
    await meeting.settle();
    expect(meeting.areConnected(low, high)).toBe(true);
    expect(other.dropped).toEqual([lost.peerId]);
  });

  test('[HS8] announcing while connected leaves the connection alone', async () => {
    const meeting = new Meeting();
    const [low, high] = await meeting.joinPair();
    low.handshake.announce();
    await meeting.settle();
    for (const friend of [low, high, low, high]) {
      friend.handshake.announce();
      await meeting.settle();
    }
    expect([low.dialled.length, high.accepted.length]).toEqual([1, 1]);
    expect([...low.dropped, ...high.dropped]).toEqual([]);
  });
});

test('a device that misbehaved gets no connection until its time is over', async () => {
  const meeting = new Meeting();
  const [low, high] = await meeting.joinPair();
  low.handshake.announce();
  await meeting.settle();
  high.handshake.shun(low.peerId);
  low.handshake.closed(high.peerId);
  low.connections.clear();
  low.handshake.announce();
  await meeting.settle();
  expect(high.connections.size).toBe(0);
  expect(high.refused('Shunned')).toBe(1);
  meeting.clock.advance(shunMs);
  low.handshake.announce();
  await meeting.settle();
  expect(meeting.areConnected(low, high)).toBe(true);
});

test('connections are bounded, however many peers come', async () => {
  const meeting = new Meeting();
  const busy = await meeting.join();
  for (let i = 0; i < connectionsMax + 3; i++) await meeting.join();
  busy.handshake.announce();
  await meeting.settle();
  expect(busy.connections.size).toBe(connectionsMax);
  expect(busy.refused('TooManyPeers')).toBe(3);
});

test('closing ends every timer and every word', async () => {
  const meeting = new Meeting();
  const [low, high] = await meeting.joinPair();
  meeting.copies = (message) => (message.type === 'answer' ? 0 : 1);
  low.handshake.announce();
  await meeting.settle();
  expect(meeting.clock.nextMs()).toBeDefined();
  low.handshake.close();
  high.handshake.close();
  expect(meeting.clock.nextMs()).toBeUndefined();
  const saidBefore = low.said.length;
  await low.handshake.receive(addressed(high, 'answer'));
  low.handshake.describe(high.peerId, { type: 'offer', sdp: 'v=0' });
  await meeting.settle();
  expect(low.said.length).toBe(saidBefore);
});

test('whatever is lost, repeated and reordered, friends connect once the network is kind', { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(99)), fc.integer({ min: 2, max: 4 }), async (numbers, size) => {
      const draw = (): number => numbers.next().value ?? 0;
      const meeting = new Meeting();
      for (let i = 0; i < size; i++) await meeting.join();
      const said: SignalMessage[] = [];
      meeting.pick = (waiting) => draw() % Math.max(1, waiting);
      meeting.copies = (message) => {
        said.push(message);
        return [0, 1, 1, 1, 2][draw() % 5] ?? 1;
      };
      for (let round = 0; round < 6; round++) {
        for (const friend of meeting.friends) if (draw() % 2 === 0) friend.handshake.announce();
        await meeting.settle();
        for (const friend of meeting.friends) {
          const old = said[draw() % Math.max(1, said.length)];
          if (old !== undefined) await friend.handshake.receive(old);
        }
        meeting.clock.advance(reannounceMinMs);
      }
      meeting.copies = () => 1;
      for (let round = 0; round < 3; round++) {
        meeting.clock.advance(connectDeadlineMs);
        for (const friend of meeting.friends) friend.handshake.announce();
        await meeting.settle();
      }
      for (const a of meeting.friends) {
        expect(a.dialled.every((b) => a.peerId < b) && a.accepted.every((b) => a.peerId > b)).toBe(true);
        for (const b of meeting.friends) if (a !== b) expect(meeting.areConnected(a, b)).toBe(true);
      }
    }),
    { numRuns: 60 }
  )
);
