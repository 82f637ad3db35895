/**
 * The replica: a disposable Yjs document that holds the sealed envelopes of one circle, epoch and generation.
 *
 * It is how boards converge and nothing more. Any peer may write anything into it; what counts is what the inbox let
 * through, and what is missing or wrong here is put back from the truth (docs/protocol.md RE1–RE5).
 */
import * as Y from 'yjs';
import type { Bytes } from '../base/bytes.ts';
import { idBytesLength, type MapKey } from '../base/ids.ts';
import { base64UrlToBytes } from '../base/bytes.ts';
import type { ReplicaWeight } from '../circle/generation.ts';

const mapName = 'envelopes';

/**
 * What an entry takes in an update beside its key and its bytes: two bytes of flags, the map's name and three lengths. Measured with
 * yjs 13.6; one that was overwritten leaves about nine bytes behind.
 */
const entryOverheadBytes = 15;

/** Marks what this device writes itself. */
const ownOrigin = Symbol('own');

/** Keys whose entry was written or removed by a peer or by an earlier session. */
export type ReplicaListener = (changed: readonly MapKey[], removed: readonly MapKey[]) => void;

export class Replica {
  readonly doc: Y.Doc;
  readonly #map: Y.Map<unknown>;

  constructor(doc: Y.Doc) {
    this.doc = doc;
    this.#map = doc.getMap(mapName);
  }

  /** The envelope under a key, or `undefined` where there is none or it is not even bytes. */
  get(key: MapKey): Bytes | undefined {
    const value = this.#map.get(key);
    return value instanceof Uint8Array ? (value as Bytes) : undefined;
  }

  /** Every key, whatever stands under it. Keys that are no map keys at all are left out. */
  keys(): MapKey[] {
    return [...this.#map.keys()].filter(isMapKey);
  }

  /** Keys that no slot can have: whatever stands under them is rubbish. */
  strayKeys(): string[] {
    return [...this.#map.keys()].filter((key) => !isMapKey(key));
  }

  /** Writes envelopes in one transaction, over whatever stands there. */
  put(entries: readonly (readonly [MapKey, Bytes])[]): void {
    this.doc.transact(() => {
      for (const [key, bytes] of entries) this.#map.set(key, new Uint8Array(bytes));
    }, ownOrigin);
  }

  /** Removes entries that nothing true stands behind. */
  remove(keys: readonly string[]): void {
    const present = keys.filter((key) => this.#map.has(key));
    if (present.length > 0) this.doc.transact(() => present.forEach((key) => this.#map.delete(key)), ownOrigin);
  }

  /** Calls `listener` for what others change, until the returned function is called. */
  listen(listener: ReplicaListener): () => void {
    const observe = (event: Y.YMapEvent<unknown>, transaction: Y.Transaction): void => {
      if (transaction.origin === ownOrigin) return;
      const changed = [...event.keysChanged].filter((key) => isMapKey(key));
      const present = changed.filter((key) => this.#map.has(key));
      const removed = changed.filter((key) => !this.#map.has(key));
      if (present.length > 0 || removed.length > 0) listener(present, removed);
    };
    this.#map.observe(observe);
    return () => this.#map.unobserve(observe);
  }

  /** Calls `listener` whenever others brought something, also what `listen` leaves out, until the returned function is called. */
  heed(listener: () => void): () => void {
    const heed = ({ origin }: Y.Transaction): void => {
      if (origin !== ownOrigin) listener();
    };
    this.doc.on('afterTransaction', heed);
    return () => this.doc.off('afterTransaction', heed);
  }

  /** What it takes, and what of that stands in it now. Costs as much as sending all of it to somebody. */
  weigh(): ReplicaWeight {
    let live = 0;
    for (const [key, value] of this.#map.entries()) if (value instanceof Uint8Array) live += weightOf(key, value);
    return { all: Y.encodeStateAsUpdate(this.doc).length, live };
  }

  /** Whether updates lie in the document that wait for others which may never come. */
  isStuck(): boolean {
    return this.doc.store.pendingStructs !== null || this.doc.store.pendingDs !== null;
  }
}

/** What an entry takes, in bytes. */
export const weightOf = (key: string, { length }: Uint8Array): number => key.length + length + entryOverheadBytes;

const isMapKey = (key: unknown): key is MapKey =>
  typeof key === 'string' && base64UrlToBytes(key)?.length === idBytesLength;
