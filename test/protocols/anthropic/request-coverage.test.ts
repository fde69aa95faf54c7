import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type Anthropic from '@anthropic-ai/sdk';
import type { ProxyError } from '../../../src/core/errors.ts';
import { decode, userSays } from './example-request.ts';

// The type checker holds these tables to the SDK: a field, block or tool that the SDK adds fails the check until it is decided on.
type Params = Anthropic.Beta.MessageCreateParams & Anthropic.MessageCreateParams;
type ContentBlock = Anthropic.Beta.BetaContentBlockParam;
type ToolType = NonNullable<Anthropic.Beta.BetaToolUnion['type']>;
type Fate = 'used' | 'ignored' | 'refused';

const fields = {
  model: ['used', 'm'],
  messages: ['used', [userSays('hi')]],
  max_tokens: ['used', 5],
  system: ['used', 's'],
  temperature: ['used', 1],
  top_p: ['used', 1],
  top_k: ['used', 1],
  stop_sequences: ['used', ['x']],
  stream: ['used', true],
  metadata: ['used', { user_id: 'u' }],
  thinking: ['used', { type: 'adaptive' }],
  output_config: ['used', { format: { type: 'json_schema', schema: {} } }],
  output_format: ['used', { type: 'json_schema', schema: {} }],
  tools: ['used', [{ name: 'T', input_schema: { type: 'object' } }]],
  tool_choice: ['used', { type: 'none' }],
  thread: ['refused', { type: 'create' }],
  compaction: ['refused', { type: 'summarize' }],
  betas: ['ignored', ['x']],
  billing_policy: ['ignored', { type: 'billing_policy' }],
  cache_control: ['ignored', { type: 'ephemeral' }],
  container: ['ignored', 'c'],
  context_management: ['ignored', { edits: [] }],
  diagnostics: ['ignored', {}],
  fallback_credit_token: ['ignored', 't'],
  fallbacks: ['ignored', 'default'],
  inference_geo: ['ignored', 'eu'],
  mcp_servers: ['ignored', []],
  service_tier: ['ignored', 'auto'],
  speed: ['ignored', 'fast'],
  user_profile_id: ['ignored', 'p'],
  workspace_id: ['ignored', 'w'],
} as const satisfies Record<
  Exclude<keyof Params, 'temperature'> | 'temperature' | 'top_p' | 'top_k',
  readonly [Fate, unknown]
>;

