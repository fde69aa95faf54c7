import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DeltaFrame } from '../../../src/backends/remote/delta-frame.ts';

const fields = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1 };
const bare = (delta: object, rest: object = {}, more: object = {}) =>
  JSON.stringify({ ...fields, choices: [{ index: 0, delta, finish_reason: null, ...rest }], ...more });
const enveloped = (body: string) => JSON.stringify({ headers: {}, body, statusCodeValue: 200 });
const plain = (content: string) => enveloped(bare({ content }));

/** A frame that has seen one plain event. */
function learned(event = plain('Hello')): DeltaFrame {
  const frame = new DeltaFrame();
  assert.equal(frame.read(event), undefined);
  return frame;
}

describe('a frame', () => {
  for (const [form, wrap] of Object.entries({ bare: (body: string) => body, enveloped })) {
    test(`reads any text of events that are ${form}, as parsing them would`, () => {
      const text = fc.string({ unit: 'binary', minLength: 1 });
      fc.assert(
        fc.property(text, text, (one, other) => {
          const frame = learned(wrap(bare({ content: `a${one.replace(/[^\w ]/g, '')}` })));
          assert.deepEqual(frame.read(wrap(bare({ content: other }))), { type: 'text-delta', text: other });
        }),
      );
    });
  }

  test('reads thoughts', () => {
    const thought = (text: string) => enveloped(bare({ content: null, reasoning_content: text }));
    const frame = learned(thought('Hm'));
    assert.deepEqual(frame.read(thought('so\n"what"')), { type: 'reasoning-delta', text: 'so\n"what"' });
  });

  test('goes from thoughts to text with the stream', () => {
    const frame = learned(enveloped(bare({ reasoning_content: 'Hm' })));
    assert.equal(frame.read(plain('So')), undefined);
    assert.deepEqual(frame.read(plain(' it is')), { type: 'text-delta', text: ' it is' });
  });

  const others: Readonly<Record<string, string>> = {
    'has another id': enveloped(JSON.stringify({ ...JSON.parse(bare({ content: 'x' })), id: 'chatcmpl-2' })),
    'has a finish reason': enveloped(bare({ content: 'x' }, { finish_reason: 'stop' })),
    'has token counts': enveloped(bare({ content: 'x' }, {}, { usage: { prompt_tokens: 1 } })),
    'has a call as well': enveloped(bare({ content: 'x', tool_calls: [{ index: 0 }] })),
    'has another field behind the text': enveloped(bare({ content: 'x', role: 'assistant' })),
    'is an error': JSON.stringify({ headers: {}, body: bare({ content: 'x' }), statusCodeValue: 500 }),
    'is broken': plain('x').replace('"x\\"', '"x\\q'),
    'ends within the text': plain('x').slice(0, -30),
    'is the end': enveloped('[DONE]'),
  };
  for (const [what, event] of Object.entries(others)) {
    test(`leaves an event that ${what} to the parser`, () => {
      assert.equal(learned().read(event), undefined);
    });
  }

  test('is not misled by the same words in another field', () => {
    const decoy = (text: string) =>
      `{"note":{"content":"Hello"},"choices":[{"index":0,"delta":{"content": ${JSON.stringify(text)}}}]}`;
    const frame = learned(decoy('Hello'));
    assert.equal(frame.read(decoy('Hello').replace('"Hello"}', '"Bye"}')), undefined);
  });

  test('takes no text that goes beyond its string for text alone', () => {
    const frame = learned(bare({ content: 'Hello' }));
    const event = bare({ content: 'x' }).replace('"x"', '"x","content":"y"');
    assert.equal(frame.read(event), undefined);
  });

  test('gives up on a stream whose events are never alike', () => {
    const frame = new DeltaFrame();
    const event = (created: number, content: string) => enveloped(bare({ content }, {}, { created }));
    for (let created = 0; created < 20; created++) assert.equal(frame.read(event(created, 'x')), undefined);
    assert.equal(frame.read(event(19, 'y')), undefined);
  });
});
