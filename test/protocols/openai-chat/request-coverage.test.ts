import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { ProxyError } from '../../../src/core/errors.ts';
import { decodeRequest } from '../../../src/protocols/openai-chat/decode-request.ts';

type Fate = 'decoded' | 'ignored' | 'refused';

// Each field that the official SDK types, with a value that means something. A newer SDK with a further field does
// not compile here.
const fields: Record<keyof ChatCompletionCreateParams, [fate: Fate, value: unknown]> = {
  messages: ['decoded', [{ role: 'user', content: 'Hello' }]],
  model: ['decoded', 'kmodel'],
  audio: ['ignored', { format: 'wav', voice: 'alloy' }],
  frequency_penalty: ['decoded', 0.1],
  function_call: ['decoded', 'none'],
  functions: ['decoded', [{ name: 'f' }]],
  logit_bias: ['ignored', { '50256': -100 }],
  logprobs: ['refused', true],
  max_completion_tokens: ['decoded', 10],
  max_tokens: ['decoded', 10],
  metadata: ['ignored', { a: 'b' }],
  modalities: ['refused', ['text', 'audio']],
  moderation: ['ignored', { model: 'omni-moderation-latest' }],
  n: ['refused', 2],
  parallel_tool_calls: ['decoded', true],
  prediction: ['ignored', { type: 'content', content: 'x' }],
  presence_penalty: ['decoded', 0.1],
  prompt_cache_key: ['decoded', 'session'],
  prompt_cache_options: ['ignored', { mode: 'implicit' }],
  prompt_cache_retention: ['ignored', '24h'],
  reasoning_effort: ['decoded', 'low'],
  response_format: ['decoded', { type: 'json_object' }],
  safety_identifier: ['decoded', 'user'],
  seed: ['decoded', 3],
  service_tier: ['ignored', 'flex'],
  stop: ['decoded', ['END']],
  store: ['ignored', true],
  stream: ['decoded', true],
  stream_options: ['decoded', { include_usage: true, include_obfuscation: false }],
  temperature: ['decoded', 1],
  tool_choice: ['decoded', 'none'],
  tools: ['decoded', [{ type: 'function', function: { name: 'f' } }]],
  top_logprobs: ['refused', 2],
  top_p: ['decoded', 0.5],
  user: ['decoded', 'user'],
  verbosity: ['ignored', 'low'],
  web_search_options: ['ignored', { search_context_size: 'low' }],
};

const bare = { messages: [{ role: 'user', content: 'bare' }] };

function withoutIdentity(body: unknown): object {
  const { id: _id, created: _created, ignored: _ignored, ...rest } = decodeRequest(body);
  return rest;
}

for (const [name, [fate, value]] of Object.entries(fields)) {
  test(`${name} is ${fate}`, () => {
    const body = { ...bare, [name]: value };
    switch (fate) {
      case 'decoded':
        assert.deepEqual(decodeRequest(body).ignored, []);
        assert.notDeepEqual(withoutIdentity(body), withoutIdentity(bare));
        break;
      case 'ignored':
        assert.deepEqual(decodeRequest(body).ignored, [name]);
        assert.deepEqual(withoutIdentity(body), withoutIdentity(bare));
        break;
      case 'refused':
        assert.throws(
          () => decodeRequest(body),
          (error) =>
            error instanceof ProxyError &&
            error.kind === 'unsupported-feature' &&
            error.details.param === name,
        );
        break;
      default:
        fate satisfies never;
    }
  });
}
