/**
 * The bundle: records carried by hand, in a link or in the lines of a text file (docs/protocol.md BU1–BU5).
 *
 * Shape: version(1) ‖ length(2) ‖ nonce(12) ‖ AES-256-GCM(content), as text `#c=` ‖ base64url. The length is of all that
 * follows it, so that a reader knows where a bundle ends in somebody's message, and sees one that was cut. Nothing in it
 * names a circle, an epoch or an author: a receiver tries the epochs it holds.
 *
 * Records go as their COSE_Sign1, without the envelope's padding, since a link has no room for it; whoever receives them
 * seals them anew, which changes no hash (EN7).
 */
import { base64UrlToBytes, bytesToBase64Url, concatBytes, type Bytes } from '../base/bytes.ts';
import { assert } from '../base/assert.ts';
import { idToBytes } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import * as aead from '../crypto/aead.ts';
import type { BundleKey } from '../records/bundle-key.ts';
import type { EpochKeys } from '../records/epoch-keys.ts';
import { envelopeVersionMax } from '../records/opened-envelope.ts';

export const bundleVersion = 1;
/** What stands before a bundle wherever it is text: in a link, that is where the fragment begins. */
export const bundleMark = '#c=';
/** Letters of a link in all: some messengers cut or fold longer ones. */
export const bundleLinkLengthMax = 1000;
/** Records of one bundle, padded. A file has as many bundles as it needs. */
export const bundleContentBytesMax = 48 * 1024;

const paddingBytes = 64;
const headerBytes = 3;
const recordLengthBytes = 2;

/** Why something that begins like a bundle is none that can be read here. */
export type BundleError =
  /** It ends before its length is reached. */
  | { readonly type: 'CutBundle' }
  | { readonly type: 'NewerBundle'; readonly version: number }
  | { readonly type: 'MalformedBundle' }
  /** A circle that is not on this device, and tampering alike: AES-GCM cannot tell them apart. */
  | { readonly type: 'NotOpened' };

/** What was in a bundle. Nothing about it is believed yet but that a holder of the epoch's key made it. */
export interface OpenedBundle {
  readonly epoch: EpochKeys;
  /** COSE_Sign1s, as they claim to be. */
  readonly records: readonly Bytes[];
}

/** Seals records (COSE_Sign1s) that fit one bundle: see `contentBytes`. */
export const sealBundle = async (
  { epoch, key }: BundleKey,
  records: readonly Bytes[],
  random: Random
): Promise<Bytes> => {
  const content = recordsToContent(records);
  assert(content.length <= bundleContentBytesMax, 'what is sealed fits a bundle');
  const length = aead.nonceBytes + content.length + aead.tagBytes;
  const header = Uint8Array.of(bundleVersion, length >> 8, length & 255);
  return concatBytes(header, await aead.seal(key, content, associatedData(header, epoch), random));
};

/** Opens with the first of `keys` that fits. Errors: all of `BundleError`. */
export const openBundle = async (
  bundle: Bytes,
  keys: readonly BundleKey[]
): Promise<Result<OpenedBundle, BundleError>> => {
  const length = readHeader(bundle);
  if (!length.ok) return length;
  if (bundle.length < headerBytes + length.value) return err({ type: 'CutBundle' });
  if (bundle.length > headerBytes + length.value) return err({ type: 'MalformedBundle' });
  const header = bundle.slice(0, headerBytes);
  for (const { epoch, key } of keys) {
    const content = await aead.open(key, bundle.slice(headerBytes), associatedData(header, epoch));
    if (content === undefined) continue;
    const records = contentToRecords(content);
    return records === undefined ? err({ type: 'MalformedBundle' }) : ok({ epoch, records });
  }
  return err({ type: 'NotOpened' });
};

/** Bytes that records of these lengths take in a bundle, padding included. */
export const contentBytes = (recordLengths: readonly number[]): number => {
  const bytes = recordLengths.reduce((total, length) => total + recordLengthBytes + length, 0);
  return Math.ceil(bytes / paddingBytes) * paddingBytes;
};

/** Letters that a bundle with so much content has as text, its mark included. */
export const bundleTextLength = (content: number): number =>
  bundleMark.length + Math.ceil(((headerBytes + aead.nonceBytes + content + aead.tagBytes) * 4) / 3);

export const bundleToText = (bundle: Bytes): string => bundleMark + bytesToBase64Url(bundle);

