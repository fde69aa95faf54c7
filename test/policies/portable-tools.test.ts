import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { TurnEvent } from '../../src/core/events.ts';
import type { Tool, Turn } from '../../src/core/turn.ts';
import { CustomInputDecoder } from '../../src/policies/portable-tools/custom-input.ts';
import { selfContainedSchema } from '../../src/policies/portable-tools/self-contained-schema.ts';
import { portableTools } from '../../src/policies/portable-tools.ts';
import {
  end,
  eventsOf,
  functionTool,
  recordedContext,
  ScriptedBackend,
  start,
  turnWith,
} from './scripted-backend.ts';

const objectSchema = { type: 'object', properties: {} };

async function upstreamTurn(change: Partial<Turn>): Promise<Turn> {
  const backend = new ScriptedBackend([start, end]);
  await eventsOf(portableTools()(backend).run(turnWith(change), recordedContext()));
  const [turn] = backend.turns;
  assert.ok(turn);
  return turn;
}

function callEvents(id: string, name: string, ...fragments: string[]): TurnEvent[] {
  return [
    { type: 'tool-call-start', id, name },
    ...fragments.map((input): TurnEvent => ({ type: 'tool-call-delta', id, input })),
    { type: 'tool-call-end', id },
  ];
}

test('a turn whose tools every upstream takes goes through as it is', async () => {
  const turn = turnWith({ tools: [functionTool('read_file', objectSchema)] });
  const backend = new ScriptedBackend([start, end]);
  await eventsOf(portableTools()(backend).run(turn, recordedContext()));
  assert.equal(backend.turns[0], turn);
});

describe('names', () => {
  const long = 'a'.repeat(70);
  const tools: Tool[] = [
    functionTool('ok', objectSchema),
    functionTool(long, objectSchema),
    functionTool('with.dot', objectSchema),
    { ...functionTool('read', objectSchema), namespace: 'fs' },
    { ...functionTool('read', objectSchema), namespace: 'net' },
    functionTool('fs__read', objectSchema),
  ];

  test('become portable, distinct and the same in every turn', async () => {
    const first = (await upstreamTurn({ tools })).tools.map(({ name }) => name);
    const again = (await upstreamTurn({ tools: tools.toReversed() })).tools.map(({ name }) => name);
    assert.deepEqual(new Set(again), new Set(first));
    assert.equal(new Set(first).size, tools.length);
    for (const name of first) assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/);
    assert.equal(first[0], 'ok');
    assert.equal(first[4], 'net__read');
    assert.equal(first[5], 'fs__read');
  });

  test('come back as the client wrote them', async () => {
    const names = (await upstreamTurn({ tools })).tools.map(({ name }) => name);
    const backend = new ScriptedBackend([
      start,
      ...names.flatMap((name, index) => callEvents(`c${index}`, name, '{}')),
      end,
    ]);
    const events = await eventsOf(portableTools()(backend).run(turnWith({ tools }), recordedContext()));
    const started = events.filter((event) => event.type === 'tool-call-start');
    assert.deepEqual(
      started.map(({ name, namespace }) => ({ name, namespace })),
      tools.map(({ name, namespace }) => ({ name, namespace })),
    );
  });

  test('that a model writes without their namespace or with a dot come back where only one tool can be meant', async () => {
    const few: Tool[] = [
      { ...functionTool('open', objectSchema), namespace: 'fs' },
      { ...functionTool('read', objectSchema), namespace: 'fs' },
      { ...functionTool('read', objectSchema), namespace: 'net' },
    ];
    const written = ['open', 'net.read', 'read', 'unknown'];
    const backend = new ScriptedBackend([
      start,
      ...written.flatMap((name) => callEvents(name, name, '{}')),
      end,
    ]);
    const events = await eventsOf(portableTools()(backend).run(turnWith({ tools: few }), recordedContext()));
    assert.deepEqual(
      events.flatMap((event) =>
        event.type === 'tool-call-start' ? [[event.namespace ?? '', event.name].join(' ')] : [],
      ),
      ['fs open', 'net read', ' read', ' unknown'],
    );
  });

  test('in the choice and in old calls follow the tools', async () => {
    const turn = await upstreamTurn({
      tools,
      toolChoice: { type: 'tool', namespace: 'net', name: 'read' },
      messages: [
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c', namespace: 'net', name: 'read', input: '{"a":1}' }],
        },
      ],
    });
    assert.deepEqual(turn.toolChoice, { type: 'tool', name: 'net__read' });
    assert.deepEqual(turn.messages[0]?.content, [
      { type: 'tool-call', id: 'c', name: 'net__read', input: '{"a":1}' },
    ]);
  });

  test('declared twice are sent once', async () => {
    const twice = [functionTool('x', objectSchema), functionTool('x', objectSchema)];
    assert.equal((await upstreamTurn({ tools: twice })).tools.length, 1);
  });
});

