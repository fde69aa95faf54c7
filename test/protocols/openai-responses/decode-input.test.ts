import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decode, decodeTurn } from './dialect-under-test.ts';

const messages = (...input: unknown[]) => decodeTurn(input).messages;
const text = (value: string) => ({ type: 'text', text: value });
const pixel = 'data:image/png;base64,iVBORw0KGgo=';
const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } };

describe('messages', () => {
  it('are read from strings and parts, with and without a type', () => {
    assert.deepEqual(
      messages(
        { role: 'user', content: 'a' },
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: ' b ' },
            { type: 'input_image', image_url: pixel, detail: 'auto' },
          ],
        },
        {
          type: 'message',
          role: 'assistant',
          content: [
            { type: 'output_text', text: 'c' },
            { type: 'refusal', refusal: 'd' },
          ],
        },
      ),
      [
        { role: 'user', content: [text('a')] },
        { role: 'user', content: [text(' b '), image] },
        { role: 'assistant', content: [text('c'), text('d')] },
      ],
    );
  });

  it('of a developer or system are the turn’s instructions only before the conversation', () => {
    const turn = decodeTurn(
      [
        {
          role: 'developer',
          content: [
            { type: 'input_text', text: 'b' },
            { type: 'input_text', text: 'c' },
          ],
        },
        { role: 'system', content: 'd' },
        { role: 'user', content: 'e' },
        { role: 'developer', content: 'f' },
      ],
      { instructions: 'a' },
    );
    assert.deepEqual(turn.system, ['a', 'b', 'c', 'd']);
    assert.deepEqual(turn.messages, [
      { role: 'user', content: [text('e')] },
      { role: 'system', content: [text('f')] },
    ]);
  });

  it('keep images by URL and path', () => {
    for (const url of ['https://x/y.png', 'file:///a.png', '/tmp/a.png', 'C:\\a.png']) {
      assert.deepEqual(messages({ role: 'user', content: [{ type: 'input_image', image_url: url }] }), [
        { role: 'user', content: [{ type: 'image', source: { kind: 'url', url } }] },
      ]);
    }
  });

  it('read text files and image files, and refuse other content that is not readable', () => {
    const file = (part: object) =>
      messages({ role: 'user', content: [{ type: 'input_file', ...part }] })[0]?.content;
    const base64 = Buffer.from('héllo').toString('base64');
    assert.deepEqual(
      file({ filename: 'a.txt', file_data: `data:text/plain;charset=utf-8;base64,${base64}` }),
      [text('a.txt:\nhéllo')],
    );
    assert.deepEqual(file({ file_data: base64 }), [text('héllo')]);
    assert.deepEqual(file({ file_data: pixel }), [image]);
    const pdf = Buffer.from('%PDF-1.7').toString('base64');
    const refused: [object, string, string][] = [
      [
        { type: 'input_file', file_data: `data:application/pdf;base64,${pdf}` },
        'unsupported-feature',
        '.file_data',
      ],
      [{ type: 'input_file', file_id: 'file_1' }, 'unsupported-feature', '.file_id'],
      [{ type: 'input_file', file_url: 'https://x' }, 'unsupported-feature', '.file_url'],
      [{ type: 'input_file' }, 'invalid-request', '.file_data'],
      [{ type: 'input_image', file_id: 'file_1' }, 'unsupported-feature', '.file_id'],
      [{ type: 'input_image' }, 'invalid-request', '.image_url'],
      [{ type: 'input_image', image_url: 'ftp://x' }, 'invalid-request', '.image_url'],
      [{ type: 'input_image', image_url: 'data:text/plain;base64,YQ==' }, 'invalid-request', '.image_url'],
      [{ type: 'input_image', image_url: 'data:image/png,raw' }, 'invalid-request', '.image_url'],
      [{ type: 'input_audio', input_audio: {} }, 'unsupported-feature', ''],
    ];
    for (const [part, kind, field] of refused) {
      assert.throws(() => messages({ role: 'user', content: [part] }), {
        kind,
        details: { param: `input[0].content[0]${field}` },
      });
    }
  });
});

