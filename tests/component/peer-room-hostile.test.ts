/** Rooms over real WebRTC among strangers, hostile routes and members with apps of their own: friends still meet. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytesToBase64Url, utf8ToBytes } from '../../src/lib/base/bytes.ts';
import { bytesToId, type Topic } from '../../src/lib/base/ids.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { importAeadKey } from '../../src/lib/crypto/aead.ts';
import { generateDeviceSecrets, importDevice } from '../../src/lib/crypto/device.ts';
import { Circle, WatchedConnections, type Friend } from './peer-room-circle.ts';

const connections = new WatchedConnections();
const { made, channels } = connections;
let circle: Circle;

beforeEach(() => {
  connections.start();
  circle = new Circle();
});

afterEach(() => {
  circle.close();
  connections.stop();
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
    ana.room?.announce();
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
    // Past the framing, as an app of the peer's own would.
    const second = WatchedConnections.native.prototype.createDataChannel.call(answering, 'second');
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
    const connection = new WatchedConnections.native();
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
