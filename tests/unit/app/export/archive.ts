/** Opens a ZIP archive as any program would: by its central directory (PKWARE APPNOTE 6.3, 4.3.12), stored entries only. */

/** The entries' texts by their names. */
export const entriesOf = async (archive: Blob): Promise<Map<string, string>> => {
  const bytes = new Uint8Array(await archive.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const end = bytes.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error('an archive ends with its directory’s place');
  let at = view.getUint32(end + 16, true);
  const entries = new Map<string, string>();
  for (let n = view.getUint16(end + 10, true); n > 0; n--) {
    if (view.getUint32(at, true) !== 0x02014b50 || view.getUint16(at + 10, true) !== 0)
      throw new Error('every entry is stored as it is');
    const [size, nameLength] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true)];
    const from = view.getUint32(at + 42, true);
    const dataAt = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
    const decode = (start: number, length: number): string =>
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start, start + length));
    entries.set(decode(at + 46, nameLength), decode(dataAt, size));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
};
