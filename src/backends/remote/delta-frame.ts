import type { TurnEvent } from '../../core/events.ts';
import { isRecord, toNumber, tryParseJson } from '../../core/json.ts';
import { findTextFrame, quotedInFrame, type TextFrame, unquote } from '../../core/text-frame.ts';
import type { AlikeMessages } from '../../core/wire-text.ts';

export type TextDelta = TurnEvent & { readonly type: 'text-delta' | 'reasoning-delta' };

interface Frame extends TextFrame {
  readonly type: TextDelta['type'];
}

/** Events that were read together. */
interface AlikeEvents {
  readonly deltas: readonly TextDelta[];
  readonly messages: AlikeMessages;
  /** Where the first event begins that is not like them, which has to be parsed. */
  readonly end: number;
}

/** A stream whose events keep differing in more than their text is read in full. */
const mostAttempts = 8;
/** An event of a stream with line feeds alone: its data, and around it nothing that could mean something. */
const plainEvent = /^(?:event:[^\n]*\n)?data: ?([^\n]+)\n\n$/;

/** Reads deltas without parsing their events: by the frame that they share with one that was parsed. */
export class DeltaFrame {
  #frame: Frame | undefined;
  #attempts = 0;

  /** Whether another event could still teach it something, or has. */
  get isOfUse(): boolean {
    return this.#frame !== undefined || this.#attempts < mostAttempts;
  }

  /**
   * Reads the events that differ from a learned one only in their text. There must be an event's beginning at `at`. Undefined: the
   * first event there is not like that.
   */
  read(stream: string, at: number): AlikeEvents | undefined {
    const frame = this.#frame;
    if (frame === undefined) return undefined;
    const { type, before, after, depth } = frame;
    const deltas: TextDelta[] = [];
    const parts: string[] = [];
    let end = at;
    for (;;) {
      // No line feed can be in the text, so the first behind it is the event's.
      const lineEnd = stream.indexOf('\n', end + before.length);
      const quoted = lineEnd < 0 ? undefined : quotedInFrame(frame, stream, end, lineEnd + 2);
      const text = quoted === undefined ? undefined : unquote(quoted, depth);
      if (quoted === undefined || text === undefined) break;
      if (text !== '') deltas.push({ type, text });
      parts.push(quoted);
      end = lineEnd + 2;
    }
    return parts.length === 0 ? undefined : { deltas, messages: { before, parts, after }, end };
  }

  /** Takes an event apart that was parsed, and that said this. */
  learn(event: string, said: readonly TurnEvent[]): void {
    const [delta, more] = said;
    if (more !== undefined || (delta?.type !== 'text-delta' && delta?.type !== 'reasoning-delta')) return;
    if (++this.#attempts <= mostAttempts) this.#frame = findFrame(event, delta) ?? this.#frame;
  }
}

/** The frame around the text of an event that has nothing else to say. */
function findFrame(event: string, { type, text }: TextDelta): Frame | undefined {
  const field = type === 'text-delta' ? 'content' : 'reasoning_content';
  const frame = findTextFrame(event, field, text, (other) => {
    const delta = plainDelta(plainEvent.exec(other)?.[1] ?? '');
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
