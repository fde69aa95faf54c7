import assert from 'node:assert/strict';
import { collect, type TurnResult } from '../../../src/core/collect.ts';
import { encodeTogether } from '../../../src/core/encode-together.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { isRecord, type JsonRecord, tryParseJson } from '../../../src/core/json.ts';
import type { DecodedRequest, Protocol } from '../../../src/core/protocol.ts';
import { wireTextOf } from '../../../src/core/wire-text.ts';
import { checkStream } from '../../../src/inspection/validation/check-stream.ts';
import { checkWhole } from '../../../src/inspection/validation/check-whole.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic/protocol.ts';
import { openAiChat } from '../../../src/protocols/openai-chat/protocol.ts';
import { createOpenAiResponses } from '../../../src/protocols/openai-responses/protocol.ts';

/** Events that differ only in how their text is cut become the same. */
export function joined(events: readonly TurnEvent[]): TurnEvent[] {
  const out: TurnEvent[] = [];
  for (const event of events) {
    const last = out.at(-1);
    if (event.type === 'keep-alive') continue;
    if ((event.type === 'text-delta' || event.type === 'reasoning-delta') && last?.type === event.type) {
      out[out.length - 1] = { ...last, ...event, text: last.text + event.text };
    } else if (event.type === 'tool-call-delta' && last?.type === event.type && last.id === event.id) {
      out[out.length - 1] = { ...last, input: last.input + event.input };
    } else out.push(event);
  }
  return out;
}

/** All text of one kind. */
export function textOf(
  events: readonly TurnEvent[],
  type: 'text-delta' | 'reasoning-delta' = 'text-delta',
): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

/** What a backend promises of its events; `isOver`: it has come to its end. */
export function assertInOrder(events: readonly TurnEvent[], isOver: boolean): void {
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const [index, event] of events.entries()) {
    if (index === 0) assert.equal(event.type, 'turn-start');
    switch (event.type) {
      case 'turn-start':
        assert.equal(index, 0, 'A turn started twice.');
        break;
      case 'tool-call-start':
        assert.ok(!seen.has(event.id), 'Two calls share an id.');
        seen.add(event.id);
        open.add(event.id);
        break;
      case 'tool-call-delta':
        assert.ok(open.has(event.id), 'Input came outside of its call.');
        break;
      case 'tool-call-end':
        assert.ok(open.delete(event.id), 'A call ended that was not open.');
        break;
      case 'turn-end':
        assert.equal(index, events.length - 1, 'Something came behind the end.');
        assert.equal(open.size, 0, 'A call was left open.');
        break;
      default:
        break;
    }
  }
  assert.equal(
    events.at(-1)?.type === 'turn-end',
    isOver,
    'The end came when there was none, or was missing.',
  );
}

const tools = ['Bash', 'Read'];
const messagesRequest = anthropicMessages.decodeRequest({
  model: 'kmodel',
  max_tokens: 100,
  stream: true,
  thinking: { type: 'adaptive' },
  messages: [{ role: 'user', content: 'Hello' }],
  tools: tools.map((name) => ({ name, input_schema: { type: 'object' } })),
});
const chatRequest = openAiChat.decodeRequest({
  model: 'kmodel',
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: 'user', content: 'Hello' }],
  tools: tools.map((name) => ({ type: 'function', function: { name } })),
});
const openAiResponses = createOpenAiResponses({
  conversation: () => undefined,
  item: () => undefined,
  save() {},
});
const responsesBody = {
  model: 'kmodel',
  stream: true,
  input: 'Hello',
  tools: tools.map((name) => ({ type: 'function', name, parameters: { type: 'object' } })),
};

/** Every dialect can say these events, streamed and whole, by its own rules and without losing any text. */
export async function assertEncodable(events: readonly TurnEvent[], failure?: ProxyError): Promise<void> {
  await assertEncodableBy(anthropicMessages, messagesRequest, events, failure);
  await assertEncodableBy(openAiChat, chatRequest, events, failure);
  // The ids of its items count up.
  await assertEncodableBy(openAiResponses, openAiResponses.decodeRequest(responsesBody), events, failure);
}

export async function assertEncodableBy<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  request: Request,
  events: readonly TurnEvent[],
  failure?: ProxyError,
): Promise<void> {
  const encoder = protocol.createStreamEncoder(request);
  let stream = wireTextOf(...encodeTogether(encoder, events));
  if (failure) stream += encoder.fail(failure);
  const isWhole = failure !== undefined || events.at(-1)?.type === 'turn-end';
  assert.deepEqual(
    checkStream(protocol.name, stream, isWhole).filter(isOurs),
    [],
    `${protocol.name} streams what it must not.`,
  );
  assert.equal(streamedText(stream), textOf(events), `${protocol.name} streams another text.`);

  const whole = await collect(iterated(events)).catch((error: unknown) => error);
  if (whole instanceof ProxyError) {
    const { status, body } = protocol.encodeError(failure ?? whole);
    assert.ok(status >= 400 && status < 600);
    assert.deepEqual(checkWhole(protocol.name, JSON.stringify(body), status), []);
    return;
  }
  if (whole instanceof Error) throw whole;
  assert.ok(isRecord(whole));
  const body = encodedResult(protocol, request, await collect(iterated(events)));
  if (body === undefined) return;
  assert.deepEqual(
    checkWhole(protocol.name, JSON.stringify(body), 200).filter(isOurs),
    [],
    `${protocol.name} answers what it must not.`,
  );
}

/** Undefined where a dialect wants arguments as an object and the model wrote none: that is an error in this dialect. */
function encodedResult<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  request: Request,
  result: TurnResult,
): object | undefined {
  try {
    return protocol.encodeResult(result, request);
  } catch (error) {
    const isBroken = result.content.some(
      (part) => part.type === 'tool-call' && !isRecord(tryParseJson(part.input)),
    );
    if (error instanceof ProxyError && error.kind === 'upstream-protocol' && isBroken) return undefined;
    throw error;
  }
}

/** What a model wrote as arguments is passed on as it is, be it JSON or not. */
function isOurs({ rule }: { readonly rule: string }): boolean {
  return !/(?:arguments|input)-not-json$/.test(rule);
}

async function* iterated(events: readonly TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}

/** The visible text in an event stream of any dialect. */
function streamedText(stream: string): string {
  return stream
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line): unknown => JSON.parse(line.slice('data: '.length)))
    .map((data) => (isRecord(data) ? textIn(data) : ''))
    .join('');
}

function textIn({ type, delta, choices }: JsonRecord): string {
  if (type === 'response.output_text.delta') return String(delta);
  if (type === 'content_block_delta' && isRecord(delta))
    return delta['type'] === 'text_delta' ? String(delta['text']) : '';
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const chunk = isRecord(choice) && isRecord(choice['delta']) ? choice['delta'] : {};
  return typeof chunk['content'] === 'string' ? chunk['content'] : '';
}
