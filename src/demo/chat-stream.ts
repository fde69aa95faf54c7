import { randomUUID } from 'node:crypto';
import { argumentsText, cutText, type Reply, type SimulatedToolCall } from './brain.ts';
import type { RemoteScenario } from './scenarios.ts';

/** Something to be written to the stream: an event, or bytes as they are. */
export type StreamItem =
  | { readonly kind: 'event'; readonly data: string | Buffer; readonly name?: string }
  | { readonly kind: 'raw'; readonly bytes: string };

interface Fragment {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  readonly arguments: string;
}

/** The stream that a reply becomes, shaped by the scenario. `inputTokens` is used when the reply gives no usage. */
export function* chatEvents(
  reply: Reply,
  model: string,
  inputTokens: number,
  scenario: RemoteScenario,
): Generator<StreamItem> {
  const writer = new ChunkWriter(model, scenario);
  const outcome = yield* contentEvents(reply, writer, scenario);
  if (scenario.hugeChunk !== undefined) yield writer.delta({ content: '大'.repeat(scenario.hugeChunk) });
  if (scenario.endlessLine !== undefined) {
    yield* endlessLine(scenario.endlessLine);
    return;
  }
  const usage = reply.usage ?? {
    inputTokens,
    outputTokens: Math.max(1, Math.ceil(outcome.characters / 4)),
  };
  const counts = usage === 'withheld' || scenario.usage === 'absent' ? undefined : usage;
  const reason = reply.finishReason ?? (outcome.calls > 0 ? 'tool_calls' : 'stop');
  const times = scenario.duplicateEnd ? 2 : 1;
  for (let time = 0; time < times; time++) yield* endEvents(writer, reason, counts, scenario);
  if (scenario.strayAfterEnd) yield writer.delta({ content: 'stray text after the end' });
}

function* contentEvents(
  reply: Reply,
  writer: ChunkWriter,
  scenario: RemoteScenario,
): Generator<StreamItem, { characters: number; calls: number }> {
  const size = reply.chunkSize ?? 12;
  let characters = 0;
  let calls = 0;
  let waiting: Fragment[][] = [];
  yield writer.delta({ role: 'assistant', content: '' });
  for (const part of reply.parts) {
    if ('toolCall' in part) {
      const fragments = cutCall(part.toolCall, calls++, size, scenario);
      characters += argumentsText(part.toolCall).length;
      if (scenario.toolCalls === 'interleaved') waiting.push(fragments);
      else for (const fragment of fragments) yield writer.toolCall(fragment);
      continue;
    }
    for (const fragment of interleave(waiting)) yield writer.toolCall(fragment);
    waiting = [];
    const isThought = 'thought' in part;
    const text = isThought ? part.thought : part.text;
    characters += text.length;
    for (const piece of cutText(text, size)) {
      yield isThought ? writer.delta({ reasoning_content: piece }) : writer.text(piece);
    }
  }
  for (const fragment of interleave(waiting)) yield writer.toolCall(fragment);
  return { characters, calls };
}

function* endEvents(
  writer: ChunkWriter,
  reason: string,
  usage: { inputTokens: number; outputTokens: number } | undefined,
  scenario: RemoteScenario,
): Generator<StreamItem> {
  const ending = scenario.ending ?? 'full';
  if (ending === 'none') return;
  yield writer.finish(reason);
  if (ending === 'finish-reason-only') return;
  if (usage !== undefined && ending !== 'finish-event') yield writer.usage(usageFields(usage, false));
  if (ending === 'done-bare') {
    yield { kind: 'event', data: '[DONE]' };
    return;
  }
  if (ending !== 'finish-event') yield writer.envelope('[DONE]');
  if (ending === 'done-body') return;
  const timings = { firstTokenDuration: 312, totalDuration: 1840, serverDuration: 1795 };
  const named = usage === undefined ? {} : { usage: usageFields(usage, scenario.usage === 'input') };
  yield { kind: 'event', name: 'finish', data: JSON.stringify({ ...timings, ...named }) };
}

function usageFields(usage: { inputTokens: number; outputTokens: number }, inputNames: boolean): object {
  const { inputTokens, outputTokens } = usage;
  const total_tokens = inputTokens + outputTokens;
  return inputNames
    ? { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens }
    : { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens };
}

