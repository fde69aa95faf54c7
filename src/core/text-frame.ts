import { tryParseJson } from './json.ts';
import { unattached } from './unattached.ts';

/**
 * What stands around the text of a streamed message. The messages of one stream are alike: ids, names and all else repeat, and
 * only the text differs. So one message is taken apart, and what begins and ends exactly like it holds nothing new but the JSON
 * string in the middle. Parsing would be most of the work that a chunk takes.
 */
export interface TextFrame {
  readonly before: string;
  readonly after: string;
  /** How many JSON strings the text stands in: 2 in a message that holds JSON as a string. */
  readonly depth: 1 | 2;
}

/** What a frame is tried with. Needs no escapes. */
const probe = 'between the ends';

/**
 * The frame around the text of a field. `readText` parses a message and says what its text is, if it has nothing else to say:
 * another field may hold the same words, so the frame is right if other words in it are all that is read.
 */
export function findTextFrame(
  message: string,
  field: string,
  text: string,
  readText: (message: string) => string | undefined,
): TextFrame | undefined {
  for (const depth of [1, 2] as const) {
    const quote = depth === 1 ? '"' : '\\"';
    const head = `${quote}${field}${quote}:${quote}`;
    const at = message.indexOf(head + text + quote);
    if (at < 0) continue;
    const start = at + head.length;
    const [before, after] = [message.slice(0, start), message.slice(start + text.length)];
    if (readText(before + probe + after) !== probe) continue;
    // Records keep it, and must not keep all the rest of what it was read from.
    return { before: unattached(before), after: unattached(after), depth };
  }
  return undefined;
}

/**
 * What stands in the middle of a message that begins and ends like the frame's; undefined for every other. The message is what
 * stands in `stream` from `start` to `end`.
 */
export function quotedInFrame(
  { before, after }: TextFrame,
  stream: string,
  start: number,
  end: number,
): string | undefined {
  const textStart = start + before.length;
  const textEnd = end - after.length;
  // Slices are compared by the word, `startsWith` by the character: it alone would take as long as all the rest.
  if (textEnd < textStart || stream.slice(start, textStart) !== before) return undefined;
  if (stream.slice(textEnd, end) !== after) return undefined;
  return stream.slice(textStart, textEnd);
}

/** What a JSON string in so many JSON strings says; undefined when it ends early, so that there is more than text in the message. */
export function unquote(quoted: string, depth: number): string | undefined {
  if (!/["\\\p{Cc}]/u.test(quoted)) return quoted;
  const inner = tryParseJson(`"${quoted}"`);
  if (typeof inner !== 'string') return undefined;
  return depth === 1 ? inner : unquote(inner, depth - 1);
}
