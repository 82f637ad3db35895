/** The replica: what counts in it, what is heard of it, and when it is stuck. */
import 'fake-indexeddb/auto';
import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { bytesToBase64Url } from '../../../src/lib/base/bytes.ts';
import type { EpochId, MapKey } from '../../../src/lib/base/ids.ts';
import { isGenerationDue } from '../../../src/lib/circle/generation.ts';
import { createReplicaStore } from '../../../src/lib/sync/replica-store.ts';
import { Replica } from '../../../src/lib/sync/replica.ts';

const [one, two] = ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBA'] as [MapKey, MapKey];
const bytes = (...of: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(of);

/** A peer that writes what it likes, whose changes reach the replica as they would over a room. */
const withPeer = (): { replica: Replica; peer: Y.Map<unknown> } => {
  const [ours, theirs] = [new Y.Doc(), new Y.Doc()];
  ours.on('update', (update: Uint8Array) => Y.applyUpdate(theirs, update, 'room'));
  theirs.on('update', (update: Uint8Array) => Y.applyUpdate(ours, update, 'room'));
  return { replica: new Replica(ours), peer: theirs.getMap('envelopes') };
};

describe('[RE1] what means something', () => {
  test('is bytes under a map key, and comes out as it went in', () => {
    const { replica, peer } = withPeer();
    peer.set(one, bytes(1, 2, 3));
    expect(replica.get(one)).toEqual(bytes(1, 2, 3));
    expect(replica.keys()).toEqual([one]);
  });

  test.each(['text', 7, null, { deep: true }])('not %j', (value) => {
    const { replica, peer } = withPeer();
    peer.set(one, value);
    expect(replica.get(one)).toBeUndefined();
  });

  test('and not what stands under any other key, which is rubbish and goes', () => {
    const { replica, peer } = withPeer();
    for (const key of ['', 'short', 'AAAAAAAAAAAAAAAAAAAAAB', '__proto__', `${one}A`]) peer.set(key, bytes(1));
    expect(replica.keys()).toEqual([]);
    expect(replica.strayKeys()).toHaveLength(5);
    replica.remove(replica.strayKeys());
    expect(peer.size).toBe(0);
  });
});

describe('[RE3] what is heard', () => {
  test('is what others write and take away, not what this device puts there', () => {
    const { replica, peer } = withPeer();
    const heard: unknown[] = [];
    const unlisten = replica.listen((changed, removed) => heard.push({ changed, removed }));
    replica.put([[one, bytes(1)]]);
    peer.set(two, bytes(2));
    peer.delete(one);
    unlisten();
    peer.set(one, bytes(3));
    expect(heard).toEqual([
      { changed: [two], removed: [] },
      { changed: [], removed: [one] }
    ]);
  });
});

test('[RE5] a document in which an update waits for one that never comes is stuck', () => {
  const theirs = new Y.Doc();
  const updates: Uint8Array[] = [];
  theirs.on('update', (update: Uint8Array) => updates.push(update));
  theirs.getMap('envelopes').set(one, bytes(1));
  theirs.getMap('envelopes').set(two, bytes(2));
  const [first, second] = updates as [Uint8Array, Uint8Array];
  const replica = new Replica(new Y.Doc());
  Y.applyUpdate(replica.doc, second);
  expect(replica.isStuck()).toBe(true);
  Y.applyUpdate(replica.doc, first);
  expect(replica.isStuck()).toBe(false);
  expect(replica.keys()).toEqual([one, two]);
});

describe('[GE3] what a replica weighs', () => {
  const key = (i: number): MapKey =>
    bytesToBase64Url(Uint8Array.from([...new Uint8Array(12), ...fourBytes(i)])) as MapKey;
  const fourBytes = (i: number): number[] => [i >> 24, i >> 16, i >> 8, i].map((byte) => byte & 255);
  const envelope = (i: number): Uint8Array<ArrayBuffer> => new Uint8Array(285 + (i % 3) * 256).fill(i);

  test('is what stands in it, and next to nothing else, where nothing was overwritten', () => {
    const replica = new Replica(new Y.Doc());
    replica.put(Array.from({ length: 2000 }, (_, i) => [key(i), envelope(i)]));
    const { all, live } = replica.weigh();
    expect(Math.abs(all - live) / live).toBeLessThan(0.001);
    expect(isGenerationDue({ all, live })).toBe(false);
  });

  test('grows with whatever is overwritten, until another document is due; which then weighs what is live', () => {
    const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()] as const;
    const replicas = docs.map((doc) => new Replica(doc));
    const rounds = 320;
    for (let round = 0; round < rounds; round++)
      replicas[round % 3]?.put(Array.from({ length: 100 }, (_, i) => [key(i), envelope(i + round)]));
    for (const doc of docs) Y.applyUpdate(docs[0], Y.encodeStateAsUpdate(doc));
    const weight = replicas[0]?.weigh() ?? { all: 0, live: 0 };
    expect(weight.all - weight.live).toBeGreaterThan(rounds * 100 * 8);
    expect(isGenerationDue(weight)).toBe(true);
    const fresh = new Replica(new Y.Doc());
    fresh.put(replicas[0]?.keys().map((each) => [each, replicas[0]?.get(each) ?? bytes()]) ?? []);
    expect(fresh.weigh().live).toBe(weight.live);
    expect(isGenerationDue(fresh.weigh())).toBe(false);
  });

  test('counts what means nothing as dead', () => {
    const { replica, peer } = withPeer();
    replica.put([[one, envelope(1)]]);
    const before = replica.weigh();
    peer.doc?.getText('novel').insert(0, 'x'.repeat(10_000));
    peer.set(two, 'no envelope at all'.repeat(100));
    expect(replica.weigh().live).toBe(before.live);
    expect(replica.weigh().all).toBeGreaterThan(before.all + 11_000);
  });
});

describe('[RE2] [GE4] what is kept on the disk', () => {
  test('is one document of an epoch, once the others are thrown away; and those of kept epochs and of other circles', async () => {
    const quiet = vi.spyOn(console, 'debug').mockReturnValue();
    const store = createReplicaStore('replicas of generations');
    const names = ['1/epoch/0', '1/epoch/20000', '1/epoch/20001', '1/kept/0', '1/other/0', '11/epoch/0'];
    for (const name of names) {
      const open = await store.open(name);
      open.replica.put([[one, bytes(1, 2, 3)]]);
      open.release();
    }
    await store.dropOthers('1/epoch/20001', ['kept' as EpochId]);
    const found: string[] = [];
    for (const name of names) {
      const open = await store.open(name);
      if (open.replica.get(one) !== undefined) found.push(name);
      open.release();
    }
    store.close();
    quiet.mockRestore();
    expect(found).toEqual(['1/epoch/20001', '1/kept/0', '11/epoch/0']);
  });
});
