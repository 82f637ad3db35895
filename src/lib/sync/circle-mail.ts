/**
 * The mail of one circle: a route to each of its relays, and the letters that have to wait (docs/protocol.md MR1–MR6).
 */
import type { Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { MapKey } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { oweMail } from '../store/mail.ts';
import type { Mailbox } from './envelope-carrier.ts';
import type { Outcome } from './inbox.ts';
import { MailRoute } from './mail-route.ts';

export interface CircleMailDependencies {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly createMailboxes: (circle: LocalCircle) => Promise<readonly Mailbox[]>;
  /** Takes envelopes in; one outcome each, in order. */
  readonly receive: (envelopes: readonly Bytes[]) => Promise<readonly Outcome[]>;
}

/** What waits in memory; the relay keeps it too, and it is read from there again after a restart. */
const waitingMax = 2000;

export class CircleMail {
  readonly #deps: CircleMailDependencies;
  readonly #circle: LocalCircle;
  #routes: readonly MailRoute[] = [];
  /** Came before what it needs: its author's addition to the roster, its own time, room. */
  #waiting: Bytes[] = [];
  #retrying: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: CircleMailDependencies, circle: LocalCircle) {
    this.#deps = deps;
    this.#circle = circle;
  }

  async start(): Promise<void> {
    const mailboxes = await this.#deps.createMailboxes(this.#circle);
    if (this.#stopped) return mailboxes.forEach((mailbox) => mailbox.close());
    const receive = (envelopes: readonly Bytes[]): Promise<boolean> => this.#receive(envelopes);
    this.#routes = mailboxes.map((mailbox) => new MailRoute({ ...this.#deps, receive }, this.#circle.n, mailbox));
    this.#routes.forEach((route) => route.start());
  }

  /** Something new stands in these slots, for every relay. On disk when it resolves. */
  async owe(keys: readonly MapKey[]): Promise<void> {
    if (keys.length === 0 || this.#routes.length === 0) return;
    const relays = this.#routes.map(({ relay }) => relay);
    await oweMail(this.#deps.database, this.#circle.n, relays, keys);
    this.#routes.forEach((route) => route.due());
  }

  /** The roster grew, or time went on: what waited may be right now. */
  retry(): void {
    this.#retrying = this.#retrying.then(async () => {
      const waiting = this.#waiting;
      this.#waiting = [];
      if (waiting.length > 0 && !this.#stopped) await this.#hand(waiting);
    });
  }

  wake(): void {
    this.#routes.forEach((route) => route.wake());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#routes.map((route) => route.stop()));
  }

  async idle(): Promise<void> {
    await Promise.all(this.#routes.map((route) => route.idle()));
  }

  /** Whether nothing has to wait any more: only then may what was read be counted as read. */
  async #receive(envelopes: readonly Bytes[]): Promise<boolean> {
    await this.#hand(envelopes);
    await this.#retrying;
    return this.#waiting.length === 0;
  }

  async #hand(envelopes: readonly Bytes[]): Promise<void> {
    const outcomes = await this.#deps.receive(envelopes);
    const waiting = envelopes.filter((_, i) => outcomes[i]?.type === 'waits');
    this.#waiting = [...this.#waiting, ...waiting].slice(-waitingMax);
  }
}
