/**
 * Opening an envelope. See `envelope.ts` for its shape.
 */
import type { Bytes } from '../base/bytes.ts';
import { envelopeBytesMax } from '../base/limits.ts';
import { err, ok, type Result } from '../base/result.ts';
import * as aead from '../crypto/aead.ts';
import { associatedData, envelopeVersion } from './envelope.ts';
import type { SealKeys } from './epoch-keys.ts';
import { removePadding } from './opened-padding.ts';

/** What may yet come. Garbage begins with any byte; taken for versions, it would be kept and announced. EN1. */
export const envelopeVersionMax = 15;

export type EnvelopeError =
  | { readonly type: 'TooLarge'; readonly byteLength: number }
  | { readonly type: 'UnknownVersion'; readonly version: number }
  | { readonly type: 'NotOpened' }
  | { readonly type: 'Malformed' };

export interface OpenedEnvelope {
  readonly sign1: Bytes;
  readonly keys: SealKeys;
}

/**
 * Opens with the first of `epochs` that fits; says nothing yet about who signed it.
 * `NotOpened` is a wrong key and tampering alike: AES-GCM cannot tell them apart.
 */
export const openEnvelope = async (
  envelope: Bytes,
  epochs: readonly SealKeys[]
): Promise<Result<OpenedEnvelope, EnvelopeError>> => {
  if (envelope.length > envelopeBytesMax) return err({ type: 'TooLarge', byteLength: envelope.length });
  const version = envelope[0] ?? 0;
  // Versions count up, one at a time: a first byte far from ours is damage, and must not pass for somebody's newer app.
  if (version < envelopeVersion || version > envelopeVersionMax) return err({ type: 'Malformed' });
  if (version !== envelopeVersion) return err({ type: 'UnknownVersion', version });
  const box = envelope.subarray(1);
  for (const keys of epochs) {
    const padded = await aead.open(keys.enc, box, associatedData(keys));
    if (padded === undefined) continue;
    const sign1 = removePadding(padded);
    return sign1 === undefined ? err({ type: 'Malformed' }) : ok({ sign1, keys });
  }
  return err({ type: 'NotOpened' });
};
