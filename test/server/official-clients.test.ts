import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { ProxyError } from '../../src/core/errors.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import type { Turn } from '../../src/core/turn.ts';
import { answer, ended, gather, type Run, replay, Stage, serve, started, text } from './served.ts';

// The official packages over a real connection, as strict readers.

async function openAi(test: TestContext, run: Run): Promise<OpenAI> {
  const { url } = await serve(test, { run });
  return new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0 });
}

async function anthropic(test: TestContext, run: Run): Promise<Anthropic> {
  const { url } = await serve(test, { run });
  return new Anthropic({ apiKey: 'any', baseURL: url, maxRetries: 0 });
}

const parameters = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const callEvents: TurnEvent[] = [
  started,
  text('Let me look.'),
  { type: 'tool-call-start', id: 'call_1', name: 'weather' },
  { type: 'tool-call-delta', id: 'call_1', input: '{"city":' },
  { type: 'tool-call-delta', id: 'call_1', input: '"Hangzhou"}' },
  { type: 'tool-call-end', id: 'call_1' },
  { ...ended, reason: 'tool-calls' },
];

/** Calls the tool first, and repeats the tool's result once it is there. */
const toolLoop: Run = (turn) => {
  const result = lastToolResult(turn);
  return replay(result === undefined ? callEvents : answer('It is ', result));
};

function lastToolResult(turn: Turn): string | undefined {
  const part = turn.messages.at(-1)?.content.find((each) => each.type === 'tool-result');
  if (part?.type !== 'tool-result') return undefined;
  return part.content.map((each) => (each.type === 'text' ? each.text : '')).join('');
}

const limited = new ProxyError('rate-limited', 'Too many requests. Wait a little.', { retryAfterSeconds: 3 });
const gone = new ProxyError('upstream-unavailable', 'Upstream is gone.');

describe('openai, chat completions', () => {
  const messages = [{ role: 'user' as const, content: 'How is the weather?' }];
  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters } }];

  for (const stream of [false, true]) {
    test(`a tool loop goes round when it is ${stream ? 'streamed' : 'whole'}`, async (t) => {
      const client = await openAi(t, toolLoop);
      const complete = (conversation: OpenAI.ChatCompletionMessageParam[]) => {
        const request = { model: 'kmodel', messages: conversation, tools };
        return stream
          ? client.chat.completions.stream(request).finalChatCompletion()
          : client.chat.completions.create(request);
      };
      const first = (await complete(messages)).choices[0];
      assert.equal(first?.finish_reason, 'tool_calls');
      const call = first?.message.tool_calls?.[0];
      assert.ok(call?.type === 'function');
      assert.deepEqual([call.id, call.function.name], ['call_1', 'weather']);
      assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Hangzhou' });
      const second = await complete([
        ...messages,
        first.message,
        { role: 'tool', tool_call_id: call.id, content: 'sunny' },
      ]);
      assert.equal(second.choices[0]?.message.content, 'It is sunny');
      assert.equal(second.choices[0]?.finish_reason, 'stop');
    });
  }

  test('errors are of the class that their status asks for', async (t) => {
    const client = await openAi(t, () => replay([limited]));
    const error = await client.chat.completions
      .create({ model: 'kmodel', messages })
      .catch((e: unknown) => e);
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.code, 'rate_limit_exceeded');
    assert.equal(error.headers?.get('retry-after'), '3');
    assert.ok(error.requestID);
  });

  test('a failure in mid-stream is thrown', async (t) => {
    const client = await openAi(t, () => replay([started, text('Hel'), gone]));
    const stream = await client.chat.completions.create({ model: 'kmodel', messages, stream: true });
    await assert.rejects(gather(stream), /Upstream is gone/);
  });

  test('an abort reaches the upstream', async (t) => {
    const stage = new Stage();
    stage.push(started, text('Hel'));
    const client = await openAi(t, stage.run);
    const stream = await client.chat.completions.create({ model: 'kmodel', messages, stream: true });
    for await (const _chunk of stream) break;
    assert.ok((await stage.left) instanceof ProxyError);
  });

  test('models are listed and found', async (t) => {
    const client = await openAi(t, () => replay([]));
    assert.deepEqual(
      (await gather(client.models.list())).map(({ id }) => id),
      ['kmodel', 'mmodel'],
    );
    assert.equal((await client.models.retrieve('kmodel')).object, 'model');
    await assert.rejects(client.models.retrieve('nobody'), OpenAI.NotFoundError);
  });
});

