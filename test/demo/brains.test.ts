import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutText, type IpcRequest, type RemoteRequest, type ReplyPart } from '../../src/demo/brain.ts';
import type { ChatMessage } from '../../src/demo/chat-body-schema.ts';
import { defaultBrain } from '../../src/demo/default-brain.ts';
import { scriptedBrain } from '../../src/demo/scripted-brain.ts';

const extras = {
  response_meta: { id: '', usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
  reasoning_content_signature: '',
} as const;
const user = (content: string): ChatMessage => ({ role: 'user', content, ...extras });
const result = (id: string): ChatMessage => ({ role: 'tool', tool_call_id: id, content: 'ok', ...extras });
const call = (id: string): ChatMessage => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'Read', arguments: '{}' } }],
  ...extras,
});

const readTool = {
  type: 'function' as const,
  function: {
    name: 'Read',
    parameters: {
      type: 'object',
      required: ['path', 'limit'],
      properties: { path: { type: 'string' }, limit: { type: 'integer' }, more: { type: 'string' } },
    },
  },
};

function remote(messages: ChatMessage[], changes: Partial<RemoteRequest> = {}): RemoteRequest {
  return {
    backend: 'remote',
    model: 'kmodel',
    messages,
    tools: [readTool],
    toolChoice: undefined,
    reasoning: false,
    imageUrls: [],
    ...changes,
  };
}

function ipc(prompt: string, changes: Partial<IpcRequest> = {}): IpcRequest {
  return { backend: 'ipc', model: 'Kimi-K2.6', prompt, images: [], sessionId: 's', ...changes };
}

const script = {
  marker: 'TASK-17',
  steps: [
    { tool: 'Read', arguments: { path: 'a' }, text: 'Reading.' },
    { tool: 'Write', arguments: { path: 'b' } },
    { text: 'All done.' },
  ],
};
const first: ReplyPart[] = [{ text: 'Reading.' }, { toolCall: { name: 'Read', arguments: { path: 'a' } } }];
const second: ReplyPart[] = [{ toolCall: { name: 'Write', arguments: { path: 'b' } } }];
const third: ReplyPart[] = [{ text: 'All done.' }];

test('a script answers each model call with its next step, by the results in the history', async () => {
  const brain = scriptedBrain(script);
  const ask = async (...history: ChatMessage[]) => [
    ...(await brain(remote([user('Please do TASK-17'), ...history]))).parts,
  ];
  assert.deepEqual(await ask(), first);
  assert.deepEqual(await ask(), first);
  assert.deepEqual(await ask(call('1'), result('1')), second);
  assert.deepEqual(await ask(call('1'), result('1'), user('go on'), call('2'), result('2')), third);
});

test('a script is for conversations with the marker and with tools', async () => {
  const brain = scriptedBrain(script);
  const short = [{ text: 'Simulated Lingma' }];
  assert.deepEqual((await brain(remote([user('Title for TASK-17')], { tools: [] }))).parts, short);
  assert.deepEqual((await brain(remote([user('Something else')]))).parts, short);
  assert.deepEqual((await brain(ipc('Title for TASK-17'))).parts, short);
});

test('over IPC a script goes by the prompts served, and a prompt sent again gets its answer again', async () => {
  const brain = scriptedBrain(script);
  const ask = async (history: string) => [
    ...(await brain(ipc(`Write \`\`\`json action\nTASK-17\n${history}`))).parts,
  ];
  assert.deepEqual(await ask(''), first);
  assert.deepEqual(await ask('result 1'), second);
  assert.deepEqual(await ask('result 1'), second);
  assert.deepEqual(await ask('result 1, result 2'), third);
});

test('the default brain thinks only when asked, and where the model can', async () => {
  const thinks = async (request: RemoteRequest | IpcRequest) => {
    const { parts } = await defaultBrain(request);
    return [...parts].some((part) => 'thought' in part);
  };
  assert.equal(await thinks(remote([user('x')], { reasoning: true })), true);
  assert.equal(await thinks(remote([user('x')])), false);
  assert.equal(await thinks(ipc('Think step by step about x')), true);
  assert.equal(await thinks(ipc('Think step by step about x', { model: 'Qwen3-Coder' })), false);
});

test('the default brain calls a tool when a call is demanded, with all that the tool requires', async () => {
  for (const toolChoice of ['required', { type: 'function', function: { name: 'Read' } }]) {
    const { parts } = await defaultBrain(remote([user('x')], { toolChoice }));
    assert.deepEqual(
      [...parts],
      [{ toolCall: { name: 'Read', arguments: { path: '示例 example', limit: 1 } } }],
    );
  }
});

test('the default brain quotes the user’s last line', async () => {
  const { parts } = await defaultBrain(remote([user('First line\n最后一行\n')]));
  assert.match(JSON.stringify([...parts]), /“最后一行”/);
});

test('text is cut between characters only', () => {
  const text = 'a😀b😀😀c';
  for (let size = 1; size < 12; size++) {
    const pieces = [...cutText(text, size)];
    assert.equal(pieces.join(''), text);
    assert.ok(pieces.every((piece) => piece.isWellFormed()));
  }
});
