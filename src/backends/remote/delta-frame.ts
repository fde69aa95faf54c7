import type { TurnEvent } from '../../core/events.ts';
import { isRecord, tryParseJson } from '../../core/json.ts';

type TextDelta = TurnEvent & { readonly type: 'text-delta' | 'reasoning-delta' };

interface Frame {
  readonly type: TextDelta['type'];
  /** All of an event that comes before the text, and all that comes after it. */
  readonly before: string;
  readonly after: string;
  /** How many JSON strings the text stands in: 2 in an envelope, whose body is JSON as a string. */
  readonly depth: 1 | 2;
}

/** A stream whose events keep differing in more than their text is read in full. */
const mostAttempts = 8;
/** What a frame is tried with. Needs no escapes. */
const probe = 'between the ends';

/**
 * Reads deltas without parsing their events. The events of one stream are alike: id, model, envelope and all else repeat, and only
 * the text differs. So one event is taken apart, and what begins and ends exactly like it holds nothing new but the JSON string in
 * the middle. Parsing would be most of the work that a chunk takes.
 */
export class DeltaFrame {
  #frame: Frame | undefined;
  #attempts = 0;

  /** The delta in an event that differs from a learned one only in its text; undefined for every other, which has to be parsed. */
  read(data: string): TextDelta | undefined {
    const frame = this.#frame;
    const text = frame && textBetween(frame, data);
    return text === undefined || !frame ? undefined : { type: frame.type, text };
  }

  /** Takes an event apart that was parsed, and of which this came first. */
  learn(data: string, event: TurnEvent | undefined): void {
    if (event?.type !== 'text-delta' && event?.type !== 'reasoning-delta') return;
    if (++this.#attempts <= mostAttempts) this.#frame = findFrame(data, event) ?? this.#frame;
  }
}

function textBetween({ before, after, depth }: Frame, data: string): string | undefined {
  const end = data.length - after.length;
  // Slices are compared by the word, `startsWith` by the character: it alone would take as long as all the rest.
  if (data.slice(0, before.length) !== before || data.slice(Math.max(before.length, end)) !== after) {
    return undefined;
  }
  return unquote(data.slice(before.length, end), depth);
}

/** What a JSON string in so many JSON strings says; undefined when it ends early, so that there is more than text. */
function unquote(quoted: string, depth: number): string | undefined {
  if (!/["\\\p{Cc}]/u.test(quoted)) return quoted;
  const inner = tryParseJson(`"${quoted}"`);
  if (typeof inner !== 'string') return undefined;
  return depth === 1 ? inner : unquote(inner, depth - 1);
}

/** The frame around the text of an event that has nothing else to say. */
function findFrame(data: string, { type, text }: TextDelta): Frame | undefined {
  const field = type === 'text-delta' ? 'content' : 'reasoning_content';
  for (const depth of [1, 2] as const) {
    const quote = depth === 1 ? '"' : '\\"';
    const head = `${quote}${field}${quote}:${quote}`;
    const at = data.indexOf(head + text + quote);
    if (at < 0) continue;
    const start = at + head.length;
    const frame = { type, before: data.slice(0, start), after: data.slice(start + text.length), depth };
    // Another field may hold the same words: the frame is right if other words in it are all that the delta says.
    const tried = plainDelta(frame.before + probe + frame.after);
    if (tried?.type === type && tried.text === probe) return frame;
  }
  return undefined;
}

/** The text of a chunk that has nothing else to say. */
function plainDelta(data: string): TextDelta | undefined {
  const outer = tryParseJson(data);
  if (!isRecord(outer) || Number(outer['statusCodeValue'] ?? 200) !== 200) return undefined;
  const { body } = outer;
  const chunk = typeof body === 'string' ? tryParseJson(body) : outer;
  if (!isRecord(chunk) || !Array.isArray(chunk['choices']) || chunk['choices'].length !== 1) return undefined;
  const choice: unknown = chunk['choices'][0];
  if (!isRecord(choice) || (choice['index'] ?? 0) !== 0 || !isRecord(choice['delta'])) return undefined;
  const { content, reasoning_content: reasoning, tool_calls: calls } = choice['delta'];
  if (!isEmpty(chunk['usage']) || !isEmpty(chunk['error']) || !isEmpty(choice['finish_reason']))
    return undefined;
  if (!isEmpty(calls) || isEmpty(content) === isEmpty(reasoning)) return undefined;
  if (typeof content === 'string' && content !== '') return { type: 'text-delta', text: content };
  return typeof reasoning === 'string' ? { type: 'reasoning-delta', text: reasoning } : undefined;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
