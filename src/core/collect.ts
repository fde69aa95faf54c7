import type { TurnEventReader } from './backend.ts';
import { ProxyError } from './errors.ts';
import type { EndReason, TurnEnd, TurnEvent, Usage } from './events.ts';
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

/** Events, and at times some that have come already. */
type CollectedEvents = AsyncIterable<TurnEvent> & Pick<TurnEventReader, 'ready'>;

/** Gathers a stream into a whole answer. Throws what the stream throws, and `upstream-protocol` when it has no end. */
export async function collect(events: CollectedEvents): Promise<TurnResult> {
  const answer = new GatheredAnswer();
  for await (const first of events) {
    for (const event of [first, ...(events.ready?.() ?? [])]) {
      if (event.type === 'turn-end') return answer.end(event);
      answer.add(event);
    }
  }
  throw missingEnd();
}

class GatheredAnswer {
  #model = '';
  readonly #parts: OpenPart[] = [];
  readonly #calls = new Map<string, OpenPart>();

  add(event: Exclude<TurnEvent, TurnEnd>): void {
    switch (event.type) {
      case 'turn-start':
        this.#model = event.model;
        break;
      case 'keep-alive':
        break;
      case 'text-delta':
        this.#continued('text').pieces.push(event.text);
        break;
      case 'reasoning-delta': {
        const part = this.#continued('reasoning');
        part.pieces.push(event.text);
        if (event.signature !== undefined) part.signature = event.signature;
        break;
      }
      case 'tool-call-start':
        this.#calls.set(event.id, this.#open('tool-call', event.id, event.name, event.namespace));
        break;
      case 'tool-call-delta':
        this.#calls.get(event.id)?.pieces.push(event.input);
        break;
      case 'tool-call-end':
        break;
      default:
        event satisfies never;
    }
  }

  end({ reason, stopSequence, usage }: TurnEnd): TurnResult {
    return {
      model: this.#model,
      content: this.#parts.map(closePart).filter((part) => part.type !== 'text' || part.text !== ''),
      reason,
      ...(stopSequence === undefined ? {} : { stopSequence }),
      usage,
    };
  }

  #continued(type: 'text' | 'reasoning'): OpenPart {
    const last = this.#parts.at(-1);
    return last?.type === type ? last : this.#open(type);
  }

  #open(type: OpenPart['type'], id = '', name = '', namespace?: string): OpenPart {
    const part = { type, id, name, namespace, signature: undefined, pieces: [] };
    this.#parts.push(part);
    return part;
  }
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
