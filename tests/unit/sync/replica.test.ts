/** The replica: what counts in it, what is heard of it, and when it is stuck. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { MapKey } from '../../../src/lib/base/ids.ts';
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
