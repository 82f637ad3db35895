/**
 * One circle kept in step: its replica, its room, its inbox, its outbox.
 *
 * Events only note what there is to do; then one `#evaluate` does it, in one order, never twice at once: take in what
 * changed, put out what was said, renew the ledger, ack, repair. (docs/protocol.md RE3, RE4)
 */
import { assert } from '../base/assert.ts';
import { equalBytes, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { DeviceId, MapKey, PersonId } from '../base/ids.ts';
import { repairDelayMaxMs, repairDelayMinMs } from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';
import { carriedRows } from '../circle/carrying.ts';
import { devicesIn } from '../circle/roster.ts';
import { isStatementKind, kinds } from '../records/kinds.ts';
import type { Author } from '../store/author.ts';
import { meetingPlaceOf, type MeetingPlace } from '../store/carriers.ts';
import type { LocalCircle } from '../store/circles.ts';
import { toStorageError, type EnvelopeRow, type ShoulderDatabase } from '../store/database.ts';
import { pagesOfCircle } from '../store/envelope-pages.ts';
import { heldRows } from '../store/held-rows.ts';
import { fadedKind } from '../store/fading.ts';
import { directRoute, noteHeard } from '../store/heard.ts';
import { watch, type Watch } from '../store/watch.ts';
import { AckSchedule } from './ack-schedule.ts';
import { AheadWatch } from './ahead-watch.ts';
import { CircleMail, type CircleMailDependencies } from './circle-mail.ts';
import type { Arrival, Inbox, Outcome } from './inbox.ts';
import { OwnLedger } from './own-ledger.ts';
import { Presence } from './presence.ts';
import { mendReplica } from './replica-mending.ts';
import { ReplicaHealth } from './replica-health.ts';
import type { Replica } from './replica.ts';
import type { OpenReplica, ReplicaStore } from './replica-store.ts';
import type { OpenRoom, Room } from './room.ts';

export interface CircleSyncDependencies {
  readonly database: ShoulderDatabase;
  readonly author: Author;
  readonly replicas: ReplicaStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly openRoom: OpenRoom;
  /** The circle's mailboxes, not yet opened: one on each of its relays, or none. */
  readonly createMailboxes: CircleMailDependencies['createMailboxes'];
  /** Told of a record that waits because it is dated far ahead of this clock. */
  readonly onAhead: (person: PersonId, untilMs: number) => void;
  /** Whether this device's clock may be trusted to let things fade. */
  readonly mayFade: () => boolean;
  /** Told of the replica each time it was put right. */
  readonly onMended: (replica: Replica) => void;
  /** Told of every refusal, with the peer's device where it is known. */
  readonly onRefused: (circle: number, type: string, device: DeviceId | null) => void;
}

type IsCarriedRow = ReturnType<typeof carriedRows>;

/** How many changed entries are taken in at once, newest first, so that a first sync shows progress. */
const batchEntries = 250;

export class CircleSync {
  readonly #deps: CircleSyncDependencies;
  readonly #circle: LocalCircle;
  /** The relays in use while this runs: where others are found, and where mail is left. */
  readonly relays: readonly string[];
  readonly inbox: Inbox;
  readonly #acks: AckSchedule;
  readonly #ledger: OwnLedger;
  readonly #ahead: AheadWatch;
  #open: OpenReplica | undefined;
  #room: Room | undefined;
  #outboxWatch: Watch | undefined;
  #unlistenSaid: () => void = () => undefined;
  #unlisten: () => void = () => undefined;
  #stopped = false;
  /** Where this talks as long as it runs, whatever becomes of the circle's keys. */
  #place: MeetingPlace | undefined;
  #expectedPeers = 0;
  #here: readonly DeviceId[] = [];
  #presence: Presence | undefined;
  #mail: CircleMail | undefined;

  // What there is to do.
  readonly #changed = new Set<MapKey>();
  readonly #health = new ReplicaHealth();
  /** Came by mail and is newer than what the replica holds, until somebody puts it there. */
  readonly #mailed = new Set<MapKey>();
  #outboxDue = true;
  #ackDue = false;
  #repairDue = false;
  #evaluating: Promise<void> | undefined;

  #cancelRepair: (() => void) | undefined;

  constructor(deps: CircleSyncDependencies, circle: LocalCircle, inbox: Inbox, relays: readonly string[]) {
    this.#deps = deps;
    this.#circle = circle;
    this.relays = relays;
    this.inbox = inbox;
    this.#ahead = new AheadWatch({
      clock: deps.clock,
      roster: () => this.inbox.roster(),
      onAhead: deps.onAhead,
      onDue: () => {
        this.#mail?.retry();
        this.#note(() => this.#health.waiting.forEach((key) => this.#changed.add(key)));
      }
    });
    this.#ledger = new OwnLedger(deps, circle);
    this.#acks = new AckSchedule(deps, circle, () => this.#note(() => (this.#ackDue = true)));
  }

  /** Loads the replica, takes in what it holds, and opens the room. `isFirst`: where nothing stands yet, it is filled at once. */
  async start({ isFirst = false }: { readonly isFirst?: boolean } = {}): Promise<void> {
    const { database } = this.#deps;
    this.#repairDue = isFirst;
    this.#place = await meetingPlaceOf(this.#circle);
    this.#expectedPeers = devicesIn(await this.inbox.roster()) - 1;
    await this.#acks.resume();
    if (this.#stopped) return;
    this.#presence = new Presence(database, this.#deps.clock, this.#circle.n);
    // Before the first thing is put out: what leaves the outbox has to be owed to every relay.
    const receive = (envelopes: readonly Bytes[], relay?: string) => this.#receiveMail(envelopes, relay);
    const carried = (): Promise<IsCarriedRow> => this.#carried();
    this.#mail = new CircleMail({ ...this.#deps, receive, carried }, this.#circle, this.relays);
    await this.#mail.start();
    if (this.#stopped) return;
    await this.#enter();
    // Stopped meanwhile: nobody would end these any more.
    if (this.#stopped) return;
    this.#unlistenSaid = this.#deps.author.listen((circle, records) => {
      if (circle === this.#circle.n) this.#send(records.map(({ key, envelope }) => [key, envelope]));
    });
    this.#outboxWatch = watch(
      () => database.outbox.where({ circle: this.#circle.n }).count(),
      (count) => {
        if (count > 0) this.#note(() => (this.#outboxDue = true));
      }
    );
  }

  /** Says again that this device is here: after a pause, a reconnect, a return to the tab. */
  wake(): void {
    this.#room?.wake();
    this.#mail?.wake();
  }

  /** Closes the room and lets go of the replica once the work at hand is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#acks.stop();
    this.#cancelRepair?.();
    this.#presence?.stop();
    this.#ahead.stop();
    this.#outboxWatch?.unsubscribe();
    this.#unlistenSaid();
    this.#room?.close();
    await this.#evaluating?.catch(() => undefined); // reported when it failed
    await this.#mail?.stop();
    this.#leave();
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    while (this.#evaluating !== undefined) await this.#evaluating;
    await this.#mail?.idle();
  }

  /** Opens the replica and the room around it. */
  async #enter(): Promise<void> {
    const { replicas, openRoom, onRefused } = this.#deps;
    const { n } = this.#circle;
    assert(this.#place !== undefined, 'whoever enters knows where');
    const { replica: id, topic, keys } = this.#place;
    const open = await replicas.open(id);
    if (this.#stopped) return open.release();
    this.#open = open;
    const { replica } = open;
    this.#unlisten = replica.listen((changed, removed) => {
      if (removed.length > 0) this.#scheduleRepair();
      this.#note(() => changed.forEach((key) => this.#changed.add(key)));
    });
    this.#note(() => replica.keys().forEach((key) => this.#changed.add(key)));
    this.#room = openRoom({
      ...{ keys, device: this.#circle.keyring.device, doc: replica.doc, topic, relays: this.relays },
      expectedPeers: () => this.#expectedPeers,
      onPeers: (devices) => {
        this.#presence?.showDevices(devices);
        // Those who go were here until now, however long ago they came.
        this.#heard(directRoute, [...this.#here, ...devices]);
        this.#here = devices;
      },
      onStatus: (online) => this.#presence?.showOnline(online),
      onSynced: () => this.#scheduleRepair(),
      onRefused: (type, device) => onRefused(n, type, device)
    });
  }

  #leave(): void {
    this.#unlisten();
    this.#room?.close();
    this.#open?.release();
    this.#open = undefined;
  }

  #note(change: () => void): void {
    if (this.#stopped) return;
    change();
    this.#evaluating ??= this.#evaluate()
      .catch((problem: unknown) => {
        // What the disk refuses now is tried again with the next repair; the refusal itself goes up.
        this.#scheduleRepair();
        throw problem;
      })
      .finally(() => {
        this.#evaluating = undefined;
        if (this.#open !== undefined && this.#hasWork()) this.#note(() => undefined);
      });
  }

  #hasWork(): boolean {
    return this.#changed.size > 0 || this.#outboxDue || this.#ackDue || this.#repairDue;
  }

  async #evaluate(): Promise<void> {
    await Promise.resolve();
    while (!this.#stopped && this.#open !== undefined && this.#hasWork()) {
      if (this.#outboxDue) await this.#putOut();
      else if (this.#changed.size > 0) await this.#takeIn();
      else if (this.#ackDue) await this.#sayAck();
      else await this.#repair();
    }
  }

  async #takeIn(): Promise<void> {
    const { replica } = this.#opened();
    const keys = [...this.#changed].slice(-batchEntries);
    keys.forEach((key) => this.#changed.delete(key));
    const arrivals = keys.map((key) => ({ key, bytes: replica.get(key) ?? noBytes }));
    // Where the disk refuses them, they are tried again at the next repair.
    keys.forEach((key) => this.#health.waiting.add(key));
    const outcomes = await this.inbox.receive(arrivals);
    outcomes.forEach((outcome, i) => this.#settle(keys[i] as MapKey, outcome));
    this.#mail?.passOn(keys.filter((_, i) => outcomes[i]?.type === 'stored'));
    await this.#ahead.heed(outcomes);
    if (outcomes.some((outcome) => outcome.type === 'stored' && isStatementKind(outcome.kind)))
      await this.#rosterGrew();
    if (outcomes.some((outcome) => outcome.type === 'stored' && outcome.kind !== kinds.ack)) await this.#acks.owe();
  }

  /** Takes in what came from where an older epoch is still served: it goes on from here as what friends' phones bring does. */
  async receiveOlder(arrivals: readonly Arrival[]): Promise<readonly Outcome[]> {
    const outcomes = await this.#receive(arrivals);
    this.#mail?.passOn(outcomes.flatMap((outcome) => (outcome.type === 'stored' ? [outcome.key] : [])));
    return outcomes;
  }

  /** Takes in what came without a key: from a mailbox. What is new reaches the replica with the next repair. */
  async #receiveMail(envelopes: readonly Bytes[], relay?: string): Promise<readonly Outcome[]> {
    return this.#receive(
      envelopes.map((bytes) => ({ bytes })),
      relay
    );
  }

  async #receive(arrivals: readonly Arrival[], relay?: string): Promise<readonly Outcome[]> {
    const outcomes = await this.inbox.receive(arrivals);
    const stored = outcomes.filter((outcome) => outcome.type === 'stored');
    await this.#ahead.heed(outcomes);
    if (stored.some(({ kind }) => isStatementKind(kind))) await this.#rosterGrew();
    if (stored.some(({ kind }) => kind !== kinds.ack)) await this.#acks.owe();
    stored.forEach(({ key }) => this.#mailed.add(key));
    if (stored.length > 0) this.#scheduleRepair();
    if (relay !== undefined)
      this.#heard(
        relay,
        stored.map(({ device }) => device)
      );
    return outcomes;
  }

  /** Something of these devices came in by this route. Noted late or not at all, it harms nothing. */
  #heard(route: string, devices: readonly DeviceId[]): void {
    const { database, clock } = this.#deps;
    const heard = { circle: this.#circle.n, route, nowMs: clock.nowMs() };
    noteHeard(database, heard, devices).catch((error: unknown) => toStorageError(error));
  }

  #settle(key: MapKey, outcome: Outcome): void {
    const { clock, mayFade, onRefused } = this.#deps;
    if (outcome.type === 'held' || outcome.type === 'stored') this.#mailed.delete(key);
    if (this.#health.settle(key, outcome, { nowMs: clock.nowMs(), mayFade: mayFade() })) this.#scheduleRepair();
    if (outcome.type !== 'refused') return;
    onRefused(this.#circle.n, outcome.refusal.type, 'device' in outcome.refusal ? outcome.refusal.device : null);
  }

  async #rosterGrew(): Promise<void> {
    this.#health.waiting.forEach((key) => this.#changed.add(key));
    this.#mail?.retry();
    this.#expectedPeers = devicesIn(await this.inbox.roster()) - 1;
    this.#room?.wake();
  }

  /** Moves what was said here into the replica, then renews the ledger that lists it. */
  async #putOut(): Promise<void> {
    this.#outboxDue = false;
    const { database } = this.#deps;
    const { epoch } = this.#circle.keyring.current;
    const rows = await database.outbox.where({ circle: this.#circle.n }).toArray();
    const held = await heldRows(database, rows);
    // What was said here about who is in decides what goes out with it.
    const toldWhoIsIn = held.some((row) => row !== undefined && isStatementKind(row.kind));
    if (toldWhoIsIn) this.inbox.refreshRoster();
    const isCarried = await this.#carried();
    const entries = held.flatMap((row): [MapKey, Bytes][] =>
      row === undefined || row.kind === fadedKind || !isCarried(row) ? [] : [[row.key, row.bytes]]
    );
    this.#send(entries);
    await this.#mail?.owe(entries.map(([key]) => key));
    await database.outbox.bulkDelete(rows.map(({ id }) => id));
    if (toldWhoIsIn) await this.#rosterGrew();
    // Carried in by hand on this device, it deserves an ack as if it had come by the replica.
    if (held.some((row) => row !== undefined && this.#deservesAck(row))) await this.#acks.owe();
    await this.#ledger.renew(isCarried, epoch);
  }

  /** What goes to friends in this epoch. EP9. */
  async #carried(): Promise<IsCarriedRow> {
    return carriedRows(await this.inbox.state(), this.#circle.keyring.founding);
  }

  #deservesAck({ kind, device }: EnvelopeRow): boolean {
    return device !== this.#circle.keyring.device.id && kind !== kinds.ack && kind !== fadedKind;
  }

  /** Puts envelopes into the replica, unless they are there: what was just said goes at once, and what was carried in. */
  #send(entries: readonly (readonly [MapKey, Bytes])[]): void {
    const replica = this.#open?.replica;
    const fresh = entries.filter(([key, bytes]) => !equalBytes(replica?.get(key) ?? noBytes, bytes));
    if (fresh.length > 0) replica?.put(fresh);
  }

  #scheduleRepair(): void {
    if (this.#cancelRepair !== undefined || this.#stopped) return;
    const { clock, random } = this.#deps;
    this.#cancelRepair = clock.after(jitterMs(random, repairDelayMinMs, repairDelayMaxMs), () => {
      this.#cancelRepair = undefined;
      this.#note(() => (this.#repairDue = true));
    });
  }

  async #sayAck(): Promise<void> {
    this.#ackDue = false;
    await this.#acks.say(await this.inbox.roster());
  }

  /** Puts back what is live in the truth and missing, damaged or older in the replica. RE4. */
  async #repair(): Promise<void> {
    this.#repairDue = false;
    const { database, clock } = this.#deps;
    const { replica } = this.#opened();
    if (replica.isStuck()) return this.#refill();
    const truth = pagesOfCircle(database, this.#circle.n);
    const nowMs = clock.nowMs();
    const isCarried = await this.#carried();
    await mendReplica(replica, truth, { health: this.#health, mailed: this.#mailed, nowMs, isCarried });
    this.#mailed.clear();
    this.#health.waiting.forEach((key) => this.#changed.add(key));
    this.#outboxDue = true;
    this.#deps.onMended(replica);
  }

  #opened(): OpenReplica {
    assert(this.#open !== undefined, 'work is done while the replica is open');
    return this.#open;
  }

  /** A document that waits for updates which never come is thrown away and filled from the truth. RE5. */
  async #refill(): Promise<void> {
    this.#leave();
    if (this.#place !== undefined) await this.#deps.replicas.drop(this.#place.replica);
    await this.#enter();
    this.#scheduleRepair();
  }
}

const noBytes = new Uint8Array(0);
