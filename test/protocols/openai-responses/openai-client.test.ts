import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { collect } from '../../../src/core/collect.ts';
import { ProxyError, toProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import type { Turn } from '../../../src/core/turn.ts';
import { call, createDialect, start, stop, text, toolStop } from './dialect-under-test.ts';

/** Answers a turn; a `ProxyError` among the events is thrown in its place. */
type Script = (turn: Turn) => readonly (TurnEvent | ProxyError)[];

/** The real client, talking to the dialect without a network. The body arrives byte by byte. */
function connect(script: Script): { client: OpenAI; turns: Turn[] } {
  const turns: Turn[] = [];
  const dialect = createDialect();
  async function* play(turn: Turn): AsyncGenerator<TurnEvent> {
    for (const event of script(turn)) {
      if (event instanceof ProxyError) throw event;
      yield event;
    }
  }
  const answer = async (body: unknown): Promise<Response> => {
    const request = dialect.decodeRequest(body);
    turns.push(request.turn);
    if (!request.stream) {
      return Response.json(dialect.encodeResult(await collect(play(request.turn)), request));
    }
    const encoder = dialect.createStreamEncoder(request);
    let sent = '';
    try {
      for await (const event of play(request.turn)) sent += encoder.encode(event);
    } catch (error) {
      sent += encoder.fail(toProxyError(error));
    }
    return new Response(tear(sent), { headers: { 'content-type': 'text/event-stream' } });
  };
  const client = new OpenAI({
    apiKey: 'any',
    baseURL: 'http://127.0.0.1/v1',
    maxRetries: 0,
    fetch: async (_url, init) => {
      try {
        return await answer(JSON.parse(String(init?.body)));
      } catch (error) {
        const { status, headers, body } = dialect.encodeError(toProxyError(error));
        return Response.json(body, { status, headers });
      }
    },
  });
  return { client, turns };
}

/** The same bytes, one at a time. */
function tear(value: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(value);
  let position = 0;
  return new ReadableStream({
    pull(controller) {
      if (position === bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(position, ++position));
    },
  });
}

const runTool = { type: 'function', name: 'run', parameters: { type: 'object' }, strict: false } as const;
const patchTool = { type: 'custom', name: 'patch' } as const;

describe('the official client', () => {
  it('streams a text', async () => {
    const { client } = connect(() => [start, { type: 'keep-alive' }, text('Grüß '), text('dich 👋'), stop]);
    const stream = client.responses.stream({ model: 'kmodel', input: 'hi' });
    const deltas: string[] = [];
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
    const response = await stream.finalResponse();
    assert.deepEqual(deltas, ['Grüß ', 'dich 👋']);
    assert.equal(response.output_text, 'Grüß dich 👋');
    assert.equal(response.status, 'completed');
    assert.equal(response.usage?.total_tokens, 15);
  });

  it('gets the same answer without a stream', async () => {
    const { client } = connect(() => [start, text('Grüß '), text('dich'), stop]);
    const response = await client.responses.create({ model: 'kmodel', input: 'hi' });
    assert.equal(response.output_text, 'Grüß dich');
    assert.match(response.id, /^resp_/);
  });

  for (const isStreamed of [true, false]) {
    it(`runs a loop of function and custom tools ${isStreamed ? 'over streams' : 'over whole answers'}`, async () => {
      const { client, turns } = connect((turn) =>
        turn.messages.length > 1
          ? [start, text('Done.'), stop]
          : [
              start,
              text('I run. '),
              ...call('c1', 'run', ['{"command":', '"ls"}']),
              ...call('c2', 'patch', ['*** Begin', '\n"x"']),
              toolStop,
            ],
      );
      const ask = async (body: OpenAI.Responses.ResponseCreateParamsNonStreaming) =>
        isStreamed
          ? client.responses.stream({ ...body, stream: true }).finalResponse()
          : client.responses.create(body);
      const tools = [runTool, patchTool];
      const first = await ask({ model: 'kmodel', input: 'go', tools });
      const outputs = first.output.flatMap((item): OpenAI.Responses.ResponseInputItem[] => {
        if (item.type === 'function_call') {
          assert.equal(item.arguments, '{"command":"ls"}');
          return [{ type: 'function_call_output', call_id: item.call_id, output: 'a.txt' }];
        }
        if (item.type === 'custom_tool_call') {
          assert.equal(item.input, '*** Begin\n"x"');
          return [{ type: 'custom_tool_call_output', call_id: item.call_id, output: 'ok' }];
        }
        return [];
      });
      const second = await ask({
        model: 'kmodel',
        input: outputs,
        tools,
        previous_response_id: first.id,
      });
      assert.equal(second.output_text, 'Done.');
      assert.deepEqual(
        turns[1]?.messages.map(({ role, content }) => [role, content.map(({ type }) => type)]),
        [
          ['user', ['text']],
          ['assistant', ['text', 'tool-call', 'tool-call']],
          ['user', ['tool-result', 'tool-result']],
        ],
      );
    });
  }

  it('sees thoughts, and sends them back as an item reference', async () => {
    const { client, turns } = connect(() => [
      start,
      { type: 'reasoning-delta', text: 'Let me ' },
      { type: 'reasoning-delta', text: 'see.', signature: 's' },
      text('Yes.'),
      stop,
    ]);
    const stream = client.responses.stream({
      model: 'kmodel',
      input: 'hi',
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    });
    let thoughts = '';
    stream.on('response.reasoning_summary_text.delta', ({ delta }) => {
      thoughts += delta;
    });
    const { output } = await stream.finalResponse();
    assert.equal(thoughts, 'Let me see.');
    const references = output.map(({ id }) => ({ type: 'item_reference', id: id ?? '' }) as const);
    await client.responses.create({
      model: 'kmodel',
      input: [...references, { role: 'user', content: 'go on' }],
    });
    assert.deepEqual(turns[1]?.messages[0], {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Let me see.', signature: 's' },
        { type: 'text', text: 'Yes.' },
      ],
    });
  });

  it('accepts items of tools that it runs itself', async () => {
    const { client } = connect(() => [
      start,
      ...call('c1', 'shell', ['{"commands":["ls"]}']),
      ...call('c2', 'apply_patch', ['{"type":"create_file","path":"a","diff":"+x"}']),
      toolStop,
    ]);
    const tools = [
      { type: 'shell', environment: { type: 'local' } } as const,
      { type: 'apply_patch' } as const,
    ];
    const { output } = await client.responses.stream({ model: 'kmodel', input: 'go', tools }).finalResponse();
    assert.deepEqual(
      output.map(({ type }) => type),
      ['shell_call', 'apply_patch_call'],
    );
  });

  it('parses a structured answer', async () => {
    const { client, turns } = connect(() => [start, text('{"a":'), text('1}'), stop]);
    const response = await client.responses.parse({
      model: 'kmodel',
      input: 'hi',
      text: { format: { type: 'json_schema', name: 'n', strict: true, schema: { type: 'object' } } },
    });
    assert.equal(response.output_text, '{"a":1}');
    assert.equal(turns[0]?.responseFormat?.type, 'json-schema');
  });

  it('learns of a late failure, and that an answer was cut', async () => {
    const failing = connect(() => [start, text('par'), new ProxyError('upstream-unavailable', 'Gone.')]);
    const failed = await failing.client.responses.stream({ model: 'kmodel', input: 'hi' }).finalResponse();
    assert.equal(failed.status, 'failed');
    assert.deepEqual(failed.error, { code: 'server_error', message: 'Gone.' });
    const cutting = connect(() => [
      start,
      text('par'),
      {
        ...stop,
        type: 'turn-end',
        reason: 'length',
        usage: { source: 'estimate', inputTokens: 1, outputTokens: 1 },
      },
    ]);
    const cut = await cutting.client.responses.stream({ model: 'kmodel', input: 'hi' }).finalResponse();
    assert.equal(cut.status, 'incomplete');
    assert.equal(cut.incomplete_details?.reason, 'max_output_tokens');
    assert.equal(cut.output_text, 'par');
  });

  it('gets typed errors', async () => {
    const limited = connect(() => [new ProxyError('rate-limited', 'Slow down.', { retryAfterSeconds: 3 })]);
    await assert.rejects(limited.client.responses.create({ model: 'kmodel', input: 'hi' }), (error) => {
      assert.ok(error instanceof OpenAI.RateLimitError);
      assert.equal(error.headers.get('retry-after'), '3');
      assert.equal(error.code, 'rate_limit_exceeded');
      return true;
    });
    const unknown = limited.client.responses.create({
      model: 'kmodel',
      previous_response_id: 'resp_x',
      input: 'hi',
    });
    await assert.rejects(unknown, (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.code, 'previous_response_not_found');
      return true;
    });
  });
});
