import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Responses } from 'openai/resources/responses/responses';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import {
  call,
  createDialect,
  encodeStream,
  PlainStore,
  parseSse,
  start,
  stop,
  text,
  toolStop,
  usage,
} from './dialect-under-test.ts';

function stream(body: Record<string, unknown>, events: readonly TurnEvent[], store = new PlainStore()) {
  const dialect = createDialect(store);
  const request = dialect.decodeRequest({ model: 'kmodel', stream: true, input: 'hi', ...body });
  return parseSse(encodeStream(dialect, request, events));
}

const types = (events: ReturnType<typeof stream>) => events.map(({ data }) => data.type);

/** The response object of a lifecycle event. */
function responseOf(event: ReturnType<typeof stream>[number] | undefined): Record<string, unknown> {
  const response = event?.data['response'];
  assert.ok(typeof response === 'object' && response !== null);
  return { ...response };
}

describe('a streamed answer', () => {
  it('is told by exactly these events when it is a text', () => {
    const events = stream({}, [start, text('Hé'), text('llo "you"\n'), stop]);
    const place = { item_id: 'msg_a10000', output_index: 0, content_index: 0 };
    const part: Responses.ResponseOutputText = {
      type: 'output_text',
      annotations: [],
      logprobs: [],
      text: 'Héllo "you"\n',
    };
    const item = {
      id: 'msg_a10000',
      type: 'message',
      status: 'completed',
      content: [part],
      role: 'assistant',
    } satisfies Responses.ResponseOutputMessage;
    assert.deepEqual(
      events.slice(2, -1).map(({ data }) => data),
      [
        {
          type: 'response.output_item.added',
          sequence_number: 2,
          output_index: 0,
          item: { ...item, status: 'in_progress', content: [] },
        },
        {
          type: 'response.content_part.added',
          sequence_number: 3,
          ...place,
          part: { ...part, text: '' },
        },
        { type: 'response.output_text.delta', sequence_number: 4, ...place, delta: 'Hé', logprobs: [] },
        {
          type: 'response.output_text.delta',
          sequence_number: 5,
          ...place,
          delta: 'llo "you"\n',
          logprobs: [],
        },
        {
          type: 'response.output_text.done',
          sequence_number: 6,
          ...place,
          text: 'Héllo "you"\n',
          logprobs: [],
        },
        { type: 'response.content_part.done', sequence_number: 7, ...place, part },
        { type: 'response.output_item.done', sequence_number: 8, output_index: 0, item },
      ] satisfies Responses.ResponseStreamEvent[],
    );
    assert.deepEqual([types(events)[0], types(events)[1]], ['response.created', 'response.in_progress']);
    assert.equal(events.at(-1)?.data.type, 'response.completed');
    assert.deepEqual(responseOf(events.at(-1))['output'], [item]);
  });

  it('carries a whole response object, which repeats the request', () => {
    const tools = [{ type: 'function', name: 'run', parameters: { type: 'object' } }];
    const body = {
      instructions: 'Be brief.',
      tools,
      metadata: { a: 'b' },
      max_output_tokens: 20,
      user: 'me',
    };
    const [created] = stream(body, [start, stop]);
    const expected = {
      id: 'resp_a1',
      object: 'response',
      created_at: 1_700_000_000,
      completed_at: null,
      status: 'in_progress',
      error: null,
      incomplete_details: null,
      model: 'kmodel',
      output: [],
      background: false,
      instructions: 'Be brief.',
      max_output_tokens: 20,
      max_tool_calls: null,
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: 'default',
      temperature: 1,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [
        { type: 'function', name: 'run', parameters: { type: 'object' }, description: null, strict: null },
      ],
      top_logprobs: 0,
      top_p: 1,
      truncation: 'disabled',
      user: 'me',
      metadata: { a: 'b' },
      access_programs: null,
    } satisfies Omit<Responses.Response, 'output_text' | 'usage'>;
    // `usage` is null until the end on OpenAI's wire; the penalties and `store` belong to the Open Responses specification.
    const beyondTheSdk = { usage: null, presence_penalty: 0, frequency_penalty: 0, store: true };
    assert.deepEqual(responseOf(created), { ...expected, ...beyondTheSdk });
  });

  it('streams the arguments of a function call and repeats its namespace', () => {
    const tools = [
      { type: 'namespace', name: 'files', description: '', tools: [{ type: 'function', name: 'read' }] },
    ];
    const events = stream({ tools }, [start, ...call('call_1', 'read', ['{"a"', ':1}'], 'files'), toolStop]);
    const item = {
      id: 'fc_a10000',
      type: 'function_call',
      status: 'completed',
      arguments: '{"a":1}',
      call_id: 'call_1',
      name: 'read',
      namespace: 'files',
    } as const;
    const place = { item_id: 'fc_a10000', output_index: 0 };
    assert.deepEqual(
      events.slice(2, -1).map(({ data }) => data),
      [
        {
          type: 'response.output_item.added',
          sequence_number: 2,
          output_index: 0,
          item: { ...item, status: 'in_progress', arguments: '' },
        },
        { type: 'response.function_call_arguments.delta', sequence_number: 3, ...place, delta: '{"a"' },
        { type: 'response.function_call_arguments.delta', sequence_number: 4, ...place, delta: ':1}' },
        { type: 'response.function_call_arguments.done', sequence_number: 5, ...place, arguments: '{"a":1}' },
        { type: 'response.output_item.done', sequence_number: 6, output_index: 0, item },
      ] satisfies Responses.ResponseStreamEvent[],
    );
  });

  it('writes an empty object for a function call without arguments', () => {
    const events = stream({}, [start, ...call('c', 'now', []), toolStop]);
    assert.equal(events.find(({ event }) => event.endsWith('arguments.done'))?.data['arguments'], '{}');
  });

  it('streams the input of a custom tool as free text', () => {
    const tools = [{ type: 'custom', name: 'apply_patch' }];
    const events = stream({ tools }, [start, ...call('c', 'apply_patch', ['*** Begin', '\n']), toolStop]);
    const item = {
      id: 'ctc_a10000',
      type: 'custom_tool_call',
      status: 'completed',
      input: '*** Begin\n',
      call_id: 'c',
      name: 'apply_patch',
    } satisfies Responses.ResponseCustomToolCallItem;
    assert.deepEqual(types(events).slice(2, -1), [
      'response.output_item.added',
      'response.custom_tool_call_input.delta',
      'response.custom_tool_call_input.delta',
      'response.custom_tool_call_input.done',
      'response.output_item.done',
    ]);
    assert.equal(events.at(-3)?.data['input'], '*** Begin\n');
    assert.deepEqual(events.at(-2)?.data['item'], item);
  });

  it('writes a call of a tool that the client runs as that tool’s own item', () => {
    const tools = [
      { type: 'tool_search', execution: 'client', description: 'Find', parameters: { type: 'object' } },
      { type: 'local_shell' },
      { type: 'shell', environment: { type: 'local' } },
      { type: 'apply_patch' },
    ];
    const events = stream({ tools }, [
      start,
      ...call('c1', 'tool_search', ['{"query":', '"x"}']),
      ...call('c2', 'local_shell', ['{"command":["ls"]}']),
      ...call('c3', 'shell', ['{"commands":["ls"]}']),
      ...call('c4', 'apply_patch', ['{"type":"delete_file","path":"a"}']),
      toolStop,
    ]);
    const expected = [
      {
        id: 'ci_a10000',
        type: 'tool_search_call',
        status: 'completed',
        call_id: 'c1',
        execution: 'client',
        arguments: { query: 'x' },
      },
      {
        id: 'ci_a10001',
        type: 'local_shell_call',
        status: 'completed',
        call_id: 'c2',
        action: { type: 'exec', command: ['ls'], env: {} },
      },
      {
        id: 'ci_a10002',
        type: 'shell_call',
        status: 'completed',
        call_id: 'c3',
        action: { commands: ['ls'], timeout_ms: null, max_output_length: null },
        environment: { type: 'local' },
      },
      {
        id: 'ci_a10003',
        type: 'apply_patch_call',
        status: 'completed',
        call_id: 'c4',
        operation: { type: 'delete_file', path: 'a' },
      },
    ] satisfies Responses.ResponseOutputItem[];
    assert.deepEqual(responseOf(events.at(-1))['output'], expected);
    assert.deepEqual(
      new Set(types(events).slice(2, -1)),
      new Set(['response.output_item.added', 'response.output_item.done']),
    );
  });

  it('falls back to a function call when the input does not fit the client’s own item', () => {
    const events = stream({ tools: [{ type: 'local_shell' }] }, [
      start,
      ...call('c', 'local_shell', ['{"cmd":']),
      toolStop,
    ]);
    assert.deepEqual(events.at(-2)?.data['item'], {
      id: 'ci_a10000',
      type: 'function_call',
      status: 'completed',
      arguments: '{"cmd":',
      call_id: 'c',
      name: 'local_shell',
    });
  });

  it('shows thoughts as a reasoning item with one summary part when reasoning was asked for', () => {
    const events = stream({ reasoning: { effort: 'high' } }, [
      start,
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'reasoning-delta', text: '.', signature: 'sig' },
      text('ok'),
      stop,
    ]);
    const place = { item_id: 'rs_a10000', output_index: 0, summary_index: 0 };
    assert.deepEqual(
      events.slice(2, 9).map(({ data }) => data),
      [
        {
          type: 'response.output_item.added',
          sequence_number: 2,
          output_index: 0,
          item: { id: 'rs_a10000', type: 'reasoning', status: 'in_progress', summary: [] },
        },
        {
          type: 'response.reasoning_summary_part.added',
          sequence_number: 3,
          ...place,
          part: { type: 'summary_text', text: '' },
        },
        { type: 'response.reasoning_summary_text.delta', sequence_number: 4, ...place, delta: 'hm' },
        { type: 'response.reasoning_summary_text.delta', sequence_number: 5, ...place, delta: '.' },
        { type: 'response.reasoning_summary_text.done', sequence_number: 6, ...place, text: 'hm.' },
        {
          type: 'response.reasoning_summary_part.done',
          sequence_number: 7,
          ...place,
          part: { type: 'summary_text', text: 'hm.' },
        },
        {
          type: 'response.output_item.done',
          sequence_number: 8,
          output_index: 0,
          item: {
            id: 'rs_a10000',
            type: 'reasoning',
            status: 'completed',
            summary: [{ type: 'summary_text', text: 'hm.' }],
          },
        },
      ] satisfies Responses.ResponseStreamEvent[],
    );
  });

  it('drops thoughts that nobody asked for', () => {
    const events = stream({}, [start, { type: 'reasoning-delta', text: 'hm' }, text('ok'), stop]);
    assert.ok(!types(events).some((type) => type.includes('reasoning')));
    assert.equal(events[2]?.data['output_index'], 0);
  });

  it('gives thoughts an encrypted content that a later turn can send back', () => {
    const body = { reasoning: { summary: 'auto' }, include: ['reasoning.encrypted_content'] };
    const events = stream(body, [
      start,
      { type: 'reasoning-delta', text: 'hm', signature: 's1' },
      text('ok'),
      stop,
    ]);
    const output = responseOf(events.at(-1))['output'];
    assert.ok(Array.isArray(output));
    const { encrypted_content } = output[0];
    assert.equal(typeof encrypted_content, 'string');
    const { turn } = createDialect().decodeRequest({
      input: [{ type: 'reasoning', id: 'rs_x', summary: [], encrypted_content }],
    });
    assert.deepEqual(turn.messages, [
      { role: 'assistant', content: [{ type: 'reasoning', text: 'hm', signature: 's1' }] },
    ]);
  });

  it('tells a silent wait by response.in_progress, after response.created', () => {
    const wait: TurnEvent = { type: 'keep-alive' };
    const events = stream({}, [wait, wait, start, text('a'), wait, text('b'), stop]);
    assert.deepEqual(types(events).slice(0, 6), [
      'response.created',
      'response.in_progress',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
    ]);
    assert.equal(types(events)[6], 'response.in_progress');
    assert.equal(responseOf(events.at(-1))['status'], 'completed');
  });

  it('names the model that really answers', () => {
    const events = stream({}, [
      { type: 'keep-alive' },
      { type: 'turn-start', model: 'mmodel', inputTokens: 9 },
      stop,
    ]);
    assert.equal(responseOf(events[0])['model'], 'kmodel');
    assert.equal(responseOf(events.at(-1))['model'], 'mmodel');
  });

  it('ends as incomplete, with its last item incomplete, when it was cut', () => {
    const reasons = { length: 'max_output_tokens', 'content-filter': 'content_filter' } as const;
    for (const [reason, expected] of Object.entries(reasons)) {
      assert.ok(reason === 'length' || reason === 'content-filter');
      const last = stream({}, [start, text('a'), { type: 'turn-end', reason, usage }]).at(-1);
      assert.equal(last?.event, 'response.incomplete');
      const response = responseOf(last);
      assert.equal(response['status'], 'incomplete');
      assert.deepEqual(response['incomplete_details'], { reason: expected });
      assert.ok(Array.isArray(response['output']));
      assert.equal(response['output'][0].status, 'incomplete');
    }
  });

  it('tells upstream’s token counts, and marks an estimate', () => {
    const counted = { ...usage, cachedInputTokens: 4, reasoningTokens: 2 };
    const sent = (value: TurnEvent & { type: 'turn-end' }) =>
      responseOf(stream({}, [start, value]).at(-1))['usage'];
    assert.deepEqual(sent({ type: 'turn-end', reason: 'stop', usage: counted }), {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 15,
    } satisfies Responses.ResponseUsage);
    assert.deepEqual(sent({ type: 'turn-end', reason: 'stop', usage: { ...usage, source: 'estimate' } }), {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 15,
      estimated: true,
    });
  });
});

