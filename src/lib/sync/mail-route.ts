/**
 * One circle's mail on one relay: fetches what friends left, leaves what they have not got, and notices when the relay has
 * lost it (docs/protocol.md MR1–MR6).
 *
 * Events only note what there is to do; `#evaluate` does it, one thing after another.
 */
import { bytesToBase64Url, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { MapKey } from '../base/ids.ts';
import { repairDelayMaxMs, repairDelayMinMs } from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';
import { toStorageError, type EnvelopeRow, type ShoulderDatabase } from '../store/database.ts';
import { fadedKind, pagesOfCircle } from '../store/envelopes.ts';
import { confirmedMail, confirmMail, dropMail, dueMail, forgetMail, type KeptMail } from '../store/mail.ts';
import type { CarryFailure, Delivery, Mail, Mailbox, MailId } from './envelope-carrier.ts';

export interface MailRouteDependencies {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  readonly random: Random;
  /** Takes envelopes in; whether all of them are settled, and need not be read again. */
  readonly receive: (envelopes: readonly Bytes[]) => Promise<boolean>;
}

const pushAtOnce = 100;
/** As many as one question may name. */
const marksAsked = 50;
/** Enough of an envelope to know it again: its version and nonce, and some of what follows. */
const fingerprintBytes = 24;

export class MailRoute {
  readonly #deps: MailRouteDependencies;
  readonly #circle: number;
  readonly #mailbox: Mailbox;
  #pullDue = false;
  #pushDue = false;
  #isOpen = false;
  #stopped = false;
  /** Something that was read has to wait, so that it must be read again. */
  #isBehind = false;
  #refillDue = false;
  #evaluating: Promise<void> | undefined;
  #cancelRefill: () => void = () => undefined;

  constructor(deps: MailRouteDependencies, circle: number, mailbox: Mailbox) {
    this.#deps = deps;
    this.#circle = circle;
    this.#mailbox = mailbox;
  }

  get relay(): string {
    return this.#mailbox.id;
  }

  start(): void {
    this.#mailbox.open({
      onMail: (delivery) => void this.#take(delivery).catch((problem: unknown) => reportLater(problem)),
      onStatus: (status) => {
        this.#isOpen = status.type === 'Open';
        if (this.#isOpen) this.#note(() => (this.#pullDue = this.#pushDue = true));
      },
      // Whoever writes to the relay can leave garbage there; it is skipped, and nobody can be named for it.
      onRefused: () => undefined
    });
  }

  /** Something was said, or is to be passed on. */
  due(): void {
    this.#note(() => (this.#pushDue = true));
  }

  wake(): void {
    this.#mailbox.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRefill();
    this.#mailbox.close();
    await this.#evaluating;
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    while (this.#evaluating !== undefined) await this.#evaluating;
  }

  #note(change: () => void): void {
    if (this.#stopped) return;
    change();
    this.#evaluating ??= this.#evaluate().finally(() => {
      this.#evaluating = undefined;
      if (this.#isOpen && (this.#pullDue || this.#pushDue)) this.#note(() => undefined);
    });
  }

  async #evaluate(): Promise<void> {
    await Promise.resolve();
    while (!this.#stopped && this.#isOpen && (this.#pullDue || this.#pushDue)) {
      if (this.#pullDue) await this.#pull();
      else await this.#push();
    }
  }

  /** From where it was read to last, or everything where it never was, or was emptied since. */
  async #pull(): Promise<void> {
    this.#pullDue = false;
    this.#isBehind = false;
    const { database } = this.#deps;
    const known = await database.mailboxes.get([this.#circle, this.relay]);
    const emptied = known !== undefined && (await this.#wasEmptied());
    if (emptied) await forgetMail(database, this.#circle, this.relay);
    const whole = known === undefined || emptied || known.refillDue;
    this.#refillDue = whole;
    const seen = new Set<string>();
    for await (const delivery of this.#mailbox.pull(whole ? undefined : known.cursorS)) {
      if (this.#stopped) return;
      // What ended it early is tried again when the mailbox opens again.
      if (!delivery.ok) return;
      delivery.value.arrivals.forEach(({ envelope }) => seen.add(fingerprintOf(envelope)));
      await this.#take(delivery.value);
    }
    if (whole) this.#scheduleRefill(seen);
  }

  async #take({ arrivals, cursorS }: Delivery): Promise<void> {
    const settled = arrivals.length === 0 || (await this.#deps.receive(arrivals.map(({ envelope }) => envelope)));
    // Whatever came before this cursor has to be settled, not this delivery alone: else it would never be read again.
    this.#isBehind ||= !settled;
    if (cursorS === undefined || this.#isBehind || this.#stopped) return;
    await unlessRefused(
      this.#deps.database.mailboxes.put({
        circle: this.#circle,
        relay: this.relay,
        cursorS,
        refillDue: this.#refillDue
      })
    );
  }

  /** Whether the relay lost any letter of this device's that it confirmed, that still stands and has not run out. */
  async #wasEmptied(): Promise<boolean> {
    const { database, clock } = this.#deps;
    const ids = await confirmedMail(database, this.#circle, this.relay, { nowMs: clock.nowMs(), limit: marksAsked });
    if (ids.length === 0) return false;
    const kept = await this.#mailbox.has(ids as MailId[]);
    return kept.ok && kept.value.size < ids.length;
  }

  /** Leaves what is due, as single letters; what the relay will never take is due no more. */
  async #push(): Promise<void> {
    this.#pushDue = false;
    const { database } = this.#deps;
    const due = await dueMail(database, this.#circle, this.relay, pushAtOnce);
    if (due.length === 0) return;
    const gone = due.filter(({ envelope }) => envelope === undefined).map(({ row }) => row.key);
    await dropMail(database, this.#circle, this.relay, gone);
    const rows = due.flatMap(({ envelope }) => envelope ?? []);
    const replaced = await this.#leave(rows, 'single');
    if (replaced === undefined) return;
    if (replaced.length > 0) await this.#mailbox.remove(replaced as MailId[]);
    if (due.length === pushAtOnce) this.#pushDue = true;
  }

  /** Pushes rows; what became of them is on disk when it resolves. `undefined`: the rest has to wait for a better moment. */
  async #leave(rows: readonly EnvelopeRow[], packing: 'single' | 'packed'): Promise<string[] | undefined> {
    if (rows.length === 0) return [];
    const { database } = this.#deps;
    const mail = rows.map(({ bytes, exp }): Mail =>
      exp === undefined ? { envelope: bytes } : { envelope: bytes, expiresMs: exp }
    );
    const { each } = await this.#mailbox.push(mail, packing);
    const kept: KeptMail[] = [];
    const hopeless: MapKey[] = [];
    let waits = false;
    rows.forEach(({ key, hash }, i) => {
      const result = each[i];
      if (result?.ok === true) kept.push({ key, hash, id: result.value, shared: packing === 'packed' });
      else if (result !== undefined && isHopeless(result.error)) hopeless.push(key);
      else waits = true;
    });
    const replaced = await unlessRefused(confirmMail(database, this.#circle, this.relay, kept));
    await unlessRefused(dropMail(database, this.#circle, this.relay, hopeless));
    return waits ? undefined : replaced;
  }

  /** After everything that is there was read, puts what is live here and was not; with jitter, since friends do the same. */
  #scheduleRefill(seen: ReadonlySet<string>): void {
    const { clock, random } = this.#deps;
    this.#cancelRefill();
    this.#cancelRefill = clock.after(jitterMs(random, repairDelayMinMs, repairDelayMaxMs), () => {
      void this.#refill(seen).catch((problem: unknown) => reportLater(problem));
    });
  }

  async #refill(seen: ReadonlySet<string>): Promise<void> {
    const { database, clock } = this.#deps;
    const nowMs = clock.nowMs();
    for await (const page of pagesOfCircle(database, this.#circle)) {
      if (this.#stopped || !this.#isOpen) return;
      const live = page.filter(({ kind, exp }) => kind !== fadedKind && (exp === undefined || exp > nowMs));
      const missing = live.filter(({ bytes }) => !seen.has(fingerprintOf(bytes)));
      if ((await this.#leave(missing, 'packed')) === undefined) return;
    }
    this.#refillDue = false;
    await unlessRefused(database.mailboxes.update([this.#circle, this.relay], { refillDue: false }));
  }
}

/** Trying again would change nothing. */
const isHopeless = ({ type }: CarryFailure): boolean => type === 'TooLarge' || type === 'Expired';

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
