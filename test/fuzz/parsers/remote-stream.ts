import assert from 'node:assert/strict';
import { StringDecoder } from 'node:string_decoder';
import { ChatStream } from '../../../src/backends/remote/chat-stream.ts';
import { parseModels } from '../../../src/backends/remote/models.ts';
import { upstreamError } from '../../../src/backends/remote/upstream-error.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { isRecord, tryParseJson } from '../../../src/core/json.ts';
import { login } from '../../backends/remote/fixtures.ts';
import { deliveries, type FuzzedParser } from '../fuzzed-parser.ts';
import { assertEncodable, assertInOrder, joined, textOf } from './turn-events.ts';

const mostOddities = 20;
const mostOddityCharacters = 200;
const baseUrl = { url: 'https://lingma.alibabacloud.com', source: 'the default' };

interface Read {
  readonly events: readonly TurnEvent[];
  readonly failure: ProxyError | undefined;
  readonly oddities: readonly string[];
  readonly ended: boolean;
}

function read(pieces: readonly Buffer[]): Read {
  const oddities: string[] = [];
  let calls = 0;
  const stream = new ChatStream({
    model: 'kmodel',
    inputTokens: 7,
    toError: (failure) => upstreamError(failure, { login, baseUrl, model: 'kmodel' }),
    makeCallId: () => `made_${++calls}`,
    onOddity: (text) => oddities.push(text),
    onRead: () => {},
  });
  const decoder = new StringDecoder('utf8');
  const events = pieces.flatMap((piece) => stream.push(decoder.write(piece)));
  events.push(...stream.push(decoder.end()), ...stream.end());
  return { events: joined(events), failure: stream.failure, oddities, ended: stream.ended };
}

/** The text that a plain reading finds, without any of the haste of the real one. */
function plainText(input: Buffer): string {
  return eventsIn(input.toString())
    .map((data) => {
      const outer = tryParseJson(data);
      const body = isRecord(outer) ? outer['body'] : undefined;
      const inner = typeof body === 'string' ? tryParseJson(body) : isRecord(body) ? body : outer;
      const choices: unknown = isRecord(inner) ? inner['choices'] : undefined;
      return (Array.isArray(choices) ? choices : []).map(contentOf).join('');
    })
    .join('');
}

function contentOf(choice: unknown): string {
  if (!isRecord(choice) || (choice['index'] ?? 0) !== 0 || !isRecord(choice['delta'])) return '';
  const { content } = choice['delta'];
  return typeof content === 'string' ? content : '';
}

/** The data of the events of a stream, or the one document that it is. */
function eventsIn(text: string): readonly string[] {
  const plain = text.replace(/^\uFEFF/, '');
  if (/^\s*[{<]/.test(plain)) return [plain];
  const events: string[] = [];
  let data: string[] = [];
  for (const line of [...plain.split(/\r\n|\r|\n/), '']) {
    const value = /^data(?:: ?(.*))?$/s.exec(line);
    if (value) data.push(value[1] ?? '');
    if (line === '' && data.length > 0) {
      events.push(data.join('\n'));
      data = [];
    }
  }
  return events;
}

/** The remote chat endpoint's stream, from bytes to what a client gets. */
export const remoteStream: FuzzedParser = {
  name: 'remote-stream',
  dictionary: [
    ...[
      'data: ',
      'data:',
      'event: ',
      'id: 1\n',
      ': comment\n',
      'retry: 1\n',
      '[DONE]',
      'data: [DONE]\n\n',
      '\n\n',
      '\r\n\r\n',
    ],
    ...[
      'body',
      'statusCode',
      'statusCodeValue',
      'statusMessage',
      'choices',
      'delta',
      'content',
      'reasoning_content',
      'tool_calls',
    ],
    ...[
      'index',
      'function',
      'name',
      'arguments',
      'finish_reason',
      'stop',
      'length',
      'tool_calls',
      'content_filter',
      'usage',
      'error',
    ],
    ...[
      'prompt_tokens',
      'completion_tokens',
      'firstTokenDuration',
      'totalDuration',
      'model',
      'message',
      'NoSuchKey',
      '<html>',
    ],
    ...[
      '\\"',
      '\\\\"',
      '\\\\u0041',
      '","content":"',
      'between the ends',
      '{\\"choices\\":[{\\"delta\\":{\\"content\\":\\"x\\"}}]}',
    ],
    'data: {"body":"{\\"choices\\":[{\\"delta\\":{\\"content\\":\\"x\\"}}]}","statusCodeValue":200}\n\n',
    'data: {"choices":[{"delta":{"content":"x"}}]}\n\n',
    'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"Bash","arguments":"{}"}}]}}]}\n\n',
  ],
  async check(input) {
    let first: Read | undefined;
    for (const pieces of deliveries(input)) {
      const result = read(pieces);
      first ??= result;
      assert.deepEqual(
        [result.events, result.failure?.message, result.ended, result.oddities],
        [first.events, first.failure?.message, first.ended, first.oddities],
        'Torn, the stream says something else than whole.',
      );
    }
    const { events, failure, ended, oddities } = first ?? read([input]);
    assert.ok(ended !== (failure !== undefined), 'It must either end or fail.');
    if (failure) assert.notEqual(failure.kind, 'internal', failure.message);
    assert.ok(
      oddities.length <= mostOddities && oddities.every(({ length }) => length <= mostOddityCharacters),
    );
    if (events.length > 0) assertInOrder(events, ended);
    const [told, plain] = [textOf(events), plainText(input)];
    assert.ok(
      plain.startsWith(told),
      `Text was invented: ${JSON.stringify(told)} is not in ${JSON.stringify(plain)}.`,
    );
    // Behind an end of its own nothing is read.
    if (ended && !/DONE|Duration/.test(input.toString())) assert.equal(told, plain, 'Text was lost.');
    await assertEncodable(events, failure);
  },
};

/** The remote API's list of models. */
export const remoteModels: FuzzedParser = {
  name: 'remote-models',
  dictionary: [
    'chat',
    'inline',
    'key',
    'display_name',
    'enable',
    'is_vl',
    'max_input_tokens',
    'kmodel',
    'org_auto',
  ],
  check(input) {
    try {
      const models = parseModels(input.toString());
      assert.equal(new Set(models.map(({ key }) => key)).size, models.length, 'A model is listed twice.');
      for (const { key, id, displayName, contextWindow = 1 } of models) {
        assert.ok(key !== '' && id === key && displayName !== '' && contextWindow > 0);
      }
    } catch (error) {
      assert.ok(error instanceof ProxyError, String(error));
      assert.equal(error.kind, 'upstream-protocol');
    }
  },
};
