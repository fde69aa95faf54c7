import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Turn } from '../../../src/core/turn.ts';
import { requestTurn } from '../../../src/extension/chat/request-turn.ts';

/** Roles as VS Code counts them. */
const user = (...content: unknown[]) => ({ role: 1, content, name: undefined });
const assistant = (...content: unknown[]) => ({ role: 2, content, name: undefined });
const system = (...content: unknown[]) => ({ role: 3, content, name: undefined });

/** Parts with the own fields that VS Code's classes give them. */
const text = (value: string) => ({ value, audience: undefined });
const thinking = (value: string | string[]) => ({ value, id: undefined, metadata: undefined });
const call = (callId: string, name: string, input: unknown) => ({ callId, name, input });
const result = (callId: string, ...content: unknown[]) => ({ callId, content, isError: false });
const data = (bytes: string, mimeType: string) => ({
  data: Buffer.from(bytes),
  mimeType,
  audience: undefined,
});

function turnOf(messages: readonly unknown[], options: unknown = {}, wantsReasoning = false): Turn {
  return requestTurn({ model: 'kmodel', messages, options, wantsReasoning });
}

test('a plain question is a turn for a client that streams', () => {
  assert.deepEqual(turnOf([user(text('Hello'))], { modelOptions: {}, toolMode: 1 }), {
    model: 'kmodel',
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'incremental',
    metadata: {},
  });
});

describe('messages', () => {
  test('leading instructions stand before the conversation, later ones stay where they are', () => {
    const turn = turnOf([
      system(text('Be kind.')),
      system(text('Be short.')),
      user(text('Hi')),
      system(text('Now in French.')),
    ]);
    assert.deepEqual(turn.system, ['Be kind.', 'Be short.']);
    assert.deepEqual(
      turn.messages.map(({ role }) => role),
      ['user', 'system'],
    );
  });

  test('a call and its result keep their id, and the input is JSON again', () => {
    const { messages } = turnOf([
      user(text('Weather?')),
      assistant(text('Let me look.'), call('c1', 'get_weather', { city: '杭州' })),
      user(result('c1', text('Rain'), data('png', 'image/png'))),
    ]);
    assert.deepEqual(messages.slice(1), [
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me look.' },
          { type: 'tool-call', id: 'c1', name: 'get_weather', input: '{"city":"杭州"}' },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool-result',
            callId: 'c1',
            content: [
              { type: 'text', text: 'Rain' },
              { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'cG5n' } },
            ],
          },
        ],
      },
    ]);
  });

  test('a tool that failed is known as such', () => {
    const { messages } = turnOf([user({ callId: 'c1', content: [text('no such city')], isError: true })]);
    assert.deepEqual(messages[0]?.content, [
      { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'no such city' }], isError: true },
    ]);
  });

  test('a picture is an image with its bytes, wherever in their buffer they begin', () => {
    const bytes = Buffer.from('..png').subarray(2);
    const { messages } = turnOf([user(text('What is it?'), { mimeType: 'image/jpeg', data: bytes })]);
    assert.deepEqual(messages[0]?.content[1], {
      type: 'image',
      source: { kind: 'base64', mediaType: 'image/jpeg', data: Buffer.from('png').toString('base64') },
    });
  });

  test('data that is text is text; marks that extensions leave for themselves are not sent', () => {
    const { messages } = turnOf([
      user(
        data('{"a":1}', 'application/json'),
        data('# Hi', 'text/markdown'),
        data('ephemeral', 'cache_control'),
      ),
    ]);
    assert.deepEqual(messages[0]?.content, [
      { type: 'text', text: '{"a":1}' },
      { type: 'text', text: '# Hi' },
    ]);
  });

  test('a tree of a prompt that nobody rendered is its JSON', () => {
    const { messages } = turnOf([user(result('c1', { value: { node: { type: 1, children: [] } } }))]);
    const [first] = messages[0]?.content ?? [];
    assert.deepEqual(first?.type === 'tool-result' && first.content, [
      { type: 'text', text: '{"node":{"type":1,"children":[]}}' },
    ]);
  });

  test('earlier thoughts are thoughts and no text', () => {
    const { messages } = turnOf([assistant(thinking('Hm'), thinking(['a', 'b']), text('Yes'))]);
    assert.deepEqual(messages[0]?.content, [
      { type: 'reasoning', text: 'Hm' },
      { type: 'reasoning', text: 'ab' },
      { type: 'text', text: 'Yes' },
    ]);
  });

  test('unknown parts and messages without content are left out', () => {
    assert.deepEqual(turnOf([user({ what: 1 }), user(), user(text('Hi'))]).messages.length, 1);
  });
});

describe('options', () => {
  const tool = {
    name: 'ls',
    description: 'Lists files',
    inputSchema: { type: 'object', properties: { path: {} } },
  };

  test('tools come with their schema, or with one of no arguments', () => {
    const { tools } = turnOf([], { tools: [tool, { name: 'now', description: '' }] });
    assert.deepEqual(tools, [
      { kind: 'function', name: 'ls', description: 'Lists files', inputSchema: tool.inputSchema },
      { kind: 'function', name: 'now', description: '', inputSchema: { type: 'object', properties: {} } },
    ]);
  });

  test('a call is required where there is something to call', () => {
    assert.deepEqual(turnOf([], { tools: [tool], toolMode: 2 }).toolChoice, { type: 'required' });
    assert.deepEqual(turnOf([], { tools: [tool], toolMode: 1 }).toolChoice, { type: 'auto' });
    assert.deepEqual(turnOf([], { tools: [], toolMode: 2 }).toolChoice, { type: 'auto' });
  });

  test('wishes under OpenAI’s names are taken, others and wrong ones have no effect', () => {
    const modelOptions = {
      temperature: 0,
      top_p: 0.5,
      max_tokens: 100,
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 'much',
      stop: 'END',
      tools_please: true,
    };
    assert.deepEqual(turnOf([], { modelOptions }).sampling, {
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 100,
      seed: 7,
      presencePenalty: 0.1,
      stop: ['END'],
    });
  });

  test('thoughts are asked for where they can be shown, with the effort that was named', () => {
    assert.equal(turnOf([]).reasoning, undefined);
    assert.deepEqual(turnOf([], {}, true).reasoning, {});
    assert.deepEqual(turnOf([], { modelOptions: { reasoning_effort: 'high' } }).reasoning, {
      effort: 'high',
    });
  });
});
