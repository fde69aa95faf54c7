import * as z from 'zod';

const timestamp = z
  .number()
  .refine((time) => Math.abs(Date.now() - time) < 300_000, 'is not the time now in milliseconds');
const meta = z.record(z.string(), z.unknown());

/** Parameters of `initialize`. */
export const initializeParams = z.strictObject({
  protocolVersion: z.literal(1),
  clientCapabilities: z.strictObject({}),
  timestamp,
});

/** Parameters of `config/queryModels`. */
export const queryModelsParams = z.strictObject({});

/** Parameters of `session/new`. */
export const newSessionParams = z.strictObject({
  cwd: z.string().regex(/^(\/|[A-Za-z]:[\\/])/, 'must be an absolute path'),
  mcpServers: z.array(z.unknown()).length(0),
  _meta: meta,
  timestamp,
});

/** Parameters of `session/set_model`. */
export const setModelParams = z.strictObject({
  sessionId: z.string(),
  modelId: z.string(),
  timestamp,
  _meta: meta,
});

const imageBlock = z.strictObject({
  type: z.literal('image'),
  mimeType: z.string().regex(/^image\/(png|jpeg|webp|gif)$/, 'must be an image type'),
  uri: z.string(),
  data: z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be bare base64'),
});
const textBlock = z.strictObject({ type: z.literal('text'), text: z.string().min(1) });

/** Parameters of `session/prompt`. */
export const promptParams = z.strictObject({
  sessionId: z.string(),
  prompt: z.tuple([textBlock]).rest(z.discriminatedUnion('type', [textBlock, imageBlock])),
  contextParams: z.array(imageBlock),
  _meta: z.strictObject({
    'ai-coding/request-id': z.string().min(1),
    'ai-coding/mode': z.string().min(1),
    'ai-coding/model': z.string(),
    'ai-coding/shell-type': z.string().min(1),
    'ai-coding/current-file-path': z.string(),
    'ai-coding/enabled-mcp-servers': z.array(z.unknown()).length(0),
  }),
});

/** Parameters of `session/cancel`. */
export const cancelParams = z.strictObject({ sessionId: z.string() });

/** Parameters of `chat/deleteSessionById`, in the newer and the older form. */
export const deleteParams = z.union([
  z.strictObject({ sessionId: z.string() }),
  z.strictObject({ id: z.string() }),
]);

export type PromptParams = z.infer<typeof promptParams>;
export type ImageBlock = z.infer<typeof imageBlock>;

/** A JSON-RPC message from the client: a request, a notification, or the reply to a request of ours. */
export const incomingMessage = z.union([
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.number()]).optional(),
    method: z.string(),
    params: z.unknown().optional(),
  }),
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.number()]),
    result: z.unknown(),
  }),
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.number()]),
    error: z.looseObject({ code: z.number(), message: z.string() }),
  }),
]);
