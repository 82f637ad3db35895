/**
 * One circle's mail on one relay: fetches what friends left, leaves what they have not got, and notices when the relay has
 * lost it (docs/protocol.md MR1–MR8).
 *
 * Events only note what there is to do; `MailChores` sees to it that it is done.
 */
import { bytesToBase64Url, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { DeviceId, MapKey } from '../base/ids.ts';
import { repairDelayMaxMs, repairDelayMinMs } from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';
import { toStorageError, type EnvelopeRow, type ShoulderDatabase } from '../store/database.ts';
import { pagesOfCircle } from '../store/envelope-pages.ts';
import { fadedKind } from '../store/fading.ts';
import {
  accountedMail,
  confirmedMail,
  confirmMail,
  dropMail,
  dueMail,
  forgetLostMail,
  type KeptMail
} from '../store/mail.ts';
import type { CarryFailure, Delivery, Mail, Mailbox, MailboxStatus, MailId, Packing } from './envelope-carrier.ts';
import { MailChores, type ChoreEnd } from './mail-chores.ts';

export interface MailRouteDependencies {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  readonly random: Random;
  /** Takes envelopes in; whether all of them are settled, and need not be read again. */
  readonly receive: (envelopes: readonly Bytes[]) => Promise<boolean>;
  /** Told of every change of whether the relay can be read and written. */
  readonly onStatus: (status: MailboxStatus) => void;
  /** What is left there at all. */
  readonly carried: () => Promise<(row: EnvelopeRow) => boolean>;
  /** Whose confirmations are of interest: this device's own, for what it says of delivery. */
  readonly ownDevice: DeviceId;
  /** Whether what the relay lacks is put back without waiting for others to do it first: in one's own circle. */
  readonly refillsAtOnce: boolean;
}

/** As many go in one push; where that many are due they go packed, since they are a history and no word just said. */
const pushAtOnce = 100;
/** A relay that took nothing is tried with so few. */
const retryAtOnce = 8;
const refillAtOnce = 1000;
const refillRetryAtOnce = 100;
/** As many as one question may name. */
const marksAsked = 50;
/** Enough of an envelope to know it again: its version and nonce, and some of what follows. */
const fingerprintBytes = 24;

/** In the order in which they are done. */
const chores = ['pull', 'push', 'refill'] as const;
type Chore = (typeof chores)[number];

/** What became of envelopes that were to be left. */
interface Left {
  /** How many need not be left any more. */
  readonly settled: number;
  /** Nothing else would fare better now. */
  readonly halted: boolean;
  /** What this relay kept of the same slots before. */
  readonly replaced: readonly string[];
}

export class MailRoute {
  readonly #deps: MailRouteDependencies;
  readonly #circle: number;
  readonly #mailbox: Mailbox;
  #isOpen = false;
  #stopped = false;
  readonly #chores: MailChores<Chore>;
  /** Something that was read has to wait, so that it must be read again. */
  #isBehind = false;
  /** What the relay lacks is still to be put back. */
  #lacks = false;
  /** What is there, as far as it was read on this visit: the ids of letters, and fingerprints of what is in them. */
  #seen = new Set<string>();
  /** How many of what is due were refused for themselves, and are passed over until the others were tried. */
  #refused = 0;
  #cancelRefill: () => void = () => undefined;

  constructor(deps: MailRouteDependencies, circle: number, mailbox: Mailbox) {
    this.#deps = deps;
    this.#circle = circle;
    this.#mailbox = mailbox;
    const { clock, random } = deps;
    const isReady = (): boolean => this.#isOpen && !this.#stopped;
    this.#chores = new MailChores({ clock, random, order: chores, isReady, run: (chore) => this.#do(chore) });
  }

  get relay(): string {
    return this.#mailbox.id;
  }

  start(): void {
    this.#mailbox.open({
      onMail: (delivery) => void this.#take(delivery).catch((problem: unknown) => reportLater(problem)),
      onStatus: (status) => {
        this.#isOpen = status.type === 'Open';
        this.#deps.onStatus(status);
        if (this.#isOpen) this.#chores.note('pull', 'push');
      },
      // Whoever writes to the relay can leave garbage there; it is skipped, and nobody can be named for it.
      onRefused: () => undefined
    });
  }

  /** Something was said, or is to be passed on. */
  due(): void {
    this.#chores.note('push');
  }

  /** Whether this very envelope was read there on this visit. */
  hasSeen(envelope: Bytes): boolean {
    return this.#seen.has(fingerprintOf(envelope));
  }

  wake(): void {
    this.#mailbox.wake();
    this.#chores.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRefill();
    this.#chores.stop();
    this.#mailbox.close();
    await this.#chores.idle();
  }

  /** Resolves when there is nothing left to do now. */
  idle(): Promise<void> {
    return this.#chores.idle();
  }

  #do(chore: Chore): Promise<ChoreEnd> {
    if (chore === 'pull') return this.#pull();
    return chore === 'push' ? this.#push() : this.#refill();
  }

  /** From where it was read to last, or everything where it never was, or has lost something since. */
  async #pull(): Promise<ChoreEnd> {
    const { database } = this.#deps;
    this.#isBehind = false;
    const known = await database.mailboxes.get([this.#circle, this.relay]);
    const hasLost = known !== undefined && (await this.#hasLost());
    // One that is gone says nothing of the others: all are looked at, the next time too where this is cut short.
    if (hasLost) await database.mailboxes.delete([this.#circle, this.relay]);
    const whole = known === undefined || hasLost || known.refillDue;
    this.#lacks = whole;
    if (whole) this.#seen = new Set();
    for await (const delivery of this.#mailbox.pull(whole ? undefined : known.cursorS)) {
      if (this.#stopped) return 'done';
      if (!delivery.ok) return delivery.error.type === 'Endless' ? 'seldom' : 'again';
      await this.#take(delivery.value);
    }
    if (whole && !this.#stopped) await forgetLostMail(database, this.#circle, this.relay, this.#seen);
    if (whole) this.#scheduleRefill();
    return 'done';
  }

  async #take({ arrivals, cursorS }: Delivery): Promise<void> {
    for (const { id, envelope } of arrivals) this.#seen.add(id).add(fingerprintOf(envelope));
    const settled = arrivals.length === 0 || (await this.#deps.receive(arrivals.map(({ envelope }) => envelope)));
    // Whatever came before this cursor has to be settled, not this delivery alone: else it would never be read again.
    this.#isBehind ||= !settled;
    if (cursorS === undefined || this.#isBehind || this.#stopped) return;
    await unlessRefused(
      this.#deps.database.mailboxes.put({ circle: this.#circle, relay: this.relay, cursorS, refillDue: this.#lacks })
    );
  }

  /** Whether the relay lost any letter of this device's that it confirmed, that still stands and has not run out. */
  async #hasLost(): Promise<boolean> {
    const { database, clock, random } = this.#deps;
    const wanted = { nowMs: clock.nowMs(), limit: marksAsked, random };
    const ids = await confirmedMail(database, this.#circle, this.relay, wanted);
    if (ids.length === 0) return false;
    const kept = await this.#mailbox.has(ids as MailId[]);
    return kept.ok && kept.value.size < ids.length;
  }

  /**
   * Leaves what is due. What was refused for itself is tried again later, behind what was not tried since, so that it
   * holds up nothing else.
   */
  async #push(): Promise<ChoreEnd> {
    const { database } = this.#deps;
    let skipsEarlier = this.#refused > 0;
    while (!this.#stopped) {
      const limit = this.#chores.hasFailed('push') ? retryAtOnce : pushAtOnce;
      const due = await dueMail(database, this.#circle, this.relay, { limit, skip: this.#refused });
      if (due.length === 0) {
        if (this.#refused === 0) return 'done';
        this.#refused = 0;
        if (!skipsEarlier) return 'again';
        skipsEarlier = false;
        continue;
      }
      const isCarried = await this.#deps.carried();
      const rows = due.flatMap(({ envelope }) =>
        envelope !== undefined && isCarried(envelope) && this.#isWanted(envelope) ? [envelope] : []
      );
      const gone = due.map(({ row }) => row.key).filter((key) => !rows.some((row) => row.key === key));
      await dropMail(database, this.#circle, this.relay, gone);
      const left = await this.#leave(rows, due.length === pushAtOnce ? 'packed' : 'single');
      if (left.replaced.length > 0) await this.#mailbox.remove(left.replaced as MailId[]);
      if (left.halted) return 'again';
      this.#refused += rows.length - left.settled;
      if (left.settled + gone.length === 0) return 'again';
      if (left.settled > 0) this.#chores.forgive('push');
    }
    return 'done';
  }

  /** What somebody else said and another friend has passed on already is left there no second time. */
  #isWanted({ device, bytes }: EnvelopeRow): boolean {
    return device === this.#deps.ownDevice || !this.hasSeen(bytes);
  }

  /** Pushes rows; what became of them is on disk when it resolves. */
  async #leave(rows: readonly EnvelopeRow[], packing: Packing): Promise<Left> {
    if (rows.length === 0) return { settled: 0, halted: false, replaced: [] };
    const { database } = this.#deps;
    const mail = rows.map(({ bytes, exp }): Mail =>
      exp === undefined ? { envelope: bytes } : { envelope: bytes, expiresMs: exp }
    );
    const { each } = await this.#mailbox.push(mail, packing);
    const kept: KeptMail[] = [];
    const over: MapKey[] = [];
    rows.forEach(({ key, hash }, i) => {
      const result = each[i];
      if (result?.ok === true) kept.push({ key, hash, id: result.value, shared: packing === 'packed' });
      else if (result?.error.type === 'Expired') over.push(key);
    });
    const replaced = await unlessRefused(confirmMail(database, this.#circle, this.relay, kept));
    await unlessRefused(dropMail(database, this.#circle, this.relay, over));
    const halted = replaced === undefined || each.some((result) => !result.ok && isShared(result.error));
    return { settled: kept.length + over.length, halted, replaced: replaced ?? [] };
  }

  /** After everything that is there was read, puts what is live here and was not; with jitter, since friends do the same. */
  #scheduleRefill(): void {
    const { clock, random, refillsAtOnce } = this.#deps;
    this.#cancelRefill();
    if (refillsAtOnce) return this.#chores.note('refill');
    const delayMs = jitterMs(random, repairDelayMinMs, repairDelayMaxMs);
    this.#cancelRefill = clock.after(delayMs, () => this.#chores.note('refill'));
  }

  /** Puts back what is live here and neither there nor due there. */
  async #refill(): Promise<ChoreEnd> {
    const { database, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const isCarried = await this.#deps.carried();
    const atOnce = this.#chores.hasFailed('refill') ? refillRetryAtOnce : refillAtOnce;
    for await (const page of pagesOfCircle(database, this.#circle, atOnce)) {
      if (this.#stopped) return 'done';
      const live = page.filter(
        (row) => row.kind !== fadedKind && (row.exp === undefined || row.exp > nowMs) && isCarried(row)
      );
      const unseen = live.filter(({ bytes }) => !this.#seen.has(fingerprintOf(bytes)));
      const accounted = await accountedMail(database, this.#circle, this.relay, unseen);
      const missing = unseen.filter(({ key }) => !accounted.has(key));
      const { settled } = await this.#leave(missing, 'packed');
      if (settled < missing.length) return 'again';
    }
    this.#lacks = false;
    await unlessRefused(database.mailboxes.update([this.#circle, this.relay], { refillDue: false }));
    return 'done';
  }
}

/** Whether the next envelope would fare the same: not where this one was refused for what it is. */
const isShared = ({ type }: CarryFailure): boolean => type !== 'Refused' && type !== 'TooLarge' && type !== 'Expired';

const fingerprintOf = (envelope: Bytes): string => bytesToBase64Url(envelope.subarray(0, fingerprintBytes));

/**
 * A full disk keeps no notes of where mail is. Nothing is lost by that: it is read, or left, once more. What friends said and
 * cannot be stored is another matter, and goes up.
 */
const unlessRefused = async <T>(writing: PromiseLike<T>): Promise<T | undefined> => {
  try {
    return await writing;
  } catch (error) {
    toStorageError(error);
    return undefined;
  }
};

/** What the disk refuses goes up as unhandled, where the app says it once. */
const reportLater = (problem: unknown): void => {
  void Promise.resolve().then(() => {
    throw problem;
  });
};
