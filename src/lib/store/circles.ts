/**
 * The circles of this device: rows with their keyrings wrapped, opened once and kept while the tab lives.
 */
import type { CircleId } from '../base/ids.ts';
import type { CircleRow, ShoulderDatabase } from './database.ts';
import { bytesToKeyring, keyringToBytes, openKeyring, type Keyring, type OpenKeyring } from './keyring.ts';
import type { Vault } from './vault.ts';

/** A circle ready to use. */
export interface LocalCircle {
  readonly n: number;
  readonly keyring: OpenKeyring;
}

const purposeOf = (circle: CircleId): string => `circle/${circle}`;

export class Circles {
  readonly #database: ShoulderDatabase;
  readonly #vault: Vault;
  readonly #opened = new Map<number, Promise<LocalCircle>>();

  constructor(database: ShoulderDatabase, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
  }

  /** Wraps a keyring for a row; apart from the row, because no transaction may wait for crypto. */
  wrap(circle: CircleId, keyring: Keyring): Promise<CircleRow['sealed']> {
    return this.#vault.wrap(purposeOf(circle), keyringToBytes(keyring));
  }

  /** A fresh row, not yet stored; Dexie gives it its number. */
  newRow(circle: CircleId, sealed: CircleRow['sealed']): Omit<CircleRow, 'n'> {
    return { id: circle, sealed, counter: 0, ledgerVer: 0, timeMs: 0, timeCount: 0, ackDueMs: 0 };
  }

  /** The circle of a row, its keys imported; the same object every time. */
  open(row: Pick<CircleRow, 'n' | 'id' | 'sealed'>): Promise<LocalCircle> {
    const known = this.#opened.get(row.n);
    if (known !== undefined) return known;
    const opening = this.#openRow(row);
    this.#opened.set(row.n, opening);
    return opening;
  }

  async byNumber(n: number): Promise<LocalCircle | undefined> {
    const known = this.#opened.get(n);
    if (known !== undefined) return known;
    const row = await this.#database.circles.get(n);
    return row === undefined ? undefined : this.open(row);
  }

  async byId(id: CircleId): Promise<LocalCircle | undefined> {
    const row = await this.#database.circles.get({ id });
    return row === undefined ? undefined : this.open(row);
  }

  async all(): Promise<LocalCircle[]> {
    const rows = await this.#database.circles.toArray();
    return Promise.all(rows.map((row) => this.open(row)));
  }

  async #openRow(row: Pick<CircleRow, 'n' | 'id' | 'sealed'>): Promise<LocalCircle> {
    const unwrapped = await this.#vault.unwrap(purposeOf(row.id), row.sealed);
    const keyring = unwrapped === undefined ? undefined : bytesToKeyring(unwrapped);
    if (keyring === undefined) throw new Error('invariant broken: a keyring unwraps with the vault that wrapped it');
    return { n: row.n, keyring: await openKeyring(row.id, keyring) };
  }
}
