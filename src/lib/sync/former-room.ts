/**
 * One room that a circle has moved from within its epoch, with a document in which nothing stands but who is in and that the circle moved:
 * a friend who slept looks there, finds the way, and what they said comes along (docs/protocol.md GE5).
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
  formerRoomHearingMs,
  formerRoomPauseLongMs,
  formerRoomPauseMaxMs,
  formerRoomPauseMinMs
} from '../base/limits.ts';
import { jitterMs, type Random } from '../base/random.ts';
import type { LighthouseKeys } from '../records/epoch-keys.ts';
import { roomTopic } from '../records/meeting-keys.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { Arrival, Outcome } from './inbox.ts';
import { Replica } from './replica.ts';
import type { OpenRoom, Room } from './room.ts';

export interface FormerRoomDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly openRoom: OpenRoom;
  /** Takes arrivals in; one outcome each. */
  readonly receive: (arrivals: readonly Arrival[]) => Promise<readonly Outcome[]>;
}

/** What is shown in such a room: envelopes by their keys. */
export type Shown = ReadonlyMap<MapKey, Bytes>;

/** How many entries are taken in at once. */
const batchEntries = 250;

export class FormerRoom {
  readonly #deps: FormerRoomDependencies;
  readonly #circle: LocalCircle;
  readonly #keys: LighthouseKeys;
  readonly #was: number;
  readonly #relays: readonly string[];
  #shown: Shown = new Map();
  #replica: Replica | undefined;
  #room: Room | undefined;
  #unlisten: () => void = () => undefined;
  #cancel: () => void = () => undefined;
  #isHearing = false;
  #visits = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    deps: FormerRoomDependencies,
    circle: LocalCircle,
    { keys, was, relays }: { readonly keys: LighthouseKeys; readonly was: number; readonly relays: readonly string[] }
  ) {
    this.#deps = deps;
    this.#circle = circle;
    this.#keys = keys;
    this.#was = was;
    this.#relays = relays;
  }

  /** Opens it, once those who were there when the circle moved are gone from there. */
  start(shown: Shown, movedMs: number): void {
    this.#shown = shown;
    const { clock } = this.#deps;
    this.#beginIn(Math.min(movedMs + formerRoomPauseMaxMs - clock.nowMs(), formerRoomPauseMaxMs));
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const replica = this.#replica;
    replica?.put([...shown].filter(([key]) => replica.get(key) === undefined));
  }

  wake(): void {
    this.#room?.wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#end();
  }

  async idle(): Promise<void> {
    await this.#queue.catch(() => undefined); // reported when it failed
  }

  #beginIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#deps.clock.after(Math.max(0, delayMs), () => {
      this.#enqueue(() => this.#begin());
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
  }

  #enqueue(task: () => Promise<void>): void {
    // A task that failed has been reported as unhandled; it must not keep the next one from running.
    this.#queue = this.#queue.catch(() => undefined).then(() => (this.#stopped ? undefined : task()));
  }

  async #begin(): Promise<void> {
    const keys = this.#keys;
    const { device } = this.#circle.keyring;
    const topic = await roomTopic(keys, this.#was);
    if (this.#stopped) return;
    const replica = new Replica(new Y.Doc());
    this.#replica = replica;
    this.#isHearing = false;
    replica.put([...this.#shown]);
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

  #hear(replica: Replica, changed: readonly MapKey[]): void {
    const arrivals = changed.flatMap((key): Arrival[] => {
      const bytes = replica.get(key);
      return bytes === undefined || equalBytes(bytes, this.#shown.get(key) ?? noBytes) ? [] : [{ key, bytes }];
    });
    for (let from = 0; from < arrivals.length; from += batchEntries)
      this.#enqueue(async () => {
        await this.#deps.receive(arrivals.slice(from, from + batchEntries));
      });
    // Others who serve it bring what is shown here too, sealed by them perhaps.
    if (this.#isHearing || changed.every((key) => this.#shown.has(key))) return;
    this.#isHearing = true;
    this.#cancel = this.#deps.clock.after(formerRoomHearingMs, () => this.#settle(replica));
  }

  /** What somebody brought may stay where it is light. Whoever brings it again and again, as a locked phone does, is met ever more seldom. */
  #settle(replica: Replica): void {
    this.#isHearing = false;
    if (replica.weigh().all <= deadBytesWorthMin) return;
    this.#end();
    const pauseMs = jitterMs(this.#deps.random, formerRoomPauseMinMs, formerRoomPauseMaxMs) * 2 ** this.#visits++;
    this.#beginIn(Math.min(pauseMs, formerRoomPauseLongMs));
  }
}

const noBytes = new Uint8Array(0);
