/**
 * The room that an epoch began in, when the circle has moved on from it within that epoch: its porch, where everybody looks who may be
 * elsewhere by now. Nothing stays there but who is in and where the circle is: a friend who slept finds the way, and what they said
 * comes along (docs/protocol.md GE5).
 *
 * What comes in goes through the inbox like everything else. The document is in memory only, and begun anew once somebody brought
 * a heavy one, or everybody here would carry the heavy one again that was just left.
 */
import * as Y from 'yjs';
import { equalBytes, type Bytes } from '../base/bytes.ts';
import { hourMs, type Clock } from '../base/clock.ts';
import type { MapKey } from '../base/ids.ts';
import {
  deadBytesWorthMin,
  porchHearingMs,
  porchPauseLongMs,
  porchPauseMaxMs,
  porchPauseMinMs
} from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';
import { firstGeneration } from '../circle/generation.ts';
import type { LighthouseKeys, SealKeys } from '../records/epoch-keys.ts';
import { roomTopic } from '../records/meeting-keys.ts';
import { openRecord } from '../records/opened-record.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { Arrival, Outcome } from './inbox.ts';
import { Replica, weightOf } from './replica.ts';
import type { OpenRoom, Room } from './room.ts';
import { SerialQueue } from './serial-queue.ts';

export interface PorchDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly openRoom: OpenRoom;
  /** Takes arrivals in; one outcome each. */
  readonly receive: (arrivals: readonly Arrival[]) => Promise<readonly Outcome[]>;
}

/** Whose porch it is. */
export interface PorchPlace {
  readonly keys: LighthouseKeys;
  /** What everybody has who is to find the way there: nothing that is shown is to stand there under other keys. */
  readonly openedBy: readonly SealKeys[];
  readonly relays: readonly string[];
}

/** What is shown there: envelopes by their keys. */
export type Shown = ReadonlyMap<MapKey, Bytes>;

/** How many entries are taken in at once. */
const batchEntries = 250;
/** How often what waits is tried again. */
const retryEveryMs = hourMs;

export class Porch {
  readonly #deps: PorchDependencies;
  readonly #circle: LocalCircle;
  readonly #keys: LighthouseKeys;
  readonly #openedBy: readonly SealKeys[];
  readonly #relays: readonly string[];
  #shown: Shown = new Map();
  #replica: Replica | undefined;
  #room: Room | undefined;
  #unlisten: () => void = () => undefined;
  #cancel: () => void = () => undefined;
  #isHearing = false;
  /** What others wrote over with something older, or with nothing that counts. */
  readonly #damaged = new Set<MapKey>();
  /** What stands there and may count later. */
  readonly #waiting = new Set<MapKey>();
  /** What others brought and is held here: it has no place there. */
  readonly #takenIn = new Set<MapKey>();
  /** What was taken away there: once is enough, whoever puts it back. */
  readonly #tidied = new Set<MapKey>();
  #cancelRetry: (() => void) | undefined;
  #visits = 0;
  readonly #queue = new SerialQueue();
  #stopped = false;

  constructor(deps: PorchDependencies, circle: LocalCircle, { keys, openedBy, relays }: PorchPlace) {
    this.#deps = deps;
    this.#circle = circle;
    this.#keys = keys;
    this.#openedBy = openedBy;
    this.#relays = relays;
  }

  /** Opens it, after so long. */
  open(afterMs: number): void {
    this.#beginIn(afterMs);
  }

  /** What stands there from now on; at once where it is new. */
  show(shown: Shown): void {
    const before = this.#shown;
    this.#shown = shown;
    this.#put((key, bytes) => !isSame(before.get(key), bytes));
    this.#retry();
  }

  wake(): void {
    this.#room?.wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.end();
    this.#end();
  }

  async idle(): Promise<void> {
    await this.#queue.idle();
  }

