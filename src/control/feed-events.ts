import * as z from 'zod';
import { failureSchema } from './turn-json.ts';

/**
 * What windows and the owner of the port say to each other. Counts up when an older window could no longer understand a newer
 * owner, or the other way round; fields may come and go without.
 */
export const controlProtocol = 1;

export type OwnerKind = 'window' | 'detached';

/**
 * How an owner lets go of its port. `stopped`: a person stopped the proxy, for all windows. `restarting`: it, or another in its
 * place, is back in a moment. `closing`: it is gone, and whoever wants to may take over.
 */
export type Ending = 'stopped' | 'restarting' | 'closing';

const text = z.string();
const count = z.number();

const proxyState = z.object({
  status: z.enum(['ready', 'waiting']),
  problem: failureSchema.exactOptional(),
  version: text,
  backend: text,
  endpoint: text,
  endpointSource: text,
  loginSource: text.nullable(),
  loginExpiresAt: text.nullable(),
  modelCount: count.nullable(),
  uptimeSeconds: count,
  running: count,
  waiting: count,
});

const model = z.object({
  id: text,
  key: text,
  displayName: text,
  aliases: z.array(text).readonly(),
  scene: text,
  source: text.exactOptional(),
  contextWindow: count.exactOptional(),
  vision: z.boolean().exactOptional(),
  reasoning: z.boolean().exactOptional(),
  isDefault: z.boolean().exactOptional(),
});

const requestSummary = z.object({
  id: text,
  time: text,
  method: text,
  path: text,
  statusCode: count.exactOptional(),
  durationMs: count,
  firstTokenMs: count.exactOptional(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  client: text,
  api: text,
  keyName: text.exactOptional(),
  sessionId: text.exactOptional(),
  modelAsked: text.exactOptional(),
  modelUsed: text.exactOptional(),
  backend: text.exactOptional(),
  inputTokens: count.exactOptional(),
  outputTokens: count.exactOptional(),
  usageSource: z.enum(['upstream', 'estimate']).exactOptional(),
  toolCalls: count,
  waitedMs: count.exactOptional(),
  attempts: count.exactOptional(),
  stream: z.boolean(),
  requestSize: count.default(0),
  responseSize: count.default(0),
  brokenRules: count.exactOptional(),
  replayOf: text.exactOptional(),
  error: z.object({ kind: text, message: text }).exactOptional(),
});

const logLine = z.object({
  time: text,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: text,
});

export const modelListSchema = z.array(model).readonly();

const present = {
  state: proxyState,
  /** Null: not known yet. */
  models: modelListSchema.nullable(),
  /** By their names, without secrets. */
  settings: z.record(text, z.unknown()),
};

const newest = {
  /** The newest requests, newest first. */
  requests: z.array(requestSummary).readonly(),
  /** How many have begun and not ended. */
  running: count,
};

/** The first event: all there is to know. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  protocol: count,
  version: text,
  kind: z.enum(['window', 'detached']),
  ...present,
  ...newest,
});

/** What an attached window is told, one JSON text an event. */
export const feedEventSchema = z.discriminatedUnion('type', [
  helloSchema,
  z.object({ type: z.literal('present'), ...present }),
  /** Requests of an earlier run have been found: these take the place of those of the `hello`. */
  z.object({ type: z.literal('requests'), ...newest }),
  /** A request has begun or ended. */
  z.object({ type: z.literal('request'), request: requestSummary, running: count }),
  z.object({ type: z.literal('log'), line: logLine }),
  z.object({ type: z.literal('ending'), ending: z.enum(['stopped', 'restarting', 'closing']) }),
]);

export type FeedEvent = z.input<typeof feedEventSchema>;
export type HelloEvent = z.output<typeof helloSchema>;

/** The part of the first event that every version understands. */
export const helloHeadSchema = z.object({ type: z.literal('hello'), protocol: count, version: text });
