/**
 * A COSE_Sign1 taken apart, and whether it was signed by whom it claims. See `sign1.ts` for its shape.
 */
import { equalBytes, type Bytes } from '../base/bytes.ts';
import { signatureBytes } from '../crypto/signature.ts';
import { importVerifyKey, verify } from '../crypto/verification.ts';
import { decodeCbor } from './codec.ts';
import { noBytes, protectedHeader, sigStructure, type Sign1 } from './sign1.ts';

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
