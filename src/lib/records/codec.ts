/**
 * CBOR, one form only: the deterministic encoding of RFC 8949 §4.2.
 *
 * Whatever is decoded here is encoded again and compared, so that one value has exactly one byte string: nobody can
 * vary a record's bytes without varying what it says. Text is UTF-8, so half a surrogate pair, which is no letter and has
 * no UTF-8, is written as U+FFFD; every other text comes back exactly as it was.
 */
import { decode, encode, rfc8949EncodeOptions, Token, Tokenizer, Type } from 'cborg';
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

export const encodeCbor = (value: unknown): Bytes => plainBytes(encode(value, rfc8949EncodeOptions));

/** The value (maps as `Map`), or `undefined` where the bytes are not one deterministic CBOR item. */
export const decodeCbor = (bytes: Uint8Array): unknown => {
  try {
    const tokenizer = new WholeTextTokenizer(plainBytes(bytes), decodeOptions);
    const value: unknown = decode(bytes, { ...decodeOptions, tokenizer });
    return equalBytes(encodeCbor(value), bytes) ? value : undefined;
  } catch {
    return undefined; // cborg throws plain errors for malformed input, and only for that
  }
};

/** Node's `Buffer`, in which cborg builds longer items there, is a `Uint8Array` of another class: not equal to one like it. */
const plainBytes = <B extends ArrayBufferLike>(bytes: Uint8Array<B>): Uint8Array<B> =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

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

/**
 * cborg reads text with a `TextDecoder` that takes a first U+FEFF for a byte order mark and drops it. Words may begin with
 * one (a paste from a file does), and a record that lost it would differ from its own bytes and be refused everywhere.
 */
class WholeTextTokenizer extends Tokenizer {
  override next(): Token {
    const at = this.pos();
    const token = super.next();
    if (!Type.equals(token.type, Type.string) || !startsWithMark(this.data, at + headBytes(this.data[at])))
      return token;
    return new Token(Type.string, `\uFEFF${token.value}`, token.encodedLength);
  }
}

const startsWithMark = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;

/** How long a text item's head is: its first byte holds the length, or how many bytes after it do. RFC 8949 §3. */
const headBytes = (first = 0): number => {
  const minor = first & 31;
  return minor < 24 ? 1 : 1 + 2 ** (minor - 24);
};
