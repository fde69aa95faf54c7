import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { characters, parseOutput } from './parsed-output.ts';

const read = { name: 'Read', input: { file_path: 'a.txt' } };
const ls = { name: 'Bash', input: { command: 'ls' } };

interface Case {
  readonly title: string;
  readonly output: string;
  readonly text?: string;
  readonly calls?: readonly object[];
  readonly invalid?: readonly string[];
}

const fence = '```';
const action = (json: string) => `${fence}json action\n${json}\n${fence}\n`;
const readJson = '{"tool": "Read", "parameters": {"file_path": "a.txt"}}';

const calls: readonly Case[] = [
  { title: 'the form of the contract', output: `Hi\n\n${action(readJson)}`, text: 'Hi\n\n', calls: [read] },
  {
    title: 'no arguments',
    output: action('{"tool": "Now", "parameters": {}}'),
    calls: [{ name: 'Now', input: {} }],
  },
  {
    title: 'name and arguments',
    output: action('{"name":"Bash","arguments":{"command":"ls"}}'),
    calls: [ls],
  },
  { title: 'input', output: action('{"tool":"Bash","input":{"command":"ls"}}'), calls: [ls] },
  { title: 'args', output: action('{"tool":"Bash","args":{"command":"ls"}}'), calls: [ls] },
  {
    title: 'params before the name',
    output: action('{"params":{"command":"ls"},"tool":"Bash"}'),
    calls: [ls],
  },
  { title: 'arguments at the top', output: action('{"tool":"Bash","command":"ls"}'), calls: [ls] },
  {
    title: 'arguments as JSON text',
    output: action('{"name":"Bash","arguments":"{\\"command\\":\\"ls\\"}"}'),
    calls: [ls],
  },
  {
    title: 'a nested function object',
    output: action('{"type":"function","function":{"name":"Bash","arguments":"{\\"command\\":\\"ls\\"}"}}'),
    calls: [ls],
  },
  {
    title: 'typographic quotes',
    output: action('{“tool”: “Bash”, “parameters”: {“command”: “ls”}}'),
    calls: [ls],
  },
  {
    title: 'trailing commas',
    output: action('{"tool":"Bash","parameters":{"command":"ls",},}'),
    calls: [ls],
  },
  {
    title: 'one line',
    output: `${fence}json action {"tool":"Bash","parameters":{"command":"ls"}} ${fence}`,
    calls: [ls],
  },
  { title: 'in mid-line', output: `Now: ${action(readJson)}`, text: 'Now: ', calls: [read] },
  { title: 'no closing fence', output: `${fence}json action\n${readJson}`, calls: [read] },
  {
    title: 'brackets missing before the fence',
    output: action('{"tool":"Bash","parameters":{"command":"ls"}'),
    calls: [ls],
  },
  {
    title: 'a list of calls',
    output: action(`[${readJson}, {"tool":"Bash","parameters":{"command":"ls"}}]`),
    calls: [read, ls],
  },
  {
    title: 'several objects in one block',
    output: action(`${readJson}\n{"tool":"Bash","command":"ls"}`),
    calls: [read, ls],
  },
  {
    title: 'two blocks',
    output: action(readJson) + action('{"tool":"Bash","command":"ls"}'),
    calls: [read, ls],
  },
  { title: 'a plain JSON fence', output: `${fence}json\n${readJson}\n${fence}\n`, calls: [read] },
  { title: 'a fence without a word', output: `${fence}\n${readJson}\n${fence}\n`, calls: [read] },
  { title: 'a tilde fence', output: `~~~json action\n${readJson}\n~~~\n`, calls: [read] },
  {
    title: 'a longer fence',
    output: `${fence}${fence}json action\n${readJson}\n${fence}${fence}\n`,
    calls: [read],
  },
  {
    title: 'inside a list item',
    output: `1. First\n   ${fence}json action\n   ${readJson}\n   ${fence}\n`,
    text: '1. First\n   ',
    calls: [read],
  },
  { title: 'behind a list marker', output: `- ${action(readJson)}`, text: '- ', calls: [read] },
  {
    title: 'Windows line breaks',
    output: `${fence}json action\r\n${readJson}\r\n${fence}\r\n`,
    calls: [read],
  },
  {
    title: 'the tag form',
    output: '<tool_call>\n{"name": "Bash", "arguments": {"command": "ls"}}\n</tool_call>\n',
    calls: [ls],
  },
  {
    title: 'the tag form in a line',
    output: 'Run <tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call>',
    text: 'Run ',
    calls: [ls],
  },
  {
    title: 'the function form',
    output: '<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>\n',
    calls: [ls],
  },
  {
    title: 'the function form in a tag',
    output: '<tool_call>\n<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>',
    calls: [ls],
  },
  {
    title: 'a function without its closing tag',
    output: '<tool_call><function=Bash><parameter=command>ls</parameter></tool_call>',
    calls: [ls],
  },
  {
    title: 'a value that looks like the form',
    output: '<function=Bash><parameter=command>\necho "</function>" <b>\n</parameter></function>',
    calls: [{ name: 'Bash', input: { command: 'echo "</function>" <b>' } }],
  },
  {
    title: 'values as text',
    output: '<function=Bash><parameter=command>5</parameter><parameter=timeout>50</parameter></function>',
    calls: [{ name: 'Bash', input: { command: '5', timeout: 50 } }],
  },
  {
    title: 'another name of the tool',
    output: action('{"tool":"run_shell_command","parameters":{"cmd":"ls"}}'),
    calls: [ls],
  },
  {
    title: 'another spelling of an argument',
    output: action('{"tool":"read_file","parameters":{"filePath":"a.txt"}}'),
    calls: [read],
  },
  {
    title: 'numbers as text',
    output: action('{"tool":"Read","parameters":{"offset":"5","file_path":"a.txt"}}'),
    calls: [{ name: 'Read', input: { offset: 5, file_path: 'a.txt' } }],
  },
  {
    title: 'a list as text and a scalar for a list',
    output: action('{"tool":"Plan","parameters":{"steps":"[{\\"a\\":1}]","tags":"x","done":"true"}}'),
    calls: [{ name: 'Plan', input: { steps: [{ a: 1 }], tags: ['x'], done: true } }],
  },
  {
    title: 'null for an argument left out',
    output: action('{"tool":"Read","parameters":{"file_path":"a.txt","offset":null}}'),
    calls: [read],
  },
  {
    title: 'backticks in a string',
    output: action('{"tool":"Bash","parameters":{"command":"echo ```\\n```json action\\n"}}'),
    calls: [{ name: 'Bash', input: { command: 'echo ```\n```json action\n' } }],
  },
  {
    title: 'raw line breaks and fences in a string',
    output: action(
      `{"tool":"Write","parameters":{"file_path":"a.md","content":"# A\n${fence}js\nx\n${fence}\n"}}`,
    ),
    calls: [{ name: 'Write', input: { file_path: 'a.md', content: `# A\n${fence}js\nx\n${fence}\n` } }],
  },
  {
    title: 'quotes that were not escaped',
    output: action('{"tool":"Bash","parameters":{"command":"echo "hi" there"}}'),
    calls: [{ name: 'Bash', input: { command: 'echo "hi" there' } }],
  },
  {
    title: 'stray backslashes',
    output: action('{"tool":"Bash","parameters":{"command":"grep \\d \\\'x\\\'"}}'),
    calls: [{ name: 'Bash', input: { command: "grep \\d 'x'" } }],
  },
  {
    title: 'escapes and characters beyond the basic plane',
    output: action('{"tool":"Bash","parameters":{"command":"\\u4f60\\ud83d\\ude00😀\\t"}}'),
    calls: [{ name: 'Bash', input: { command: '你😀😀\t' } }],
  },
];

