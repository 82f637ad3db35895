/**
 * The vault: whatever is secret at rest is wrapped by one key.
 *
 * Without a lock that key is a non-extractable CryptoKey in the same database. Honest limit: this stops a naive dump of
 * the files, not somebody who can run code in this browser profile. With a lock the key is kept only wrapped: `lock.ts`.
 * Shape of wrapped bytes: nonce ‖ AES-256-GCM, with the purpose as associated data. Source: docs/protocol.md VA1–VA4.
 */
import { assert } from '../base/assert.ts';
import { utf8ToBytes, type Bytes } from '../base/bytes.ts';
import type { Random } from '../base/random.ts';
import * as aead from '../crypto/aead.ts';
import type { ShoulderDatabase } from './database.ts';

export interface Vault {
  /** Wraps bytes for one purpose; they unwrap for no other. */
  wrap(purpose: string, bytes: Bytes): Promise<Bytes>;
  /** `undefined` where the bytes were not wrapped by this vault for this purpose. */
  unwrap(purpose: string, wrapped: Bytes): Promise<Bytes | undefined>;
}

export const vaultKeyId = 'key';

/**
 * Opens the vault of a device that has no lock, making its key on the first day. Two tabs that open at once end up with
 * the same key. A locked one is opened by `Lock.unlock`, and never gets a second key here.
 */
export const openVault = async (database: ShoulderDatabase, random: Random): Promise<Vault> =>
  vaultWith(
    (await database.vault.get(vaultKeyId))?.key ?? (await keepVaultKey(database, await generateVaultKey())),
    random
  );

/** Whether there is a lock. Only whoever holds the vault open (docs/adr/0011) can rely on that to stay so. */
export const isLocked = async (database: ShoulderDatabase): Promise<boolean> => (await database.locks.count()) > 0;

/** The vault of a key that is at hand. */
export const vaultWith = (key: CryptoKey, random: Random): Vault => ({
  wrap: (purpose, bytes) => aead.seal(key, bytes, utf8ToBytes(purpose), random),
  unwrap: (purpose, wrapped) => aead.open(key, wrapped, utf8ToBytes(purpose))
});

/** A vault key for a device without a lock: no page ever sees its bytes. */
export const generateVaultKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

const keepVaultKey = (database: ShoulderDatabase, candidate: CryptoKey): Promise<CryptoKey> =>
  database.transaction('rw', database.vault, database.locks, async () => {
    const kept = await database.vault.get(vaultKeyId);
    if (kept !== undefined) return kept.key;
    assert((await database.locks.count()) === 0, 'a locked vault is opened by its lock');
    await database.vault.add({ id: vaultKeyId, key: candidate });
    return candidate;
  });
