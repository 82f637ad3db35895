/**
 * Padding: 0x80 and zeros up to a multiple of `paddingStepBytes`, so that a sealed length says little.
 *
 * At least one byte is added and at most `paddingStepBytes`, so one text has one padded form.
 * Source: ISO/IEC 7816-4; docs/protocol.md EN3, PR4.
 */
import type { Bytes } from '../base/bytes.ts';
import { paddingStepBytes } from '../base/limits.ts';

export const addPadding = (bytes: Bytes): Bytes => {
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / paddingStepBytes) * paddingStepBytes);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  return padded;
};

/** What was padded, or `undefined` where this is not how `addPadding` does it. */
export const removePadding = (padded: Bytes): Bytes | undefined => {
  if (padded.length === 0 || padded.length % paddingStepBytes !== 0) return undefined;
  let end = padded.length - 1;
  while (end > 0 && padded[end] === 0) end--;
  return padded[end] === 0x80 && padded.length - end <= paddingStepBytes ? padded.slice(0, end) : undefined;
};