const use = { tool_use_id: 'x' } as const;
const blocks: { readonly [T in ContentBlock['type']]: readonly [Fate, Extract<ContentBlock, { type: T }>] } =
  {
    text: ['used', { type: 'text', text: 'a' }],
    image: ['used', { type: 'image', source: { type: 'url', url: 'u' } }],
    document: ['used', { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a' } }],
    search_result: ['used', { type: 'search_result', title: 't', source: 's', content: [] }],
    thinking: ['used', { type: 'thinking', thinking: 't', signature: 's' }],
    redacted_thinking: ['used', { type: 'redacted_thinking', data: 'd' }],
    tool_use: ['used', { type: 'tool_use', id: 'x', name: 'T', input: {} }],
    tool_result: ['used', { type: 'tool_result', ...use }],
    server_tool_use: ['used', { type: 'server_tool_use', id: 'x', name: 'web_search', input: {} }],
    web_search_tool_result: ['used', { type: 'web_search_tool_result', ...use, content: [] }],
    web_fetch_tool_result: [
      'used',
      {
        type: 'web_fetch_tool_result',
        ...use,
        content: {
          type: 'web_fetch_result',
          url: 'u',
          content: { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'page' } },
        },
      },
    ],
    advisor_tool_result: [
      'used',
      { type: 'advisor_tool_result', ...use, content: { type: 'advisor_result', text: 'a' } },
    ],
    code_execution_tool_result: [
      'used',
      {
        type: 'code_execution_tool_result',
        ...use,
        content: { type: 'code_execution_result', content: [], return_code: 0, stderr: '', stdout: 'out' },
      },
    ],
    bash_code_execution_tool_result: [
      'used',
      {
        type: 'bash_code_execution_tool_result',
        ...use,
        content: {
          type: 'bash_code_execution_result',
          content: [],
          return_code: 1,
          stderr: 'err',
          stdout: '',
        },
      },
    ],
    text_editor_code_execution_tool_result: [
      'used',
      {
        type: 'text_editor_code_execution_tool_result',
        ...use,
        content: { type: 'text_editor_code_execution_view_result', content: 'c', file_type: 'text' },
      },
    ],
    tool_search_tool_result: [
      'used',
      {
        type: 'tool_search_tool_result',
        ...use,
        content: { type: 'tool_search_tool_search_result', tool_references: [] },
      },
    ],
    mcp_tool_use: ['used', { type: 'mcp_tool_use', id: 'x', name: 'T', server_name: 's', input: {} }],
    mcp_tool_result: ['used', { type: 'mcp_tool_result', ...use, content: 'c' }],
    compaction: ['used', { type: 'compaction', content: 'summary' }],
    tool_addition: [
      'used',
      {
        type: 'tool_addition',
        tool: { type: 'tool_definition', definition: { name: 'N', input_schema: { type: 'object' } } },
      },
    ],
    tool_removal: ['used', { type: 'tool_removal', tool: { type: 'tool_reference', name: 'N' } }],
    container_upload: ['ignored', { type: 'container_upload', file_id: 'f' }],
    mcp_tool_listing: ['ignored', { type: 'mcp_tool_listing', mcp_server_name: 's', tools: [] }],
    fallback: ['ignored', { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }],
  };

const tools: { readonly [T in ToolType]: 'used' | 'ignored' } = {
  custom: 'used',
  bash_20241022: 'used',
  bash_20250124: 'used',
  text_editor_20241022: 'used',
  text_editor_20250124: 'used',
  text_editor_20250429: 'used',
  text_editor_20250728: 'used',
  memory_20250818: 'used',
  computer_20241022: 'used',
  computer_20250124: 'used',
  computer_20251124: 'used',
  computer_toolset_20260801: 'ignored',
  browser_toolset_20260801: 'ignored',
  code_execution_20250522: 'ignored',
  code_execution_20250825: 'ignored',
  code_execution_20260120: 'ignored',
  code_execution_20260521: 'ignored',
  web_search_20250305: 'ignored',
  web_search_20260209: 'ignored',
  web_search_20260318: 'ignored',
  web_fetch_20250910: 'ignored',
  web_fetch_20260209: 'ignored',
  web_fetch_20260309: 'ignored',
  web_fetch_20260318: 'ignored',
  advisor_20260301: 'ignored',
  tool_search_tool_bm25: 'ignored',
  tool_search_tool_bm25_20251119: 'ignored',
  tool_search_tool_regex: 'ignored',
  tool_search_tool_regex_20251119: 'ignored',
  mcp_toolset: 'ignored',
};

describe('everything that the SDK can send', () => {
  for (const [name, [fate, value]] of Object.entries(fields)) {
    it(`the field ${name} is ${fate}`, () => assert.equal(fateOf({ [name]: value }, name), fate));
  }

  for (const [type, [fate, block]] of Object.entries(blocks)) {
    it(`the block ${type} is ${fate}`, () => {
      const role = ['tool_result', 'image'].includes(type) ? 'user' : 'assistant';
      const messages = [userSays('hi'), { role, content: [block] }];
      assert.equal(fateOf({ messages }, `messages[].content[].type=${type}`), fate);
    });
  }

  for (const [type, fate] of Object.entries(tools)) {
    it(`the tool ${type} is ${fate}`, () => {
      assert.equal(
        fateOf({ tools: [{ name: 'Client' }, { type, name: 'T' }] }, `tools[].type=${type}`),
        fate,
      );
    });
  }
});

/** What becomes of the one thing that `fields` adds to a plain request. */
function fateOf(fields: Record<string, unknown>, name: string): Fate {
  try {
    const { ignored } = decode(fields);
    assert.ok(ignored.length === 0 || (ignored.length === 1 && ignored[0] === name), ignored.join());
    return ignored.length === 0 ? 'used' : 'ignored';
  } catch (error) {
    assert.equal((error as ProxyError).kind, 'unsupported-feature');
    return 'refused';
  }
}
