import * as z from 'zod';
import { ProxyError } from '../../core/errors.ts';
import type { Model } from '../../core/models.ts';
import { onDemand } from '../../core/on-demand.ts';

/**
 * A model as Anthropic's Models API lists it. Upstream says nothing of dates, so `created_at` is the Unix epoch, which
 * Anthropic's own list uses for an unknown date; what else is unknown is null.
 */
export interface AnthropicModel {
  readonly type: 'model';
  readonly id: string;
  readonly display_name: string;
  readonly created_at: string;
  readonly lifecycle: 'active';
  readonly deprecated_at: null;
  readonly retires_at: null;
  readonly line: null;
  readonly capabilities: null;
  /** Tokens. */
  readonly max_input_tokens: number | null;
  readonly max_tokens: null;
}

export function encodeAnthropicModel(model: Model): AnthropicModel {
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName,
    created_at: '1970-01-01T00:00:00Z',
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    line: null,
    capabilities: null,
    max_input_tokens: model.contextWindow ?? null,
    max_tokens: null,
  };
}

/** Which part of the list a client wants; one cursor at most. */
export interface ModelPaging {
  /** 1 to 1000. */
  readonly limit: number;
  readonly afterId?: string;
  readonly beforeId?: string;
}

const pagingSchema = onDemand(() =>
  z.object({
    limit: z.coerce.number().int().catch(20),
    after_id: z.string().min(1).optional().catch(undefined),
    before_id: z.string().min(1).optional().catch(undefined),
  }),
);

/** The paging of a query string that has been parsed already. A limit is clamped, never refused; 20 when none is given. */
export function decodeModelPaging(query: unknown): ModelPaging {
  const parsed = pagingSchema().safeParse(query);
  if (!parsed.success) return { limit: 20 };
  const { limit, after_id: afterId, before_id: beforeId } = parsed.data;
  return {
    limit: Math.min(1000, Math.max(1, limit)),
    ...(afterId === undefined ? {} : { afterId }),
    ...(beforeId === undefined ? {} : { beforeId }),
  };
}

export interface AnthropicModelPage {
  readonly data: readonly AnthropicModel[];
  /** More models lie in the direction in which the client pages. */
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

/** One page of the list. Throws `invalid-request` when a cursor names no listed model. */
export function encodeAnthropicModelPage(models: readonly Model[], paging: ModelPaging): AnthropicModelPage {
  const [start, end, hasMore] = findPage(models, paging);
  const data = models.slice(start, end).map(encodeAnthropicModel);
  return {
    data,
    has_more: hasMore,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

function findPage(
  models: readonly Model[],
  paging: ModelPaging,
): [start: number, end: number, more: boolean] {
  if (paging.beforeId !== undefined) {
    const end = indexOf(models, paging.beforeId, 'before_id');
    const start = Math.max(0, end - paging.limit);
    return [start, end, start > 0];
  }
  const start = paging.afterId === undefined ? 0 : indexOf(models, paging.afterId, 'after_id') + 1;
  const end = Math.min(models.length, start + paging.limit);
  return [start, end, end < models.length];
}

function indexOf(models: readonly Model[], id: string, param: string): number {
  const index = models.findIndex((model) => model.id === id);
  if (index >= 0) return index;
  throw new ProxyError(
    'invalid-request',
    `${param} names no model that is listed. Start again with the first page.`,
    { param },
  );
}
