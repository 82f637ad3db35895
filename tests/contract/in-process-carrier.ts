/**
 * The in-process `Mailbox`: a place that keeps mail, in one process, for tests and simulations.
 *
 * It keeps what it is given until it expires, by the clock it is given, and hands it out in small pages, newest first.
 * Cursors count what was left there, so a pull from one brings exactly what is new.
 */
import { assert } from '../../src/lib/base/assert.ts';
import { minuteMs, type Clock } from '../../src/lib/base/clock.ts';
import { envelopeBytesMax } from '../../src/lib/base/limits.ts';
import { err, ok, type Result } from '../../src/lib/base/result.ts';
import type {
  Arrival,
  CarryFailure,
  Delivery,
  Mail,
  Mailbox,
  MailboxHandlers,
  MailId,
  Packing,
  ProbeFailure,
  Pushed
} from '../../src/lib/sync/envelope-carrier.ts';

export interface MailPost {
  /** A mailbox that is named by what its keys would be; everyone with the same name shares it. Not yet opened. */
  createMailbox(name: string): Mailbox;
  /** The place goes away, or comes back with what it kept. */
  setUp(isUp: boolean): void;
  /** Loses everything, as a server does whose disk was replaced. */
  empty(): void;
  /** How many events are kept; what is beyond is refused. */
  eventsMax: number;
}

export const createMailPost = (clock: Clock, id = 'in-process'): MailPost => new Post(clock, id);

interface Kept {
  readonly name: string;
  readonly arrival: Arrival;
  readonly numberS: number;
  readonly expiresMs: number;
}

const pageSize = 100;

class Post implements MailPost {
  eventsMax = Infinity;
  readonly clock: Clock;
  readonly id: string;
  readonly #mailboxes = new Set<InProcessMailbox>();
  #kept: Kept[] = [];
  #count = 0;
  isUp = true;

  constructor(clock: Clock, id: string) {
    this.clock = clock;
    this.id = id;
  }

  createMailbox(name: string): Mailbox {
    const mailbox = new InProcessMailbox(this, name);
    this.#mailboxes.add(mailbox);
    return mailbox;
  }

