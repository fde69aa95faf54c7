import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Turn } from '../../../src/core/turn.ts';
import { decode, decodeTurn, PlainStore } from './dialect-under-test.ts';

const user = (text: string) => ({ role: 'user', content: [{ type: 'text', text }] });

/** Matches a `ProxyError` of this kind at this parameter. */
const refusal = (kind: string, param: string) => (error: { kind?: string; details?: { param?: string } }) => {
  assert.deepEqual([error.kind, error.details?.param], [kind, param]);
  return true;
};

describe('decoding a request', () => {
  it('reads a Codex request', () => {
    const { turn, stream, ignored, includeEncryptedReasoning } = decode({
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'thread-1',
      client_metadata: { 'x-codex-installation-id': 'i' },
      parallel_tool_calls: true,
      reasoning: { effort: 'high', summary: 'auto' },
      text: { verbosity: 'low' },
      tool_choice: 'auto',
      input: [
        { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Rules' }] },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: ' Do it\n' }] },
      ],
      tools: [
        { type: 'function', name: 'exec', description: 'Run', strict: false, parameters: { type: 'object' } },
        {
          type: 'custom',
          name: 'apply_patch',
          description: 'Patch',
          format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
        },
        {
          type: 'namespace',
          name: 'mcp__fs',
          description: 'Files.',
          tools: [
            { type: 'function', name: 'read', description: 'Read', strict: true, parameters: {} },
            { type: 'custom', name: 'note' },
          ],
        },
        { type: 'web_search', external_web_access: false },
        { type: 'tool_search', execution: 'client', description: 'Find', parameters: { type: 'object' } },
      ],
    });
    assert.deepEqual(turn, {
      model: 'kmodel',
      system: ['Rules'],
      messages: [{ role: 'user', content: [{ type: 'text', text: ' Do it\n' }] }],
      tools: [
        {
          kind: 'function',
          name: 'exec',
          description: 'Run',
          strict: false,
          inputSchema: { type: 'object' },
        },
        {
          kind: 'custom',
          name: 'apply_patch',
          description: 'Patch',
          format: { syntax: 'lark', definition: 'start: x' },
        },
        {
          kind: 'function',
          namespace: 'mcp__fs',
          name: 'read',
          description: 'Files.\n\nRead',
          strict: true,
          inputSchema: {},
        },
        { kind: 'custom', namespace: 'mcp__fs', name: 'note', description: '' },
        { kind: 'function', name: 'tool_search', description: 'Find', inputSchema: { type: 'object' } },
      ],
      toolChoice: { type: 'auto' },
      parallelToolCalls: true,
      sampling: {},
      reasoning: { effort: 'high' },
      delivery: 'incremental',
      metadata: { sessionId: 'thread-1' },
    } satisfies Turn);
    assert.equal(stream, true);
    assert.equal(includeEncryptedReasoning, true);
    assert.deepEqual(ignored, ['text.verbosity', 'tools[3] (web_search)']);
  });

  it('reads settings, ids and limits', () => {
    const { turn } = decode({
      input: 'hi',
      instructions: 'Be kind.',
      temperature: 0.3,
      top_p: 0.9,
      max_output_tokens: 100,
      user: 'old',
      safety_identifier: 'u1',
      client_metadata: { session_id: 's1' },
      prompt_cache_key: 'k',
      parallel_tool_calls: false,
    });
    assert.deepEqual(turn, {
      model: 'kmodel',
      system: ['Be kind.'],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      tools: [],
      toolChoice: { type: 'auto' },
      parallelToolCalls: false,
      sampling: { temperature: 0.3, topP: 0.9, maxOutputTokens: 100 },
      delivery: 'whole',
      metadata: { sessionId: 's1', userId: 'u1' },
    } satisfies Turn);
  });

  it('takes reasoning as asked for when any of its settings is given', () => {
    const asked: [unknown, unknown][] = [
      [undefined, undefined],
      [null, undefined],
      [{}, undefined],
      [{ effort: null, summary: null }, undefined],
      [{ effort: 'none', summary: 'auto' }, undefined],
      [{ effort: 'low' }, { effort: 'low' }],
      [{ summary: 'auto' }, {}],
      [{ effort: null, summary: 'detailed' }, {}],
    ];
    for (const [reasoning, intent] of asked) {
      assert.deepEqual(decodeTurn('hi', { reasoning }).reasoning, intent);
    }
  });

  it('reads the format of the answer', () => {
    const format = (value: unknown) => decodeTurn('hi', { text: { format: value } }).responseFormat;
    assert.equal(format({ type: 'text' }), undefined);
    assert.deepEqual(format({ type: 'json_object' }), { type: 'json-object' });
    assert.deepEqual(format({ type: 'json_schema', name: 'n', strict: true, schema: { type: 'object' } }), {
      type: 'json-schema',
      name: 'n',
      strict: true,
      schema: { type: 'object' },
    });
    assert.throws(
      () => format({ type: 'json_schema', name: 'n' }),
      refusal('invalid-request', 'text.format.schema'),
    );
    assert.throws(() => format({ type: 'yaml' }), refusal('unsupported-feature', 'text.format.type'));
  });

  it('names what it does not honour, unknown fields included', () => {
    const { ignored } = decode({
      input: 'hi',
      truncation: 'auto',
      service_tier: 'flex',
      stream_options: { include_obfuscation: false },
      moderation: null,
      frobnicate: 1,
      include: ['web_search_call.results'],
    });
    assert.deepEqual(ignored, [
      'truncation',
      'service_tier',
      'stream_options',
      'frobnicate',
      'include[0] (web_search_call.results)',
    ]);
    const defaults = { truncation: 'disabled', service_tier: 'auto', background: false, top_logprobs: 0 };
    assert.deepEqual(decode({ input: 'hi', ...defaults }).ignored, []);
  });

  it('refuses what cannot be ignored without changing the meaning', () => {
    const fields: [Record<string, unknown>, string][] = [
      [{ background: true }, 'background'],
      [{ conversation: 'conv_1' }, 'conversation'],
      [{ prompt: { id: 'p' } }, 'prompt'],
      [{ prompt_cache_options: { prewarm: true } }, 'prompt_cache_options.prewarm'],
      [{ top_logprobs: 2 }, 'top_logprobs'],
      [{ include: ['message.output_text.logprobs'] }, 'include'],
    ];
    for (const [field, param] of fields) {
      assert.throws(() => decode({ input: 'hi', ...field }), refusal('unsupported-feature', param));
    }
  });

  it('says which field is wrong', () => {
    const requests: [Record<string, unknown>, string][] = [
      [{}, 'input'],
      [{ input: [] }, 'input'],
      [{ input: 5 }, 'input'],
      [{ input: ['x'] }, 'input[0]'],
      [{ input: 'x', temperature: 'hot' }, 'temperature'],
      [{ input: 'x', max_output_tokens: 0 }, 'max_output_tokens'],
      [{ input: 'x', tools: [{ type: 'function', name: 5 }] }, 'tools[0].name'],
      [{ input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }, 'input[0].call_id'],
      [{ input: [{ role: 'tool', content: 'x' }] }, 'input[0].role'],
      [{ input: [{ role: 'user', content: 5 }] }, 'input[0].content'],
    ];
    for (const [request, param] of requests) {
      assert.throws(() => decode(request), refusal('invalid-request', param));
    }
  });
});

describe('tool choice', () => {
  const tools = [
    { type: 'function', name: 'run' },
    { type: 'custom', name: 'patch' },
    { type: 'namespace', name: 'fs', tools: [{ type: 'function', name: 'read' }] },
    { type: 'apply_patch' },
    { type: 'web_search' },
  ];
  const choose = (tool_choice: unknown) => decodeTurn('hi', { tools, tool_choice });

  it('is read in every form', () => {
    const forms: [unknown, Turn['toolChoice']][] = [
      [undefined, { type: 'auto' }],
      [null, { type: 'auto' }],
      ['none', { type: 'none' }],
      ['required', { type: 'required' }],
      [
        { type: 'function', name: 'run' },
        { type: 'tool', name: 'run' },
      ],
      [
        { type: 'custom', name: 'patch' },
        { type: 'tool', name: 'patch' },
      ],
      [
        { type: 'function', name: 'read' },
        { type: 'tool', name: 'read', namespace: 'fs' },
      ],
      [
        { type: 'function', name: 'read', namespace: 'fs' },
        { type: 'tool', name: 'read', namespace: 'fs' },
      ],
      [{ type: 'apply_patch' }, { type: 'tool', name: 'apply_patch' }],
    ];
    for (const [value, expected] of forms) assert.deepEqual(choose(value).toolChoice, expected);
  });

  it('narrows the tools to the allowed ones', () => {
    const allowed = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'run' }] };
    const turn = choose(allowed);
    assert.deepEqual(turn.toolChoice, { type: 'required' });
    assert.deepEqual(
      turn.tools.map(({ name }) => name),
      ['run'],
    );
  });

  it('refuses to force a hosted or undeclared tool', () => {
    const hosted = refusal('unsupported-feature', 'tool_choice');
    assert.throws(() => choose({ type: 'web_search' }), hosted);
    assert.throws(
      () => decodeTurn('hi', { tools: [{ type: 'web_search' }], tool_choice: 'required' }),
      hosted,
    );
    assert.throws(
      () => choose({ type: 'allowed_tools', mode: 'required', tools: [{ type: 'web_search' }] }),
      hosted,
    );
    const invalid = refusal('invalid-request', 'tool_choice');
    assert.throws(() => choose({ type: 'function', name: 'nope' }), invalid);
    assert.throws(() => choose('sometimes'), invalid);
    assert.throws(() => decodeTurn('hi', { tool_choice: 'required' }), invalid);
  });
});

