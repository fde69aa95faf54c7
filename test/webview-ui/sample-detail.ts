import type { Conversation, RequestDetail } from '../../src/shared/inspector-calls.ts';
import type { RequestSummary } from '../../src/shared/requests.ts';

const summary: RequestSummary = {
  id: 'req_1',
  time: '2026-11-22T10:00:00.000Z',
  method: 'POST',
  path: '/v1/messages?beta=true',
  statusCode: 200,
  durationMs: 4_200,
  firstTokenMs: 700,
  state: 'done',
  client: 'claude-cli 2.1.330',
  api: 'anthropic',
  modelAsked: 'claude-sonnet-4-5',
  modelUsed: 'kmodel',
  backend: 'remote',
  inputTokens: 12_000,
  outputTokens: 340,
  usageSource: 'upstream',
  toolCalls: 1,
  stream: true,
  requestSize: 48_000,
  responseSize: 9_000,
};

/** What is told of a request of Claude Code with one broken rule. */
export const sampleDetail: RequestDetail = {
  summary,
  requestHeaders: { 'user-agent': 'claude-cli/2.1.330', authorization: 'Bearer [redacted]' },
  responseHeaders: { 'content-type': 'text/event-stream' },
  exchanges: [
    {
      atMs: 12,
      method: 'POST',
      target: 'https://lingma.example/algo/api/v2/service/pro/sse/agent_chat_generation',
      statusCode: 200,
      requestHeaders: { 'cosy-key': '[redacted]' },
      responseHeaders: { 'content-type': 'text/event-stream' },
      requestSize: 51_000,
      responseSize: 12_000,
    },
  ],
  notes: [{ atMs: 1, type: 'model', text: 'claude-sonnet-4-5 is answered by kmodel (default)' }],
  timing: [
    { name: 'queue', fromMs: 0, toMs: 10 },
    { name: 'first-token', fromMs: 10, toMs: 700 },
    { name: 'stream', fromMs: 700, toMs: 4_200 },
  ],
  violations: [
    {
      side: 'response',
      severity: 'error',
      rule: 'messages/block-not-closed',
      text: 'Block 0 was never closed.',
      event: 3,
    },
  ],
};

/** Text, an image, a tool call with its result, reasoning, and markup that must do nothing. */
export const sampleConversation: Conversation = {
  system: ['You are a careful engineer.'],
  tools: [{ name: 'Read', description: 'Reads a file.', schema: '{"type":"object"}' }],
  messages: [
    {
      role: 'user',
      isAnswer: false,
      content: [
        { type: 'text', text: 'What is in **a.txt**? 请读取。' },
        { type: 'image', mediaType: 'image/png', bytes: 20_480, width: 640, height: 480 },
      ],
    },
    {
      role: 'assistant',
      isAnswer: false,
      content: [{ type: 'tool-call', id: 'call_1', name: 'Read', input: '{"file_path":"/w/a.txt"}' }],
    },
    {
      role: 'user',
      isAnswer: false,
      content: [
        { type: 'tool-result', callId: 'call_1', isError: false, content: [{ type: 'text', text: 'hello' }] },
      ],
    },
    {
      role: 'assistant',
      isAnswer: true,
      content: [
        { type: 'reasoning', text: 'The file says hello.' },
        {
          type: 'text',
          text: 'It says:\n\n```js\nhello()\n```\n\n<img src=x onerror=alert(1)> [site](https://example.com) [bad](javascript:alert(1))',
        },
      ],
    },
  ],
};
