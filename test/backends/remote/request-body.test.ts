import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type ChatBodyContext,
  chatBody,
  loweredLimit,
  unsentFields,
} from '../../../src/backends/remote/request-body.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { FunctionTool } from '../../../src/core/turn.ts';
import { turnWith } from './fixtures.ts';

const context: ChatBodyContext = {
  model: { key: 'kmodel', reasoning: false },
  profile: 'plugin',
  cosyVersion: '2.11.2',
  requestUuid: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  secondUuid: '11111111-2222-4333-8444-555555555555',
  now: 1_777_520_000_123,
};

const message = {
  role: 'user',
  content: 'Hello',
  response_meta: { id: '', usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
  reasoning_content_signature: '',
};

const read: FunctionTool = {
  kind: 'function',
  name: 'read',
  description: 'Reads a file.',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
};

const pluginBody = {
  request_id: 'aaaaaaaabbbb4ccc8dddeeeeeeeeeeee',
  request_set_id: '',
  chat_record_id: 'aaaaaaaabbbb4ccc8dddeeeeeeeeeeee',
  stream: true,
  image_urls: null,
  is_reply: false,
  is_retry: false,
  session_id: '',
  code_language: '',
  source: 0,
  version: '3',
  chat_prompt: '',
  parameters: { temperature: 0.1 },
  aliyun_user_type: 'personal_standard',
  agent_id: 'agent_common',
  task_id: 'question_refine',
  model_config: {
    key: 'kmodel',
    display_name: '',
    model: 'kmodel',
    format: '',
    is_vl: false,
    is_reasoning: false,
    api_key: '',
    url: '',
    source: '',
    enable: false,
  },
  messages: [message],
  business: {
    product: 'jb_plugin',
    version: '2.11.2',
    type: 'memory',
    id: '11111111-2222-4333-8444-555555555555',
    begin_at: 1_777_520_000_123,
    stage: 'start',
    name: 'memory_intent_recognition_aaaaaaaabbbb4ccc8dddeeeeeeeeeeee',
  },
};

describe('chat body', () => {
  test('is exactly what the plugin sends', () => {
    assert.deepEqual(chatBody(turnWith(), context), pluginBody);
  });

  test('is exactly what the IDE sends in its profile', () => {
    assert.deepEqual(chatBody(turnWith(), { ...context, profile: 'ide', cosyVersion: '0.11.0' }), {
      ...pluginBody,
      session_id: '11111111-2222-4333-8444-555555555555',
      aliyun_user_type: 'enterprise_standard',
      model_config: { ...pluginBody.model_config, model: '' },
      business: {
        product: 'ide',
        version: '0.11.0',
        type: 'chat',
        name: 'api-bridge',
        begin_at: 0,
        relation: {},
      },
    });
  });

  test('asks for reasoning when the client did, or the model is one that thinks', () => {
    const modelConfig = { ...pluginBody.model_config, is_reasoning: true };
    assert.deepEqual(chatBody(turnWith({ reasoning: {} }), context)['model_config'], modelConfig);
    const thinking = { ...context, model: { key: 'kmodel', reasoning: true } };
    assert.deepEqual(chatBody(turnWith(), thinking)['model_config'], modelConfig);
  });

  test('passes temperature and a bounded number of output tokens on', () => {
    const body = (sampling: object) => chatBody(turnWith({ sampling }), context)['parameters'];
    assert.deepEqual(body({ temperature: 0, maxOutputTokens: 100 }), { temperature: 0, max_tokens: 100 });
    assert.deepEqual(body({ maxOutputTokens: 32_000 }), { temperature: 0.1, max_tokens: 16_384 });
  });

  test('has tools and a choice in the OpenAI chat form', () => {
    const tools = [
      {
        type: 'function',
        function: {
          name: 'read',
          description: 'Reads a file.',
          parameters: { type: 'object', properties: { path: { type: 'string' } } },
        },
      },
    ];
    const body = chatBody(turnWith({ tools: [read], toolChoice: { type: 'tool', name: 'read' } }), context);
    assert.deepEqual(body['tools'], tools);
    assert.deepEqual(body['tool_choice'], { type: 'function', function: { name: 'read' } });
    assert.equal(
      chatBody(turnWith({ tools: [read], toolChoice: { type: 'required' } }), context)['tool_choice'],
      'required',
    );
    const auto = chatBody(turnWith({ tools: [read] }), context);
    assert.deepEqual(auto['tools'], tools);
    assert.ok(!('tool_choice' in auto));
  });

  test('gives a tool without a schema an empty one', () => {
    const [tool] = [chatBody(turnWith({ tools: [{ ...read, inputSchema: {} }] }), context)['tools']].flat();
    assert.deepEqual(tool, {
      type: 'function',
      function: {
        name: 'read',
        description: 'Reads a file.',
        parameters: { type: 'object', properties: {} },
      },
    });
  });

  test('has neither tools nor a choice when no call is wanted or possible', () => {
    const none = chatBody(turnWith({ tools: [read], toolChoice: { type: 'none' } }), context);
    const empty = chatBody(turnWith({ toolChoice: { type: 'required' } }), context);
    for (const body of [none, empty]) assert.ok(!('tools' in body) && !('tool_choice' in body));
  });

  test('refuses tools that should have become plain functions before', () => {
    const isInternal = (error: unknown) => error instanceof ProxyError && error.kind === 'internal';
    const custom = { kind: 'custom', name: 'patch', description: '' } as const;
    assert.throws(() => chatBody(turnWith({ tools: [custom] }), context), isInternal);
    assert.throws(() => chatBody(turnWith({ tools: [{ ...read, namespace: 'fs' }] }), context), isInternal);
  });
});

test('wishes that upstream has no field for are named as the client names them', () => {
  assert.deepEqual(unsentFields(turnWith()), []);
  const sampling = { temperature: 1, topP: 0.5, topK: 3, seed: 7, presencePenalty: 1, frequencyPenalty: 0 };
  assert.deepEqual(unsentFields(turnWith({ sampling })), [
    'top_p',
    'top_k',
    'seed',
    'presence_penalty',
    'frequency_penalty',
  ]);
});

test('a limit above what upstream is known to take is named, with the one that was sent', () => {
  assert.equal(loweredLimit(turnWith({ sampling: { maxOutputTokens: 16_384 } })), undefined);
  assert.equal(
    loweredLimit(turnWith({ sampling: { maxOutputTokens: 20_000 } })),
    'The remote API was asked for at most 16384 output tokens instead of 20000.',
  );
});
