/**
 * What every `SignalTransport` does: the port's contract, run by each adapter.
 *
 * Nothing on the port says when a subscription has taken effect. So the suite says things again until they are heard,
 * as the handshake above does, and proves an absence by something said after it that did arrive. The networks it is
 * given are kind ones: they may repeat a message, but they neither lose nor reorder any while they are up.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { utf8ToBytes } from '../../src/lib/base/bytes.ts';
import type { Topic } from '../../src/lib/base/ids.ts';
import type { SignalTransport } from '../../src/lib/sync/signal-transport.ts';

/** A network with whatever stands in its middle. */
export interface SignalNetwork {
  /** A new transport on it, not yet opened. */
  createTransport(): SignalTransport;
  /** What stands in the middle goes away, and comes back where it was. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** The end of the test. */
  close(): Promise<void>;
}

/** A person with a transport: what reached them, in order. */
interface Friend {
  readonly transport: SignalTransport;
  readonly heard: { readonly topic: Topic; readonly data: string }[];
  readonly statuses: boolean[];
}

const room = 'cm9vbS1vZi1hbmEtYW5kLQ' as Topic;
const otherRoom = 'b3RoZXItcm9vbS1vZi1taQ' as Topic;
const doorbell = 'ZG9vcmJlbGwtb2YtYWxsLQ' as Topic;
const patience = { timeout: 20_000, interval: 20 };

