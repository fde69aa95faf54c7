import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeMessagesRequest } from '../../../src/protocols/anthropic/decode-request.ts';
import { assistantSays, decode, userSays } from './example-request.ts';

describe('decoding a Messages request', () => {
  it('turns a plain request into a turn', () => {
    assert.deepEqual(
      decodeMessagesRequest({ model: 'kmodel', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }),
      {
        turn: {
          model: 'kmodel',
          system: [],
          messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
          tools: [],
          toolChoice: { type: 'auto' },
          sampling: { maxOutputTokens: 10 },
          delivery: 'whole',
          metadata: {},
        },
        stream: false,
        ignored: [],
      },
    );
  });

  it('does without model and max_tokens', () => {
    const { turn } = decodeMessagesRequest({ messages: [userSays('hi')] });
    assert.equal(turn.model, '');
    assert.deepEqual(turn.sampling, {});
  });

  it('delivers a stream incrementally', () => {
    const { turn, stream } = decode({ stream: true });
    assert.equal(turn.delivery, 'incremental');
    assert.equal(stream, true);
  });

  it('carries the sampling fields', () => {
    const { turn } = decode({ temperature: 0, top_p: 0.5, top_k: 4, stop_sequences: ['END', ''] });
    assert.deepEqual(turn.sampling, {
      maxOutputTokens: 100,
      temperature: 0,
      topP: 0.5,
      topK: 4,
      stop: ['END'],
    });
  });

  it('accepts null where a field may be absent', () => {
    const { turn, ignored } = decode({
      system: null,
      tools: null,
      tool_choice: null,
      thinking: null,
      thread: null,
      compaction: null,
    });
    assert.deepEqual(turn.tools, []);
    assert.deepEqual(ignored, []);
  });

  it('keeps a system string and drops the cache marks of system blocks', () => {
    assert.deepEqual(decode({ system: ' be brief\n' }).turn.system, [' be brief\n']);
    const blocks = [
      { type: 'text', text: 'one', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'two' },
    ];
    assert.deepEqual(decode({ system: blocks }).turn.system, ['one', 'two']);
  });

  it("removes Claude Code's rotating attribution block, and only that", () => {
    const line = 'x-anthropic-billing-header: cc_version=2.1.330.d01; cc_entrypoint=sdk-cli; cch=36ee5;';
    const quoted = `Explain ${line}`;
    const system = [
      { type: 'text', text: line },
      { type: 'text', text: quoted },
    ];
    assert.deepEqual(decode({ system }).turn.system, [quoted]);
    assert.deepEqual(decode({ system: `${line}\n  You are` }).turn.system, ['  You are']);
    assert.deepEqual(
      decode({ messages: [{ role: 'system', content: line }, userSays('hi')] }).turn.system,
      [],
    );
  });

  it('takes leading system messages as instructions and leaves later ones in place', () => {
    const { turn } = decode({
      system: 'a',
      messages: [
        { role: 'system', content: 'b' },
        userSays('hi'),
        { role: 'system', content: [{ type: 'text', text: 'c' }] },
        userSays('again'),
      ],
    });
    assert.deepEqual(turn.system, ['a', 'b']);
    assert.deepEqual(
      turn.messages.map(({ role }) => role),
      ['user', 'system', 'user'],
    );
  });

  it('drops a system message that holds only until the next user message', () => {
    const passing = { role: 'system', content: 'now', clear_at: 'next_user_message' };
    const { turn } = decode({ messages: [userSays('1'), passing, userSays('2'), passing] });
    assert.deepEqual(
      turn.messages.map(({ role }) => role),
      ['user', 'user', 'system'],
    );
  });

  it('accepts consecutive messages of one role as they are', () => {
    const { turn } = decode({
      messages: [userSays('a'), userSays('b'), assistantSays('c'), assistantSays('d')],
    });
    assert.deepEqual(
      turn.messages.map(({ role }) => role),
      ['user', 'user', 'assistant', 'assistant'],
    );
  });

  it('refuses a conversation without content', () => {
    for (const messages of [[], [userSays('')], [{ role: 'system', content: 'x' }]]) {
      assert.throws(() => decode({ messages }), { kind: 'invalid-request', details: { param: 'messages' } });
    }
  });

  it('names the field that is wrong', () => {
    const paramOf = (body: unknown) => {
      try {
        decodeMessagesRequest(body);
      } catch (error) {
        return (error as { kind: string; details: { param?: string } }).details.param;
      }
      return 'accepted';
    };
    assert.equal(paramOf([]), undefined);
    assert.equal(paramOf({}), 'messages');
    assert.equal(paramOf({ messages: [{ role: 'robot', content: 'x' }] }), 'messages[0].role');
    assert.equal(paramOf({ messages: [userSays([{ type: 'text' }])] }), 'messages[0].content[0].text');
    assert.equal(paramOf({ messages: [userSays([{}])] }), 'messages[0].content[0].type');
    assert.equal(paramOf({ messages: [userSays([{ type: 'tool_use' }])] }), 'messages[0].content[0]');
    assert.equal(paramOf({ messages: [assistantSays([{ type: 'tool_result' }])] }), 'messages[0].content[0]');
    assert.equal(paramOf({ messages: [userSays('x')], max_tokens: -1 }), 'max_tokens');
    assert.equal(paramOf({ messages: [userSays('x')], max_tokens: 0 }), 'max_tokens');
  });

  it('counts every asking form of thinking as asked', () => {
    assert.equal(decode().turn.reasoning, undefined);
    assert.equal(decode({ thinking: { type: 'disabled' } }).turn.reasoning, undefined);
    assert.deepEqual(decode({ thinking: { type: 'adaptive' } }).turn.reasoning, {});
    assert.deepEqual(decode({ thinking: { type: 'between_tools' } }).turn.reasoning, {});
    assert.deepEqual(decode({ thinking: { type: 'enabled', budget_tokens: 100 } }).turn.reasoning, {
      budgetTokens: 100,
    });
  });

  it('takes the effort from output_config, or from the last system message that sets one', () => {
    const fields = { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } };
    assert.deepEqual(decode(fields).turn.reasoning, { effort: 'high' });
    const messages = [userSays('hi'), { role: 'system', output_config: { effort: 'low' } }];
    assert.deepEqual(decode({ ...fields, messages }).turn.reasoning, { effort: 'low' });
  });

  it('does not take an effort alone for a wish to see thoughts', () => {
    const { turn, ignored } = decode({ output_config: { effort: 'high' } });
    assert.equal(turn.reasoning, undefined);
    assert.deepEqual(ignored, ['output_config.effort']);
  });

  it('reads a JSON schema from output_config.format and from output_format', () => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    const expected = { type: 'json-schema', schema: { type: 'object' } };
    assert.deepEqual(decode({ output_config: { format } }).turn.responseFormat, expected);
    assert.deepEqual(decode({ output_format: format }).turn.responseFormat, expected);
    assert.throws(() => decode({ output_format: { type: 'regex' } }), { kind: 'unsupported-feature' });
  });

  it('finds the session id in user_id, old form and new', () => {
    const json = JSON.stringify({ device_id: 'd', account_uuid: '', session_id: 'f8b2-1' });
    assert.deepEqual(decode({ metadata: { user_id: json } }).turn.metadata, {
      userId: json,
      sessionId: 'f8b2-1',
    });
    const old = 'user_1_account__session_ab-12';
    assert.deepEqual(decode({ metadata: { user_id: old } }).turn.metadata, {
      userId: old,
      sessionId: 'ab-12',
    });
    assert.deepEqual(decode({ metadata: { user_id: '{broken' } }).turn.metadata, { userId: '{broken' });
  });

  it('refuses a thread in the words that the SDK falls back on', () => {
    assert.throws(() => decode({ thread: { type: 'create' } }), {
      kind: 'unsupported-feature',
      details: { code: 'thread_unsupported_request', extra: { unsupported: ['thread'] }, param: 'thread' },
    });
  });

  it('accepts unknown fields and names them', () => {
    assert.deepEqual(decode({ safeguards: {}, from_the_future: 1 }).ignored, [
      'safeguards',
      'from_the_future',
    ]);
  });
});
