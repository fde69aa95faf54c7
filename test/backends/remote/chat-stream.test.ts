import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ChatStream } from '../../../src/backends/remote/chat-stream.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { wireTextOf } from '../../../src/core/wire-text.ts';
import { chunk, envelope, sse, upstreamUsage, usageChunk } from './fixtures.ts';

interface Read {
  /** What a record hears. */
  readonly told: string;
  readonly events: TurnEvent[];
  readonly failure: ProxyError | undefined;
  readonly oddities: string[];
}

/** Reads the pieces, then the end of the body; `failure` counts only when it comes after all events. */
function read(pieces: Iterable<string>, { model = 'kmodel' } = {}): Read {
  const oddities: string[] = [];
  let calls = 0;
  let told = '';
  const stream = new ChatStream({
    model,
    inputTokens: 7,
    toError: ({ status, text }) => new ProxyError('upstream-unavailable', `${status} ${text}`),
    makeCallId: () => `made_${++calls}`,
    onOddity: (text) => oddities.push(text),
    onRead: (piece) => {
      told += wireTextOf(piece);
    },
  });
  const events: TurnEvent[] = [];
  for (const piece of pieces) events.push(...stream.push(piece));
  events.push(...stream.end());
  return { events, failure: stream.failure, oddities, told };
}

const start: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 7 };
const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });
const thought = (value: string): TurnEvent => ({ type: 'reasoning-delta', text: value });
const end = (change: Partial<TurnEvent & { type: 'turn-end' }> = {}): TurnEvent => ({
  type: 'turn-end',
  reason: 'stop',
  usage: upstreamUsage,
  ...change,
});
const call = (fragment: object) => envelope(chunk({ tool_calls: [fragment] }));
const finish = envelope(chunk({}, 'stop'));
const usage = envelope(usageChunk);
const done = envelope('[DONE]');
const finishEvent = (usage?: object) =>
  `event: finish\n${sse({ firstTokenDuration: 1, totalDuration: 2, serverDuration: 2, ...(usage ? { usage } : {}) })}`;

