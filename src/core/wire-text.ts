/**
 * Messages of one stream that differ in one part alone, as most of an answer do: what stands before and after it in each, and the
 * parts, each of which stands in a JSON string, so that no line feed is in it. To cut and to join them, and to keep them, costs little
 * more than the parts.
 */
export interface AlikeMessages {
  readonly before: string;
  readonly parts: readonly string[];
  readonly after: string;
}

/** A piece of what goes over a wire. */
export type WireText = string | AlikeMessages;

/** Pieces as they go over the wire, one after another. Each character is copied once. */
export function wireTextOf(...pieces: readonly WireText[]): string {
  let text = '';
  let plain = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') plain += piece;
    else if (piece.parts.length > 0) {
      const { before, after } = piece;
      const parts = [...piece.parts];
      parts[0] = plain + before + parts[0];
      parts.push(parts.pop() + after);
      text += parts.join(after + before);
      plain = '';
    }
  }
  return text + plain;
}

/** Characters. */
export function lengthOfWireText(piece: WireText): number {
  if (typeof piece === 'string') return piece.length;
  let length = piece.parts.length * (piece.before.length + piece.after.length);
  for (const part of piece.parts) length += part.length;
  return length;
}
