import * as z from 'zod';
import type { TurnEvent } from '../core/events.ts';
import type { Violation } from '../shared/inspector-calls.ts';
import type { RequestSummary } from '../shared/requests.ts';
import type { AnswerEntry, RequestRecord, TimedNote } from './record.ts';

// A record as a file of an earlier run holds it. The file may be of another version, or no file of ours at all.

const text = z.string();
const number = z.number();
const headers = z.record(text, text);

/** What a list shows: read for each record at the start. */
export const summarySchema: z.ZodType<RequestSummary> = z.object({
  id: text.min(1).max(100),
  time: z.iso.datetime(),
  method: text,
  path: text,
  statusCode: number.exactOptional(),
  durationMs: number,
  firstTokenMs: number.exactOptional(),
  state: z.enum(['done', 'failed', 'cancelled']),
  client: text,
  api: text,
  keyName: text.exactOptional(),
  sessionId: text.exactOptional(),
  modelAsked: text.exactOptional(),
  modelUsed: text.exactOptional(),
  backend: text.exactOptional(),
  inputTokens: number.exactOptional(),
  outputTokens: number.exactOptional(),
  usageSource: z.enum(['upstream', 'estimate']).exactOptional(),
  toolCalls: number,
  waitedMs: number.exactOptional(),
  attempts: number.exactOptional(),
  stream: z.boolean(),
  requestSize: number,
  responseSize: number,
  brokenRules: number.exactOptional(),
  replayOf: text.exactOptional(),
  error: z.object({ kind: text, message: text }).exactOptional(),
});

const event: z.ZodType<TurnEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('turn-start'), model: text, inputTokens: number }),
  z.object({ type: z.literal('keep-alive') }),
  z.object({ type: z.literal('reasoning-delta'), text, signature: text.exactOptional() }),
  z.object({ type: z.literal('text-delta'), text }),
  z.object({ type: z.literal('tool-call-start'), id: text, name: text, namespace: text.exactOptional() }),
  z.object({ type: z.literal('tool-call-delta'), id: text, input: text }),
  z.object({ type: z.literal('tool-call-end'), id: text }),
  z.object({
    type: z.literal('turn-end'),
    reason: z.enum(['stop', 'length', 'tool-calls', 'content-filter']),
    stopSequence: text.exactOptional(),
    usage: z.object({
      source: z.enum(['upstream', 'estimate']),
      inputTokens: number,
      outputTokens: number,
      cachedInputTokens: number.exactOptional(),
      reasoningTokens: number.exactOptional(),
    }),
  }),
]);

const answerEntry: z.ZodType<AnswerEntry> = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['text-delta', 'reasoning-delta', 'tool-call-delta']),
    id: text.exactOptional(),
    text,
    pieces: z.array(number),
  }),
  z.object({ type: z.literal('event'), atMs: number, event }),
]);

const note: z.ZodType<TimedNote> = z.discriminatedUnion('type', [
  z.object({ atMs: number, type: z.literal('ignored'), fields: z.array(text) }),
  z.object({ atMs: number, type: z.literal('model'), asked: text, used: text, rule: text }),
  z.object({ atMs: number, type: z.literal('admitted'), waitedMs: number }),
  z.object({ atMs: number, type: z.literal('attempt'), backend: text, model: text, why: text }),
  z.object({ atMs: number, type: z.literal('oddity'), text }),
  z.object({ atMs: number, type: z.literal('remark'), text }),
]);

const exchange = z.object({
  atMs: number,
  method: text,
  target: text,
  headers,
  statusCode: number.exactOptional(),
  responseHeaders: headers.exactOptional(),
  requestSize: number,
  responseSize: number,
  request: text,
  requestOmitted: number,
  response: text,
  responseOmitted: number,
});

const violation: z.ZodType<Violation> = z.object({
  side: z.enum(['request', 'response']),
  severity: z.enum(['error', 'warning']),
  rule: text,
  text,
  event: number.exactOptional(),
});

/** What a record has besides its summary. */
export type RecordDetails = Omit<RequestRecord, keyof RequestSummary>;

const details = z.object({
  requestHeaders: headers,
  request: text,
  requestOmitted: number,
  responseHeaders: headers,
  response: text,
  responseOmitted: number,
  responseTimes: z.array(number),
  answer: z.array(answerEntry),
  answerDropped: number,
  upstream: z.array(exchange),
  notes: z.array(note),
  violations: z.array(violation).exactOptional(),
});

/** Read when somebody looks at the record. */
export const detailsSchema: z.ZodType<RecordDetails> = details;
const detailNames: ReadonlySet<string> = new Set(Object.keys(details.shape));

/** A record's two lines in a file: the summary is read at every start, the rest only when somebody looks. */
export function storedLines(record: RequestRecord): readonly [summary: string, details: string] {
  const entries = Object.entries(record);
  const isDetail = ([name]: readonly [string, unknown]) => detailNames.has(name);
  return [
    JSON.stringify(Object.fromEntries(entries.filter((entry) => !isDetail(entry)))),
    JSON.stringify(Object.fromEntries(entries.filter(isDetail))),
  ];
}