describe('calls and results', () => {
  it('merge with the text and thoughts around them into one message each', () => {
    assert.deepEqual(
      messages(
        { role: 'user', content: 'go' },
        {
          type: 'reasoning',
          id: 'rs1',
          summary: [
            { type: 'summary_text', text: 'x' },
            { type: 'summary_text', text: 'y' },
          ],
        },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I run.' }] },
        { type: 'function_call', call_id: 'c1', name: 'run', arguments: '{"a": 1}' },
        { type: 'custom_tool_call', call_id: 'c2', name: 'patch', input: '*** x' },
        { type: 'function_call', id: 'fc9', call_id: 'c3', name: 'read', namespace: 'fs', arguments: '' },
        { type: 'function_call_output', call_id: 'c1', output: 'done' },
        { type: 'custom_tool_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'ok' }] },
        {
          type: 'function_call_output',
          call_id: 'c3',
          output: [
            { type: 'input_text', text: 'see' },
            { type: 'input_image', image_url: pixel },
          ],
        },
        { role: 'user', content: 'next' },
      ),
      [
        { role: 'user', content: [text('go')] },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'x\n\ny' },
            text('I run.'),
            { type: 'tool-call', id: 'c1', name: 'run', input: '{"a": 1}' },
            { type: 'tool-call', id: 'c2', name: 'patch', input: '*** x' },
            { type: 'tool-call', id: 'c3', name: 'read', namespace: 'fs', input: '' },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool-result', callId: 'c1', content: [text('done')] },
            { type: 'tool-result', callId: 'c2', content: [text('ok')] },
            { type: 'tool-result', callId: 'c3', content: [text('see'), image] },
          ],
        },
        { role: 'user', content: [text('next')] },
      ],
    );
  });

  it('of tools that the client runs become function calls and their results', () => {
    assert.deepEqual(
      messages(
        {
          type: 'local_shell_call',
          id: 'x',
          call_id: 'c1',
          status: 'completed',
          action: { type: 'exec', command: ['ls'], env: {} },
        },
        { type: 'local_shell_call_output', id: 'c1', output: 'a.txt' },
        { type: 'shell_call', call_id: 'c2', action: { commands: ['ls'] } },
        {
          type: 'shell_call_output',
          call_id: 'c2',
          output: [{ stdout: 'a', stderr: '', outcome: { type: 'exit', exit_code: 0 } }],
        },
        {
          type: 'apply_patch_call',
          call_id: 'c3',
          status: 'completed',
          operation: { type: 'delete_file', path: 'a' },
        },
        { type: 'apply_patch_call_output', call_id: 'c3', status: 'failed', output: 'no such file' },
        {
          type: 'computer_call',
          call_id: 'c4',
          id: 'y',
          status: 'completed',
          action: { type: 'screenshot' },
          pending_safety_checks: [],
        },
        {
          type: 'computer_call_output',
          call_id: 'c4',
          output: { type: 'computer_screenshot', image_url: pixel },
        },
      ),
      [
        {
          role: 'assistant',
          content: [
            {
              type: 'tool-call',
              id: 'c1',
              name: 'local_shell',
              input: '{"command":["ls"],"env":{}}',
            },
          ],
        },
        { role: 'user', content: [{ type: 'tool-result', callId: 'c1', content: [text('a.txt')] }] },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c2', name: 'shell', input: '{"commands":["ls"]}' }],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool-result',
              callId: 'c2',
              content: [text('[{"stdout":"a","stderr":"","outcome":{"type":"exit","exit_code":0}}]')],
            },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', id: 'c3', name: 'apply_patch', input: '{"type":"delete_file","path":"a"}' },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'tool-result', callId: 'c3', content: [text('no such file')], isError: true }],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c4', name: 'computer', input: '{"type":"screenshot"}' }],
        },
        { role: 'user', content: [{ type: 'tool-result', callId: 'c4', content: [image] }] },
      ],
    );
  });

  it('that a service ran keep their outcome as a call with its result', () => {
    const { turn, ignored } = decode({
      input: [
        { type: 'mcp_call', id: 'm1', server_label: 'git', name: 'log', arguments: '{}', output: 'c0ffee' },
        {
          type: 'code_interpreter_call',
          id: 'i1',
          code: '1+1',
          container_id: 'x',
          status: 'completed',
          outputs: [{ type: 'logs', logs: '2' }],
        },
        {
          type: 'file_search_call',
          id: 'f1',
          status: 'completed',
          queries: ['q'],
          results: [{ filename: 'a.md', text: 'hit' }],
        },
      ],
    });
    assert.deepEqual(ignored, []);
    assert.deepEqual(turn.messages, [
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'm1', name: 'log', namespace: 'git', input: '{}' }],
      },
      { role: 'user', content: [{ type: 'tool-result', callId: 'm1', content: [text('c0ffee')] }] },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'i1', name: 'code_interpreter', input: '{"code":"1+1"}' }],
      },
      { role: 'user', content: [{ type: 'tool-result', callId: 'i1', content: [text('2')] }] },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'f1', name: 'file_search', input: '{"queries":["q"]}' }],
      },
      { role: 'user', content: [{ type: 'tool-result', callId: 'f1', content: [text('a.md:\nhit')] }] },
    ]);
  });

  it('take an output that belongs to no call as what the user says', () => {
    assert.deepEqual(messages({ type: 'function_call_output', name: 'watch', output: 'changed' }), [
      { role: 'user', content: [text('changed')] },
    ]);
  });
});