function cutCall(call: SimulatedToolCall, index: number, size: number, scenario: RemoteScenario): Fragment[] {
  const id = call.id ?? `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  const text = argumentsText(call);
  const head = { index, name: call.name, ...(scenario.toolCallsWithout === 'id' ? {} : { id }) };
  if (scenario.toolCalls === 'whole') return [{ ...head, arguments: text }];
  return [
    { ...head, arguments: '' },
    ...Array.from(cutText(text, size), (piece) => ({ index, arguments: piece })),
  ];
}

function* interleave(lists: readonly Fragment[][]): Generator<Fragment> {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  for (let turn = 0; turn < longest; turn++) {
    for (const list of lists) {
      const fragment = list[turn];
      if (fragment !== undefined) yield fragment;
    }
  }
}

/** 64 KB at a time, so that the line costs no memory here. */
function* endlessLine(bytes: number): Generator<StreamItem> {
  yield { kind: 'raw', bytes: 'data:' };
  const block = 'x'.repeat(65_536);
  for (let sent = 0; sent < bytes; sent += block.length) yield { kind: 'raw', bytes: block };
}

/** Wraps deltas into chunks, and chunks into envelopes. */
class ChunkWriter {
  readonly #id = `chatcmpl-${randomUUID()}`;
  readonly #created = Math.floor(Date.now() / 1000);
  readonly #model: string;
  readonly #bare: boolean;
  readonly #withoutIndex: boolean;
  #lastText: string | undefined;
  #lastItem: StreamItem | undefined;

  constructor(model: string, scenario: RemoteScenario) {
    this.#model = model;
    this.#bare = scenario.bareChunks ?? false;
    this.#withoutIndex = scenario.toolCallsWithout === 'index';
  }

  /** A content delta. Equal texts in a row are encoded once: measurements should not measure this simulator. */
  text(content: string): StreamItem {
    if (content === this.#lastText && this.#lastItem !== undefined) return this.#lastItem;
    const item = this.delta({ content });
    this.#lastText = content;
    this.#lastItem = item;
    return item;
  }

  toolCall(fragment: Fragment): StreamItem {
    const { index, id, name } = fragment;
    const call = {
      ...(this.#withoutIndex ? {} : { index }),
      ...(id === undefined ? {} : { id }),
      ...(name === undefined ? {} : { type: 'function' }),
      function: { ...(name === undefined ? {} : { name }), arguments: fragment.arguments },
    };
    return this.delta({ tool_calls: [call] });
  }

  delta(delta: object): StreamItem {
    return this.#chunk({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  finish(reason: string): StreamItem {
    return this.#chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
  }

  usage(usage: object): StreamItem {
    return this.#chunk({ choices: [], usage });
  }

  envelope(body: string): StreamItem {
    return { kind: 'event', data: encodeEnvelope(body) };
  }

  #chunk(fields: object): StreamItem {
    const body = JSON.stringify({
      id: this.#id,
      object: 'chat.completion.chunk',
      created: this.#created,
      model: this.#model,
      ...fields,
    });
    return this.#bare ? { kind: 'event', data: body } : this.envelope(body);
  }
}

/** One envelope; `statusCodeValue` of 400 and more makes it an error. */
function encodeEnvelope(body: string, statusCodeValue = 200, statusMessage?: string): string {
  return JSON.stringify({
    headers: { 'Content-Type': ['application/json'] },
    body,
    statusCode: statusCodeValue < 400 ? 'OK' : 'ERROR',
    statusCodeValue,
    ...(statusMessage === undefined ? {} : { statusMessage }),
  });
}

/** Puts the scenario's faults into a stream of events. */
export function* spoil(items: Iterable<StreamItem>, scenario: RemoteScenario): Generator<StreamItem> {
  const { errorEnvelope, malformed } = scenario;
  let chunks = 0;
  for (const item of items) {
    if (errorEnvelope !== undefined && chunks === errorEnvelope.afterChunks) {
      const { statusCodeValue, message, messageIn } = errorEnvelope;
      const error = JSON.stringify({ error: { message } });
      const data = {
        statusMessage: () => encodeEnvelope('', statusCodeValue, message),
        body: () => encodeEnvelope(error, statusCodeValue),
        chunk: () => encodeEnvelope(JSON.stringify({ error: { message, code: statusCodeValue } })),
      }[messageIn ?? 'body']();
      yield { kind: 'event', data };
      return;
    }
    if (malformed !== undefined && chunks === malformed.afterChunks) yield malformedEvent(malformed.kind);
    if (scenario.comments && chunks % 3 === 1) yield { kind: 'raw', bytes: ':keep-alive\n\n' };
    yield item;
    chunks++;
  }
}

function malformedEvent(kind: 'envelope' | 'inner' | 'encoding'): StreamItem {
  switch (kind) {
    case 'envelope':
      return { kind: 'event', data: '{"headers":{},"body":"{\\"choices\\":[' };
    case 'inner':
      return { kind: 'event', data: encodeEnvelope('{"choices":[{"index":0,"delta":{"content":') };
    case 'encoding': {
      const text = encodeEnvelope(JSON.stringify({ choices: [{ index: 0, delta: { content: '#' } }] }));
      const bytes = Buffer.from(text);
      bytes[bytes.indexOf('#')] = 0xff;
      return { kind: 'event', data: bytes };
    }
    default:
      return kind satisfies never;
  }
}
