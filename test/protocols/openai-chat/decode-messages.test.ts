import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import { decodeMessages } from '../../../src/protocols/openai-chat/decode-messages.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });
const call = (id: string, name = 'read', input = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});

function refusal(...messages: unknown[]): { kind: string; param: string | undefined } {
  try {
    decodeMessages(messages);
  } catch (error) {
    assert.ok(error instanceof ProxyError);
    return { kind: error.kind, param: error.details.param };
  }
  assert.fail('the messages were accepted');
}

describe('instructions', () => {
  test('before the conversation are its system blocks, later ones stay in place', () => {
    assert.deepEqual(
      decodeMessages([
        { role: 'system', content: 'one' },
        { role: 'developer', content: [text('two'), text(' three\n')] },
        { role: 'system', content: '' },
        { role: 'user', content: 'hi' },
        { role: 'system', content: 'later' },
        { role: 'developer', content: [] },
        { role: 'user', content: 'go' },
      ]),
      {
        system: ['one', 'two', ' three\n'],
        messages: [
          { role: 'user', content: [text('hi')] },
          { role: 'system', content: [text('later')] },
          { role: 'user', content: [text('go')] },
        ],
        ignored: [],
      },
    );
  });

  test('hold text only', () => {
    assert.deepEqual(
      refusal({ role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://a/b' } }] }),
      { kind: 'unsupported-feature', param: 'messages[0].content[0].type' },
    );
  });
});

describe('user content', () => {
  test('keeps texts and images in order', () => {
    assert.deepEqual(
      decodeMessages([
        {
          role: 'user',
          content: [
            text('look:'),
            { type: 'image_url', image_url: { url: 'data:image/PNG;base64,iVBORw0=', detail: 'high' } },
            { type: 'image_url', image_url: 'https://example.org/a.png' },
            { type: 'image_url', image_url: { url: 'file:///tmp/a.png' } },
            { type: 'image_url', image_url: { url: 'C:\\a.png' } },
          ],
        },
      ]).messages,
      [
        {
          role: 'user',
          content: [
            text('look:'),
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0=' } },
            { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' } },
            { type: 'image', source: { kind: 'url', url: 'file:///tmp/a.png' } },
            { type: 'image', source: { kind: 'url', url: 'C:\\a.png' } },
          ],
        },
      ],
    );
  });

  test('of no parts is an empty text', () => {
    assert.deepEqual(decodeMessages([{ role: 'user', content: [] }]).messages, [
      { role: 'user', content: [text('')] },
    ]);
  });

  test('of a file with text is that text under the name of the file', () => {
    const data = Buffer.from('a,b\n1,ü\n').toString('base64');
    const file = (file: object) =>
      decodeMessages([{ role: 'user', content: [{ type: 'file', file }] }]).messages;
    assert.deepEqual(file({ filename: 'a.csv', file_data: `data:text/csv;charset=utf-8;base64,${data}` }), [
      { role: 'user', content: [text('a.csv:\n\na,b\n1,ü\n')] },
    ]);
    assert.deepEqual(file({ file_data: data }), [{ role: 'user', content: [text('a,b\n1,ü\n')] }]);
    assert.deepEqual(file({ file_data: 'data:image/gif;base64,R0lG' }), [
      {
        role: 'user',
        content: [{ type: 'image', source: { kind: 'base64', mediaType: 'image/gif', data: 'R0lG' } }],
      },
    ]);
  });

  const refused: [string, unknown, string, string][] = [
    ['null', null, 'invalid-request', 'messages[0].content'],
    ['nothing', undefined, 'invalid-request', 'messages[0].content'],
    ['a number', 4, 'invalid-request', 'messages[0].content'],
    ['a text part without text', [{ type: 'text' }], 'invalid-request', 'messages[0].content[0].text'],
    ['a part without type', [{ text: 'x' }], 'invalid-request', 'messages[0].content[0].type'],
    ['an unknown part', [{ type: 'video_url' }], 'unsupported-feature', 'messages[0].content[0].type'],
    [
      'audio',
      [{ type: 'input_audio', input_audio: { data: 'x', format: 'wav' } }],
      'unsupported-feature',
      'messages[0].content[0].type',
    ],
    ['an image without URL', [{ type: 'image_url' }], 'invalid-request', 'messages[0].content[0].image_url'],
    [
      'a relative image path',
      [{ type: 'image_url', image_url: { url: 'a.png' } }],
      'invalid-request',
      'messages[0].content[0].image_url',
    ],
    [
      'a data URL without base64',
      [{ type: 'image_url', image_url: { url: 'data:image/svg+xml,<svg/>' } }],
      'invalid-request',
      'messages[0].content[0].image_url',
    ],
    [
      'a PDF in the place of an image',
      [{ type: 'image_url', image_url: { url: 'data:application/pdf;base64,JVBERg==' } }],
      'invalid-request',
      'messages[0].content[0].image_url',
    ],
    [
      'a PDF',
      [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQ=' } }],
      'unsupported-feature',
      'messages[0].content[0].file.file_data',
    ],
    [
      'another binary file',
      [{ type: 'file', file: { file_data: Buffer.from([80, 75, 3, 4, 0]).toString('base64') } }],
      'unsupported-feature',
      'messages[0].content[0].file.file_data',
    ],
    [
      'a file that is not UTF-8',
      [{ type: 'file', file: { file_data: Buffer.from([0xff, 0xfe, 0x41]).toString('base64') } }],
      'unsupported-feature',
      'messages[0].content[0].file.file_data',
    ],
    [
      'an uploaded file',
      [{ type: 'file', file: { file_id: 'file-1' } }],
      'unsupported-feature',
      'messages[0].content[0].file.file_id',
    ],
    [
      'an empty file part',
      [{ type: 'file', file: {} }],
      'invalid-request',
      'messages[0].content[0].file.file_data',
    ],
  ];
  for (const [title, content, kind, param] of refused) {
    test(`${title} is refused`, () => {
      assert.deepEqual(refusal({ role: 'user', content }), { kind, param });
    });
  }
});

describe('assistant messages', () => {
  const decode = (message: object) =>
    decodeMessages([{ role: 'assistant', ...message }]).messages[0]?.content;

  test('hold thoughts, text and calls', () => {
    assert.deepEqual(
      decode({
        reasoning_content: 'hm',
        content: 'I read.',
        tool_calls: [
          call('call_1', 'read', '{"p": 1}'),
          { id: 'c2', type: 'custom', custom: { name: 'patch', input: '*** Begin' } },
        ],
      }),
      [
        { type: 'reasoning', text: 'hm' },
        text('I read.'),
        { type: 'tool-call', id: 'call_1', name: 'read', input: '{"p": 1}' },
        { type: 'tool-call', id: 'c2', name: 'patch', input: '*** Begin' },
      ],
    );
  });

  test('may have null, no or empty content beside calls', () => {
    const expected = [{ type: 'tool-call', id: 'a', name: 'read', input: '{}' }];
    for (const content of [null, undefined, '', []]) {
      assert.deepEqual(decode({ content, tool_calls: [call('a', 'read', '')] }), expected);
    }
  });

  test('with null content and nothing else are refused', () => {
    for (const message of [{ content: null }, {}, { content: null, tool_calls: [] }]) {
      assert.deepEqual(refusal({ role: 'assistant', ...message }), {
        kind: 'invalid-request',
        param: 'messages[0].content',
      });
    }
  });

  test('that say nothing stay in place as an empty text', () => {
    assert.deepEqual(decode({ content: '' }), [text('')]);
    assert.deepEqual(decode({ content: [] }), [text('')]);
  });

  test('keep refusals as words', () => {
    assert.deepEqual(decode({ content: null, refusal: 'No.' }), [text('No.')]);
    assert.deepEqual(decode({ content: [text('a'), { type: 'refusal', refusal: 'No.' }] }), [
      text('a'),
      text('No.'),
    ]);
  });

  test('accept thoughts under other names', () => {
    assert.deepEqual(decode({ content: 'a', reasoning: 'hm' }), [
      { type: 'reasoning', text: 'hm' },
      text('a'),
    ]);
    assert.deepEqual(decode({ content: [{ type: 'thinking', thinking: 'hm' }, text('a')] }), [
      { type: 'reasoning', text: 'hm' },
      text('a'),
    ]);
    assert.deepEqual(decode({ content: 'a', reasoning: { unknown: 'shape' } }), [text('a')]);
  });

  test('with a broken call are refused', () => {
    assert.deepEqual(refusal({ role: 'assistant', tool_calls: [{ id: 'a', type: 'function' }] }), {
      kind: 'invalid-request',
      param: 'messages[0].tool_calls[0].function',
    });
    assert.deepEqual(
      refusal({ role: 'assistant', tool_calls: [{ type: 'function', function: { name: 'x' } }] }),
      { kind: 'invalid-request', param: 'messages[0].tool_calls[0].id' },
    );
  });
});

describe('tool messages', () => {
  test('that follow each other are one user message of results', () => {
    assert.deepEqual(
      decodeMessages([
        { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] },
        { role: 'tool', tool_call_id: 'a', content: ' out\n' },
        { role: 'tool', tool_call_id: 'b', content: [text('x'), text('y')] },
        { role: 'user', content: 'and?' },
        { role: 'assistant', content: null, tool_calls: [call('c')] },
        {
          role: 'tool',
          tool_call_id: 'c',
          content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }],
        },
      ]).messages.filter((message) => message.role === 'user'),
      [
        {
          role: 'user',
          content: [
            { type: 'tool-result', callId: 'a', content: [text(' out\n')] },
            { type: 'tool-result', callId: 'b', content: [text('x'), text('y')] },
          ],
        },
        { role: 'user', content: [text('and?')] },
        {
          role: 'user',
          content: [
            {
              type: 'tool-result',
              callId: 'c',
              content: [{ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' } }],
            },
          ],
        },
      ],
    );
  });

  test('may return nothing', () => {
    assert.deepEqual(decodeMessages([{ role: 'tool', tool_call_id: 'a', content: [] }]).messages, [
      { role: 'user', content: [{ type: 'tool-result', callId: 'a', content: [] }] },
    ]);
  });

  test('need the id of their call, and content', () => {
    assert.deepEqual(refusal({ role: 'tool', content: 'x' }), {
      kind: 'invalid-request',
      param: 'messages[0].tool_call_id',
    });
    assert.deepEqual(refusal({ role: 'tool', tool_call_id: 'a', content: null }), {
      kind: 'invalid-request',
      param: 'messages[0].content',
    });
  });
});

describe('legacy functions', () => {
  test('are paired by name', () => {
    assert.deepEqual(
      decodeMessages([
        { role: 'user', content: 'go' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
        { role: 'function', name: 'f', content: 'one' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
        { role: 'function', name: 'f', content: null },
      ]).messages.slice(1),
      [
        { role: 'assistant', content: [{ type: 'tool-call', id: 'call_1', name: 'f', input: '{"a":1}' }] },
        { role: 'user', content: [{ type: 'tool-result', callId: 'call_1', content: [text('one')] }] },
        { role: 'assistant', content: [{ type: 'tool-call', id: 'call_3', name: 'f', input: '{}' }] },
        { role: 'user', content: [{ type: 'tool-result', callId: 'call_3', content: [text('')] }] },
      ],
    );
  });

  test('a result without a call is refused', () => {
    assert.deepEqual(refusal({ role: 'function', name: 'f', content: 'x' }), {
      kind: 'invalid-request',
      param: 'messages[0].name',
    });
  });
});

test('an unknown role is refused by its place', () => {
  assert.deepEqual(refusal({ role: 'user', content: 'a' }, { role: 'critic', content: 'b' }), {
    kind: 'invalid-request',
    param: 'messages[1].role',
  });
  assert.deepEqual(refusal('text'), { kind: 'invalid-request', param: 'messages[0]' });
});

test('names of speakers have no effect and are reported once', () => {
  const { ignored } = decodeMessages([
    { role: 'user', name: 'ann', content: 'a' },
    { role: 'user', name: 'bob', content: 'b' },
  ]);
  assert.deepEqual(ignored, ['messages[].name']);
});
