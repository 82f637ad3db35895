/**
 * CBOR, one form only: the deterministic encoding of RFC 8949 §4.2.
 *
 * Whatever is decoded here is encoded again and compared, so that one value has exactly one byte string: nobody can
 * vary a record's bytes without varying what it says.
 */
import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { equalBytes, type Bytes } from '../base/bytes.ts';

/** What this codec carries. Maps with integer keys are `Map`s; maps with text keys are plain objects. */
export type Cbor =
  null | boolean | number | string | Uint8Array | readonly Cbor[] | CborMap | { readonly [key: string]: Cbor };
export type CborMap = ReadonlyMap<number | string, Cbor>;

const decodeOptions = {
  strict: true,
  useMaps: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true
};

export const encodeCbor = (value: unknown): Bytes => encode(value, rfc8949EncodeOptions);

/** The value (maps as `Map`), or `undefined` where the bytes are not one deterministic CBOR item. */
export const decodeCbor = (bytes: Uint8Array): unknown => {
  try {
    const value: unknown = decode(bytes, decodeOptions);
    return equalBytes(encodeCbor(value), bytes) ? value : undefined;
  } catch {
    return undefined; // cborg throws plain errors for malformed input, and only for that
  }
};

/** A decoded map whose keys are all text, as an object with no prototype to pollute; anything else is `undefined`. */
export const textMapToObject = (value: unknown): Record<string, unknown> | undefined => {
  if (!(value instanceof Map)) return undefined;
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, entry] of value) {
    if (typeof key !== 'string') return undefined;
    object[key] = entry;
  }
  return object;
};
