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
  #parts: (string | Uint8Array)[] = [];
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
    const open = this.#roomFor(piece.length * widest[this.#encoding]);
    this.#filled += open.write(piece, this.#filled, this.#encoding);
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
    const [only] = this.#parts;
    if (this.#parts.length === 1 && typeof only === 'string') return only;
    // Together, as a character may be torn over two of them.
    const bytes = this.#parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, this.#encoding) : part,
    );
    return Buffer.concat(bytes).toString(this.#encoding);
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

  #roomFor(bytes: number): Buffer {
    if (this.#open !== undefined && this.#open.length - this.#filled >= bytes) return this.#open;
    const size = Math.min(mostBytes, 2 * (this.#open?.length ?? firstBytes / 2));
    this.seal();
    this.#open = Buffer.allocUnsafeSlow(Math.max(size, bytes));
    return this.#open;
  }
}

function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
