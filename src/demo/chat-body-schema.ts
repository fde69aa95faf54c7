import * as z from 'zod';

const hex32 = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hex digits');
const uuid4 = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i, 'must be a uuid4');

const messageExtras = {
  response_meta: z.strictObject({
    id: z.literal(''),
    usage: z.strictObject({
      prompt_tokens: z.literal(0),
      completion_tokens: z.literal(0),
      total_tokens: z.literal(0),
    }),
  }),
  reasoning_content_signature: z.literal(''),
};

const toolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({
    type: z.literal('image_url'),
    image_url: z.strictObject({ url: z.string(), detail: z.literal('auto') }),
  }),
]);

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string(), ...messageExtras }),
  z.strictObject({
    role: z.literal('user'),
    content: z.string(),
    parts: z.array(part).min(1).optional(),
    ...messageExtras,
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string().nullable(),
    tool_calls: z.array(toolCall).min(1).optional(),
    ...messageExtras,
  }),
  z.strictObject({
    role: z.literal('tool'),
    content: z.string(),
    tool_call_id: z.string().min(1),
    ...messageExtras,
  }),
]);

const tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    strict: z.boolean().optional(),
  }),
});

const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) }),
]);

const sharedFields = {
  request_id: hex32,
  request_set_id: z.literal(''),
  chat_record_id: hex32,
  stream: z.literal(true),
  image_urls: z.array(z.string()).min(1).nullable(),
  is_reply: z.literal(false),
  is_retry: z.literal(false),
  code_language: z.literal(''),
  source: z.literal(0),
  version: z.literal('3'),
  chat_prompt: z.literal(''),
  parameters: z.strictObject({
    temperature: z.number().min(0).max(2),
    max_tokens: z.number().int().positive().optional(),
  }),
  agent_id: z.literal('agent_common'),
  task_id: z.literal('question_refine'),
  messages: z.array(message).min(1),
  tools: z.array(tool).min(1, 'must be left out when empty').optional(),
  tool_choice: toolChoice.optional(),
};

const modelConfig = {
  key: z.string(),
  display_name: z.literal(''),
  model: z.string(),
  format: z.literal(''),
  is_vl: z.boolean(),
  is_reasoning: z.boolean(),
  api_key: z.literal(''),
  url: z.literal(''),
  source: z.literal(''),
  enable: z.literal(false),
};

const pluginBody = z.strictObject({
  ...sharedFields,
  session_id: z.literal(''),
  aliyun_user_type: z.literal('personal_standard'),
  model_config: z.strictObject(modelConfig),
  business: z.strictObject({
    product: z.literal('jb_plugin'),
    version: z.string().min(1),
    type: z.literal('memory'),
    id: uuid4,
    begin_at: z.number().int(),
    stage: z.literal('start'),
    name: z.string(),
  }),
});

const ideBody = z.strictObject({
  ...sharedFields,
  session_id: uuid4,
  aliyun_user_type: z.literal('enterprise_standard'),
  model_config: z.strictObject({ ...modelConfig, model: z.literal('') }),
  business: z.strictObject({
    product: z.literal('ide'),
    version: z.literal('0.11.0'),
    type: z.literal('chat'),
    name: z.literal('api-bridge'),
    begin_at: z.literal(0),
    relation: z.strictObject({}),
  }),
});

export type ChatMessage = z.infer<typeof message>;
export type ChatTool = z.infer<typeof tool>;
/** A chat request's body in either profile: the JetBrains plugin's or the IDE's. */
export type ChatBody = z.infer<typeof pluginBody> | z.infer<typeof ideBody>;

/** Which of the two known clients a request claims to be. */
export type ClientProfile = 'plugin' | 'ide';

/** The body if it has exactly the known fields with their known values, else the rule that it breaks. */
export function readChatBody(
  value: unknown,
  profile: ClientProfile,
): { body: ChatBody } | { broken: string } {
  const parsed = profile === 'ide' ? ideBody.safeParse(value) : pluginBody.safeParse(value);
  if (parsed.success) return { body: parsed.data };
  return { broken: describe(parsed.error) };
}

/** One line for a zod error: the first field at fault and why. */
export function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not valid';
  return `${issue.path.map(String).join('.') || '(root)'}: ${issue.message}`;
}
