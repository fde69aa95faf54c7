/** Characters that a terminal shows two columns wide, as far as this program writes them. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;
/** A word with what follows it closely, or one ideograph with the punctuation that may not begin a line. */
const piece =
  /[^\s\u2e80-\uffef]+[\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u3001\uff09\u300b\u201d]*|[\u2e80-\uffef][\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u3001\uff09\u300b\u201d]*|\s+/gu;

/** Breaks text into lines of at most `columns` columns: at spaces, and between ideographs. A longer word stays whole. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [part] of text.matchAll(piece)) {
    if (line !== '' && part.trim() !== '' && widthOf(line + part) > columns) {
      lines.push(line.trimEnd());
      line = part;
    } else if (line !== '' || part.trim() !== '') {
      line += part;
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

/** Columns that a terminal needs for it. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += wide.test(character) ? 2 : 1;
  return width;
}
