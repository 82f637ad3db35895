/**
 * A box in which somebody writes to a friend: what stands in it is kept outside, so that nothing typed is lost.
 */
export interface Writing {
  /** What stands in the box; the empty string once it was sent, and the box then folds. */
  readonly words: string;
  /** Why it was not sent, as one sentence; the words are still in the box. */
  readonly problem: string | null;
  readonly busy: boolean;
  /** Called on every change, so that whoever keeps the words has each of them. */
  readonly write: (words: string) => void;
  readonly send: () => void;
}
