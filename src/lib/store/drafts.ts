/**
 * Drafts: what was typed and not yet said, wrapped by the vault, so that it survives a crash and is nowhere in clear.
 */
import { bytesToUtf8, utf8ToBytes } from '../base/bytes.ts';
import type { SealedRow, ShoulderDatabase } from './database.ts';
import type { Vault } from './vault.ts';

export class Drafts {
  readonly #database: ShoulderDatabase;
  readonly #vault: Vault;

  constructor(database: ShoulderDatabase, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
  }

  /** Keeps a text under a name until it is forgotten or replaced. */
  async keep(id: string, text: string): Promise<void> {
    const sealed = await this.#vault.wrap(`draft/${id}`, utf8ToBytes(text));
    await this.#database.drafts.put({ id, sealed });
  }

  async read(id: string): Promise<string | undefined> {
    const row = await this.#database.drafts.get(id);
    return row === undefined ? undefined : this.open(row);
  }

  /** What stands in a row; `undefined` where it does not unwrap. */
  async open({ id, sealed }: SealedRow): Promise<string | undefined> {
    const bytes = await this.#vault.unwrap(`draft/${id}`, sealed);
    return bytes === undefined ? undefined : bytesToUtf8(bytes);
  }

  async forget(id: string): Promise<void> {
    await this.#database.drafts.delete(id);
  }
}
