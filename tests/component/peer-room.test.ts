/** Rooms over real WebRTC in one page: that friends meet, and that nothing a route or a stranger does keeps them apart. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytesToBase64Url, utf8ToBytes } from '../../src/lib/base/bytes.ts';
import { bytesToId, type Topic } from '../../src/lib/base/ids.ts';
import { connectDeadlineMs, reannounceMaxMs, reannounceMinMs } from '../../src/lib/base/limits.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { importAeadKey } from '../../src/lib/crypto/aead.ts';
import { generateDeviceSecrets, importDevice } from '../../src/lib/crypto/device.ts';
import { createHandClock } from '../unit/relay/hand-clock.ts';
import { Circle, type Friend } from './peer-room-circle.ts';

const NativePeerConnection = globalThis.RTCPeerConnection;
const made: RTCPeerConnection[] = [];
/** The browser's own channels, beneath the framing: what a hostile peer would write to. */
const channels: RTCDataChannel[] = [];
let circle: Circle;

beforeEach(() => {
  made.length = 0;
  channels.length = 0;
  globalThis.RTCPeerConnection = class extends NativePeerConnection {
    constructor(config?: RTCConfiguration) {
      super(config);
      made.push(this);
      this.addEventListener('datachannel', ({ channel }) => channels.push(channel));
    }

    override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, init);
      channels.push(channel);
      return channel;
    }
  };
  circle = new Circle();
});

