import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Responses } from 'openai/resources/responses/responses';
import { ProxyError } from '../../../src/core/errors.ts';
import { decode, PlainStore } from './dialect-under-test.ts';

/** What becomes of something that OpenAI's own types know. */
type Fate = 'honoured' | 'ignored' | 'refused';

type ItemType = NonNullable<Responses.ResponseInputItem['type']>;
type ToolType = Responses.Tool['type'];
type Field = keyof Responses.ResponseCreateParamsStreaming;

function fateOf(body: Record<string, unknown>, name: string, store = new PlainStore()): Fate {
  try {
    return decode(body, store).ignored.some((field) => field.includes(name)) ? 'ignored' : 'honoured';
  } catch (error) {
    assert.ok(error instanceof ProxyError && error.kind === 'unsupported-feature');
    return 'refused';
  }
}

// The mapped types make the compiler complain when a newer `openai` package knows more.

describe('every field of a request', () => {
  const fields: Record<Field, [value: unknown, fate: Fate]> = {
    access_programs: [{ cyber: 'standard' }, 'ignored'],
    background: [true, 'refused'],
    context_management: [[{ type: 'compaction' }], 'ignored'],
    conversation: ['conv_1', 'refused'],
    image: [{ context_compression: 'auto' }, 'ignored'],
    include: [['reasoning.encrypted_content'], 'honoured'],
    input: ['hi', 'honoured'],
    instructions: ['x', 'honoured'],
    max_output_tokens: [16, 'honoured'],
    max_tool_calls: [3, 'ignored'],
    metadata: [{ a: 'b' }, 'honoured'],
    model: ['kmodel', 'honoured'],
    moderation: [{ model: 'm' }, 'ignored'],
    parallel_tool_calls: [true, 'honoured'],
    previous_response_id: ['resp_1', 'honoured'],
    prompt: [{ id: 'p' }, 'refused'],
    prompt_cache_key: ['k', 'honoured'],
    prompt_cache_options: [{ mode: 'implicit' }, 'ignored'],
    prompt_cache_retention: ['24h', 'ignored'],
    reasoning: [{ effort: 'low' }, 'honoured'],
    safety_identifier: ['u', 'honoured'],
    service_tier: ['priority', 'ignored'],
    store: [true, 'honoured'],
    stream: [true, 'honoured'],
    stream_options: [{ include_obfuscation: true }, 'ignored'],
    temperature: [1, 'honoured'],
    text: [{ format: { type: 'text' } }, 'honoured'],
    tool_choice: ['none', 'honoured'],
    tools: [[], 'honoured'],
    top_logprobs: [1, 'refused'],
    top_p: [1, 'honoured'],
    truncation: ['auto', 'ignored'],
    user: ['u', 'honoured'],
  };
  const store = new PlainStore();
  store.save({ id: 'resp_1', conversation: [{ role: 'user', content: 'Q' }], output: [] });

  for (const [field, [value, fate]] of Object.entries(fields)) {
    it(`${field} is ${fate}`, () => {
      assert.equal(fateOf({ input: 'hi', [field]: value }, field, store), fate);
    });
    it(`${field} may be null`, () => {
      const rest = field === 'input' ? { previous_response_id: 'resp_1' } : { input: 'hi' };
      assert.equal(fateOf({ ...rest, [field]: null }, field, store), 'honoured');
    });
  }
});

