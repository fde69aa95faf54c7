import * as z from 'zod';
import { type ErrorKind, ProxyError } from '../core/errors.ts';
import type { TurnEvent } from '../core/events.ts';
import { type Phrase, phrase } from '../core/localizer.ts';
import type { Turn } from '../core/turn.ts';
import type { ToldFailure } from './tell-failure.ts';

const text = z.string();
const textPart = z.object({ type: z.literal('text'), text });
const image = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('base64'), mediaType: text, data: text }),
    z.object({ kind: z.literal('url'), url: text }),
    z.object({ kind: z.literal('uploaded'), url: text }),
  ]),
});
const toolResult = z.object({
  type: z.literal('tool-result'),
  callId: text,
  content: z.array(z.discriminatedUnion('type', [textPart, image])),
  isError: z.boolean().exactOptional(),
});
const reasoning = z.object({
  type: z.literal('reasoning'),
  text,
  signature: text.exactOptional(),
});
const toolCall = z.object({
  type: z.literal('tool-call'),
  id: text,
  name: text,
  namespace: text.exactOptional(),
  input: text,
});
const message = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    content: z.array(z.discriminatedUnion('type', [textPart, image, toolResult])),
  }),
  z.object({
    role: z.literal('assistant'),
    content: z.array(z.discriminatedUnion('type', [textPart, reasoning, toolCall])),
  }),
  z.object({ role: z.literal('system'), content: z.array(textPart) }),
]);
const jsonSchema = z.record(text, z.unknown());
const tool = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('function'),
    namespace: text.exactOptional(),
    name: text,
    description: text,
    inputSchema: jsonSchema,
    strict: z.boolean().exactOptional(),
  }),
  z.object({
    kind: z.literal('custom'),
    namespace: text.exactOptional(),
    name: text,
    description: text,
    format: z.object({ syntax: text, definition: text }).exactOptional(),
  }),
]);
const number = z.number().exactOptional();

/** A turn that one process hands to another. */
export const turnSchema: z.ZodType<Turn> = z.object({
  model: text,
  system: z.array(text),
  messages: z.array(message),
  tools: z.array(tool),
  toolChoice: z.discriminatedUnion('type', [
    z.object({ type: z.enum(['auto', 'none', 'required']) }),
    z.object({ type: z.literal('tool'), name: text, namespace: text.exactOptional() }),
  ]),
  parallelToolCalls: z.boolean().exactOptional(),
  sampling: z.object({
    temperature: number,
    topP: number,
    topK: number,
    maxOutputTokens: number,
    seed: number,
    presencePenalty: number,
    frequencyPenalty: number,
    stop: z.array(text).exactOptional(),
  }),
  reasoning: z.object({ effort: text.exactOptional(), budgetTokens: number }).exactOptional(),
  responseFormat: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('json-object') }),
      z.object({
        type: z.literal('json-schema'),
        name: text.exactOptional(),
        schema: jsonSchema,
        strict: z.boolean().exactOptional(),
      }),
    ])
    .exactOptional(),
  delivery: z.enum(['incremental', 'whole']),
  metadata: z.object({ sessionId: text.exactOptional(), userId: text.exactOptional() }),
});

const callId = { id: text };
const turnEvent: z.ZodType<TurnEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('turn-start'), model: text, inputTokens: z.number() }),
  z.object({ type: z.literal('keep-alive') }),
  z.object({ type: z.literal('reasoning-delta'), text, signature: text.exactOptional() }),
  z.object({ type: z.literal('text-delta'), text }),
  z.object({
    type: z.literal('tool-call-start'),
    ...callId,
    name: text,
    namespace: text.exactOptional(),
  }),
  z.object({ type: z.literal('tool-call-delta'), ...callId, input: text }),
  z.object({ type: z.literal('tool-call-end'), ...callId }),
  z.object({
    type: z.literal('turn-end'),
    reason: z.enum(['stop', 'length', 'tool-calls', 'content-filter']),
    stopSequence: text.exactOptional(),
    usage: z.object({
      source: z.enum(['upstream', 'estimate']),
      inputTokens: z.number(),
      outputTokens: z.number(),
      cachedInputTokens: number,
      reasoningTokens: number,
    }),
  }),
]);

const errorKinds = {
  'invalid-request': 'invalid-request',
  'unsupported-feature': 'unsupported-feature',
  'context-length-exceeded': 'context-length-exceeded',
  'api-key-required': 'api-key-required',
  forbidden: 'forbidden',
  'login-required': 'login-required',
  'permission-denied': 'permission-denied',
  misconfigured: 'misconfigured',
  'model-not-found': 'model-not-found',
  'not-found': 'not-found',
  'method-not-allowed': 'method-not-allowed',
  'request-too-large': 'request-too-large',
  'unsupported-media-type': 'unsupported-media-type',
  'upgrade-required': 'upgrade-required',
  'rate-limited': 'rate-limited',
  overloaded: 'overloaded',
  'runtime-unavailable': 'runtime-unavailable',
  'upstream-unavailable': 'upstream-unavailable',
  'upstream-protocol': 'upstream-protocol',
  timeout: 'timeout',
  cancelled: 'cancelled',
  internal: 'internal',
} as const satisfies { readonly [Kind in ErrorKind]: Kind };

const phraseSchema: z.ZodType<Phrase> = z.object({
  message: text,
  values: z.array(
    z.union([text, z.number(), z.lazy(() => phraseSchema), z.lazy(() => z.array(phraseSchema))]),
  ),
});

/** A failure on its way between two processes. A kind that is not known here is `internal`. */
export const failureSchema = z.object({
  kind: z.enum(errorKinds).catch('internal'),
  message: text,
  phrases: z.array(phraseSchema).readonly().exactOptional(),
  retryAfterSeconds: number,
});

/** One step of a turn that another process runs: an event, or the failure that ends it. */
export const turnStepSchema = z.union([z.object({ event: turnEvent }), z.object({ failure: failureSchema })]);

export type TurnStep = { readonly event: TurnEvent } | { readonly failure: ToldFailure };

/** The error of which another process told. */
export function fromFailure(failure: unknown): ProxyError {
  const parsed = failureSchema.safeParse(failure);
  if (!parsed.success) return new ProxyError('internal', phrase('The proxy failed and did not say why.'));
  const { kind, message, phrases, retryAfterSeconds } = parsed.data;
  return new ProxyError(
    kind,
    phrases ?? message,
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
  );
}
