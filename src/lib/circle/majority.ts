/**
 * What counts as the word of the others (docs/protocol.md EP5): about removing somebody, and about a lost phone.
 */
import type { PersonId } from '../base/ids.ts';

/** The others: everybody whose word is asked about one person. */
export const othersOf = (people: Iterable<PersonId>, person: PersonId): Set<PersonId> => {
  const others = new Set(people);
  others.delete(person);
  return others;
};

export const isMajority = (voices: ReadonlySet<PersonId>, others: ReadonlySet<PersonId>): boolean =>
  2 * voices.size > others.size;

/** How many more voices make a strict majority. */
export const missingVoices = (voices: ReadonlySet<PersonId>, others: ReadonlySet<PersonId>): number =>
  Math.max(0, Math.floor(others.size / 2) + 1 - voices.size);

/** Two people can't remove each other: it takes at least two to say so. */
export const removersMin = 2;
