const backslash = 0x5c;

/**
 * Whether a JSON text has more than `most` values, told before it is parsed: empty objects take thirty times the memory of their
 * text. Linear, and quick over strings, which are most of a large request. Counts what begins a value in well-formed JSON.
 */
export function hasMoreValues(text: string, most: number): boolean {
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x2c: // ,
      case 0x5b: // [
      case 0x7b: // {
        if (++values > most) return true;
        break;
    }
  }
  return false;
}

/** The index of the closing quote, or the text's length. */
function endOfString(text: string, opening: number): number {
  for (let from = opening + 1; ; ) {
    const end = text.indexOf('"', from);
    if (end < 0) return text.length;
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
    from = end + 1;
  }
}