describe('a stream that fails', () => {
  function fail(error: ProxyError, events: readonly TurnEvent[] = [start, text('par')]) {
    const store = new PlainStore();
    const dialect = createDialect(store);
    const encoder = dialect.createStreamEncoder(dialect.decodeRequest({ input: 'hi', stream: true }));
    const sent = events.map((event) => encoder.encode(event)).join('') + encoder.fail(error);
    return { events: parseSse(sent), store };
  }

  it('ends with response.failed, its open item without an end, and is not kept', () => {
    const { events, store } = fail(new ProxyError('upstream-unavailable', 'Gone.'));
    const last = events.at(-1);
    assert.equal(last?.event, 'response.failed');
    const response = responseOf(last);
    assert.equal(response['status'], 'failed');
    assert.deepEqual(response['error'], { code: 'server_error', message: 'Gone.' });
    assert.ok(!types(events).includes('response.output_item.done'));
    assert.deepEqual(store.saved, []);
  });

  it('begins properly even when nothing came before the failure', () => {
    const { events } = fail(new ProxyError('timeout', 'Late.'), []);
    assert.deepEqual(types(events), ['response.created', 'response.in_progress', 'response.failed']);
  });

  it('says by its code whether Codex should try again', () => {
    const code = (error: ProxyError) => responseOf(fail(error).events.at(-1))['error'];
    assert.deepEqual(code(new ProxyError('context-length-exceeded', 'Long.')), {
      code: 'context_length_exceeded',
      message: 'Long.',
    });
    assert.deepEqual(code(new ProxyError('login-required', 'Sign in.')), {
      code: 'invalid_prompt',
      message: 'Sign in.',
    });
    assert.deepEqual(code(new ProxyError('rate-limited', 'Slow.', { retryAfterSeconds: 7 })), {
      code: 'rate_limit_exceeded',
      message: 'Slow. Please try again in 7s.',
    });
  });
});

