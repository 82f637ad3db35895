/**
 * The lock: the vault key, kept only wrapped by what a person knows (a passphrase) or holds (a passkey).
 *
 * Each way in wraps the same vault key on its own, so they stand side by side and change one by one; only setting the lock
 * and taking it off make a new vault key, and wrap everything anew. Bytes of the vault key live as long as the step that needs
 * them. Source: docs/protocol.md VA4–VA8, docs/adr/0011.
 */
import { bytesToBase64Url, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import * as aead from '../crypto/aead.ts';
import { deriveBytes, importRootKey } from '../crypto/hash.ts';
import {
  derivePassphraseSecret,
  isCheaper,
  passphraseCost,
  passphraseSaltBytes,
  type Argon2Cost
} from '../crypto/passphrase.ts';
import type { Exclusively } from './author.ts';
import {
  toStorageError,
  type CarrierRow,
  type LockRow,
  type PasskeyLockRow,
  type PassphraseLockRow,
  type ShoulderDatabase,
  type StorageError
} from './database.ts';
import { beginTry, forgetTries, pauseNow, type Paused } from './lock-pause.ts';
import { reseal } from './reseal.ts';
import { generateVaultKey, vaultKeyId, vaultWith, type Vault } from './vault.ts';

/** What an authenticator answered: which credential it was, and the 32 bytes that its PRF made of our salt. */
export interface PasskeySecret {
  readonly credential: Bytes;
  readonly salt: Bytes;
  readonly secret: Bytes;
}

/** What opens the lock, or is to open it from now on. */
export type Opener =
  { readonly type: 'passphrase'; readonly passphrase: string } | ({ readonly type: 'passkey' } & PasskeySecret);

/** What is known of the lock without opening it. No methods: there is no lock. */
export interface LockMethods {
  readonly passphrase: boolean;
  readonly passkeys: readonly Pick<PasskeyLockRow, 'credential' | 'salt'>[];
}

/** `Changed`: another tab has set the lock, or taken it off, meanwhile. */
export type LockError = Paused | StorageError | { readonly type: 'NotOpened' } | { readonly type: 'Changed' };

export interface LockDependencies {
  readonly database: ShoulderDatabase;
  readonly random: Random;
  readonly clock: Clock;
  /** Runs a task while no other tab runs one under the same name. */
  readonly exclusively: Exclusively;
  /** What a passphrase is to cost from now on; a cheaper one is raised when it opens the lock. */
  readonly cost?: Argon2Cost;
}

const vaultKeyBytes = 32;

export class Lock {
  readonly #deps: LockDependencies;
  readonly #cost: Argon2Cost;

  constructor(deps: LockDependencies) {
    this.#deps = deps;
    this.#cost = deps.cost ?? passphraseCost;
  }

  async methods(): Promise<LockMethods> {
    const rows = await this.#deps.database.locks.toArray();
    return {
      passphrase: rows.some(isPassphrase),
      passkeys: rows.filter(isPasskey).map(({ credential, salt }) => ({ credential, salt }))
    };
  }

  /** How long one has to wait before the next passphrase is tried, in milliseconds. */
  pauseNow(): Promise<number> {
    return pauseNow(this.#deps.database, this.#deps.clock.nowMs());
  }

  /** Opens the vault. A passphrase that was cheap to try is made as dear as they are now. */
  unlock(opener: Opener): Promise<Result<Vault, LockError>> {
    return this.#withVaultKey(opener, async (bytes, row) => {
      if (opener.type === 'passphrase' && isPassphrase(row) && isCheaper(row.cost, this.#cost))
        await this.#keep(await this.#newRow(opener, bytes));
      return ok(vaultWith(await aead.importAeadKey(bytes), this.#deps.random));
    });
  }

  /**
   * Sets the first way in: makes a new vault key and wraps everything under it. `vault` is the open one, `carriers` what the
   * device may keep to carry envelopes while it is locked. Whoever calls this holds the vault alone. Errors: `Changed`, and what the
   * disk refuses; then everything is as it was.
   */
  set(vault: Vault, opener: Opener, carriers: readonly CarrierRow[]): Promise<Result<true, LockError>> {
    return this.#alone(async () => {
      const { database, random } = this.#deps;
      if ((await database.vault.get(vaultKeyId)) === undefined) throw new LockChanged();
      const bytes = random.bytes(vaultKeyBytes);
      try {
        const row = await this.#newRow(opener, bytes);
        const to = vaultWith(await aead.importAeadKey(bytes), random);
        await reseal(database, { from: vault, to }, async () => {
          if ((await database.vault.get(vaultKeyId)) === undefined) throw new LockChanged();
          await database.vault.delete(vaultKeyId);
          await database.locks.put(row);
          await database.carriers.bulkPut([...carriers]);
        });
        return ok(true);
      } finally {
        bytes.fill(0);
      }
    });
  }

  /** Adds a way in, or puts a new passphrase in the place of the old. `proof` is one that opens the lock now. */
  add(proof: Opener, opener: Opener): Promise<Result<true, LockError>> {
    return this.#withVaultKey(proof, async (bytes) => {
      await this.#keep(await this.#newRow(opener, bytes));
      return ok(true);
    });
  }

  /** Forgets the passkeys. Errors: `Changed` where they are the only way in; a lock is taken off by `takeOff`. */
  removePasskeys(proof: Opener): Promise<Result<true, LockError>> {
    const { database } = this.#deps;
    return this.#withVaultKey(proof, () =>
      database.transaction('rw', database.locks, async () => {
        const rows = await database.locks.toArray();
        if (!rows.some(isPassphrase)) throw new LockChanged();
        await database.locks.bulkDelete(rows.filter(isPasskey).map(({ id }) => id));
        return ok(true);
      })
    );
  }

  /**
   * Takes the lock off: makes a key that this browser keeps, and wraps everything under it. Whoever calls this holds the vault
   * alone. Errors: as `unlock`; then everything is as it was.
   */
  takeOff(proof: Opener): Promise<Result<true, LockError>> {
    return this.#withVaultKey(proof, (bytes) =>
      this.#alone(async () => {
        const { database, random } = this.#deps;
        const key = await generateVaultKey();
        const from = vaultWith(await aead.importAeadKey(bytes), random);
        await reseal(database, { from, to: vaultWith(key, random) }, async () => {
          if ((await database.locks.count()) === 0) throw new LockChanged();
          await database.vault.put({ id: vaultKeyId, key });
          await database.locks.clear();
          await database.carriers.clear();
        });
        return ok(true);
      })
    );
  }

  /** Opens the vault key for one step, and forgets its bytes after it. */
  async #withVaultKey<T>(
    opener: Opener,
    step: (bytes: Bytes, row: LockRow) => Promise<Result<T, LockError>>
  ): Promise<Result<T, LockError>> {
    const { database, clock } = this.#deps;
    return refusable(async () => {
      const row = await database.locks.get(idOf(opener));
      if (row === undefined) return err({ type: 'NotOpened' });
      if (opener.type === 'passphrase') {
        const begun = await beginTry(database, clock.nowMs());
        if (!begun.ok) return begun;
      }
      const bytes = await aead.open(await keyOf(opener, row), row.sealed, purposeOf(row.id));
      if (bytes === undefined) return err({ type: 'NotOpened' });
      try {
        if (opener.type === 'passphrase') await forgetTries(database);
        return await step(bytes, row);
      } finally {
        bytes.fill(0);
      }
    });
  }

  async #newRow(opener: Opener, bytes: Bytes): Promise<LockRow> {
    const { random } = this.#deps;
    const row: LockRow =
      opener.type === 'passphrase'
        ? { id: 'passphrase', salt: random.bytes(passphraseSaltBytes), cost: this.#cost, sealed: noBytes }
        : { id: passkeyId(opener.credential), credential: opener.credential, salt: opener.salt, sealed: noBytes };
    return { ...row, sealed: await aead.seal(await keyOf(opener, row), bytes, purposeOf(row.id), random) };
  }

  /** Where the lock was taken off meanwhile, a way in would lead nowhere. */
  async #keep(row: LockRow): Promise<void> {
    const { locks } = this.#deps.database;
    await this.#deps.database.transaction('rw', locks, async () => {
      if ((await locks.count()) === 0) throw new LockChanged();
      await locks.put(row);
    });
  }

  /** Nobody signs meanwhile: what they read of a row would be written back. */
  #alone(task: () => Promise<Result<true, LockError>>): Promise<Result<true, LockError>> {
    const { database, exclusively } = this.#deps;
    return refusable(() => exclusively(`say/${database.name}`, task));
  }
}

