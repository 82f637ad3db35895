/**
 * Pieces of text that come in any order and end up in the order of their dates, without standing in memory meanwhile: what was
 * written goes into blobs, which the browser may keep on disk.
 */
interface Piece {
  readonly atMs: number;
  readonly chunk: number;
  readonly from: number;
  readonly to: number;
}

const chunkBytes = 256 * 1024;

export class SortedPieces {
  readonly #encoder = new TextEncoder();
  readonly #chunks: Blob[] = [];
  readonly #pieces: Piece[] = [];
  #open: Uint8Array<ArrayBuffer>[] = [];
  #openBytes = 0;

  add(atMs: number, text: string): void {
    const bytes = this.#encoder.encode(text);
    const from = this.#openBytes;
    this.#open.push(bytes);
    this.#openBytes += bytes.length;
    this.#pieces.push({ atMs, chunk: this.#chunks.length, from, to: this.#openBytes });
    if (this.#openBytes >= chunkBytes) this.#close();
  }

  /**
   * All of it, oldest first, pieces of one date in the order they came; `before` says what goes in front of a piece, given its
   * date and that of the one before it, `null` at the beginning.
   */
  inOrder(before: (atMs: number, lastMs: number | null) => string): BlobPart[] {
    if (this.#openBytes > 0) this.#close();
    let lastMs: number | null = null;
    return this.#pieces
      .toSorted((a, b) => a.atMs - b.atMs)
      .flatMap(({ atMs, chunk, from, to }): BlobPart[] => {
        const lead = before(atMs, lastMs);
        lastMs = atMs;
        const piece = this.#chunks[chunk]?.slice(from, to) ?? '';
        return lead === '' ? [piece] : [lead, piece];
      });
  }

  #close(): void {
    this.#chunks.push(new Blob(this.#open));
    this.#open = [];
    this.#openBytes = 0;
  }
}
