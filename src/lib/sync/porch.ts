/**
 * The room that an epoch began in, when the circle has moved on from it within that epoch: its porch, where everybody looks who may be elsewhere by now. Nothing stands
 * there but who is in and where the circle is: a friend who slept finds the way, and what they said comes along (docs/protocol.md GE5).
 *
 * What comes in goes through the inbox like everything else. The document is in memory only, and begun anew once somebody brought
 * a heavy one, or everybody here would carry the heavy one again that was just left.
 */
import * as Y from 'yjs';
import { equalBytes, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
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
import type { LighthouseKeys } from '../records/epoch-keys.ts';
import { roomTopic } from '../records/meeting-keys.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { Arrival, Outcome } from './inbox.ts';
import { Replica } from './replica.ts';
import type { OpenRoom, Room } from './room.ts';
import { SerialQueue } from './serial-queue.ts';

export interface PorchDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly openRoom: OpenRoom;
  /** Takes arrivals in; one outcome each. */
  readonly receive: (arrivals: readonly Arrival[]) => Promise<readonly Outcome[]>;
}

/** What is shown there: envelopes by their keys. */
export type Shown = ReadonlyMap<MapKey, Bytes>;

/** How many entries are taken in at once. */
const batchEntries = 250;

export class Porch {
  readonly #deps: PorchDependencies;
  readonly #circle: LocalCircle;
  readonly #keys: LighthouseKeys;
  readonly #relays: readonly string[];
  #shown: Shown = new Map();
  #replica: Replica | undefined;
  #room: Room | undefined;
  #unlisten: () => void = () => undefined;
  #cancel: () => void = () => undefined;
  #isHearing = false;
  /** What others wrote over with something older, or with nothing that counts. */
  readonly #damaged = new Set<MapKey>();
  #visits = 0;
  readonly #queue = new SerialQueue();
  #stopped = false;

  constructor(
    deps: PorchDependencies,
    circle: LocalCircle,
    { keys, relays }: { readonly keys: LighthouseKeys; readonly relays: readonly string[] }
  ) {
    this.#deps = deps;
    this.#circle = circle;
    this.#keys = keys;
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
    this.#unlisten();
    this.#unlisten = () => undefined;
    this.#room?.close();
    this.#room = undefined;
    this.#replica?.doc.destroy();
    this.#replica = undefined;
    this.#damaged.clear();
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
    this.#unlisten = replica.listen((changed) => this.#hear(replica, changed));
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

  #hear(replica: Replica, changed: readonly MapKey[]): void {
    const arrivals = changed.flatMap((key) => {
      const bytes = replica.get(key);
      return bytes === undefined || isSame(this.#shown.get(key), bytes) ? [] : [{ key, bytes }];
    });
    for (let from = 0; from < arrivals.length; from += batchEntries)
      this.#queue.add(() => this.#takeIn(arrivals.slice(from, from + batchEntries)));
    if (this.#isHearing) return;
    this.#isHearing = true;
    this.#cancel = this.#deps.clock.after(porchHearingMs, () => this.#settle(replica));
  }

  async #takeIn(arrivals: readonly (Arrival & { readonly key: MapKey })[]): Promise<void> {
    const outcomes = await this.#deps.receive(arrivals);
    arrivals.forEach(({ key }, i) => {
      const type = outcomes[i]?.type;
      if (type === 'refused' || type === 'older') this.#damaged.add(key);
      else this.#damaged.delete(key);
    });
  }

  /**
   * Puts back what others took away. What somebody brought may stay where it is light; whoever brings much again and again, as a locked
   * phone does, is met ever more seldom.
   */
  #settle(replica: Replica): void {
    this.#isHearing = false;
    if (replica.weigh().all <= deadBytesWorthMin) {
      this.#put((key) => this.#damaged.has(key));
      this.#damaged.clear();
      return;
    }
    this.#end();
    const pauseMs = jitterMs(this.#deps.random, porchPauseMinMs, porchPauseMaxMs) * 2 ** this.#visits++;
    this.#beginIn(Math.min(pauseMs, porchPauseLongMs));
  }
}

const isSame = (a: Bytes | undefined, b: Bytes): boolean => a !== undefined && equalBytes(a, b);
