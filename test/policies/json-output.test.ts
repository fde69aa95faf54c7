import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxyError } from '../../src/core/errors.ts';
import type { ResponseFormat, Turn } from '../../src/core/turn.ts';
import { FenceStripper } from '../../src/policies/json-output/fence-stripper.ts';
import { findMismatch } from '../../src/policies/json-output/find-mismatch.ts';
import { jsonOutput } from '../../src/policies/json-output.ts';
import {
  eventsOf,
  recordedContext,
  ScriptedBackend,
  says,
  turnWith,
  visibleText,
} from './scripted-backend.ts';

const format: ResponseFormat = {
  type: 'json-schema',
  schema: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
};

async function answer(backend: ScriptedBackend, change: Partial<Turn>) {
  const context = recordedContext();
  const events = await eventsOf(
    jsonOutput()(backend).run(turnWith({ responseFormat: format, ...change }), context),
  );
  return { events, shown: visibleText(events), notes: context.notes };
}

test('the demand becomes an instruction with the schema', async () => {
  const backend = new ScriptedBackend(says('{"a": 1}'));
  const { notes } = await answer(backend, {});
  const turn = backend.turns[0];
  assert.equal(turn?.responseFormat, undefined);
  assert.ok(turn?.system[1]?.includes(JSON.stringify(format.type === 'json-schema' ? format.schema : {})));
  assert.deepEqual(notes, []);
});

test('a streamed answer that does not fit is passed on and put on the record', async () => {
  const backend = new ScriptedBackend(says('{"a": "x"}'));
  const { shown, notes } = await answer(backend, {});
  assert.equal(shown, '{"a": "x"}');
  assert.equal(backend.turns.length, 1);
  assert.ok(notes[0]?.type === 'remark' && /a must be of type integer/.test(notes[0].text));
});

describe('a whole answer that does not fit', () => {
  test('is asked for once more with what is wrong, and both runs are counted', async () => {
    const backend = new ScriptedBackend(says('Sure!'), says('```json\n{"a": 1}\n```'));
    const { events, shown } = await answer(backend, { delivery: 'whole' });
    assert.equal(shown, '{"a": 1}');
    const last = events.at(-1);
    assert.ok(last?.type === 'turn-end' && last.usage.inputTokens === 20);
    const request = backend.turns[1]?.messages.at(-1)?.content[0];
    assert.ok(request?.type === 'text' && /not valid JSON/.test(request.text));
  });

  test('is passed on as the model wrote it the second time', async () => {
    const { shown, notes } = await answer(new ScriptedBackend(says('No.'), says('Never.')), {
      delivery: 'whole',
    });
    assert.equal(shown, 'Never.');
    assert.deepEqual(
      notes.map(({ type }) => type),
      ['attempt', 'remark'],
    );
  });

  test('is passed on when asking again fails', async () => {
    const backend = new ScriptedBackend(says('No.'), [new ProxyError('rate-limited', 'Slow down.')]);
    assert.equal((await answer(backend, { delivery: 'whole' })).shown, 'No.');
  });
});

describe('the fence around an answer', () => {
  const strip = (pieces: readonly string[]) => {
    const stripper = new FenceStripper();
    return pieces.map((piece) => stripper.push(piece)).join('') + stripper.end();
  };
  for (const [written, expected] of [
    ['```json\n{"a": "```"}\n```\n', '{"a": "```"}'],
    ['\n```\n[1]\n```', '[1]'],
    ['{"a": 1}', '{"a": 1}'],
    ['  {"a": 1}\n', '  {"a": 1}\n'],
    ['`code`', '`code`'],
    ['```json {"a": 1}', '```json {"a": 1}'],
    ['```json\n{"a": 1}', '{"a": 1}'],
    ['``', '``'],
  ] as const) {
    test(`${JSON.stringify(written)} gives ${JSON.stringify(expected)}, whole and torn`, () => {
      assert.equal(strip([written]), expected);
      assert.equal(strip([...written]), expected);
    });
  }
});

describe('a value', () => {
  const node = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false };
  for (const [value, schema, expected] of [
    [{ a: 1 }, { type: 'object', required: ['b'] }, /lacks "b"/],
    [
      { a: [1, 'x'] },
      { properties: { a: { items: { type: 'number' } } } },
      /^a\[1\] must be of type number, not string$/,
    ],
    [{ a: 1, b: 2 }, { properties: { a: {} }, additionalProperties: false }, /^b is not allowed$/],
    ['x', { enum: ['y', 'z'] }, /must be "y" or "z"/],
    [null, { anyOf: [{ type: 'string' }, { type: 'number' }] }, /none of its alternatives/],
    [null, { type: ['string', 'null'] }, undefined],
    [5, { allOf: [{ type: 'integer' }, { const: 5 }] }, undefined],
    [{ next: { next: { other: 1 } } }, node, /^next\.next\.other is not allowed$/],
    [{ next: {} }, node, undefined],
  ] as const) {
    test(`${JSON.stringify(value)} against ${JSON.stringify(schema)}`, () => {
      const problem = findMismatch(value, schema);
      if (expected === undefined) assert.equal(problem, undefined);
      else assert.match(problem ?? '', expected);
    });
  }

  test('with definitions that refer to each other is checked in bounded time', () => {
    const schema = {
      $ref: '#/$defs/a',
      $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }] } },
    };
    assert.equal(findMismatch(1, schema), undefined);
  });
});
