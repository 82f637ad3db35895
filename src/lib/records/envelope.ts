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
import { addPadding } from './padding.ts';

export const envelopeVersion = 1;
/** Seals a COSE_Sign1. `TooLarge` where the result would not be let in anywhere. */
export const sealEnvelope = async (
  keys: SealKeys,
  sign1: Bytes,
  random: Random
): Promise<Result<Bytes, { readonly type: 'TooLarge'; readonly byteLength: number }>> => {
  const box = await aead.seal(keys.enc, addPadding(sign1), associatedData(keys), random);
  const envelope = concatBytes(Uint8Array.of(envelopeVersion), box);
  if (envelope.length > envelopeBytesMax) return err({ type: 'TooLarge', byteLength: envelope.length });
  return ok(envelope);
};

/** What an envelope is bound to: version ‖ circle ‖ epoch. EN4. */
export const associatedData = (keys: SealKeys): Bytes =>
  concatBytes(Uint8Array.of(envelopeVersion), idToBytes(keys.circle), idToBytes(keys.epoch));
