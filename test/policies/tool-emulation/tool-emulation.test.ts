import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import type { Turn } from '../../../src/core/turn.ts';
import {
  type ToolEmulationOptions,
  toolEmulation,
} from '../../../src/policies/tool-emulation/tool-emulation.ts';
import {
  callsOf,
  end,
  eventsOf,
  recordedContext,
  ScriptedBackend,
  says,
  start,
  text,
  turnWith,
  usage,
  visibleText,
} from '../scripted-backend.ts';
import { declaredTools } from './parsed-output.ts';

const fence = '```';
const action = (json: string) => `${fence}json action\n${json}\n${fence}\n`;
const readCall = action('{"tool": "Read", "parameters": {"file_path": "a.txt"}}');
const lsCall = action('{"tool": "Bash", "parameters": {"command": "ls"}}');
const badCall = action('{"tool": "Read", "parameters": {}}');
const refusal = "I'm sorry, but I don't have access to any tools in this conversation.";

function withTools(change: Partial<Turn> = {}): Turn {
  return turnWith({ tools: declaredTools, ...change });
}

async function answer(
  backend: ScriptedBackend,
  turn: Turn,
  options: ToolEmulationOptions = {},
): Promise<{ events: TurnEvent[]; notes: ReturnType<typeof recordedContext>['notes'] }> {
  let id = 0;
  const context = recordedContext();
  const policy = toolEmulation({ createCallId: () => `call_${++id}`, ...options });
  return { events: await eventsOf(policy(backend).run(turn, context)), notes: context.notes };
}

/** All text that the nth upstream turn carried. */
function prompt(backend: ScriptedBackend, index = 0): string {
  const turn = backend.turns[index];
  const parts = turn?.messages.flatMap(({ content }) => [...content]) ?? [];
  return [...(turn?.system ?? []), ...parts.map((part) => (part.type === 'text' ? part.text : ''))].join(
    '\n',
  );
}

