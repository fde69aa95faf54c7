import type { TurnEvent } from '../../core/events.ts';
import { isRecord, toNumber, tryParseJson } from '../../core/json.ts';
import { findTextFrame, type TextFrame, textInFrame } from '../../core/text-frame.ts';

type TextDelta = TurnEvent & { readonly type: 'text-delta' | 'reasoning-delta' };

interface Frame extends TextFrame {
  readonly type: TextDelta['type'];
}

/** A stream whose events keep differing in more than their text is read in full. */
const mostAttempts = 8;

/** Reads deltas without parsing their events: by the frame that they share with one that was parsed. */
export class DeltaFrame {
  #frame: Frame | undefined;
  #attempts = 0;

  /** The delta in an event that differs from a learned one only in its text; undefined for every other, which has to be parsed. */
  read(data: string): TextDelta | undefined {
    const frame = this.#frame;
    const text = frame && textInFrame(frame, data);
    return text === undefined || !frame ? undefined : { type: frame.type, text };
  }

  /** Takes an event apart that was parsed, and of which this came first. */
  learn(data: string, event: TurnEvent | undefined): void {
    if (event?.type !== 'text-delta' && event?.type !== 'reasoning-delta') return;
    if (++this.#attempts <= mostAttempts) this.#frame = findFrame(data, event) ?? this.#frame;
  }
}

/** The frame around the text of an event that has nothing else to say. */
function findFrame(data: string, { type, text }: TextDelta): Frame | undefined {
  const field = type === 'text-delta' ? 'content' : 'reasoning_content';
  const frame = findTextFrame(data, field, text, (event) => {
    const delta = plainDelta(event);
    return delta?.type === type ? delta.text : undefined;
  });
  return frame && { type, ...frame };
}

/** The text of a chunk that has nothing else to say. */
function plainDelta(data: string): TextDelta | undefined {
  const outer = tryParseJson(data);
  if (!isRecord(outer) || toNumber(outer['statusCodeValue'] ?? 200) !== 200) return undefined;
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
