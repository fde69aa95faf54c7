import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { TurnEvent } from '../../../src/core/events.ts';
import type { Protocol } from '../../../src/core/protocol.ts';
import { checkStream } from '../../../src/inspection/validation/check-stream.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic/protocol.ts';
import { openAiChat } from '../../../src/protocols/openai-chat/protocol.ts';
import { createOpenAiResponses } from '../../../src/protocols/openai-responses/protocol.ts';
import { goodStreams } from './good-streams.ts';

/** Events that nothing but their own text tells apart from their neighbours: no client could see that one is missing. */
function isFreeText(event: string): boolean {
  return /"(?:text_delta|thinking_delta|ping)"|"delta":\{"content":/.test(event);
}

for (const [api, events] of Object.entries(goodStreams)) {
  describe(api, () => {
    const rules = (changed: readonly string[], isWhole = true) =>
      checkStream(api, changed.join(''), isWhole).map(({ rule }) => rule);

    test('a stream as the documentation shows it breaks no rule', () => {
      assert.deepEqual(checkStream(api, events.join(''), true), []);
    });

    test('comments break no rule, wherever they are', () => {
      assert.deepEqual(rules(events.flatMap((event) => [': keep-alive\n\n', event])), []);
    });

    test('a stream of which only the beginning is there is not missing its end', () => {
      for (let length = 0; length <= events.length; length++) {
        assert.deepEqual(rules(events.slice(0, length), false), []);
      }
    });

    test('a stream that ends too early is missing its end', () => {
      for (let length = 0; length < events.length; length++) {
        assert.notDeepEqual(rules(events.slice(0, length)), [], `after ${length} events`);
      }
    });

    const structural = events.flatMap((event, index) => (isFreeText(event) ? [] : [index]));

    test('an event that is missing is noticed', () => {
      fc.assert(
        fc.property(fc.constantFrom(...structural), (index) => {
          assert.notDeepEqual(rules(events.toSpliced(index, 1)), [], events[index]);
        }),
      );
    });

    test('an event that comes twice is noticed', () => {
      fc.assert(
        fc.property(fc.constantFrom(...structural), (index) => {
          assert.notDeepEqual(rules(events.toSpliced(index, 0, events[index] ?? '')), [], events[index]);
        }),
      );
    });

    test('two events that have changed places are noticed', () => {
      fc.assert(
        fc.property(fc.constantFrom(...structural), fc.constantFrom(...structural), (one, other) => {
          fc.pre(events[one] !== events[other]);
          const changed = events.with(one, events[other] ?? '').with(other, events[one] ?? '');
          assert.notDeepEqual(rules(changed), [], `${events[one]}${events[other]}`);
        }),
      );
    });

    test('the violation names the event that broke the rule, comments counted', () => {
      const broken = events.toSpliced(2, 0, ': keep-alive\n\n', 'event: x\ndata: no json\n\n');
      const [first] = checkStream(api, broken.join(''), true);
      const rule = `${api.replace('openai-', '')}/not-json`;
      assert.deepEqual([first?.rule, first?.event], [rule, 3]);
    });

    test('what comes after the end is told', () => {
      assert.deepEqual(rules([...events, events[1] ?? '']), [`${api.replace('openai-', '')}/after-end`]);
    });

    test('nothing is guessed at beyond an event that redaction has torn', () => {
      const torn = events.with(3, 'data: {"text":"\\"password\\": \\"[redacted]\n\n').with(4, '\n\n');
      assert.deepEqual(rules(torn), []);
    });
  });
}

describe('openai-chat calls', () => {
  const rules = (...calls: readonly object[]) => {
    const events = goodStreams['openai-chat'] ?? [];
    const chunks = calls.map((call) =>
      events[1]?.replace('"content":"Okay"', `"tool_calls":[${JSON.stringify(call)}]`),
    );
    return checkStream('openai-chat', events.toSpliced(5, 0, ...chunks.map(String)).join(''), true).map(
      ({ rule }) => rule,
    );
  };
  const begun = (index: number, input = '{}') => ({
    index,
    id: `call_${index}`,
    type: 'function',
    function: { name: 'get_time', arguments: input },
  });
  const continued = (index: number, input: string) => ({ index, function: { arguments: input } });

  test('calls may overlap', () => {
    assert.deepEqual(rules(begun(1, ''), begun(2, '{"a"'), continued(1, '{}'), continued(2, ':1}')), []);
  });

  test('a call that was not begun, one that skips an index, and one begun twice are named', () => {
    assert.deepEqual(rules(continued(1, '{}')), ['chat/call-not-begun']);
    assert.deepEqual(rules(begun(2)), ['chat/call-index']);
    assert.deepEqual(rules(begun(1, ''), begun(1)), ['chat/call-begun-twice']);
  });

  test('arguments that no client could parse are named', () => {
    assert.deepEqual(rules(begun(1, '{"a":')), ['chat/arguments-not-json']);
  });
});

const texts = fc.string({ minLength: 1, maxLength: 12 });
const delta = (type: 'text-delta' | 'reasoning-delta') => texts.map((text): TurnEvent[] => [{ type, text }]);
const calls = fc.array(fc.dictionary(texts, texts), { minLength: 1, maxLength: 3 }).map((inputs) =>
  inputs.flatMap((input, index): TurnEvent[] => {
    const id = `call_${index}`;
    const json = JSON.stringify(input);
    return [
      { type: 'tool-call-start', id, name: 'tool' },
      { type: 'tool-call-delta', id, input: json.slice(0, 3) },
      { type: 'keep-alive' },
      { type: 'tool-call-delta', id, input: json.slice(3) },
      { type: 'tool-call-end', id },
    ];
  }),
);
const answers = fc
  .record({
    content: fc.array(fc.oneof(delta('text-delta'), delta('reasoning-delta')), { maxLength: 8 }),
    calls: fc.option(calls),
    reason: fc.constantFrom('stop' as const, 'length' as const, 'content-filter' as const),
  })
  .map(({ content, calls: called, reason }): TurnEvent[] => [
    { type: 'turn-start', model: 'kmodel', inputTokens: 5 },
    ...content.flat(),
    ...(called ?? []),
    {
      type: 'turn-end',
      reason: called ? 'tool-calls' : reason,
      usage: { source: 'upstream', inputTokens: 5, outputTokens: 7 },
    },
  ]);

const store = { conversation: () => undefined, item: () => undefined, save() {} };
const messages = [{ role: 'user', content: 'Hi' }];
const streaming = (protocol: Protocol, body: object) => ({ protocol, body: { ...body, stream: true } });
for (const { protocol, body } of [
  streaming(anthropicMessages, {
    max_tokens: 100,
    thinking: { type: 'enabled', budget_tokens: 50 },
    messages,
  }),
  streaming(openAiChat, { messages, reasoning_effort: 'high', stream_options: { include_usage: true } }),
  streaming(createOpenAiResponses(store), { input: 'Hi', reasoning: { effort: 'high' } }),
]) {
  test(`whatever the model answers, this proxy's own ${protocol.name} streams break no rule`, () => {
    fc.assert(
      fc.property(answers, (events) => {
        const encoder = protocol.createStreamEncoder(protocol.decodeRequest(body));
        const stream = events.map((event) => encoder.encode(event)).join('');
        assert.deepEqual(checkStream(protocol.name, stream, true), []);
      }),
    );
  });
}
