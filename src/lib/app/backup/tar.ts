/**
 * The container inside a backup: a POSIX tar archive, so that `tar` opens it, and so that media can lie beside the text.
 *
 * Written is plain ustar with one file after another, each in 512-byte blocks, two empty blocks at the end. Read is whatever
 * `tar` programs make of such a folder: entries of other types, or with other names, are passed over.
 * Source: POSIX.1-2017, "pax", section "ustar Interchange Format".
 */
import { bytesToUtf8, utf8ToBytes, type Bytes } from '../../base/bytes.ts';
import { assert } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';

const blockBytes = 512;

/** An archive of files whose names are plain ASCII of at most 100 letters and whose sizes are below 8 GB. */
export const tarOf = (files: readonly { readonly name: string; readonly content: Blob }[], mtimeMs: number): Blob =>
  new Blob([
    ...files.flatMap(({ name, content }) => [
      tarHeader(name, content.size, mtimeMs),
      content,
      new Uint8Array(paddingOf(content.size))
    ]),
    new Uint8Array(2 * blockBytes)
  ]);

export type ReadTarError =
  | { readonly type: 'NotATar' }
  /** An archive without that file. */
  | { readonly type: 'NotInTar' }
  | { readonly type: 'TooLarge' };

/**
 * The content of one file in an archive. The whole stream is read, whatever is found in it: what is wrong at its very end
 * (a missing part, a changed one) is thrown by the stream itself, and nothing before that counts. Limit: `bytesMax`.
 */
export const fileInTar = async (
  stream: ReadableStream<Uint8Array>,
  wanted: string,
  bytesMax: number
): Promise<Result<Bytes, ReadTarError>> => {
  const reader = new StreamBytes(stream);
  let found: Bytes | undefined;
  let problem: ReadTarError | undefined;
  while (found === undefined && problem === undefined) {
    const block = await reader.take(blockBytes);
    const entry = block === undefined ? undefined : readHeader(block);
    if (entry === undefined) problem = { type: 'NotATar' };
    else if (entry === 'end') problem = { type: 'NotInTar' };
    else if (!entry.isFile || plainName(entry.name) !== wanted) await reader.skip(entry.size + paddingOf(entry.size));
    else if (entry.size > bytesMax) problem = { type: 'TooLarge' };
    else {
      found = await reader.take(entry.size);
      if (found === undefined) problem = { type: 'NotATar' };
    }
  }
  await reader.skip(Infinity);
  return found === undefined ? err(problem ?? { type: 'NotATar' }) : ok(found);
};

const paddingOf = (size: number): number => (blockBytes - (size % blockBytes)) % blockBytes;

const tarHeader = (name: string, size: number, mtimeMs: number): Bytes => {
  assert(/^[\x20-\x7e]{1,100}$/.test(name) && size < 8 ** 11, 'a name and a size that ustar holds');
  const block = new Uint8Array(blockBytes);
  const write = (at: number, text: string): void => block.set(utf8ToBytes(text), at);
  const octal = (value: number, digits: number): string => Math.floor(value).toString(8).padStart(digits, '0');
  write(0, name);
  write(100, `${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`);
  write(124, `${octal(size, 11)}\0${octal(Math.min(mtimeMs / 1000, 8 ** 11 - 1), 11)}\0`);
  write(148, ' '.repeat(8));
  write(156, '0');
  write(257, 'ustar\x0000');
  const sum = block.reduce((total, byte) => total + byte, 0);
  write(148, `${octal(sum, 6)}\0 `);
  return block;
};

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly isFile: boolean;
}

/** `undefined` where the block is no header, by its checksum. */
const readHeader = (block: Bytes): Entry | 'end' | undefined => {
  if (block.every((byte) => byte === 0)) return 'end';
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  const size = readOctal(block.subarray(124, 136));
  if (readOctal(block.subarray(148, 156)) !== sum || size === undefined) return undefined;
  const type = block[156] ?? 0;
  const [name, prefix] = [readText(block.subarray(0, 100)), readText(block.subarray(345, 500))];
  if (name === undefined) return undefined;
  const isUstar = readText(block.subarray(257, 262)) === 'ustar';
  // Type 0 or "0" is a file; what `tar` programs add (folders, longer names, who owned it) has others.
  return { name: isUstar && prefix ? `${prefix}/${name}` : name, size, isFile: type === 0 || type === 0x30 };
};

const readText = (field: Uint8Array): string | undefined => {
  const end = field.indexOf(0);
  return bytesToUtf8(end < 0 ? field : field.subarray(0, end));
};

const readOctal = (field: Uint8Array): number | undefined => {
  const digits = readText(field)?.trim() ?? '';
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
};

const plainName = (name: string): string => name.replace(/^(\.\/)+/, '');

/** Reads a stream by numbers of bytes, and holds no more of it than was asked for and the piece it came in. */
class StreamBytes {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #left: Uint8Array = new Uint8Array(0);

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** `undefined` where the stream ends before that. */
  async take(length: number): Promise<Bytes | undefined> {
    const pieces: Uint8Array[] = [];
    const taken = await this.#pass(length, (piece) => void pieces.push(piece));
    if (taken < length) return undefined;
    const whole = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async skip(length: number): Promise<void> {
    await this.#pass(length, () => undefined);
  }

  async #pass(length: number, visit: (piece: Uint8Array) => void): Promise<number> {
    let passed = 0;
    while (passed < length) {
      if (this.#left.length === 0) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        this.#left = value;
        continue;
      }
      const piece = this.#left.subarray(0, Math.min(this.#left.length, length - passed));
      visit(piece);
      passed += piece.length;
      this.#left = this.#left.subarray(piece.length);
    }
    return passed;
  }
}
