/**
 * Messages of one stream that differ in one part alone, as most of an answer do: what stands before and after it in each, and the
 * parts. To cut and to join them, and to keep them, costs little more than the parts.
 */
export interface AlikeMessages {
  readonly before: string;
  readonly parts: readonly string[];
  readonly after: string;
}

/** A piece of what goes over a wire. */
export type WireText = string | AlikeMessages;

export function wireTextOf(piece: WireText): string {
  if (typeof piece === 'string') return piece;
  const { before, parts, after } = piece;
  return parts.length === 0 ? '' : `${before}${parts.join(after + before)}${after}`;
}

/** Characters. */
export function lengthOfWireText(piece: WireText): number {
  if (typeof piece === 'string') return piece.length;
  let length = piece.parts.length * (piece.before.length + piece.after.length);
  for (const part of piece.parts) length += part.length;
  return length;
}
