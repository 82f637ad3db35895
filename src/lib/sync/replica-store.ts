/**
 * Where replicas are kept: y-dexie in a database of its own, because it brings Yjs along and neither may delay the board.
 *
 * Losing this database loses nothing: a replica is filled again from the truth and from friends.
 */
import Dexie, { type EntityTable } from 'dexie';
import yDexie, { DexieYProvider } from 'y-dexie';
import type * as Y from 'yjs';
import type { EpochId } from '../base/ids.ts';
import { Replica } from './replica.ts';

interface ReplicaRow {
  id: string;
  doc: Y.Doc;
}

export interface OpenReplica {
  readonly replica: Replica;
  /** Lets go of it; what was written stays. */
  release(): void;
}

export interface ReplicaStore {
  /** The replica of a name such as `circle/epoch/generation`, loaded; an empty one where there was none. */
  open(id: string): Promise<OpenReplica>;
  /** Throws a replica away; opening it again starts empty. */
  drop(id: string): Promise<void>;
  /** Throws away all replicas of the same circle but this one, and those of other epochs that are kept. None may be open. RE2, GE4. */
  dropOthers(id: string, keptEpochs: readonly EpochId[]): Promise<void>;
  close(): void;
}

export const createReplicaStore = (
  name: string,
  options: { indexedDB?: IDBFactory; IDBKeyRange?: typeof IDBKeyRange } = {}
): ReplicaStore => {
  // Dexie's cache would keep a replica in memory that was released, for as long as another is watched: as in database.ts.
  const database = new Dexie(name, { ...options, cache: 'disabled', addons: [yDexie] }) as Dexie & {
    replicas: EntityTable<ReplicaRow, 'id'>;
  };
  database.version(1).stores({ replicas: 'id, doc: Y.Doc' });
  const drop = (id: string): Promise<void> =>
    database.transaction('rw', database.tables, async () => {
      await database.replicas.delete(id);
      await database.table('$replicas.doc_updates').where({ k: id }).delete();
    });
  return {
    async open(id) {
      if ((await database.replicas.get(id)) === undefined) await database.replicas.put({ id });
      const row = await database.replicas.get(id);
      if (row === undefined) throw new Error('invariant broken: a replica that was put is there');
      const { doc } = row;
      const provider = DexieYProvider.load(doc);
      await provider.whenLoaded;
      return { replica: new Replica(doc), release: () => DexieYProvider.release(doc) };
    },
    drop,
    async dropOthers(id, keptEpochs) {
      const [circle, epoch] = id.split('/');
      const ids = await database.replicas.where('id').startsWith(`${circle}/`).primaryKeys();
      for (const other of ids) {
        const [, otherEpoch] = other.split('/');
        const isKept = otherEpoch !== epoch && keptEpochs.some((kept) => kept === otherEpoch);
        if (other !== id && !isKept) await drop(other);
      }
    },
    close: () => database.close()
  };
};
