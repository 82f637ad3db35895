/**
 * This device's ledger: renewed with what it says, and said anew in each epoch, by which all see that it is there
 * (docs/protocol.md LA2, EP9, EP12).
 */
import type { EpochId } from '../base/ids.ts';
import type { carriedRows } from '../circle/carrying.ts';
import { kinds } from '../records/kinds.ts';
import type { Author } from '../store/author.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { newestRow } from '../store/newest-rows.ts';

export class OwnLedger {
  readonly #database: ShoulderDatabase;
  readonly #author: Author;
  readonly #circle: LocalCircle;
  #isSaidHere = false;

  constructor(
    { database, author }: { readonly database: ShoulderDatabase; readonly author: Author },
    circle: LocalCircle
  ) {
    this.#database = database;
    this.#author = author;
    this.#circle = circle;
  }

  /** Says it, where it says something else by now or was not said in this epoch; `isCarried` is what goes out in `epoch`. */
  async renew(isCarried: ReturnType<typeof carriedRows>, epoch: EpochId): Promise<void> {
    this.#isSaidHere ||= await this.#wasSaidHere();
    const renewed = await this.#author.renewLedger(this.#circle, {
      force: !this.#isSaidHere,
      epoch,
      // What is asked about is what this device said, which is no bookkeeping.
      isCarried: (row) => isCarried({ ...row, kind: kinds.gone })
    });
    this.#isSaidHere ||= renewed.ok && renewed.value;
  }

  async #wasSaidHere(): Promise<boolean> {
    const { n, keyring } = this.#circle;
    const row = await newestRow(this.#database, n, kinds.ledger, keyring.device.id);
    // In the founding epoch nobody is waited for.
    return (row?.epoch ?? keyring.founding) === keyring.current.epoch;
  }
}
