/**
 * Handing words over to another app on this device: what components that offer it are given as `share`.
 */
import { shareThrough, type Shared, type ShareOutcome } from '../ui/share.ts';

/** Opens this browser's share sheet, or copies; call it while a tap is being answered. Never throws. */
export const shareText = (shared: Shared): Promise<ShareOutcome> => shareThrough(navigator, shared);
