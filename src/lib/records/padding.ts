/**
 * Padding: 0x80 and zeros up to a multiple of a step, so that a sealed length says little.
 *
 * At least one byte is added and at most `stepBytes`, so one text has one padded form.
 * Source: ISO/IEC 7816-4; docs/protocol.md EN3, PR4, MB3.
 */
import type { Bytes } from '../base/bytes.ts';
import { paddingStepBytes } from '../base/limits.ts';

export const addPadding = (bytes: Bytes, stepBytes = paddingStepBytes): Bytes => {
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / stepBytes) * stepBytes);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  return padded;
};
