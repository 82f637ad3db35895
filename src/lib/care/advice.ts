/**
 * The gate of advice: presence first, and thinking along only where its author asked for it (PRODUCT, principle 2).
 *
 * One rule on both ends: it decides what may be sent, and what a board shows of what was sent anyway.
 */
import type { Help } from './check-in.ts';

/** `asked`: the check-in itself asks for it. `opened`: its author said yes later. */
export type Advice = 'asked' | 'opened' | 'closed';

export const adviceOn = (help: Help | null, openedByAuthor: boolean): Advice => {
  if (help === 'think-along') return 'asked';
  return openedByAuthor ? 'opened' : 'closed';
};

/** Whether somebody other than the author may think along. */
export const mayThinkAlong = (advice: Advice): boolean => advice !== 'closed';
