import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decode, userSays } from './example-request.ts';

const read = {
  name: 'Read',
  description: 'Reads.',
  input_schema: { type: 'object', properties: { path: {} } },
};
const webSearch = { type: 'web_search_20250305', name: 'web_search', max_uses: 8 };

describe('decoding tools', () => {
  it('accepts tools without type, with type custom, and without a schema', () => {
    const { turn } = decode({
      tools: [
        { ...read, cache_control: { type: 'ephemeral' }, defer_loading: true, strict: true },
        { type: 'custom', name: 'Ping' },
      ],
    });
    assert.deepEqual(turn.tools, [
      { kind: 'function', name: 'Read', description: 'Reads.', inputSchema: read.input_schema, strict: true },
      { kind: 'function', name: 'Ping', description: '', inputSchema: { type: 'object', properties: {} } },
    ]);
  });

  it('maps each tool choice', () => {
    const choice = (tool_choice: unknown) => decode({ tools: [read], tool_choice }).turn.toolChoice;
    assert.deepEqual(choice(undefined), { type: 'auto' });
    assert.deepEqual(choice({ type: 'auto' }), { type: 'auto' });
    assert.deepEqual(choice({ type: 'none' }), { type: 'none' });
    assert.deepEqual(choice({ type: 'any' }), { type: 'required' });
    assert.deepEqual(choice({ type: 'tool', name: 'Read' }), { type: 'tool', name: 'Read' });
  });

  it('maps disable_parallel_tool_use', () => {
    const parallel = (tool_choice: unknown) => decode({ tools: [read], tool_choice }).turn.parallelToolCalls;
    assert.equal(parallel({ type: 'auto' }), undefined);
    assert.equal(parallel({ type: 'auto', disable_parallel_tool_use: true }), false);
    assert.equal(parallel({ type: 'any', disable_parallel_tool_use: false }), true);
  });

  it('refuses a choice that no tool can meet', () => {
    const refused = (fields: Record<string, unknown>) =>
      assert.throws(() => decode(fields), { kind: 'invalid-request', details: { param: 'tool_choice' } });
    refused({ tools: [], tool_choice: { type: 'any' } });
    refused({ tools: [read], tool_choice: { type: 'tool', name: 'Write' } });
    refused({ tools: [read], tool_choice: { type: 'tool' } });
    refused({ tools: [read], tool_choice: { type: 'sometimes' } });
  });

  it('drops a hosted tool that is merely offered, and notes it', () => {
    const { turn, ignored } = decode({ tools: [read, webSearch] });
    assert.deepEqual(
      turn.tools.map(({ name }) => name),
      ['Read'],
    );
    assert.deepEqual(ignored, ['tools[].type=web_search_20250305']);
  });

  it('refuses a choice that demands a hosted tool', () => {
    const fields = { tools: [read, webSearch], tool_choice: { type: 'tool', name: 'web_search' } };
    assert.throws(() => decode(fields), { kind: 'unsupported-feature' });
  });

  it("refuses Claude Code's web search, which offers nothing but a hosted tool", () => {
    for (const tool_choice of [
      { type: 'tool', name: 'web_search' },
      { type: 'any' },
      { type: 'auto' },
      undefined,
    ]) {
      assert.throws(() => decode({ tools: [webSearch], tool_choice }), {
        kind: 'unsupported-feature',
        message: /^web_search_20250305 is not available/,
      });
    }
    assert.deepEqual(decode({ tools: [webSearch], tool_choice: { type: 'none' } }).turn.tools, []);
  });

  it('gives the tools that Anthropic defines and the client runs their schema', () => {
    const { turn } = decode({
      tools: [
        { type: 'bash_20250124', name: 'bash' },
        { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
        { type: 'memory_20250818', name: 'memory' },
        { type: 'computer_20250124', name: 'computer', display_width_px: 800, display_height_px: 600 },
      ],
      tool_choice: { type: 'tool', name: 'bash' },
    });
    const required = turn.tools.map((tool) => [
      tool.name,
      tool.kind === 'function' && tool.inputSchema['required'],
    ]);
    assert.deepEqual(required, [
      ['bash', []],
      ['str_replace_based_edit_tool', ['command', 'path']],
      ['memory', ['command']],
      ['computer', ['action']],
    ]);
    assert.match(turn.tools[3]?.description ?? '', /800 × 600/);
  });

  it('follows tools that come and go in mid-conversation', () => {
    const change = (type: string, tool: unknown) => ({ role: 'system', content: [{ type, tool }] });
    const { turn } = decode({
      tools: [read, { name: 'Write' }],
      messages: [
        userSays('hi'),
        change('tool_addition', { type: 'tool_definition', definition: { name: 'Grep' } }),
        change('tool_removal', { type: 'tool_reference', name: 'Read' }),
        change('tool_removal', { type: 'tool_reference', name: 'Write' }),
        change('tool_addition', { type: 'tool_reference', name: 'Write' }),
      ],
    });
    assert.deepEqual(
      turn.tools.map(({ name }) => name),
      ['Write', 'Grep'],
    );
  });
});
