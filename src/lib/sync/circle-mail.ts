/**
 * The mail of one circle: a route to each of its relays, and the letters that have to wait (docs/protocol.md MR1–MR8).
 */
import type { Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { MapKey } from '../base/ids.ts';
import { passOnDelayMaxMs, passOnDelayMinMs } from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';
import type { LighthouseKeys } from '../records/epoch-keys.ts';
import type { LocalCircle } from '../store/circles.ts';
import { toStorageError, type ShoulderDatabase } from '../store/database.ts';
import { heldRows } from '../store/held-rows.ts';
import { fadedKind } from '../store/fading.ts';
import { beginMail, oweMail } from '../store/mail.ts';
import type { Mailbox, MailboxStatus } from './envelope-carrier.ts';
import type { Outcome } from './inbox.ts';
import { MailRoute, type MailRouteDependencies } from './mail-route.ts';
import { RelayHealth } from './relay-health.ts';

export interface CircleMailDependencies {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly createMailboxes: (keys: LighthouseKeys, relays: readonly string[]) => Promise<readonly Mailbox[]>;
  /** What is left on relays at all. */
  readonly carried: MailRouteDependencies['carried'];
  /** Takes envelopes in; one outcome each, in order. `relay`: where they were, unless they have waited here since. */
  readonly receive: (envelopes: readonly Bytes[], relay: string | undefined) => Promise<readonly Outcome[]>;
}

/** What waits in memory; the relay keeps it too, and it is read from there again after a restart. */
const waitingMax = 2000;

export class CircleMail {
  readonly #deps: CircleMailDependencies;
  readonly #circle: LocalCircle;
  readonly #relays: readonly string[];
  #routes: readonly MailRoute[] = [];
  /** Came before what it needs: its author's addition to the roster, its own time, room. */
  #waiting: Bytes[] = [];
  #retrying: Promise<void> = Promise.resolve();
  /** Came straight from a friend's phone, and may be on no relay yet. */
  readonly #toPassOn = new Set<MapKey>();
  #cancelPassOn: (() => void) | undefined;
  #stopped = false;

  constructor(deps: CircleMailDependencies, circle: LocalCircle, relays: readonly string[]) {
    this.#deps = deps;
    this.#circle = circle;
    this.#relays = relays;
  }

  async start(): Promise<void> {
    const { n } = this.#circle;
    await beginMail(this.#deps.database, this.#circle);
    const mailboxes = await this.#deps.createMailboxes(this.#circle.keyring.current.lighthouse, this.#relays);
    const health = new RelayHealth(this.#deps.database, n);
    await health.begin(mailboxes.map(({ id }) => id));
    if (this.#stopped) return mailboxes.forEach((mailbox) => mailbox.close());
    this.#routes = mailboxes.map((mailbox) => {
      const receive = (envelopes: readonly Bytes[]): Promise<boolean> => this.#receive(envelopes, mailbox.id);
      const onStatus = (status: MailboxStatus): void => health.show(mailbox.id, status);
      const { device, own } = this.#circle.keyring;
      const ours = { receive, onStatus, ownDevice: device.id, refillsAtOnce: own };
      return new MailRoute({ ...this.#deps, ...ours }, n, mailbox);
    });
    this.#routes.forEach((route) => route.start());
  }

  /** Something new stands in these slots, for every relay. On disk when it resolves. */
  async owe(keys: readonly MapKey[]): Promise<void> {
    if (keys.length === 0 || this.#routes.length === 0) return;
    const relays = this.#routes.map(({ relay }) => relay);
    await oweMail(this.#deps.database, this.#circle.n, relays, keys);
    this.#routes.forEach((route) => route.due());
  }

  /** These came straight from a friend's phone. Before long they are on every relay, whoever leaves them there first. MR8. */
  passOn(keys: readonly MapKey[]): void {
    if (keys.length === 0 || this.#routes.length === 0 || this.#stopped) return;
    keys.forEach((key) => this.#toPassOn.add(key));
    const { clock, random } = this.#deps;
    this.#cancelPassOn ??= clock.after(jitterMs(random, passOnDelayMinMs, passOnDelayMaxMs), () => {
      this.#cancelPassOn = undefined;
      void this.#passOn().catch((error: unknown) => toStorageError(error));
    });
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
    this.#cancelPassOn?.();
    await Promise.all(this.#routes.map((route) => route.stop()));
  }

  async idle(): Promise<void> {
    await Promise.all(this.#routes.map((route) => route.idle()));
  }

  async #passOn(): Promise<void> {
    const { database } = this.#deps;
    const { n } = this.#circle;
    const keys = [...this.#toPassOn];
    this.#toPassOn.clear();
    const rows = await heldRows(
      database,
      keys.map((key) => ({ circle: n, key }))
    );
    const live = rows.flatMap((row) => (row === undefined || row.kind === fadedKind ? [] : [row]));
    for (const route of this.#routes) {
      const missing = live.filter(({ bytes }) => !route.hasSeen(bytes)).map(({ key }) => key);
      if (missing.length === 0 || this.#stopped) continue;
      await oweMail(database, n, [route.relay], missing);
      route.due();
    }
  }

  /** Whether nothing has to wait any more: only then may what was read be counted as read. */
  async #receive(envelopes: readonly Bytes[], relay: string): Promise<boolean> {
    await this.#hand(envelopes, relay);
    await this.#retrying;
    return this.#waiting.length === 0;
  }

  async #hand(envelopes: readonly Bytes[], relay?: string): Promise<void> {
    const outcomes = await this.#deps.receive(envelopes, relay);
    const waiting = envelopes.filter((_, i) => outcomes[i]?.type === 'waits');
    this.#waiting = [...this.#waiting, ...waiting].slice(-waitingMax);
  }
}