  setUp(isUp: boolean): void {
    this.isUp = isUp;
    for (const mailbox of this.#mailboxes) mailbox.settle();
  }

  empty(): void {
    this.#kept = [];
  }

  keep(name: string, { envelope, expiresMs = Infinity }: Mail): Result<MailId, CarryFailure> {
    if (envelope.length > envelopeBytesMax) return err({ type: 'TooLarge' });
    if (expiresMs <= this.clock.nowMs()) return err({ type: 'Expired' });
    if (this.#kept.length >= this.eventsMax) return err({ type: 'Refused', reason: 'blocked: full' });
    const numberS = ++this.#count;
    const id = `mail-${numberS}` as MailId;
    this.#kept.push({ name, arrival: { id, envelope }, numberS, expiresMs });
    for (const mailbox of this.#mailboxes) {
      if (mailbox.name === name) this.clock.after(0, () => mailbox.hear({ id, envelope }, numberS));
    }
    return ok(id);
  }

  /** What is kept in a mailbox, newest first. */
  keptIn(name: string): Kept[] {
    const nowMs = this.clock.nowMs();
    this.#kept = this.#kept.filter(({ expiresMs }) => expiresMs > nowMs);
    return this.#kept.filter((kept) => kept.name === name).reverse();
  }

  forget(name: string, ids: ReadonlySet<MailId>): void {
    this.#kept = this.#kept.filter((kept) => kept.name !== name || !ids.has(kept.arrival.id));
  }

  leave(mailbox: InProcessMailbox): void {
    this.#mailboxes.delete(mailbox);
  }
}

class InProcessMailbox implements Mailbox {
  readonly id: string;
  readonly name: string;
  readonly #post: Post;
  #handlers: MailboxHandlers | undefined;
  #isClosed = false;
  #isOpen: boolean | undefined;
  #cursorS: number | undefined;

  constructor(post: Post, name: string) {
    this.#post = post;
    this.id = post.id;
    this.name = name;
  }

  open(handlers: MailboxHandlers): void {
    assert(this.#handlers === undefined && !this.#isClosed, 'a mailbox is opened once');
    this.#handlers = handlers;
    // Later, as a real one: who opens it has not finished setting itself up.
    queueMicrotask(() => this.settle());
  }

  wake(): void {
    this.settle();
  }

  async push(mail: readonly Mail[], _packing: Packing): Promise<Pushed> {
    const each: Result<MailId, CarryFailure>[] = [];
    // One after the other, with a moment between: a place may go while somebody is still writing.
    for (const one of mail) each.push((await this.#gone()) ?? this.#post.keep(this.name, one));
    return toPushed(each);
  }

  async *pull(fromS = 0): AsyncGenerator<Result<Delivery, CarryFailure>> {
    const kept = this.#post.keptIn(this.name).filter(({ numberS }) => numberS > fromS);
    const cursorS = Math.max(fromS, kept[0]?.numberS ?? 0);
    for (let at = 0; at === 0 || at < kept.length; at += pageSize) {
      const gone = await this.#gone();
      if (gone !== undefined) return yield gone;
      const arrivals = kept.slice(at, at + pageSize).map(({ arrival }) => arrival);
      yield ok({ arrivals, ...(at + pageSize < kept.length ? {} : { cursorS }) });
    }
    this.#cursorS = cursorS;
  }

  async has(ids: readonly MailId[]): Promise<Result<ReadonlySet<MailId>, CarryFailure>> {
    const gone = await this.#gone();
    if (gone !== undefined) return gone;
    const kept = new Set(this.#post.keptIn(this.name).map(({ arrival }) => arrival.id));
    return ok(new Set(ids.filter((id) => kept.has(id))));
  }

  async remove(ids: readonly MailId[]): Promise<Pushed> {
    const gone = await this.#gone();
    if (gone === undefined) this.#post.forget(this.name, new Set(ids));
    return toPushed(ids.map((id) => gone ?? ok(id)));
  }

  async probe(): Promise<Result<{ readonly removes: boolean }, ProbeFailure>> {
    const expiresMs = this.#post.clock.nowMs() + minuteMs;
    const written = (await this.#gone()) ?? this.#post.keep('probes', { envelope: Uint8Array.of(0), expiresMs });
    if (!written.ok) return err({ type: 'NotWritten', why: written.error });
    this.#post.forget('probes', new Set([written.value]));
    return ok({ removes: true });
  }

  close(): void {
    this.#isClosed = true;
    this.#handlers = undefined;
    this.#post.leave(this);
  }

  settle(): void {
    const { isUp } = this.#post;
    if (this.#handlers === undefined || this.#isOpen === isUp) return;
    this.#isOpen = isUp;
    this.#cursorS = undefined;
    this.#handlers.onStatus(isUp ? { type: 'Open' } : { type: 'Closed', why: { type: 'Offline' } });
  }

  hear(arrival: Arrival, numberS: number): void {
    if (this.#isOpen !== true) return;
    if (this.#cursorS !== undefined) this.#cursorS = Math.max(this.#cursorS, numberS);
    this.#handlers?.onMail({
      arrivals: [arrival],
      ...(this.#cursorS === undefined ? {} : { cursorS: this.#cursorS })
    });
  }

  /** Why nothing can be done now, or undefined where it can. */
  async #gone(): Promise<{ readonly ok: false; readonly error: CarryFailure } | undefined> {
    assert(this.#handlers !== undefined || this.#isClosed, 'a mailbox is opened before it is used');
    await Promise.resolve();
    if (this.#isClosed) return { ok: false, error: { type: 'Closed' } };
    return this.#post.isUp ? undefined : { ok: false, error: { type: 'Offline' } };
  }
}

const toPushed = (each: readonly Result<MailId, CarryFailure>[]): Pushed => ({
  confirmed: each.filter(({ ok }) => ok).length,
  each
});