const texts: readonly string[] = [
  'Plain text with `code`, ``more ` code`` and a < b > c.\n',
  `${fence}python\nprint("hi")\n${fence}\nafter\n`,
  `${fence}json\n{"name": "lingma", "version": "1.0.0"}\n${fence}\nafter\n`,
  `${fence}json\n{"tool": "hammer", "parameters": {}}\n${fence}\n`,
  `${fence}json\n{"tool": "Read", "parameters": {"offset": 1}}\n${fence}\nlacks what is required\n`,
  `${fence}json\n[1, 2, 3]\n${fence}\n${fence}json\n[]\n${fence}\n${fence}json\n{}\n${fence}\n`,
  `${fence}\n{ not json }\n${fence}\n`,
  `${fence}${fence}markdown\n${action(readJson)}${fence}${fence}\nafter\n`,
  `${fence}markdown\n${fence}json action\n${readJson}\n${fence}\nafter\n`,
  `~~~\n${action(readJson)}~~~\n`,
  `> ${fence}json action\n> ${readJson}\n> ${fence}\n\nquoted\n`,
  `    ${fence}js\n    x\n    ${fence}\n`,
  `- ${fence}yaml\n  a: 1\n  ${fence}\n- more\n`,
  `${fence}js code${fence} in a line\n`,
  `Use \`<tool_call>\` and <tool_call> or <function=Nope> or <function=Read> as you like.\n`,
  '`<tool_call>{"name":"Now","arguments":{}}</tool_call>` is the form.\n',
  `Write ${fence}json action and then JSON.\n`,
  `${fence}json action\nnothing of the kind\n${fence}\n`,
  `${fence}json act`,
  `${fence}jsonc\n{"a": 1}\n${fence}\n`,
  `Mid-line ${fence}python\n${fence}json action\n${readJson}\n${fence}\n`,
  '<tool_ca',
  '~/path and ~~gone~~\n',
  '\n\n  \n',
  `${'`'.repeat(50)}\n`,
];

