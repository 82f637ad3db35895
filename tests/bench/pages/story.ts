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
  /** The words of those, the latest first; beyond them, words that say how old they are. */
  readonly earlier?: readonly string[];
  /** Whether a device of theirs has everything this phone said. */
  readonly reached: boolean;
}

/** Something given back, or said to one person alone. People go by their names, oneself by `ownName`. */
export interface ToldAnswer {
  readonly type: 'gesture' | 'reply' | 'beenThere' | 'letter' | 'thought' | 'reachOut';
  readonly from: string;
  /** Whose newest check-in it answers, or whom alone it is for. */
  readonly to: string;
  readonly agoMs: number;
  /** For a gesture, which one; a thought has none. */
  readonly words?: string;
}

export interface Story {
  readonly circleName: string;
  /** What this phone's person is called there; they founded the circle. */
  readonly ownName: string;
  readonly own: ToldCheckIn | null;
  readonly friends: readonly ToldFriend[];
  readonly answers?: readonly ToldAnswer[];
  /** Further circles of this phone, with nobody else in them. */
  readonly otherCircles: readonly string[];
}