describe('the chat stream', () => {
  test('is one event a chunk and told as it came, whatever is like what and wherever it is torn', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }).map((content) => ({ content })),
      fc.string({ minLength: 1 }).map((reasoning_content) => ({ reasoning_content })),
    );
    const between = fc.constantFrom('', '', '', ': hello\n\n', 'event: x\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(piece, between), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(8_000)),
        fc.constantFrom('\n', '\n', '\r\n'),
        (pieces, cuts, lineEnd) => {
          const chunks = pieces.map(([delta, before]) => before + envelope(chunk(delta)));
          const whole = [...chunks, finish, usage, done].join('').replaceAll('\n', lineEnd);
          const ends = [...cuts, whole.length].sort((one, other) => one - other);
          const { events, told } = read(ends.map((at, index) => whole.slice(ends[index - 1] ?? 0, at)));
          const said = pieces.map(([delta]) =>
            'content' in delta ? text(delta.content) : thought(delta.reasoning_content),
          );
          assert.deepEqual(events, [start, ...said, end()]);
          assert.equal(told, whole);
        },
      ),
    );
  });

  const answer = [start, text('Hel'), text('lo\n '), end()];
  const content = [envelope(chunk({ role: 'assistant', content: '' })), envelope(chunk({ content: 'Hel' }))];
  const rest = envelope(chunk({ content: 'lo\n ' }));
  const wholes: Readonly<Record<string, string>> = {
    'all endings at once': [...content, rest, finish, usage, done, sse('[DONE]'), finishEvent()].join(''),
    'a bare [DONE]': [...content, rest, finish, usage, sse('[DONE]')].join(''),
    'the end of the body after a finish reason': [...content, rest, finish, usage].join(''),
    'usage before the finish reason': [...content, rest, usage, finish, done].join(''),
    'usage in the finish event': [...content, rest, finish, finishEvent(usageChunk.usage)].join(''),
    'usage in the finish event, after [DONE]': [
      ...content,
      rest,
      finish,
      done,
      finishEvent(usageChunk.usage),
    ].join(''),
    'usage by its other names': [
      ...content,
      rest,
      finish,
      finishEvent({ input_tokens: 12, output_tokens: 3, total_tokens: 15 }),
    ].join(''),
    'a finish event before the finish reason': [...content, rest, finishEvent(usageChunk.usage), finish].join(
      '',
    ),
    'no finish reason but [DONE]': [...content, rest, usage, done].join(''),
    'no finish reason but a finish event': [...content, rest, finishEvent(usageChunk.usage)].join(''),
    'bodies that are objects': [
      ...[chunk({ content: 'Hel' }), chunk({ content: 'lo\n ' }, 'stop'), usageChunk].map((body) =>
        sse({ headers: {}, body, statusCode: 'OK', statusCodeValue: 200 }),
      ),
      done,
    ].join(''),
    'chunks without an envelope': [
      ...[chunk({ content: 'Hel' }), chunk({ content: 'lo\n ' }), chunk({}, 'stop'), usageChunk].map(sse),
      sse('[DONE]'),
    ].join(''),
    'comments, ids and carriage returns': `: hi\r\n\r\n${[...content, rest, finish, usage, done].join('').replaceAll('\n\n', '\r\nid: 1\r\n\r\n')}`,
    'a last event without a blank line': [...content, rest, finish, usage, sse('[DONE]').trimEnd()].join(''),
    'white space around [DONE]': [...content, rest, finish, usage, envelope(' [DONE]\n')].join(''),
  };
  for (const [name, whole] of Object.entries(wholes)) {
    test(`is read with ${name}`, () => {
      const { events, failure, oddities } = read([whole]);
      assert.equal(failure, undefined);
      assert.deepEqual(events, answer);
      assert.deepEqual(oddities, []);
    });

    test(`is told to the record as it came with ${name}`, () => {
      assert.equal(read([whole]).told, whole);
      assert.equal(read(whole).told, whole);
    });

    test(`is read with ${name}, however it is torn`, () => {
      assert.deepEqual(read(whole).events, answer, 'one character at a time');
      for (let cut = 1; cut < whole.length; cut++) {
        assert.deepEqual(read([whole.slice(0, cut), whole.slice(cut)]).events, answer, `cut at ${cut}`);
      }
    });
  }

  test('gives its end as soon as nothing more can come', () => {
    const stream = new ChatStream({
      model: 'kmodel',
      inputTokens: 7,
      toError: () => new ProxyError('internal', ''),
      makeCallId: () => '',
      onOddity: () => {},
      onRead: () => {},
    });
    stream.push(content.join('') + finish + usage);
    assert.equal(stream.ended, false);
    assert.deepEqual(stream.push(done), [end()]);
    assert.equal(stream.ended, true);
  });

  test('waits for token counts after [DONE] when there were none yet', () => {
    const stream = new ChatStream({
      model: 'kmodel',
      inputTokens: 7,
      toError: () => new ProxyError('internal', ''),
      makeCallId: () => '',
      onOddity: () => {},
      onRead: () => {},
    });
    stream.push(content.join('') + finish + done);
    assert.deepEqual([stream.ended, stream.awaitsOnlyUsage], [false, true]);
    assert.deepEqual(stream.push(finishEvent(usageChunk.usage)), [end()]);
  });

  test('passes reasoning through, and details of usage', () => {
    const { events } = read([
      envelope(chunk({ reasoning_content: ' think' })),
      envelope(chunk({ content: 'x', reasoning_content: '' })),
      envelope({
        choices: [{ delta: {}, finish_reason: 'length' }],
        usage: {
          prompt_tokens: 12,
          completion_tokens: 3,
          prompt_tokens_details: { cached_tokens: 8 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      }),
      finishEvent(usageChunk.usage),
    ]);
    assert.deepEqual(events, [
      start,
      { type: 'reasoning-delta', text: ' think' },
      text('x'),
      end({ reason: 'length', usage: { ...upstreamUsage, cachedInputTokens: 8, reasoningTokens: 2 } }),
    ]);
  });

  test('estimates usage when upstream gives none or only zeros, and says so', () => {
    const zeros = { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } };
    for (const extra of ['', envelope(zeros), envelope({ choices: [], usage: null })]) {
      const { events } = read([envelope(chunk({ content: '12345678' })), extra, finish, done]);
      const usage = { source: 'estimate', inputTokens: 7, outputTokens: 2 } as const;
      assert.deepEqual(events.at(-1), end({ usage }));
    }
  });

  test('names the model that upstream chose when it was left to upstream', () => {
    const [first] = read([envelope({ ...chunk({ content: 'x' }), model: 'qwen-9' })], { model: '' }).events;
    assert.deepEqual(first, { ...start, model: 'qwen-9' });
    const [silent] = read([envelope(chunk({ content: 'x' }))], { model: '' }).events;
    assert.deepEqual(silent, { ...start, model: 'auto' });
  });

  for (const [upstream, reason] of [
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['tool_calls', 'stop'],
    ['novel', 'stop'],
  ] as const) {
    test(`ends with ${reason} for ${upstream} without calls`, () => {
      const { events } = read([envelope(chunk({ content: 'x' }, upstream)), usage, done]);
      assert.deepEqual(events.at(-1), end({ reason }));
    });
  }
});

