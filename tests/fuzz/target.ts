/**
 * A target: one decoder, what it is fed with, and what must hold of it.
 *
 * An input is always bytes, so that it can be printed and pinned; text is its UTF-16 units, so that it can be anything that
 * a string can be. What must hold of every decoder: it neither throws nor hangs, it refuses with a type of its own, and
 * what it takes and can be written again gives the same bytes, or where the shape is open (later versions add fields, which
 * are passed over), the same value.
 */
import { isDeepStrictEqual } from 'node:util';
import { bytesToHex, equalBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import type { Result } from '../../src/lib/base/result.ts';
import type { Chance } from './chance.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateCbor } from './mutate-cbor.ts';
import { mutateJson, mutateText } from './mutate-text.ts';

export type Outcome = 'taken' | 'refused';

export interface Target {
  readonly name: string;
  /** Its part of all inputs: a weight beside the other targets'. Those with public-key work have little. */
  readonly share: number;
  /** One input. */
  make(chance: Chance): Bytes;
  /** Feeds the decoder; throws where what must hold does not. */
  feed(input: Bytes): Outcome | Promise<Outcome>;
}

type Feed<T> = (input: T) => Outcome | Promise<Outcome>;

/** A decoder of bytes that have no inner order we know of. */
export const bytesTarget = (name: string, share: number, samples: readonly Bytes[], feed: Feed<Bytes>): Target => ({
  name,
  share,
  make: (chance) => mutateBytes(chance, samples),
  feed
});

/** A decoder of CBOR, or of something that is CBOR inside. */
export const cborTarget = (name: string, share: number, samples: readonly Bytes[], feed: Feed<Bytes>): Target => ({
  name,
  share,
  make: (chance) => mutateCbor(chance, samples),
  feed
});

/** A decoder of text. */
export const textTarget = (name: string, share: number, samples: readonly string[], feed: Feed<string>): Target => ({
  name,
  share,
  make: (chance) => textToInput(mutateText(chance, samples)),
  feed: (input) => feed(inputToText(input))
});

/** A decoder of JSON text; `samples` are the values. */
export const jsonTarget = (name: string, share: number, samples: readonly unknown[], feed: Feed<string>): Target => ({
  name,
  share,
  make: (chance) => textToInput(mutateJson(chance, samples)),
  feed: (input) => feed(inputToText(input))
});

/** Something that plays a part by chance: its input is 8 bytes that seed it. */
export const scriptTarget = (name: string, share: number, feed: Feed<Bytes>): Target => ({
  name,
  share,
  make: (chance) => chance.bytes(8),
  feed
});

/** What was taken, written again, is what was read. */
export const exact =
  <T>(decode: (bytes: Bytes) => T | undefined, encode: (value: T) => Bytes): Feed<Bytes> =>
  (input) => {
    const value = decode(input);
    if (value === undefined) return 'refused';
    mustEqual(encode(value), input, 'what was decoded gives the same bytes');
    return 'taken';
  };

/** What was taken, written and read again, is the same value and the same bytes. For shapes that are open. */
export const stable =
  <T>(
    decode: (bytes: Bytes) => T | undefined | Promise<T | undefined>,
    encode: (value: T) => Bytes | Promise<Bytes>
  ): Feed<Bytes> =>
  async (input) => {
    const value = await decode(input);
    if (value === undefined) return 'refused';
    const written = await encode(value);
    const again = await decode(written);
    must(isDeepStrictEqual(again, value), 'what was written is read as the same value');
    mustEqual(await encode(again as T), written, 'and then gives the same bytes');
    return 'taken';
  };

/** Refused, with one of the names that the decoder promises. */
export const refusedAs = (type: string | undefined, ...promised: readonly string[]): Outcome => {
  must(type !== undefined && promised.includes(type), `a refusal has a name of its own, not ${String(type)}`);
  return 'refused';
};

/** The value of a result, or `undefined` where it was refused with a promised name. */
export const valueOf = <T>(
  result: Result<T, { readonly type: string }>,
  ...promised: readonly string[]
): T | undefined => {
  if (result.ok) return result.value;
  refusedAs(result.error.type, ...promised);
  return undefined;
};

/** What must hold. */
export function must(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

export const mustEqual = (actual: Uint8Array, expected: Uint8Array, what: string): void =>
  must(equalBytes(actual, expected), `${what}: ${bytesToHex(actual.subarray(0, 200))}`);

/** The value of JSON; `undefined` where it is none, which is for whoever reads JSON to notice. */
export const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // its only failure
  }
};

export const textToInput = (text: string): Bytes => {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit >> 8;
    bytes[2 * i + 1] = unit;
  }
  return bytes;
};

export const inputToText = (input: Bytes): string => {
  let text = '';
  for (let i = 0; i + 1 < input.length; i += 2)
    text += String.fromCharCode(((input[i] as number) << 8) | (input[i + 1] as number));
  return text;
};
