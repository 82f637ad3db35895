/** The vault and what it wraps: keyrings, requests, drafts. */
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { bytesToUtf8, utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId } from '../../../src/lib/base/ids.ts';
import { deriveInvitationKeys } from '../../../src/lib/circle/invitation.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import type { CircleRow, JoiningRow } from '../../../src/lib/store/database.ts';
import { Circles } from '../../../src/lib/store/circles.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { openJoining, wrapJoining } from '../../../src/lib/store/joinings.ts';
import { bytesToKeyring, keyringToBytes, openKeyring } from '../../../src/lib/store/keyring.ts';
import { openVault } from '../../../src/lib/store/vault.ts';
import { HandClock } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { checkInBody, FoundedCircle, friend } from '../circle/friends.ts';
import { keyringOf, memoryDatabase, testDevice } from './memory-database.ts';

const random = seededRandom(1);

/** Every byte string and text anywhere in a database, as one text to look for things in. */
const everythingIn = async (database: ReturnType<typeof memoryDatabase>): Promise<string> => {
  const rows = await Promise.all(database.tables.map((table) => table.toArray()));
  return JSON.stringify(rows, (_, value: unknown) =>
    value instanceof Uint8Array ? (bytesToUtf8(value) ?? '') : value
  );
};

describe('[VA1] wrapping', () => {
  test('unwraps for its purpose and for no other, and not when altered', async () => {
    const vault = await openVault(memoryDatabase(), random);
    const wrapped = await vault.wrap('draft/now', utf8ToBytes('not yet said'));
    expect(await vault.unwrap('draft/now', wrapped)).toEqual(utf8ToBytes('not yet said'));
    expect(await vault.unwrap('draft/then', wrapped)).toBeUndefined();
    expect(await vault.unwrap('draft/now', wrapped.slice(1))).toBeUndefined();
    wrapped[20] = (wrapped[20] ?? 0) ^ 1;
    expect(await vault.unwrap('draft/now', wrapped)).toBeUndefined();
  });
});

describe('[VA2] the vault key', () => {
  test('cannot be exported, and is the same one when the vault opens again', async () => {
    const indexedDB = new IDBFactory();
    const database = memoryDatabase(indexedDB);
    const wrapped = await (await openVault(database, random)).wrap('p', utf8ToBytes('kept'));
    const key = (await database.vault.toArray())[0]?.key;
    expect(key?.extractable).toBe(false);
    database.close();
    expect(await (await openVault(memoryDatabase(indexedDB), random)).unwrap('p', wrapped)).toEqual(
      utf8ToBytes('kept')
    );
  });

  test('is one key where two tabs open at once', async () => {
    const indexedDB = new IDBFactory();
    const [one, other] = await Promise.all([1, 2].map(() => openVault(memoryDatabase(indexedDB), random)));
    const wrapped = await one?.wrap('p', utf8ToBytes('shared'));
    expect(wrapped && (await other?.unwrap('p', wrapped))).toEqual(utf8ToBytes('shared'));
  });

  test("another profile's vault unwraps nothing", async () => {
    const [mine, theirs] = [await openVault(memoryDatabase(), random), await openVault(memoryDatabase(), random)];
    expect(await theirs.unwrap('p', await mine.wrap('p', utf8ToBytes('mine')))).toBeUndefined();
  });
});

describe('[VA3] keyrings', () => {
  test('come back as they were, and open to keys that cannot be exported', async () => {
    const circle = await FoundedCircle.by();
    const keyring = keyringOf(circle, circle.founder);
    expect(await bytesToKeyring(keyringToBytes(keyring))).toEqual(keyring);
    const open = await openKeyring(circle.id, keyring);
    expect(open.device.id).toBe(circle.founder.device.id);
    expect([open.device.signKey.extractable, open.current.enc.extractable, open.current.root.extractable]).toEqual([
      false,
      false,
      false
    ]);
  });

  test('of a later version, or damaged, are none', async () => {
    const circle = await FoundedCircle.by();
    const bytes = keyringToBytes(keyringOf(circle, circle.founder));
    expect(await bytesToKeyring(bytes.slice(1))).toBeUndefined();
    expect(await bytesToKeyring(encodeCbor({ version: 3 }))).toBeUndefined();
  });

  test('a circle is opened once for a tab, and found by number and by id', async () => {
    const circle = await FoundedCircle.by();
    const { circles, local } = await testDevice(circle, circle.founder, new HandClock());
    expect(await circles.byNumber(local.n)).toBe(local);
    expect(await circles.byId(circle.id)).toBe(local);
    expect(await circles.all()).toEqual([local]);
    expect(await circles.byNumber(99)).toBeUndefined();
    expect(await circles.byId(bytesToId(new Uint8Array(16)))).toBeUndefined();
  });

  test('a keyring is wrapped for its circle alone', async () => {
    const circle = await FoundedCircle.by();
    const { database, vault, circles } = await testDevice(circle, circle.founder, new HandClock());
    const row = await database.circles.toCollection().first();
    const moved = { ...(row as CircleRow), n: 2, id: bytesToId<typeof circle.id>(new Uint8Array(16)) };
    await expect(new Circles(database, vault).open(moved)).rejects.toThrow('invariant broken');
    expect(await circles.all()).toHaveLength(1);
  });
});

describe('[VA3] requests and drafts', () => {
  test('a request is the same request whenever it is opened', async () => {
    const vault = await openVault(memoryDatabase(), random);
    const { secrets, name } = await friend(1);
    const secret = random.bytes(16);
    const { id } = await deriveInvitationKeys(secret);
    const invitation = { secret, circle: (await FoundedCircle.by()).id, untilMs: 5, relays: ['wss://relay.example'] };
    const sealed = await wrapJoining(vault, id, { invitation, name, device: secrets, nonce: random.bytes(16) });
    const row: JoiningRow = { id, sealed, state: 'asking' };
    const [first, again] = await Promise.all([openJoining(vault, row), openJoining(vault, row)]);
    expect(first.ask).toEqual(again.ask);
    expect(first.joining.invitation).toEqual(invitation);
    expect(first.ask.terms).toMatchObject({ name: 'Bo', invite: id });
  });

  test('a draft is kept, replaced and forgotten, and is nowhere in clear', async () => {
    const database = memoryDatabase();
    const drafts = new Drafts(database, await openVault(database, random));
    await drafts.keep('now', 'it has been a rough day');
    expect(await drafts.read('now')).toBe('it has been a rough day');
    expect(await everythingIn(database)).not.toContain('rough');
    await drafts.keep('now', 'actually, a good one');
    expect(await drafts.read('now')).toBe('actually, a good one');
    await drafts.forget('now');
    expect(await drafts.read('now')).toBeUndefined();
  });
});

test('[AT1] nothing that is said stands in clear', async () => {
  const circle = await FoundedCircle.by();
  const { database, author, local } = await testDevice(circle, circle.founder, new HandClock());
  await author.say(local, {
    kind: 32,
    slot: 'a very telling slot',
    body: checkInBody('so tired', { feelings: ['sad'] }),
    expMs: null
  });
  const everything = await everythingIn(database);
  expect(everything).toContain(circle.founder.device.id);
  for (const secret of ['so tired', 'sad', 'telling', 'Ana']) expect(everything).not.toContain(secret);
});
