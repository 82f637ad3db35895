/**
 * The board: one card per friend, mine on top, then the newest state first, the silent last.
 *
 * A pure function of what was said and who is in the circle: any order of arrival gives the same board.
 */
import type { DeviceId, PersonId, RecordHash } from '../base/ids.ts';
import { currentPeople, type Roster } from '../circle/roster.ts';
import type { CheckInBody } from '../records/bodies.ts';
import { compareHybridTime, type HybridTime } from '../records/hybrid-time.ts';
import type { Ack } from '../records/ledger.ts';
import { bodyToCheckIn, type CheckIn } from './check-in.ts';
import { deliveryOf, type Delivery } from './delivery.ts';

export type { Delivery } from './delivery.ts';

/** A check-in as it stands on a card. */
export interface SaidCheckIn {
  readonly checkIn: CheckIn;
  /** When it was first said, milliseconds since 1970 by its author's clock. */
  readonly saidAtMs: number;
  /** Whether it was corrected after it was said. */
  readonly changed: boolean;
  /** Who has it, by their devices' own word; only on one's own card, and only in a circle with others. */
  readonly delivery: Delivery | null;
}

export interface Card {
  readonly person: PersonId;
  readonly name: string;
  readonly own: boolean;
  /** `null`: nothing said, or taken back. */
  readonly said: SaidCheckIn | null;
}

/** A live check-in, as a record of some device. */
export interface CheckInRecord {
  readonly device: DeviceId;
  readonly seq: number;
  readonly slot: string;
  readonly time: HybridTime;
  readonly hash: RecordHash;
  readonly body: CheckInBody;
}

export interface Board {
  readonly cards: readonly Card[];
  /** The record on one's own card: what "Change" and "Unsay" speak of. */
  readonly ownRecord: CheckInRecord | null;
}

export interface BoardFacts {
  readonly roster: Roster;
  /** This device; it may stand for a person who is on no roster yet. */
  readonly ownDevice: DeviceId;
  readonly checkIns: readonly CheckInRecord[];
  /** What each device acked. */
  readonly acks: ReadonlyMap<DeviceId, Ack>;
}

export const makeBoard = ({ roster, ownDevice, checkIns, acks }: BoardFacts): Board => {
  const ownPerson = roster.devicesById.get(ownDevice)?.person;
  const people = currentPeople(roster);
  let ownRecord: CheckInRecord | null = null;
  const cards = people.map(({ id, name, devices }): Card => {
    const newest = newestOf(checkIns.filter(({ device }) => devices.includes(device)));
    const own = id === ownPerson;
    if (own) ownRecord = newest ?? null;
    if (newest === undefined) return { person: id, name, own, said: null };
    const delivery =
      own && people.length > 1 ? deliveryOf({ seq: newest.seq, author: newest.device }, roster, acks) : null;
    return { person: id, name, own, said: { ...saidOf(newest), delivery } };
  });
  return { cards: orderCards(cards), ownRecord };
};

/** Mine first, then who spoke last, then the silent; ties by person, so that every device agrees. */
export const orderCards = (cards: readonly Card[]): Card[] =>
  cards.toSorted((a, b) => {
    if (a.own !== b.own) return a.own ? -1 : 1;
    const [aMs, bMs] = [a.said?.saidAtMs ?? -1, b.said?.saidAtMs ?? -1];
    if (aMs !== bMs) return bMs - aMs;
    return a.person < b.person ? -1 : a.person > b.person ? 1 : 0;
  });

/** A correction keeps the time of what it corrects, unless it claims to be older than time or younger than itself. */
const saidOf = ({ body, time }: CheckInRecord): Pick<SaidCheckIn, 'checkIn' | 'saidAtMs' | 'changed'> => ({
  checkIn: bodyToCheckIn(body),
  saidAtMs: Math.min(body.said ?? time.ms, time.ms),
  changed: body.said !== undefined
});

const newestOf = (records: readonly CheckInRecord[]): CheckInRecord | undefined =>
  records.toSorted((a, b) => compareHybridTime(b.time, a.time) || (a.hash < b.hash ? -1 : 1))[0];
