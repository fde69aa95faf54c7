import type { TurnEvent } from '../../../src/core/events.ts';
import type { Protocol } from '../../../src/core/protocol.ts';
import type { Turn } from '../../../src/core/turn.ts';
import { createOpenAiResponses } from '../../../src/protocols/openai-responses/protocol.ts';
import type {
  ResponseStore,
  StoredResponse,
} from '../../../src/protocols/openai-responses/response-store.ts';
import type { ResponsesRequest } from '../../../src/protocols/openai-responses/responses-request.ts';

/** A store without bounds that shows what was saved. */
export class PlainStore implements ResponseStore {
  readonly saved: StoredResponse[] = [];

  conversation(responseId: string): readonly unknown[] | undefined {
    return this.saved.find(({ id }) => id === responseId)?.conversation;
  }

  item(itemId: string): unknown {
    return this.saved.flatMap(({ output }) => output).find(({ id }) => id === itemId);
  }

  save(response: StoredResponse): void {
    this.saved.push(response);
  }
}

/** The dialect with ids `a1`, `a2` … and a clock that stands still. */
export function createDialect(store: ResponseStore = new PlainStore()): Protocol<ResponsesRequest> {
  let count = 0;
  return createOpenAiResponses(store, { newId: () => `a${++count}`, unixSeconds: () => 1_700_000_000 });
}

export function decode(body: Record<string, unknown>, store?: ResponseStore): ResponsesRequest {
  return createDialect(store).decodeRequest({ model: 'kmodel', ...body });
}

/** What a request with this input becomes. */
export function decodeTurn(input: unknown, rest: Record<string, unknown> = {}): Turn {
  return decode({ input, ...rest }).turn;
}

/** The text of a whole stream. */
export function encodeStream(
  dialect: Protocol<ResponsesRequest>,
  request: ResponsesRequest,
  events: readonly TurnEvent[],
): string {
  const encoder = dialect.createStreamEncoder(request);
  return events.map((event) => encoder.encode(event)).join('');
}

export interface SseEvent {
  readonly event: string;
  readonly data: Record<string, unknown> & { readonly type: string; readonly sequence_number: number };
}

/** Reads a stream back, strictly: each event is one `event:` and one `data:` line. */
export function parseSse(text: string): SseEvent[] {
  const blocks = text.split('\n\n');
  if (blocks.pop() !== '') throw new Error('The stream does not end with an empty line.');
  return blocks.map((block) => {
    const match = /^event: (\S+)\ndata: (.+)$/.exec(block);
    if (match === null) throw new Error(`Not an event: ${block}`);
    return { event: match[1] ?? '', data: JSON.parse(match[2] ?? '') };
  });
}

export const usage = { source: 'upstream', inputTokens: 10, outputTokens: 5 } as const;
export const start: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 9 };
export const stop: TurnEvent = { type: 'turn-end', reason: 'stop', usage };
export const toolStop: TurnEvent = { type: 'turn-end', reason: 'tool-calls', usage };

export function text(value: string): TurnEvent {
  return { type: 'text-delta', text: value };
}

/** The events of one call, its input in pieces. */
export function call(id: string, name: string, pieces: readonly string[], namespace?: string): TurnEvent[] {
  return [
    { type: 'tool-call-start', id, name, ...(namespace === undefined ? {} : { namespace }) },
    ...pieces.map((input) => ({ type: 'tool-call-delta', id, input }) as const),
    { type: 'tool-call-end', id },
  ];
}
