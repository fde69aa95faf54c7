import type { RunContext } from '../../../src/core/backend.ts';
import type { Login } from '../../../src/core/login.ts';
import { noTrace, type Trace, type TraceNote, type WireRequest } from '../../../src/core/trace.ts';
import type { Turn } from '../../../src/core/turn.ts';
import { wireTextOf } from '../../../src/core/wire-text.ts';

export const login: Login = {
  cosyKey: 'the-cosy-key',
  encryptUserInfo: 'aW5mbw==',
  userId: 'user-1',
  machineId: 'machine-0123456789abcdef',
  source: '/home/me/.lingma/cache/user',
};

export function turnWith(change: Partial<Turn> = {}): Turn {
  return {
    model: 'kmodel',
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'incremental',
    metadata: {},
    ...change,
  };
}

export interface RecordedTrace extends Trace {
  readonly notes: TraceNote[];
  readonly requests: WireRequest[];
  readonly statuses: number[];
  readonly data: string[];
}

export function recordedTrace(): RecordedTrace {
  const notes: TraceNote[] = [];
  const requests: WireRequest[] = [];
  const statuses: number[] = [];
  const data: string[] = [];
  return {
    notes,
    requests,
    statuses,
    data,
    note: (note) => notes.push(note),
    upstreamRequest: (request) => requests.push(request),
    upstreamResponse: (status) => statuses.push(status),
    upstreamData: (piece) => data.push(wireTextOf(piece)),
  };
}

export function contextWith(change: Partial<RunContext> = {}): RunContext {
  return { signal: new AbortController().signal, trace: noTrace, ...change };
}

/** An SSE event with an envelope around `inner`. */
export function envelope(inner: unknown): string {
  const body = typeof inner === 'string' ? inner : JSON.stringify(inner);
  return sse({ headers: {}, body, statusCode: 'OK', statusCodeValue: 200 });
}

export function sse(value: unknown): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
}

export function chunk(delta: object, finishReason: string | null = null): object {
  return { choices: [{ index: 0, delta, finish_reason: finishReason }] };
}

export const usageChunk = {
  choices: [],
  usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
};

export const upstreamUsage = { source: 'upstream', inputTokens: 12, outputTokens: 3 } as const;
