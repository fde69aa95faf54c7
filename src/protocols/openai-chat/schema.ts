import * as z from 'zod';

// Only the fields that are read. Histories reach megabytes, so the big arrays stay `unknown` here and each of their
// items is checked once, where it is converted.

/** The top level of a request. A field that is not listed here has no effect. */
export const chatRequestSchema = z.object({
  model: z.string().nullish(),
  messages: z.array(z.unknown()).min(1, 'at least one message is needed'),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),

  tools: z.array(z.unknown()).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(z.unknown()).nullish(),
  function_call: z.unknown().optional(),

  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  seed: z.int().nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  stop: z
    .union([z.string(), z.array(z.string()).max(16, 'at most 16 stop sequences are possible')])
    .nullish(),
  response_format: z.unknown().optional(),

  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),

  reasoning_effort: z.string().nullish(),
  // Spellings of other OpenAI-compatible servers, hence never a reason to refuse a request.
  reasoning: z
    .object({
      effort: z.string().nullish(),
      max_tokens: z.number().nullish(),
      enabled: z.boolean().nullish(),
      exclude: z.boolean().nullish(),
    })
    .nullish()
    .catch(undefined),
  thinking: z
    .object({ type: z.string().nullish(), budget_tokens: z.number().nullish() })
    .nullish()
    .catch(undefined),
  enable_thinking: z.boolean().nullish().catch(undefined),
  thinking_budget: z.number().nullish().catch(undefined),
  chat_template_kwargs: z.object({ enable_thinking: z.boolean().nullish() }).nullish().catch(undefined),

  n: z.number().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().nullish(),
  modalities: z.array(z.string()).nullish(),
});

export type ChatRequestBody = z.infer<typeof chatRequestSchema>;

/** One message of any role. `content` is checked by what the role allows. */
export const messageSchema = z.object({
  role: z.string(),
  content: z.unknown().optional(),
  name: z.string().nullish(),
  tool_call_id: z.string().nullish(),
  tool_calls: z
    .array(
      z.object({
        id: z.string().min(1, 'a tool call needs an id'),
        type: z.string().nullish(),
        function: z.object({ name: z.string(), arguments: z.string().nullish() }).nullish(),
        custom: z.object({ name: z.string(), input: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
  function_call: z.object({ name: z.string(), arguments: z.string().nullish() }).nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish().catch(undefined),
  reasoning: z.string().nullish().catch(undefined),
});

export type ChatMessage = z.infer<typeof messageSchema>;

/** One part of an array content, whatever its type. */
export const partSchema = z.object({
  type: z.string(),
  text: z.string().nullish(),
  refusal: z.string().nullish(),
  thinking: z.string().nullish(),
  image_url: z.union([z.string(), z.object({ url: z.string() })]).nullish(),
  file: z
    .object({
      file_data: z.string().nullish(),
      file_id: z.string().nullish(),
      filename: z.string().nullish(),
    })
    .nullish(),
});

export type ContentPart = z.infer<typeof partSchema>;

const nameSchema = z.string().min(1, 'a tool needs a name');

/** What `tools[].function` and `functions[]` hold. */
export const functionSchema = z.object({
  name: nameSchema,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

export const toolSchema = z.object({
  type: z.string().nullish(),
  function: functionSchema.nullish(),
  custom: z
    .object({
      name: nameSchema,
      description: z.string().nullish(),
      format: z
        .object({
          type: z.string(),
          grammar: z.object({ definition: z.string(), syntax: z.string() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** A tool as `tool_choice` names it, alone or in a list of allowed tools. */
const toolReferenceSchema = z.object({
  type: z.string().nullish(),
  function: z.object({ name: z.string() }).nullish(),
  custom: z.object({ name: z.string() }).nullish(),
  name: z.string().nullish(),
});

export type ToolReference = z.infer<typeof toolReferenceSchema>;

export const toolChoiceSchema = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    toolReferenceSchema.extend({
      allowed_tools: z.object({ mode: z.string().nullish(), tools: z.array(toolReferenceSchema) }).nullish(),
    }),
  ],
  'expected "none", "auto", "required" or an object that names a tool',
);

export const functionCallSchema = z.union(
  [z.enum(['none', 'auto']), z.object({ name: z.string() })],
  'expected "none", "auto" or an object with the name of a function',
);

export const responseFormatSchema = z.object({
  type: z.string(),
  json_schema: z
    .object({
      name: z.string().nullish(),
      schema: z.record(z.string(), z.unknown()).nullish(),
      strict: z.boolean().nullish(),
    })
    .nullish(),
});