describe('every type of item', () => {
  const call = { call_id: 'c', id: 'i', status: 'completed' };
  const items: Record<ItemType, [item: object, fate: Fate]> = {
    message: [{ role: 'user', content: 'x' }, 'honoured'],
    reasoning: [{ id: 'r', summary: [] }, 'honoured'],
    function_call: [{ ...call, name: 'f', arguments: '{}' }, 'honoured'],
    function_call_output: [{ ...call, output: 'x' }, 'honoured'],
    custom_tool_call: [{ ...call, name: 'f', input: '' }, 'honoured'],
    custom_tool_call_output: [{ ...call, output: 'x' }, 'honoured'],
    local_shell_call: [{ ...call, action: { type: 'exec', command: [], env: {} } }, 'honoured'],
    local_shell_call_output: [{ id: 'c', output: 'x' }, 'honoured'],
    shell_call: [{ ...call, action: { commands: [] } }, 'honoured'],
    shell_call_output: [{ ...call, output: [] }, 'honoured'],
    apply_patch_call: [{ ...call, operation: { type: 'delete_file', path: 'a' } }, 'honoured'],
    apply_patch_call_output: [call, 'honoured'],
    computer_call: [{ ...call, action: { type: 'screenshot' }, pending_safety_checks: [] }, 'honoured'],
    computer_call_output: [
      { ...call, output: { type: 'computer_screenshot', image_url: 'https://x' } },
      'honoured',
    ],
    tool_search_call: [{ ...call, execution: 'client', arguments: {} }, 'honoured'],
    tool_search_output: [{ ...call, tools: [] }, 'honoured'],
    additional_tools: [{ role: 'developer', tools: [] }, 'honoured'],
    configuration_update: [{ reasoning: { effort: 'low' } }, 'honoured'],
    item_reference: [{ id: 'msg_1' }, 'honoured'],
    mcp_call: [{ id: 'm', name: 'n', server_label: 's', arguments: '{}', output: 'x' }, 'honoured'],
    code_interpreter_call: [{ ...call, code: '1', container_id: 'x', outputs: [] }, 'honoured'],
    file_search_call: [{ ...call, queries: [], results: [] }, 'honoured'],
    web_search_call: [{ ...call, action: { type: 'search', query: 'q' } }, 'ignored'],
    image_generation_call: [{ ...call, result: null }, 'ignored'],
    mcp_list_tools: [{ id: 'm', server_label: 's', tools: [] }, 'ignored'],
    mcp_approval_request: [{ id: 'm', name: 'n', server_label: 's', arguments: '{}' }, 'ignored'],
    mcp_approval_response: [{ approval_request_id: 'm', approve: true }, 'ignored'],
    compaction: [{ encrypted_content: 'x' }, 'ignored'],
    compaction_trigger: [{}, 'refused'],
    program: [{ ...call, code: 'x', fingerprint: 'f' }, 'ignored'],
    program_output: [{ ...call, result: 'x' }, 'ignored'],
  };
  const store = new PlainStore();
  const kept = { id: 'msg_1', role: 'assistant', content: 'x' };
  store.save({ id: 'resp_1', conversation: [], output: [kept] });

  for (const [type, [item, fate]] of Object.entries(items)) {
    it(`${type} is ${fate}`, () => {
      const input = [
        { role: 'user', content: 'hi' },
        { type, ...item },
      ];
      assert.equal(fateOf({ input }, 'input[1]', store), fate);
    });
  }
});

describe('every type of tool', () => {
  const tools: Record<ToolType, [tool: object, fate: Fate]> = {
    function: [{ name: 'f', parameters: {}, strict: true }, 'honoured'],
    custom: [{ name: 'f', format: { type: 'text' } }, 'honoured'],
    namespace: [{ name: 'n', description: '', tools: [{ type: 'function', name: 'f' }] }, 'honoured'],
    tool_search: [{ execution: 'client' }, 'honoured'],
    local_shell: [{}, 'honoured'],
    shell: [{ environment: { type: 'local' } }, 'honoured'],
    apply_patch: [{}, 'honoured'],
    file_search: [{ vector_store_ids: [] }, 'ignored'],
    computer: [{}, 'ignored'],
    computer_use_preview: [{ display_height: 1, display_width: 1, environment: 'linux' }, 'ignored'],
    web_search: [{}, 'ignored'],
    web_search_2025_08_26: [{}, 'ignored'],
    web_search_preview: [{}, 'ignored'],
    web_search_preview_2025_03_11: [{}, 'ignored'],
    mcp: [{ server_label: 's' }, 'ignored'],
    code_interpreter: [{ container: 'x' }, 'ignored'],
    programmatic_tool_calling: [{}, 'ignored'],
    image_generation: [{}, 'ignored'],
  };
  for (const [type, [tool, fate]] of Object.entries(tools)) {
    it(`${type} is ${fate}`, () => {
      const body = { input: 'hi', tools: [{ type, ...tool }] };
      assert.equal(fateOf(body, `tools[0] (${type})`), fate);
      assert.equal(decode(body).turn.tools.length, fate === 'honoured' ? 1 : 0);
    });
  }

  it('is hosted, and ignored, when the service would run the shell or the search', () => {
    for (const tool of [
      { type: 'tool_search' },
      { type: 'shell', environment: { type: 'container_auto' } },
    ]) {
      assert.equal(fateOf({ input: 'hi', tools: [tool] }, `tools[0] (${tool.type})`), 'ignored');
    }
  });
});
