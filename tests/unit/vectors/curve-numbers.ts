/** Numbers as Curve25519 has them, in both its forms. RFC 7748 §5, RFC 8032 §5.1. */
import { bytesToHex, type Bytes } from '../../../src/lib/base/bytes.ts';

/** Bytes of a number, the lowest first, as both curves write them. */
export const littleEndian = (value: bigint, length = 32): Bytes =>
  Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

export const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes.toReversed()) || '0'}`);

/** The prime of both curves. */
export const p = 2n ** 255n - 19n;
