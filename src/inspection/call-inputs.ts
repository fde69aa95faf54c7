import * as z from 'zod';
import type { InspectorCallName, InspectorInput } from '../shared/inspector-calls.ts';

const nothing = z
  .object({})
  .optional()
  .transform(() => ({}));
const id = z.string().min(1).max(100);
const ofRequest = z.object({ id });
const side = z.enum(['request', 'response']);
const time = z.iso.datetime({ offset: true });

/** What each call may be given. Callers are other processes and a webview: nothing of theirs is taken on trust. */
export const callInputs: { readonly [Name in InspectorCallName]: z.ZodType<InspectorInput<Name>> } = {
  list: nothing,
  request: ofRequest,
  conversation: ofRequest,
  body: z.object({
    id,
    part: z.union([
      z.object({ pane: z.enum(['client', 'turn']), side }),
      z.object({ pane: z.literal('upstream'), side, exchange: z.int().min(0) }),
    ]),
  }),
  events: ofRequest,
  compare: z.object({ left: id, right: id }),
  overview: z.object({ range: z.enum(['hour', 'day', 'week']) }),
  models: nothing,
  testModel: z.object({ model: z.string().max(200), prompt: z.string().min(1).max(20_000) }),
  replay: z.object({ id, body: z.string().exactOptional() }),
  copyAs: z.object({ id, format: z.enum(['curl', 'fetch', 'python']) }),
  export: z.object({ ids: z.array(id).min(1).max(2_000), format: z.enum(['har', 'fixture']) }),
  feedbackBundle: z.object({
    from: time.exactOptional(),
    to: time.exactOptional(),
    environment: z.record(z.string().max(100), z.string().max(2_000)).exactOptional(),
    files: z.record(z.string().regex(/^[\w-][\w.-]{0,80}$/), z.string().max(4_000_000)).exactOptional(),
  }),
  clear: nothing,
};