describe('what counts as a call', () => {
  for (const { title, output, text = '', calls: expected = [] } of calls) {
    test(title, () => {
      const whole = parseOutput([output]);
      assert.deepEqual(whole.calls, expected);
      assert.deepEqual(whole.invalid, []);
      assert.equal(whole.text, text);
      const torn = parseOutput(characters(output));
      assert.deepEqual([torn.text, torn.calls, torn.invalid], [whole.text, whole.calls, whole.invalid]);
      for (let at = 1; at < output.length; at++) {
        const two = parseOutput([output.slice(0, at), output.slice(at)]);
        assert.deepEqual(
          [two.text, two.calls, two.invalid],
          [whole.text, whole.calls, whole.invalid],
          `torn at ${at}`,
        );
      }
    });
  }
});

describe('what stays text', () => {
  for (const output of texts) {
    test(JSON.stringify(output), () => {
      for (const pieces of [[output], characters(output)]) {
        const { text, calls: found, invalid } = parseOutput(pieces);
        assert.equal(text, output);
        assert.deepEqual(found, []);
        assert.deepEqual(invalid, []);
      }
    });
  }
});

describe('what is written as a call and is none', () => {
  const invalid: readonly { title: string; output: string; source?: string; text?: string }[] = [
    {
      title: 'a tool that does not exist',
      output: action('{"tool":"Nope","parameters":{}}'),
      source: action('{"tool":"Nope","parameters":{}}').trimEnd(),
      text: '\n',
    },
    {
      title: 'a required argument missing',
      output: action('{"tool":"Read","parameters":{}}'),
      source: action('{"tool":"Read","parameters":{}}').trimEnd(),
      text: '\n',
    },
    {
      title: 'broken JSON',
      output: `${action('{"tool": Read}')}after`,
      source: action('{"tool": Read}'),
      text: 'after',
    },
    { title: 'cut off', output: `${fence}json action\n{"tool":"Plan","parameters":{"steps":[1,` },
    { title: 'nothing but the opening', output: `${fence}json action\n` },
    { title: 'a tag with an unknown tool', output: '<tool_call>{"name":"Nope"}</tool_call>' },
  ];
  for (const { title, output, source = output, text = '' } of invalid) {
    test(`${title} is reported whole, with nothing shown`, () => {
      for (const pieces of [[output], characters(output)]) {
        const parsed = parseOutput(pieces);
        assert.deepEqual(parsed.calls, []);
        assert.deepEqual(parsed.invalid, [source]);
        assert.equal(parsed.text, text);
      }
    });
  }

  test('the valid calls of a block count, the invalid one is named alone', () => {
    const { calls: found, invalid: sources } = parseOutput([action(`[${readJson}, {"tool": "Nope"}]`)]);
    assert.deepEqual(found, [read]);
    assert.deepEqual(sources, [action('{"tool":"Nope"}')]);
  });

  test('a call that ends in the middle of its streamed argument is reported as cut', () => {
    const { events } = parseOutput([`${fence}json action\n{"tool":"Bash","parameters":{"command":"ls`]);
    assert.deepEqual(events.map(({ type }) => type).slice(-1), ['call-cut']);
  });
});

describe('streaming', () => {
  test('text goes out with the piece that brought it', () => {
    for (const piece of ['Hello', ' wor', 'ld.\n', '中文😀', '- item\n']) {
      assert.deepEqual(parseOutput([piece]).events, [{ type: 'text', text: piece }]);
    }
  });

  test('a long text argument goes out as it comes once all that is required is there', () => {
    const { events } = parseOutput([
      `${fence}json action\n{"tool": "Write", "parameters": {"file_path": "a", `,
      '"content": "one ',
      'two ',
      'three"}}\n',
      `${fence}\n`,
    ]);
    assert.deepEqual(events, [
      { type: 'call-start', name: 'Write' },
      { type: 'call-delta', input: '{"file_path":"a","content":"one ' },
      { type: 'call-delta', input: 'two ' },
      { type: 'call-delta', input: 'three"}' },
      { type: 'call-end' },
    ]);
  });

  test('a JSON fence is released with its first member that no call has', () => {
    const { events } = parseOutput([`${fence}json\n`, '{"version":', ' 1, "more": [']);
    assert.deepEqual(events, [
      { type: 'text', text: `${fence}json\n{"version":` },
      { type: 'text', text: ' 1, "more": [' },
    ]);
  });
});
