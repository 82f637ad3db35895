/** A device with something of everything that is wrapped, and a lock whose passphrase costs next to nothing to try. */
import { IDBFactory } from 'fake-indexeddb';
import { bytesToUtf8, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, type MapKey, type RecordHash } from '../../../src/lib/base/ids.ts';
import { deriveInvitationKeys } from '../../../src/lib/circle/invitation.ts';
import { Circles } from '../../../src/lib/store/circles.ts';
import { ContentKeys } from '../../../src/lib/store/content-keys.ts';
import type { ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { openJoining, wrapJoining } from '../../../src/lib/store/joinings.ts';
import { Lock, type LockDependencies } from '../../../src/lib/store/lock.ts';
import { openVault, type Vault } from '../../../src/lib/store/vault.ts';
import { HandClock } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { FoundedCircle, friend } from '../circle/friends.ts';
import { keyringOf, memoryDatabase, queueLocks } from './memory-database.ts';

export const cheap = { memoryKib: 8, passes: 1, lanes: 1 };
export const passphrase = 'apples in the long grass';
export const known = { type: 'passphrase', passphrase } as const;
export const draft = 'not said to anybody yet';
export const contentKey = new Uint8Array(32).fill(7);
export const privateHash = bytesToId<RecordHash>(new Uint8Array(32).fill(1));
const privateKey = bytesToId<MapKey>(new Uint8Array(16).fill(1));
const privateRow = { key: privateKey, hash: privateHash };

export const keptPasskey = {
  type: 'passkey',
  credential: new Uint8Array(20).fill(5),
  salt: new Uint8Array(32).fill(6),
  secret: new Uint8Array(32).fill(9)
} as const;

export interface LockScene {
  readonly indexedDB: IDBFactory;
  readonly database: ShoulderDatabase;
  /** As it was opened before there was a lock. */
  readonly vault: Vault;
  readonly clock: HandClock;
  readonly lock: Lock;
}

/** A disk with a circle, a request, a draft and what came of opening a private record. */
export const lockScene = async (more: Partial<LockDependencies> = {}): Promise<LockScene> => {
  const indexedDB = new IDBFactory();
  const database = memoryDatabase(indexedDB);
  const random = seededRandom(11);
  const clock = new HandClock();
  const vault = await openVault(database, random);
  const circles = new Circles(database, vault);
  const circle = await FoundedCircle.by();
  await database.circles.add(
    circles.newRow(circle.id, await circles.wrap(circle.id, keyringOf(circle, circle.founder)))
  );
  const secret = random.bytes(16);
  const { id } = await deriveInvitationKeys(secret);
  const invitation = { secret, circle: circle.id, untilMs: 5, relays: [] };
  const { secrets, name } = await friend(1);
  const joining = { invitation, name, device: secrets, nonce: random.bytes(16) };
  await database.joinings.add({ id, sealed: await wrapJoining(vault, id, joining), state: 'asking' });
  await new Drafts(database, vault).keep('say/1', draft);
  const sealed = await vault.wrap(`content/${privateHash}`, Uint8Array.of(1, ...contentKey));
  const restored = await vault.wrap(`restored/${circle.id}`, utf8ToBytes('what a backup brought'));
  await database.restored.put({ id: circle.id, sealed: restored });
  await database.contentKeys.put({ circle: 1, ...privateRow, sealed });
  const lock = new Lock({ database, random, clock, exclusively: queueLocks(), cost: cheap, ...more });
  return { indexedDB, database, vault, clock, lock };
};

/** Everything that is wrapped, as far as this vault opens it. */
export const readAll = async (database: ShoulderDatabase, vault: Vault) => {
  const circles = await new Circles(database, vault).all().catch(() => []);
  const rows = await database.joinings.toArray();
  const joinings = await Promise.all(rows.map((row) => openJoining(vault, row).catch(() => undefined)));
  const content = await new ContentKeys(database, vault).readMany(1, [privateRow]);
  const restored = await database.restored.toArray();
  const brought = await Promise.all(restored.map(({ id, sealed: bytes }) => vault.unwrap(`restored/${id}`, bytes)));
  return {
    brought: brought.map((bytes) => bytes && bytesToUtf8(bytes)),
    people: circles.map(({ keyring }) => keyring.device.id),
    asked: joinings.map((open) => open?.joining.name),
    draft: await new Drafts(database, vault).read('say/1'),
    content: content.get(privateHash)
  };
};

/** What stands anywhere in a database that code could use as a key. */
export const keysIn = async (database: ShoulderDatabase): Promise<string[]> => {
  const found: string[] = [];
  const visit = (place: string, value: unknown): void => {
    if (value instanceof CryptoKey) found.push(`${place}: ${value.algorithm.name} ${value.usages.join()}`);
    else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
      Object.entries(value).forEach(([name, inner]) => visit(`${place}.${name}`, inner));
  };
  for (const table of database.tables) for (const row of (await table.toArray()) as unknown[]) visit(table.name, row);
  return found;
};

/** Whether these bytes stand anywhere in a database. */
export const holdsBytes = async (database: ShoulderDatabase, bytes: Bytes): Promise<boolean> => {
  const rows = await Promise.all(database.tables.map((table) => table.toArray()));
  const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
  const all = JSON.stringify(rows, (_, value: unknown) => (value instanceof Uint8Array ? hex(value) : value));
  return all.includes(hex(bytes)) || all.includes(new TextDecoder().decode(bytes));
};
