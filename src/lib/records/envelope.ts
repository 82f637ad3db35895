/**
 * The envelope: a signed record, sealed for everyone who holds the epoch's key. A carrier sees its length and nothing else.
 *
 * Shape: version(1) ‖ nonce(12) ‖ AES-256-GCM(pad(COSE_Sign1)), with version ‖ circle ‖ epoch as associated data.
 * Limit: `envelopeBytesMax`, checked before any parsing. Padding: 0x80 and zeros up to a multiple of `paddingStepBytes`
 * (ISO/IEC 7816-4). Source: docs/protocol.md EN1–EN4; NIST SP 800-38D.
 */
import { concatBytes, type Bytes } from '../base/bytes.ts';
import { idToBytes } from '../base/ids.ts';
import { envelopeBytesMax } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import * as aead from '../crypto/aead.ts';
import type { SealKeys } from './epoch-keys.ts';
import { addPadding, removePadding } from './padding.ts';

export const envelopeVersion = 1;
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

/** Seals a COSE_Sign1. `TooLarge` where the result would not be let in anywhere. */
export const sealEnvelope = async (
  keys: SealKeys,
  sign1: Bytes,
  random: Random
): Promise<Result<Bytes, Extract<EnvelopeError, { type: 'TooLarge' }>>> => {
  const box = await aead.seal(keys.enc, addPadding(sign1), associatedData(keys), random);
  const envelope = concatBytes(Uint8Array.of(envelopeVersion), box);
  if (envelope.length > envelopeBytesMax) return err({ type: 'TooLarge', byteLength: envelope.length });
  return ok(envelope);
};

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

const associatedData = (keys: SealKeys): Bytes =>
  concatBytes(Uint8Array.of(envelopeVersion), idToBytes(keys.circle), idToBytes(keys.epoch));
