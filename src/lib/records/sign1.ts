/**
 * COSE_Sign1 with EdDSA: the signed form of a record. Its SHA-256 is the record's hash everywhere.
 *
 * Shape: [h'a10127', {}, payload, signature], untagged, deterministic CBOR. The unprotected header must be empty and
 * the protected one must be exactly `{1: -8}`, so that nobody but the author can vary a single byte.
 * Source: RFC 9052 §4.2, §4.4; RFC 9053 §2.2.
 */
import { equalBytes, hexToBytes, type Bytes } from '../base/bytes.ts';
import { importVerifyKey, sign, signatureBytes, verify } from '../crypto/signature.ts';
import { decodeCbor, encodeCbor } from './codec.ts';

const protectedHeader = hexToBytes('a10127') as Bytes;
const noBytes = new Uint8Array(0);

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

/** The parts, not yet verified, or `undefined` where the bytes are not exactly such a structure. */
export const bytesToSign1 = (bytes: Uint8Array): Sign1 | undefined => {
  const parts = decodeCbor(bytes);
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [header, unprotected, payload, signature] = parts as unknown[];
  if (!(header instanceof Uint8Array) || !equalBytes(header, protectedHeader)) return undefined;
  if (!(unprotected instanceof Map) || unprotected.size !== 0) return undefined;
  if (!(payload instanceof Uint8Array) || !(signature instanceof Uint8Array)) return undefined;
  return signature.length === signatureBytes ? { payload: payload as Bytes, signature: signature as Bytes } : undefined;
};

/** Whether `publicKey` (32 bytes) signed it. */
export const verifySign1 = async (publicKey: Bytes, sign1: Sign1): Promise<boolean> => {
  const key = await importVerifyKey(publicKey);
  return key !== undefined && verify(key, sigStructure(protectedHeader, noBytes, sign1.payload), sign1.signature);
};