afterEach(() => {
  circle.close();
  globalThis.RTCPeerConnection = NativePeerConnection;
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

describe('a hostile route or stranger', () => {
  test('replays of old announcements make no connection and do not keep friends apart', async () => {
    const [ana, jo] = [await circle.join(), await circle.join()];
    await ana.until(() => ana.isWith(jo));
    const old = circle.hub.said.slice();
    ana.close();
    jo.close();
    const mia = await circle.join();
    made.length = 0;
    for (let i = 0; i < 8; i++) for (const { topic, data } of old) circle.hub.deliver(topic, data);
    await mia.until(() => mia.refusals.length >= 7 * old.length);
    expect(made.length).toBe(0);
    jo.open(await circle.optionsFor());
    await mia.until(() => mia.isWith(jo));
    expect(made.length).toBe(2);
  });

  test('garbage changes nothing', async () => {
    const ana = await circle.join();
    const garbage = [
      '',
      '{',
      'A'.repeat(100_000),
      '\u0000',
      bytesToBase64Url(systemRandom.bytes(300)),
      '💛'.repeat(99)
    ];
    for (const data of garbage) circle.hub.deliver(circle.topic, data);
    const jo = await circle.join();
    for (const data of garbage) circle.hub.deliver(circle.topic, data);
    await ana.until(() => ana.isWith(jo));
    expect(ana.refusals.filter(({ type }) => type === 'NotOpened' || type === 'TooLarge').length).toBe(12);
    expect(made.length).toBe(2);
  });

  test('a flood is cut off, and friends still meet', async () => {
    const ana = await circle.join();
    for (let i = 0; i < 5000; i++) circle.hub.deliver(circle.topic, 'A'.repeat(200));
    await ana.until(() => ana.refusals.some(({ type }) => type === 'Flooded'));
    const jo = await circle.join();
    await ana.until(() => ana.isWith(jo));
  });

  test('another topic, key or epoch never connects', async () => {
    const ana = await circle.join();
    await circle.join({ signalKey: await importAeadKey(systemRandom.bytes(32)) });
    await circle.join({ topic: bytesToId<Topic>(systemRandom.bytes(16)) });
    await circle.join({ context: utf8ToBytes('a circle, another epoch') });
    await ana.until(() => new Set(ana.refusals.map(({ type }) => type)).size === 2);
    expect(new Set(ana.refusals.map(({ type }) => type))).toEqual(new Set(['NotOpened', 'BadProof']));
    expect(made.length).toBe(0);
    const jo = await circle.join();
    await ana.until(() => ana.isWith(jo));
    expect(ana.peers.length).toBe(1);
  });

  test('a member who claims the device of another is refused', async () => {
    const ana = await circle.join();
    const jo = await circle.createFriend();
    const mallory = await importDevice(await generateDeviceSecrets());
    const forged = await circle.createFriend();
    const { id, publicKeys } = jo.device;
    Object.assign(forged, { device: { ...mallory, id, publicKeys } });
    forged.open(await circle.optionsFor());
    await ana.until(() => ana.refusals.some(({ type }) => type === 'BadProof'));
    Object.assign(forged, { device: { ...mallory, id } });
    forged.close();
    forged.open(await circle.optionsFor());
    await ana.until(() => ana.refusals.filter(({ type }) => type === 'BadProof').length >= 2);
    expect(ana.peers.length).toBe(0);
    expect(made.some(({ connectionState }) => connectionState === 'connected')).toBe(false);
  });
});

describe('a connected peer', () => {
  const lastFrame = (...message: number[]): Uint8Array<ArrayBuffer> => Uint8Array.of(1, ...message);
  const awareness = [1, 3, 1, 1, 0];

  test.each([
    ['no Yjs message', 'MessageMalformed', lastFrame(0, 2, 200, 1)],
    ['a change that cannot be read', 'UpdateRefused', lastFrame(0, 2, 3, 9, 9, 9)],
    ['an answer that cannot be read', 'UpdateRefused', lastFrame(0, 1, 4, 255, 255, 255, 255)],
    ['an unreadable request', 'MessageUnexpected', lastFrame(0, 0, 2, 255, 255)],
    ['a second request', 'MessageUnexpected', lastFrame(0, 0, 1, 0)],
    ['awareness', 'MessageUnexpected', lastFrame(...awareness)],
    ['the name of a tab', 'MessageUnexpected', lastFrame(4, 1, 1, 65)],
    ['a frame that is none', 'FrameMalformed', Uint8Array.of(7, 7, 7)],
    ['a text', 'FrameMalformed', 'hello']
  ])('who sends %s is refused, and the others stay', async (_name, type, data) => {
    const [ana, jo] = [await circle.join(), await circle.join()];
    await ana.until(() => ana.isWith(jo) && ana.synced.length === 1);
    await jo.until(() => jo.isWith(ana) && jo.synced.length === 1);
    const channel = channels[0];
    const mia = await circle.join();
    await mia.until(() => mia.isWith(ana, jo));
    if (typeof data === 'string') channel?.send(data);
    else channel?.send(data);
    await ana.until(() => !ana.isWith(jo));
    await jo.until(() => !jo.isWith(ana));
    expect([...ana.refusals, ...jo.refusals].map((refusal) => refusal.type)).toContain(type);
    mia.words.set('mia', utf8ToBytes('still here'));
    await ana.until(() => ana.words.has('mia') && ana.isWith(mia));
    await jo.until(() => jo.words.has('mia') && jo.isWith(mia));
  });

  test('who opens a second channel gets nothing by it', async () => {
    const [ana, jo] = [await circle.join(), await circle.join()];
    await ana.until(() => ana.isWith(jo));
    await jo.until(() => jo.isWith(ana));
    const answering = made.find((connection) => connection.localDescription?.type === 'answer');
    const second = NativePeerConnection.prototype.createDataChannel.call(answering, 'second');
    await new Promise((resolve) => second.addEventListener('close', resolve));
    await expect.poll(() => [...ana.refusals, ...jo.refusals].map(({ type }) => type)).toContain('FrameMalformed');
  });

  const meaningless = { candidate: 'x', sdpMLineIndex: null, sdpMid: null };
  test.each([
    ['description', () => [{ type: 'offer', sdp: 'v=0 nothing of the kind' }]],
    [
      'candidate',
      (sdp: string) => [{ type: 'offer', sdp }, ...Array(3).fill({ type: 'candidate', candidate: meaningless })]
    ]
  ] as const)('whose %s means nothing gets no connection, and the room goes on', async (_name, signals) => {
    const friends = [await circle.createFriend(), await circle.createFriend()];
    friends.sort((a, b) => (a.device.id < b.device.id ? -1 : 1));
    const [mallory, ana] = friends as [Friend, Friend];
    ana.open(await circle.optionsFor());
    const connection = new NativePeerConnection();
    connection.createDataChannel('any');
    const { sdp = '' } = await connection.createOffer();
    connection.close();
    await circle.offer(mallory.device, signals(sdp));
    await expect.poll(() => made.length).toBe(1);
    const jo = await circle.join();
    await ana.until(() => ana.isWith(jo));
    ana.words.set('ana', utf8ToBytes('still here'));
    await jo.until(() => jo.words.has('ana'));
    expect(ana.peers.length).toBe(1);
  });
});
