/**
 * Hard vectors for what our cryptography stands on: what `primitives-v1.json` was written from, once.
 *
 * They are of the classes that Project Wycheproof tries, and none of its files: made here, from RFC 8032, RFC 7748, NIST SP
 * 800-38D and RFC 9180, with the curve arithmetic of `@noble/curves` and a GCM of our own in `primitives-gcm.ts`, so that what is
 * expected is not computed by what is tried. Each says what it is. `README.md` beside this has more.
 */
import { aeadVectors } from './primitives-gcm.ts';
import { hpkeVectors } from './primitives-hpke.ts';
import { signatureVectors } from './primitives-ed25519.ts';
import { agreementVectors } from './primitives-x25519.ts';

/** Bytes as hex. `key` is a public key; `valid` is what verifying says. */
export interface SignatureVector {
  readonly what: string;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

/** `shared` is `null` where there must be none. */
export interface AgreementVector {
  readonly what: string;
  readonly own: string;
  readonly theirs: string;
  readonly shared: string | null;
}

/** `box` is nonce ‖ ciphertext ‖ tag; `plaintext` is `null` where it must not open. */
export interface AeadVector {
  readonly what: string;
  readonly key: string;
  readonly aad: string;
  readonly box: string;
  readonly plaintext: string | null;
}

/** `box` is enc ‖ ciphertext ‖ tag, for the device with the private key `own`. */
export interface HpkeVector {
  readonly what: string;
  readonly own: string;
  readonly info: string;
  readonly aad: string;
  readonly box: string;
  readonly plaintext: string | null;
}

export interface PrimitiveVectors {
  readonly ed25519: readonly SignatureVector[];
  readonly x25519: readonly AgreementVector[];
  readonly aesGcm: readonly AeadVector[];
  readonly hpke: readonly HpkeVector[];
}

export const makePrimitiveVectors = (): PrimitiveVectors => ({
  ed25519: signatureVectors(),
  x25519: agreementVectors(),
  aesGcm: aeadVectors(),
  hpke: hpkeVectors()
});
