import * as z from 'zod';

/** What one `session/update` notification says. */
export type SessionUpdate =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'thought'; readonly text: string }
  | { readonly kind: 'context-usage'; readonly usedTokens: unknown; readonly limitTokens: unknown }
  | { readonly kind: 'finish'; readonly reason: string; readonly status: number | undefined }
  /** Not in the facts; `name` says what it called itself. */
  | { readonly kind: 'unknown'; readonly name: string };

/** An update and the ids by which it finds its turn. */
export interface RoutedUpdate {
  readonly requestId: string | undefined;
  readonly sessionId: string | undefined;
  readonly update: SessionUpdate;
}

const requestIdKey = 'ai-coding/request-id';

const parameters = z.object({
  sessionId: z.string().optional().catch(undefined),
  _meta: z
    .object({ [requestIdKey]: z.string().optional() })
    .nullish()
    .catch(undefined),
  update: z.object({
    sessionUpdate: z.string(),
    type: z.string().optional().catch(undefined),
    content: z.object({ text: z.string() }).optional().catch(undefined),
    data: z.record(z.string(), z.unknown()).nullish().catch(undefined),
    statusCode: z.unknown().optional(),
  }),
});

/** Reads the parameters of a `session/update`; undefined when they are not of that shape at all. */
export function readUpdate(params: unknown): RoutedUpdate | undefined {
  const parsed = parameters.safeParse(params);
  if (!parsed.success) return undefined;
  const { sessionId, _meta, update } = parsed.data;
  return { requestId: _meta?.[requestIdKey], sessionId, update: readBody(update) };
}

function readBody(update: z.infer<typeof parameters>['update']): SessionUpdate {
  const text = update.content?.text;
  switch (update.sessionUpdate) {
    case 'agent_message_chunk':
      return text === undefined ? unknown(`${update.sessionUpdate} without text`) : { kind: 'message', text };
    case 'agent_thought_chunk':
      return text === undefined ? unknown(`${update.sessionUpdate} without text`) : { kind: 'thought', text };
    case 'notification':
      return readNotification(update);
    default:
      return unknown(update.sessionUpdate);
  }
}

function readNotification(update: z.infer<typeof parameters>['update']): SessionUpdate {
  const data = update.data ?? {};
  switch (update.type) {
    case 'context_usage':
      return {
        kind: 'context-usage',
        usedTokens: data['usedTokens'],
        limitTokens: data['limitTokens'],
      };
    case 'chat_finish':
      return {
        kind: 'finish',
        reason: typeof data['reason'] === 'string' ? data['reason'] : '',
        status: readStatus(data['statusCode']) ?? readStatus(update.statusCode),
      };
    default:
      return unknown(`notification ${update.type ?? 'without type'}`);
  }
}

function unknown(name: string): SessionUpdate {
  return { kind: 'unknown', name };
}

function readStatus(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : undefined;
}
