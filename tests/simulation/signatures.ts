/**
 * Whether a device signed a record, by Node's own crypto: not by the code that is tested.
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { hexToBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import type { OpenedRecord } from '../../src/lib/records/opened-record.ts';
import { sigStructure } from '../../src/lib/records/sign1.ts';

export const isSigned = ({ sign1 }: OpenedRecord, verifier: KeyObject): boolean => {
  const signed = sigStructure(hexToBytes('a10127') as Bytes, new Uint8Array(0), sign1.payload);
  return verify(null, signed, verifier, sign1.signature);
};

/** RFC 8410 §4: a raw public key with its header. */
export const toVerifier = (key: Bytes): KeyObject =>
  createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]),
    format: 'der',
    type: 'spki'
  });
