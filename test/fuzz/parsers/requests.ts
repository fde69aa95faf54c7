import assert from 'node:assert/strict';
import { findImageMessage } from '../../../src/backends/ipc/images.ts';
import { writePrompt } from '../../../src/backends/ipc/prompt.ts';
import { chatBody } from '../../../src/backends/remote/request-body.ts';
import { turnSchema } from '../../../src/control/turn-json.ts';
import type { Backend } from '../../../src/core/backend.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { tryParseJson } from '../../../src/core/json.ts';
import type { DecodedRequest, Protocol } from '../../../src/core/protocol.ts';
import { estimateTurnTokens } from '../../../src/core/tokens.ts';
import type { Turn } from '../../../src/core/turn.ts';
import { readChatBody } from '../../../src/demo/chat-body-schema.ts';
import { findBrokenRule } from '../../../src/demo/conversation-rules.ts';
import { jsonOutput } from '../../../src/policies/json-output.ts';
import { portableTools } from '../../../src/policies/portable-tools.ts';
import { singleToolCall } from '../../../src/policies/single-tool-call.ts';
import { stopSequences } from '../../../src/policies/stop-sequences.ts';
import { toolEmulation } from '../../../src/policies/tool-emulation/tool-emulation.ts';
import { anthropicMessages, decodeCountTokensRequest } from '../../../src/protocols/anthropic/protocol.ts';
import { openAiChat } from '../../../src/protocols/openai-chat/protocol.ts';
import { createOpenAiResponses } from '../../../src/protocols/openai-responses/protocol.ts';
import { createResponseStore, responseStoreLimits } from '../../../src/server/response-store.ts';
import { recordedContext } from '../../policies/scripted-backend.ts';
import type { FuzzedParser } from '../fuzzed-parser.ts';
import { anthropicWords, chatWords, responsesWords } from './request-words.ts';
import { assertEncodableBy } from './turn-events.ts';

const uuid = '0123abcd-0123-4bcd-8123-0123456789ab';
const cosyVersion = '2.11.2';
const now = 1_700_000_000_000;
const usage = { source: 'upstream', inputTokens: 1, outputTokens: 1 } as const;
const requestsOwn = [
  'invalid-request',
  'unsupported-feature',
  'request-too-large',
  'not-found',
  'model-not-found',
];

/** Levels of nesting that the server lets through. */
const deepest = 200;

/** Remembers the turns that reach it, and answers with a call of each tool. */
class Upstream implements Backend {
  readonly turns: Turn[] = [];

  async listModels() {
    return [];
  }

  async *run(turn: Turn): AsyncGenerator<TurnEvent> {
    this.turns.push(turn);
    yield { type: 'turn-start', model: 'kmodel', inputTokens: 1 };
    yield { type: 'text-delta', text: 'Hello "}\n' };
    for (const [index, { name }] of turn.tools.slice(0, 3).entries()) {
      const id = `call_${index}`;
      yield { type: 'tool-call-start', id, name };
      yield { type: 'tool-call-delta', id, input: '{"input":"a\\nb"}' };
      yield { type: 'tool-call-end', id };
    }
    yield { type: 'turn-end', reason: turn.tools.length > 0 ? 'tool-calls' : 'stop', usage };
  }

  async dispose() {}
}

function ownError(error: unknown): ProxyError {
  assert.ok(error instanceof ProxyError, error instanceof Error ? error.stack : String(error));
  assert.ok(requestsOwn.includes(error.kind), `${error.kind}: ${error.message}`);
  assert.ok(error.message.length < 4_000, 'A message without bounds.');
  return error;
}

async function check<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  input: Buffer,
): Promise<void> {
  const body = tryParseJson(input.toString());
  if (body === undefined || depthOf(body) > deepest) return;
  const before = JSON.stringify(body);
  let request: Request;
  try {
    request = protocol.decodeRequest(body);
  } catch (error) {
    const { status } = protocol.encodeError(ownError(error));
    assert.ok(status >= 400 && status < 500);
    return;
  }
  assert.equal(JSON.stringify(body), before, 'Decoding changed the body.');
  const { turn } = request;
  assert.ok(estimateTurnTokens(turn) >= 0);
  // A turn goes from window to window as JSON.
  assert.deepEqual(turnSchema.parse(JSON.parse(JSON.stringify(turn))), JSON.parse(JSON.stringify(turn)));
  await assertRemote(protocol, request);
  await assertIpc(protocol, request);
}

