import type { RequestSummary } from '../../src/shared/requests.ts';

const clients = ['Claude Code', 'Codex CLI', 'OpenCode', 'Continue', 'curl'];
const models = ['claude-sonnet-4-5', 'gpt-5-codex', 'kmodel', 'dashscope_qwen3_coder'];
const apis = ['messages', 'openai-responses', 'openai-chat'];
const firstTime = Date.UTC(2026, 4, 4, 9, 0, 0);

/** The request that arrived as the `index`-th, from 0. The same index makes the same request. */
export function sampleRequest(index: number, change: Partial<RequestSummary> = {}): RequestSummary {
  const failed = index % 17 === 5;
  const modelAsked = models[index % models.length] ?? '';
  const client = index % clients.length;
  return {
    id: `req_${String(index).padStart(6, '0')}`,
    time: new Date(firstTime + index * 1_310).toISOString(),
    method: 'POST',
    path: '/v1/messages',
    statusCode: failed ? 502 : 200,
    durationMs: 400 + ((index * 7_919) % 30_000),
    firstTokenMs: 120 + ((index * 104_729) % 2_000),
    state: failed ? 'failed' : index % 29 === 7 ? 'cancelled' : 'done',
    client: clients[client] ?? '',
    api: apis[index % apis.length] ?? '',
    sessionId: `session-${client}-${Math.floor(index / 60)}`,
    modelAsked,
    modelUsed: modelAsked.startsWith('claude') ? 'Kimi-K2.6' : modelAsked,
    backend: index % 4 === 0 ? 'ipc' : 'remote',
    inputTokens: 900 + ((index * 31) % 120_000),
    outputTokens: 20 + ((index * 13) % 4_000),
    usageSource: index % 4 === 0 ? 'estimate' : 'upstream',
    toolCalls: index % 5,
    stream: true,
    requestSize: 4_000 + ((index * 997) % 400_000),
    responseSize: 800 + ((index * 389) % 40_000),
    ...(index % 23 === 3 ? { brokenRules: 2 } : { brokenRules: 0 }),
    ...(failed ? { error: { kind: 'upstream', message: 'The service answered 502: bad gateway.' } } : {}),
    ...change,
  };
}

/** `count` requests as the proxy lists them, newest first. */
export function sampleRequests(count: number): RequestSummary[] {
  return Array.from({ length: count }, (_, index) => sampleRequest(count - 1 - index));
}
