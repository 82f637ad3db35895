/** Rooms over real WebRTC in one page: friends meet, catch up, and leave nothing behind. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { utf8ToBytes } from '../../src/lib/base/bytes.ts';
import { connectDeadlineMs, reannounceMaxMs, reannounceMinMs } from '../../src/lib/base/limits.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { createHandClock } from '../unit/relay/hand-clock.ts';
import { Circle, WatchedConnections } from './peer-room-circle.ts';

const connections = new WatchedConnections();
const { made } = connections;
let circle: Circle;

beforeEach(() => {
  connections.start();
  circle = new Circle();
});

afterEach(() => {
  circle.close();
  connections.stop();
});

describe('two friends', () => {
  test('meet, know which device the other is, and hear each other', async () => {
    const [ana, jo] = [await circle.join(), await circle.join()];
    await ana.until(() => ana.isWith(jo));
    await jo.until(() => jo.isWith(ana));
    ana.words.set('a', utf8ToBytes('fine, thanks'));
    await jo.until(() => jo.words.has('a'));
    expect(jo.words.get('a')).toEqual(utf8ToBytes('fine, thanks'));
    expect([...ana.refusals, ...jo.refusals]).toEqual([]);
    expect(made.length).toBe(2);
  });

  test('sync five megabytes that were there before they met, both ways', async () => {
    const [ana, jo] = [await circle.createFriend(), await circle.createFriend()];
    for (let i = 0; i < 1500; i++) ana.words.set(`ana ${i}`, systemRandom.bytes(3500));
    jo.words.set('jo', utf8ToBytes('here'));
    ana.open(await circle.optionsFor());
    jo.open(await circle.optionsFor());
    await jo.until(() => jo.synced.length === 1);
    await ana.until(() => ana.synced.length === 1);
    expect(jo.words.size).toBe(1501);
    expect(ana.words.size).toBe(1501);
    expect(jo.words.get('ana 1499')).toEqual(ana.words.get('ana 1499'));
  });

  test('who announce at the same moment connect, twenty times of twenty', async () => {
    for (let i = 0; i < 20; i++) {
      const [ana, jo] = [await circle.createFriend(), await circle.createFriend()];
      const [options, others] = [await circle.optionsFor(), await circle.optionsFor()];
      ana.open(options);
      jo.open(others);
      await ana.until(() => ana.isWith(jo) && ana.synced.length === 1);
      await jo.until(() => jo.isWith(ana) && jo.synced.length === 1);
      ana.close();
      jo.close();
    }
    expect(made.length).toBe(40);
  });

  test('meet over a route on which candidates trickle', async () => {
    const ana = await circle.join({ transport: circle.hub.createTransport(true) });
    const jo = await circle.join({ transport: circle.hub.createTransport(true) });
    await ana.until(() => ana.isWith(jo));
    await jo.until(() => jo.isWith(ana));
  });

  test('are told of each other leaving, and meet again on the same topic', async () => {
    const [ana, jo] = [await circle.join(), await circle.join()];
    await ana.until(() => ana.isWith(jo));
    await jo.until(() => jo.isWith(ana));
    jo.close();
    await ana.until(() => ana.peers.length === 0);
    jo.words.set('meanwhile', utf8ToBytes('on the train'));
    jo.open(await circle.optionsFor());
    await ana.until(() => ana.words.has('meanwhile'));
    expect(ana.isWith(jo)).toBe(true);
  });

  test('recover from a first offer that was lost', async () => {
    const clock = createHandClock();
    const [ana, jo] = [await circle.createFriend(), await circle.createFriend()];
    let offers = 0;
    // Offers and answers are by far the longest messages; the first of them is an offer, and goes missing.
    circle.hub.arrives = ({ data }) => data.length < 800 || offers++ > 0;
    ana.open(await circle.optionsFor({ clock }));
    jo.open(await circle.optionsFor({ clock }));
    await expect.poll(() => offers).toBe(1);
    expect([ana.peers.length, jo.peers.length]).toEqual([0, 0]);
    clock.advance(connectDeadlineMs + reannounceMinMs);
    await ana.until(() => ana.isWith(jo));
    expect(made.length).toBe(3);
  });
});

test('three friends are all connected, and a fourth catches up from whoever is there', async () => {
  const [ana, jo, mia] = [await circle.join(), await circle.join(), await circle.join()];
  await ana.until(() => ana.isWith(jo, mia));
  await jo.until(() => jo.isWith(ana, mia));
  ana.words.set('a', utf8ToBytes('hello'));
  await mia.until(() => mia.words.has('a'));
  ana.close();
  const late = await circle.join();
  await late.until(() => late.words.has('a'));
  await late.until(() => late.synced.length === 2);
  expect(new Set(late.synced).size).toBe(2);
});

test('two rooms of one page on two topics share nothing', async () => {
  const other = new Circle();
  const [ana, jo] = [await circle.join(), await circle.join()];
  const [mia, lee] = [await other.join(), await other.join()];
  await ana.until(() => ana.isWith(jo));
  await mia.until(() => mia.isWith(lee));
  expect(new Set(circle.hub.said.map(({ topic }) => topic))).toEqual(new Set([circle.topic]));
  expect(new Set(other.hub.said.map(({ topic }) => topic))).toEqual(new Set([other.topic]));
  expect([ana.peers.length, mia.peers.length]).toEqual([1, 1]);
  other.close();
});

describe('closing', () => {
  test('leaves no connection, no transport and no word behind', async () => {
    const [ana, jo] = [await circle.join(), await circle.join()];
    await ana.until(() => ana.isWith(jo));
    await jo.until(() => jo.isWith(ana));
    ana.close();
    jo.close();
    const saidBefore = circle.hub.said.length;
    expect(circle.hub.openTransports).toBe(0);
    await expect.poll(() => made.map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed']);
    ana.words.set('later', utf8ToBytes('to nobody'));
    expect(jo.words.has('later')).toBe(false);
    expect(circle.hub.said.length).toBe(saidBefore);
    expect(ana.doc._observers.get('update')?.size).toBe(1);
  });

  test('in the middle of connecting leaves nothing either', async () => {
    const [ana, jo] = [await circle.createFriend(), await circle.createFriend()];
    ana.open(await circle.optionsFor());
    jo.open(await circle.optionsFor());
    await expect.poll(() => made.length, { interval: 1 }).toBeGreaterThan(0);
    ana.close();
    jo.close();
    await expect.poll(() => made.every(({ connectionState }) => connectionState === 'closed')).toBe(true);
    expect([ana.peers.length, jo.peers.length]).toEqual([0, 0]);
  });

  test('a page that was about to unload and stays keeps its connections', async () => {
    const [ana, jo] = [await circle.join(), await circle.join()];
    await ana.until(() => ana.isWith(jo));
    globalThis.dispatchEvent(new Event('beforeunload'));
    ana.words.set('still', utf8ToBytes('here'));
    await jo.until(() => jo.words.has('still'));
    expect(ana.isWith(jo)).toBe(true);
  });
});

describe('nothing but the room', () => {
  test('no BroadcastChannel and no localStorage', async () => {
    const storedBefore = localStorage.length;
    const opened: string[] = [];
    const NativeBroadcastChannel = globalThis.BroadcastChannel;
    globalThis.BroadcastChannel = class extends NativeBroadcastChannel {
      constructor(name: string) {
        super(name);
        opened.push(name);
      }
    };
    const [ana, jo] = [await circle.join(), await circle.join()];
    await ana.until(() => ana.isWith(jo) && ana.synced.length === 1);
    ana.close();
    jo.close();
    globalThis.BroadcastChannel = NativeBroadcastChannel;
    expect(opened).toEqual([]);
    expect(localStorage.length).toBe(storedBefore);
  });

  test('ICE servers are exactly those given: none, by default', async () => {
    const [ana, jo] = [await circle.join(), await circle.join({ iceTransportPolicy: 'all' })];
    await ana.until(() => ana.isWith(jo));
    expect(made.map((connection) => connection.getConfiguration().iceServers)).toEqual([[], []]);
  });

  test('nobody is called while everyone is here, and callers are still answered', async () => {
    const clock = createHandClock();
    const ana = await circle.join({ clock, expectedPeers: () => 1 });
    const jo = await circle.join({ clock, expectedPeers: () => 1 });
    await ana.until(() => ana.isWith(jo));
    await jo.until(() => jo.isWith(ana));
    const saidBefore = circle.hub.said.length;
    clock.advance(reannounceMaxMs * 3);
    ana.room?.announce();
    // A word and its answer over the connection leave time enough for anything else that was to be said.
    ana.words.set('ana', utf8ToBytes('?'));
    await jo.until(() => jo.words.has('ana'));
    jo.words.set('jo', utf8ToBytes('!'));
    await ana.until(() => ana.words.has('jo'));
    expect(circle.hub.said.length).toBe(saidBefore);
    const mia = await circle.join();
    await mia.until(() => mia.isWith(ana, jo));
  });

  test('a friend who has gone is called again, ever more rarely', async () => {
    const clock = createHandClock();
    const ana = await circle.join({ clock, expectedPeers: () => 1 });
    const jo = await circle.join({ clock, expectedPeers: () => 1 });
    await ana.until(() => ana.isWith(jo));
    jo.close();
    await ana.until(() => ana.peers.length === 0);
    const saidBefore = circle.hub.said.length;
    clock.advance(60 * reannounceMaxMs);
    await expect.poll(() => circle.hub.said.length - saidBefore).toBeGreaterThan(60);
    expect(circle.hub.said.length - saidBefore).toBeLessThan(140);
  });
});
