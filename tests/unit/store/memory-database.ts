/** A device's disk that lives as long as the test: the real database code over fake-indexeddb. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import type { Clock } from '../../../src/lib/base/clock.ts';
import { Author, type Exclusively } from '../../../src/lib/store/author.ts';
import { Circles, type LocalCircle } from '../../../src/lib/store/circles.ts';
import { createDatabase, type ShoulderDatabase } from '../../../src/lib/store/database.ts';
import type { Keyring } from '../../../src/lib/store/keyring.ts';
import { openVault, type Vault } from '../../../src/lib/store/vault.ts';
import { seededRandom } from '../base/seeded-random.ts';
import type { FoundedCircle, Friend } from '../circle/friends.ts';

/** One origin's locks: tasks under one name run one after another. */
export const queueLocks = (): Exclusively => {
  const queues = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const running = (queues.get(name) ?? Promise.resolve()).then(task, task);
    queues.set(name, running);
    return running;
  };
};

export interface TestDevice {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly circles: Circles;
  readonly author: Author;
  /** This friend's place in the circle, stored with nothing said yet. */
  readonly local: LocalCircle;
}

export const memoryDatabase = (indexedDB = new IDBFactory()): ShoulderDatabase =>
  createDatabase('shoulder', { indexedDB, IDBKeyRange });

export const keyringOf = (circle: FoundedCircle, owner: Friend): Keyring => ({
  own: false,
  device: owner.secrets,
  epochs: [circle.held],
  slot: circle.slotSecret,
  founding: circle.keys.epoch,
  generation: 0,
  relays: []
});

/** A device of `owner` that holds the circle's keys and nothing else. */
export const testDevice = async (circle: FoundedCircle, owner: Friend, clock: Clock): Promise<TestDevice> => {
  const database = memoryDatabase();
  const random = seededRandom(6);
  const vault = await openVault(database, random);
  const circles = new Circles(database, vault);
  const row = circles.newRow(circle.id, await circles.wrap(circle.id, keyringOf(circle, owner)));
  const n = await database.circles.add(row);
  const author = new Author({ database, circles, clock, random, exclusively: queueLocks() });
  return { database, vault, circles, author, local: await circles.open({ ...row, n }) };
};
