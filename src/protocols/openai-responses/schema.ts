import * as z from 'zod';

// Loose on purpose: only the fields that are read, null for "not given", and no opinion on anything else.

const count = z.number().int().positive();

const responseFormatSchema = z.object({
  type: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  schema: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

const reasoningSchema = z.object({
  effort: z.string().nullish(),
  summary: z.string().nullish(),
  generate_summary: z.string().nullish(),
  mode: z.string().nullish(),
});

/** The body of `POST /v1/responses`, apart from its items and tools, which are read one by one. */
export const requestSchema = z.object({
  model: z.string().nullish(),
  input: z.union([z.string(), z.array(z.unknown())], 'expected a string or an array of items').nullish(),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  conversation: z.unknown().optional(),
  previous_response_id: z.string().nullish(),
  prompt: z.unknown().optional(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: z.object({ prewarm: z.boolean().nullish() }).nullish(),
  client_metadata: z.record(z.string(), z.unknown()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  safety_identifier: z.string().nullish(),
  user: z.string().nullish(),
  include: z.array(z.string()).nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  max_tool_calls: z.number().nullish(),
  max_output_tokens: count.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_logprobs: z.number().nullish(),
  truncation: z.string().nullish(),
  service_tier: z.string().nullish(),
  reasoning: reasoningSchema.nullish(),
  text: z.object({ format: responseFormatSchema.nullish(), verbosity: z.string().nullish() }).nullish(),
});

export type RequestBody = z.infer<typeof requestSchema>;

/** What decides how an item is read. */
export const itemSchema = z.object({
  type: z.string().nullish(),
  role: z.string().nullish(),
  id: z.string().nullish(),
});

const parts = z.array(z.unknown());
const callId = z.string().min(1);

export const messageSchema = z.object({
  role: z.string().nullish(),
  content: z.union([z.string(), parts], 'expected a string or an array of parts').nullish(),
});

export const functionCallSchema = z.object({
  call_id: callId,
  name: z.string(),
  namespace: z.string().nullish(),
  arguments: z.unknown().optional(),
});

export const customToolCallSchema = z.object({
  call_id: callId,
  name: z.string(),
  namespace: z.string().nullish(),
  input: z.string(),
});

const texts = z.array(z.object({ text: z.string().nullish() }));

export const reasoningItemSchema = z.object({
  summary: texts.nullish(),
  content: texts.nullish(),
  encrypted_content: z.string().nullish(),
});

export const contentPartSchema = z.object({
  type: z.string().nullish(),
  text: z.string().nullish(),
  refusal: z.string().nullish(),
  image_url: z.union([z.string(), z.object({ url: z.string() })]).nullish(),
  file_id: z.string().nullish(),
  file_url: z.string().nullish(),
  file_data: z.string().nullish(),
  filename: z.string().nullish(),
});

export type ContentPart = z.infer<typeof contentPartSchema>;

export const callOutputSchema = z.object({
  call_id: callId.nullish(),
  id: z.string().nullish(),
  output: z.unknown().optional(),
  status: z.string().nullish(),
  tools: z.array(z.unknown()).nullish(),
});

export const additionalToolsSchema = z.object({ tools: z.array(z.unknown()).nullish() });

export const configurationUpdateSchema = z.object({
  reasoning: reasoningSchema.nullish(),
  text: z.object({ format: responseFormatSchema.nullish() }).nullish(),
});

const toolFields = {
  name: z.string().nullish(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
};

export const toolSchema = z.object({
  type: z.string().nullish(),
  ...toolFields,
  /** Chat Completions nests what belongs here; some clients mix the two. */
  function: z.object(toolFields).nullish(),
  format: z
    .object({ type: z.string(), syntax: z.string().nullish(), definition: z.string().nullish() })
    .nullish(),
  tools: z.array(z.unknown()).nullish(),
  execution: z.string().nullish(),
  environment: z.unknown().optional(),
});

export type ToolDefinition = z.infer<typeof toolSchema>;

export const toolChoiceSchema = z.union([
  z.string(),
  z.object({
    type: z.string(),
    name: z.string().nullish(),
    namespace: z.string().nullish(),
    mode: z.string().nullish(),
    tools: z.array(z.unknown()).nullish(),
  }),
]);
