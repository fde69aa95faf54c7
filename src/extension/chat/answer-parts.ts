import { ProxyError } from '../../core/errors.ts';
import type { TurnEvent } from '../../core/events.ts';
import { isRecord, type JsonRecord, tryParseJson } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';

/** A piece of an answer as VS Code takes it: text as it comes, a call when it is complete. */
export type AnswerPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly input: JsonRecord };

/**
 * The pieces of an answer. Throws what the events throw, and after the last of them `upstream-protocol` for a call whose input is no
 * object, which no tool could be given, and `permission-denied` for an answer that upstream's filter ended.
 */
export async function* answerParts(events: AsyncIterable<TurnEvent>): AsyncGenerator<AnswerPart, void> {
  const calls = new Map<string, { readonly name: string; readonly pieces: string[] }>();
  let failure: ProxyError | undefined;
  for await (const event of events) {
    switch (event.type) {
      case 'text-delta':
        yield { type: 'text', text: event.text };
        break;
      case 'reasoning-delta':
        yield { type: 'thinking', text: event.text };
        break;
      case 'tool-call-start':
        calls.set(event.id, { name: event.name, pieces: [] });
        break;
      case 'tool-call-delta':
        calls.get(event.id)?.pieces.push(event.input);
        break;
      case 'tool-call-end': {
        const { name = '', pieces = [] } = calls.get(event.id) ?? {};
        const input = inputOf(pieces.join(''));
        if (input) yield { type: 'tool-call', id: event.id, name, input };
        else failure ??= unusableCall(name);
        break;
      }
      case 'turn-end':
        if (event.reason === 'content-filter') failure ??= filtered();
        break;
      case 'turn-start':
      case 'keep-alive':
        break;
      default:
        event satisfies never;
    }
  }
  if (failure) throw failure;
}

/** Models leave the input of a call without arguments empty. */
function inputOf(text: string): JsonRecord | undefined {
  const input = text.trim() === '' ? {} : tryParseJson(text);
  return isRecord(input) ? input : undefined;
}

function unusableCall(name: string): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    phrase(
      'The model called the tool “{0}” with arguments that are no JSON object, so it could not be run. Send the message again, or choose another model.',
      name,
    ),
  );
}

function filtered(): ProxyError {
  return new ProxyError(
    'permission-denied',
    phrase('Lingma’s content filter ended the answer. Word the request differently.'),
  );
}
