/**
 * Reads what LevelDB files hold: tables (`.ldb`, `.sst`) keep their blocks compressed, so that a search through the bytes
 * on disk would miss what is plainly there.
 *
 * Source: LevelDB's doc/table_format.md; Snappy's format_description.txt.
 */

const footerBytes = 48;
const magic = 0xdb4775248b80fb57n;

/** Every block of a table, decompressed; empty where the bytes are no table. */
export const tableBlocks = (file: Buffer): Buffer[] => {
  if (file.length < footerBytes || file.readBigUInt64LE(file.length - 8) !== magic) return [];
  const footer = new Reader(file, file.length - footerBytes);
  footer.handle(); // of the meta index
  const index = readBlock(file, footer.handle());
  return [index, ...entriesOf(index).map((value) => readBlock(file, new Reader(value).handle()))];
};

interface Handle {
  readonly offset: number;
  readonly size: number;
}

class Reader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  varint(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.#bytes.readUInt8(this.at++);
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }

  handle(): Handle {
    return { offset: this.varint(), size: this.varint() };
  }

  take(length: number): Buffer {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}

const readBlock = (file: Buffer, { offset, size }: Handle): Buffer => {
  const block = file.subarray(offset, offset + size);
  return file.readUInt8(offset + size) === 1 ? unsnap(block) : block;
};

/** The values of an index block: a list of (shared, unshared, length, key, value), then the restarts and their count. */
const entriesOf = (block: Buffer): Buffer[] => {
  const end = block.length - 4 - 4 * block.readUInt32LE(block.length - 4);
  const reader = new Reader(block);
  const values: Buffer[] = [];
  while (reader.at < end) {
    reader.varint();
    const keyLength = reader.varint();
    const valueLength = reader.varint();
    reader.take(keyLength);
    values.push(reader.take(valueLength));
  }
  return values;
};

const unsnap = (block: Buffer): Buffer => {
  const reader = new Reader(block);
  const plain = Buffer.alloc(reader.varint());
  let at = 0;
  while (at < plain.length) {
    const tag = reader.take(1).readUInt8();
    if ((tag & 3) === 0) {
      const short = tag >> 2;
      const length = short < 60 ? short + 1 : reader.take(short - 59).readUIntLE(0, short - 59) + 1;
      at += reader.take(length).copy(plain, at);
      continue;
    }
    const length = (tag & 3) === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = distance(tag, reader);
    for (let i = 0; i < length; i++, at++) plain[at] = plain[at - back] as number;
  }
  return plain;
};

const distance = (tag: number, reader: Reader): number => {
  if ((tag & 3) === 1) return ((tag >> 5) << 8) | reader.take(1).readUInt8();
  return (tag & 3) === 2 ? reader.take(2).readUInt16LE() : reader.take(4).readUInt32LE();
};
