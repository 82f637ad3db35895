/**
 * Taking padding off again: apart, since nothing that is said needs it. Source: docs/protocol.md EN3, PR4, MB3.
 */
import type { Bytes } from '../base/bytes.ts';
import { paddingStepBytes } from '../base/limits.ts';

/** What was padded, or `undefined` where this is not how `addPadding` does it. */
export const removePadding = (padded: Bytes, stepBytes = paddingStepBytes): Bytes | undefined => {
  if (padded.length === 0 || padded.length % stepBytes !== 0) return undefined;
  let end = padded.length - 1;
  while (end > 0 && padded[end] === 0) end--;
  return padded[end] === 0x80 && padded.length - end <= stepBytes ? padded.slice(0, end) : undefined;
};
