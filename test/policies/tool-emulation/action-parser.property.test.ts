import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseOutput } from './parsed-output.ts';

/** A part of an answer, with what must become of it. */
interface Segment {
  readonly written: string;
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
}

const shown = (written: string): Segment => ({ written, text: written, calls: [] });
const called = (written: string, name: string, input: unknown): Segment => ({
  written,
  text: '',
  calls: [{ name, input }],
});

const fence = '```';
const word = fc.stringMatching(/^[a-zA-Z0-9 .,:;!?()*_#中文é😀<>{}[\]"'|=-]{0,30}$/u);
/** A line that opens nothing by itself: code spans are whole, tags are not those of calls. */
const line = fc
  .tuple(word, fc.constantFrom('', '`code`', '``a ` b``', '<b>', '1 < 2'))
  .map(([a, b]) => `x${a} ${b}`);
const lines = fc.array(line, { minLength: 1, maxLength: 3 }).map((all) => `${all.join('\n')}\n`);
/** Any text at all, as a value. */
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    `${fence}\n`,
    `a\n${fence}js\nb\n${fence}\n`,
    '\\',
    '"}}',
    '</tool_call>',
    '“x”',
    '\u2028',
    '😀',
  ),
);

const action = (json: string) => `${fence}json action\n${json}\n${fence}\n`;
const bash = value.map((command) => ({ name: 'Bash', input: { command } }));
const write = fc
  .tuple(value, value)
  .map(([file, content]) => ({ name: 'Write', input: { file_path: file, content } }));
const plan = fc.array(fc.record({ a: value })).map((steps) => ({ name: 'Plan', input: { steps } }));
const call = fc.oneof(bash, write, plan, fc.constant({ name: 'Now', input: {} }));
const indent = fc.constantFrom(undefined, 2);

const written = fc.tuple(call, indent, fc.nat(7)).map(([{ name, input }, space, style]): Segment => {
  const ours = JSON.stringify({ tool: name, parameters: input }, null, space);
  const theirs = JSON.stringify({ name, arguments: input }, null, space);
  switch (style) {
    case 0:
      return called(action(theirs), name, input);
    case 1:
      return called(action(JSON.stringify({ name, arguments: JSON.stringify(input) })), name, input);
    case 2:
      return called(action(JSON.stringify({ tool: name, ...input })), name, input);
    case 3:
      return called(`<tool_call>\n${theirs}\n</tool_call>\n`, name, input);
    case 4:
      return called(`${fence}json action ${ours} ${fence}\n`, name, input);
    case 5:
      return called(`${fence}json\n${theirs}\n${fence}\n`, name, input);
    default:
      return called(action(ours), name, input);
  }
});

const codeText = fc.oneof(
  lines,
  fc.constantFrom(
    `{"tool": "Now", "parameters": {}}\n`,
    '<tool_call>{"name":"Now"}</tool_call>\n',
    `${fence} x\n`,
    '',
  ),
);
const fenced = fc.tuple(codeText, fc.constantFrom('', 'python', 'json5', 'js')).map(([code, info]) => {
  const safe = code.startsWith('{') && info === '' ? `x\n${code}` : code;
  return shown(`${fence}${info}\n${safe}${fence}\n`);
});
const nested = fc
  .tuple(written, fc.constantFrom('````', '`````', '~~~', '~~~~'))
  .map(([{ written: inner }, outer]) =>
    // A line of tildes or of as many backticks inside would close it.
    shown(`${outer}text\n${inner.replaceAll(outer.slice(0, 3) === '~~~' ? '~' : '````', 'x')}${outer}\n`),
  );
const quoted = written.map(({ written: inner }) =>
  shown(
    `${inner
      .replace(/\n$/, '')
      .split('\n')
      .map((one) => `> ${one}`)
      .join('\n')}\n\n`,
  ),
);
const json = fc
  .json({ maxDepth: 2 })
  .map((text) => shown(`${fence}json\n{"x-${text.length}": ${text}}\n${fence}\n`));
const segment = fc.oneof(lines.map(shown), written, fenced, nested, quoted, json);

const cuts = fc.array(fc.nat(1_000), { maxLength: 12 });

function tear(text: string, places: readonly number[]): string[] {
  const sorted = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  const pieces: string[] = [];
  let from = 0;
  for (const place of [...sorted, text.length]) {
    pieces.push(text.slice(from, place));
    from = place;
  }
  return pieces;
}

test('text comes out unchanged and calls come out as calls, however the output is torn', () => {
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), cuts, (segments, places) => {
      const output = segments.map((one) => one.written).join('');
      const parsed = parseOutput(tear(output, places));
      assert.equal(parsed.text, segments.map((one) => one.text).join(''));
      assert.deepEqual(
        parsed.calls,
        segments.flatMap((one) =>
          one.calls.map(({ name, input }) => ({ name, input: JSON.parse(JSON.stringify(input)) })),
        ),
      );
      assert.deepEqual(parsed.invalid, []);
    }),
    { numRuns: 300 },
  );
});

const scrap = fc.oneof(
  fc.constantFrom(
    '`',
    '``',
    fence,
    '````',
    '~~~',
    '\n',
    '\n\n',
    ' ',
    '  ',
    '> ',
    '- ',
    '1. ',
    'json',
    'json action',
    '{',
    '}',
    '[',
    ']',
    '"',
    '“',
    ',',
    ':',
    '\\',
    '\\u00',
    '"tool"',
    '"name"',
    '"parameters"',
    '"Bash"',
    '"Nope"',
    '"command"',
    '"x"',
    '5',
    '<tool_call>',
    '</tool_call>',
    '<function=Bash>',
    '<parameter=command>',
    '</parameter>',
    '</function>',
    'text',
    '😀',
    '{"tool": "Bash", "parameters": {"command": "',
    '{"tool": "Now"}',
    `${fence}json action\n`,
  ),
);

test('any output at all gives the same whole and torn, and loses no text', () => {
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 40 }), cuts, (scraps, places) => {
      const output = scraps.join('');
      const whole = parseOutput([output]);
      for (const pieces of [tear(output, places), [...output]]) {
        const torn = parseOutput(pieces);
        assert.deepEqual([torn.text, torn.calls, torn.invalid], [whole.text, whole.calls, whole.invalid]);
      }
      if (whole.calls.length === 0) {
        // Every character is either shown or part of a block that is reported whole.
        assert.equal(whole.text.length + whole.invalid.join('').length, output.length);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('of text that opens no JSON fence never more than an opening is held', () => {
  const harmless = fc.oneof(lines.map(shown), fenced, nested, quoted);
  fc.assert(
    fc.property(fc.array(harmless, { maxLength: 8 }), (segments) => {
      const output = segments.map((one) => one.written).join('');
      assert.ok(parseOutput([...output]).longestHeld <= 40);
    }),
  );
});