describe('an answer with calls', () => {
  test('becomes text and tool calls, and ends for the calls', async () => {
    const backend = new ScriptedBackend(says('Let me look.\n\n', readCall.slice(0, 20), readCall.slice(20)));
    const { events } = await answer(backend, withTools());
    assert.deepEqual(events, [
      start,
      { type: 'text-delta', text: 'Let me look.\n\n' },
      { type: 'tool-call-start', id: 'call_1', name: 'Read' },
      { type: 'tool-call-delta', id: 'call_1', input: '{"file_path":"a.txt"}' },
      { type: 'tool-call-end', id: 'call_1' },
      { type: 'turn-end', reason: 'tool-calls', usage },
    ]);
    assert.equal(backend.turns.length, 1);
  });

  test('shows no white space that only set its first call apart', async () => {
    const backend = new ScriptedBackend(says('\n', ' \n', readCall));
    const { events } = await answer(backend, withTools());
    assert.equal(visibleText(events), '');
    assert.equal(callsOf(events).length, 1);
  });

  test('keeps the white space that its text begins with, or consists of', async () => {
    const begins = new ScriptedBackend(says('\n', '  code', '\n\n', readCall));
    assert.equal(visibleText((await answer(begins, withTools())).events), '\n  code\n\n');
    const consists = new ScriptedBackend(says('\n', '\n'));
    assert.equal(visibleText((await answer(consists, withTools())).events), '\n\n');
  });

  test('keeps thoughts and keep-alives where they are', async () => {
    const thought: TurnEvent = { type: 'reasoning-delta', text: 'Hm', signature: 's' };
    const backend = new ScriptedBackend([start, thought, { type: 'keep-alive' }, ...text('Hi'), end]);
    const { events } = await answer(backend, withTools());
    assert.deepEqual(events, [start, thought, { type: 'keep-alive' }, ...text('Hi'), end]);
  });

  test('may hold several', async () => {
    const { events } = await answer(new ScriptedBackend(says(readCall, '\n', lsCall)), withTools());
    assert.deepEqual(callsOf(events), [
      { id: 'call_1', name: 'Read', input: '{"file_path":"a.txt"}' },
      { id: 'call_2', name: 'Bash', input: '{"command":"ls"}' },
    ]);
    assert.equal(visibleText(events), '');
  });

  test('holds one when the client allows one, and upstream is cancelled', async () => {
    const backend = new ScriptedBackend(says(readCall, lsCall, 'more'));
    const { events } = await answer(backend, withTools({ parallelToolCalls: false }));
    assert.deepEqual(
      callsOf(events).map(({ name }) => name),
      ['Read'],
    );
    assert.equal(backend.cancelled, 1);
  });

  test('ends where the model goes on as if it had the result, with an estimated usage', async () => {
    const backend = new ScriptedBackend(says(readCall, '\nThe file says 42.', 'More.', lsCall));
    const { events, notes } = await answer(backend, withTools());
    assert.equal(visibleText(events), '');
    assert.equal(callsOf(events).length, 1);
    assert.equal(backend.cancelled, 1);
    const last = events.at(-1);
    assert.ok(last?.type === 'turn-end' && last.usage.source === 'estimate' && last.reason === 'tool-calls');
    assert.deepEqual(
      notes.map(({ type }) => type),
      ['remark'],
    );
  });

  test('ends with the length reason when a call that is going out breaks off', async () => {
    const backend = new ScriptedBackend(
      says(`${fence}json action\n{"tool":"Bash","parameters":{"command":"ls`),
    );
    const { events } = await answer(backend, withTools());
    assert.deepEqual(callsOf(events), [{ id: 'call_1', name: 'Bash', input: '{"command":"ls' }]);
    assert.deepEqual(events.at(-2), { type: 'tool-call-end', id: 'call_1' });
    const last = events.at(-1);
    assert.ok(last?.type === 'turn-end' && last.reason === 'length');
  });

  test('that never ends is an error', async () => {
    const backend = new ScriptedBackend([start, ...text('Hi')]);
    await assert.rejects(
      answer(backend, withTools()),
      (thrown) => thrown instanceof ProxyError && thrown.kind === 'upstream-protocol',
    );
  });
});

describe('a call that cannot be used', () => {
  test('is asked for once more, with what is wrong with it', async () => {
    const backend = new ScriptedBackend(says('Reading.\n', badCall), says('Sorry! ', readCall));
    const { events, notes } = await answer(backend, withTools());
    assert.equal(visibleText(events), 'Reading.\n');
    assert.deepEqual(callsOf(events), [{ id: 'call_1', name: 'Read', input: '{"file_path":"a.txt"}' }]);
    assert.equal(events.filter(({ type }) => type === 'turn-start').length, 1);
    assert.deepEqual(events.at(-1), {
      type: 'turn-end',
      reason: 'tool-calls',
      usage: { source: 'upstream', inputTokens: 20, outputTokens: 10 },
    });
    assert.match(prompt(backend, 1), /lacks the required "file_path"/);
    assert.deepEqual(
      notes.map(({ type }) => type),
      ['attempt'],
    );
  });

  test('is passed on as text when it cannot be used the second time either', async () => {
    const backend = new ScriptedBackend(says('Reading.\n', badCall, 'Done.'), says(badCall));
    const { events } = await answer(backend, withTools());
    assert.equal(visibleText(events), `Reading.\n${badCall}Done.`);
    assert.deepEqual(callsOf(events), []);
    const last = events.at(-1);
    assert.ok(last?.type === 'turn-end' && last.reason === 'stop');
    assert.equal(backend.turns.length, 2);
  });

  test('is passed on as text when asking again fails', async () => {
    const backend = new ScriptedBackend(says(badCall), [new ProxyError('upstream-unavailable', 'Gone.')]);
    const { events, notes } = await answer(backend, withTools());
    assert.equal(visibleText(events), badCall);
    assert.deepEqual(
      notes.map(({ type }) => type),
      ['attempt', 'remark'],
    );
  });

  test('comes after the held text in a whole answer', async () => {
    const backend = new ScriptedBackend(says('Reading.\n', badCall), says(readCall));
    const { events } = await answer(backend, withTools({ delivery: 'whole' }));
    assert.deepEqual(events.map(({ type }) => type).slice(0, 3), [
      'turn-start',
      'text-delta',
      'tool-call-start',
    ]);
  });
});

