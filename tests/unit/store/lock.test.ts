/** The lock: what opens it, what does not, what stands on disk meanwhile, and that nothing is lost on the way in or out. */
import { describe, expect, test } from 'vitest';
import { utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import type { PassphraseLockRow } from '../../../src/lib/store/database.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { Lock } from '../../../src/lib/store/lock.ts';
import { wrappedTables } from '../../../src/lib/store/reseal.ts';
import { isLocked, openVault } from '../../../src/lib/store/vault.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { FoundedCircle } from '../circle/friends.ts';
import {
  cheap,
  contentKey,
  draft,
  holdsBytes,
  keptPasskey,
  keysIn,
  known,
  lockScene,
  passphrase,
  readAll
} from './lock-scene.ts';
import { memoryDatabase, queueLocks } from './memory-database.ts';

const wrong = { type: 'passphrase', passphrase: 'pears in the long grass' } as const;
const everything = async () => ({
  brought: ['what a backup brought'],
  people: [(await FoundedCircle.by()).founder.device.id],
  asked: ['Bo'],
  draft,
  content: contentKey
});
const nothing = { brought: [undefined], people: [], asked: [undefined], draft: undefined, content: undefined };

describe('[VA5] setting a lock', () => {
  test('everything opens with the passphrase, and nothing with the key from before', async () => {
    const { database, vault, lock } = await lockScene();
    expect(await isLocked(database)).toBe(false);
    expect(await lock.set(vault, known, [])).toEqual({ ok: true, value: true });
    expect(await isLocked(database)).toBe(true);
    expect(await readAll(database, unwrap(await lock.unlock(known)))).toEqual(await everything());
    expect(await readAll(database, vault)).toEqual(nothing);
  });

  test('leaves no key on disk, nor the passphrase, and no second vault is ever made beside it', async () => {
    const { indexedDB, database, vault, lock } = await lockScene();
    expect(await keysIn(database)).toEqual(['vault.key: AES-GCM encrypt,decrypt']);
    await lock.set(vault, known, []);
    expect(await keysIn(database)).toEqual([]);
    expect(await holdsBytes(database, utf8ToBytes(passphrase))).toBe(false);
    const again = memoryDatabase(indexedDB);
    await expect(openVault(again, seededRandom(1))).rejects.toThrow('a locked vault is opened by its lock');
    expect(await again.vault.count()).toBe(0);
  });

  test('every table that holds something wrapped is one of those that are wrapped anew', async () => {
    const { database } = await lockScene();
    const wrapped = await Promise.all(
      database.tables.map(async (table) => {
        const rows = (await table.toArray()) as object[];
        return rows.some((row) => 'sealed' in row) ? [table.name] : [];
      })
    );
    expect(wrapped.flat().toSorted()).toEqual(wrappedTables.map(({ name }) => name).toSorted());
  });

  test('what another tab writes in the middle of it is wrapped anew too', async () => {
    const { database, vault, lock } = await lockScene();
    const drafts = new Drafts(database, vault);
    // Written as soon as the first reading is over: the crypto of it then waits behind that of the lock.
    let written = 0;
    const busy = {
      ...vault,
      unwrap: async (purpose: string, bytes: Parameters<typeof vault.unwrap>[1]) => {
        if (written++ < 3) await drafts.keep(`say/${10 + written}`, `meanwhile ${written}`);
        return vault.unwrap(purpose, bytes);
      }
    };
    expect((await lock.set(busy, known, [])).ok).toBe(true);
    const opened = new Drafts(database, unwrap(await lock.unlock(known)));
    expect(written).toBeGreaterThan(3);
    for (const n of [1, 2, 3]) expect(await opened.read(`say/${10 + n}`)).toBe(`meanwhile ${n}`);
    expect(await opened.read('say/1')).toBe(draft);
  });

  test('a draft that nothing opens does not stand in the way', async () => {
    const { database, vault, lock } = await lockScene();
    await database.drafts.put({ id: 'broken', sealed: new Uint8Array(40) });
    expect((await lock.set(vault, known, [])).ok).toBe(true);
    expect(await readAll(database, unwrap(await lock.unlock(known)))).toEqual(await everything());
  });

  test('where it fails at the last step, everything is as it was', async () => {
    const { database, vault, lock } = await lockScene();
    database.locks.hook('creating', () => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    expect(await lock.set(vault, known, [])).toEqual({ ok: false, error: { type: 'StorageFull' } });
    expect(await isLocked(database)).toBe(false);
    expect(await readAll(database, vault)).toEqual(await everything());
  });

  test('a crash at any moment leaves all of the old or all of the new', async () => {
    for (let writes = 1; writes < 12; writes++) {
      const { indexedDB, database, vault, lock } = await lockScene();
      let left = writes;
      const count = (): void => {
        if (--left === 0) database.close({ disableAutoOpen: true });
      };
      for (const table of database.tables) {
        table.hook('creating', count);
        table.hook('updating', count);
        table.hook('deleting', count);
      }
      await lock.set(vault, known, []).catch(() => undefined);
      database.close({ disableAutoOpen: true });
      const after = memoryDatabase(indexedDB);
      const locked = await isLocked(after);
      const relocked = new Lock({ ...lockParts(), database: after });
      const opened = locked ? unwrap(await relocked.unlock(known)) : await openVault(after, seededRandom(2));
      expect(await readAll(after, opened), `after ${writes} writes, locked: ${locked}`).toEqual(await everything());
    }
  });

  test('of two tabs that set one at once, the first stands and the second hears of it', async () => {
    const { database, vault, lock } = await lockScene();
    const other = { type: 'passphrase', passphrase: 'the second passphrase' } as const;
    const [first, second] = await Promise.all([lock.set(vault, known, []), lock.set(vault, other, [])]);
    expect(first.ok).toBe(true);
    expect(second.ok).toBe(false);
    expect(await readAll(database, unwrap(await lock.unlock(known)))).toEqual(await everything());
    expect(await lock.unlock(other)).toEqual({ ok: false, error: { type: 'NotOpened' } });
  });
});

const lockParts = () => ({
  random: seededRandom(3),
  clock: { nowMs: () => 0, after: () => () => undefined },
  exclusively: queueLocks(),
  cost: cheap
});

describe('[VA6] the passphrase', () => {
  test('a wrong one opens nothing, also where it differs by a space', async () => {
    const { vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    for (const other of [wrong, { ...known, passphrase: `${passphrase} ` }])
      expect(await lock.unlock(other)).toEqual({ ok: false, error: { type: 'NotOpened' } });
    expect((await lock.unlock(known)).ok).toBe(true);
  });

  test('is changed only by whoever knows the old one, and the old one then opens nothing', async () => {
    const { database, vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    const next = { type: 'passphrase', passphrase: 'something else entirely' } as const;
    expect(await lock.add(wrong, next)).toEqual({ ok: false, error: { type: 'NotOpened' } });
    expect((await lock.add(known, next)).ok).toBe(true);
    expect((await lock.unlock(known)).ok).toBe(false);
    expect(await readAll(database, unwrap(await lock.unlock(next)))).toEqual(await everything());
  });

  test('one that was set when it cost less is made dearer the next time it opens', async () => {
    const { database, vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    const before = (await database.locks.get('passphrase')) as PassphraseLockRow;
    const dearer = { memoryKib: 32, passes: 2, lanes: 1 };
    const later = new Lock({ ...lockParts(), database, cost: dearer });
    expect(before.cost).toEqual(cheap);
    expect(await readAll(database, unwrap(await later.unlock(known)))).toEqual(await everything());
    const after = (await database.locks.get('passphrase')) as PassphraseLockRow;
    expect(after.cost).toEqual(dearer);
    expect(after.salt).not.toEqual(before.salt);
    // And an older app, to which it is dear already, leaves it so.
    expect((await lock.unlock(known)).ok).toBe(true);
    expect(await database.locks.get('passphrase')).toEqual(after);
  });

  test('one row of the lock cannot stand in for another', async () => {
    const { database, vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    await lock.add(known, keptPasskey);
    const [passkeyRow] = (await database.locks.toArray()).filter(({ id }) => id !== 'passphrase');
    const row = (await database.locks.get('passphrase')) as PassphraseLockRow;
    await database.locks.put({ ...row, sealed: passkeyRow?.sealed ?? row.sealed });
    expect(await lock.unlock(known)).toEqual({ ok: false, error: { type: 'NotOpened' } });
  });
});

describe('[VA7] a passkey', () => {
  test('opens on its own, and beside a passphrase', async () => {
    const { database, vault, lock } = await lockScene();
    await lock.set(vault, keptPasskey, []);
    expect(await lock.methods()).toEqual({
      passphrase: false,
      passkeys: [{ credential: keptPasskey.credential, salt: keptPasskey.salt }]
    });
    expect((await lock.unlock(known)).ok).toBe(false);
    expect((await lock.add(keptPasskey, known)).ok).toBe(true);
    for (const opener of [known, keptPasskey])
      expect(await readAll(database, unwrap(await lock.unlock(opener)))).toEqual(await everything());
  });

  test('of another authenticator, or with another answer, opens nothing', async () => {
    const { vault, lock } = await lockScene();
    await lock.set(vault, keptPasskey, []);
    const otherAnswer = { ...keptPasskey, secret: new Uint8Array(32).fill(10) };
    const otherCredential = { ...keptPasskey, credential: new Uint8Array(20).fill(4) };
    for (const opener of [otherAnswer, otherCredential])
      expect(await lock.unlock(opener)).toEqual({ ok: false, error: { type: 'NotOpened' } });
  });

  test('goes while there is a passphrase, and stays where it is the only way in', async () => {
    const { vault, lock } = await lockScene();
    await lock.set(vault, keptPasskey, []);
    expect(await lock.removePasskeys(keptPasskey)).toEqual({ ok: false, error: { type: 'Changed' } });
    await lock.add(keptPasskey, known);
    expect((await lock.removePasskeys(wrong)).ok).toBe(false);
    expect((await lock.removePasskeys(known)).ok).toBe(true);
    expect(await lock.methods()).toEqual({ passphrase: true, passkeys: [] });
    expect((await lock.unlock(keptPasskey)).ok).toBe(false);
  });

  test('its secret is left as it was given, and stands nowhere on disk', async () => {
    const { database, vault, lock } = await lockScene();
    await lock.set(vault, keptPasskey, []);
    expect(keptPasskey.secret).toEqual(new Uint8Array(32).fill(9));
    expect(await holdsBytes(database, keptPasskey.secret)).toBe(false);
  });
});

describe('[VA5] taking the lock off', () => {
  test('everything opens by itself again, with a key that never was a byte in a page', async () => {
    const { indexedDB, database, vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    const locked = unwrap(await lock.unlock(known));
    expect((await lock.takeOff(wrong)).ok).toBe(false);
    expect(await isLocked(database)).toBe(true);
    expect((await lock.takeOff(known)).ok).toBe(true);
    expect(await isLocked(database)).toBe(false);
    const again = await openVault(memoryDatabase(indexedDB), seededRandom(5));
    expect(await readAll(database, again)).toEqual(await everything());
    expect(await readAll(database, locked)).toEqual(nothing);
    expect((await database.vault.get('key'))?.key.extractable).toBe(false);
    expect(await database.carriers.count()).toBe(0);
  });

  test('a lock that was taken off takes no new way in', async () => {
    const { database, vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    // Another tab takes it off between this one's proof and its writing.
    const slow = new Lock({
      ...lockParts(),
      database,
      random: { bytes: (length) => (void database.locks.clear(), new Uint8Array(length)) }
    });
    expect(await slow.add(known, keptPasskey)).toEqual({ ok: false, error: { type: 'Changed' } });
    expect(await database.locks.count()).toBe(0);
  });

  test('no key that a page holds while it is open can be exported', async () => {
    const { vault, lock } = await lockScene();
    await lock.set(vault, known, []);
    const imported: CryptoKey[] = [];
    const original = crypto.subtle.importKey.bind(crypto.subtle) as (...args: unknown[]) => Promise<CryptoKey>;
    Object.defineProperty(crypto.subtle, 'importKey', {
      configurable: true,
      value: async (...args: unknown[]) => {
        const key = await original(...args);
        imported.push(key);
        return key;
      }
    });
    try {
      await lock.unlock(known);
    } finally {
      Reflect.deleteProperty(crypto.subtle, 'importKey');
    }
    expect(imported.map(({ algorithm }) => algorithm.name)).toEqual(['HKDF', 'AES-GCM', 'AES-GCM']);
    expect(imported.filter(({ extractable }) => extractable)).toEqual([]);
  });
});
