/** Streams as the public documentation of each dialect shows them: text and a call. One event an entry. */
export const goodStreams: Readonly<Record<string, readonly string[]>> = {
  messages: [
    named({
      type: 'message_start',
      message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: { input_tokens: 25 } },
    }),
    named({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'thinking', thinking: '', signature: '' },
    }),
    named({ type: 'ping' }),
    named({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'thinking_delta', thinking: 'Let me see.' },
    }),
    named({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'EqQB' } }),
    named({ type: 'content_block_stop', index: 0 }),
    named({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }),
    named({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Okay' } }),
    named({ type: 'content_block_stop', index: 1 }),
    named({
      type: 'content_block_start',
      index: 2,
      content_block: { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} },
    }),
    named({
      type: 'content_block_delta',
      index: 2,
      delta: { type: 'input_json_delta', partial_json: '{"location": ' },
    }),
    named({
      type: 'content_block_delta',
      index: 2,
      delta: { type: 'input_json_delta', partial_json: '"Paris"}' },
    }),
    named({ type: 'content_block_stop', index: 2 }),
    named({
      type: 'message_delta',
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: { output_tokens: 89 },
    }),
    named({ type: 'message_stop' }),
  ],
  'openai-chat': [
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Okay' }),
    chunk({ tool_calls: [call(0, { id: 'call_1', type: 'function', name: 'get_weather', arguments: '' })] }),
    chunk({ tool_calls: [call(0, { arguments: '{"location":' })] }),
    chunk({ tool_calls: [call(0, { arguments: '"Paris"}' })] }),
    chunk({}, 'tool_calls'),
    `data: ${JSON.stringify({ ...chunkHead(), choices: [], usage: { prompt_tokens: 9, completion_tokens: 5 } })}\n\n`,
    'data: [DONE]\n\n',
  ],
  'openai-responses': numbered([
    { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } },
    { type: 'response.in_progress', response: { id: 'resp_1', status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { id: 'msg_1', type: 'message' } },
    { type: 'response.content_part.added', ...within(0, 'msg_1'), content_index: 0, part: { text: '' } },
    { type: 'response.output_text.delta', ...within(0, 'msg_1'), content_index: 0, delta: 'Hi' },
    { type: 'response.output_text.delta', ...within(0, 'msg_1'), content_index: 0, delta: ' there' },
    { type: 'response.output_text.done', ...within(0, 'msg_1'), content_index: 0, text: 'Hi there' },
    {
      type: 'response.content_part.done',
      ...within(0, 'msg_1'),
      content_index: 0,
      part: { text: 'Hi there' },
    },
    { type: 'response.output_item.done', output_index: 0, item: { id: 'msg_1', type: 'message' } },
    { type: 'response.output_item.added', output_index: 1, item: { id: 'fc_1', type: 'function_call' } },
    { type: 'response.function_call_arguments.delta', ...within(1, 'fc_1'), delta: '{"a":1}' },
    { type: 'response.function_call_arguments.done', ...within(1, 'fc_1'), arguments: '{"a":1}' },
    { type: 'response.output_item.done', output_index: 1, item: { id: 'fc_1', type: 'function_call' } },
    {
      type: 'response.completed',
      response: { id: 'resp_1', status: 'completed', output: [{ id: 'msg_1' }, { id: 'fc_1' }] },
    },
  ]),
};

function named(event: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function numbered(events: readonly { readonly type: string; readonly [field: string]: unknown }[]): string[] {
  return events.map((event, index) => named({ ...event, sequence_number: index }));
}

function within(index: number, id: string) {
  return { output_index: index, item_id: id };
}

function chunkHead() {
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o' };
}

function chunk(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ ...chunkHead(), choices, usage: null })}\n\n`;
}

interface CallFields {
  readonly id?: string;
  readonly type?: string;
  readonly name?: string;
  readonly arguments: string;
}

function call(index: number, { id, type, ...fields }: CallFields) {
  return { index, id, type, function: fields };
}