describe('the memory of earlier answers', () => {
  const store = new PlainStore();
  const answer = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'A' }],
  };
  store.save({
    id: 'resp_1',
    conversation: [{ role: 'developer', content: 'Rules' }, { role: 'user', content: 'Q' }, answer],
    output: [answer],
  });

  it('puts the conversation of previous_response_id first, but not its instructions', () => {
    const request = decode({ previous_response_id: 'resp_1', instructions: 'New', input: 'Q2' }, store);
    assert.deepEqual(request.turn.system, ['New', 'Rules']);
    assert.deepEqual(request.turn.messages, [
      user('Q'),
      { role: 'assistant', content: [{ type: 'text', text: 'A' }] },
      user('Q2'),
    ]);
    assert.equal(request.conversation?.length, 4);
  });

  it('says in OpenAI’s words that a previous response is unknown', () => {
    assert.throws(() => decode({ previous_response_id: 'resp_9', input: 'Q' }, store), {
      kind: 'invalid-request',
      details: { param: 'previous_response_id', code: 'previous_response_not_found' },
    });
  });

  it('resolves item references, with or without a type', () => {
    for (const reference of [{ type: 'item_reference', id: 'msg_1' }, { id: 'msg_1' }]) {
      const { turn, conversation } = decode({ input: [reference, { role: 'user', content: 'Q2' }] }, store);
      assert.deepEqual(turn.messages[0], { role: 'assistant', content: [{ type: 'text', text: 'A' }] });
      assert.equal(conversation?.[0], answer);
    }
  });

  it('refuses an unknown item reference', () => {
    assert.throws(() => decode({ input: [{ type: 'item_reference', id: 'msg_9' }] }, store), {
      kind: 'invalid-request',
      details: { param: 'input[0].id', code: 'item_not_found' },
    });
  });

  it('keeps nothing when the client wants nothing stored', () => {
    assert.equal(decode({ input: 'Q', store: false }).conversation, undefined);
    assert.deepEqual(decode({ input: 'Q' }).conversation, [{ type: 'message', role: 'user', content: 'Q' }]);
  });
});
