import { ProxyError } from './errors.ts';
import type { EndReason, TurnEvent, Usage } from './events.ts';
import { phrase } from './localizer.ts';
import type { AssistantContent } from './turn.ts';

/** A whole answer. */
export interface TurnResult {
  /** The model that answered. */
  readonly model: string;
  /** In the order in which it began; neighbouring deltas of one kind are one part. */
  readonly content: readonly AssistantContent[];
  readonly reason: EndReason;
  readonly stopSequence?: string;
  readonly usage: Usage;
}

interface OpenPart {
  readonly type: 'text' | 'reasoning' | 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly namespace: string | undefined;
  signature: string | undefined;
  readonly pieces: string[];
}

/** The error for a stream that stops without its end event. */
export function missingEnd(): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    phrase(
      'The upstream ended its answer without saying that it was complete, so part of it may be missing. Send the request again.',
    ),
    { retryAfterSeconds: 1 },
  );
}

/** Gathers a stream into a whole answer. Throws what the stream throws, and `upstream-protocol` when it has no end. */
export async function collect(events: AsyncIterable<TurnEvent>): Promise<TurnResult> {
  let model = '';
  const parts: OpenPart[] = [];
  const calls = new Map<string, OpenPart>();
  let last: OpenPart | undefined;
  const open = (type: OpenPart['type'], id = '', name = '', namespace?: string): OpenPart => {
    last = { type, id, name, namespace, signature: undefined, pieces: [] };
    parts.push(last);
    return last;
  };
  const continued = (type: 'text' | 'reasoning'): OpenPart => (last?.type === type ? last : open(type));

  for await (const event of events) {
    switch (event.type) {
      case 'turn-start':
        model = event.model;
        break;
      case 'keep-alive':
        break;
      case 'text-delta':
        continued('text').pieces.push(event.text);
        break;
      case 'reasoning-delta': {
        const part = continued('reasoning');
        part.pieces.push(event.text);
        if (event.signature !== undefined) part.signature = event.signature;
        break;
      }
      case 'tool-call-start':
        calls.set(event.id, open('tool-call', event.id, event.name, event.namespace));
        break;
      case 'tool-call-delta':
        calls.get(event.id)?.pieces.push(event.input);
        break;
      case 'tool-call-end':
        break;
      case 'turn-end':
        return {
          model,
          content: parts.map(closePart).filter((part) => part.type !== 'text' || part.text !== ''),
          reason: event.reason,
          ...(event.stopSequence === undefined ? {} : { stopSequence: event.stopSequence }),
          usage: event.usage,
        };
      default:
        event satisfies never;
    }
  }
  throw missingEnd();
}

function closePart(part: OpenPart): AssistantContent {
  const text = part.pieces.join('');
  switch (part.type) {
    case 'text':
      return { type: 'text', text };
    case 'reasoning':
      return {
        type: 'reasoning',
        text,
        ...(part.signature === undefined ? {} : { signature: part.signature }),
      };
    case 'tool-call':
      return {
        type: 'tool-call',
        id: part.id,
        name: part.name,
        ...(part.namespace === undefined ? {} : { namespace: part.namespace }),
        input: text,
      };
    default:
      return part.type satisfies never;
  }
}
