/**
 * What a newcomer and the circle agree on before anybody is let in (docs/protocol.md IN4).
 *
 * The transcript binds the link (circle and invitation), the newcomer's name and keys, and a nonce. The newcomer signs
 * it, the six words are read from its hash, and the welcome is sealed with it: change any part and the words differ.
 */
import type { Bytes } from '../base/bytes.ts';
import { idToBytes, type CircleId, type InviteId } from '../base/ids.ts';
import type { DevicePublic } from '../crypto/device.ts';
import { sha256 } from '../crypto/hash.ts';
import { encodeCbor } from '../records/codec.ts';

export const askNonceBytes = 16;

export interface JoinTerms {
  readonly circle: CircleId;
  readonly invite: InviteId;
  /** The newcomer's name; of a device that is asked for as one more of somebody's, what it is. */
  readonly name: string;
  readonly keys: DevicePublic;
  /** 16 random bytes. */
  readonly nonce: Bytes;
  /** As whose device it asks: one more of the person's own, or one that takes the place of those a person lost. Missing: as somebody new. */
  readonly as?: JoinAs;
}

export type JoinAs = 'device' | 'again';

/** The bytes a newcomer's device signs. */
export const joinTranscript = (terms: JoinTerms): Bytes =>
  encodeCbor([
    'shoulder/1 join',
    idToBytes(terms.circle),
    idToBytes(terms.invite),
    terms.name,
    terms.keys.sign,
    terms.keys.agree,
    terms.nonce,
    ...(terms.as === undefined ? [] : [terms.as])
  ]);

/** SHA-256 of the transcript, 32 bytes. */
export const transcriptHash = (terms: JoinTerms): Promise<Bytes> => sha256(joinTranscript(terms));
