/**
 * One epoch that the circle has come through, still served: its last room and its mailboxes, where a friend who slept finds the way,
 * and whose words come along (docs/protocol.md EP10, EP12, GE6). Also where a device waits that is that friend itself.
 *
 * What comes in goes through the inbox like everything else; what goes out are notices only.
 */
import { toStorageError, type EnvelopeRow, type MailRow, type ShoulderDatabase } from '../store/database.ts';
import type { Bytes } from '../base/bytes.ts';
import type { MapKey } from '../base/ids.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { CircleState } from '../circle/epochs.ts';
import { firstGeneration } from '../circle/generation.ts';
import { noticeKeys, type LighthouseKeys } from '../records/epoch-keys.ts';
import { roomTopic } from '../records/meeting-keys.ts';
import { openRecord } from '../records/opened-record.ts';
import { replicaId } from '../store/carriers.ts';
import type { LocalCircle } from '../store/circles.ts';
import { lastGenerationOf } from '../store/generations.ts';
import type { CircleMailDependencies } from './circle-mail.ts';
import type { Mailbox, MailId } from './envelope-carrier.ts';
import type { Arrival, Outcome } from './inbox.ts';
import { noticesOf, type Notice } from './notices.ts';
import { Porch } from './porch.ts';
import type { OpenReplica, ReplicaStore } from './replica-store.ts';
import type { OpenRoom, Room } from './room.ts';
import { SerialQueue } from './serial-queue.ts';

export interface LighthouseDependencies {
  readonly database: ShoulderDatabase;
  readonly replicas: ReplicaStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly openRoom: OpenRoom;
  readonly createMailboxes: CircleMailDependencies['createMailboxes'];
  /** Takes arrivals in; one outcome each. */
  readonly receive: (arrivals: readonly Arrival[]) => Promise<readonly Outcome[]>;
}

/** As many as one question may name. */
const idsAsked = 50;

export class Lighthouse {
  readonly #deps: LighthouseDependencies;
  readonly #circle: LocalCircle;
  readonly #keys: LighthouseKeys;
  readonly #relays: readonly string[];
  #notices: readonly Notice[] = [];
  #open: OpenReplica | undefined;
  #unlisten: () => void = () => undefined;
  #room: Room | undefined;
  /** Where it began, if that is another room: whoever slept may never have heard of its last one. */
  #porch: Porch | undefined;
  #mailboxes: readonly Mailbox[] = [];
  /** Mailboxes that are open and were read to the end. */
  readonly #read = new Set<Mailbox>();
  readonly #queue = new SerialQueue();
  #stopped = false;

  constructor(deps: LighthouseDependencies, circle: LocalCircle, keys: LighthouseKeys, relays: readonly string[]) {
    this.#deps = deps;
    this.#circle = circle;
    this.#keys = keys;
    this.#relays = relays;
  }

  start(): void {
    this.#queue.add(() => this.#begin());
  }

