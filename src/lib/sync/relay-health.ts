/**
 * How each relay of one circle is doing, for every tab to see. Written by the one tab that talks to them.
 */
import { toStorageError, type RelayHealthRow, type ShoulderDatabase } from '../store/database.ts';
import { relayHealthOf } from '../store/kept-mail.ts';
import { forgetRelays } from '../store/mail.ts';
import type { MailboxStatus } from './envelope-carrier.ts';

export class RelayHealth {
  readonly #database: ShoulderDatabase;
  readonly #circle: number;

  constructor(database: ShoulderDatabase, circle: number) {
    this.#database = database;
    this.#circle = circle;
  }

  /** These are the relays in use from now on; nothing is known of them yet, and what was noted of others is forgotten. */
  async begin(relays: readonly string[]): Promise<void> {
    const [database, circle] = [this.#database, this.#circle];
    const before = await relayHealthOf(database, circle);
    const left = before.map(({ relay }) => relay).filter((relay) => !relays.includes(relay));
    await this.#unlessRefused(
      database.transaction('rw', database.relayHealth, database.mail, database.mailboxes, async () => {
        // Chosen again later, a relay is read as a new one: much may have changed there.
        await forgetRelays(database, circle, left);
        await database.relayHealth.bulkDelete(left.map((relay): [number, string] => [circle, relay]));
        await database.relayHealth.bulkPut(relays.map((relay) => ({ circle, relay, state: 'opening' as const })));
      })
    );
  }

  show(relay: string, status: MailboxStatus): void {
    void this.#unlessRefused(this.#database.relayHealth.put({ circle: this.#circle, relay, ...toHealth(status) }));
  }

  /** Shown late or not at all, it harms nothing. */
  async #unlessRefused(writing: PromiseLike<unknown>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      toStorageError(error);
    }
  }
}

const toHealth = (status: MailboxStatus): Pick<RelayHealthRow, 'state' | 'reason'> => {
  if (status.type === 'Open') return { state: 'open' };
  const { why } = status;
  return 'reason' in why ? { state: 'refused', reason: why.reason } : { state: 'offline' };
};
