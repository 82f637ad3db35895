/**
 * What can be done on somebody's opened check-in: the screen's callbacks, in one place because they belong together.
 */
import type { PersonId } from '../base/ids.ts';
import type { About, Gesture } from '../care/answers.ts';
import type { OpenedCheckIn } from '../care/friend-page.ts';
import type { ReachAnswer, ShownReachOut } from '../care/between.ts';
import type { Writing } from './writing.ts';

/** Whom one asks instead, and from when on: milliseconds since 1970, by this device's clock. */
export interface Second {
  readonly person: PersonId;
  readonly byMs: number;
}

export interface FriendActions {
  /** Something is being said just now: buttons wait. */
  readonly busy: boolean;
  /** Why the last thing was not said, as one sentence. */
  readonly problem: string | null;

  // On a check-in, a friend's or one's own
  readonly reply: Writing;
  /** A reply, a letter or a thought of one's own; all but a thought are asked for twice before this is called. */
  readonly ontakeback: (slot: string) => void;

  // On a friend's newest check-in
  /** Presence, or `null` to take it back. */
  readonly ongesture: (gesture: Gesture | null) => void;
  /** Whether the reply being written thinks along; only where advice is open. */
  readonly replyThinksAlong: boolean;
  readonly onreplythinksalong: (thinksAlong: boolean) => void;
  readonly onaskadvice: () => void;
  /** Words that go with a "me too", to the author only. Sent again, they take the place of what went before. */
  readonly beenThere: Writing;

  // Between the two of us
  readonly letter: Writing;
  readonly onthought: () => void;
  readonly reachOut: Writing;
  /** Who is asked instead, for the reach-out being written: kept and worked out on this device only. */
  readonly onsecond: (second: Second | null) => void;
  readonly second: Second | null;
  /** The same for reach-outs that were sent, by `device id` of each; only to be shown beside it until its time comes. */
  readonly seconds?: ReadonlyMap<string, Second> | undefined;
  readonly onreachanswer: (about: About, answer: ReachAnswer) => void;
  /** "It's all right again", to whoever was asked. */
  readonly onclear: (entry: ShownReachOut) => void;

  // On one's own check-ins
  /** Yes to thinking along, on the newest one. */
  readonly onopenadvice: () => void;
  /** "That helped", back to one friend; said again, it is taken back. */
  readonly onhelped: (about: About) => void;
  /**
   * "Not now", kept on this device and told to nobody: to somebody's "me too" words, or, with one's own check-in, to
   * whoever asks whether thinking along would help.
   */
  readonly onnotnow: (about: About) => void;
  /** Opened on this device: the words may be shown. */
  readonly onhear: (about: About) => void;
  /** What was opened or put off here, by `device id` (see `aboutKey`); what was opened after all counts as opened. */
  readonly heard: ReadonlySet<string>;
  readonly putOff: ReadonlySet<string>;
  readonly onchange: (opened: OpenedCheckIn) => void;
  /** Asked for twice before this is called. */
  readonly onunsay: (opened: OpenedCheckIn) => void;
}