describe('every stream', () => {
  const streams: Record<string, TurnEvent[]> = {
    'of overlapping calls': [
      start,
      text('I look. '),
      { type: 'tool-call-start', id: 'c1', name: 'read' },
      { type: 'tool-call-start', id: 'c2', name: 'apply_patch' },
      { type: 'tool-call-delta', id: 'c2', input: 'patch' },
      { type: 'tool-call-delta', id: 'c1', input: '{}' },
      { type: 'tool-call-end', id: 'c2' },
      { type: 'tool-call-end', id: 'c1' },
      toolStop,
    ],
    'of thoughts between texts': [
      start,
      { type: 'reasoning-delta', text: 'a' },
      text('b'),
      { type: 'reasoning-delta', text: 'c' },
      text('d'),
      stop,
    ],
    'of nothing': [start, stop],
    'without an announced start': [text('x'), stop],
  };
  const body = { tools: [{ type: 'custom', name: 'apply_patch' }], reasoning: { effort: 'low' } };

  for (const [name, events] of Object.entries(streams)) {
    it(`${name} keeps the rules of the Open Responses specification`, () => {
      const sent = stream(body, events);
      assert.deepEqual(
        sent.map(({ data }) => data.sequence_number),
        sent.map((_, index) => index),
      );
      assert.ok(sent.every(({ event, data }) => event === data.type));
      assert.deepEqual(types(sent).slice(0, 2), ['response.created', 'response.in_progress']);
      const lifecycle = sent.filter(({ data }) => 'response' in data).map((event) => responseOf(event));
      assert.deepEqual(new Set(lifecycle.map(({ id }) => id)), new Set(['resp_a1']));
      assert.deepEqual(lifecycle.map(({ status }) => status).at(-1), 'completed');
      assertItemLifecycles(sent);
      const done = sent.filter(({ event }) => event === 'response.output_item.done');
      assert.deepEqual(
        responseOf(sent.at(-1))['output'],
        done.map(({ data }) => data['item']),
      );
    });
  }
});

