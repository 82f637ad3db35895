/**
 * COSE_Sign1 with EdDSA: the signed form of a record. Its SHA-256 is the record's hash everywhere.
 *
 * Shape: [h'a10127', {}, payload, signature], untagged, deterministic CBOR. The unprotected header must be empty and
 * the protected one must be exactly `{1: -8}`, so that nobody but the author can vary a single byte.
 * Source: RFC 9052 §4.2, §4.4; RFC 9053 §2.2.
 */
import { hexToBytes, type Bytes } from '../base/bytes.ts';
import { sign } from '../crypto/signature.ts';
import { encodeCbor } from './codec.ts';

export const protectedHeader = hexToBytes('a10127') as Bytes;
export const noBytes = new Uint8Array(0);

export interface Sign1 {
  readonly payload: Bytes;
  readonly signature: Bytes;
}

/** `Sig_structure` for context "Signature1": the bytes that are signed. Source: RFC 9052 §4.4. */
export const sigStructure = (protectedBytes: Bytes, externalAad: Bytes, payload: Bytes): Bytes =>
  encodeCbor(['Signature1', protectedBytes, externalAad, payload]);

export const signSign1 = async (signKey: CryptoKey, payload: Bytes): Promise<Bytes> => {
  const signature = await sign(signKey, sigStructure(protectedHeader, noBytes, payload));
  return encodeCbor([protectedHeader, new Map(), payload, signature]);
};