describe('a missing call', () => {
  for (const choice of [{ type: 'required' }, { type: 'tool', name: 'Read' }] as const) {
    test(`is asked for once more with choice ${choice.type}, and the text before is never shown`, async () => {
      const backend = new ScriptedBackend(says('I could read it.'), says('Fine.\n', readCall));
      const { events } = await answer(backend, withTools({ toolChoice: choice }));
      assert.equal(visibleText(events), 'Fine.\n');
      assert.deepEqual(
        callsOf(events).map(({ name }) => name),
        ['Read'],
      );
      assert.match(prompt(backend, 1), /call .* now/);
    });
  }

  test('leads to text when the model does not call when asked again', async () => {
    const backend = new ScriptedBackend(says('First.'), says('Second.'));
    const { events, notes } = await answer(backend, withTools({ toolChoice: { type: 'required' } }));
    assert.equal(visibleText(events), 'Second.');
    assert.deepEqual(callsOf(events), []);
    assert.deepEqual(
      notes.map(({ type }) => type),
      ['attempt', 'remark'],
    );
    assert.equal(backend.turns.length, 2);
  });

  test('is asked for when the model claims to have no tools and nothing was shown', async () => {
    const backend = new ScriptedBackend(says(refusal), says(readCall));
    const { events } = await answer(backend, withTools({ delivery: 'whole' }));
    assert.equal(visibleText(events), '');
    assert.equal(callsOf(events).length, 1);
  });

  test('is not asked for on a stream whose text has gone out', async () => {
    const backend = new ScriptedBackend(says(refusal), says(readCall));
    const { events } = await answer(backend, withTools());
    assert.equal(visibleText(events), refusal);
    assert.equal(backend.turns.length, 1);
  });

  test('is not asked for when a whole answer simply needs no tool', async () => {
    const backend = new ScriptedBackend(says('It is 42.'));
    const { events } = await answer(backend, withTools({ delivery: 'whole' }));
    assert.deepEqual(events, says('It is 42.'));
  });

  test('with a named tool, another one does not count', async () => {
    const backend = new ScriptedBackend(says(lsCall), says(readCall));
    const { events } = await answer(backend, withTools({ toolChoice: { type: 'tool', name: 'Read' } }));
    assert.deepEqual(
      callsOf(events).map(({ name }) => name),
      ['Read'],
    );
  });
});

test('the aggregate option resolves a stream like a whole answer before any of it goes out', async () => {
  const backend = new ScriptedBackend(says(refusal), says(readCall));
  const { events } = await answer(backend, withTools(), { aggregate: true });
  assert.equal(visibleText(events), '');
  assert.equal(callsOf(events).length, 1);
});

