/**
 * Handing words over to another app: by the share sheet where there is one, else by the clipboard, else by hand.
 *
 * The browser is an argument. What comes of it is one of four outcomes, each with its sentence in `share-words.ts`.
 */

/** What leaves: words, an address, or both. Nothing is added to it. */
export interface Shared {
  /** A subject line, for apps that have one; it is never copied. */
  readonly title?: string;
  readonly text?: string;
  /** An absolute address. */
  readonly url?: string;
}

/**
 * `shared`: given to an app the person chose; whether it went on from there, no browser tells.
 * `copied`: in the clipboard. `cancelled`: the person closed the share sheet, or it had nothing to offer.
 * `refused`: neither was allowed; the words are to be shown selected, for copying by hand.
 */
export type ShareOutcome = 'shared' | 'copied' | 'cancelled' | 'refused';

/** The two parts of `navigator` that carry words out; either may be missing. */
export interface Sharer {
  readonly share?: (data: ShareData) => Promise<void>;
  readonly clipboard?: { writeText(text: string): Promise<void> };
}

/**
 * Opens the share sheet, or copies where that is missing, not allowed, or will not take this.
 *
 * Only while a tap is being answered: browsers refuse both otherwise. A sheet that never answers (some never do once they
 * are swiped away) refuses the next one with `InvalidStateError`, and that one then copies.
 * Source: W3C Web Share, "share() method"; W3C Clipboard API, "writeText()".
 */
export const shareThrough = async (sharer: Sharer, shared: Shared): Promise<ShareOutcome> => {
  if (typeof sharer.share !== 'function') return copyThrough(sharer, shared);
  try {
    await sharer.share({ ...shared });
    return 'shared';
  } catch (problem) {
    return nameOf(problem) === 'AbortError' ? 'cancelled' : copyThrough(sharer, shared);
  }
};

/** Copies the words, then the address on a line of its own. */
export const copyThrough = async (sharer: Sharer, { text, url }: Shared): Promise<'copied' | 'refused'> => {
  try {
    // Without a secure page there is no clipboard at all; that throws here and is a refusal like any other.
    await (sharer.clipboard as Clipboard).writeText([text, url].filter((part) => part !== undefined).join('\n'));
    return 'copied';
  } catch {
    return 'refused';
  }
};

const nameOf = (problem: unknown): string => (problem instanceof DOMException ? problem.name : '');
