/**
 * The circles of this device: rows with their keyrings wrapped, opened once and kept while the tab lives.
 *
 * A circle's keys can change under way, here or in another tab: its row then holds another keyring, and `refresh` has the same
 * `LocalCircle` hold it too. Whoever works with a circle asks it for `keyring` again after each wait.
 */
import { equalBytes, type Bytes } from '../base/bytes.ts';
import type { CircleId } from '../base/ids.ts';
import type { CircleRow, ShoulderDatabase } from './database.ts';
import { bytesToKeyring, keyringToBytes, openKeyring, type Keyring, type OpenKeyring } from './keyring.ts';
import type { Vault } from './vault.ts';

/** A circle ready to use. The same object for as long as the tab lives, whatever becomes of its keys. */
export interface LocalCircle {
  readonly n: number;
  /** As it was opened last. */
  readonly keyring: OpenKeyring;
  /** Whether `keyring` is the one that stands in this row. */
  isAsIn(row: Pick<CircleRow, 'sealed'>): boolean;
  /** As `Circles.refresh`. */
  refresh(): Promise<boolean>;
}

type KeyedRow = Pick<CircleRow, 'n' | 'id' | 'sealed'>;

const purposeOf = (circle: CircleId): string => `circle/${circle}`;

export class Circles {
  readonly #database: ShoulderDatabase;
  readonly #vault: Vault;
  readonly #opened = new Map<number, Promise<OpenCircle>>();
  readonly #turns = new Map<number, Promise<unknown>>();

  constructor(database: ShoulderDatabase, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
  }

  /** Wraps a keyring for a row; apart from the row, because no transaction may wait for crypto. */
  wrap(circle: CircleId, keyring: Keyring): Promise<CircleRow['sealed']> {
    return this.#vault.wrap(purposeOf(circle), keyringToBytes(keyring));
  }

  /** The keyring of a row as it was wrapped: only for whoever wraps it anew. */
  async unwrap({ id, sealed }: Pick<CircleRow, 'id' | 'sealed'>): Promise<Keyring> {
    const unwrapped = await this.#vault.unwrap(purposeOf(id), sealed);
    const keyring = unwrapped === undefined ? undefined : await bytesToKeyring(unwrapped);
    if (keyring === undefined) throw new Error('invariant broken: a keyring unwraps with the vault that wrapped it');
    return keyring;
  }

  /** A circle that is only being looked at: it has no row, and nothing is ever stored under its ordinal. */
  async onTrial(circle: CircleId, keyring: Keyring): Promise<LocalCircle> {
    return new OpenCircle(notYetIn, new Uint8Array(0), await openKeyring(circle, keyring), () =>
      Promise.resolve(false)
    );
  }

  /** A fresh row, not yet stored; Dexie gives it its number. */
  newRow(circle: CircleId, sealed: CircleRow['sealed']): Omit<CircleRow, 'n'> {
    return { id: circle, sealed, counter: 0, ledgerVer: 0, timeMs: 0, timeCount: 0, ackDueMs: 0 };
  }

  /** The circle of a row, its keys imported; the same object every time, as it was opened first or refreshed last. */
  open(row: KeyedRow): Promise<LocalCircle> {
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

  /** It is gone from the disk. */
  forget(n: number): void {
    this.#opened.delete(n);
  }

  /**
   * Has the circle hold the keyring that stands in its row now, and says whether it is another one than before. Costs one read
   * where it is not. A circle that is not open, or not there any more, is left alone.
   */
  refresh(n: number): Promise<boolean> {
    // One at a time: a row that was read earlier must not be opened later than a newer one.
    const turn = (this.#turns.get(n) ?? Promise.resolve()).then(
      () => this.#refresh(n),
      () => this.#refresh(n)
    );
    this.#turns.set(n, turn);
    return turn;
  }

  async #refresh(n: number): Promise<boolean> {
    const circle = await this.#opened.get(n);
    const row = circle === undefined ? undefined : await this.#database.circles.get(n);
    if (circle === undefined || row === undefined || circle.isAsIn(row)) return false;
    circle.hold(row.sealed, await openKeyring(row.id, await this.unwrap(row)));
    return true;
  }

  async #openRow(row: KeyedRow): Promise<OpenCircle> {
    const keyring = await openKeyring(row.id, await this.unwrap(row));
    return new OpenCircle(row.n, row.sealed, keyring, () => this.refresh(row.n));
  }
}

const notYetIn = 0;

class OpenCircle implements LocalCircle {
  readonly n: number;
  readonly refresh: () => Promise<boolean>;
  #sealed: Bytes;
  #keyring: OpenKeyring;

  constructor(n: number, sealed: Bytes, keyring: OpenKeyring, refresh: () => Promise<boolean>) {
    this.n = n;
    this.refresh = refresh;
    this.#sealed = sealed;
    this.#keyring = keyring;
  }

  get keyring(): OpenKeyring {
    return this.#keyring;
  }

  isAsIn({ sealed }: Pick<CircleRow, 'sealed'>): boolean {
    return equalBytes(sealed, this.#sealed);
  }

  hold(sealed: Bytes, keyring: OpenKeyring): void {
    this.#sealed = sealed;
    this.#keyring = keyring;
  }
}
