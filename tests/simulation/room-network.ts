/**
 * The in-process `OpenRoom`: rooms of one topic, joined by links that are as bad as asked for.
 *
 * A link exchanges state vectors and what is missing, then forwards every update, as y-webrtc does. Updates are lost,
 * repeated, delayed and overtake each other; links break and are made again; a partition keeps groups apart. Every byte
 * that travels is shown to `onBytes`.
 */
import * as Y from 'yjs';
import type { DeviceId, Topic } from '../../src/lib/base/ids.ts';
import { minuteMs } from '../../src/lib/base/clock.ts';
import { repairDelayMinMs } from '../../src/lib/base/limits.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Rates from 0 to 1, for each message on each link. */
export interface LinkConditions {
  readonly lossRate: number;
  readonly duplicateRate: number;
  /** How likely a message is the last one on its link, until the two find each other again. */
  readonly breakRate: number;
  readonly delayMaxMs: number;
}

export const kindLinks: LinkConditions = { lossRate: 0, duplicateRate: 0, breakRate: 0, delayMaxMs: 200 };

/** Who listens in: to every message, and to every envelope that stands in a document. */
export interface RoomTap {
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onEntry: (bytes: Uint8Array, topic: Topic) => void;
}

/** One device's place in a room. */
export interface Seat {
  /** Whose it is, for partitions and for repeatable randomness. */
  readonly owner: string;
  readonly device: DeviceId;
  readonly topic: Topic;
  readonly doc: Y.Doc;
  readonly onPeers: (devices: readonly DeviceId[]) => void;
  readonly onSynced: () => void;
}

interface Link {
  readonly a: OpenSeat;
  readonly b: OpenSeat;
  readonly random: SeededRandom;
  readonly syncedSides: Set<OpenSeat>;
}

interface OpenSeat {
  readonly seat: Seat;
  readonly links: Map<OpenSeat, Link>;
  readonly unlisten: () => void;
}

type Message = { readonly type: 'have' | 'missing' | 'update'; readonly bytes: Uint8Array };

const connectMaxMs = repairDelayMinMs;
/** A channel is reliable: where something was lost, the connection is found dead by then. */
const noticedMaxMs = 5 * minuteMs;

export class RoomNetwork {
  conditions: LinkConditions = kindLinks;
  /** How many messages have been sent. */
  sentCount = 0;
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;
  readonly #tap: RoomTap;
  readonly #seats = new Set<OpenSeat>();
  #groupOf: (owner: string) => number = () => 0;
  #linksMade = 0;

  constructor(time: VirtualTime, random: SeededRandom, tap: RoomTap) {
    this.#time = time;
    this.#random = random;
    this.#tap = tap;
  }

