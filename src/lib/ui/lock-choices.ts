/** What one may choose about when the lock falls. */

/** Minutes without a touch; `null`: not by itself. */
export const lockAfterChoices = [1, 5, 30, null] as const;
export type LockAfter = (typeof lockAfterChoices)[number];

export interface LockSettings {
  readonly afterMinutes: LockAfter;
  /** Also when another app comes to the front, or the screen goes dark. */
  readonly onLeaving: boolean;
}

/** Fewer letters than this are guessed, whatever each guess costs. In UTF-16 units, as a text box counts. */
export const passphraseLengthMin = 10;
export const passphraseLengthMax = 1000;