describe('tools that are named in the input', () => {
  it('are declared by an additional_tools item, as Codex does in its lite mode', () => {
    const turn = decodeTurn([
      {
        type: 'additional_tools',
        role: 'developer',
        tools: [
          {
            type: 'namespace',
            name: 'functions',
            description: '',
            tools: [{ type: 'function', name: 'exec' }],
          },
        ],
      },
      { role: 'user', content: 'hi' },
    ]);
    assert.deepEqual(turn.tools, [
      {
        kind: 'function',
        namespace: 'functions',
        name: 'exec',
        description: '',
        inputSchema: { type: 'object', properties: {} },
      },
    ]);
    assert.deepEqual(turn.messages, [{ role: 'user', content: [text('hi')] }]);
  });

  it('can be called once a search found them, each declared once', () => {
    const found = {
      type: 'function',
      name: 'add_event',
      description: 'Add',
      parameters: { type: 'object' },
      defer_loading: true,
    };
    const turn = decodeTurn(
      [
        { type: 'tool_search_call', call_id: 's1', execution: 'client', arguments: { query: 'calendar' } },
        {
          type: 'tool_search_output',
          call_id: 's1',
          execution: 'client',
          status: 'completed',
          tools: [found],
        },
        {
          type: 'tool_search_output',
          call_id: null,
          execution: 'server',
          status: 'completed',
          tools: [found],
        },
      ],
      { tools: [{ type: 'tool_search', execution: 'client' }] },
    );
    assert.deepEqual(
      turn.tools.map(({ name }) => name),
      ['tool_search', 'add_event'],
    );
    assert.deepEqual(turn.messages, [
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 's1', name: 'tool_search', input: '{"query":"calendar"}' }],
      },
      {
        role: 'user',
        content: [{ type: 'tool-result', callId: 's1', content: [text('{"tools":["add_event"]}')] }],
      },
    ]);
  });
});

describe('other items', () => {
  it('keep their text and are named as ignored', () => {
    const { turn, ignored } = decode({
      input: [
        { role: 'user', content: 'hi' },
        { type: 'hologram', role: 'assistant', content: [{ type: 'beam', text: 'A' }, 5] },
        { type: 'agent_message', author: 'a', recipient: 'b', content: [{ type: 'input_text', text: 'B' }] },
        { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
        { type: 'compaction', encrypted_content: 'gibberish' },
        { role: 'user', content: [{ type: 'encrypted_content', encrypted_content: 'x' }] },
      ],
    });
    assert.deepEqual(turn.messages, [
      { role: 'user', content: [text('hi')] },
      { role: 'assistant', content: [text('A')] },
      { role: 'user', content: [text('B')] },
    ]);
    assert.deepEqual(ignored, [
      'input[1] (hologram)',
      'input[2] (agent_message)',
      'input[3] (web_search_call)',
      'input[4] (compaction)',
      'input[5].content[0] (encrypted_content)',
    ]);
  });

  it('change the settings in force', () => {
    const turn = decodeTurn(
      [
        { role: 'user', content: 'hi' },
        { type: 'configuration_update', reasoning: { effort: 'low' } },
        {
          type: 'configuration_update',
          reasoning: { effort: 'xhigh' },
          text: { format: { type: 'json_schema', name: 'n', schema: {} } },
        },
      ],
      { reasoning: { effort: 'medium' } },
    );
    assert.deepEqual(turn.reasoning, { effort: 'xhigh' });
    assert.deepEqual(turn.responseFormat, { type: 'json-schema', name: 'n', schema: {} });
  });

  it('accept foreign encrypted thoughts without reading them', () => {
    assert.deepEqual(
      messages(
        { type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'gAAAAAB' },
        {
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: 's' }],
          content: [{ type: 'reasoning_text', text: 'raw' }],
        },
      ),
      [
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: '' },
            { type: 'reasoning', text: 'raw' },
          ],
        },
      ],
    );
  });
});