  /** Takes a seat; the returned function leaves it. */
  enter(seat: Seat): () => void {
    const forward = (bytes: Uint8Array, origin: unknown): void => {
      for (const link of open.links.values()) if (link !== origin) this.#send(link, open, { type: 'update', bytes });
    };
    const map = seat.doc.getMap('envelopes');
    const show = (keys: Iterable<string>): void => {
      for (const key of keys) {
        const value = map.get(key);
        if (value instanceof Uint8Array) this.#tap.onEntry(value, seat.topic);
      }
    };
    const showChanged = ({ keysChanged }: Y.YMapEvent<unknown>): void => show(keysChanged);
    const unlisten = (): void => {
      seat.doc.off('update', forward);
      map.unobserve(showChanged);
    };
    const open: OpenSeat = { seat, links: new Map(), unlisten };
    seat.doc.on('update', forward);
    map.observe(showChanged);
    show(map.keys());
    this.#seats.add(open);
    this.meet();
    return () => {
      if (!this.#seats.delete(open)) return;
      open.unlisten();
      for (const link of [...open.links.values()]) this.#break(link);
    };
  }

  /** Nobody ever meets anybody. */
  areApart = false;

  /** Only owners of one group reach each other from now on. */
  partition(groupOf: (owner: string) => number): void {
    this.#groupOf = groupOf;
    for (const link of this.#links()) if (!this.#mayMeet(link.a, link.b)) this.#break(link);
    this.meet();
  }

  /** Breaks every link, and lets all who may find each other again. */
  breakAll(): void {
    for (const link of this.#links()) this.#break(link);
    this.meet();
  }

  /** Lets whoever may meet and is not linked find each other soon. */
  meet(): void {
    const seats = [...this.#seats];
    seats.forEach((a, i) => {
      for (const b of seats.slice(i + 1)) {
        if (!a.links.has(b) && this.#mayMeet(a, b))
          this.#time.after(this.#random.whole(1, connectMaxMs), () => this.#link(a, b));
      }
    });
  }

  /** What the document of somebody's seat holds, by key; of several seats, the one on this topic. */
  entriesOf(owner: string, topic?: Topic): ReadonlyMap<string, unknown> {
    const open = [...this.#seats].find(
      ({ seat }) => seat.owner === owner && (topic === undefined || seat.topic === topic)
    );
    return new Map(open?.seat.doc.getMap('envelopes').entries());
  }

  #links(): Set<Link> {
    return new Set([...this.#seats].flatMap((open) => [...open.links.values()]));
  }

  #mayMeet(a: OpenSeat, b: OpenSeat): boolean {
    if (this.areApart) return false;
    const alike = a.seat.topic === b.seat.topic && a.seat.owner !== b.seat.owner;
    return alike && this.#groupOf(a.seat.owner) === this.#groupOf(b.seat.owner);
  }

  #link(a: OpenSeat, b: OpenSeat): void {
    if (!this.#seats.has(a) || !this.#seats.has(b) || a.links.has(b) || !this.#mayMeet(a, b)) return;
    const link: Link = { a, b, random: this.#random.fork(`link/${++this.#linksMade}`), syncedSides: new Set() };
    a.links.set(b, link);
    b.links.set(a, link);
    this.#tellPeers(link);
    for (const side of [a, b]) this.#send(link, side, { type: 'have', bytes: Y.encodeStateVector(side.seat.doc) });
  }

  #break({ a, b }: Link): void {
    a.links.delete(b);
    b.links.delete(a);
    this.#tellPeers({ a, b });
  }

  #breakForAWhile(link: Link): void {
    const { a, b, random } = link;
    if (a.links.get(b) !== link) return;
    this.#break(link);
    this.#time.after(random.whole(1, 10 * connectMaxMs), () => this.#link(a, b));
  }

  #tellPeers({ a, b }: Pick<Link, 'a' | 'b'>): void {
    for (const side of [a, b]) {
      if (this.#seats.has(side)) side.seat.onPeers([...side.links.keys()].map(({ seat }) => seat.device));
    }
  }

  #send(link: Link, from: OpenSeat, message: Message): void {
    const { lossRate, duplicateRate, breakRate, delayMaxMs } = this.conditions;
    const { random } = link;
    this.sentCount++;
    this.#tap.onBytes(message.bytes);
    if (random.chance(breakRate)) return this.#breakForAWhile(link);
    if (message.type === 'update' && random.chance(lossRate)) {
      this.#time.after(random.whole(1, noticedMaxMs), () => this.#breakForAWhile(link));
      return;
    }
    const copies = random.chance(duplicateRate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.#time.after(random.whole(1, delayMaxMs), () => this.#hear(link, from === link.a ? link.b : link.a, message));
    }
  }

  #hear(link: Link, at: OpenSeat, { type, bytes }: Message): void {
    const other = link.a === at ? link.b : link.a;
    if (at.links.get(other) !== link) return;
    const { doc, onSynced } = at.seat;
    if (type === 'have') {
      return this.#send(link, at, { type: 'missing', bytes: Y.encodeStateAsUpdate(doc, bytes) });
    }
    Y.applyUpdate(doc, bytes, link);
    if (type !== 'missing' || link.syncedSides.has(at)) return;
    link.syncedSides.add(at);
    onSynced();
  }
}
