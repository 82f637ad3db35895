/**
 * What names a circle (docs/protocol.md CI1).
 */
import { concatBytes, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, type CircleId } from '../base/ids.ts';
import { sha256 } from '../crypto/hash.ts';

/** A circle's id: the first 16 bytes of SHA-256 over a label, the founder's signing key and a nonce. CI1. */
export const circleIdOf = async (founderSignKey: Bytes, nonce: Bytes): Promise<CircleId> =>
  bytesToId(
    (await sha256(concatBytes(utf8ToBytes('shoulder/1 circle'), founderSignKey, nonce))).subarray(0, idBytesLength)
  );
