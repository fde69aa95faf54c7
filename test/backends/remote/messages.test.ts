import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { upstreamMessages } from '../../../src/backends/remote/messages.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { AssistantContent, Message, UserContent } from '../../../src/core/turn.ts';

const extras = {
  response_meta: { id: '', usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
  reasoning_content_signature: '',
};

const text = (value: string) => ({ type: 'text', text: value }) as const;
const user = (...content: (string | UserContent)[]): Message => ({
  role: 'user',
  content: content.map((part) => (typeof part === 'string' ? text(part) : part)),
});
const assistant = (...content: (string | AssistantContent)[]): Message => ({
  role: 'assistant',
  content: content.map((part) => (typeof part === 'string' ? text(part) : part)),
});
const call = (id: string, input = '{"path":"a"}') =>
  ({ type: 'tool-call', id, name: 'read', input }) as const;
const result = (callId: string, value = 'done'): UserContent => ({
  type: 'tool-result',
  callId,
  content: [text(value)],
});

const wireCall = (id: string, input = '{"path":"a"}') => ({
  id,
  type: 'function',
  function: { name: 'read', arguments: input },
});

function sent(messages: Message[], system: string[] = []): object[] {
  return upstreamMessages({ system, messages }).map((message) => {
    const { response_meta, reasoning_content_signature, ...rest } = message;
    assert.deepEqual({ response_meta, reasoning_content_signature }, extras);
    return rest;
  });
}

function refused(messages: Message[], kind: string, named: RegExp): void {
  assert.throws(
    () => upstreamMessages({ system: [], messages }),
    (error) => error instanceof ProxyError && error.kind === kind && named.test(error.message),
  );
}

describe('upstream messages', () => {
  test('instructions alone are what the user asks', () => {
    assert.deepEqual(sent([], ['Write a haiku.']), [{ role: 'user', content: 'Write a haiku.' }]);
    assert.deepEqual(sent([user('')], ['Write a haiku.']), [{ role: 'user', content: 'Write a haiku.' }]);
  });

  test('a conversation without any text is refused before upstream has to', () => {
    refused([], 'invalid-request', /no text for the model/);
    refused([user(' ', '')], 'invalid-request', /no text for the model/);
  });

  test('begin with all instructions as one system message', () => {
    assert.deepEqual(sent([user('Hi')], ['Be brief.', '', 'Be kind.']), [
      { role: 'system', content: 'Be brief.\n\nBe kind.' },
      { role: 'user', content: 'Hi' },
    ]);
  });

  test('keep the white space of a text', () => {
    assert.deepEqual(sent([user('  a\n\tb \n')]), [{ role: 'user', content: '  a\n\tb \n' }]);
  });

  test('merge user messages in a row', () => {
    assert.deepEqual(sent([user('one', 'two'), user('three')]), [
      { role: 'user', content: 'one\n\ntwo\n\nthree' },
    ]);
  });

  test('carry a later instruction inside a user message that says what it is', () => {
    const instruction: Message = { role: 'system', content: [text('Answer in French.')] };
    assert.deepEqual(sent([user('Hi'), instruction, user('Go')]), [
      {
        role: 'user',
        content: 'Hi\n\n[Instruction from the system, not from the user]\nAnswer in French.\n\nGo',
      },
    ]);
  });

  test('put tool results right after their calls, before anything else that the user says', () => {
    assert.deepEqual(
      sent([user('Go'), assistant('On it.', call('a'), call('b')), user('also', result('b'), result('a'))]),
      [
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: 'On it.', tool_calls: [wireCall('a'), wireCall('b')] },
        { role: 'tool', tool_call_id: 'b', content: 'done' },
        { role: 'tool', tool_call_id: 'a', content: 'done' },
        { role: 'user', content: 'also' },
      ],
    );
  });

  test('collect results from several user messages', () => {
    const messages = [
      user('Go'),
      assistant(call('a'), call('b')),
      user(result('a')),
      user('hm'),
      user(result('b')),
    ];
    assert.deepEqual(
      sent(messages).map((message) => ('role' in message ? message.role : '')),
      ['user', 'assistant', 'tool', 'tool', 'user'],
    );
  });

  test('ask for the rest when an answer has the last word, which upstream refuses', () => {
    const messages = sent([user('Write it.'), assistant('I write')]);
    assert.deepEqual(messages.slice(0, 2), [
      { role: 'user', content: 'Write it.' },
      { role: 'assistant', content: 'I write' },
    ]);
    assert.equal(messages.length, 3);
    assert.ok(messages[2] && 'role' in messages[2] && messages[2].role === 'user');
  });

  test('join calls that arrive as assistant messages of their own', () => {
    const messages = [user('Go'), assistant(call('a')), assistant(call('b')), user(result('a'), result('b'))];
    assert.deepEqual(sent(messages)[1], {
      role: 'assistant',
      content: '',
      tool_calls: [wireCall('a'), wireCall('b')],
    });
  });

  test('allow the same call id in a later round', () => {
    const round = [assistant(call('call_0')), user(result('call_0'))];
    assert.equal(sent([user('Go'), ...round, ...round]).length, 5);
  });

  test('leave out thoughts, and messages of nothing else', () => {
    const thought = { type: 'reasoning', text: 'hmm' } as const;
    assert.deepEqual(sent([user('a'), assistant(thought), user('b'), assistant(thought, 'c'), user('d')]), [
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
      { role: 'assistant', content: 'c' },
      { role: 'user', content: 'd' },
    ]);
  });

  test('give a call without arguments an empty object, and one that was cut or is not JSON an object around its text', () => {
    const messages = [
      user('Go'),
      assistant(call('a', ''), call('b', '{"pa'), call('c', '{a}')),
      user(result('a'), result('b'), result('c')),
    ];
    assert.deepEqual(sent(messages)[1], {
      role: 'assistant',
      content: '',
      tool_calls: [
        wireCall('a', '{}'),
        wireCall('b', '{"input":"{\\"pa"}'),
        wireCall('c', '{"input":"{a}"}'),
      ],
    });
  });

  test('say in a result that the tool failed, and where an image was', () => {
    const failed: UserContent = {
      type: 'tool-result',
      callId: 'a',
      isError: true,
      content: [text('no such file'), { type: 'image', source: { kind: 'url', url: 'https://x/y.png' } }],
    };
    assert.deepEqual(sent([user('Go'), assistant(call('a')), user(failed)])[2], {
      role: 'tool',
      tool_call_id: 'a',
      content: '[The tool reported an error]\nno such file\n[An image, which cannot be shown here]',
    });
  });

  test('begin with a user message even where the client has dropped all that the user said', () => {
    const round = [assistant(call('a')), user(result('a'))];
    const roles = (messages: Message[], system: string[] = []) =>
      sent(messages, system).map((message) => ('role' in message ? message.role : ''));
    assert.deepEqual(roles(round), ['user', 'assistant', 'tool']);
    assert.deepEqual(roles(round, ['Be brief.']), ['user', 'assistant', 'tool']);
    assert.deepEqual(roles([user(''), ...round]), ['user', 'assistant', 'tool']);
  });

  test('are refused for a call without a result, naming it', () => {
    refused([user('Go'), assistant(call('call_7')), user('next')], 'invalid-request', /call_7/);
    refused([user('Go'), assistant(call('call_7'))], 'invalid-request', /call_7/);
    refused(
      [user('Go'), assistant(call('a'), call('call_7')), user(result('a'))],
      'invalid-request',
      /call_7/,
    );
    refused(
      [user('Go'), assistant(call('call_7')), user('x'), assistant('y'), user('z')],
      'invalid-request',
      /call_7/,
    );
  });

  test('are refused for a result without a call, or a second result, naming it', () => {
    refused([user(result('call_8'))], 'invalid-request', /call_8/);
    refused(
      [user('Go'), assistant(call('call_8')), user(result('call_8'), result('call_8'))],
      'invalid-request',
      /call_8/,
    );
  });

  test('are refused for two calls with one id', () => {
    refused([user('Go'), assistant(call('call_9'), call('call_9'))], 'invalid-request', /call_9/);
  });

  test('are refused for an image of the user, with a remedy', () => {
    const image: UserContent = { type: 'image', source: { kind: 'url', url: 'https://x/y.png' } };
    refused([user('Look', image)], 'unsupported-feature', /Start Lingma or QoderCN/);
  });
});