describe('what upstream is told', () => {
  test('no tools, but the contract and a reminder at the end', async () => {
    const backend = new ScriptedBackend(says('Hi'));
    await answer(backend, withTools({ system: ['You have no tools.'], parallelToolCalls: true }));
    const turn = backend.turns[0];
    assert.deepEqual(turn?.tools, []);
    assert.deepEqual(turn?.toolChoice, { type: 'auto' });
    assert.equal(turn && 'parallelToolCalls' in turn, false);
    assert.equal(turn?.system[0], 'You have no tools.');
    assert.match(turn?.system[1] ?? '', /json action/);
    const last = turn?.messages.at(-1)?.content.at(-1);
    assert.ok(
      last?.type === 'text' &&
        /json action/.test(last.text) &&
        /Read, Bash, Write, Plan, Now/.test(last.text),
    );
  });

  test('earlier calls in the form it writes itself, and results with the id of their call', async () => {
    const backend = new ScriptedBackend(says('Hi'));
    const image = { type: 'image', source: { kind: 'url', url: 'http://x/y.png' } } as const;
    await answer(
      backend,
      withTools({
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Go' }] },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'Reading.' },
              { type: 'tool-call', id: 'c1', name: 'Read', input: '{"file_path":"a"}' },
              { type: 'tool-call', id: 'c2', name: 'Now', input: '' },
              { type: 'tool-call', id: 'c3', name: 'Bash', input: '{"command":"x"}' },
              { type: 'tool-call', id: 'c4', name: 'Bash', input: '{"command":"y"}' },
            ],
          },
          {
            role: 'user',
            content: [
              { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'one' }, image] },
              { type: 'tool-result', callId: 'c2', content: [] },
              { type: 'tool-result', callId: 'c3', content: [{ type: 'text', text: 'bad' }], isError: true },
              { type: 'text', text: 'Go on' },
            ],
          },
        ],
      }),
    );
    const [, said, results] = backend.turns[0]?.messages ?? [];
    assert.deepEqual(said?.content[1], {
      type: 'text',
      text: `\n\n${fence}json action\n{"tool": "Read", "parameters": {"file_path":"a"}, "id": "c1"}\n${fence}`,
    });
    assert.deepEqual(results?.content.slice(0, 6), [
      {
        type: 'text',
        text: '<tool_result call="c4" tool="Bash" status="missing">\nNo result came back for this call.\n</tool_result>\n\n',
      },
      {
        type: 'text',
        text: '<tool_result call="c1" tool="Read" status="ok">\none\n(An image attached)\n</tool_result>\n\n',
      },
      image,
      {
        type: 'text',
        text: '<tool_result call="c2" tool="Now" status="ok">\n(no output)\n</tool_result>\n\n',
      },
      { type: 'text', text: '<tool_result call="c3" tool="Bash" status="error">\nbad\n</tool_result>\n\n' },
      { type: 'text', text: 'Go on' },
    ]);
  });

  test('nothing new when there are no tools and none were used', async () => {
    const backend = new ScriptedBackend(says('Hi'));
    const turn = turnWith();
    await answer(backend, turn);
    assert.equal(backend.turns[0], turn);
  });

  test('no contract when the client wants no call', async () => {
    const backend = new ScriptedBackend(says(readCall));
    const { events } = await answer(backend, withTools({ toolChoice: { type: 'none' } }));
    assert.equal(visibleText(events), readCall);
    assert.deepEqual(backend.turns[0]?.tools, []);
    assert.doesNotMatch(prompt(backend), /json action/);
  });
});

test('custom tools and namespaces come back in the client’s own form', async () => {
  const backend = new ScriptedBackend(
    says(
      action('{"tool": "apply_patch", "parameters": {"input": "*** Begin\\n+x"}}'),
      action('{"tool":"fs__read","parameters":{}}'),
    ),
  );
  const { events } = await answer(
    backend,
    turnWith({
      tools: [
        {
          kind: 'custom',
          name: 'apply_patch',
          description: '',
          format: { syntax: 'lark', definition: 'start: "x"' },
        },
        { kind: 'function', namespace: 'fs', name: 'read', description: '', inputSchema: { type: 'object' } },
      ],
    }),
  );
  assert.deepEqual(callsOf(events), [
    { id: 'call_1', name: 'apply_patch', input: '*** Begin\n+x' },
    { id: 'call_2', name: 'read', input: '{}' },
  ]);
  assert.ok(events.some((event) => event.type === 'tool-call-start' && event.namespace === 'fs'));
  assert.match(prompt(backend), /start: "x"/);
});