describe('openai, responses', () => {
  const tools = [{ type: 'function' as const, name: 'weather', parameters, strict: false }];

  for (const stream of [false, true]) {
    test(`a tool loop goes round by previous_response_id when it is ${stream ? 'streamed' : 'whole'}`, async (t) => {
      const client = await openAi(t, toolLoop);
      const respond = (request: OpenAI.Responses.ResponseCreateParamsNonStreaming) =>
        stream
          ? client.responses.stream({ ...request, stream: true }).finalResponse()
          : client.responses.create(request);
      const first = await respond({ model: 'kmodel', input: 'How is the weather?', tools });
      assert.equal(first.status, 'completed');
      const call = first.output.find((item) => item.type === 'function_call');
      assert.ok(call?.type === 'function_call');
      assert.deepEqual(
        [call.call_id, call.name, JSON.parse(call.arguments)],
        ['call_1', 'weather', { city: 'Hangzhou' }],
      );
      const second = await respond({
        model: 'kmodel',
        previous_response_id: first.id,
        input: [{ type: 'function_call_output', call_id: call.call_id, output: 'sunny' }],
        tools,
      });
      assert.equal(second.output_text, 'It is sunny');
      assert.equal(second.usage?.output_tokens, 2);
    });
  }

  test('an unknown previous response is a clear 400', async (t) => {
    const client = await openAi(t, toolLoop);
    await assert.rejects(
      client.responses.create({ model: 'kmodel', previous_response_id: 'resp_none', input: 'Hi' }),
      (error: unknown) => error instanceof OpenAI.APIError && (error.status === 400 || error.status === 404),
    );
  });

  test('a failure in mid-stream is the failed response', async (t) => {
    const client = await openAi(t, () => replay([started, text('Hel'), gone]));
    const stream = await client.responses.create({ model: 'kmodel', input: 'Hi', stream: true });
    const last = (await gather(stream)).at(-1);
    assert.ok(last?.type === 'response.failed');
    assert.match(last.response.error?.message ?? '', /Upstream is gone/);
  });

  test('an abort reaches the upstream', async (t) => {
    const stage = new Stage();
    stage.push(started, text('Hel'));
    const client = await openAi(t, stage.run);
    const stream = await client.responses.create({ model: 'kmodel', input: 'Hi', stream: true });
    for await (const _event of stream) break;
    assert.ok((await stage.left) instanceof ProxyError);
  });
});

describe('@anthropic-ai/sdk, messages', () => {
  const messages = [{ role: 'user' as const, content: 'How is the weather?' }];
  const tools = [{ name: 'weather', input_schema: parameters }];

  for (const stream of [false, true]) {
    test(`a tool loop goes round when it is ${stream ? 'streamed' : 'whole'}`, async (t) => {
      const client = await anthropic(t, toolLoop);
      const ask = (conversation: Anthropic.MessageParam[]) => {
        const request = { model: 'kmodel', max_tokens: 500, messages: conversation, tools };
        return stream ? client.messages.stream(request).finalMessage() : client.messages.create(request);
      };
      const first = await ask(messages);
      assert.equal(first.stop_reason, 'tool_use');
      const call = first.content.find((block) => block.type === 'tool_use');
      assert.ok(call?.type === 'tool_use');
      assert.deepEqual([call.id, call.name, call.input], ['call_1', 'weather', { city: 'Hangzhou' }]);
      const second = await ask([
        ...messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'sunny' }] },
      ]);
      assert.deepEqual(
        second.content.map((block) => block.type === 'text' && block.text),
        ['It is sunny'],
      );
      assert.equal(second.usage.output_tokens, 2);
    });
  }

  test('errors are of the class that their status asks for', async (t) => {
    const client = await anthropic(t, () => replay([limited]));
    const error = await client.messages
      .create({ model: 'kmodel', max_tokens: 10, messages })
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Anthropic.RateLimitError);
    assert.equal(error.headers?.get('retry-after'), '3');
    assert.ok(error.requestID);
  });

  test('a failure in mid-stream is thrown', async (t) => {
    const client = await anthropic(t, () => replay([started, text('Hel'), gone]));
    const stream = client.messages.stream({ model: 'kmodel', max_tokens: 10, messages });
    await assert.rejects(stream.finalMessage(), /Upstream is gone/);
  });

  test('an abort reaches the upstream', async (t) => {
    const stage = new Stage();
    stage.push(started, text('Hel'));
    const client = await anthropic(t, stage.run);
    const stream = client.messages.stream({ model: 'kmodel', max_tokens: 10, messages });
    stream.on('text', () => stream.abort());
    await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
    assert.ok((await stage.left) instanceof ProxyError);
  });

  test('models are paged and tokens counted', async (t) => {
    const client = await anthropic(t, () => replay([]));
    const listed = await gather(client.models.list({ limit: 1 }));
    assert.deepEqual(
      listed.map(({ id }) => id),
      ['kmodel', 'mmodel'],
    );
    const { input_tokens: tokens } = await client.messages.countTokens({ model: 'kmodel', messages });
    assert.ok(tokens > 0);
  });
});

test('a retry that the SDK makes by itself finds the upstream back', async (t) => {
  const answers = [[limitedBriefly()], answer('Hello')];
  const { url } = await serve(t, { run: () => replay(answers.shift() ?? []) });
  const client = new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 1 });
  const completion = await client.chat.completions.create({
    model: 'kmodel',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  assert.equal(completion.choices[0]?.message.content, 'Hello');
});

function limitedBriefly(): ProxyError {
  return new ProxyError('rate-limited', 'Too many requests.', { retryAfterSeconds: 1 });
}
