import * as z from 'zod';
import type { AssistantContent, Message, Text, ToolResult, Turn, UserContent } from '../core/turn.ts';

// The record of a request of VS Code's own chat holds the turn itself. It may have been cut, so each part is looked at.

const text = z.object({ type: z.literal('text'), text: z.string() });
const image = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('base64'), mediaType: z.string(), data: z.string() }),
    z.object({ kind: z.literal('url'), url: z.string() }),
    z.object({ kind: z.literal('uploaded'), url: z.string() }),
  ]),
});
const reasoning = z.object({ type: z.literal('reasoning'), text: z.string() });
const toolCall = z.object({
  type: z.literal('tool-call'),
  id: z.string(),
  name: z.string(),
  input: z.string(),
});
const toolResult: z.ZodType<ToolResult> = z.object({
  type: z.literal('tool-result'),
  callId: z.string(),
  isError: z.boolean().exactOptional(),
  content: intact(z.union([text, image])),
});

const message: z.ZodType<Message> = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), content: intact<UserContent>(z.union([text, image, toolResult])) }),
  z.object({
    role: z.literal('assistant'),
    content: intact<AssistantContent>(z.union([text, reasoning, toolCall])),
  }),
  z.object({ role: z.literal('system'), content: intact<Text>(text) }),
]);

const tool = z.object({
  kind: z.literal('function'),
  name: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
});

/** What is shown of a turn. */
export const chatTurnSchema: z.ZodType<Pick<Turn, 'system' | 'messages' | 'tools'>> = z.object({
  system: intact(z.string()),
  messages: intact(message),
  tools: intact(tool),
});

/** A list without what is not as it should be; an empty one where there is none. */
function intact<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((each) => {
        const parsed = item.safeParse(each);
        return parsed.success ? [parsed.data] : [];
      }),
    );
}
