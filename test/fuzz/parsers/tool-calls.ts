import assert from 'node:assert/strict';
import { isRecord, tryParseJson } from '../../../src/core/json.ts';
import type { Turn } from '../../../src/core/turn.ts';
import { TolerantJson } from '../../../src/policies/tool-emulation/tolerant-json.ts';
import { toolEmulation } from '../../../src/policies/tool-emulation/tool-emulation.ts';
import {
  eventsOf,
  recordedContext,
  ScriptedBackend,
  says,
  turnWith,
} from '../../policies/scripted-backend.ts';
import { declaredTools, parseOutput } from '../../policies/tool-emulation/parsed-output.ts';
import { type FuzzedParser, textDeliveries } from '../fuzzed-parser.ts';
import { assertEncodable, assertInOrder, joined, textOf } from './turn-events.ts';

const fence = '```';

/** Calls that a model writes into its text. */
export const actionBlocks: FuzzedParser = {
  name: 'action-blocks',
  dictionary: [
    ...[
      '`',
      '``',
      fence,
      '````',
      '~~~',
      `${fence}json action\n`,
      `${fence}json\n`,
      `\n${fence}\n`,
      '> ',
      '- ',
      '1. ',
      'json action',
    ],
    ...[
      '<tool_call>',
      '</tool_call>',
      '<function=Bash>',
      '<parameter=command>',
      '</parameter>',
      '</function>',
      '<function=__proto__>',
    ],
    ...[
      '"tool"',
      '"name"',
      '"parameters"',
      '"arguments"',
      '"input"',
      '"function"',
      '"id"',
      '"command"',
      '"steps"',
      '"offset"',
      '"done"',
    ],
    ...[
      '"Bash"',
      '"Read"',
      '"Plan"',
      '"Now"',
      '"__proto__"',
      '"constructor"',
      'terminal',
      '“',
      '”',
      '\\u00',
      "'",
      'True',
      'None',
      '1.',
    ],
    '{"tool": "Bash", "parameters": {"command": "',
    '{"tool": "Now"}',
    '{"tool":"Read","parameters":{"file_path":"a","offset":"5"}}',
  ],
  async check(input) {
    const text = input.toString();
    const first = parseOutput([text]);
    for (const pieces of textDeliveries(text)) {
      const torn = parseOutput(pieces);
      assert.deepEqual([torn.text, torn.calls, torn.invalid], [first.text, first.calls, first.invalid]);
    }
    // Text is shown as it was written, in its order; what is missing is in calls, or reported.
    assert.ok(isSubsequence(first.text, text), 'Text was invented, or its order changed.');
    if (first.calls.length === 0)
      assert.equal(first.text.length + first.invalid.join('').length, text.length);
    for (const { name, input: called } of first.calls) {
      assert.ok(
        declaredTools.some((tool) => tool.name === name),
        `There is no tool ${name}.`,
      );
      if (typeof called !== 'string') assert.ok(isRecord(called), 'The input of a call must be an object.');
    }
    await assertAnswers(text, 'incremental', true);
    await assertAnswers(text, 'whole', false);
  },
};

/** The same as a client gets it, which is asked for once more where a call cannot be used. */
async function assertAnswers(
  text: string,
  delivery: Turn['delivery'],
  parallelToolCalls: boolean,
): Promise<void> {
  let count = 0;
  const policy = toolEmulation({ createCallId: () => `call_${++count}` });
  const backend = policy(new ScriptedBackend(says(text), says('')));
  const turn = turnWith({ tools: declaredTools, delivery, parallelToolCalls });
  const events = joined(await eventsOf(backend.run(turn, recordedContext())));
  assertInOrder(events, true);
  // Of a block that holds a call, what is no call is written anew.
  if (!events.some(({ type }) => type === 'tool-call-start')) assert.ok(isSubsequence(textOf(events), text));
  await assertEncodable(events);
}

interface Rewritten {
  readonly state: TolerantJson['state'];
  readonly json: string;
  readonly taken: number;
}

function rewrite(pieces: readonly string[]): Rewritten {
  let json = '';
  let taken = 0;
  const reader = new TolerantJson({
    text(piece) {
      json += piece;
    },
    key() {},
    valueStart() {},
    valueEnd() {},
  });
  for (const piece of pieces) {
    const to = reader.push(piece, 0);
    taken += to;
    if (to < piece.length) break;
  }
  return { state: reader.state, json, taken };
}

/** JSON as models write it. */
export const tolerantJson: FuzzedParser = {
  name: 'tolerant-json',
  dictionary: [
    '“',
    '”',
    '„',
    '‟',
    'True',
    'False',
    'None',
    ',]',
    ',}',
    '\\"',
    "\\'",
    '\\x',
    '\\u12',
    '\\ud83d',
    '1.5e-3',
    '": "',
    '", "',
  ],
  check(input) {
    const text = input.toString();
    const first = rewrite([text]);
    for (const pieces of textDeliveries(text))
      assert.deepEqual(rewrite(pieces), first, 'Torn, it reads as something else.');
    if (first.state === 'complete') {
      const value = tryParseJson(first.json);
      assert.ok(typeof value === 'object' && value !== null, `What comes out is no JSON: ${first.json}`);
    }
    const strict = tryParseJson(text);
    if (typeof strict === 'object' && strict !== null) {
      assert.equal(first.state, 'complete', 'Strict JSON was not taken.');
      assert.deepEqual(tryParseJson(first.json), strict, 'Strict JSON was changed.');
    }
  },
};

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const unit of part.split('')) {
    at = whole.indexOf(unit, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
