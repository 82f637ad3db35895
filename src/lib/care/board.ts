/**
 * The board: one card per friend, mine on top, then the newest state first, the silent last.
 *
 * A pure function of what was said and who is in the circle: any order of arrival gives the same board.
 */
import type { PersonId } from '../base/ids.ts';
import type { CheckIn } from './check-in.ts';

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

/** By name, in roster order. */
export interface Delivery {
  readonly reached: readonly string[];
  readonly waiting: readonly string[];
}

export interface Card {
  readonly person: PersonId;
  readonly name: string;
  readonly own: boolean;
  /** `null`: nothing said, or taken back. */
  readonly said: SaidCheckIn | null;
}

/** Mine first, then who spoke last, then the silent; ties by person, so that every device agrees. */
export const orderCards = (cards: readonly Card[]): Card[] =>
  cards.toSorted((a, b) => {
    if (a.own !== b.own) return a.own ? -1 : 1;
    const byTime = (b.said?.saidAtMs ?? -Infinity) - (a.said?.saidAtMs ?? -Infinity);
    if (byTime !== 0 && !Number.isNaN(byTime)) return byTime;
    return a.person < b.person ? -1 : a.person > b.person ? 1 : 0;
  });
