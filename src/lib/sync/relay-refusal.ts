/**
 * What a relay's "no" means: the prefix that NIP-01 gives it, and a sentence that is shown to people as the relay's own.
 */
import type { CarryFailure } from './envelope-carrier.ts';

/** Letters of a relay's sentence that are kept. */
const reasonLengthMax = 200;

/** The failure that a reason (of `OK false` or `CLOSED`) stands for; anything at all may come as one. */
export const readRefusal = (reason: unknown): CarryFailure => {
  const text = typeof reason === 'string' ? cleanReason(reason) : '';
  const prefix = /^([a-z-]+):/.exec(text)?.[1];
  if (prefix === 'auth-required') return { type: 'AuthRequired', reason: text };
  if (prefix === 'rate-limited') return { type: 'RateLimited', reason: text };
  if (/too (?:large|big)|exceeds|\bsize\b|\bbytes\b/i.test(text)) return { type: 'TooLarge' };
  return { type: 'Refused', reason: text };
};

/** Whether an event was turned away because the relay has it already, which is as good as taking it. */
export const isDuplicate = (reason: unknown): boolean => typeof reason === 'string' && reason.startsWith('duplicate:');

/** Short, and without what would break a line or turn its direction: it stands in our own interface. */
const cleanReason = (reason: string): string =>
  reason
    .slice(0, reasonLengthMax)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .trim();
