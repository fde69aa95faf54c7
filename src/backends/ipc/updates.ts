import { isRecord, type JsonRecord } from '../../core/json.ts';

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

/** Reads the parameters of a `session/update`; undefined when they are not of that shape at all. */
export function readUpdate(params: unknown): RoutedUpdate | undefined {
  if (!isRecord(params)) return undefined;
  const { sessionId, _meta: meta, update } = params;
  if (!isRecord(update) || typeof update['sessionUpdate'] !== 'string') return undefined;
  return {
    requestId: isRecord(meta) ? textOf(meta[requestIdKey]) : undefined,
    sessionId: textOf(sessionId),
    update: readBody(update['sessionUpdate'], update),
  };
}

function readBody(name: string, update: JsonRecord): SessionUpdate {
  switch (name) {
    case 'agent_message_chunk':
      return readPiece('message', name, update);
    case 'agent_thought_chunk':
      return readPiece('thought', name, update);
    case 'notification':
      return readNotification(update);
    default:
      return unknown(name);
  }
}

function readPiece(kind: 'message' | 'thought', name: string, { content }: JsonRecord): SessionUpdate {
  const text = isRecord(content) ? textOf(content['text']) : undefined;
  return text === undefined ? unknown(`${name} without text`) : { kind, text };
}

function readNotification(update: JsonRecord): SessionUpdate {
  const data = isRecord(update['data']) ? update['data'] : {};
  const type = textOf(update['type']);
  switch (type) {
    case 'context_usage':
      return {
        kind: 'context-usage',
        usedTokens: data['usedTokens'],
        limitTokens: data['limitTokens'],
      };
    case 'chat_finish':
      return {
        kind: 'finish',
        reason: textOf(data['reason']) ?? '',
        status: readStatus(data['statusCode']) ?? readStatus(update['statusCode']),
      };
    default:
      return unknown(`notification ${type ?? 'without type'}`);
  }
}

function unknown(name: string): SessionUpdate {
  return { kind: 'unknown', name };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readStatus(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : undefined;
}
