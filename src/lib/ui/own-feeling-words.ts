/**
 * Feeling words a person wrote themselves, as the composer is given them by whoever keeps them.
 */

/** The words, the one used last first, and what may be done with them. */
export interface OwnFeelingWords {
  readonly words: readonly string[];
  readonly onremember: (word: string) => void;
  readonly onforget: (word: string) => void;
}