export const describeSignalTransport = (name: string, createNetwork: () => Promise<SignalNetwork>): void => {
  describe(`SignalTransport: ${name}`, () => {
    let network: SignalNetwork;
    let friends: Friend[];

    beforeEach(async () => {
      network = await createNetwork();
      friends = [];
    });

    afterEach(async () => {
      for (const friend of friends) friend.transport.close();
      await network.close();
    });

    const createFriend = (): Friend => {
      const friend: Friend = { transport: network.createTransport(), heard: [], statuses: [] };
      friend.transport.open({
        onMessage: (topic, data) => friend.heard.push({ topic, data }),
        onStatus: (connected) => friend.statuses.push(connected)
      });
      friends.push(friend);
      return friend;
    };

    /** Says so again until it is heard: from then on the listener's subscription is known to work. */
    const sayUntilHeard = async (speaker: Friend, listener: Friend, topic: Topic, data: string): Promise<void> => {
      await vi.waitFor(async () => {
        await speaker.transport.publish(topic, data);
        expect(dataOn(listener, topic)).toContain(data);
      }, patience);
    };

    const untilHeard = (listener: Friend, topic: Topic, data: string): Promise<void> =>
      vi.waitFor(() => expect(dataOn(listener, topic)).toContain(data), patience);

    test('delivers to everyone on the topic, and to nobody else', async () => {
      const [ana, jo, mia] = [createFriend(), createFriend(), createFriend()];
      jo.transport.subscribe([room, doorbell]);
      mia.transport.subscribe([otherRoom, doorbell]);
      await sayUntilHeard(ana, jo, doorbell, 'ring');
      await sayUntilHeard(ana, mia, doorbell, 'ring again');

      await ana.transport.publish(room, 'for the room');
      await ana.transport.publish(otherRoom, 'for the other room');
      await ana.transport.publish(doorbell, 'all said');
      await untilHeard(jo, doorbell, 'all said');
      await untilHeard(mia, doorbell, 'all said');

      expect(new Set(dataOn(jo, room))).toEqual(new Set(['for the room']));
      expect(dataOn(jo, otherRoom)).toEqual([]);
      expect(new Set(dataOn(mia, otherRoom))).toEqual(new Set(['for the other room']));
      expect(dataOn(mia, room)).toEqual([]);
      expect(ana.heard).toEqual([]);
    });

    test('works both ways, also where a friend hears an echo of themselves', async () => {
      const [ana, jo] = [createFriend(), createFriend()];
      for (const friend of [ana, jo]) friend.transport.subscribe([room]);
      await sayUntilHeard(ana, jo, room, 'from Ana');
      await sayUntilHeard(jo, ana, room, 'from Jo');
      const known = ['from Ana', 'from Jo'];
      for (const friend of [ana, jo]) expect(dataOn(friend, room).filter((data) => !known.includes(data))).toEqual([]);
    });

    test('stops on unsubscribe, and keeps the other topics', async () => {
      const [ana, jo] = [createFriend(), createFriend()];
      ana.transport.subscribe([otherRoom]);
      jo.transport.subscribe([room, doorbell]);
      await sayUntilHeard(ana, jo, room, 'before');

      jo.transport.unsubscribe([room]);
      // What Jo says after unsubscribing has come through, so the unsubscribing has.
      await sayUntilHeard(jo, ana, otherRoom, 'I left the room');
      await ana.transport.publish(room, 'after');
      await sayUntilHeard(ana, jo, doorbell, 'all said');
      expect(dataOn(jo, room)).not.toContain('after');
    });

    test('can subscribe again to what was left', async () => {
      const [ana, jo] = [createFriend(), createFriend()];
      jo.transport.subscribe([room]);
      jo.transport.unsubscribe([room]);
      jo.transport.subscribe([room]);
      await sayUntilHeard(ana, jo, room, 'welcome back');
    });

    test('delivers nothing after close, and takes calls without harm', async () => {
      const [ana, jo, mia] = [createFriend(), createFriend(), createFriend()];
      for (const friend of [jo, mia]) friend.transport.subscribe([room]);
      await sayUntilHeard(ana, jo, room, 'before');
      await sayUntilHeard(ana, mia, room, 'before');

      jo.transport.close();
      const heard = jo.heard.length;
      const statuses = jo.statuses.length;
      await ana.transport.publish(room, 'after');
      await untilHeard(mia, room, 'after');
      jo.transport.subscribe([otherRoom]);
      jo.transport.unsubscribe([room]);
      await jo.transport.publish(room, 'from beyond');
      jo.transport.close();
      await sayUntilHeard(ana, mia, room, 'all said');
      expect(jo.heard).toHaveLength(heard);
      expect(jo.statuses).toHaveLength(statuses);
      expect(dataOn(mia, room)).not.toContain('from beyond');
    });

    test('says when it is connected, and when no longer', async () => {
      const ana = createFriend();
      await vi.waitFor(() => expect(ana.statuses).toEqual([true]), patience);
      await network.stop();
      await vi.waitFor(() => expect(ana.statuses).toEqual([true, false]), patience);
      await network.start();
      await vi.waitFor(() => expect(ana.statuses).toEqual([true, false, true]), patience);
    });

    test('comes back by itself, with its topics, when the middle was gone', async () => {
      const [ana, jo] = [createFriend(), createFriend()];
      jo.transport.subscribe([room]);
      await sayUntilHeard(ana, jo, room, 'before');
      await network.stop();
      for (const friend of [ana, jo]) await vi.waitFor(() => expect(friend.statuses.at(-1)).toBe(false), patience);
      await ana.transport.publish(room, 'into the void');
      jo.transport.subscribe([otherRoom]);
      await network.start();
      await sayUntilHeard(ana, jo, room, 'after');
      await sayUntilHeard(ana, jo, otherRoom, 'in a room entered meanwhile');
      expect(dataOn(jo, room)).not.toContain('into the void');
    });

    test('waits for a middle that is not there yet', async () => {
      await network.stop();
      const [ana, jo] = [createFriend(), createFriend()];
      jo.transport.subscribe([room]);
      await ana.transport.publish(room, 'too early');
      await network.start();
      await sayUntilHeard(ana, jo, room, 'now');
      expect(dataOn(jo, room)).not.toContain('too early');
    });

    test('carries awkward texts unchanged, up to maxBytes', async () => {
      const [ana, jo] = [createFriend(), createFriend()];
      jo.transport.subscribe([room]);
      const awkward = [
        '',
        ' ',
        '"\\\n\r\t\b\f\u0000\u001f\u2028',
        '\u202eright to left',
        '["EVENT"]',
        '👩‍👩‍👧‍👦é̂ש',
        '\ufeff'
      ];
      for (const text of [...awkward, fill(ana.transport.maxBytes)]) await sayUntilHeard(ana, jo, room, text);
    });

    test('rejects what is over maxBytes, and goes on', async () => {
      const [ana, jo] = [createFriend(), createFriend()];
      jo.transport.subscribe([room]);
      await sayUntilHeard(ana, jo, room, 'before');
      await expect(ana.transport.publish(room, 'x'.repeat(ana.transport.maxBytes + 1))).rejects.toThrow();
      await expect(ana.transport.publish(room, '€'.repeat(ana.transport.maxBytes / 3 + 1))).rejects.toThrow();
      await sayUntilHeard(ana, jo, room, 'after');
      expect(new Set(dataOn(jo, room))).toEqual(new Set(['before', 'after']));
    });

    test('listens on many topics at once', async () => {
      const [ana, jo] = [createFriend(), createFriend()];
      const rooms = Array.from({ length: 300 }, (_, n) => `room-${n}-of-many-others-` as Topic);
      for (const one of rooms) jo.transport.subscribe([one]);
      for (const n of [0, 99, 100, 299]) await sayUntilHeard(ana, jo, rooms[n] as Topic, `in room ${n}`);
      jo.transport.unsubscribe(rooms.slice(0, 299));
      await sayUntilHeard(ana, jo, rooms[299] as Topic, 'in the last room still');
    });
  });
};

const dataOn = (friend: Friend, topic: Topic): string[] =>
  friend.heard.filter((message) => message.topic === topic).map((message) => message.data);

/** A text of exactly `bytes` UTF-8 bytes, mostly letters of four bytes, with some that JSON must escape. */
const fill = (bytes: number): string => {
  const escaped = '"\\\n'.repeat(100);
  const left = bytes - escaped.length;
  const text = escaped + '🫶'.repeat(Math.floor(left / 4)) + 'x'.repeat(left % 4);
  expect(utf8ToBytes(text)).toHaveLength(bytes);
  return text;
};
