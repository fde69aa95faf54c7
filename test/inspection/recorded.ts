import { setImmediate } from 'node:timers/promises';
import type { ProxyError } from '../../src/core/errors.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import type { TraceNote, WireRequest } from '../../src/core/trace.ts';
import { anthropicMessages } from '../../src/protocols/anthropic/protocol.ts';
import { openAiChat } from '../../src/protocols/openai-chat/protocol.ts';
import { createOpenAiResponses } from '../../src/protocols/openai-responses/protocol.ts';
import type { KeptRequest } from '../../src/recording/record.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';

export type Api = 'messages' | 'openai-chat' | 'openai-responses';

const dialects: Readonly<Record<Api, { readonly protocol: Protocol; readonly path: string }>> = {
  messages: { protocol: anthropicMessages, path: '/v1/messages' },
  'openai-chat': { protocol: openAiChat, path: '/v1/chat/completions' },
  'openai-responses': {
    protocol: createOpenAiResponses({ conversation: () => [], item: () => undefined, save() {} }),
    path: '/v1/responses',
  },
};

export interface Exchange {
  readonly wire: WireRequest;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: string;
}

export interface Recorded {
  readonly api?: Api;
  /** What the client sends, as JSON or as text. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly events?: readonly TurnEvent[];
  readonly notes?: readonly TraceNote[];
  readonly exchanges?: readonly Exchange[];
  readonly error?: ProxyError;
  readonly statusCode?: number;
}

export const usage = { source: 'upstream', inputTokens: 5, outputTokens: 2 } as const;
export const ended: TurnEvent = { type: 'turn-end', reason: 'stop', usage };
export const answered: readonly TurnEvent[] = [
  { type: 'turn-start', model: 'kmodel', inputTokens: 5 },
  { type: 'text-delta', text: 'Hel' },
  { type: 'text-delta', text: 'lo' },
  ended,
];

export function recorder(options: { bodyLimit?: number; redactor?: Redactor; keepsBodies?: boolean } = {}) {
  const { bodyLimit, keepsBodies = true } = options;
  return new Recorder({
    redactor: options.redactor ?? new Redactor(),
    keepsBodies: () => keepsBodies,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
  });
}

/** The record of a request that was answered in its dialect, whole or as a stream. */
export async function record(request: Recorded, records: Recorder = recorder()): Promise<KeptRequest> {
  const { protocol, path } = dialects[request.api ?? 'messages'];
  const recording = records.begin({ method: 'POST', path, headers: request.headers ?? {} });
  const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
  recording.clientRequest(body);
  for (const note of request.notes ?? []) recording.note(note);
  for (const { wire, status, headers, data } of request.exchanges ?? []) {
    recording.upstreamRequest(wire);
    if (status !== undefined) recording.upstreamResponse(status, headers ?? {});
    recording.upstreamData(data ?? '');
  }
  if (request.events) {
    const decoded = protocol.decodeRequest(request.body);
    recording.decoded(protocol.name, decoded.turn, decoded.stream);
    const encoder = protocol.createStreamEncoder(decoded);
    for (const event of request.events) {
      recording.events([event]);
      const text = encoder.encode(event);
      if (decoded.stream && text !== '') recording.clientData(text);
    }
    if (!decoded.stream) recording.clientData('{"object":"whole"}');
  }
  if (request.error) {
    recording.failed(request.error);
    recording.clientData(JSON.stringify(protocol.encodeError(request.error).body));
  }
  recording.clientStatus(request.statusCode ?? (request.error ? 400 : 200));
  recording.finish();
  await setImmediate();
  return recording;
}