/** Thrown inside a transaction, to abort it. */
class LockChanged extends Error {}

const refusable = async <T>(task: () => Promise<Result<T, LockError>>): Promise<Result<T, LockError>> => {
  try {
    return await task();
  } catch (error) {
    return err(error instanceof LockChanged ? { type: 'Changed' } : toStorageError(error));
  }
};

/** What wraps the vault key: HKDF of what the passphrase or the authenticator makes, each by its own label. VA6, VA7. */
const keyOf = async (opener: Opener, row: LockRow): Promise<CryptoKey> => {
  const secret =
    opener.type === 'passphrase'
      ? await derivePassphraseSecret(opener.passphrase, row.salt, (row as PassphraseLockRow).cost)
      : opener.secret;
  const bytes = await deriveBytes(await importRootKey(secret), `lock/${opener.type}`, vaultKeyBytes);
  try {
    return await aead.importAeadKey(bytes);
  } finally {
    bytes.fill(0);
    if (opener.type === 'passphrase') secret.fill(0);
  }
};

const isPassphrase = (row: LockRow): row is PassphraseLockRow => row.id === 'passphrase';
const isPasskey = (row: LockRow): row is PasskeyLockRow => !isPassphrase(row);
const passkeyId = (credential: Bytes): PasskeyLockRow['id'] => `passkey/${bytesToBase64Url(credential)}`;
const idOf = (opener: Opener): LockRow['id'] =>
  opener.type === 'passphrase' ? 'passphrase' : passkeyId(opener.credential);
const purposeOf = (id: string): Bytes => utf8ToBytes(`lock/${id}`);
const noBytes = new Uint8Array(0);