/** The turn reaches the strict remote API as it wants it, or is refused as the request's own fault. */
async function assertRemote<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  request: Request,
): Promise<void> {
  const upstream = new Upstream();
  const backend = [stopSequences(), jsonOutput(), singleToolCall(), portableTools()].reduceRight<Backend>(
    (inner, policy) => policy(inner),
    upstream,
  );
  const events = await eventsOf(backend, request.turn);
  if (events) await assertEncodableBy(protocol, request, events);
  for (const sent of upstream.turns) {
    const body = chatBodyOf(sent);
    if (body === undefined) continue;
    const read = readChatBody(JSON.parse(JSON.stringify(body)), 'plugin');
    assert.ok('body' in read, 'broken' in read ? `The remote API would refuse ${read.broken}` : '');
    const broken = findBrokenRule(read.body, {
      knownKeys: new Set(['kmodel']),
      uploadedUrls: new Set(),
      cosyVersion,
      now,
    });
    assert.equal(broken, undefined, `The remote API would refuse: ${broken}`);
    assertTextSent(sent, JSON.stringify(body));
  }
}

function chatBodyOf(turn: Turn): object | undefined {
  try {
    const model = { key: 'kmodel', reasoning: false };
    return chatBody(turn, {
      model,
      profile: 'plugin',
      cosyVersion,
      requestUuid: uuid,
      secondUuid: uuid,
      now,
    });
  } catch (error) {
    ownError(error);
    return undefined;
  }
}

/** The turn reaches the local runtime as one text. */
async function assertIpc<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  request: Request,
): Promise<void> {
  const upstream = new Upstream();
  const backend = [stopSequences(), jsonOutput(), toolEmulation()].reduceRight<Backend>(
    (inner, policy) => policy(inner),
    upstream,
  );
  const events = await eventsOf(backend, request.turn);
  if (events) await assertEncodableBy(protocol, request, events);
  for (const sent of upstream.turns) {
    const prompt = writePrompt(sent, {
      scope: 'conversation',
      secret: 's',
      imageMessage: findImageMessage(sent)?.message,
    });
    assertTextSent(sent, JSON.stringify(prompt));
  }
}

/** No text of a conversation is lost on its way. */
function assertTextSent({ messages, system }: Turn, sent: string): void {
  const texts = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
  );
  for (const text of [...system, ...texts]) {
    if (text.trim() === '') continue;
    assert.ok(sent.includes(JSON.stringify(text).slice(1, -1)), `A text was lost: ${JSON.stringify(text)}`);
  }
}

async function eventsOf(backend: Backend, turn: Turn): Promise<TurnEvent[] | undefined> {
  const events: TurnEvent[] = [];
  try {
    for await (const event of backend.run(turn, recordedContext())) events.push(event);
    return events;
  } catch (error) {
    assert.ok(error instanceof ProxyError, error instanceof Error ? error.stack : String(error));
    assert.notEqual(error.kind, 'internal', error.message);
    return undefined;
  }
}

function depthOf(value: unknown): number {
  let depth = 0;
  for (let level: unknown[] = [value]; level.length > 0; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return depth;
}

/** The three dialects' requests, from their bodies to what upstream is sent. */
export const requests: readonly FuzzedParser[] = [
  {
    name: 'anthropic-request',
    dictionary: anthropicWords,
    async check(input) {
      await check(anthropicMessages, input);
      const body = tryParseJson(input.toString());
      if (body === undefined || depthOf(body) > deepest) return;
      try {
        decodeCountTokensRequest(body);
      } catch (error) {
        ownError(error);
      }
    },
  },
  {
    name: 'openai-chat-request',
    dictionary: chatWords,
    check: (input) => check(openAiChat, input),
  },
  {
    name: 'openai-responses-request',
    dictionary: responsesWords,
    check: (input) => check(createOpenAiResponses(createResponseStore(responseStoreLimits(100_000))), input),
  },
];
