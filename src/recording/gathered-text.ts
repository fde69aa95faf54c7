/** Pieces longer than this are kept as they are. Characters. */
const longPiece = 4_096;
const firstBytes = 2_048;
const mostBytes = 64 * 1_024;
/** Bytes that a character takes at most. */
const widest = { utf8: 3, utf16le: 2 } as const;

/**
 * Text that is gathered from pieces and seldom read. Small pieces are copied into a few buffers: thousands of strings that live on
 * would cost the garbage collector more than all else that a chunk takes. `utf8` is the smaller form; `utf16le` keeps half a
 * character, too, whose other half comes with the next piece.
 */
export class GatheredText {
  readonly #encoding: keyof typeof widest;
  #parts: (string | Buffer)[] = [];
  #open: Buffer | undefined;
  #filled = 0;

  constructor(encoding: keyof typeof widest) {
    this.#encoding = encoding;
  }

  append(piece: string): void {
    if (piece.length > longPiece) {
      this.seal();
      this.#parts.push(piece);
      return;
    }
    const most = piece.length * widest[this.#encoding];
    if (this.#open === undefined || this.#open.length - this.#filled < most) this.#begin(most);
    this.#filled += this.#open?.write(piece, this.#filled, this.#encoding) ?? 0;
  }

  /** Frees what is not filled. */
  seal(): void {
    if (this.#open === undefined) return;
    const part = this.#open.subarray(0, this.#filled);
    this.#parts.push(part.length > (3 / 4) * this.#open.length ? part : copyOf(part));
    this.#open = undefined;
    this.#filled = 0;
  }

  /** All pieces, joined. */
  read(): string {
    this.seal();
    return this.#parts
      .map((part) => (typeof part === 'string' ? part : part.toString(this.#encoding)))
      .join('');
  }

  /** Long pieces become what `change` makes of them. Returns by how many characters they became shorter. */
  changeLongPieces(change: (piece: string) => string): number {
    let saved = 0;
    this.#parts = this.#parts.map((part) => {
      if (typeof part !== 'string') return part;
      const changed = change(part);
      saved += part.length - changed.length;
      return changed;
    });
    return saved;
  }

  #begin(most: number): void {
    const size = Math.min(mostBytes, 2 * (this.#open?.length ?? firstBytes / 2));
    this.seal();
    this.#open = Buffer.allocUnsafeSlow(Math.max(size, most));
  }
}

function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
