/**
 * What a filled database tells: who is in a circle and what each has said. Plain data, so that it can be handed to a page.
 */

/** A check-in as it was said, some time before now. */
export interface ToldCheckIn {
  readonly agoMs: number;
  /** [pleasantness, energy] from -100 to 100, or `null` for "I don't know". */
  readonly point: readonly [number, number] | null;
  readonly feelings: readonly string[];
  readonly words: string;
  readonly help?: string;
}

export interface ToldFriend {
  readonly name: string;
  /** `null`: has not said anything yet. */
  readonly newest: ToldCheckIn | null;
  /** Older check-ins that stay, one a day before the newest. */
  readonly kept: number;
  /** Whether a device of theirs has everything this phone said. */
  readonly reached: boolean;
}

export interface Story {
  readonly circleName: string;
  /** What this phone's person is called there; they founded the circle. */
  readonly ownName: string;
  readonly own: ToldCheckIn | null;
  readonly friends: readonly ToldFriend[];
  /** Further circles of this phone, with nobody else in them. */
  readonly otherCircles: readonly string[];
}
