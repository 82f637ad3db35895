/**
 * Who sees what is said, and how long it stays: chosen before it is said, and kept by keys, never by a view.
 */
import type { PersonId } from '../base/ids.ts';
import { dayMs } from '../base/clock.ts';

/** Everybody in the circle, some of them, or only oneself (it is then said in one's own circle, and nowhere else). */
export type Audience =
  | { readonly type: 'circle' }
  | { readonly type: 'people'; readonly people: readonly PersonId[] }
  | { readonly type: 'self' };

export const wholeCircle: Audience = { type: 'circle' };

/** How long something stays, in the order it is offered. `next`: until one's next one. */
export const lastings = ['next', 'day', 'week', 'kept'] as const;
export type Lasting = (typeof lastings)[number];

/** When something said now fades, milliseconds since 1970, or `null` where time does not take it away. */
export const fadesAtMs = (lasting: Lasting, nowMs: number): number | null => {
  if (lasting === 'day') return nowMs + dayMs;
  return lasting === 'week' ? nowMs + 7 * dayMs : null;
};

/** Somebody else in the circle, to be chosen. */
export interface Friend {
  readonly person: PersonId;
  readonly name: string;
}

/** What the next check-in may end: one's own, still standing. */
export interface Standing {
  readonly slot: string;
  /** Who can read it besides its author; `null` for the whole circle. */
  readonly to: readonly PersonId[] | null;
  readonly body: { readonly lasting?: string | undefined };
}

/**
 * The check-ins that were to stay until the next one and that this is the next one of: those that nobody can read who
 * cannot read the new one too. What is said to one friend so leaves the board of the others as it is.
 */
export const endedByNext = <S extends Standing>(to: readonly PersonId[] | null, standing: readonly S[]): S[] =>
  standing.filter(
    ({ body, to: before }) =>
      body.lasting === 'next' && (to === null || (before !== null && before.every((person) => to.includes(person))))
  );