describe('a failing chat stream', () => {
  const begun = envelope(chunk({ content: 'Hel' }));

  test('that ends without an end is an error, after its text', () => {
    for (const body of [begun, `${begun}data: {"headers":{},"bo`]) {
      const { events, failure } = read([body]);
      assert.deepEqual(events, [start, text('Hel')]);
      assert.equal(failure?.kind, 'upstream-protocol');
      assert.match(failure.message, /without saying that it was complete/);
    }
    assert.equal(read([]).failure?.kind, 'upstream-protocol');
  });

  test('passes on an error envelope, after the text in the same piece', () => {
    for (const said of [
      { body: 'overloaded' },
      { body: '', statusMessage: 'overloaded' },
      { statusMessage: 'overloaded' },
    ]) {
      const { events, failure } = read([
        begun + sse({ ...said, statusCode: 'X', statusCodeValue: 503 }) + done,
      ]);
      assert.deepEqual(events, [start, text('Hel')]);
      assert.equal(failure?.message, '503 overloaded');
    }
  });

  test('that is an error at once begins no turn', () => {
    const { events, failure } = read([sse({ body: 'no', statusCodeValue: 401 })]);
    assert.deepEqual(events, []);
    assert.equal(failure?.message, '401 no');
  });

  test('may be one JSON document instead of a stream', () => {
    const document = JSON.stringify({ body: 'no', statusCode: 'X', statusCodeValue: 429 });
    assert.equal(read(document).failure?.message, '429 no');
  });

  test('may be a web page', () => {
    const { failure } = read(['\n<html>', '<p>Sign in to this network</p></html>']);
    assert.equal(failure?.kind, 'upstream-protocol');
    assert.match(failure.message, /web page/);
  });

  test('passes on an error object in the place of a chunk', () => {
    const { failure } = read([envelope({ error: { message: 'bad', status: 400 } })]);
    assert.match(failure?.message ?? '', /^400 /);
  });

  test('with broken JSON is an error: text is lost', () => {
    for (const body of [
      'data: {"headers":{},"body":"{\\"choices\\":[\n\n',
      envelope('{"choices":[{"delta":'),
    ]) {
      const { events, failure } = read([begun + body + begun]);
      assert.deepEqual(events, [start, text('Hel')]);
      assert.equal(failure?.kind, 'upstream-protocol');
      assert.match(failure.message, /broken JSON/);
    }
  });

  test('with an endless line is cut off', () => {
    const block = 'x'.repeat(1024 * 1024);
    const { failure } = read([begun, 'data:', block, block, block, block, block]);
    assert.equal(failure?.kind, 'upstream-protocol');
    assert.match(failure.message, /more than an answer can be/);
  });

  test('keeps unknown forms visible, but only so many and so much of them', () => {
    const strange = [
      sse('hello'),
      sse('[1]'),
      sse({ novel: 'x'.repeat(5_000) }),
      envelope({ novel: 1 }),
      envelope('hello'),
      envelope({ choices: [7, { index: 1, delta: { content: 'other' } }] }),
      envelope(chunk({ content: [{ type: 'text' }] })),
      'nonsense: 1\n\n',
    ].join('');
    const { events, failure, oddities } = read([
      strange.repeat(10),
      begun,
      finish,
      envelope(usageChunk),
      done,
    ]);
    assert.equal(failure, undefined);
    assert.deepEqual(events, [start, text('Hel'), end()]);
    assert.equal(oddities.length, 20);
    for (const oddity of oddities) assert.ok(oddity.length <= 200);
  });
});