describe('a custom tool', () => {
  const patch: Tool = {
    kind: 'custom',
    name: 'apply_patch',
    description: 'Applies a patch.',
    format: { syntax: 'lark', definition: 'start: begin' },
  };

  test('is sent as a function with one text, described with its grammar', async () => {
    const [tool] = (await upstreamTurn({ tools: [patch] })).tools;
    assert.ok(tool?.kind === 'function');
    assert.deepEqual(tool.inputSchema['required'], ['input']);
    assert.match(tool.description, /Applies a patch\.[\s\S]*lark grammar:\nstart: begin/);
  });

  test('has its old calls sent in that form', async () => {
    const turn = await upstreamTurn({
      tools: [patch],
      messages: [
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c', name: 'apply_patch', input: 'a "b"\n' }],
        },
      ],
    });
    assert.deepEqual(turn.messages[0]?.content, [
      { type: 'tool-call', id: 'c', name: 'apply_patch', input: '{"input":"a \\"b\\"\\n"}' },
    ]);
  });

  test('is called with free text, which streams', async () => {
    const backend = new ScriptedBackend([
      start,
      ...callEvents('c', 'apply_patch', '{"inp', 'ut": "one\\', 'ntwo', '"}'),
      end,
    ]);
    const events = await eventsOf(
      portableTools()(backend).run(turnWith({ tools: [patch] }), recordedContext()),
    );
    assert.deepEqual(events, [start, ...callEvents('c', 'apply_patch', 'one', '\ntwo'), end]);
  });
});

describe('the custom input decoder', () => {
  const decode = (pieces: readonly string[]) => {
    const decoder = new CustomInputDecoder();
    const out = pieces.map((piece) => decoder.push(piece));
    return [...out, decoder.end()];
  };

  test('gives back any text, however its JSON is torn, and no character in halves', () => {
    const escaped = (text: string) =>
      JSON.stringify({ input: text }).replace(
        /[^\x20-\x7e]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, ascii) => {
        const json = ascii ? escaped(text) : JSON.stringify({ input: text }, null, 1);
        const out = decode(Array.from({ length: json.length }, (_, index) => json.slice(index, index + 1)));
        assert.equal(out.join(''), text);
        for (const piece of out) assert.ok(piece.isWellFormed());
        assert.equal(decode([json]).join(''), text);
      }),
    );
  });

  for (const [input, expected] of [
    ['*** Begin Patch', '*** Begin Patch'],
    ['"just a string"', 'just a string'],
    ['{"patch": "x"}', 'x'],
    ['{"other": 1, "input": "x"}', 'x'],
    ['{ not json }', '{ not json }'],
    ['', ''],
    ['{"input": "cut \\u00', 'cut '],
    ['{"input": "C:\\dir"}', 'C:\\dir'],
  ] as const) {
    test(`makes ${JSON.stringify(expected)} of ${JSON.stringify(input)}`, () => {
      assert.equal(decode([...input]).join(''), expected);
      assert.equal(decode([input]).join(''), expected);
    });
  }
});

describe('a schema', () => {
  test('that is plain stays the same object', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    assert.equal(selfContainedSchema(schema), schema);
  });

  test('that is missing becomes one without members', () => {
    for (const none of [undefined, null, 'x', {}, { type: 'object' }]) {
      assert.deepEqual(selfContainedSchema(none), { type: 'object', properties: {} });
    }
  });

  test('with references holds what they name', () => {
    const schema = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/x~1y', description: 'mine' }, $ref: { type: 'string' } },
      $defs: { 'x/y': { type: 'string', description: 'theirs', enum: ['$ref'] } },
    };
    assert.deepEqual(selfContainedSchema(schema), {
      type: 'object',
      properties: { a: { type: 'string', description: 'mine', enum: ['$ref'] }, $ref: { type: 'string' } },
    });
  });

  test('that contains itself is unrolled a little and then only named', () => {
    const schema = {
      type: 'object',
      properties: { root: { $ref: '#/$defs/node' } },
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    };
    assert.deepEqual(selfContainedSchema(schema), {
      type: 'object',
      properties: {
        root: {
          type: 'object',
          properties: { next: { type: 'object', properties: { next: { type: 'object' } } } },
        },
      },
    });
  });

  test('whose definitions multiply stays bounded', () => {
    const defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `d${index}`,
        {
          type: 'object',
          properties: { a: { $ref: `#/$defs/d${index + 1}` }, b: { $ref: `#/$defs/d${index + 1}` } },
        },
      ]),
    );
    const flat = selfContainedSchema({
      type: 'object',
      properties: { x: { $ref: '#/$defs/d0' } },
      $defs: defs,
    });
    assert.ok(JSON.stringify(flat).length < 1_000_000);
  });
});
