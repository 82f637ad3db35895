/**
 * When each friend opens the app, and when somebody says something, all drawn before anything happens: 3 openings a day of
 * 3 minutes, at random waking hours.
 */
import { dayMs, hourMs, minuteMs, secondMs } from '../../../src/lib/base/clock.ts';
import type { SeededRandom } from '../seeded-random.ts';

const openingsPerDay = 3;
const openMs = 3 * minuteMs;
const wakesMs = 7 * hourMs;
const goesToBedMs = 23 * hourMs;

/** One look at the app. Times are milliseconds since 1970. */
export interface Opening {
  readonly friend: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something that is said during an opening of its author's. */
export interface PlannedSaying {
  readonly opening: Opening;
  readonly atMs: number;
}

/** The openings of one friend on one day, in order, a breath apart. */
export const openingsOf = (friend: number, dayStartMs: number, random: SeededRandom): Opening[] => {
  const longest = goesToBedMs - wakesMs - openMs;
  const openings: Opening[] = [];
  while (openings.length < openingsPerDay) {
    const fromMs = dayStartMs + wakesMs + random.whole(0, longest / secondMs) * secondMs;
    const isClear = openings.every((other) => Math.abs(other.fromMs - fromMs) > openMs + minuteMs);
    if (isClear) openings.push({ friend, fromMs, toMs: fromMs + openMs });
  }
  return openings.toSorted((a, b) => a.fromMs - b.fromMs);
};

/** Everybody's openings on so many days, in order. */
export const openingsOfAll = (
  friends: number,
  startMs: number,
  { days, random }: { readonly days: number; readonly random: SeededRandom }
): Opening[] =>
  Array.from({ length: days * friends }, (_, i) =>
    openingsOf(i % friends, startMs + Math.floor(i / friends) * dayMs, random)
  )
    .flat()
    .toSorted((a, b) => a.fromMs - b.fromMs);

/** A saying in each of `count` random openings among these, early enough in it to be written down. */
export const sayingsIn = (openings: readonly Opening[], count: number, random: SeededRandom): PlannedSaying[] => {
  const left = [...openings];
  return Array.from({ length: Math.min(count, openings.length) }, () => {
    const [opening] = left.splice(random.whole(0, left.length - 1), 1) as [Opening];
    return { opening, atMs: opening.fromMs + random.whole(20, 150) * secondMs };
  }).toSorted((a, b) => a.atMs - b.atMs);
};

/**
 * When each of the others is next awake, in order: sooner than that nobody can have it. Whose app is open just then counts as
 * awake at once where `hearsWhileOpen`, else by their next opening.
 */
export const boundsMs = (
  openings: readonly Opening[],
  { opening, atMs }: PlannedSaying,
  { friends, hearsWhileOpen }: { readonly friends: number; readonly hearsWhileOpen: boolean }
): number[] =>
  Array.from({ length: friends }, (_, friend) => friend)
    .filter((friend) => friend !== opening.friend)
    .map((friend) => {
      const next = openings.find(
        (other) => other.friend === friend && (hearsWhileOpen ? other.toMs : other.fromMs) > atMs
      );
      return next === undefined ? Infinity : Math.max(0, next.fromMs - atMs);
    })
    .toSorted((a, b) => a - b);
