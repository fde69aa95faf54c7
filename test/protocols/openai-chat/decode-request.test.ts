import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import { decodeRequest } from '../../../src/protocols/openai-chat/decode-request.ts';

const hello = { model: 'kmodel', messages: [{ role: 'user', content: 'Hello' }] };

function turnOf(fields: object) {
  return decodeRequest({ ...hello, ...fields }).turn;
}

function refusal(body: unknown): { kind: string; param: string | undefined } {
  try {
    decodeRequest(body);
  } catch (error) {
    assert.ok(error instanceof ProxyError);
    return { kind: error.kind, param: error.details.param };
  }
  assert.fail('the request was accepted');
}

describe('a chat request', () => {
  test('becomes a turn', () => {
    const request = decodeRequest({
      model: 'Qwen3-Coder',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: '  Hi\n' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.5,
      top_p: 0.9,
      top_k: 20,
      max_tokens: 100,
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: -0.1,
      stop: 'END',
      user: 'u1',
      prompt_cache_key: 's1',
      parallel_tool_calls: false,
      reasoning_effort: 'high',
    });
    const { id, created, ...rest } = request;
    assert.match(id, /^chatcmpl-[0-9a-f]{32}$/);
    assert.ok(Number.isSafeInteger(created) && created > 1_700_000_000);
    assert.deepEqual(rest, {
      stream: true,
      includeUsage: true,
      legacyFunctions: false,
      ignored: [],
      turn: {
        model: 'Qwen3-Coder',
        system: ['Be brief.'],
        messages: [{ role: 'user', content: [{ type: 'text', text: '  Hi\n' }] }],
        tools: [],
        toolChoice: { type: 'auto' },
        parallelToolCalls: false,
        sampling: {
          temperature: 0.5,
          topP: 0.9,
          topK: 20,
          maxOutputTokens: 100,
          seed: 7,
          presencePenalty: 0.1,
          frequencyPenalty: -0.1,
          stop: ['END'],
        },
        reasoning: { effort: 'high' },
        delivery: 'incremental',
        metadata: { sessionId: 's1', userId: 'u1' },
      },
    });
  });

  test('that says nothing leaves everything to upstream', () => {
    const request = decodeRequest({ messages: [{ role: 'user', content: 'Hello' }] });
    assert.equal(request.stream, false);
    assert.equal(request.includeUsage, false);
    assert.deepEqual(request.turn, {
      model: '',
      system: [],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      tools: [],
      toolChoice: { type: 'auto' },
      sampling: {},
      delivery: 'whole',
      metadata: {},
    });
  });

  test('may write null for every optional field', () => {
    const nulls = Object.fromEntries(
      [
        ['model', 'stream', 'stream_options', 'tools', 'tool_choice', 'parallel_tool_calls', 'functions'],
        ['function_call', 'temperature', 'top_p', 'top_k', 'max_tokens', 'max_completion_tokens', 'seed'],
        ['presence_penalty', 'frequency_penalty', 'stop', 'response_format', 'user', 'safety_identifier'],
        ['prompt_cache_key', 'reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'n', 'logprobs'],
        ['top_logprobs', 'modalities', 'audio', 'moderation', 'web_search_options', 'store', 'metadata'],
      ]
        .flat()
        .map((name) => [name, null]),
    );
    const request = decodeRequest({ ...nulls, messages: hello.messages });
    assert.deepEqual(request.ignored, []);
    assert.deepEqual(request.turn.sampling, {});
  });

  test('that is no object is refused', () => {
    for (const body of [undefined, null, 'text', 3, []]) {
      assert.deepEqual(refusal(body), { kind: 'invalid-request', param: undefined });
    }
  });

  test('without messages is refused', () => {
    assert.deepEqual(refusal({ model: 'kmodel' }), { kind: 'invalid-request', param: 'messages' });
    assert.deepEqual(refusal({ messages: [] }), { kind: 'invalid-request', param: 'messages' });
  });

  test('with a field of the wrong type is refused by its name', () => {
    for (const [param, value] of Object.entries({
      model: 5,
      stream: 'yes',
      temperature: '0.2',
      max_tokens: 1.5,
      tools: {},
      stop: [1],
      parallel_tool_calls: 'no',
    })) {
      const refused = refusal({ ...hello, [param]: value });
      assert.equal(refused.kind, 'invalid-request');
      assert.ok(refused.param?.startsWith(param), `${param}: ${refused.param}`);
    }
  });

  test('names the fields that have no effect, known or not', () => {
    const request = decodeRequest({
      ...hello,
      store: true,
      frobnicate: 1,
      logit_bias: { '5': 1 },
      verbosity: null,
    });
    assert.deepEqual(request.ignored, ['store', 'frobnicate', 'logit_bias']);
  });
});

describe('features whose silent loss would change the meaning', () => {
  const cases: Record<string, unknown> = {
    n: 2,
    logprobs: true,
    top_logprobs: 3,
    modalities: ['text', 'audio'],
  };
  for (const [param, value] of Object.entries(cases)) {
    test(`${param} is refused`, () => {
      assert.deepEqual(refusal({ ...hello, [param]: value }), { kind: 'unsupported-feature', param });
    });
  }

  test('their harmless values are accepted', () => {
    const request = decodeRequest({ ...hello, n: 1, logprobs: false, top_logprobs: 0, modalities: ['text'] });
    assert.deepEqual(request.ignored, []);
  });
});

describe('the limit of tokens', () => {
  test('max_completion_tokens wins over max_tokens', () => {
    assert.equal(turnOf({ max_tokens: 5, max_completion_tokens: 9 }).sampling.maxOutputTokens, 9);
  });

  test('-1 means no limit', () => {
    assert.deepEqual(turnOf({ max_tokens: -1 }).sampling, {});
  });

  test('0 is refused', () => {
    assert.deepEqual(refusal({ ...hello, max_tokens: 0 }), { kind: 'invalid-request', param: 'max_tokens' });
  });
});

describe('stop sequences', () => {
  test('empty ones are left out, since they would cut everything', () => {
    assert.deepEqual(turnOf({ stop: ['', 'a'] }).sampling.stop, ['a']);
    assert.equal(turnOf({ stop: '' }).sampling.stop, undefined);
  });

  test('more than 16 are refused', () => {
    const stop = Array.from({ length: 17 }, (_, index) => `s${index}`);
    assert.deepEqual(refusal({ ...hello, stop }), { kind: 'invalid-request', param: 'stop' });
  });
});

describe('reasoning is asked for', () => {
  const cases: [string, object, object | undefined][] = [
    ['not by silence', {}, undefined],
    ['by reasoning_effort', { reasoning_effort: 'low' }, { effort: 'low' }],
    ['not by reasoning_effort none', { reasoning_effort: 'none' }, undefined],
    ['by reasoning.effort', { reasoning: { effort: 'medium' } }, { effort: 'medium' }],
    ['not by reasoning.effort none', { reasoning: { effort: 'none' } }, undefined],
    ['by reasoning.max_tokens', { reasoning: { max_tokens: 900 } }, { budgetTokens: 900 }],
    ['by reasoning.enabled', { reasoning: { enabled: true } }, {}],
    ['not when its thoughts are to be left out', { reasoning: { effort: 'high', exclude: true } }, undefined],
    ['by thinking enabled', { thinking: { type: 'enabled', budget_tokens: 500 } }, { budgetTokens: 500 }],
    ['by thinking adaptive', { thinking: { type: 'adaptive' } }, {}],
    ['not by thinking disabled', { thinking: { type: 'disabled' } }, undefined],
    ['by enable_thinking', { enable_thinking: true, thinking_budget: 40 }, { budgetTokens: 40 }],
    ['not by enable_thinking false', { enable_thinking: false, thinking_budget: 40 }, undefined],
    ['by chat_template_kwargs', { chat_template_kwargs: { enable_thinking: true } }, {}],
    [
      'by nothing that cannot be understood',
      { thinking: 'hard', reasoning: 3, enable_thinking: 1 },
      undefined,
    ],
  ];
  for (const [title, fields, expected] of cases) {
    test(title, () => assert.deepEqual(turnOf(fields).reasoning, expected));
  }
});

describe('the response format', () => {
  test('text is the default', () => {
    assert.equal(turnOf({ response_format: { type: 'text' } }).responseFormat, undefined);
  });

  test('json_object', () => {
    assert.deepEqual(turnOf({ response_format: { type: 'json_object' } }).responseFormat, {
      type: 'json-object',
    });
  });

  test('json_schema', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    assert.deepEqual(
      turnOf({ response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } } })
        .responseFormat,
      { type: 'json-schema', name: 'x', schema, strict: true },
    );
    assert.deepEqual(
      turnOf({ response_format: { type: 'json_schema', json_schema: { name: 'x' } } }).responseFormat,
      { type: 'json-object' },
    );
  });

  test('anything else is refused', () => {
    assert.deepEqual(refusal({ ...hello, response_format: { type: 'grammar' } }), {
      kind: 'unsupported-feature',
      param: 'response_format.type',
    });
    assert.deepEqual(refusal({ ...hello, response_format: { type: 'json_schema' } }), {
      kind: 'invalid-request',
      param: 'response_format.json_schema',
    });
  });
});
