/**
 * Who has what was said, by their devices' own word (docs/protocol.md LA6).
 *
 * Any one device of a person is enough, and so is an answer of theirs.
 */
import type { DeviceId, PersonId } from '../base/ids.ts';
import { reaches } from '../circle/reaching.ts';
import { currentPeople, type Roster } from '../circle/roster.ts';
import type { Ack } from '../records/ledger.ts';

/** By name, in roster order. */
export interface Delivery {
  readonly reached: readonly string[];
  readonly waiting: readonly string[];
  /** How many of the circle's relays keep it for whoever is waited for, by their own word; `null` where it has none. */
  readonly relays: RelaysKeeping | null;
}

/** How many relays keep something, of how many there are. */
export interface RelaysKeeping {
  readonly keeping: number;
  readonly of: number;
}

/** A record, as far as its delivery goes. */
export interface Delivered {
  readonly seq: number;
  readonly author: DeviceId;
  /** Who can read it besides its author; `null` for the whole circle. */
  readonly to: readonly PersonId[] | null;
  /** Who answered it, and so has it, whatever their phones have acked yet. */
  readonly answeredBy: ReadonlySet<PersonId>;
  readonly relays: RelaysKeeping | null;
}

/** Whom a record has reached, of those it is for. Its own person is not asked. */
export const deliveryOf = (
  { seq, author, to, answeredBy, relays }: Delivered,
  roster: Roster,
  acks: ReadonlyMap<DeviceId, Ack>
): Delivery => {
  const own: PersonId | undefined = roster.devicesById.get(author)?.person;
  const others = currentPeople(roster).filter(({ id }) => id !== own && (to === null || to.includes(id)));
  const reached = others.filter((person) => answeredBy.has(person.id) || reaches(person, { author, seq }, acks));
  return {
    reached: reached.map(({ name }) => name),
    waiting: others.filter((person) => !reached.includes(person)).map(({ name }) => name),
    relays
  };
};
