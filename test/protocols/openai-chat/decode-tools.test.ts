import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import { decodeRequest } from '../../../src/protocols/openai-chat/decode-request.ts';

const parameters = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
const read = {
  type: 'function',
  function: { name: 'read', description: 'Reads.', parameters, strict: true },
};
const patch = {
  type: 'custom',
  custom: {
    name: 'patch',
    description: 'Patches.',
    format: { type: 'grammar', grammar: { definition: 'start: "a"', syntax: 'lark' } },
  },
};

function decode(fields: object) {
  return decodeRequest({ messages: [{ role: 'user', content: 'go' }], ...fields });
}

function refusal(fields: object): { kind: string; param: string | undefined } {
  try {
    decode(fields);
  } catch (error) {
    assert.ok(error instanceof ProxyError);
    return { kind: error.kind, param: error.details.param };
  }
  assert.fail('the request was accepted');
}

describe('tools', () => {
  test('are functions or custom tools', () => {
    assert.deepEqual(decode({ tools: [read, patch] }).turn.tools, [
      { kind: 'function', name: 'read', description: 'Reads.', inputSchema: parameters, strict: true },
      {
        kind: 'custom',
        name: 'patch',
        description: 'Patches.',
        format: { syntax: 'lark', definition: 'start: "a"' },
      },
    ]);
  });

  test('may lack all but a name', () => {
    assert.deepEqual(
      decode({
        tools: [
          { type: 'function', function: { name: 'now' } },
          { function: { name: 'later', parameters: null, description: null } },
          { type: 'custom', custom: { name: 'free', format: { type: 'text' } } },
        ],
      }).turn.tools,
      [
        { kind: 'function', name: 'now', description: '', inputSchema: { type: 'object', properties: {} } },
        { kind: 'function', name: 'later', description: '', inputSchema: { type: 'object', properties: {} } },
        { kind: 'custom', name: 'free', description: '' },
      ],
    );
  });

  test('that OpenAI would run are left out and reported', () => {
    const request = decode({ tools: [read, { type: 'web_search', filters: {} }] });
    assert.deepEqual(
      request.turn.tools.map((tool) => tool.name),
      ['read'],
    );
    assert.deepEqual(request.ignored, ['tools[1] (web_search)']);
  });

  test('without a name or a definition are refused', () => {
    assert.deepEqual(refusal({ tools: [{ type: 'function' }] }), {
      kind: 'invalid-request',
      param: 'tools[0].function',
    });
    assert.deepEqual(refusal({ tools: [read, { type: 'function', function: { name: '' } }] }), {
      kind: 'invalid-request',
      param: 'tools[1].function.name',
    });
  });
});

describe('tool_choice', () => {
  const choose = (tool_choice: unknown) => decode({ tools: [read, patch], tool_choice }).turn;

  test('is auto, none, required or one tool', () => {
    assert.deepEqual(choose('auto').toolChoice, { type: 'auto' });
    assert.deepEqual(choose('none').toolChoice, { type: 'none' });
    assert.deepEqual(choose('required').toolChoice, { type: 'required' });
    assert.deepEqual(choose({ type: 'function', function: { name: 'read' } }).toolChoice, {
      type: 'tool',
      name: 'read',
    });
    assert.deepEqual(choose({ type: 'custom', custom: { name: 'patch' } }).toolChoice, {
      type: 'tool',
      name: 'patch',
    });
  });

  test('allowed_tools leaves only those', () => {
    const allow = (mode: string) =>
      choose({
        type: 'allowed_tools',
        allowed_tools: { mode, tools: [{ type: 'function', function: { name: 'read' } }] },
      });
    assert.deepEqual(allow('auto').toolChoice, { type: 'auto' });
    assert.deepEqual(
      allow('auto').tools.map((tool) => tool.name),
      ['read'],
    );
    assert.deepEqual(allow('required').toolChoice, { type: 'required' });
  });

  test('of what is not offered is refused', () => {
    assert.deepEqual(refusal({ tools: [read], tool_choice: { type: 'function', function: { name: 'x' } } }), {
      kind: 'invalid-request',
      param: 'tool_choice',
    });
    assert.deepEqual(refusal({ tool_choice: 'required' }), {
      kind: 'invalid-request',
      param: 'tool_choice',
    });
    assert.deepEqual(refusal({ tools: [read], tool_choice: { type: 'web_search' } }), {
      kind: 'invalid-request',
      param: 'tool_choice',
    });
    assert.deepEqual(refusal({ tools: [read], tool_choice: 'sometimes' }), {
      kind: 'invalid-request',
      param: 'tool_choice',
    });
  });

  test('auto and none need no tools', () => {
    assert.deepEqual(decode({ tool_choice: 'auto', tools: [] }).turn.toolChoice, { type: 'auto' });
    assert.deepEqual(decode({ tool_choice: 'none' }).turn.toolChoice, { type: 'none' });
  });
});

describe('legacy functions', () => {
  test('are tools, one call at a time', () => {
    const request = decode({ functions: [{ name: 'f', parameters }], function_call: { name: 'f' } });
    assert.equal(request.legacyFunctions, true);
    assert.deepEqual(request.turn.tools, [
      { kind: 'function', name: 'f', description: '', inputSchema: parameters },
    ]);
    assert.deepEqual(request.turn.toolChoice, { type: 'tool', name: 'f' });
    assert.equal(request.turn.parallelToolCalls, false);
  });

  test('beside tools count as tools', () => {
    const request = decode({ tools: [read], functions: [{ name: 'f' }], function_call: 'none' });
    assert.equal(request.legacyFunctions, false);
    assert.deepEqual(
      request.turn.tools.map((tool) => tool.name),
      ['read', 'f'],
    );
    assert.deepEqual(request.turn.toolChoice, { type: 'none' });
  });

  test('that are not offered cannot be chosen', () => {
    assert.deepEqual(refusal({ functions: [{ name: 'f' }], function_call: { name: 'g' } }), {
      kind: 'invalid-request',
      param: 'function_call',
    });
  });
});