/** Items are added with the next index, filled only while they are open, and done before the next is added. */
function assertItemLifecycles(sent: ReturnType<typeof stream>): void {
  let open: { id: unknown; deltas: string } | undefined;
  let index = -1;
  const ids = new Set<unknown>();
  for (const { event, data } of sent) {
    if ('output_index' in data && event !== 'response.output_item.added') {
      assert.equal(data['output_index'], index);
    }
    if (event === 'response.output_item.added') {
      assert.equal(open, undefined);
      const item = itemOf(data);
      assert.equal(item['status'], 'in_progress');
      assert.equal(data['output_index'], ++index);
      assert.ok(!ids.has(item['id']));
      ids.add(item['id']);
      open = { id: item['id'], deltas: '' };
    } else if (event === 'response.output_item.done') {
      const item = itemOf(data);
      assert.equal(item['id'], open?.id);
      assert.equal(item['status'], 'completed');
      open = undefined;
    } else if ('item_id' in data) {
      assert.equal(data['item_id'], open?.id);
      if (open && event.endsWith('.delta')) open.deltas += data['delta'];
      const whole = data['text'] ?? data['arguments'] ?? data['input'];
      if (event.endsWith('.done') && whole !== undefined) assert.equal(whole, open?.deltas);
    }
  }
  assert.equal(open, undefined);
}

function itemOf(data: Record<string, unknown>): Record<string, unknown> {
  const item = data['item'];
  assert.ok(typeof item === 'object' && item !== null);
  return { ...item };
}
