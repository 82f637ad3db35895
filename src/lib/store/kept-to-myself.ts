/**
 * Whether a circle was asked about already: what was only one's own so far is offered to a circle that one has newly come into, once.
 */

/** The setting that says so of the circle with this local ordinal. */
export const keptToMyselfId = (n: number): string => `kept-to-myself/${n}`;