/**
 * Every bundle in a text that comes piece by piece: a link, a message around one, a file. White space within is ignored, and
 * so are the marks that other apps put between letters; a `#c=` that was percent-encoded counts too.
 * Errors: all but `NotOpened`. Holds no more than one bundle and one piece at a time.
 */
export async function* bundlesInText(
  pieces: AsyncIterable<string> | Iterable<string>
): AsyncGenerator<Result<Bytes, BundleError>> {
  let text = '';
  for await (const piece of pieces) {
    text += piece.replaceAll(ignored, '');
    for (;;) {
      const { found, rest } = takeBundle(text, false);
      text = rest;
      if (found === undefined) break;
      yield found;
    }
  }
  for (;;) {
    const { found, rest } = takeBundle(text, true);
    text = rest;
    if (found === undefined) return;
    yield found;
  }
}

const associatedData = (header: Bytes, { circle, epoch }: EpochKeys): Bytes =>
  concatBytes(header, idToBytes(circle), idToBytes(epoch));

const recordsToContent = (records: readonly Bytes[]): Bytes => {
  const content = new Uint8Array(contentBytes(records.map(({ length }) => length)));
  let at = 0;
  for (const record of records) {
    assert(record.length > 0 && record.length <= 0xffff, 'a record has a length of two bytes');
    content.set([record.length >> 8, record.length & 255], at);
    content.set(record, at + recordLengthBytes);
    at += recordLengthBytes + record.length;
  }
  return content;
};

/** The records, or `undefined` where this is not exactly how `recordsToContent` does it. */
const contentToRecords = (content: Bytes): Bytes[] | undefined => {
  const records: Bytes[] = [];
  let at = 0;
  while (at + recordLengthBytes <= content.length) {
    const length = ((content[at] as number) << 8) | (content[at + 1] as number);
    if (length === 0) break;
    at += recordLengthBytes;
    if (at + length > content.length) return undefined;
    records.push(content.slice(at, at + length));
    at += length;
  }
  const isPadded = content.length === contentBytes(records.map((record) => record.length));
  return isPadded && content.subarray(at).every((byte) => byte === 0) ? records : undefined;
};

/** The length that a bundle says it has after its header. */
const readHeader = (bytes: Uint8Array): Result<number, BundleError> => {
  const [version = 0, high, low] = bytes;
  if (high === undefined || low === undefined) return err({ type: 'CutBundle' });
  // Versions count up, one at a time: a first byte far from ours is damage, and must not pass for somebody's newer app.
  if (version < bundleVersion || version > envelopeVersionMax) return err({ type: 'MalformedBundle' });
  if (version > bundleVersion) return err({ type: 'NewerBundle', version });
  return ok((high << 8) | low);
};

/** White space, soft hyphens, zero-width letters. */
const ignored = /[\s\u00AD\u200B-\u200D\u2060\uFEFF]/g;
const marks = /#c=|%23c(?:=|%3D)/i;
const markLengthMax = 7;
const headerLetters = 4;

interface Taken {
  readonly found: Result<Bytes, BundleError> | undefined;
  /** What has not been looked at yet. */
  readonly rest: string;
}

/** The first bundle in a text; nothing while there is none, or while more of it may come. */
const takeBundle = (text: string, isEnd: boolean): Taken => {
  const mark = marks.exec(text);
  if (mark === null) return { found: undefined, rest: isEnd ? '' : text.slice(-(markLengthMax - 1)) };
  const body = text.slice(mark.index + mark[0].length);
  const waiting: Taken = { found: undefined, rest: text.slice(mark.index) };
  const run = /^[\w-]*/.exec(body)?.[0] ?? '';
  const mayGrow = !isEnd && run.length === body.length;
  if (run.length < headerLetters && mayGrow) return waiting;
  const header = readHeader(base64UrlToBytes(run.slice(0, headerLetters)) ?? noBytes);
  if (!header.ok) return { found: header, rest: body };
  const letters = Math.ceil(((headerBytes + header.value) * 4) / 3);
  if (run.length < letters) return mayGrow ? waiting : { found: err({ type: 'CutBundle' }), rest: body };
  const bundle = base64UrlToBytes(run.slice(0, letters));
  if (bundle === undefined) return { found: err({ type: 'MalformedBundle' }), rest: body };
  return { found: ok(bundle), rest: body.slice(letters) };
};

const noBytes = new Uint8Array(0);