  #beginIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#deps.clock.after(Math.max(0, delayMs), () => {
      this.#queue.add(() => this.#begin());
    });
  }

  #end(): void {
    this.#cancel();
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#unlisten();
    this.#unlisten = () => undefined;
    this.#room?.close();
    this.#room = undefined;
    this.#replica?.doc.destroy();
    this.#replica = undefined;
    for (const keys of [this.#damaged, this.#waiting, this.#takenIn, this.#tidied]) keys.clear();
  }

  async #begin(): Promise<void> {
    const keys = this.#keys;
    const { device } = this.#circle.keyring;
    const topic = await roomTopic(keys, firstGeneration);
    if (this.#stopped) return;
    const replica = new Replica(new Y.Doc());
    this.#replica = replica;
    this.#isHearing = false;
    this.#put(() => true);
    const unlisten = [
      replica.listen((changed) => this.#takeInSoon(replica, changed)),
      replica.heed(() => this.#hear(replica))
    ];
    this.#unlisten = () => unlisten.forEach((end) => end());
    this.#room = this.#deps.openRoom({
      ...{ keys, device, doc: replica.doc, topic, relays: this.#relays },
      // Whoever slept may be one of many: it goes on looking.
      expectedPeers: () => Infinity,
      onPeers: () => undefined,
      onSynced: () => undefined,
      onStatus: () => undefined,
      onRefused: () => undefined
    });
  }

  /** Puts in what is shown and missing there, and what else is `due`. */
  #put(due: (key: MapKey, bytes: Bytes) => boolean): void {
    const replica = this.#replica;
    replica?.put(
      [...this.#shown].filter(([key, bytes]) => {
        const there = replica.get(key);
        return there === undefined || (!equalBytes(there, bytes) && due(key, bytes));
      })
    );
  }

  #takeInSoon(replica: Replica, changed: readonly MapKey[]): void {
    const arrivals = changed.flatMap((key) => {
      const bytes = replica.get(key);
      return bytes === undefined || isSame(this.#shown.get(key), bytes) ? [] : [{ key, bytes }];
    });
    for (let from = 0; from < arrivals.length; from += batchEntries)
      this.#queue.add(() => this.#takeIn(replica, arrivals.slice(from, from + batchEntries)));
  }

  /** Somebody brought something, which has to be looked at also where it means nothing: it would be handed on all the same. */
  #hear(replica: Replica): void {
    if (this.#isHearing) return;
    this.#isHearing = true;
    this.#cancel = this.#deps.clock.after(porchHearingMs, () => this.#settle(replica));
  }

  async #takeIn(replica: Replica, arrivals: readonly (Arrival & { readonly key: MapKey })[]): Promise<void> {
    const isHere = (): boolean => this.#replica === replica;
    // Where the disk refuses them, they are tried again.
    if (isHere()) arrivals.forEach(({ key }) => this.#waiting.add(key));
    this.#retryLater();
    const outcomes = await this.#deps.receive(arrivals);
    for (const [i, { key, bytes }] of arrivals.entries()) {
      const outcome = outcomes[i];
      const isDamage = outcome !== undefined && (await this.#isDamage(key, bytes, outcome));
      if (!isHere()) return;
      if (isDamage) this.#damaged.add(key);
      else this.#damaged.delete(key);
      if (outcome?.type !== 'waits') this.#waiting.delete(key);
      if (!this.#shown.has(key) && outcome !== undefined && isSettled(outcome)) this.#takenIn.add(key);
    }
  }

  /** Whether what stands there keeps out what belongs there: also what waits, since that may be for ever, and what others cannot open. */
  async #isDamage(key: MapKey, bytes: Bytes, { type }: Outcome): Promise<boolean> {
    if (type === 'held') return this.#shown.has(key) && !(await openRecord(bytes, this.#openedBy)).ok;
    return type === 'refused' || type === 'older' || type === 'waits';
  }

  /** Takes in anew what waits: more may be known by now, or its time has come. */
  #retry(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    if (this.#replica !== undefined) this.#takeInSoon(this.#replica, waiting);
  }

  #retryLater(): void {
    if (this.#stopped) return;
    this.#cancelRetry ??= this.#deps.clock.after(retryEveryMs, () => {
      this.#cancelRetry = undefined;
      this.#retry();
    });
  }

  /**
   * Puts back what others took away, and takes away what they brought. Whoever brings much again and again, as a locked phone does, is
   * met ever more seldom.
   */
  #settle(replica: Replica): void {
    this.#isHearing = false;
    const shownBytes = [...this.#shown].reduce((sum, [key, bytes]) => sum + weightOf(key, bytes), 0);
    if (replica.weigh().all - shownBytes <= deadBytesWorthMin) {
      // Behind what is taken in yet: only then it is known what counts.
      this.#queue.add(() => this.#mend(replica));
      return;
    }
    this.#end();
    const pauseMs = jitterMs(this.#deps.random, porchPauseMinMs, porchPauseMaxMs) * 2 ** this.#visits++;
    this.#beginIn(Math.min(pauseMs, porchPauseLongMs));
  }

  #mend(replica: Replica): void {
    if (this.#replica !== replica) return;
    this.#put((key) => this.#damaged.has(key));
    this.#damaged.clear();
    const idle = [...this.#takenIn].filter((key) => !this.#shown.has(key) && !this.#tidied.has(key));
    idle.forEach((key) => this.#tidied.add(key));
    this.#takenIn.clear();
    replica.remove(idle);
  }
}

/** Whether nothing more will come of what was brought. */
const isSettled = ({ type }: Outcome): boolean =>
  type === 'stored' || type === 'held' || type === 'older' || type === 'faded';

const isSame = (a: Bytes | undefined, b: Bytes): boolean => a !== undefined && equalBytes(a, b);