describe('tool calls of the chat stream', () => {
  const ending = [envelope(chunk({}, 'tool_calls')), envelope(usageChunk), done].join('');
  const begin = (id: string, name = 'read'): TurnEvent => ({ type: 'tool-call-start', id, name });
  const input = (id: string, value: string): TurnEvent => ({ type: 'tool-call-delta', id, input: value });
  const close = (id: string): TurnEvent => ({ type: 'tool-call-end', id });
  const calls = (...fragments: object[]) => read([fragments.map(call).join('') + ending]);
  const fragment = (index: number | undefined, text: string, head: { id?: string; name?: string } = {}) => ({
    ...(index === undefined ? {} : { index }),
    ...(head.id === undefined ? {} : { id: head.id, type: 'function' }),
    function: { ...(head.name === undefined ? {} : { name: head.name }), arguments: text },
  });
  const toolEnd = end({ reason: 'tool-calls' });

  test('pass through in fragments as they come', () => {
    const { events, oddities } = calls(
      fragment(0, '', { id: 'a', name: 'read' }),
      fragment(0, '{"path": '),
      fragment(0, '" x"}'),
    );
    assert.deepEqual(events, [
      start,
      begin('a'),
      input('a', '{"path": '),
      input('a', '" x"}'),
      close('a'),
      toolEnd,
    ]);
    assert.deepEqual(oddities, []);
  });

  test('end as soon as the next one begins', () => {
    const { events } = calls(
      fragment(0, '{}', { id: 'a', name: 'read' }),
      fragment(1, '{"b":"}"}', { id: 'b', name: 'ls' }),
    );
    assert.deepEqual(events, [
      start,
      begin('a'),
      input('a', '{}'),
      close('a'),
      begin('b', 'ls'),
      input('b', '{"b":"}"}'),
      close('b'),
      toolEnd,
    ]);
  });

  test('may overlap', () => {
    const { events } = calls(
      fragment(0, '{"a":', { id: 'a', name: 'read' }),
      fragment(1, '{"b":', { id: 'b', name: 'ls' }),
      fragment(0, '1}'),
      fragment(1, '2}'),
    );
    assert.deepEqual(events, [
      start,
      begin('a'),
      input('a', '{"a":'),
      begin('b', 'ls'),
      input('b', '{"b":'),
      input('a', '1}'),
      input('b', '2}'),
      close('a'),
      close('b'),
      toolEnd,
    ]);
  });

  test('get an id where upstream gives none, or the same one twice', () => {
    const { events } = calls(
      fragment(0, '{}', { name: 'read' }),
      fragment(1, '{}', { id: 'a', name: 'read' }),
      fragment(2, '{}', { id: 'a', name: 'read' }),
    );
    assert.deepEqual(
      events.filter(({ type }) => type === 'tool-call-start'),
      [begin('made_1'), begin('a'), begin('made_2')],
    );
  });

  test('are told apart without an index', () => {
    const { events } = calls(
      fragment(undefined, '{"a":', { id: 'a', name: 'read' }),
      fragment(undefined, '1}'),
      fragment(undefined, '{"b":', { id: 'b', name: 'read' }),
      fragment(undefined, '2}'),
    );
    assert.deepEqual(events, [
      start,
      begin('a'),
      input('a', '{"a":'),
      input('a', '1}'),
      close('a'),
      begin('b'),
      input('b', '{"b":'),
      input('b', '2}'),
      close('b'),
      toolEnd,
    ]);
  });

  test('are told apart when all of them have index 0', () => {
    const { events } = calls(
      fragment(0, '{}', { id: 'a', name: 'read' }),
      fragment(0, '{}', { id: 'b', name: 'read' }),
    );
    assert.deepEqual(
      events.filter(({ type }) => type === 'tool-call-start'),
      [begin('a'), begin('b')],
    );
  });

  test('may repeat id and name in every fragment', () => {
    const head = { id: 'a', name: 'read' };
    const { events } = calls(fragment(0, '{"a"', head), fragment(0, ':1}', head), fragment(0, '', head));
    assert.deepEqual(events, [start, begin('a'), input('a', '{"a"'), input('a', ':1}'), close('a'), toolEnd]);
  });

  test('wait for their name', () => {
    const { events } = calls(
      fragment(0, '{"a"', { id: 'a' }),
      fragment(0, ':'),
      fragment(0, '1}', { name: 'read' }),
    );
    assert.deepEqual(events, [start, begin('a'), input('a', '{"a":'), input('a', '1}'), close('a'), toolEnd]);
  });

  test('that never get a name are an error', () => {
    assert.equal(calls(fragment(0, '{}', { id: 'a' })).failure?.kind, 'upstream-protocol');
    assert.equal(read([call(fragment(0, '{}', { id: 'a' })), finish]).failure?.kind, 'upstream-protocol');
  });

  test('without arguments have an empty object', () => {
    const { events } = calls(fragment(0, '', { id: 'a', name: 'read' }));
    assert.deepEqual(events, [start, begin('a'), input('a', '{}'), close('a'), toolEnd]);
  });

  test('end the turn with tool-calls whatever upstream says, unless the answer was cut in their middle', () => {
    const whole = call(fragment(0, '{}', { id: 'a', name: 'read' }));
    const cut = call(fragment(0, '{"a', { id: 'a', name: 'read' }));
    const reason = (fragments: string, said: string) => {
      const last = read([fragments, envelope(chunk({}, said)), done]).events.at(-1);
      return last?.type === 'turn-end' ? last.reason : undefined;
    };
    assert.equal(reason(whole, 'stop'), 'tool-calls');
    assert.equal(reason(whole, 'length'), 'tool-calls');
    assert.equal(reason(cut, 'length'), 'length');
  });

  test('count towards an estimate', () => {
    const { events } = read([call(fragment(0, '{"path":"12"}', { id: 'a', name: 'abc' })), finish, done]);
    assert.deepEqual(events.at(-1), {
      ...toolEnd,
      usage: { source: 'estimate', inputTokens: 7, outputTokens: 4 },
    });
  });

  test('beyond any sensible number are refused', () => {
    const many = Array.from({ length: 300 }, (_, index) => fragment(index, '{}', { name: 'read' }));
    assert.equal(calls(...many).failure?.kind, 'upstream-protocol');
  });
});
