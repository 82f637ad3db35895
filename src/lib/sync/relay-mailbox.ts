/**
 * A mailbox on a Nostr relay: the `Mailbox` port on NIP-01, 09, 40, 42 and 59.
 *
 * One mailbox is one connection and one key, both its own, so that a relay cannot tell that two circles, or two epochs of
 * one, are the same people's. It is open while the relay grants the subscription to what is new; then it is read and
 * written. Nothing that a relay says is trusted. Source: docs/protocol.md MB.
 */
import { assert } from '../base/assert.ts';
import { minuteMs, type Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { MailboxKeys } from '../records/meeting-keys.ts';
import type {
  CarryFailure,
  Delivery,
  Mail,
  Mailbox,
  MailboxHandlers,
  MailboxStatus,
  MailId,
  Packing,
  ProbeFailure,
  Pushed
} from './envelope-carrier.ts';
import { mailFrameBytesMax, type StoredMail } from './mail-event.ts';
import { MailReader } from './mail-reader.ts';
import { MailSender } from './mail-sender.ts';
import { createNostrKey, type NostrKey } from './nostr-key.ts';
import { answerDeadlineMs, backOffMs, RelayConnection, type RelayConnectionOptions } from './relay-connection.ts';
import { RelayPace } from './relay-pace.ts';
import { RelayRequests } from './relay-requests.ts';
import { RelayTime } from './relay-time.ts';
import { SerialQueue } from './serial-queue.ts';

export interface RelayMailboxOptions extends Pick<RelayConnectionOptions, 'socket'> {
  /** Of one epoch and relay, whose address they hold. */
  readonly keys: MailboxKeys;
  readonly clock: Clock;
  readonly random: Random;
}

/** Not connected until `open`. */
export const createRelayMailbox = (options: RelayMailboxOptions): Mailbox => new RelayMailbox(options);

/** Signing in and subscribing together. */
const listenDeadlineMs = 2 * answerDeadlineMs;
/** A relay that refuses the mailbox is asked again this seldom. */
const refusedRetryMaxMs = 10 * minuteMs;
/** A subscription that lasted this long was granted in earnest: the next refusal starts counting anew. */
const steadyMs = minuteMs;
/** Live mail that may wait to be opened; what is more is no circle's, and is pulled later if it is. */
const liveWaitingMax = 256;
/** What there is once the mailbox's key is made. */
interface Desk {
  readonly reader: MailReader;
  readonly sender: MailSender;
}

class RelayMailbox implements Mailbox {
  readonly id: string;
  readonly #options: RelayMailboxOptions;
  readonly #connection: RelayConnection;
  readonly #requests: RelayRequests;
  readonly #time: RelayTime;
  readonly #pace: RelayPace;
  readonly #live = new SerialQueue();
  readonly #waiting = new Set<() => void>();
  #handlers: MailboxHandlers | undefined;
  #key: Promise<NostrKey> | undefined;
  #status: MailboxStatus | undefined;
  #isClosed = false;
  #refusals = 0;
  #listeningSinceMs = Infinity;
  /** Up to where everything was handed out, since this connection began; undefined before all of it was pulled. */
  #cursorS: number | undefined;
  #stopListening = (): void => undefined;
  /** One timer: the deadline of the subscription, or the next try. */
  #cancelTimer = (): void => undefined;

  constructor(options: RelayMailboxOptions) {
    const { keys, clock, random, socket } = options;
    this.#options = options;
    this.id = keys.url;
    this.#time = new RelayTime(clock);
    this.#pace = new RelayPace(clock, random);
    this.#connection = new RelayConnection(
      { url: keys.url, clock, random, frameBytesMax: mailFrameBytesMax, ...(socket === undefined ? {} : { socket }) },
      {
        onOpen: () => void this.#listen(),
        onLost: () => this.#lost(),
        onMessage: (message) => this.#requests.receive(message),
        onProbe: () => this.#probe()
      }
    );
    const { url } = keys;
    const [time, connection] = [this.#time, this.#connection];
    this.#requests = new RelayRequests({ url, clock, time, connection, loadKey: () => this.#loadKey() });
  }

  open(handlers: MailboxHandlers): void {
    assert(this.#handlers === undefined && !this.#isClosed, 'a mailbox is opened once');
    this.#handlers = handlers;
    this.#connection.open();
  }

  wake(): void {
    if (this.#isClosed || this.#handlers === undefined) return;
    if (this.#connection.isOpen && this.#status?.type === 'Closed') void this.#listen();
    this.#connection.wake();
  }

  async push(mail: readonly Mail[], packing: Packing): Promise<Pushed> {
    const desk = await this.#whenOpen();
    return desk.ok ? desk.value.sender.send(mail, packing) : { confirmed: 0, each: mail.map(() => desk) };
  }

  async remove(ids: readonly MailId[]): Promise<Pushed> {
    const desk = await this.#whenOpen();
    return desk.ok ? desk.value.sender.remove(ids) : { confirmed: 0, each: ids.map(() => desk) };
  }

  async *pull(fromS = 0): AsyncGenerator<Result<Delivery, CarryFailure>> {
    const desk = await this.#whenOpen();
    if (!desk.ok) return yield desk;
    const { visit } = this.#connection;
    for await (const page of desk.value.reader.pages(fromS)) {
      yield page;
      // Whoever asks for the next one has stored this one.
      const cursorS = page.ok ? page.value.cursorS : undefined;
      if (cursorS !== undefined && visit === this.#connection.visit) this.#cursorS = cursorS;
    }
  }

  async has(ids: readonly MailId[]): Promise<Result<ReadonlySet<MailId>, CarryFailure>> {
    const desk = await this.#whenOpen();
    return desk.ok ? desk.value.reader.has(ids) : desk;
  }

  async probe(): Promise<Result<{ readonly removes: boolean }, ProbeFailure>> {
    const desk = await this.#whenOpen();
    const written = desk.ok ? await desk.value.sender.sendProbe() : desk;
    if (!written.ok) return err({ type: 'NotWritten', why: written.error });
    const id = written.value;
    const before = await this.has([id]);
    if (!before.ok) return err({ type: 'NotRead', why: before.error });
    if (!before.value.has(id)) return err({ type: 'NotKept' });
    const removed = await this.remove([id]);
    const after = removed.confirmed === 1 ? await this.has([id]) : before;
    return ok({ removes: after.ok && !after.value.has(id) });
  }

  close(): void {
    this.#isClosed = true;
    this.#handlers = undefined;
    this.#cancelTimer();
    this.#connection.close();
    this.#end({ type: 'Closed' });
    this.#key = undefined;
  }

  /** Subscribes to what is new. The newest stored event comes along, and tells how the relay's mail is dated. */
  async #listen(): Promise<void> {
    const { clock } = this.#options;
    const { visit } = this.#connection;
    const desk = await this.#loadDesk();
    if (this.#isClosed || visit !== this.#connection.visit) return;
    if (desk === undefined) return this.#connection.drop();
    this.#cancelTimer();
    this.#cancelTimer = clock.after(listenDeadlineMs, () => this.#connection.drop());
    this.#stopListening();
    let isLive = false;
    this.#stopListening = this.#requests.subscribe(desk.reader.filter({ limit: 1 }), {
      onEvent: (event) => {
        const mail = desk.reader.read(event);
        // What is stored is for `pull` to hand out, which knows what it has seen.
        if (mail !== undefined && isLive) this.#arrived(mail, desk.reader);
      },
      onStored: () => {
        if (isLive) return;
        isLive = true;
        this.#cancelTimer();
        this.#listeningSinceMs = clock.nowMs();
        this.#report({ type: 'Open' });
      },
      onEnded: (why) => this.#refused(why)
    });
  }

  #refused(why: CarryFailure): void {
    const { clock, random } = this.#options;
    this.#cancelTimer();
    if (clock.nowMs() - this.#listeningSinceMs >= steadyMs) this.#refusals = 0;
    this.#listeningSinceMs = Infinity;
    this.#report({ type: 'Closed', why });
    if (!this.#connection.isOpen) return; // then the connection comes back by itself
    this.#cancelTimer = clock.after(backOffMs(random, this.#refusals++, refusedRetryMaxMs), () => void this.#listen());
  }

  #lost(): void {
    this.#cancelTimer();
    this.#end({ type: 'Offline' });
    this.#report({ type: 'Closed', why: { type: 'Offline' } });
  }

  /** Answers everything that is pending. */
  #end(why: CarryFailure): void {
    this.#cursorS = undefined;
    this.#requests.reset(why);
    this.#pace.release();
    for (const go of [...this.#waiting]) go();
  }

  #report(status: MailboxStatus): void {
    const [before, after] = [this.#status, status].map((s) => (s?.type === 'Closed' ? s.why.type : s?.type));
    this.#status = status;
    if (before !== after) this.#handlers?.onStatus(status);
    for (const go of [...this.#waiting]) go();
  }

  #probe(): boolean {
    if (this.#status?.type !== 'Open') return false;
    void this.#loadDesk().then((desk) => desk?.reader.askForLife());
    return true;
  }

  #arrived(mail: StoredMail, reader: MailReader): void {
    if (this.#live.waiting >= liveWaitingMax) return this.#connection.drop();
    this.#live.add(async () => {
      const arrivals = await reader.openAll([mail]);
      if (this.#cursorS !== undefined) this.#cursorS = Math.max(this.#cursorS, mail.createdS);
      if (arrivals.length === 0) return;
      this.#handlers?.onMail({ arrivals, ...(this.#cursorS === undefined ? {} : { cursorS: this.#cursorS }) });
    });
  }

  /** The desk once it is open, or why it is not. Where the first attempt has not ended, that is waited for. */
  async #whenOpen(): Promise<Result<Desk, CarryFailure>> {
    assert(this.#handlers !== undefined || this.#isClosed, 'a mailbox is opened before it is used');
    if (this.#status === undefined && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#waiting.delete(go);
          resolve();
        };
        this.#waiting.add(go);
      });
    }
    if (this.#isClosed) return err({ type: 'Closed' });
    if (this.#status?.type === 'Closed') return err(this.#status.why);
    const desk = await this.#loadDesk();
    return desk === undefined ? err({ type: 'Offline' }) : ok(desk);
  }

  async #loadDesk(): Promise<Desk | undefined> {
    const { keys, random } = this.#options;
    const key = await this.#loadKey();
    if (key === undefined) return undefined;
    const parts = { keys, key, requests: this.#requests, time: this.#time, pace: this.#pace };
    const reader = new MailReader({ ...parts, onRefused: (type) => this.#handlers?.onRefused(type) });
    return { reader, sender: new MailSender({ ...parts, random }) };
  }

  /** Undefined where the curve could not be loaded; the next call tries again. */
  async #loadKey(): Promise<NostrKey | undefined> {
    const { keys, random } = this.#options;
    this.#key ??= createNostrKey(keys.seed, random);
    const loading = this.#key;
    try {
      return await loading;
    } catch {
      // The only failure is a part of the app that could not be fetched: offline, before it was ever cached.
      if (this.#key === loading) this.#key = undefined;
      return undefined;
    }
  }
}