  /** What there is to be shown, from now on. `rows`: the circle's statements and seals. */
  show(state: CircleState, rows: readonly EnvelopeRow[]): void {
    this.#queue.add(async () => {
      this.#notices = await noticesOf(this.#circle, state, this.#keys, rows, this.#deps.random);
      await this.#fill();
      for (const mailbox of this.#read) await this.#leave(mailbox);
    });
  }

  wake(): void {
    this.#room?.wake();
    this.#porch?.wake();
    this.#mailboxes.forEach((mailbox) => mailbox.wake());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#queue.end();
    this.#room?.close();
    this.#porch?.stop();
    this.#mailboxes.forEach((mailbox) => mailbox.close());
    await this.idle();
    this.#unlisten();
    this.#open?.release();
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue.idle();
    await this.#porch?.idle();
  }

  async #begin(): Promise<void> {
    const { database, replicas, openRoom, createMailboxes } = this.#deps;
    const { n, keyring } = this.#circle;
    const generation = await lastGenerationOf(database, this.#circle, this.#keys.epoch);
    const topic = await roomTopic(this.#keys, generation);
    const open = await replicas.open(replicaId(n, this.#keys.epoch, generation));
    if (this.#stopped) return open.release();
    this.#open = open;
    this.#unlisten = open.replica.listen((changed) => this.#queue.add(() => this.#takeIn(changed)));
    await this.#takeIn(open.replica.keys());
    const mailboxes = await createMailboxes(this.#keys, this.#relays);
    if (this.#stopped) return mailboxes.forEach((mailbox) => mailbox.close());
    if (generation !== firstGeneration)
      this.#porch = new Porch(this.#deps, this.#circle, {
        ...{ keys: this.#keys, openedBy: [noticeKeys(this.#keys)], relays: this.#relays }
      });
    await this.#fill();
    this.#porch?.open(0);
    if (this.#stopped) return mailboxes.forEach((mailbox) => mailbox.close());
    this.#room = openRoom({
      ...{ keys: this.#keys, device: keyring.device, doc: open.replica.doc, topic, relays: this.#relays },
      // Whoever slept may be one of many: it goes on looking.
      expectedPeers: () => Infinity,
      onPeers: () => undefined,
      onSynced: () => undefined,
      onStatus: () => undefined,
      onRefused: () => undefined
    });
    this.#mailboxes = mailboxes;
    mailboxes.forEach((mailbox) => this.#openMailbox(mailbox));
  }

  async #takeIn(keys: readonly MapKey[]): Promise<void> {
    const arrivals = keys.flatMap((key): Arrival[] => {
      const bytes = this.#open?.replica.get(key);
      return bytes === undefined ? [] : [{ key, bytes }];
    });
    if (arrivals.length > 0) await this.#deps.receive(arrivals);
  }

  /**
   * Puts in what is missing, and anew what stands there under other keys than the notices': whoever tidied up has deleted those, and two
   * who did so apart would never read of each other.
   */
  async #fill(): Promise<void> {
    const replica = this.#open?.replica;
    const keys = noticeKeys(this.#keys);
    const missing: Notice[] = [];
    for (const notice of this.#notices) {
      const there = replica?.get(notice.key);
      const isReadable = there !== undefined && (await openRecord(there, [keys])).ok;
      if (!isReadable) missing.push(notice);
    }
    if (missing.length > 0 && !this.#stopped) replica?.put(missing.map(({ key, envelope }) => [key, envelope]));
    this.#porch?.show(new Map(this.#notices.map(({ key, envelope }) => [key, envelope])));
  }

  #openMailbox(mailbox: Mailbox): void {
    mailbox.open({
      onMail: ({ arrivals }) => this.#queue.add(() => this.#receive(arrivals.map(({ envelope }) => envelope))),
      onStatus: ({ type }) => {
        this.#read.delete(mailbox);
        if (type === 'Open') this.#queue.add(() => this.#pull(mailbox));
      },
      onRefused: () => undefined
    });
  }

  /** Whether nothing of it waits. */
  async #receive(envelopes: readonly Bytes[]): Promise<boolean> {
    const outcomes = await this.#deps.receive(envelopes.map((bytes) => ({ bytes })));
    return outcomes.every(({ type }) => type !== 'waits');
  }

  /** Reads what came since, and then leaves what is to be shown. */
  async #pull(mailbox: Mailbox): Promise<void> {
    const { database } = this.#deps;
    const relay = this.#nameOf(mailbox);
    const known = await database.mailboxes.get([this.#circle.n, relay]);
    let isSettled = true;
    for await (const delivery of mailbox.pull(known?.cursorS)) {
      if (this.#stopped || !delivery.ok) return;
      const { arrivals, cursorS } = delivery.value;
      isSettled = (await this.#receive(arrivals.map(({ envelope }) => envelope))) && isSettled;
      // What waits is offered to nobody again: it is read once more.
      if (isSettled && cursorS !== undefined)
        await database.mailboxes.put({ circle: this.#circle.n, relay, cursorS, refillDue: false });
    }
    this.#read.add(mailbox);
    await this.#leave(mailbox);
  }

  /** Leaves the notices that are not known to be there. */
  async #leave(mailbox: Mailbox): Promise<void> {
    const { database } = this.#deps;
    const { n } = this.#circle;
    const relay = this.#nameOf(mailbox);
    const kept = await database.mail.bulkGet(this.#notices.map(({ key }): [number, string, MapKey] => [n, relay, key]));
    const gone = await this.#gone(mailbox, kept);
    const missing = this.#notices.filter(({ hash }, i) => {
      const id = kept[i]?.id;
      return kept[i]?.hash !== hash || id === undefined || gone.has(id);
    });
    if (missing.length === 0 || this.#stopped) return;
    const { each } = await mailbox.push(
      missing.map(({ envelope }) => ({ envelope })),
      'packed'
    );
    const left = missing.flatMap(({ key, hash }, i): MailRow[] => {
      const result = each[i];
      return result?.ok === true ? [{ circle: n, relay, key, due: 0, hash, id: result.value, shared: true }] : [];
    });
    // Noted late or not at all, it harms nothing: it is left there once more.
    await database.mail.bulkPut(left).catch((error: unknown) => toStorageError(error));
  }

  /** Letters that were left and are not there any more: a relay loses some, and whoever has the old keys may remove them. */
  async #gone(mailbox: Mailbox, kept: readonly (MailRow | undefined)[]): Promise<Set<string>> {
    const ids = [...new Set(kept.flatMap((row) => row?.id ?? []))].slice(0, idsAsked);
    const there = ids.length === 0 ? undefined : await mailbox.has(ids as MailId[]);
    return new Set(there?.ok === true ? ids.filter((id) => !there.value.has(id as MailId)) : []);
  }

  /** Its own place in what is noted of relays: the same relay has another mailbox for each epoch. */
  #nameOf({ id }: Mailbox): string {
    return `${id} ${this.#keys.epoch}`;
  }
}
