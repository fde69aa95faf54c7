import * as z from 'zod';
import type { ToolCall } from '../../core/turn.ts';

/** A call that another service ran, with what came of it. */
export interface HostedCall {
  readonly call: ToolCall;
  readonly output: string;
}

const mcpCall = z.object({
  id: z.string(),
  name: z.string(),
  server_label: z.string(),
  arguments: z.string(),
  output: z.string().nullish(),
  error: z.unknown().optional(),
});

const codeInterpreterCall = z.object({
  id: z.string(),
  code: z.string(),
  outputs: z.array(z.object({ logs: z.string().nullish() })).nullish(),
});

const fileSearchCall = z.object({
  id: z.string(),
  queries: z.array(z.string()),
  results: z.array(z.object({ filename: z.string().nullish(), text: z.string().nullish() })),
});

/**
 * The calls that OpenAI itself ran and whose outcome is text, as a call with its result; undefined for every other item,
 * and for one whose outcome the client left out.
 */
export function decodeHostedCall(type: string, item: unknown): HostedCall | undefined {
  switch (type) {
    case 'mcp_call': {
      const call = mcpCall.safeParse(item).data;
      const output = call?.output ?? (call?.error ? JSON.stringify(call.error) : undefined);
      if (call === undefined || output === undefined) return undefined;
      const { id, name, server_label: namespace, arguments: input } = call;
      return { call: { type: 'tool-call', id, name, namespace, input }, output };
    }
    case 'code_interpreter_call': {
      const call = codeInterpreterCall.safeParse(item).data;
      if (!call?.outputs) return undefined;
      return {
        call: {
          type: 'tool-call',
          id: call.id,
          name: 'code_interpreter',
          input: JSON.stringify({ code: call.code }),
        },
        output: call.outputs.map(({ logs }) => logs ?? '').join('\n'),
      };
    }
    case 'file_search_call': {
      const call = fileSearchCall.safeParse(item).data;
      if (call === undefined) return undefined;
      return {
        call: {
          type: 'tool-call',
          id: call.id,
          name: 'file_search',
          input: JSON.stringify({ queries: call.queries }),
        },
        output: call.results.map(({ filename, text }) => `${filename ?? ''}:\n${text ?? ''}`).join('\n\n'),
      };
    }
    default:
      return undefined;
  }
}
