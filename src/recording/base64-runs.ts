/** Base64 shorter than this stays: hashes and ids are worth reading. */
const shortestRun = 256;
/** Lines of wrapped base64 are 64 or 76 characters long; words and paths are shorter or of many lengths. */
const shortestLine = 60;
/** So many lines of one length make it certain. */
const fullLines = 3;

// Bounded and begun only where backslashes begin: a run of nothing but those would cost the square of its length otherwise.
const lineBreaks = /(?:(?<!\\)\\{1,8}[rn])+/;
const escapedSlash = /(?<!\\)\\{1,8}\//g;
/** What stands after a backslash, or at the beginning, and is long enough for base64. */
const longPiece = /(?<=^|\\)[^\\]{257,}/g;

/** The same from a place on: images have millions of characters. */
const restOfRun = /[\w+/\\-]*/y;

/** By character code: 1 for the characters of base64, of its URL-safe form, and the backslash that JSON escapes bring in. */
const inRun = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_\\') {
  inRun[character.charCodeAt(0)] = 1;
}

/**
 * Replaces long base64 by a marker with its size, also where JSON escapes its slashes or wraps its lines. Looks at one
 * character in 256 and reads on only where that one could be base64, so that plain text costs next to nothing.
 */
export function foldBase64(text: string): string {
  let folded = '';
  let done = 0;
  let probe = shortestRun - 1;
  while (probe < text.length) {
    if (!belongs(text, probe)) {
      probe += shortestRun;
      continue;
    }
    let start = probe;
    while (start > done && belongs(text, start - 1)) start--;
    const end = endOfRun(text, probe + 1);
    if (end - start >= shortestRun) {
      folded += text.slice(done, start) + foldRun(text.slice(start, end));
      done = endOfPadding(text, end);
    }
    probe = end + shortestRun - 1;
  }
  return done === 0 ? text : folded + text.slice(done);
}

/** How many bytes so many characters of base64, without padding, stand for. */
export function base64Size(length: number): string {
  return `${Math.floor((length * 3) / 4)} bytes`;
}

function belongs(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code < 128 && inRun[code] === 1;
}

function endOfRun(text: string, from: number): number {
  restOfRun.lastIndex = from;
  restOfRun.test(text);
  return restOfRun.lastIndex;
}

function endOfPadding(text: string, end: number): number {
  let padded = end;
  while (padded < end + 2 && text[padded] === '=') padded++;
  return padded;
}

/** What stands for a run in the record. */
function foldRun(run: string): string {
  if (!run.includes('\\')) return mark(run.length);
  const lines = run.split(lineBreaks).map((line) => line.replaceAll(escapedSlash, '/'));
  if (lines.length === 1 || isWrapped(lines)) {
    const whole = lines.join('');
    if (!whole.includes('\\')) return mark(whole.length);
  }
  // Something else with escapes in it; the character after a backslash belongs to the escape.
  return run.replaceAll(longPiece, (piece) => piece.slice(0, 1) + mark(piece.length - 1));
}

function isWrapped(lines: readonly string[]): boolean {
  const width = Math.max(...lines.slice(0, fullLines).map((line) => line.length));
  return width >= shortestLine && lines.slice(0, fullLines).every((line) => line.length === width);
}

function mark(length: number): string {
  return `[redacted base64, ${base64Size(length)}]`;
}
