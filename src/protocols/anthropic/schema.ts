import * as z from 'zod';

// Only the fields that are read are listed; further ones never fail and are not copied.

const text = z.string();

/** The top level of `POST /v1/messages` and `/v1/messages/count_tokens`; contents are parsed block by block. */
export const requestSchema = z.object({
  model: text.nullish(),
  messages: z.array(z.unknown()),
  system: z.union([text, z.array(z.unknown())]).nullish(),
  max_tokens: z.int().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  stop_sequences: z.array(text).nullish(),
  stream: z.boolean().nullish(),
  metadata: z.object({ user_id: text.nullish() }).nullish(),
  thinking: z.object({ type: text, budget_tokens: z.number().nullish(), display: text.nullish() }).nullish(),
  output_config: z
    .object({ effort: text.nullish(), format: z.unknown().optional(), task_budget: z.unknown().optional() })
    .nullish(),
  output_format: z.unknown().optional(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: z
    .object({ type: text, name: text.nullish(), disable_parallel_tool_use: z.boolean().nullish() })
    .nullish(),
});

export type RequestBody = z.infer<typeof requestSchema>;

export const messageSchema = z.object({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([text, z.array(z.unknown())]).nullish(),
  output_config: z.object({ effort: text.nullish() }).nullish(),
  clear_at: text.nullish(),
});

export type MessageBody = z.infer<typeof messageSchema>;

/** Any content block: what it is called, with all its fields still unread. */
export const blockSchema = z.looseObject({ type: text });

export type Block = z.infer<typeof blockSchema>;

export const textBlockSchema = z.object({ text });

export const thinkingBlockSchema = z.object({ thinking: text, signature: text.nullish() });

export const redactedThinkingBlockSchema = z.object({ data: text });

export const toolUseBlockSchema = z.object({ id: text, name: text, input: z.unknown().optional() });

export const toolResultBlockSchema = z.object({
  tool_use_id: text,
  content: z.union([text, z.array(z.unknown())]).nullish(),
  is_error: z.boolean().nullish(),
});

export const imageBlockSchema = z.object({ source: blockSchema });

export const base64SourceSchema = z.object({ media_type: text, data: text });

export const urlSourceSchema = z.object({ url: text });

export const documentBlockSchema = z.object({
  source: blockSchema,
  title: text.nullish(),
  context: text.nullish(),
});

export const plainTextSourceSchema = z.object({ data: text });

export const contentSourceSchema = z.object({ content: z.union([text, z.array(z.unknown())]) });

export const searchResultBlockSchema = z.object({
  title: text,
  source: text,
  content: z.array(z.unknown()),
});

export const toolChangeBlockSchema = z.object({
  tool: z.object({ type: text, name: text.nullish(), definition: z.unknown().optional() }),
});

export const toolSchema = z.object({
  type: text.nullish(),
  name: text.nullish(),
  description: text.nullish(),
  input_schema: z.record(text, z.unknown()).nullish(),
  strict: z.boolean().nullish(),
  input_examples: z.unknown().optional(),
  display_width_px: z.number().nullish(),
  display_height_px: z.number().nullish(),
});

export type ToolBody = z.infer<typeof toolSchema>;

export const outputFormatSchema = z.object({
  type: text,
  name: text.nullish(),
  schema: z.record(text, z.unknown()).nullish(),
});
