import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DeltaFrame } from '../../../src/backends/remote/delta-frame.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { wireTextOf } from '../../../src/core/wire-text.ts';

const fields = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1 };
const bare = (delta: object, rest: object = {}, more: object = {}) =>
  JSON.stringify({ ...fields, choices: [{ index: 0, delta, finish_reason: null, ...rest }], ...more });
const enveloped = (body: string) => JSON.stringify({ headers: {}, body, statusCodeValue: 200 });
const plain = (content: string) => enveloped(bare({ content }));

const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });
const thought = (value: string): TurnEvent => ({ type: 'reasoning-delta', text: value });

const sse = (data: string) => `data:${data}\n\n`;

/** A frame that has learned from one event. */
function learned(data = plain('Hello'), held = text('Hello')): DeltaFrame {
  const frame = new DeltaFrame();
  frame.learn(sse(data), [held]);
  return frame;
}

/** What a frame reads of an event that stands alone; undefined: it has to be parsed. */
function read(frame: DeltaFrame, data: string): TurnEvent | undefined {
  const read = frame.read(sse(data), 0);
  if (read) assert.equal(read.end, sse(data).length);
  if (read) assert.equal(wireTextOf(read.messages), sse(data));
  return read?.deltas[0];
}

describe('a frame', () => {
  for (const [form, wrap] of Object.entries({ bare: (body: string) => body, enveloped })) {
    test(`reads any text of events that are ${form}, as parsing them would`, () => {
      const content = fc.string({ unit: 'binary', minLength: 1 });
      fc.assert(
        fc.property(content, (said) => {
          const frame = learned(wrap(bare({ content: 'Hello' })));
          assert.deepEqual(read(frame, wrap(bare({ content: said }))), text(said));
        }),
      );
    });
  }

  test('reads thoughts', () => {
    const thinking = (value: string) => enveloped(bare({ content: null, reasoning_content: value }));
    const frame = learned(thinking('Hm'), thought('Hm'));
    assert.deepEqual(read(frame, thinking('so\n"what"')), thought('so\n"what"'));
  });

  test('goes from thoughts to text with the stream', () => {
    const frame = learned(enveloped(bare({ reasoning_content: 'Hm' })), thought('Hm'));
    assert.equal(read(frame, plain('So')), undefined);
    frame.learn(sse(plain('So')), [text('So')]);
    assert.deepEqual(read(frame, plain(' it is')), text(' it is'));
  });

  test('keeps what it knows when an event holds something else', () => {
    const frame = learned();
    frame.learn(sse(enveloped('[DONE]')), []);
    frame.learn(sse(enveloped(bare({ content: 'x' }, { finish_reason: 'stop' }))), [text('x')]);
    assert.deepEqual(read(frame, plain('y')), text('y'));
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
      assert.equal(read(learned(), event), undefined);
    });
  }

  for (const [what, event] of Object.entries(others).slice(1, 4)) {
    test(`learns nothing from an event that ${what}`, () => {
      const other = event.replace('\\"x\\"', '\\"y\\"');
      assert.notEqual(other, event);
      assert.equal(read(learned(event, text('x')), other), undefined);
    });
  }

  test('is not misled by the same words in another field', () => {
    const decoy = (noted: string) =>
      `{"note":{"content":"${noted}"},"choices":[{"delta":{"content": "Hello"}}]}`;
    assert.equal(read(learned(decoy('Hello')), decoy('Bye')), undefined);
  });

  test('takes no text that goes beyond its string for text alone', () => {
    const frame = learned(bare({ content: 'Hello' }));
    assert.equal(read(frame, bare({ content: 'x' }).replace('"x"', '"x","content":"y"')), undefined);
  });

  test('gives up on a stream whose events are never alike', () => {
    const frame = new DeltaFrame();
    const event = (created: number) => enveloped(bare({ content: 'x' }, {}, { created }));
    for (let created = 0; created < 20; created++) frame.learn(sse(event(created)), [text('x')]);
    assert.equal(read(frame, event(19)), undefined);
  });

  test('reads on to the first event that is not like the others', () => {
    const alike = `${sse(plain('a'))}${sse(plain(' "b"'))}`;
    const read = learned().read(`before${alike}${sse(enveloped('[DONE]'))}${sse(plain('c'))}`, 6);
    assert.equal(read?.end, 6 + alike.length);
    assert.deepEqual(read?.deltas, [text('a'), text(' "b"')]);
    assert.equal(wireTextOf(read.messages), alike);
  });

  test('leaves an event that has not come whole to the parser', () => {
    for (let length = 0; length < sse(plain('a')).length; length++) {
      assert.equal(learned().read(sse(plain('a')).slice(0, length), 0), undefined);
    }
  });

  test('learns from events with names, and from none that holds more lines', () => {
    const named = (data: string) => `event:chunk\n${sse(data)}`;
    const frame = new DeltaFrame();
    frame.learn(named(plain('Hello')), [text('Hello')]);
    assert.equal(frame.read(named(plain('a')), 0)?.end, named(plain('a')).length);
    assert.equal(frame.read(sse(plain('a')), 0), undefined);
    const numbered = (data: string) => `id:1\n${sse(data)}`;
    const other = new DeltaFrame();
    other.learn(numbered(plain('Hello')), [text('Hello')]);
    assert.equal(other.read(numbered(plain('a')), 0), undefined);
  });
});
